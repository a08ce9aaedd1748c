"""Which days of pay differ, who moved it, and what a case about it still finds in Loket (DRIFT-1, DRIFT-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE, WEEKLY_HOURS, Kind
from domain.drift.pay import (
    PayDifference,
    equal_pay,
    goes_with_pay,
    held_of_case,
    held_pay_values,
    is_pay,
    pay_cause,
    pay_differences,
)
from domain.events.drift import Cause
from domain.events.loket import WriteKind
from domain.personal import Lost, Opened
from domain.planning.comparison import Difference
from domain.planning.decide import Decision
from domain.planning.findings import Finding, FindingCode
from domain.planning.pay.targets import benefit_end, benefit_field, value_field
from domain.planning.planned import DatedWrite
from domain.records.loket_record import Attempt, LoketRecord
from domain.records.pay_record import Dated, PayRecord
from domain.settings import ComponentKind, PayComponent, PaySettings, Policy
from domain.snapshots import HeldPay, HeldValue, LoketPay, PeriodSpan
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, Observed, PersonId
from tests.support.people import POLICY

EVE, LINE, MARCH = date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 1)
PHONE, BONUS = 284, 301
SCALE = FieldPath("wage.payScale")


def policy(line: date | None = LINE) -> Policy:
    components = {
        "phone": PayComponent(PHONE, ComponentKind.RECURRING),
        "bonus": PayComponent(BONUS, ComponentKind.ONE_TIME),
    }
    entity = replace(POLICY.entity, compensation_start_date=line)
    return replace(POLICY, entity=entity, pay=PaySettings(components=components))


def wage(start: date, amount: str = "3000.00", **more: Observed) -> HeldPay:
    return HeldPay(f"w-{start}", start, {GROSS_WAGE: amount, **{FieldPath(f"wage.{k}"): v for k, v in more.items()}})


def phone(start: date, end: date | None = None, component: int = PHONE) -> HeldPay:
    return HeldPay(f"b-{start}", start, {benefit_field(component): "50.00"}, end, component)


def january(first: date = LINE) -> PeriodSpan:
    return PeriodSpan(2026, 1, first, date(2026, 1, 31))


def held(**given: object) -> dict[Dated, Observed]:
    return held_pay_values(LoketPay(**given), "m1", policy())  # type: ignore[arg-type]


def decision(*changes: Difference, kind: WriteKind = WriteKind.WAGE) -> Decision:
    writes = [
        DatedWrite(
            kind=kind,  # type: ignore[arg-type]
            target="w",
            changes=(one,),
            effective_on=one.effective_on or LINE,
            reaches=(LINE, date.max),
        )
        for one in changes
    ]
    return Decision(PersonId("3007"), EmployeeNumber(4711), None, writes=tuple(writes))


def apart(change: Difference, held: Mapping[Dated, Observed]) -> list[PayDifference]:
    return list(pay_differences(decision(change), held))


@pytest.mark.parametrize(
    ("field", "pay"),
    [
        (GROSS_WAGE, True),
        (GROSS_WAGE_TYPE, True),
        (benefit_field(PHONE), True),
        (value_field(BONUS), True),
        (SCALE, False),
        (WEEKLY_HOURS, False),
        (FieldPath("address.city"), False),
    ],
)
def test_pay_is_the_wage_and_what_goes_to_a_component_and_hours_only_go_with_it(field: FieldPath, pay: bool) -> None:
    assert is_pay(field) is pay
    assert goes_with_pay(field) is (pay or field == WEEKLY_HOURS)


def test_wages_count_from_the_line_on_and_the_one_in_force_on_it() -> None:
    in_force = wage(date(2025, 6, 1), "2900.00")
    chain = (wage(date(2025, 1, 1)), in_force, wage(LINE), wage(MARCH, netWage=BLANK))

    assert held(wages={"m1": chain}, wage_at_start={"m1": in_force}) == {
        (GROSS_WAGE, in_force.start): "2900.00",
        (GROSS_WAGE, LINE): "3000.00",
        (GROSS_WAGE, MARCH): "3000.00",
    }
    assert held(wages={"other": chain}) == {}


def test_components_count_where_pay_is_mapped_to_them_from_the_line_on_with_their_last_day() -> None:
    records = (phone(EVE), phone(LINE, date(2026, 2, 28)), phone(MARCH, component=999))

    assert held(benefits={"m1": records}) == {
        (benefit_field(PHONE), LINE): "50.00",
        (benefit_end(PHONE), LINE): "2026-02-28",
    }


def test_one_time_values_count_where_mapped_in_periods_that_begin_on_the_line_or_later() -> None:
    values = (
        HeldValue((2026, 1), BONUS, "75.00"),
        HeldValue((2026, 1), 999, "80.00"),
        HeldValue((2030, 1), BONUS, "90.00"),
    )

    assert held(values={"m1": values}, periods=(january(),)) == {(value_field(BONUS), LINE): "75.00"}
    assert held(values={"m1": values}, periods=(january(EVE),)) == {}


def test_without_a_line_nothing_of_pay_is_compared() -> None:
    pay = LoketPay(wages={"m1": (wage(LINE),)})

    assert held_pay_values(pay, "m1", policy(None)) == {}
    assert held_of_case(GROSS_WAGE, "3000.00", pay, "m1", policy(None)) is None


def test_an_amount_differs_on_the_first_day_on_which_it_does_and_is_told_once() -> None:
    before = {(GROSS_WAGE, LINE): "2900.00", (GROSS_WAGE, MARCH): "3100.00"}
    raised = Difference(GROSS_WAGE, "2900.00", "3000", LINE)
    again = Difference(GROSS_WAGE, "3100.00", "3200.00", MARCH)

    found = list(pay_differences(decision(raised, again), before))

    assert found == [PayDifference(GROSS_WAGE, LINE, "3000.00", "2900.00")]
    assert apart(again, before) == [PayDifference(GROSS_WAGE, MARCH, "3200.00", "3100.00")]


def test_a_new_record_of_the_amount_in_force_before_it_changes_nothing() -> None:
    assert apart(Difference(GROSS_WAGE, BLANK, "2900.00", MARCH), {(GROSS_WAGE, LINE): "2900.00"}) == []


def test_after_a_deleted_record_the_one_before_it_holds_or_nothing() -> None:
    before = {(GROSS_WAGE, LINE): "2900.00", (GROSS_WAGE, MARCH): "3100.00"}
    gone = Difference(GROSS_WAGE, "3100.00", BLANK, MARCH)

    assert apart(gone, before) == [PayDifference(GROSS_WAGE, MARCH, "2900.00", "3100.00")]
    assert apart(gone, {(GROSS_WAGE, MARCH): "3100.00"}) == [PayDifference(GROSS_WAGE, MARCH, BLANK, "3100.00")]


@pytest.mark.parametrize("field", [value_field(BONUS), benefit_end(PHONE)])
def test_a_period_s_value_and_a_last_day_do_not_go_on_into_later_days(field: FieldPath) -> None:
    value = "2026-02-28" if field.endswith("endDate") else "75.00"

    assert apart(Difference(field, BLANK, value, MARCH), {(field, LINE): value}) == [
        PayDifference(field, MARCH, value, BLANK)
    ]


def test_what_a_wage_only_carries_along_and_what_is_no_pay_make_no_difference() -> None:
    assert apart(Difference(SCALE, "7", BLANK, LINE), {(SCALE, LINE): "7"}) == []
    city = Difference(FieldPath("address.city"), "Delft", "Breda", LINE)
    assert list(pay_differences(decision(city, kind=WriteKind.EMPLOYEE), {})) == []


ONE = PayDifference(GROSS_WAGE, MARCH, "3000.00", "2900.00")


def caused(
    agreed: Mapping[date, Opened] | None,
    shown: Mapping[date, str],
    *,
    attempt: Attempt | None = None,
    one: PayDifference = ONE,
) -> Cause:
    record = LoketRecord(attempted={GROSS_WAGE: attempt} if attempt else {})
    pay = PayRecord(agreed={} if agreed is None else {GROSS_WAGE: agreed})
    elsewhere = {(GROSS_WAGE_TYPE, LINE): "1"}
    return pay_cause(one, {(GROSS_WAGE, day): value for day, value in shown.items()} | elsewhere, record, pay, LINE)


def test_pay_that_stands_as_a_run_left_it_waits_for_the_next_run() -> None:
    assert caused({MARCH: "2900.00"}, {MARCH: "2900"}) is Cause.PENDING
    assert caused({MARCH: "2900.00", date(2026, 4, 1): BLANK}, {MARCH: "2900.00"}) is Cause.PENDING


def test_what_was_agreed_before_the_line_is_no_part_of_what_stands() -> None:
    assert caused({EVE: "2000.00", LINE: "2900.00"}, {EVE: "2100.00", LINE: "2900.00"}) is Cause.PENDING
    assert caused({LINE: "2900.00"}, {EVE: "2100.00", LINE: "2900.00"}) is Cause.PENDING


def test_pay_that_left_what_personio_still_says_was_changed_in_loket() -> None:
    assert caused({LINE: "3000.00"}, {LINE: "3000.00", MARCH: "2900.00"}) is Cause.CHANGED_IN_LOKET
    assert caused({MARCH: "3000.00"}, {MARCH: "2900.00"}) is Cause.CHANGED_IN_LOKET


def test_pay_that_both_moved_away_from_was_changed_by_both() -> None:
    assert caused({MARCH: "2800.00"}, {MARCH: "2900.00"}) is Cause.BOTH_CHANGED
    assert caused({MARCH: Lost.SHREDDED}, {MARCH: "2900.00"}) is Cause.BOTH_CHANGED


def test_pay_that_no_run_agreed_on_was_never_synced() -> None:
    assert caused(None, {MARCH: "2900.00"}) is Cause.NEVER_SYNCED


@pytest.mark.parametrize(
    ("after", "why"),
    [("3000.00", Cause.WRITE_NOT_LANDED), ("2950.00", Cause.PENDING), (Lost.SHREDDED, Cause.PENDING)],
)
def test_a_write_of_pay_that_did_not_land_explains_only_what_it_was_to_write(after: Opened, why: Cause) -> None:
    assert caused({MARCH: "2900.00"}, {MARCH: "2900.00"}, attempt=Attempt("2900.00", after)) is why


def test_a_case_finds_the_value_it_was_about_while_any_day_has_it_and_else_the_latest() -> None:
    pay = LoketPay(wages={"m1": (wage(LINE, "2900.00"), wage(MARCH, "3100.00"))}, benefits={"m1": (phone(LINE),)})

    def found(seen: Opened, field: FieldPath = GROSS_WAGE, employment: str = "m1") -> tuple[Kind, Observed] | None:
        return held_of_case(field, seen, pay, employment, policy())

    assert found("2900") == (Kind.MONEY, "2900.00")
    assert found("1.00") == found(Lost.SHREDDED) == (Kind.MONEY, "3100.00")
    assert found("50.00", benefit_field(PHONE)) == (Kind.MONEY, "50.00")
    assert found("50.00", benefit_field(999)) == (Kind.MONEY, BLANK)
    assert found("2900.00", employment="m2") == (Kind.MONEY, NOT_OBSERVED)


def test_equal_pay_is_what_personio_tells_loket_holds_and_nothing_has_to_be_written_to() -> None:
    shown: dict[Dated, Observed] = {
        (GROSS_WAGE, LINE): "3000.00",
        (GROSS_WAGE_TYPE, LINE): "1",
        (benefit_field(PHONE), LINE): "50.00",
    }
    told = [(GROSS_WAGE, LINE), (benefit_field(PHONE), LINE), (value_field(BONUS), LINE)]
    raise_ = Difference(GROSS_WAGE, "3000.00", "3100.00", LINE)

    assert equal_pay(decision(), told, shown, LINE) == {GROSS_WAGE, GROSS_WAGE_TYPE, benefit_field(PHONE)}
    assert equal_pay(decision(raise_), told, shown, LINE) == {GROSS_WAGE_TYPE, benefit_field(PHONE)}
    assert equal_pay(decision(), told[1:], shown, LINE) == {benefit_field(PHONE)}
    assert equal_pay(decision(), told, shown, MARCH) == frozenset()
    held_up = replace(decision(), findings=(Finding(FindingCode.AMOUNT_RANGE),))
    assert equal_pay(held_up, told, shown, LINE) == frozenset()
