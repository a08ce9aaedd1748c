"""Which record of Loket's an intended write of pay is about, and which pay ended between two windows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, WEEKLY_HOURS
from domain.events.loket import WriteIntended, WriteKind
from domain.events.values import FieldChange
from domain.planning.pay.targets import benefit_field, held_pay, value_field, value_target
from domain.planning.pay.windows import compensations, vanished
from domain.snapshots import Compensation, CompensationCategory, HeldHours, HeldPay, HeldValue, LoketPay, PayWindow
from domain.values import BLANK, FieldPath, Observed, PersonId

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def wage(start: date, amount: str) -> HeldPay:
    return HeldPay(f"w-{start}", start, {GROSS_WAGE: amount})


def phone(start: date, amount: str, component: int = 284) -> HeldPay:
    return HeldPay(f"b{component}-{start}", start, {benefit_field(component): amount}, None, component)


PAY = LoketPay(
    wages={"m0": (wage(MARCH, "1.00"),), "m1": (wage(JANUARY, "3000.00"), replace(wage(MARCH, "3100.00"), id="w2"))},
    benefits={"m1": (phone(JANUARY, "60.00", 290), phone(JANUARY, "50.00"), phone(MARCH, "55.00"))},
    values={"m1": (HeldValue((2026, 1), 301, "75.00"), HeldValue((2026, 2), 302, "80.00"))},
    hours={"m1": (HeldHours("h1", JANUARY, "20", Decimal(40)), HeldHours("h2", MARCH, "24", Decimal(40)))},
)


def held(kind: WriteKind, target: str, day: date = MARCH, field: str = GROSS_WAGE) -> dict[FieldPath, Observed] | None:
    intent = WriteIntended(
        intent="i1",
        run_id="run-1",
        person_id="3007",
        kind=kind,
        target=target,
        subject="s",
        changes=(FieldChange(field, BLANK, "1"),),
        effective_on=day,
    )
    found = held_pay(intent, PAY)
    return None if found is None else dict(found)


@pytest.mark.parametrize("kind", [WriteKind.WAGE, WriteKind.WAGE_DELETED])
def test_a_wage_is_found_by_its_id_and_a_new_one_by_its_employment_and_first_day(kind: WriteKind) -> None:
    assert held(kind, "w2") == {GROSS_WAGE: "3100.00"}
    assert held(kind, "gone") is None
    assert held(WriteKind.WAGE_CREATED, "m1", JANUARY) == {GROSS_WAGE: "3000.00"}
    assert held(WriteKind.WAGE_CREATED, "m1", date(2026, 2, 1)) is None
    assert held(WriteKind.WAGE_CREATED, "m9") is None


@pytest.mark.parametrize("kind", [WriteKind.BENEFIT, WriteKind.BENEFIT_DELETED])
def test_a_benefit_is_found_by_its_id_and_a_new_one_by_its_component_and_first_day(kind: WriteKind) -> None:
    assert held(kind, f"b284-{MARCH}") == {benefit_field(284): "55.00"}
    assert held(kind, "w2") is None
    assert held(WriteKind.BENEFIT_CREATED, "m1", JANUARY, benefit_field(284)) == {benefit_field(284): "50.00"}
    assert held(WriteKind.BENEFIT_CREATED, "m1", MARCH, benefit_field(290)) is None


def test_hours_are_found_by_their_id_and_new_ones_by_their_first_day() -> None:
    assert held(WriteKind.HOURS, "h1") == {WEEKLY_HOURS: "20"}
    assert held(WriteKind.HOURS, "h9") is None
    assert held(WriteKind.HOURS_CREATED, "m1", MARCH) == {WEEKLY_HOURS: "24"}
    assert held(WriteKind.HOURS_CREATED, "m1", date(2026, 2, 1)) is None


@pytest.mark.parametrize(
    ("period", "component", "value"), [((2026, 1), 301, "75.00"), ((2026, 2), 301, BLANK), ((2026, 1), 302, BLANK)]
)
def test_a_value_is_found_by_its_period_and_component_and_is_blank_where_there_is_none(
    period: tuple[int, int], component: int, value: Observed
) -> None:
    assert held(WriteKind.PERIOD_DATA, value_target("m1", period, component)) == {value_field(component): value}


# --- windows ---


def pay(id_: str, start: date | None = JANUARY, *, who: str = "11", type_id: str = "t", **more: object) -> Compensation:
    made = Compensation(
        id_, PersonId(who), type_id, CompensationCategory.RECURRING, Decimal(50), "EUR", "MONTHLY", start, None, None
    )
    return replace(made, **more)  # type: ignore[arg-type]


def ended(first: list[Compensation], second: list[Compensation]) -> list[str]:
    windows = [
        PayWindow(JANUARY, date(2026, 1, 31), tuple(first)),
        PayWindow(date(2026, 2, 1), date(2026, 2, 28), tuple(second)),
    ]
    assert compensations(windows).keys() == {one.key for one in (*first, *second)}
    return [one.compensation.id for one in vanished(windows)]


FEBRUARY = date(2026, 2, 1)


def test_pay_that_the_next_window_does_not_list_has_ended_and_one_time_pay_cannot() -> None:
    assert ended([pay("a"), pay("b", type_id="other")], [pay("b", type_id="other")]) == ["a"]
    assert ended([pay("a", category=CompensationCategory.ONE_TIME)], []) == []
    assert ended([pay("a", category=CompensationCategory.HOURLY_SALARY)], []) == ["a"]
    assert ended([], [pay("a")]) == []
    assert ended([pay("a")], [pay("a", FEBRUARY)]) == []  # a raise that keeps the id goes on


@pytest.mark.parametrize(
    ("follows", "ends"),
    [
        (pay("b", FEBRUARY), False),
        (pay("b", date(2026, 2, 2)), True),  # not from the day after the window
        (pay("b", FEBRUARY, who="12"), True),
        (pay("b", FEBRUARY, type_id="other"), True),
        (pay("b", date(2025, 6, 1)), True),  # older than what ended
    ],
)
def test_pay_goes_on_where_newer_pay_of_the_person_and_type_begins_at_once(follows: Compensation, ends: bool) -> None:
    assert ("a" in ended([pay("a")], [follows])) is ends


def test_pay_without_a_first_day_is_the_oldest() -> None:
    assert ended([pay("a", None)], [pay("b")]) == []
    assert ended([pay("a")], [pay("b", None)]) == ["a"]
