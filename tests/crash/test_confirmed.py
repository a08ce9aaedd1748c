"""What may be said of a write, and of the log, only once it is so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from adapters.log.proof.checkpoints import Copies
from domain.attributes import Role
from domain.errors import StreamMoved
from domain.events.loket import WriteConfirmed
from domain.services.sync.report import Outcome
from domain.settings import LegalEntity
from domain.snapshots import Answered, WriteAnswer, WriteRequest
from tests.support.interposed import Interposed
from tests.support.log_site import META, LogSite, gates, to
from tests.support.world import World, facts
from tests.support.world_in_process import InProcess


class Forgetful(Interposed):
    """A Loket that says yes to every write and does nothing."""

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        return WriteAnswer(Answered.ACCEPTED, 200)


@pytest.fixture
def world() -> Iterator[World]:
    with closing(World(InProcess())) as world:
        yield world


def test_a_yes_is_no_confirmation_while_loket_still_shows_the_old_value(world: World) -> None:
    world.employ("Sanne")
    world.edit("Sanne", Role("street"), "Nieuwe Gracht")
    world.tools()
    world.loket = Forgetful(world.wiring.tools(mapped=world.mapped, lists_attributes=False).loket)

    report = world.run(date(2026, 3, 15))

    assert report is not None
    assert [one.outcome for one in report.outcomes] == [Outcome.UNKNOWN]
    assert not facts(world.everything(), WriteConfirmed)


def test_no_head_is_signed_for_events_that_were_not_stored(log_url: str, tmp_path: Path) -> None:
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        log.append([to("a", 0, *map(gates, range(99)))], meta=META)
        with pytest.raises(StreamMoved):
            log.append([to("a", 7, gates(1), gates(2))], meta=META)

    assert Copies(tmp_path / "checkpoints").last() is None
