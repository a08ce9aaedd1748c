"""What is recorded beside an intent of pay or hours: how an amount came about, where it goes, what it reaches into."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE, WEEKLY_HOURS
from domain.events.loket import (
    PayConverted,
    Placed,
    ProcessedPeriodAffected,
    RecordPlaced,
    WriteIntended,
    WriteKind,
)
from domain.events.values import FieldChange
from domain.planning.comparison import Difference
from domain.planning.pay.conversion import ROUNDING, Conversion
from domain.planning.pay.targets import benefit_field
from domain.planning.planned import DataWrite, DatedWrite, PlannedWrite
from domain.services.sync.rebuild import dated_facts
from domain.settings import AmountBasis
from domain.values import BLANK, FieldPath, RunId

RUN, MARCH = RunId("run-1"), date(2026, 3, 1)
CITY, PHONE = FieldPath("address.city"), benefit_field(284)
BY_HOURS = Conversion(Decimal("3000.5"), "MONTHLY", 12, Decimal(20), Decimal(40), AmountBasis.EFFECTIVE)
PLAIN = Conversion(Decimal(50), "MONTHLY", 12)


def dated(*fields: FieldPath, kind: WriteKind = WriteKind.WAGE_CREATED) -> DatedWrite:
    return DatedWrite(
        kind=kind,  # type: ignore[arg-type]
        target="m1",
        changes=tuple(Difference(one, BLANK, "1", MARCH) for one in fields),
        effective_on=MARCH,
        reaches=(MARCH, date.max),
    )


def beside(planned: PlannedWrite) -> tuple[object, ...]:
    intended = WriteIntended(
        intent="run-1-11-0",
        run_id=RUN,
        person_id="11",
        kind=planned.kind,
        target=planned.target,
        subject="s-1",
        changes=tuple(FieldChange(one.field, BLANK, "1") for one in planned.changes),
        effective_on=MARCH if isinstance(planned, DatedWrite) else None,
    )
    return dated_facts(planned, intended, RUN)


def test_of_a_wage_every_figure_behind_its_amount_is_told() -> None:
    wage = replace(dated(GROSS_WAGE_TYPE, GROSS_WAGE), conversion=BY_HOURS)

    assert beside(wage) == (
        PayConverted(
            intent="run-1-11-0",
            subject="s-1",
            field=GROSS_WAGE,
            amount="3000.5",
            interval="MONTHLY",
            weekly_hours="20",
            full_time_hours="40",
            periods_a_year=12,
            rounding=ROUNDING,
            amounts_are="effective",
            rule="PAY-9",
            effective_on=MARCH,
        ),
    )


def test_of_other_pay_hours_do_not_matter_and_what_was_added_up_is_told() -> None:
    both = replace(PLAIN, parts=(Decimal(20), Decimal("30.5")))
    (fact,) = beside(replace(dated(PHONE, kind=WriteKind.PERIOD_DATA), conversion=both))

    assert isinstance(fact, PayConverted)
    assert (fact.field, fact.rule, fact.amounts_are) == (PHONE, "PAY-11", None)
    assert (fact.weekly_hours, fact.full_time_hours) == (BLANK, BLANK)
    assert fact.parts == ("20", "30.5")


@pytest.mark.parametrize(
    ("planned", "is_told"),
    [
        (dated(GROSS_WAGE), False),
        (DataWrite(WriteKind.CONCEPT, "c", (Difference(CITY, "Delft", "Breda"),), conversion=BY_HOURS), False),
        (DataWrite(WriteKind.CONCEPT, "c", (Difference(GROSS_WAGE, "1", "2"),), conversion=BY_HOURS), True),
        (DataWrite(WriteKind.CONCEPT, "c", (Difference(GROSS_WAGE, "1", "2"),)), False),
    ],
    ids=["not converted", "a concept's city", "a concept's wage", "a concept's wage, not converted"],
)
def test_a_conversion_is_told_of_an_amount_that_is_written(planned: PlannedWrite, is_told: bool) -> None:
    assert [type(one) for one in beside(planned)] == [PayConverted] * is_told


@pytest.mark.parametrize(
    ("kind", "placed"), [(WriteKind.HOURS_CREATED, Placed.NEW_RECORD), (WriteKind.HOURS, Placed.NEWEST_IN_PLACE)]
)
def test_hours_say_whether_they_went_into_a_new_record(kind: WriteKind, placed: Placed) -> None:
    assert beside(dated(WEEKLY_HOURS, kind=kind)) == (
        RecordPlaced(intent="run-1-11-0", run_id=RUN, placed=placed, rule="RETRO-2", effective_on=MARCH),
    )


def test_each_payroll_period_that_was_run_already_and_is_reached_into_is_told() -> None:
    told = beside(replace(dated(GROSS_WAGE), processed=("2026-01", "2026-02")))

    assert told == tuple(
        ProcessedPeriodAffected(intent="run-1-11-0", run_id=RUN, period=one, rule="PAY-12", effective_on=MARCH)
        for one in ("2026-01", "2026-02")
    )
    assert beside(DataWrite(WriteKind.EMPLOYEE, "e", (Difference(CITY, "Delft", "Breda"),))) == ()
