"""Between two checks: a legal entity is checked where Loket's data moved, and otherwise left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from domain.errors import Unreachable
from domain.events.schedule import LoketVersionSeen
from domain.log import Recorded
from domain.services.drift.poll_loket import follow_loket
from domain.settings import LegalEntity
from domain.values import LegalEntityId, RunId
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

ENTITY = TULP.personio_id


@dataclass
class Following:
    world: World
    newest: int | None = None
    checked: list[RunId] = field(default_factory=list)
    fails: bool = False

    def newest_version(self, entity: LegalEntity) -> int | None:
        return self.newest

    def check(self) -> RunId:
        if self.fails:
            raise Unreachable("Loket did not answer")
        self.checked.append(RunId(f"check-{len(self.checked) + 1}"))
        return self.checked[-1]

    def at(self, version: int | None) -> RunId | None:
        self.newest = version
        return follow_loket(TULP, self.world.tools(), self, self.check)

    def recorded(self) -> list[Recorded]:
        return [one for one in self.world.tools().log.page(-1, 100) if isinstance(one.fact, LoketVersionSeen)]

    def seen(self) -> list[tuple[int, str]]:
        return [(one.version, one.reference) for one in facts(self.recorded(), LoketVersionSeen)]


@pytest.fixture
def following() -> Iterator[Following]:
    world = World(InProcess())
    yield Following(world)
    world.close()


def test_the_first_number_is_only_put_on_record_and_each_other_one_is_followed_by_a_check(following: Following) -> None:
    told = [following.at(version) for version in (7, 7, 8, 8, 6)]

    assert told == [None, None, "check-1", None, "check-2"]
    assert following.seen() == [(7, ""), (8, "check-1"), (6, "check-2")]
    assert [one.meta.correlation for one in following.recorded()] == ["loket_poll", "check-1", "check-2"]


def test_a_number_that_loket_does_not_tell_says_nothing(following: Following) -> None:
    assert [following.at(version) for version in (None, 7, None)] == [None, None, None]
    assert following.seen() == [(7, "")]


def test_after_a_check_that_failed_the_next_look_checks_again(following: Following) -> None:
    following.at(7)
    following.fails = True
    with pytest.raises(Unreachable):
        following.at(8)
    following.fails = False

    assert following.at(8) == "check-1"


def test_while_somebody_else_is_looking_nothing_is_done(following: Following) -> None:
    following.at(7)

    with following.world.tools().claims.claim(LegalEntityId(f"schedule:{ENTITY}:loket_poll"), RunId("other")):
        assert following.at(8) is None
    assert following.checked == []
