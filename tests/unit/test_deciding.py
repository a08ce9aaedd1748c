"""Deciding about a difference: why, about which one, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from adapters.sqlite.views.drift import SqliteDrift
from domain.attributes import GROSS_WAGE, retention_of
from domain.errors import Misconfigured, NotFound, ViewsDiffer
from domain.events.drift import DriftAccepted, DriftOpened, PersonHeldOut
from domain.events.personio import GatesObserved
from domain.services.drift.human_decisions import ACCEPTED_FOR, extend, may_be_accepted
from domain.services.sync.preview import AHEAD, preview
from domain.streams import person_stream
from domain.values import EmployeeNumber, FieldPath, PersonId, SubjectRef
from tests.support.scribe import Scribe
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

STREET, CITY = FieldPath("address.street"), FieldPath("address.city")
TODAY = date(2026, 3, 16)


@pytest.fixture
def world() -> Iterator[World]:
    """In which Loket's street differs, and people may accept that."""
    made = World(InProcess())
    made.allow_accepted_drift = True
    made.employ("Sanne")
    made.run(date(2026, 3, 15))
    made.payroll.set_field(TULP, made.people["Sanne"].number, STREET, "Third Rd")
    made.check(TODAY)
    yield made
    made.close()


def number(world: World) -> EmployeeNumber:
    return EmployeeNumber(world.people["Sanne"].number)


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_decided_without_a_reason(world: World, reason: str) -> None:
    with pytest.raises(Misconfigured, match="give a reason"):
        world.deciding(reason)


def test_a_difference_is_accepted_until_a_day_that_has_not_passed_or_for_a_while(world: World) -> None:
    deciding = world.deciding("moved for a month")

    with pytest.raises(Misconfigured, match="has passed"):
        deciding.accept(number(world), STREET, until=TODAY - timedelta(days=1))
    assert deciding.accept(number(world), STREET, until=TODAY) == TODAY
    assert world.deciding("longer").accept(number(world), STREET) == TODAY + ACCEPTED_FOR


def test_pay_is_never_accepted(world: World) -> None:
    assert [may_be_accepted(world.policy(), one) for one in (STREET, GROSS_WAGE)] == [True, False]
    with pytest.raises(Misconfigured, match="is pay"):
        world.deciding("as agreed").accept(number(world), GROSS_WAGE)


def test_nobody_accepts_or_is_held_out_where_the_legal_entity_does_not_allow_it(world: World) -> None:
    world.allow_accepted_drift = False

    assert not may_be_accepted(world.policy(), STREET)
    with pytest.raises(Misconfigured, match="does not allow this"):
        world.deciding("as agreed").accept(number(world), STREET)
    with pytest.raises(Misconfigured, match="does not allow this"):
        world.deciding("as agreed").hold_out(number(world))


def test_only_an_open_difference_and_somebody_known_can_be_decided_about(world: World) -> None:
    with pytest.raises(NotFound, match="no open difference"):
        world.deciding("known").acknowledge(number(world), CITY)
    with pytest.raises(NotFound, match="no open difference"):
        world.deciding("a mistake").withdraw(number(world), CITY)
    with pytest.raises(NotFound, match="has nobody with employee number 9999"):
        world.deciding("on leave").hold_out(EmployeeNumber(9999))
    world.run(TODAY)
    with pytest.raises(NotFound, match="no open difference"):
        world.deciding("known").keep(number(world), STREET)


def test_a_value_that_was_erased_meanwhile_is_neither_kept_nor_accepted(world: World) -> None:
    (seen,) = facts(world.everything(), DriftOpened)
    world.tools().vault.destroy(SubjectRef(seen.subject), retention_of(STREET))  # type: ignore[attr-defined]

    with pytest.raises(NotFound, match="was erased"):
        world.deciding("hers is right").keep(number(world), STREET)
    with pytest.raises(NotFound, match="was erased"):
        world.deciding("moved for a month").accept(number(world), STREET)
    world.deciding("agreed").acknowledge(number(world), STREET)


def test_a_plan_for_a_later_day_says_that_it_looks_ahead(world: World) -> None:
    later = preview(world.policy(), world.tools(), on=TODAY + timedelta(days=3))
    now = preview(world.policy(), world.tools())

    assert AHEAD in later.notes
    assert AHEAD not in now.notes


def test_an_accepted_difference_that_a_view_hides_is_not_written_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deciding("moved for a month").accept(number(world), STREET, until=TODAY + timedelta(days=9))
    monkeypatch.setattr(SqliteDrift, "unsettled", lambda *_, **__: ())  # somebody deleted its row

    with pytest.raises(ViewsDiffer, match="drift"):
        world.run(TODAY + timedelta(days=1))

    assert world.payroll.field(TULP, number(world), STREET) == "Third Rd"


def told(world: World) -> list[str]:
    return [type(one.fact).__name__ for one in world.everything() if one.stream.startswith("drift:")][1:]


def test_what_was_decided_is_withdrawn_with_what_was_to_be_entered(world: World) -> None:
    world.deciding("agreed").acknowledge(number(world), STREET)
    world.deciding("hers is right").keep(number(world), STREET)

    world.deciding("a mistake").withdraw(number(world), STREET)

    assert told(world)[2:] == ["DecisionWithdrawn", "KeptValueWithdrawn"]
    with pytest.raises(NotFound, match="nothing is decided"):
        world.deciding("once more").withdraw(number(world), STREET)


def test_a_decision_about_several_fields_is_recorded_whole_or_not_at_all(world: World) -> None:
    with pytest.raises(NotFound, match=r"no open difference in address\.city"):
        world.deciding("moved").acknowledge(number(world), STREET, CITY)

    assert told(world) == []


def test_an_extended_acceptance_keeps_its_reason_unless_there_is_a_new_one(world: World) -> None:
    deciding = world.deciding("moved for a month")
    about = (deciding.policy, deciding.journal, number(world), STREET)
    with pytest.raises(NotFound, match="is not accepted"):
        extend(*about, until=TODAY)
    deciding.acknowledge(number(world), STREET)
    with pytest.raises(NotFound, match="is not accepted"):
        extend(*about, until=TODAY)
    deciding.accept(number(world), STREET, until=TODAY)

    assert extend(*about, until=TODAY + timedelta(days=9)) == TODAY + timedelta(days=9)
    extend(*about, until=TODAY + timedelta(days=19), reason="for longer")

    reasons = [one.fact.reason for one in world.everything() if isinstance(one.fact, DriftAccepted)]
    assert reasons == ["moved for a month", "moved for a month", "for longer"]


def test_an_accepted_difference_that_is_acknowledged_is_overwritten_by_the_next_run(world: World) -> None:
    world.deciding("moved for a month").accept(number(world), STREET, until=TODAY + timedelta(days=9))

    world.deciding("she moved back").acknowledge(number(world), STREET)
    world.run(TODAY + timedelta(days=1))

    assert world.payroll.field(TULP, number(world), STREET) == "Main St"


def test_whom_somebody_else_has_just_recorded_can_be_held_out(world: World) -> None:
    seen = GatesObserved(
        legal_entity=TULP.personio_id, status="ACTIVE", considered="yes", employee_number=9998, income_number=1
    )
    Scribe(world.tools().log).write(person_stream(PersonId("999")), seen)

    world.deciding("closing").hold_out(EmployeeNumber(9998))

    assert [one.reason for one in facts(world.everything(), PersonHeldOut)] == ["closing"]


def test_nobody_is_let_in_who_is_not_held_out(world: World) -> None:
    with pytest.raises(NotFound, match="is held out"):
        world.deciding("why not").let_in(number(world))
    world.deciding("closing").hold_out(number(world))
    world.deciding("closed").let_in(number(world))
    with pytest.raises(NotFound, match="is held out"):
        world.deciding("again").let_in(number(world))
