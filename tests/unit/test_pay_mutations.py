"""The pay mutations of a period: which changes belong to it, both amounts, and whose values are opened."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from adapters.projections.afresh import EVIDENCE, views_afresh
from adapters.reports.sheet import sheet_csv, sheet_json, write_sheet
from api.presenters.pay_mutations import pay_sheet
from domain.errors import TooManyPeople
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.events.loket import FieldOverwritten, PayConverted, ProcessedPeriodAffected
from domain.events.runs import RunStarted
from domain.log import Fact
from domain.personal import Sealed
from domain.services.reports.pay_mutations import Pay, PayReport, Within, effective_amount, pay_report
from domain.streams import CUSTODY, loket_stream, run_stream
from domain.values import BLANK, Actor, EmployeeNumber, LegalEntityId, RunId
from domain.views.overwritten_fields import OverwrittenFilters
from tests.support.fake_log import FakeLog
from tests.support.fake_vault import FakeVault
from tests.support.scribe import Scribe

TULP = LegalEntityId("170")
MARCH = OverwrittenFilters(entities=(TULP,), since=date(2026, 3, 1), until=date(2026, 3, 31))


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 4, 2, 9, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps here")


@dataclass
class Payroll:
    """Runs of 28 February, 15 March and 2 April, and what they wrote of three people."""

    log: FakeLog
    vault: FakeVault

    def report(self, reason: str | None = "the accountant asks", most: int = 25, **more: object) -> PayReport:
        with views_afresh(self.log, EVIDENCE) as views:
            return pay_report(
                MARCH, self.log, self.vault, views, Clock(), actor=Actor("Anja"), unmask_because=reason, most=most,
                **more,  # type: ignore[arg-type]
            )  # fmt: skip


def wrote(run: str, field: str, before: object, after: object, day: date, intent: str, number: int) -> Fact:
    return FieldOverwritten(
        run_id=run, intent=intent, person_id=f"p-{number}", subject=f"s-{number}", field=field, before=before,
        after=after, effective_on=day, rule="PAY-3",
    )  # type: ignore[arg-type]  # fmt: skip


def told(intent: str, field: str, amount: str, interval: str, own: object, full: object, number: int) -> Fact:
    return PayConverted(
        intent=intent, subject=f"s-{number}", field=field, amount=amount, interval=interval, weekly_hours=own,
        full_time_hours=full, periods_a_year=12, rounding="half up", rule="PAY-9",
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def payroll() -> Payroll:
    vault = FakeVault()
    log = FakeLog(vault)
    write = Scribe(log).write
    for run, day in (("feb", date(2026, 2, 28)), ("mar", date(2026, 3, 15)), ("apr", date(2026, 4, 2))):
        write(run_stream(RunId(run)), RunStarted(legal_entity=TULP, business_date=day))
    april, march, may = date(2026, 4, 1), date(2026, 3, 1), date(2026, 5, 1)
    write(
        loket_stream(TULP, EmployeeNumber(4711)),
        told("i-1", "wage.grossWage", "1200.00", "MONTHLY", "20", "40", 4711),
        wrote("feb", "wage.grossWage", "2200.00", "2400.00", march, "i-1", 4711),
        wrote("feb", "wage.grossWageType", BLANK, "1", march, "i-1", 4711),
        wrote("mar", "wage.grossWage", "2400.00", "2500.00", april, "i-2", 4711),
        told("i-2", "wage.grossWage", "2500.00", "MONTHLY", BLANK, BLANK, 4711),
        wrote("mar", "address.street", "Main St", "Central Ave", march, "i-3", 4711),
    )
    write(
        loket_stream(TULP, EmployeeNumber(4712)),
        wrote("mar", "benefitsanddeductions.50", "25.00", "30.00", march, "i-4", 4712),
        wrote("apr", "payrollperioddata.60", BLANK, "1250.50", march, "i-5", 4712),
        ProcessedPeriodAffected(intent="i-5", run_id="apr", period="2026-03", rule="PAY-12"),
        told("i-5", "payrollperioddata.60", "1250.50", "", BLANK, BLANK, 4712),
        wrote("apr", "benefitsanddeductions.50.endDate", BLANK, "2026-05-31", may, "i-6", 4712),
    )
    write(
        loket_stream(TULP, EmployeeNumber(4713)),
        told("i-7", "wage.grossWage", "18.00", "", BLANK, BLANK, 4713),
        wrote("mar", "wage.grossWage", "17.00", "18.00", march, "i-7", 4713),
        wrote("mar", "wage.grossWageType", "1", "2", march, "i-7", 4713),
    )
    write(
        loket_stream(LegalEntityId("171"), EmployeeNumber(1)), wrote("mar", "wage.grossWage", "1", "2", march, "x", 1)
    )
    return Payroll(log, vault)


def test_a_change_belongs_to_a_period_when_it_was_written_in_it_or_holds_from_a_day_in_it(payroll: Payroll) -> None:
    found = [(one.number, one.pay, one.holds_from, one.within) for one in payroll.report().mutations]

    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert found == [
        (4711, Pay.WAGE, march, Within.HOLDS),
        (4711, Pay.WAGE, april, Within.WRITTEN),
        (4712, Pay.RECURRING, march, Within.BOTH),
        (4712, Pay.ONE_TIME, march, Within.HOLDS),
        (4713, Pay.WAGE, march, Within.BOTH),
    ]


def test_the_full_time_and_the_own_amount_stand_side_by_side(payroll: Payroll) -> None:
    raised, later, travel, bonus, hourly = payroll.report().mutations

    assert (raised.before, raised.after, raised.effective) == ("2200.00", "2400.00", "1200.00")
    assert (raised.told, raised.weekly_hours, raised.full_time_hours) == ("1200.00", "20", "40")
    assert (later.after, later.effective) == ("2500.00", None)  # the hours are not on record
    assert (travel.after, travel.effective, travel.told, travel.component) == ("30.00", "30.00", None, 50)
    assert (bonus.before, bonus.effective, bonus.periods) == (BLANK, "1250.50", ("2026-03",))
    assert (hourly.effective, hourly.hourly, raised.hourly) == ("18.00", True, False)


def test_each_change_is_told_with_the_business_date_of_its_run_and_counted_by_kind(payroll: Payroll) -> None:
    report = payroll.report()

    february, march, april = date(2026, 2, 28), date(2026, 3, 15), date(2026, 4, 2)
    assert [one.business_date for one in report.mutations] == [february, march, march, april, march]
    assert (report.people, report.counted()) == (3, {Pay.WAGE: 3, Pay.RECURRING: 1, Pay.ONE_TIME: 1})


def test_a_wage_that_becomes_an_hourly_one_is_told_once_and_a_type_alone_by_itself(payroll: Payroll) -> None:
    day = date(2026, 3, 20)
    Scribe(payroll.log).write(
        loket_stream(TULP, EmployeeNumber(4714)),
        told("i-8", "wage.grossWageType", "18.00", "", "20", "40", 4714),
        wrote("mar", "wage.grossWageType", "1", "2", day, "i-8", 4714),
        wrote("mar", "benefitsanddeductions.50", "1", "2", date(2026, 3, 25), "i-9", 4714),
        wrote("mar", "wage.grossWage", "2", "3", date(2026, 3, 26), "i-10", 4714),
    )

    *others, alone, two_euros, not_converted = payroll.report().mutations

    assert (len(others), two_euros.effective, two_euros.hourly, not_converted.effective) == (5, "2", False, None)
    assert (alone.field, alone.after, alone.effective, alone.hourly) == ("wage.grossWageType", "2", None, True)


def test_masked_it_opens_nothing_and_records_nothing(payroll: Payroll) -> None:
    size = payroll.log.size()

    report = payroll.report(None)

    raised, later, *_ = report.mutations
    assert (isinstance(raised.effective, Sealed), later.effective) == (True, None)  # what is not known is not masked
    sheet = pay_sheet(report, "Tulp", "en")

    text = json.dumps(sheet_json(sheet)) + sheet_csv(sheet) + str(sheet.shown)
    assert [amount for amount in ("2400", "1200", "1250", "18.00") if amount in text] == []
    assert ("\u2022\u2022\u2022" in sheet_csv(sheet), payroll.log.size()) == (True, size)


def test_in_clear_everyone_whose_pay_it_shows_is_on_record_and_nobody_else(payroll: Payroll) -> None:
    payroll.report(as_of=5)
    payroll.report()

    facts = [one.fact for one in payroll.log.stream(CUSTODY)]
    assert [one.people for one in facts if isinstance(one, PeopleNamed)] == [
        ("s-4711",),
        ("s-4711", "s-4712", "s-4713"),
    ]
    assert [(one.what, one.legal_entity) for one in facts if isinstance(one, ValuesUnmasked)] == [
        ("pay mutations", TULP)
    ] * 2


def test_in_clear_it_shows_no_more_people_than_one_person_may_open_unless_somebody_else_agreed(
    payroll: Payroll,
) -> None:
    size = payroll.log.size()

    with pytest.raises(TooManyPeople):
        payroll.report(most=2)

    assert payroll.log.size() == size
    assert payroll.report(most=2, agreed=True).people == 3


def test_what_was_recorded_after_the_order_is_not_in_it(payroll: Payroll) -> None:
    (first,) = payroll.report(as_of=6).mutations
    *_, bonus = payroll.report(as_of=11).mutations

    assert (first.after, first.within) == ("2400.00", Within.HOLDS)
    assert payroll.report(as_of=4).mutations == ()
    assert (bonus.after, bonus.periods, bonus.told) == ("1250.50", (), None)  # they were recorded after it


@pytest.mark.parametrize(
    ("language", "title", "head", "money"),
    [("nl", "Mutatieoverzicht loon", "Geldt vanaf", "2.400,00"), ("en", "Pay mutations", "Holds from", "2,400.00")],
)
def test_the_sheet_speaks_the_language_that_was_asked_for_and_its_data_no_language(
    payroll: Payroll, language: str, title: str, head: str, money: str
) -> None:
    sheet = pay_sheet(payroll.report(), "Tulp", language)

    assert (sheet.title, head in sheet.heads, money in sheet.shown[0]) == (title, True, True)
    rows = list(csv.DictReader(io.StringIO(sheet_csv(sheet))))
    assert [row["kind"] for row in rows] == ["report", *["pay_mutations"] * 5]
    assert (rows[1]["after"], rows[1]["effective"], rows[1]["holds_from"]) == ("2400.00", "1200.00", "2026-03-01")
    assert rows[4]["processed_periods"] == "2026-03"


@pytest.mark.parametrize(("wanted", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{"), ("csv", b'"kind"')])
def test_every_format_is_made(payroll: Payroll, wanted: str, begins: bytes) -> None:
    out = io.BytesIO()

    write_sheet(pay_sheet(payroll.report(), "Tulp", "nl"), wanted, out)

    assert out.getvalue().startswith(begins)


@pytest.mark.parametrize(
    ("whole", "own", "of", "effective"),
    [("2400.00", "20", "40", "1200.00"), ("1000", "13.33", "40", "333.25"), ("2400", BLANK, "40", None),
     ("2400", "20", "0", None), ("erased", "20", "40", None)],
)  # fmt: skip
def test_a_part_of_a_full_time_amount_is_rounded_once_or_not_known(
    whole: str, own: str, of: str, effective: str | None
) -> None:
    assert effective_amount(whole, own, of) == effective
