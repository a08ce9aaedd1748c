"""What both systems said of one employee on a day, by what was on record at an instant (AUD-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.events.loket import (
    ConceptEmployeeGone,
    EmployeeReleased,
    FieldOverwritten,
    LinkObserved,
    LinkState,
    LoketFieldChanged,
    LoketFieldsObserved,
    WriteConflicted,
)
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.events.values import FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.values import BLANK, Actor
from domain.views.employee_state import state

STREET, WAGE = "address.street", "wage.grossWage"
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def told(*facts: tuple[int, Fact], as_at: int = 31, on: date = date(2026, 3, 31)) -> list[tuple[str, str, object]]:
    """System, field and value, of facts that were recorded on these days of March."""
    events = [
        Recorded(
            position,
            StreamId("loket:170:4711"),
            position,
            "fact",
            Meta(recorded_at=at(day), actor=Actor("Anna"), correlation="run-1"),
            fact,
        )
        for position, (day, fact) in enumerate(facts)
    ]
    return [(one.system, one.field, one.value) for one in state(events, as_at=at(as_at), on=on)]


def loket(value: str, name: str = STREET, since: date | None = None) -> Fact:
    return LoketFieldsObserved(subject="s", values=(FieldValue(name, value),), effective_on=since)


def changed(after: str) -> Fact:
    return LoketFieldChanged(subject="s", field=STREET, before="Main St", after=after, changed_by="someone else")  # type: ignore[arg-type]


def test_each_system_has_the_value_that_was_recorded_last_by_then() -> None:
    history = (
        (1, AttributesObserved(subject="s", values=(FieldValue(STREET, "Main St"),))),
        (1, loket("Main St")),
        (9, changed("Harbour Rd")),
    )

    assert told(*history) == [("loket", STREET, "Harbour Rd"), ("personio", STREET, "Main St")]
    assert told(*history, as_at=8) == [("loket", STREET, "Main St"), ("personio", STREET, "Main St")]
    assert told(*history, as_at=9)[0] == ("loket", STREET, "Harbour Rd")  # at that very instant


@pytest.mark.parametrize(
    "gone",
    [
        ConceptEmployeeGone(concept_id="c"),
        LinkObserved(state=LinkState.UNLINKED, person_id="3007"),
        EmployeeReleased(subject="s", loket_id="e", reason="gone"),
    ],
)
def test_of_a_number_that_nobody_has_loket_holds_nothing(gone: Fact) -> None:
    shown = AttributesObserved(subject="s", values=(FieldValue(STREET, "Main St"),))

    assert told((1, shown), (1, loket("Main St")), (9, gone)) == [("personio", STREET, "Main St")]


def test_what_a_write_met_that_it_did_not_expect_is_what_loket_held() -> None:
    met = WriteConflicted(intent="i", subject="s", found=(FieldValue(STREET, "Hand-typed Ln"),))

    assert told((1, loket("Main St")), (9, met)) == [("loket", STREET, "Hand-typed Ln")]


def test_pay_counts_from_its_own_day_and_everything_else_from_the_day_it_was_seen() -> None:
    wages = ((1, loket("4000.00", WAGE, APRIL)), (2, loket("3000.00", WAGE, MARCH)))

    assert told(*wages) == [("loket", WAGE, "3000.00")]
    assert told(*wages, on=APRIL) == [("loket", WAGE, "4000.00")]
    assert told((9, changed("Harbour Rd")), on=date(2026, 3, 8)) == []
    assert told((9, changed("Harbour Rd")), on=date(2026, 3, 9)) != []


def test_a_field_that_was_cleared_is_blank() -> None:
    cleared = AttributeChanged(subject="s", field=STREET, before="Main St", after=BLANK, previously_observed_at=at(1))

    assert told((9, cleared)) == [("personio", STREET, BLANK)]


def written(before: object, after: object, since: date, rule: str) -> Fact:
    return FieldOverwritten(
        run_id="run-1", intent="i", person_id="3007", subject="s", field=WAGE, before=before, after=after, rule=rule,  # type: ignore[arg-type]
        effective_on=since,
    )  # fmt: skip


def test_a_wage_that_is_taken_away_to_be_rebuilt_leaves_what_holds_from_before() -> None:
    seen, february = loket("3000.00", WAGE), date(2026, 2, 1)
    rebuilt = (
        (2, seen),
        (3, written("3000.00", BLANK, MARCH, "PAY-8")),
        (3, written(BLANK, "3100.00", february, "PAY-3")),
        (3, written(BLANK, "3300.00", APRIL, "PAY-3")),
    )

    assert told(*rebuilt) == [("loket", WAGE, "3100.00")]
    assert told(*rebuilt, on=APRIL) == [("loket", WAGE, "3300.00")]
    assert told(*rebuilt, as_at=2) == [("loket", WAGE, "3000.00")]
    assert told(*rebuilt[:2]) == [("loket", WAGE, BLANK)]


def test_another_concept_employee_under_the_number_holds_nothing_of_the_one_before() -> None:
    """Also where no event says that the first is gone."""
    first, second = (LinkObserved(state=LinkState.CONCEPT, person_id="1", loket_id=each) for each in ("c1", "c2"))

    assert told((1, first), (1, loket("Main St")), (2, second)) == []
    assert told((1, first), (1, loket("Main St")), (2, first)) == [("loket", STREET, "Main St")]
