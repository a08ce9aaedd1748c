"""A Loket that stops answering in mid-run: three people are tried, nobody else, and the next run does it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from domain.attributes import Role
from domain.errors import Unreachable
from domain.events.loket import WriteIntended, WriteKind
from domain.services.sync.report import Outcome
from domain.settings import LegalEntity
from domain.snapshots import Answered, Fetched, WriteAnswer, WriteRequest
from tests.support.interposed import Interposed
from tests.support.world import World, facts
from tests.support.world_in_process import InProcess

NAMES = ("Anouk", "Bram", "Cato", "Daan", "Elin", "Femke", "Guus", "Hanna")


class Leaving(Interposed):
    """Answers until `gone`; then no connection comes about, and what cannot be read was not looked at."""

    gone = False
    tried = 0

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        if self.gone:
            self.tried += 1
            raise Unreachable("no connection")
        return super().fetch(entity, kind, target)

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        self.gone = True  # from the first write on
        return WriteAnswer(Answered.NOT_SENT, cause="no connection")


@pytest.fixture
def world() -> Iterator[World]:
    with closing(World(InProcess())) as world:
        yield world


def test_a_silent_loket_ends_the_writing_after_three_people_and_the_next_run_writes_all(world: World) -> None:
    for name in NAMES:
        world.employ(name)
        world.edit(name, Role("street"), "Nieuwe Gracht")
    world.tools()
    loket = world.wiring.tools(mapped=world.mapped, lists_attributes=False).loket
    world.loket = leaving = Leaving(loket)

    cut = world.run(date(2026, 3, 15))
    world.loket = Interposed(loket)
    whole = world.run(date(2026, 3, 16))

    assert cut is not None
    assert whole is not None
    assert len(facts(world.everything(), WriteIntended)) == 1 + len(NAMES)
    assert leaving.tried == 2
    assert [one.outcome for one in cut.outcomes] == [Outcome.FAILED] * len(NAMES)
    assert [one.outcome for one in whole.outcomes] == [Outcome.UPDATED] * len(NAMES)
