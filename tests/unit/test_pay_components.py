"""Pay that goes to components: what is told instead of changed, what ends, and which period a one-time amount is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.events.loket import WriteKind
from domain.planning.findings import Finding, FindingCode, NoticeCode
from domain.planning.pay.case import PayCase, PayDecision, PayMemory
from domain.planning.pay.conversion import PayrollPeriod
from domain.planning.pay.one_time import one_time
from domain.planning.pay.recurring import recurring
from domain.planning.pay.targets import benefit_end, benefit_field, value_field
from domain.settings import AmountBasis, ComponentKind, PayComponent
from domain.snapshots import (
    Compensation,
    CompensationCategory,
    HeldPay,
    HeldValue,
    LoketEmployment,
    LoketPay,
    Paid,
    PeriodSpan,
)
from domain.values import BLANK, NOT_OBSERVED, FieldPath, PersonId
from tests.support.people import person

JOB = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)
EVE, LINE, FEBRUARY, MARCH = date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 12, 1)
JUNE, MAY, EVE_OF_MARCH, EVE_OF_MAY = date(2025, 6, 1), date(2026, 5, 1), date(2026, 2, 28), date(2026, 4, 30)
PHONE, CAR = PayComponent(284, ComponentKind.RECURRING), PayComponent(290, ComponentKind.DEDUCTION)
BONUS = PayComponent(301, ComponentKind.ONE_TIME)
AMOUNT, END, VALUE = benefit_field(PHONE.key), benefit_end(PHONE.key), value_field(BONUS.key)
JANUARY_PERIOD = PeriodSpan(2026, 1, LINE, date(2026, 1, 31))
FEBRUARY_PERIOD = PeriodSpan(2026, 2, FEBRUARY, date(2026, 2, 28))
DECEMBER_PERIOD = PeriodSpan(2025, 12, date(2025, 12, 1), EVE)


def told(amount: str, start: date | None, until: date | None = None, *, once: bool = False, **more: object) -> Paid:
    category = CompensationCategory.ONE_TIME if once else CompensationCategory.RECURRING
    pay = Compensation(
        f"c-{start}-{amount}", PersonId("11"), "t", category, Decimal(amount), "EUR", "MONTHLY", start, None, None
    )
    return Paid(replace(pay, **more), until)  # type: ignore[arg-type]


def held(start: date, amount: str = "50.00", end: date | None = None, component: int = PHONE.key) -> HeldPay:
    return HeldPay(f"b-{start}", start, {benefit_field(component): amount}, end, component)


def case(pay: LoketPay, *ours: tuple[FieldPath, date], job: LoketEmployment = JOB) -> PayCase:
    memory = PayMemory(frozenset(ours))
    return PayCase(person(), job, LINE, PayrollPeriod.MONTH, pay, memory, AmountBasis.UNDECIDED, TODAY)


def decide(
    personio: list[Paid], *loket: HeldPay, ours: tuple[tuple[FieldPath, date], ...] = (), to: PayComponent = PHONE
) -> PayDecision:
    made = case(LoketPay(benefits={JOB.id: loket}), *ours)
    return recurring(made, {to: personio} if personio else {}, frozenset({PHONE.key, CAR.key}))


def notices(decision: PayDecision) -> list[tuple[NoticeCode, str]]:
    return [(one.code, one.detail) for one in decision.notices]


def sent(decision: PayDecision) -> list[tuple[WriteKind, date, dict[str, object]]]:
    return [(one.kind, one.effective_on, {each.field: each.after for each in one.changes}) for one in decision.writes]


def test_pay_that_only_loket_has_is_told_where_it_runs_on_the_line_or_begins_later() -> None:
    over, runs, later = held(date(2025, 1, 1), end=EVE), held(date(2025, 6, 1)), held(MARCH)

    assert notices(decide([], over, runs, later)) == [
        (NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2025-06-01"),
        (NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2026-03-01"),
    ]
    assert notices(decide([], held(EVE, end=LINE))) == [(NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2025-12-31")]
    assert notices(decide([], held(LINE))) == [(NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2026-01-01")]
    assert notices(decide([], held(MARCH, component=999))) == []


def test_pay_of_ours_that_personio_no_longer_has_goes_newest_first_and_is_told() -> None:
    decision = decide([], held(LINE), held(MARCH, "60.00"), ours=((AMOUNT, LINE), (AMOUNT, MARCH)))

    assert [(kind, day) for kind, day, _ in sent(decision)] == [
        (WriteKind.BENEFIT_DELETED, MARCH),
        (WriteKind.BENEFIT_DELETED, LINE),
    ]
    assert all(one.clears and not one.readded for one in decision.writes)
    assert notices(decision) == [
        (NoticeCode.PAY_WITHDRAWN, "component 284 from 2026-03-01"),
        (NoticeCode.PAY_WITHDRAWN, "component 284 from 2026-01-01"),
    ]


SOONER = date(2025, 12, 15)
DIFFERS = NoticeCode.PAY_DIFFERS_AT_START_DATE


@pytest.mark.parametrize(
    ("personio", "loket", "changed", "told_on"),
    [
        # it begins sooner than it did, was put right as well, or has ended meanwhile
        ([told("50", SOONER)], [held(MARCH)], [], f"on {LINE}"),
        ([told("60", SOONER)], [held(MARCH)], [(MARCH, {AMOUNT: "60.00"})], f"on {LINE}"),
        ([told("50", SOONER, MAY)], [held(MARCH)], [(MARCH, {END: str(MAY)})], f"on {LINE}"),
        # it was a raise: the amount until then stays as it is, and so does its last day
        ([told("50", SOONER)], [held(JUNE, "40.00", EVE_OF_MARCH), held(MARCH)], [], f"on {LINE}"),
        # a later raise comes after it
        ([told("50", SOONER), told("70", MAY)], [held(MARCH, end=EVE_OF_MAY), held(MAY, "70.00")], [], f"on {LINE}"),
        # payroll has entered it from the sooner day on
        ([told("50", SOONER)], [held(SOONER, end=EVE_OF_MARCH), held(MARCH)], [], None),
        # the start date itself is no other day
        ([told("50", SOONER)], [held(LINE)], [], f"on {LINE}"),
    ],
)
def test_a_record_of_ours_stays_whose_pay_begins_before_the_line_by_now(
    personio: list[Paid], loket: list[HeldPay], changed: list[tuple[date, dict[str, object]]], told_on: str | None
) -> None:
    ours = [(AMOUNT, one.start) for one in loket if one.start >= LINE]
    ends = [(END, one.start) for one in loket if one.end is not None]

    decision = decide(personio, *loket, ours=(*ours, *ends))

    assert sent(decision) == [(WriteKind.BENEFIT, *one) for one in changed]
    assert notices(decision) == ([(DIFFERS, f"component 284 {told_on}")] if told_on else [])


def test_a_withdrawn_raise_goes_where_the_amount_before_it_runs_on() -> None:
    before, raised = held(JUNE, "40.00", EVE_OF_MARCH), held(MARCH)
    ours, day_of_ours = (AMOUNT, MARCH), (END, JUNE)

    gone = decide([told("40", JUNE)], before, raised, ours=(ours, day_of_ours))
    put_right = decide([told("40", JUNE)], before, raised, ours=(ours,))  # its last day was payroll's: it cannot run on

    assert [(kind, day) for kind, day, _ in sent(gone)] == [
        (WriteKind.BENEFIT_DELETED, MARCH),
        (WriteKind.BENEFIT, JUNE),
    ]
    assert sent(put_right) == [(WriteKind.BENEFIT, MARCH, {AMOUNT: "40.00"})]


def test_no_record_goes_by_what_loket_does_not_show_of_it_or_of_the_one_before_it() -> None:
    before, raised = held(JUNE, "40.00", EVE_OF_MARCH), held(MARCH)
    ours, hidden = ((AMOUNT, MARCH), (END, JUNE)), {AMOUNT: NOT_OBSERVED}

    for sooner in ([told("50", SOONER)], [told("50", SOONER, currency="USD")]):
        for pair in ((replace(before, fields=hidden), raised), (before, replace(raised, fields=hidden))):
            assert sent(decide(sooner, *pair, ours=ours)) == []
    put_right = decide([told("60", SOONER)], replace(before, fields=hidden), raised, ours=ours)
    assert sent(put_right) == [(WriteKind.BENEFIT, MARCH, {AMOUNT: "60.00"})]


def test_a_record_of_ours_stays_as_it_is_while_nobody_can_say_what_the_sooner_pay_comes_to() -> None:
    for unclear in ([told("60", SOONER), told("70", SOONER)], [told("60", SOONER, currency="USD")]):
        assert sent(decide(unclear, held(MARCH), ours=((AMOUNT, MARCH),))) == []


def test_a_deletion_says_all_that_goes_and_until_when_it_would_have_run() -> None:
    shown = replace(held(LINE, end=FEBRUARY), fields={AMOUNT: "50.00", FieldPath("unshown"): NOT_OBSERVED})

    (ended, endless) = decide([], shown, held(MARCH), ours=((AMOUNT, LINE), (AMOUNT, MARCH))).writes[::-1]

    assert [(one.field, one.before, one.after) for one in ended.changes] == [
        (AMOUNT, "50.00", BLANK),
        (END, "2026-02-01", BLANK),
    ]
    assert (ended.reaches, endless.reaches) == ((LINE, FEBRUARY), (MARCH, date.max))
    assert [one.chain.rebuild for one in (ended, endless) if one.chain] == [True, True]


def test_only_what_was_ours_and_is_gone_for_good_is_told_as_withdrawn() -> None:
    ours = ((AMOUNT, LINE), (AMOUNT, MARCH))

    theirs = decide([told("50", LINE)], held(LINE), held(MARCH))
    added_again = decide(
        [told("50", LINE), told("55", FEBRUARY), told("60", MARCH)], held(LINE), held(MARCH), ours=ours
    )
    put_right = decide([told("60", LINE)], held(LINE), ours=ours)

    assert [one.kind for one in theirs.writes] == [WriteKind.BENEFIT_DELETED]
    assert WriteKind.BENEFIT_DELETED in [one.kind for one in added_again.writes]
    assert [one.kind for one in put_right.writes] == [WriteKind.BENEFIT]
    assert notices(theirs) == notices(added_again) == notices(put_right) == []


def test_what_somebody_else_entered_before_personio_s_first_record_stays_and_is_closed_by_it() -> None:
    decision = decide([told("60", MARCH)], held(FEBRUARY), held(MARCH))

    assert sent(decision) == [
        (WriteKind.BENEFIT, FEBRUARY, {END: "2026-02-28"}),
        (WriteKind.BENEFIT, MARCH, {AMOUNT: "60.00"}),
    ]
    assert notices(decision) == [(NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2026-02-01")]


def test_each_component_keeps_its_own_records() -> None:
    phone, car = held(LINE), replace(held(LINE, component=CAR.key), id="car")

    decision = decide([told("50", LINE)], phone, car, ours=((benefit_field(CAR.key), LINE),))

    assert [(one.kind, one.target) for one in decision.writes] == [(WriteKind.BENEFIT_DELETED, "car")]


def test_two_amounts_from_one_day_are_a_finding_and_the_same_amount_twice_is_not() -> None:
    apart = decide([told("50", MARCH), told("60", MARCH), told("70", FEBRUARY)])

    assert apart.findings == (Finding(FindingCode.PAY_AMBIGUOUS, AMOUNT, "from 2026-03-01"),)
    assert apart.writes == ()
    assert decide([told("50", LINE), told("60", LINE)]).findings != ()
    assert decide([told("50", EVE), told("60", EVE)]).findings == ()  # from before the line: nothing is sent of it
    assert decide([told("50", MARCH), told("50.0", MARCH, type_name="Again")]).findings == ()


def test_an_amount_that_loket_cannot_take_is_a_finding() -> None:
    assert decide([told("-1", MARCH)]).findings == (Finding(FindingCode.AMOUNT_RANGE, AMOUNT),)
    assert sent(decide([told("-1", MARCH)], to=CAR)) == [
        (WriteKind.BENEFIT_CREATED, MARCH, {benefit_field(CAR.key): "1.00"})
    ]


def test_a_record_ends_the_day_before_the_next_one_or_on_its_own_last_day() -> None:
    january, february = told("50", LINE, date(2026, 1, 15)), told("60", FEBRUARY)

    assert sent(decide([february, january, told("70", MARCH)])) == [
        (WriteKind.BENEFIT_CREATED, LINE, {AMOUNT: "50.00", END: "2026-01-15"}),
        (WriteKind.BENEFIT_CREATED, FEBRUARY, {AMOUNT: "60.00", END: "2026-02-28"}),
        (WriteKind.BENEFIT_CREATED, MARCH, {AMOUNT: "70.00"}),
    ]


def test_a_new_record_reaches_until_its_last_day_and_takes_the_place_of_the_one_before_it() -> None:
    january, february = decide([told("50", LINE), told("60", FEBRUARY)]).writes

    assert january.reaches == (LINE, date(2026, 1, 31))
    assert february.reaches == (FEBRUARY, date.max)
    assert [(one.before, one.after) for one in february.changes] == [("50.00", "60.00")]


def test_pay_that_was_over_before_the_employment_began_is_not_sent_and_that_of_one_day_is() -> None:
    def until(day: date, start: date = FEBRUARY) -> PayDecision:
        made = case(LoketPay(), job=replace(JOB, start=start))
        return recurring(made, {PHONE: [told("50", date(2025, 6, 1), day)]}, frozenset({PHONE.key}))

    assert until(date(2026, 1, 31)) == until(EVE, start=LINE) == PayDecision()
    assert sent(until(FEBRUARY)) == [(WriteKind.BENEFIT_CREATED, FEBRUARY, {AMOUNT: "50.00", END: "2026-02-01"})]


def test_pay_that_ends_for_good_clears_and_pay_that_goes_on_with_another_amount_does_not() -> None:
    (ended,) = decide([told("50", LINE, EVE.replace(year=2026))], held(LINE)).writes
    (followed, _) = decide([told("50", LINE), told("60", MARCH)], held(LINE)).writes

    assert (ended.clears, ended.reaches) == (True, (date(2027, 1, 1), date.max))
    assert (followed.clears, followed.reaches) == (False, (MARCH, date.max))
    (for_ever,) = decide([told("50", LINE, date.max)], held(LINE)).writes
    assert for_ever.reaches == (date.max, date.max)


def test_an_amount_that_is_put_right_reaches_from_its_first_day_on() -> None:
    (write,) = decide([told("60", LINE)], held(LINE)).writes

    assert (write.kind, write.reaches) == (WriteKind.BENEFIT, (LINE, date.max))
    assert write.conversion is not None
    assert write.chain is not None
    assert not write.chain.rebuild


@pytest.mark.parametrize(("amount", "differs"), [("50", False), ("60", True)])
def test_pay_from_before_the_line_that_differs_on_it_is_told_and_stays(amount: str, differs: bool) -> None:
    decision = decide([told(amount, date(2025, 6, 1))], held(date(2025, 6, 1)))

    assert decision.writes == ()
    assert notices(decision) == (
        [(NoticeCode.PAY_DIFFERS_AT_START_DATE, "component 284 on 2026-01-01")] if differs else []
    )


def test_the_sign_of_a_deduction_is_no_difference() -> None:
    lease, june = replace(held(date(2025, 6, 1), component=CAR.key), id="car"), date(2025, 6, 1)

    assert notices(decide([told("-50", june)], lease, to=CAR)) == []
    assert notices(decide([told("-60", june)], lease, to=CAR)) == [
        (NoticeCode.PAY_DIFFERS_AT_START_DATE, "component 290 on 2026-01-01")
    ]
    assert sent(once([told("-50", LINE, once=True)], to=replace(BONUS, kind=ComponentKind.DEDUCTION))) == [
        (WriteKind.PERIOD_DATA, LINE, {VALUE: "50.00"})
    ]
    assert once([told("-50", LINE, once=True)]).findings == (Finding(FindingCode.AMOUNT_RANGE, VALUE),)


def test_of_pay_from_before_the_line_the_latest_holds_on_it() -> None:
    older, newer = told("40", date(2025, 1, 1)), told("50", date(2025, 6, 1))

    assert notices(decide([newer, older], held(date(2025, 6, 1)))) == []
    assert notices(decide([newer, told("60", MARCH)], held(date(2025, 6, 1), "60.00"))) == [
        (NoticeCode.PAY_DIFFERS_AT_START_DATE, "component 284 on 2026-01-01")
    ]


def test_an_amount_from_before_the_line_that_cannot_be_converted_is_nobody_s_concern() -> None:
    assert decide([told("50", date(2025, 6, 1), interval="DAILY")], held(date(2025, 6, 1))) == PayDecision()


def test_pay_that_begins_on_the_line_leaves_nothing_to_compare_from_before_it() -> None:
    assert notices(decide([told("40", date(2025, 6, 1)), told("60", LINE)], held(date(2025, 6, 1)))) == []
    assert notices(decide([told("40", date(2025, 6, 1)), told("60", FEBRUARY)], held(date(2025, 6, 1)))) == [
        (NoticeCode.PAY_DIFFERS_AT_START_DATE, "component 284 on 2026-01-01")
    ]


def test_pay_from_before_the_line_that_personio_ends_gets_a_last_day_and_keeps_its_amount() -> None:
    june = date(2025, 6, 1)

    (ended,) = decide([told("50", june, FEBRUARY)], held(june)).writes
    (followed, created) = decide([told("60", FEBRUARY)], held(june)).writes

    assert [(one.field, one.after) for one in ended.changes] == [(END, "2026-02-01")]
    assert ended.clears
    assert [(one.field, one.after) for one in followed.changes] == [(END, "2026-01-31")]
    assert not followed.clears
    assert created.effective_on == FEBRUARY
    assert sent(decide([told("60", FEBRUARY)], held(june, end=date(2026, 6, 30))))[0] == (
        WriteKind.BENEFIT,
        june,
        {END: "2026-01-31"},
    )


@pytest.mark.parametrize(
    ("stands_until", "new_until", "clears"),
    [
        (None, MARCH, True),  # what ran on without end has one now
        (date(2026, 6, 30), MARCH, True),
        (date(2026, 6, 30), date(2026, 6, 30), False),
        (date(2026, 6, 30), None, False),
        (EVE, MARCH, False),  # what had ended begins anew, for a while
    ],
)
def test_pay_that_goes_on_with_a_newer_amount_is_ended_when_that_ends_sooner(
    stands_until: date | None, new_until: date | None, clears: bool
) -> None:
    standing = held(date(2025, 6, 1), end=stands_until)

    writes = decide([told("50", date(2025, 6, 1), stands_until), told("60", FEBRUARY, new_until)], standing).writes

    assert writes[-1].kind is WriteKind.BENEFIT_CREATED
    assert [one.clears for one in writes[:-1]] == [False] * len(writes[:-1])
    assert writes[-1].clears is clears


def test_a_record_that_is_added_again_with_an_end_it_had_not_is_ended() -> None:
    standing = (held(LINE), held(MARCH, "60.00"))
    until = date(2026, 6, 30)

    writes = decide([told("50", LINE), told("55", FEBRUARY), told("60", MARCH, until)], *standing).writes

    assert [(one.kind, one.clears) for one in writes] == [
        (WriteKind.BENEFIT_DELETED, False),
        (WriteKind.BENEFIT, False),
        (WriteKind.BENEFIT_CREATED, False),
        (WriteKind.BENEFIT_CREATED, True),
    ]


@pytest.mark.parametrize(("stands_until", "clears"), [(None, True), (date(2026, 2, 10), False)])
def test_pay_that_begins_again_only_after_a_while_is_ended_where_loket_pays_meanwhile(
    stands_until: date | None, clears: bool
) -> None:
    until = date(2026, 2, 10)
    standing = (held(LINE, end=stands_until), held(MARCH, "60.00"))

    ended = decide([told("50", LINE, until), told("60", MARCH)], *standing).writes
    rebuilt = decide([told("50", LINE), told("55", FEBRUARY, until), told("60", MARCH)], *standing).writes

    assert [one.clears for one in ended] == [True] * clears
    assert [one.clears for one in rebuilt] == [False, False, clears, False]


def test_a_last_day_that_somebody_else_gave_stays_and_is_told_and_one_of_ours_goes() -> None:
    june, until = date(2025, 6, 1), date(2026, 2, 28)

    theirs = decide([told("50", june)], held(june, end=until))
    ours = decide([told("50", june)], held(june, end=until), ours=((END, june),))

    assert (theirs.writes, notices(theirs)) == (
        (),
        [(NoticeCode.PAY_DIFFERS_AT_START_DATE, "component 284, until 2026-02-28")],
    )
    (longer,) = ours.writes
    assert [(one.field, one.before, one.after) for one in longer.changes] == [(END, "2026-02-28", BLANK)]
    assert not longer.clears
    assert longer.reaches == (MARCH, date.max)


@pytest.mark.parametrize(("until", "is_told"), [(EVE - timedelta(days=1), False), (EVE, True)])
def test_a_record_that_ended_on_the_eve_of_the_line_is_the_one_that_personio_s_pay_goes_on_in(
    until: date, is_told: bool
) -> None:
    june = date(2025, 6, 1)

    decision = decide([told("50", june)], held(june, end=until))

    assert decision.writes == ()
    where = "component 284, until 2025-12-31" if is_told else "component 284 on 2026-01-01"
    assert notices(decision) == [(NoticeCode.PAY_DIFFERS_AT_START_DATE, where)]


def test_a_last_day_in_loket_stays_where_personio_s_pay_has_the_same_one_or_begins_later() -> None:
    june, until = date(2025, 6, 1), date(2026, 2, 15)

    assert decide([told("50", june, until)], held(june, end=until)) == PayDecision()
    assert decide([told("50", june, until)], held(june, end=until), ours=((END, june),)) == PayDecision()
    assert notices(decide([told("50", june, MARCH)], held(june, end=until))) == [
        (NoticeCode.PAY_DIFFERS_AT_START_DATE, "component 284, until 2026-02-15")
    ]
    assert sent(decide([told("50", june, MARCH)], held(june, end=until), ours=((END, june),))) == [
        (WriteKind.BENEFIT, june, {END: "2026-03-01"})
    ]
    later = decide([told("60", MARCH)], held(june, end=until), ours=((END, june),))
    assert sent(later) == [(WriteKind.BENEFIT_CREATED, MARCH, {AMOUNT: "60.00"})]
    assert notices(later) == [(NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2025-06-01")]


@pytest.mark.parametrize("until", [None, MARCH, date(2026, 6, 30)])
def test_the_last_day_of_pay_from_before_the_line_is_not_that_of_what_somebody_else_entered_later(
    until: date | None,
) -> None:
    june, april = date(2025, 6, 1), date(2026, 4, 1)

    decision = decide([told("50", june, until)], held(june), held(LINE, "60.00", MARCH), held(april, "70.00", april))

    assert decision.writes == ()
    assert notices(decision) == [
        (NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2026-01-01"),
        (NoticeCode.PAY_ONLY_IN_LOKET, "component 284, 2026-04-01"),
    ]


def test_pay_from_before_the_line_that_ends_before_the_next_begins_is_ended_for_good() -> None:
    june = date(2025, 6, 1)

    ended, created = decide([told("50", june, date(2026, 1, 15)), told("60", FEBRUARY)], held(june)).writes

    assert [(one.field, one.after) for one in ended.changes] == [(END, "2026-01-15")]
    assert ended.clears
    assert created.effective_on == FEBRUARY


def once(
    personio: list[Paid],
    *values: HeldValue,
    ours: tuple[tuple[FieldPath, date], ...] = (),
    periods: tuple[PeriodSpan, ...] = (DECEMBER_PERIOD, JANUARY_PERIOD, FEBRUARY_PERIOD),
    job: LoketEmployment = JOB,
    to: PayComponent = BONUS,
) -> PayDecision:
    made = case(LoketPay(values={JOB.id: values}, periods=periods), *ours, job=job)
    return one_time(made, {to: personio}, frozenset({BONUS.key}))


def test_one_time_amounts_of_one_period_are_added_up_and_sent_once() -> None:
    several = [told("100", date(2026, 1, 31), once=True), told("50", LINE, once=True), told("7", FEBRUARY, once=True)]

    decision = once(several)

    assert sent(decision) == [
        (WriteKind.PERIOD_DATA, LINE, {VALUE: "150.00"}),
        (WriteKind.PERIOD_DATA, FEBRUARY, {VALUE: "7.00"}),
    ]
    assert decision.writes[0].reaches == (LINE, date(2026, 1, 31))
    assert decision.writes[0].conversion is not None
    assert decision.writes[0].conversion.parts == (Decimal(50), Decimal(100))
    assert decision.writes[0].conversion.amount == Decimal(150)
    assert decision.writes[1].conversion is not None
    assert (decision.writes[1].conversion.amount, decision.writes[1].conversion.parts) == (Decimal(7), ())


def test_one_time_amounts_are_sent_period_by_period_and_within_one_by_component() -> None:
    travel = PayComponent(302, ComponentKind.ONE_TIME)
    made = case(LoketPay(periods=(JANUARY_PERIOD, FEBRUARY_PERIOD)))
    paid = {travel: [told("5", LINE, once=True)], BONUS: [told("9", FEBRUARY, once=True), told("9", LINE, once=True)]}

    decision = one_time(made, paid, frozenset({BONUS.key, travel.key}))

    assert [(one.effective_on, one.component) for one in decision.writes] == [
        (LINE, BONUS.key),
        (LINE, travel.key),
        (FEBRUARY, BONUS.key),
    ]


def test_one_time_amounts_that_together_exceed_loket_s_maximum_are_a_finding() -> None:
    most, cent = told("99999.99", LINE, once=True), told("0.01", LINE, once=True)

    assert once([most]).findings == ()
    assert once([most, cent]).findings == (Finding(FindingCode.AMOUNT_RANGE, VALUE, "2026-01"),)


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        (("-100", "20"), "80.00"),  # a positive amount corrects it
        (("100", "20"), "120.00"),
        (("-100", "-20"), "120.00"),
        (("-100", "20", "30"), "50.00"),
        (("100", "-20"), "80.00"),
        (("-20", "100"), "80.00"),  # which of the two is the correction is not said, and makes no difference
        (("-20", "20"), None),
        (("-20", "20", "-20"), "20.00"),
    ],
)
def test_a_deduction_of_one_time_is_corrected_by_an_amount_of_the_other_sign(
    amounts: tuple[str, ...], total: str | None
) -> None:
    decision = once([told(one, LINE, once=True) for one in amounts], to=replace(CAR, key=BONUS.key))

    wanted = [] if total is None else [(WriteKind.PERIOD_DATA, LINE, {VALUE: total})]
    assert (sent(decision), decision.findings) == (wanted, ())


def test_a_later_correction_that_gives_back_more_than_was_taken_is_a_finding() -> None:
    later = date(2026, 1, 20)
    car = replace(CAR, key=BONUS.key)

    assert once([told("-100", LINE, once=True), told("150", later, once=True)], to=car).findings == (
        Finding(FindingCode.AMOUNT_RANGE, VALUE, "2026-01"),
    )
    less = once([told("100", LINE, once=True), told("-30", later, once=True)], to=car)
    assert [each.after for one in less.writes for each in one.changes] == ["70.00"]


def test_two_types_of_deductions_may_each_have_a_sign_of_their_own() -> None:
    both = [told("50", LINE, once=True), told("-20", LINE, once=True, type_id="car")]

    (write,) = once(both, to=replace(CAR, key=BONUS.key)).writes

    assert [one.after for one in write.changes] == ["70.00"]
    assert write.conversion is not None
    assert (write.conversion.amount, sorted(write.conversion.parts)) == (Decimal(70), [Decimal(20), Decimal(50)])


def test_a_deduction_that_was_sent_and_is_taken_back_whole_goes() -> None:
    both = [told(one, LINE, once=True) for one in ("100", "-100")]
    stands = HeldValue((2026, 1), BONUS.key, "100.00")

    decision = once(both, stands, ours=((VALUE, LINE),), to=replace(CAR, key=BONUS.key))

    assert (sent(decision), notices(decision)) == (
        [(WriteKind.PERIOD_DATA, LINE, {VALUE: BLANK})],
        [(NoticeCode.PAY_WITHDRAWN, "component 301 from 2026-01-01")],
    )


def test_a_one_time_amount_that_loket_holds_is_not_sent_again() -> None:
    assert once([told("150", LINE, once=True)], HeldValue((2026, 1), BONUS.key, "150")) == PayDecision()


def test_a_one_time_amount_from_before_the_line_or_the_employment_or_in_no_known_period_waits() -> None:
    started = replace(JOB, start=FEBRUARY)

    assert once([told("9", EVE, once=True), told("9", None, once=True)]) == PayDecision()
    assert once([told("9", date(2026, 1, 31), once=True)], job=started) == PayDecision()
    assert sent(once([told("9", FEBRUARY, once=True)], job=started)) != []
    assert once([told("9", MARCH, once=True)]) == PayDecision()


def test_one_time_pay_from_before_the_employment_is_told_for_its_first_months_unless_it_was_sent() -> None:
    """It may be a bonus for joining, or of an earlier employment."""
    started = replace(JOB, start=FEBRUARY)

    def notice(
        today: date, day: date, *ours: tuple[FieldPath, date], values: tuple[HeldValue, ...] = ()
    ) -> list[tuple[NoticeCode, str]]:
        held = LoketPay(periods=(JANUARY_PERIOD, FEBRUARY_PERIOD), values={started.id: values})
        made = case(held, *ours, job=started)
        early = {BONUS: [told("9", day, once=True)]}
        found = notices(one_time(replace(made, today=today), early, frozenset({BONUS.key})))
        return [one for one in found if one[0] is NoticeCode.PAY_BEFORE_EMPLOYMENT]

    assert notice(FEBRUARY, LINE) == [(NoticeCode.PAY_BEFORE_EMPLOYMENT, f"component 301 on {LINE}")]
    assert notice(FEBRUARY + timedelta(days=91), LINE) != []
    assert notice(FEBRUARY + timedelta(days=92), LINE) == []
    assert notice(FEBRUARY, EVE) == []
    assert notice(FEBRUARY, LINE, (VALUE, LINE)) == []
    entered = HeldValue((2026, 2), BONUS.key, "9.00")  # by payroll, most likely this one
    assert notice(FEBRUARY, LINE, values=(entered,)) == []
    assert notice(FEBRUARY, LINE, (VALUE, FEBRUARY), values=(entered,)) != []
    assert notice(FEBRUARY, LINE, values=(replace(entered, period=(2026, 1)),)) != []


def test_a_value_that_personio_does_not_have_goes_where_it_is_ours_and_is_told_where_it_is_not() -> None:
    value = HeldValue((2026, 2), BONUS.key, "9.00")

    ours, theirs = once([], value, ours=((VALUE, FEBRUARY),)), once([], value)

    assert [one.clears for one in ours.writes] == [True]
    assert notices(ours) == [(NoticeCode.PAY_WITHDRAWN, "component 301 from 2026-02-01")]
    assert theirs.writes == ()
    assert notices(theirs) == [(NoticeCode.PAY_ONLY_IN_LOKET, "component 301, 2026-02")]
    assert once([], HeldValue((2025, 12), BONUS.key, "9.00"), ours=((VALUE, date(2025, 12, 1)),)) == PayDecision()
    assert notices(once([], HeldValue((2026, 1), BONUS.key, "9.00"))) != []
