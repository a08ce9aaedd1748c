"""A concept employee that no list shows is gone only where Loket says so when it is asked for by itself (MATCH-3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from domain.errors import IncompleteRead, Misconfigured, NotFound, RightMissing, TweeluikError, Unreachable
from domain.events.loket import ConceptEmployeeGone, EmployeeReleased, WriteIntended, WriteKind
from domain.planning.matching import NotVisible
from domain.records.loket_record import LoketRecord
from domain.services.replay.derive import derive
from domain.services.replay.looks import looks_between
from domain.services.sync.hidden_concepts import hidden_concepts
from domain.settings import LegalEntity
from domain.snapshots import Fetched, LoketConcept, LoketEmployee, LoketSnapshot
from domain.values import EmployeeNumber
from tests.support.fake_loket import FakeLoket
from tests.support.world import LAVENDEL, TULP, TULP_SHOPS, World, facts
from tests.support.world_in_process import InProcess

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
NUMBER = EmployeeNumber(4711)


class Asked(FakeLoket):
    """Answers each question for one concept employee in the same way."""

    def __init__(self, answer: Fetched | TweeluikError) -> None:
        super().__init__(lambda: NOON)
        self.answer = answer
        self.asked: list[tuple[WriteKind, str]] = []

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        self.asked.append((kind, target))
        if isinstance(self.answer, TweeluikError):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "hidden"),
    [
        (NotFound("HTTP 404"), False),
        (Fetched({}, {}), True),
        (RightMissing("HTTP 403"), True),
        (IncompleteRead("HTTP 500"), True),
        (Unreachable("no connection"), True),
        (Misconfigured("HTTP 401"), True),
    ],
)
def test_only_a_404_says_that_it_is_gone(answer: Fetched | TweeluikError, hidden: bool) -> None:
    loket = Asked(answer)
    known = {NUMBER: [LoketRecord(concept_id="c")]}

    assert hidden_concepts(loket, TULP, known, LoketSnapshot(NOON, {}, ())) == ({NUMBER: "c"} if hidden else {})
    assert loket.asked == [(WriteKind.CONCEPT, "c")]


def test_nothing_is_asked_of_one_that_is_listed_or_was_completed() -> None:
    loket, known = Asked(Fetched({}, {})), {NUMBER: [LoketRecord(concept_id="c")]}
    listed = LoketConcept("c", EmployeeNumber(9), {})
    completed, under_it = LoketEmployee("c", EmployeeNumber(9), {}), LoketEmployee("e", NUMBER, {})

    for seen in (
        LoketSnapshot(NOON, {}, (listed,)),
        LoketSnapshot(NOON, {completed.number: completed}, ()),
        LoketSnapshot(NOON, {NUMBER: under_it}, ()),
    ):
        assert hidden_concepts(loket, TULP, known, seen) == {}
    assert loket.asked == []


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    made.employ("Lotte")
    yield made
    made.close()


def concepts_made(world: World) -> int:
    return sum(one.kind is WriteKind.CONCEPT_CREATED for one in facts(world.everything(), WriteIntended))


def hidden(world: World) -> None:
    """Sanne is a concept employee, and then Loket's list is empty."""
    world.hire("Sanne")
    assert world.run(date(2026, 2, 2))
    world.payroll.hide_concepts()


def test_one_that_is_hidden_is_not_recorded_as_gone_nor_made_again_and_so_it_is_derived(world: World) -> None:
    hidden(world)

    for day in (3, 4):
        preview = world.look(date(2026, 2, day))
        assert preview is not None
        assert {one.link.concept for one in preview.plan.decisions if isinstance(one.link, NotVisible)} == {True}
        assert world.run(date(2026, 2, day))

    tools = world.tools()
    assert {one.deviations for one in (derive(tools.log, tools.vault, looks_between(tools.log)),)} == {0}
    assert facts(world.everything(), ConceptEmployeeGone) == []
    assert concepts_made(world) == 1


@pytest.mark.parametrize("to", [LAVENDEL, TULP_SHOPS.personio_id])
def test_nor_is_one_whose_number_nobody_has_any_more_or_somebody_of_another_entity(world: World, to: str) -> None:
    hidden(world)
    world.hr.move(world.people["Sanne"].person, to)

    for day in (3, 4, 5):
        world.run(date(2026, 2, day))
        world.run(date(2026, 2, day), entity=TULP_SHOPS)

    assert facts(world.everything(), ConceptEmployeeGone) == []
    assert concepts_made(world) == 1


def test_whom_somebody_else_says_to_be_gone_is_a_new_hire(world: World) -> None:
    hidden(world)
    assert world.run(date(2026, 2, 3))
    world.release_employee("Sanne", "payroll deleted the concept employee", actor="Fatima")

    assert world.run(date(2026, 2, 4))

    assert len(facts(world.everything(), EmployeeReleased)) == 1
    assert concepts_made(world) == 2
