"""Pay decisions where a scenario would be too coarse: periods, ends, the brake, and what is not asked at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE
from domain.events.loket import ChainRebuildStarted, WriteKind
from domain.planning.findings import Finding, FindingCode
from domain.planning.pay.chain import stood_until
from domain.planning.pay.conversion import PayrollPeriod, Wage, recurring_amount, wage
from domain.planning.pay.targets import benefit_field
from domain.planning.pay.windows import compensations, listed_alike, months, told_apart, unpaid, vanished
from domain.services.sync.preview import Preview
from domain.services.sync.report import Outcome, RunStatus
from domain.settings import AmountBasis, ComponentKind, LegalEntity, PayComponent
from domain.snapshots import TYPE, Compensation, CompensationCategory, HeldPay, PayWindow, UnreadablePay
from domain.values import BLANK, NOT_OBSERVED, Observed, PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import OneOfAnId
from tests.support.people import person
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

TODAY = date(2026, 3, 15)
FULL_TIME = (Decimal(40), Decimal(40))


def salary(amount: str, interval: str = "MONTHLY") -> Compensation:
    return Compensation(
        "c1",
        PersonId("3007"),
        "t1",
        CompensationCategory.FIXED_SALARY,
        Decimal(amount),
        "EUR",
        interval,
        date(2026, 2, 1),
        Decimal(40),
        Decimal(40),
    )


@pytest.mark.parametrize(
    ("period", "monthly", "yearly"),
    [
        (PayrollPeriod.MONTH, "3250.00", "270.83"),
        (PayrollPeriod.FOUR_WEEKS, "3000.00", "250.00"),
        (PayrollPeriod.WEEK, "750.00", "62.50"),
    ],
)
def test_a_monthly_and_a_yearly_salary_in_every_payroll_period(
    period: PayrollPeriod, monthly: str, yearly: str
) -> None:
    """3,250 a month and 3,250 a year."""
    made = [
        wage(salary("3250", interval), person(), period, AmountBasis.UNDECIDED) for interval in ("MONTHLY", "YEARLY")
    ]

    assert [str(one.amount) for one in made if isinstance(one, Wage)] == [monthly, yearly]


@pytest.mark.parametrize(("amount", "fits"), [("0.01", True), ("999999.99", True), ("1000000", False), ("0", False)])
def test_the_range_of_a_wage_is_lokets(amount: str, fits: bool) -> None:
    assert isinstance(wage(salary(amount), person(), PayrollPeriod.MONTH, AmountBasis.UNDECIDED), Wage) is fits


def test_a_full_time_amount_needs_no_hours_and_tells_no_own_amount_without_them() -> None:
    """Of somebody of whom Personio shows how long a full week is and not how much of it they work."""
    unknown, nobody = replace(salary("3250"), weekly_hours=None), replace(person(), employment=None)

    made = wage(unknown, nobody, PayrollPeriod.MONTH, AmountBasis.FULL_TIME)

    assert isinstance(made, Wage)
    assert (str(made.amount), made.own) == ("3250.00", None)


def test_recurring_pay_beyond_lokets_maximum_is_a_finding() -> None:
    made = recurring_amount(salary("100000"), PayrollPeriod.MONTH, benefit_field(284), deduction=False)

    assert made == Finding(FindingCode.AMOUNT_RANGE, benefit_field(284))


def test_windows_are_months_from_the_line_to_a_year_ahead() -> None:
    windows = list(months(date(2026, 1, 20), 12, TODAY))

    assert windows[0] == (date(2026, 1, 20), date(2026, 1, 31))
    assert windows[1] == (date(2026, 2, 1), date(2026, 2, 28))
    assert windows[-1] == (date(2027, 3, 1), date(2027, 3, 31))
    assert len(windows) == 15


def test_pay_followed_by_pay_of_its_type_has_not_vanished() -> None:
    first, second = salary("3000"), replace(salary("3100"), id="c2", effective_from=date(2026, 4, 1))
    march = PayWindow(date(2026, 3, 1), date(2026, 3, 31), (first,))

    assert vanished([march, PayWindow(date(2026, 4, 1), date(2026, 4, 30), (second,))]) == ()
    assert [one.compensation.id for one in vanished([march, replace(march, start=date(2026, 4, 1), compensations=())])]


@pytest.mark.parametrize(
    ("whose", "of_type", "faults", "ended"),
    [
        ("3007", "t1", ("amount",), False),
        ("3007", "", (TYPE,), False),
        ("3007", "t2", ("amount",), True),
        ("3008", "t1", ("amount",), True),
    ],
)
def test_pay_that_makes_no_sense_may_follow_pay_of_its_type_alone(
    whose: str, of_type: str, faults: tuple[str, ...], ended: bool
) -> None:
    march = PayWindow(date(2026, 3, 1), date(2026, 3, 31), (salary("3000"),))
    garbled = UnreadablePay(PersonId(whose), of_type, CompensationCategory.OTHER, "", faults)
    april = PayWindow(date(2026, 4, 1), date(2026, 4, 30), (), (garbled,))

    assert bool(vanished([march, april])) is ended


class Forgetful(FakePersonio):
    """Leaves recurring pay out of one month, the first time it is asked for."""

    asked = 0

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        self.asked += 1
        windows = super().pay(entity, spans)
        if self.asked > 1:
            return windows
        return tuple(one if one.start < date(2026, 5, 1) else replace(one, compensations=()) for one in windows)


def world_with(hr: type[FakePersonio] = FakePersonio) -> tuple[World, FakePersonio]:
    wiring = InProcess()
    old = wiring.hr
    wiring.hr = hr(wiring.clock.now, mapped=old.mapped)
    wiring._tools = replace(wiring._tools, personio=wiring.hr)
    world = World(wiring, pay_from=date(2026, 1, 1))
    world.components["Phone"] = PayComponent(284, ComponentKind.RECURRING)
    return world, wiring.hr


def test_pay_missing_from_one_reading_is_no_end_of_it() -> None:
    """A second read of the same window disagrees: nothing is concluded, nothing is written (PAY-10, RUN-7)."""
    world, hr = world_with(Forgetful)
    sanne = world.employ("Sanne")
    assert sanne.person is not None
    hr.add_pay(sanne.person, "Phone", "RECURRING", Decimal("45.50"), date(2026, 2, 1))

    report = world.run(TODAY)

    assert report is not None
    assert (report.status, report.reason) == (RunStatus.REFUSED, "RUN-7")
    assert list(world.writes()) == []
    world.close()


class Corrected(FakePersonio):
    """HR corrects or removes an allowance after its months were read, and a number of its single days."""

    allowance, to, days = "", date.max, 0

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        if self.days == 0 and self.to is date.max:
            self.remove_pay(self.allowance)
        elif self.days == 0:
            self.move_pay(self.allowance, self.to)
        self.days -= 1
        return super().compensations(entity, on=on)


@pytest.mark.parametrize(
    ("to", "days"),
    [(date(2026, 2, 10), 0), (date(2026, 2, 10), 1), (date.max, 0)],
    ids=["moved", "moved between two days", "removed"],
)
def test_pay_that_single_days_list_otherwise_than_their_month_is_not_ended_on_them(to: date, days: int) -> None:
    """By them it would have ended in the middle of March; a raise that keeps its id is no such thing."""
    world, hr = world_with(Corrected)
    assert isinstance(hr, Corrected)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    hr.allowance = hr.add_pay(sanne, "Phone", "RECURRING", Decimal("45.50"), date(2026, 1, 1))
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), date(2026, 4, 1))
    hr.to, hr.days = to, days

    report = world.run(TODAY)

    assert report is not None
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.REFUSED, "RUN-7", [])
    world.close()


class FromTheHire(FakePersonio):
    """Single days list pay from the hire on; months list all of it."""

    hire = date(2026, 4, 20)

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        listed = super().compensations(entity, on=on)
        return listed if on >= self.hire else replace(listed, compensations=())


@pytest.mark.parametrize(
    ("kind", "begins", "newer", "since", "ends"),
    [
        (OneOfAnId, date(2026, 1, 1), (60, "Phone"), date(2026, 4, 15), [date(2026, 4, 14), None]),
        (FromTheHire, date(2026, 4, 1), (0, "Phone"), date(2026, 5, 1), [date(2026, 4, 30)]),
        (OneOfAnId, date(2026, 1, 1), (45, "Bike"), date(2026, 4, 1), [date(2026, 3, 31)]),
        (OneOfAnId, date(2026, 1, 1), (45, "Bike"), date(2026, 4, 15), [date(2026, 4, 14)]),
        (OneOfAnId, date(2026, 1, 1), (0, "Phone"), date(2026, 3, 20), [date(2026, 3, 19)]),
        (OneOfAnId, date(2026, 1, 1), (0, "Phone"), date(2026, 4, 1), [date(2026, 3, 31)]),
        (OneOfAnId, date(2026, 3, 20), (0, "Phone"), date(2026, 4, 30), [date(2026, 4, 29)]),
    ],
    ids=[
        "a newer amount",
        "none from the next month on",
        "another type under its id",
        "another type in mid-month",
        "none from mid-month on",
        "none from the first of a month on",
        "none on the last day of a month",
    ],
)
def test_pay_ends_on_the_last_day_on_which_any_list_shows_it(
    kind: type[FakePersonio], begins: date, newer: tuple[int, str], since: date, ends: list[date | None]
) -> None:
    world, hr = world_with(kind)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    allowance = hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), begins)
    amount, type_name = newer
    hr.raise_under_its_id(allowance, Decimal(amount), since, type_name=type_name)

    report = world.run(TODAY)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    assert [one.end for one in world.payroll.benefits(TULP, world.people["Sanne"].number).values()] == ends
    world.close()


def test_what_a_month_or_a_reading_leaves_out_of_pay_contradicts_nothing() -> None:
    told = replace(salary("3000"), type_name="Salary", legal_entity="170")
    terse = replace(told, type_name="", legal_entity=NOT_OBSERVED, weekly_hours=Decimal(32))
    march, april = (PayWindow(date(2026, m, 1), date(2026, m, 28), (one,)) for m, one in ((3, told), (4, terse)))
    renamed = replace(april, compensations=(replace(terse, type_name="Pay"),))

    assert list(compensations([march, april]).values()) == [replace(told, weekly_hours=Decimal(32))]
    assert (told_apart([march, april]), told_apart([march, renamed])) == (False, True)
    assert listed_alike([march], [april])
    assert not listed_alike([march], [renamed])
    assert not listed_alike([march, april], [march, replace(april, compensations=(salary("3100"),))])
    assert not listed_alike([march], [replace(march, compensations=())])


class Shortsighted(FakePersonio):
    """Answers every month from May on with an empty list."""

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        shown = super().pay(entity, spans)
        return tuple(one if one.start < date(2026, 5, 1) else replace(one, compensations=()) for one in shown)


@pytest.mark.parametrize(("many", "ended", "believed"), [(2, 0, False), (2, 1, True), (2, 2, True), (1, 0, True)])
def test_months_that_list_nobody_end_no_pay_while_several_people_with_a_salary_are_employed(
    many: int, ended: int, believed: bool
) -> None:
    world, hr = world_with(Shortsighted)
    staff = [world.employ(name) for name in ("Sanne", "Daan")[:many]]
    for one in staff:
        assert one.person is not None
        hr.set_salary(one.person, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 2, 1))
        hr.add_pay(one.person, "Phone", "RECURRING", Decimal("45.50"), date(2026, 2, 1))
    for one in staff[:ended]:
        assert one.person is not None
        hr.terminate(one.person, date(2026, 4, 30))

    report = world.run(TODAY)

    assert report is not None
    assert report.reason == (None if believed else "IMPLAUSIBLE_READ")
    assert bool(list(world.writes())) is believed
    world.close()


def paid_in(*shown: bool, until: date | None = None) -> int:
    """Of Sanne, whose salary the months from February on list or do not, on 15 March."""
    sanne = person()
    assert sanne.employment is not None
    sanne = replace(sanne, employment=replace(sanne.employment, end=until))
    spans = months(date(2026, 2, 1), len(shown) - 2, TODAY)
    windows = [PayWindow(*span, (salary("3000"),) if there else ()) for span, there in zip(spans, shown, strict=False)]
    return unpaid(windows, [sanne], {sanne.id}, TODAY)


def test_a_month_that_lists_nobody_counts_who_should_be_paid_in_it() -> None:
    assert paid_in(True, True, True, True) == 0
    assert paid_in(True, True, False, True) == 1
    assert paid_in(True, False, False, False) == 1  # March is not over
    assert paid_in(True, True, False, False, until=date(2026, 3, 31)) == 0
    assert paid_in(True, True, False, False, until=date(2026, 4, 1)) == 1
    assert paid_in(False, True, True, True) == 0  # February is, and nothing was listed before it
    assert paid_in(False, False, False, False) == 0


def test_a_month_that_is_over_counts_where_one_salary_is_listed_on_both_sides() -> None:
    january, february, march = (PayWindow(*span, ()) for span in months(date(2026, 1, 1), 0, TODAY))
    first, again = salary("3000"), replace(salary("3000"), id="c2", effective_from=date(2026, 3, 1))

    def counted(before: Compensation, after: Compensation) -> int:
        shown = [replace(january, compensations=(before,)), february, replace(march, compensations=(after,))]
        return unpaid(shown, [person()], {person().id}, TODAY)

    assert (counted(first, first), counted(first, again)) == (1, 0)


class Candid(FakePersonio):
    """Lists the zero that ended a salary; Personio is said to leave it out, and no document promises that."""

    ended: tuple[Compensation, ...] = ()

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        window = super().compensations(entity, on=on)
        return replace(window, compensations=(*window.compensations, *self.ended))


@pytest.mark.parametrize(("ended_on", "wage"), [(date(2026, 3, 1), BLANK), (date(2026, 4, 1), "3000.00")])
def test_a_salary_of_zero_is_none_and_neither_an_amount_nor_a_finding(ended_on: date, wage: Observed) -> None:
    world, hr = world_with(Candid)
    daan = world.hire("Daan")
    assert daan.person is not None
    assert isinstance(hr, Candid)
    hr.set_salary(daan.person, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 2, 1))
    hr.ended = (replace(salary("0"), person=daan.person, effective_from=ended_on),)

    report = world.run(TODAY)

    assert report is not None
    assert [one.outcome for one in report.outcomes] == [Outcome.CONCEPT_CREATED]
    assert world.loket_field("Daan", GROSS_WAGE) == wage
    world.close()


def test_an_entity_without_a_start_date_is_never_asked_for_pay() -> None:
    world, hr = world_with(Forgetful)
    world.pay_from = None
    sanne = world.employ("Sanne")
    assert sanne.person is not None
    hr.set_salary(sanne.person, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 2, 1))

    report = world.run(TODAY)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    assert isinstance(hr, Forgetful)
    assert hr.asked == 0
    world.close()


def test_a_rebuild_clears_nothing_for_the_brake_but_a_deleted_wage_does() -> None:
    world, hr = world_with()
    names = ("Sanne", "Tim")
    for name in names:
        one = world.employ(name)
        assert one.person is not None
        world.payroll.add_wage(TULP, one.number, date(2026, 4, 1), Decimal(3000))
        hr.set_salary(one.person, Decimal(2900), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 2, 1))
    tim = world.people["Tim"].person
    assert tim is not None
    hr.set_salary(tim, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 4, 1))

    decisions = world.look(TODAY).plan.decisions

    assert [one.writes[0].kind for one in decisions] == [WriteKind.WAGE_DELETED] * 2
    assert [one.clears for one in decisions] == [True, False]
    world.close()


def test_what_someone_else_typed_into_a_wage_is_on_record_before_it_is_overwritten() -> None:
    world, hr = world_with()
    sanne = world.employ("Sanne")
    assert sanne.person is not None
    hr.set_salary(sanne.person, Decimal(2900), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 2, 1))
    world.run(TODAY)
    world.payroll.set_wage(TULP, sanne.number, date(2026, 2, 1), Decimal(9999))

    report = world.run(date(2026, 3, 16))

    assert report is not None
    (change,) = report.outcomes[0].overwritten
    assert (change.field, change.before, change.after) == ("wage.grossWage", "9999.00", "2900.00")
    assert change.effective_on == date(2026, 2, 1)
    assert facts(world.history("Sanne"), ChainRebuildStarted) == []
    world.close()


def test_a_new_record_is_told_with_the_amount_it_takes_the_place_of_and_the_first_one_with_none() -> None:
    """Of what is deleted and added again, the deletion tells it (AUD-3, PAY-8)."""
    world, hr = world_with()
    sanne = world.employ("Sanne")
    assert sanne.person is not None
    hr.add_pay(sanne.person, "Phone", "RECURRING", Decimal(20), date(2026, 2, 1))
    first = world.look(TODAY)
    world.run(TODAY)
    hr.add_pay(sanne.person, "Phone", "RECURRING", Decimal(30), date(2026, 5, 1))
    second = world.look(TODAY)
    world.run(TODAY)
    hr.add_pay(sanne.person, "Phone", "RECURRING", Decimal(25), date(2026, 4, 1))
    rebuilt = world.look(TODAY)

    def before(seen: Preview | None) -> list[tuple[str, Observed, Observed]]:
        assert seen is not None
        (decision,) = seen.plan.decisions
        name = benefit_field(284)
        changes = [(write.kind, one) for write in decision.writes for one in write.changes if one.field == name]
        return [(kind.value, one.before, one.after) for kind, one in changes]

    created, deleted = WriteKind.BENEFIT_CREATED.value, WriteKind.BENEFIT_DELETED.value
    assert before(first) == [(created, BLANK, "20.00")]
    assert before(second) == [(created, "20.00", "30.00")]
    assert before(rebuilt) == [(deleted, "30.00", BLANK), (created, BLANK, "25.00"), (created, BLANK, "30.00")]
    world.close()


def test_pay_that_ended_before_a_gap_is_not_what_a_new_record_takes_the_place_of() -> None:
    phone = benefit_field(284)
    ended = HeldPay("a", date(2026, 1, 1), {phone: "20.00"}, end=date(2026, 1, 31))

    stood = [stood_until(day, [ended], ()) for day in (date(2026, 2, 1), date(2026, 2, 2))]

    assert stood == [{phone: "20.00"}, {}]


def test_pay_of_new_hires_is_asked_for_by_day_and_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is employed has a chain of wages, which is read by itself (JOIN-4)."""
    world = World(InProcess())
    asked, read = list[date](), FakePersonio.compensations

    def counted(hr: FakePersonio, entity: LegalEntity, *, on: date) -> PayWindow:
        asked.append(on)
        return read(hr, entity, on=on)

    monkeypatch.setattr(FakePersonio, "compensations", counted)
    world.employ("Lotte")
    world.run(date(2026, 3, 1))
    of_nobody = list(asked)
    world.hire("Sanne")
    world.run(date(2026, 3, 2))
    world.close()

    assert (of_nobody, len(asked)) == ([], 1)
