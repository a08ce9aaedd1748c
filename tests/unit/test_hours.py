"""Working hours as decisions: which of both sides' hours are compared, what is sent, and under which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, WEEKLY_HOURS
from domain.events.loket import FieldsConfirmed, WriteKind
from domain.planning.comparison import Difference
from domain.planning.findings import FindingCode, Notice, NoticeCode
from domain.planning.pay.case import PayDecision
from domain.planning.pay.hours import (
    Factors,
    Hours,
    HoursCase,
    decide_hours,
    factors,
    held_hours,
    not_compared,
    told_hours,
)
from domain.planning.planned import Chain, DatedWrite
from domain.settings import WeeklyHours
from domain.snapshots import (
    Compensation,
    CompensationCategory,
    HeldHours,
    LoketEmployment,
    LoketPay,
    Paid,
    PersonioEmployment,
)
from domain.values import BLANK, NOT_OBSERVED, Observed, PersonId
from tests.support.people import POLICY, employee, loket, person, personio
from tests.support.world import TULP, World, facts
from tests.support.world import person as in_world
from tests.support.world_in_process import InProcess

TODAY = date(2026, 3, 15)
START, FEBRUARY, APRIL = date(2024, 2, 1), date(2026, 2, 1), date(2026, 4, 1)
JOB = LoketEmployment("m1", "adm", 1, START, None)


def salary(
    weekly: str | None = "24",
    full: str | None = "40",
    *,
    since: date | None = FEBRUARY,
    until: date | None = None,
    hourly: bool = False,
    amount: str = "2400",
) -> Paid:
    category = CompensationCategory.HOURLY_SALARY if hourly else CompensationCategory.FIXED_SALARY
    hours = [None if one is None else Decimal(one) for one in (weekly, full)]
    pay = Compensation(
        f"c-{since}", PersonId("11"), "t", category, Decimal(amount), "EUR", "MONTHLY", since, hours[0], hours[1]
    )
    return Paid(pay, until)


def held(weekly: Observed = "20", full: str | None = "40", *, since: date = START, own: str | None = None) -> HeldHours:
    return HeldHours(
        f"h-{since}", since, weekly, Decimal(full) if full else None, own=None if own is None else Decimal(own)
    )


def wage(day: date, kind: WriteKind = WriteKind.WAGE_CREATED) -> DatedWrite:
    return DatedWrite(
        kind=kind,  # type: ignore[arg-type]
        target="m1",
        changes=(Difference(GROSS_WAGE, BLANK, "4000.00", day),),
        effective_on=day,
        reaches=(day, date.max),
        chain=Chain("wages"),
    )


def decide(
    salaries: list[Paid],
    chain: list[HeldHours],
    *wages: DatedWrite,
    setting: WeeklyHours = WeeklyHours.COMPARE,
    hours_of_employment: tuple[str, str] | None = None,
    day: date = TODAY,
) -> PayDecision:
    weekly, full = (Decimal(one) for one in hours_of_employment) if hours_of_employment else (None, None)
    employment = PersonioEmployment("e1", "ACTIVE", None, START, weekly_hours=weekly, full_time_hours=full)
    sanne = replace(person(), employment=employment)
    return decide_hours(HoursCase(sanne, JOB, salaries, chain, setting, day), wages)


def codes(decision: PayDecision) -> tuple[list[str], list[str]]:
    return [one.code.value for one in decision.findings], [one.code.value for one in decision.notices]


DIFFERS, UNKNOWN, HIDDEN = "PART_TIME_FACTOR_DIFFERS", "PART_TIME_FACTOR_UNKNOWN", "HOURS_NOT_COMPARED"


@pytest.mark.parametrize(
    ("record", "hours"),
    [
        (None, None),
        (held("20"), Hours(Decimal(20), Decimal(40))),
        (held(BLANK), Hours(Decimal(40), Decimal(40))),
        (held("20", own="22.5"), Hours(Decimal("22.5"), Decimal(40))),
        (held("20", own="0"), Hours(Decimal(20), Decimal(40))),
        (held("0", own="0"), None),
        (held(NOT_OBSERVED), None),
        (held("20", full=None), None),
    ],
)
def test_loket_s_own_sum_comes_first_then_the_person_s_hours_then_a_full_week(
    record: HeldHours | None, hours: Hours | None
) -> None:
    assert held_hours(record) == hours


def test_personio_s_hours_are_the_compensation_s_before_the_employment_s() -> None:
    employment = PersonioEmployment("e1", "ACTIVE", None, START, weekly_hours=Decimal(32), full_time_hours=Decimal(40))
    sanne = replace(person(), employment=employment)

    assert told_hours(salary("24").compensation, sanne) == Hours(Decimal(24), Decimal(40))
    assert told_hours(salary(None, None).compensation, sanne) == Hours(Decimal(32), Decimal(40))
    assert told_hours(None, replace(sanne, employment=None)) is None


def test_hours_of_a_salary_that_is_nothing_any_more_are_not_what_somebody_works() -> None:
    salaries = [salary("24"), salary("20", since=date(2026, 3, 1), amount="0")]

    assert sent(salaries, [held("32")], hours_of_employment=("32", "40")).writes == ()


@pytest.mark.parametrize(
    ("wages", "expected"),
    [
        ((), ([], [DIFFERS])),
        ((wage(FEBRUARY),), ([DIFFERS], [])),
        ((wage(FEBRUARY, WriteKind.WAGE),), ([DIFFERS], [])),
        ((wage(FEBRUARY, WriteKind.WAGE_DELETED),), ([], [DIFFERS])),
    ],
    ids=["no wage", "new wage", "wage in place", "a wage that only goes"],
)
def test_other_hours_hold_the_run_only_where_a_wage_would_be_written(
    wages: tuple[DatedWrite, ...], expected: tuple[list[str], list[str]]
) -> None:
    assert codes(decide([salary("24")], [held("20")], *wages)) == expected


def test_a_salary_that_is_over_or_was_replaced_is_not_looked_at() -> None:
    over = salary("24", until=date(2026, 2, 28))
    replaced = [salary("24"), salary("20", since=date(2026, 3, 1))]

    assert codes(decide([over], [held("20")])) == ([], [])
    assert codes(decide([salary("24", until=TODAY)], [held("20")])) == ([], [DIFFERS])  # its last day still counts
    assert codes(decide(replaced, [held("20")])) == ([], [])


def test_a_salary_that_was_set_to_nothing_and_an_hourly_one_are_not_looked_at() -> None:
    assert codes(decide([salary("24", amount="0")], [held("20")], wage(FEBRUARY))) == ([], [])
    assert codes(decide([salary("24", hourly=True)], [held("20")], wage(FEBRUARY))) == ([], [])


def test_a_salary_from_before_today_is_held_against_today_s_hours_and_a_coming_one_against_those_of_its_day() -> None:
    chain = [held("20"), held("24", since=date(2026, 3, 1)), held("32", since=APRIL)]

    assert codes(decide([salary("24")], chain)) == ([], [])
    assert codes(decide([salary("24"), salary("32", since=APRIL)], chain)) == ([], [])
    assert codes(decide([salary("24"), salary("24", since=APRIL)], chain)) == ([], [DIFFERS])


def test_a_wage_that_is_written_is_held_against_the_hours_of_the_day_it_starts() -> None:
    chain = [held("20"), held("24", since=date(2026, 3, 1))]

    assert codes(decide([salary("24")], chain, wage(FEBRUARY))) == ([DIFFERS], [])


@pytest.mark.parametrize("chain", [[], [held("20", full=None)], [held("20", since=date(2026, 3, 16))]])
def test_hours_that_loket_does_not_show_are_said_and_hold_nobody(chain: list[HeldHours]) -> None:
    assert codes(decide([salary("24")], chain, wage(FEBRUARY))) == ([], [HIDDEN])


@pytest.mark.parametrize("hours", [(None, None), ("24", None), (None, "40"), ("0", "40"), ("24", "0")])
def test_hours_that_personio_does_not_show_are_said_and_hold_nobody(hours: tuple[str | None, str | None]) -> None:
    assert codes(decide([salary(*hours)], [held("20")], wage(FEBRUARY))) == ([], [HIDDEN])


def sent(*args: object, **more: object) -> PayDecision:
    return decide(*args, **more, setting=WeeklyHours.SEND)  # type: ignore[arg-type]


def test_hours_go_into_a_new_record_from_the_business_date_where_that_is_later_than_the_newest() -> None:
    (write,) = sent([salary("24")], [held("20.0")]).writes

    assert (write.kind, write.target, write.effective_on) == (WriteKind.HOURS_CREATED, "m1", TODAY)
    assert write.changes == (Difference(WEEKLY_HOURS, "20.00", "24.00"),)
    assert write.reaches == (TODAY, date.max)


@pytest.mark.parametrize("start", [TODAY, APRIL])
def test_hours_go_into_the_newest_record_where_the_business_date_is_not_later(start: date) -> None:
    (write,) = sent([salary("24")], [held(BLANK), held("20", since=start)]).writes

    assert (write.kind, write.target, write.effective_on) == (WriteKind.HOURS, f"h-{start}", start)
    assert write.changes == (Difference(WEEKLY_HOURS, "20.00", "24.00"),)


def test_a_coming_record_that_is_right_already_is_left_alone_and_what_differs_until_then_is_said() -> None:
    decision = sent([salary("24")], [held("20"), held("24", since=APRIL)])

    assert decision.writes == ()
    assert codes(decision) == ([], [DIFFERS])


def test_hours_are_sent_for_an_hourly_salary_and_without_any() -> None:
    assert [one.kind for one in sent([salary("24", hourly=True)], [held("20")]).writes] == [WriteKind.HOURS_CREATED]
    assert len(sent([], [held("20")], hours_of_employment=("24", "40")).writes) == 1


@pytest.mark.parametrize("chain", [[], [held(NOT_OBSERVED)], [held("20", since=date(2026, 3, 16))]])
@pytest.mark.parametrize("salaries", [[salary("24")], [salary("24", hourly=True)], []], ids=["fixed", "hourly", "none"])
def test_hours_that_cannot_be_sent_as_loket_does_not_show_its_own_are_not_read(
    salaries: list[Paid], chain: list[HeldHours]
) -> None:
    decision = sent(salaries, chain, hours_of_employment=("24", "40"))

    assert decision == PayDecision(notices=(Notice(NoticeCode.NOT_READ_IN_LOKET, WEEKLY_HOURS),))
    assert not_compared(decision.notices) is NoticeCode.NOT_READ_IN_LOKET


@pytest.mark.parametrize("weekly", ["20", "0", BLANK])
def test_hours_that_loket_shows_without_a_full_week_are_not_compared_and_no_error(weekly: Observed) -> None:
    decision = sent([salary("24", hourly=True)], [held(weekly, full=None)])

    assert decision == PayDecision(notices=(Notice(NoticeCode.HOURS_NOT_COMPARED),))
    assert decide([salary("24", hourly=True)], [held(weekly, full=None)]) == PayDecision()


@pytest.mark.parametrize("setting", [WeeklyHours.SEND, WeeklyHours.COMPARE])
@pytest.mark.parametrize(
    ("weekly", "hourly", "equal", "said"),
    [
        ("24.0", True, True, []),
        ("24.0", False, True, [UNKNOWN]),
        ("20", False, False, [HIDDEN]),
        (BLANK, False, False, [HIDDEN]),
    ],
)
def test_the_same_hours_are_equal_without_a_full_week_and_only_a_fixed_salary_asks_for_one(
    weekly: Observed, hourly: bool, equal: bool, said: list[str], setting: WeeklyHours
) -> None:
    case = HoursCase(person(), JOB, [salary("24", hourly=hourly)], [held(weekly, full=None)], setting, TODAY)
    decision = decide_hours(case, ())

    assert (case.equal, codes(decision)) == (equal, ([], said))
    assert not (equal and not_compared(decision.notices))


def test_a_coming_salary_without_hours_takes_nothing_from_what_was_seen_of_today_s() -> None:
    salaries = [salary("24"), salary(None, None, since=APRIL)]

    same, other = sent(salaries, [held("24")]), sent(salaries, [held("20")])

    assert same.notices == (Notice(NoticeCode.PART_TIME_FACTOR_UNKNOWN, "salary from 2026-04-01"),)
    assert not_compared(other.notices) is None
    assert [one.changes[0].after for one in other.writes] == ["24.00"]


def test_0_hours_in_loket_are_hours_that_differ_and_no_factor_of_a_fixed_salary() -> None:
    """Loket takes 0.01 and more, and a full week where nobody fills them in: neither side has 0 of a fixed salary."""
    (write,) = sent([salary("8", hourly=True)], [held("0")]).writes
    compared = decide([salary("24")], [held("0")], wage(FEBRUARY))

    assert write.changes == (Difference(WEEKLY_HOURS, "0.00", "8.00"),)
    assert [one.changes[0].after for one in sent([salary("24")], [held("0")]).writes] == ["24.00"]
    assert (compared.findings, [str(one) for one in codes(compared)[1]]) == ((), [UNKNOWN])
    assert codes(decide([salary("0")], [held("24")], wage(FEBRUARY))) == ([], [HIDDEN])


def test_hours_that_personio_does_not_show_are_not_missed_in_loket() -> None:
    assert codes(sent([salary(None, None)], [])) == ([], [HIDDEN])
    assert sent([salary(None, None, hourly=True)], []) == PayDecision()


def test_a_full_week_that_loket_holds_without_saying_so_is_not_sent() -> None:
    assert sent([salary("40")], [held(BLANK)]).writes == ()


@pytest.mark.parametrize(("weekly", "written"), [("24.005", "24.01"), ("0.01", "0.01"), ("99.99", "99.99")])
def test_hours_are_sent_with_two_decimals(weekly: str, written: str) -> None:
    (write,) = sent([salary(weekly)], [held("20")]).writes

    assert write.changes[0].after == written


@pytest.mark.parametrize("weekly", ["0.004", "100"])
def test_hours_outside_what_loket_takes_are_a_finding(weekly: str) -> None:
    decision = sent([salary(weekly)], [held("20")])

    assert decision.writes == ()
    assert [one.code for one in decision.findings] == [FindingCode.HOURS_RANGE]


def test_hours_open_the_unit_of_the_wages_they_come_before() -> None:
    planned = wage(TODAY)

    (write,) = sent([salary("24", since=TODAY)], [held("20")], planned).writes

    assert write.chain == planned.chain
    assert sent([salary("24")], [held("20")]).writes[0].chain == Chain("working hours")


def test_a_wage_from_before_the_hours_that_are_sent_goes_and_the_days_between_are_said() -> None:
    decision = sent([salary("24")], [held("20")], wage(FEBRUARY))

    assert codes(decision) == ([], [DIFFERS])
    assert [one.detail for one in decision.notices] == ["salary from 2026-02-01"]


def test_a_coming_wage_of_other_hours_goes_and_its_hours_follow_on_their_day() -> None:
    salaries = [salary("20"), salary("24", since=APRIL)]

    today = sent(salaries, [held("20")], wage(APRIL))
    then = sent(salaries, [held("20")], day=APRIL)

    assert (today.writes, codes(today)) == ((), ([], [DIFFERS]))
    assert [(one.effective_on, one.changes[0].after) for one in then.writes] == [(APRIL, "24.00")]


def test_hours_are_not_sent_where_a_full_week_differs() -> None:
    decision = sent([salary("18", "36")], [held("24")], wage(FEBRUARY))

    assert (decision.writes, codes(decision)) == ((), ([DIFFERS], []))
    assert sent([salary("18", "36")], [held("20")]) == PayDecision()


def test_nothing_is_done_where_hours_are_ignored() -> None:
    assert decide([salary("24")], [held("20")], wage(FEBRUARY), setting=WeeklyHours.IGNORE) == PayDecision()


def test_part_time_factors_are_counted_of_whoever_has_a_fixed_salary_and_an_employment_in_loket() -> None:
    sanne = person()

    def counted(paid: list[Paid], *chain: HeldHours, number: int = 4711) -> Factors:
        told = replace(personio(sanne), paid={sanne.id: tuple(paid)})
        shown = replace(loket(employee(number)), pay=LoketPay(hours={"m1": chain}))
        return factors(told, shown, POLICY, on=TODAY)

    assert counted([salary("24")], held("24")) == Factors(same=1)
    assert counted([salary("24")], held("20")) == Factors(differing=1)
    assert counted([salary("24")], held("24", full=None)) == counted([salary("24")]) == Factors(hidden=1)
    assert counted([salary("24", hourly=True)], held("24")) == counted([], held("24")) == Factors()
    assert counted([salary("24")], held("24"), number=4712) == Factors()
    assert counted([salary("24", until=TODAY)], held("24")) == counted([salary("24", since=TODAY)], held("24"))
    assert counted([salary("24", until=TODAY)], held("24")) == Factors(same=1)
    day_before, day_after = date(2026, 3, 14), date(2026, 3, 16)
    assert counted([salary("24", until=day_before), salary("24", since=day_after)], held("24")) == Factors()
    phone = replace(salary("24").compensation, category=CompensationCategory.RECURRING, effective_from=TODAY)
    assert counted([salary("24"), Paid(phone)], held("20")) == Factors(differing=1)  # whatever else is paid


@pytest.mark.parametrize(
    ("told", "in_loket", "equal"),
    [(("24", "40"), "24", True), (("40", "40"), None, True), (("18", "36"), "24", False)],
    ids=["the same", "a full week that Loket does not spell out", "left as they are: a full week differs"],
)
def test_hours_are_recorded_as_equal_only_where_both_systems_show_the_same(
    told: tuple[str, str], in_loket: str | None, equal: bool
) -> None:
    assert confirmed(told, in_loket) is equal


def test_a_run_and_a_check_say_one_thing_of_the_hours_of_a_fixed_salary_without_a_full_week_in_loket() -> None:
    world = World(InProcess(), pay_from=FEBRUARY, weekly_hours=WeeklyHours.SEND)
    number, sanne = world.employ("Sanne").number, in_world(world, "Sanne")
    world.payroll.set_hours(TULP, number, START, Decimal(24), full=Decimal(0))
    world.hr.set_salary(sanne, Decimal(2400), "MONTHLY", hours=(Decimal(24), Decimal(40)), effective_from=FEBRUARY)

    report, checked = world.run(TODAY), world.check(date(2026, 3, 22))

    assert report is not None
    assert checked is not None
    assert UNKNOWN in str(report)
    assert [WEEKLY_HOURS in one.fields for one in facts(world.everything(), FieldsConfirmed)] == [True]
    assert WEEKLY_HOURS not in [one.field for one in checked.verdict.not_compared]
    world.close()


def test_hours_of_a_salary_that_is_not_sent_are_not_recorded_as_equal() -> None:
    assert not confirmed(("24", "40"), "24", types=frozenset({"Phone"}))


def confirmed(told: tuple[str, str], in_loket: str | None, types: frozenset[str] | None = None) -> bool:
    """Whether a run finds the hours of somebody paid by the hour equal on both sides."""
    world = World(InProcess(), pay_from=FEBRUARY, weekly_hours=WeeklyHours.SEND, compensation_types=types)
    number, sanne = world.employ("Sanne").number, in_world(world, "Sanne")
    world.payroll.set_hours(TULP, number, START, None if in_loket is None else Decimal(in_loket), Decimal(40))
    hours = (Decimal(told[0]), Decimal(told[1]))
    world.hr.set_salary(sanne, Decimal(30), "HOURLY", hours=hours, effective_from=FEBRUARY)

    world.run(TODAY)

    recorded = [one.fields for one in facts(world.everything(), FieldsConfirmed)]
    world.close()
    return any(WEEKLY_HOURS in each for each in recorded)
