"""The wages of one person as one decision: what each write carries, reaches and clears, and what is only told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.events.loket import WriteKind
from domain.planning.comparison import replaced
from domain.planning.findings import Finding, FindingCode, NoticeCode
from domain.planning.pay.case import PayCase, PayDecision, PayMemory
from domain.planning.pay.conversion import PayrollPeriod, Wage, wage
from domain.planning.pay.in_line import InLine
from domain.planning.pay.sent_types import component_of, is_enabled, types_not_sent
from domain.planning.pay.wages import wages
from domain.settings import AmountBasis, ComponentKind, PayComponent, PaySettings, Policy
from domain.snapshots import Compensation, CompensationCategory, HeldPay, LoketEmployment, LoketPay, Paid
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed, PersonId
from tests.support.people import POLICY, person

JOB = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)
JUNE, LINE, FEBRUARY, MARCH = date(2025, 6, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 3, 15)
EVE, MAY = date(2025, 12, 15), date(2026, 5, 1)
GRADE, APPLY, NET = (FieldPath(f"wage.{leaf}") for leaf in ("payGrade", "applyPayGrade", "netWage"))


def salary(amount: str, start: date | None, until: date | None = None, **more: object) -> Paid:
    full = Decimal(40)
    category = CompensationCategory.FIXED_SALARY
    pay = Compensation(
        f"c-{start}", PersonId("11"), "t", category, Decimal(amount), "EUR", "MONTHLY", start, full, full
    )
    return Paid(replace(pay, **more), until)  # type: ignore[arg-type]


def held(amount: str, start: date, **extras: Observed) -> HeldPay:
    more = {FieldPath(f"wage.{leaf}"): value for leaf, value in extras.items()}
    return HeldPay(f"w-{start}", start, {GROSS_WAGE: amount, GROSS_WAGE_TYPE: "1", **more})


def decide(
    personio: list[Paid],
    *loket: HeldPay,
    ours: tuple[date, ...] = (),
    removed: dict[date, dict[FieldPath, Observed]] | None = None,
) -> PayDecision:
    memory = PayMemory(frozenset((GROSS_WAGE, day) for day in ours), removed or {})
    at_start = [one for one in loket if one.start <= LINE]
    pay = LoketPay(wages={JOB.id: loket}, wage_at_start={JOB.id: at_start[-1]} if at_start else {})
    made = PayCase(person(), JOB, LINE, PayrollPeriod.MONTH, pay, memory, AmountBasis.UNDECIDED, TODAY)
    return wages(made, InLine(tuple(personio)))


def codes(decision: PayDecision) -> list[tuple[NoticeCode, str]]:
    return [(one.code, one.detail) for one in decision.notices]


def test_a_new_wage_reaches_until_the_day_before_the_next_one() -> None:
    first, second = decide([salary("3000", FEBRUARY), salary("3100", MARCH)]).writes

    assert [one.kind for one in (first, second)] == [WriteKind.WAGE_CREATED] * 2
    assert (first.reaches, second.reaches) == ((FEBRUARY, date(2026, 2, 28)), (MARCH, date.max))
    assert {one.field: one.after for one in first.changes} == {GROSS_WAGE: "3000.00", GROSS_WAGE_TYPE: "1"}
    assert first.chain is not None
    assert not first.chain.rebuild
    assert not first.clears
    assert [one.before for one in second.changes if one.field == GROSS_WAGE] == ["3000.00"]


def test_a_wage_is_put_right_in_place_and_no_pay_grade_may_overrule_it() -> None:
    (plain,) = decide([salary("3000", FEBRUARY)], held("2900", FEBRUARY, applyPayGrade="false")).writes
    (graded,) = decide([salary("3000", FEBRUARY)], held("2900", FEBRUARY, applyPayGrade="true")).writes

    assert (plain.kind, plain.reaches) == (WriteKind.WAGE, (FEBRUARY, date.max))
    assert [(one.field, one.before, one.after) for one in plain.changes] == [(GROSS_WAGE, "2900", "3000.00")]
    assert [(one.field, one.after) for one in graded.changes] == [(GROSS_WAGE, "3000.00"), (APPLY, "false")]
    assert decide([salary("3000", FEBRUARY)], held("3000", FEBRUARY, applyPayGrade="true")).writes == ()


def test_a_rebuilt_wage_keeps_what_is_none_of_ours_but_the_use_of_a_pay_grade() -> None:
    later = held("3100", MARCH, payGrade="4", netWage="12.00", applyPayGrade="true")
    deleted, first, again = decide([salary("3000", FEBRUARY), salary("3200", MARCH)], later).writes

    assert (deleted.kind, deleted.readded, deleted.clears) == (WriteKind.WAGE_DELETED, True, False)
    assert {one.field: one.before for one in deleted.changes} == {
        GROSS_WAGE: "3100",
        GROSS_WAGE_TYPE: "1",
        GRADE: "4",
        NET: "12.00",
        APPLY: "true",
    }
    assert {one.field: one.after for one in again.changes} == {
        GROSS_WAGE: "3200.00",
        GROSS_WAGE_TYPE: "1",
        GRADE: "4",
        NET: "12.00",
    }
    assert [one.chain.rebuild for one in (deleted, first, again) if one.chain] == [True] * 3


def test_a_new_wage_keeps_what_is_none_of_ours_of_the_one_that_holds_until_it() -> None:
    earlier = held("3000", LINE, payGrade="4", netWage="12.00", applyPayGrade="true")
    removed = {MARCH: {GROSS_WAGE: "3100", NET: "13.00"}}
    sent = [salary("3000", LINE), salary("3200", FEBRUARY), salary("3300", date(2026, 4, 1))]

    (raised, _), (before, after) = (
        decide(sent, earlier).writes,
        decide(sent, earlier, removed=removed).writes,
    )

    assert {one.field: one.after for one in raised.changes} == {
        GROSS_WAGE: "3200.00", GROSS_WAGE_TYPE: "1", GRADE: "4", NET: "12.00"
    }  # fmt: skip
    net = [one for write in (raised, before, after) for one in write.changes if one.field == NET]
    assert [one.after for one in net] == ["12.00", "12.00", "13.00"]
    assert [one.before for one in net] == ["12.00", "12.00", BLANK]  # of what a rebuild removed, that is on record


def test_what_a_new_wage_takes_over_as_it_is_replaces_nothing() -> None:
    (raised,) = decide([salary("3200", FEBRUARY)], held("3000", LINE, netWage="12.00")).writes

    assert NET in {one.field for one in raised.changes}
    assert {one.field for one in replaced(raised.changes)} == {GROSS_WAGE, GROSS_WAGE_TYPE}


def test_a_salary_from_the_line_itself_is_sent() -> None:
    (created,), (changed,) = (
        decide([salary("3000", LINE)]).writes,
        decide([salary("3000", LINE)], held("1", LINE)).writes,
    )

    assert (created.kind, created.effective_on) == (WriteKind.WAGE_CREATED, LINE)
    assert (changed.kind, changed.effective_on) == (WriteKind.WAGE, LINE)


def test_a_wage_of_ours_goes_whose_salary_now_begins_later() -> None:
    deleted, created = decide([salary("3000", MARCH)], held("3000", FEBRUARY), ours=(FEBRUARY,)).writes

    assert (deleted.kind, deleted.effective_on) == (WriteKind.WAGE_DELETED, FEBRUARY)
    assert (created.kind, created.effective_on) == (WriteKind.WAGE_CREATED, MARCH)


@pytest.mark.parametrize(
    ("wage_in_loket", "settled"),
    [
        (held("1500", MARCH), True),  # the amount is the full-time one
        (held("3000", MARCH), True),  # or the person's own
        (held("1500", FEBRUARY), True),
        (held("2000", MARCH), False),
        (None, False),
    ],
)
def test_of_an_undecided_amount_only_what_loket_holds_already_is_believed(
    wage_in_loket: HeldPay | None, settled: bool
) -> None:
    """Then nothing is sent of it, and nothing is told or taken away, whoever entered it (PAY-9)."""
    half = salary("1500", MARCH, weekly_hours=Decimal(20))
    there = [] if wage_in_loket is None else [wage_in_loket]

    decision = decide([half], *there, ours=(FEBRUARY, MARCH))

    undecided = (Finding(FindingCode.AMOUNT_BASIS_UNDECIDED, GROSS_WAGE),)
    assert decision == PayDecision(findings=() if settled else undecided)


def test_nothing_is_sent_that_changes_the_wage_which_an_undecided_amount_is_held_against() -> None:
    half, before = salary("1500", MARCH, weekly_hours=Decimal(20)), salary("2800", FEBRUARY)
    after = salary("2900", date(2026, 4, 1))

    assert [one.code for one in decide([before, half], held("1500", LINE)).findings] == [
        FindingCode.AMOUNT_BASIS_UNDECIDED
    ]
    assert [one.effective_on for one in decide([half, after], held("1500", LINE)).writes] == [
        after.compensation.takes_effect
    ]


def test_a_salary_that_cannot_be_converted_is_a_finding() -> None:
    daily = salary("3000", MARCH, interval="DAILY")

    assert decide([daily, salary("3100", FEBRUARY)]).findings == (
        Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, GROSS_WAGE),
    )


@pytest.mark.parametrize(
    ("start", "full_time", "fits"), [(MARCH, False, False), (MARCH, True, True), (FEBRUARY, False, True)]
)
def test_without_hours_only_a_wage_that_loket_does_not_scale_cannot_be_put_right(
    start: date, full_time: bool, fits: bool
) -> None:
    pay = LoketPay(wages={JOB.id: (replace(held("2900", start), full_time=full_time),)})
    nobody = replace(person(), employment=None)
    made = PayCase(nobody, JOB, LINE, PayrollPeriod.MONTH, pay, PayMemory(), AmountBasis.FULL_TIME, TODAY)

    decision = wages(made, InLine((salary("3000", MARCH, weekly_hours=None, full_time_hours=None),)))

    assert bool(decision.writes) is fits
    assert [one.code for one in decision.findings] == ([] if fits else [FindingCode.AMOUNT_NOT_CONVERTIBLE])


def test_a_pay_grade_that_is_not_used_is_no_loss() -> None:
    deleted = decide([salary("3000", FEBRUARY)], held("3100", MARCH, applyPayGrade="false")).writes[0]

    assert APPLY not in {one.field for one in deleted.changes}


def test_what_an_open_rebuild_removed_comes_back_with_its_record() -> None:
    (created,) = decide([salary("3200", MARCH)], removed={MARCH: {GRADE: "4"}, FEBRUARY: {NET: "1"}}).writes

    assert {one.field: one.after for one in created.changes}.get(GRADE) == "4"
    assert NET not in {one.field for one in created.changes}


def test_a_deleted_wage_clears_unless_a_later_one_follows() -> None:
    february, march = held("3100", date(2026, 2, 15)), held("3200", MARCH)
    writes = decide([salary("3000", FEBRUARY), salary("3300", date(2026, 2, 20))], february, march).writes

    deleted = {one.effective_on: one for one in writes if one.kind is WriteKind.WAGE_DELETED}
    assert list(deleted) == [MARCH, date(2026, 2, 15)]  # the newest first
    assert deleted[date(2026, 2, 15)].followed
    assert not deleted[MARCH].followed
    assert deleted[MARCH].reaches == (MARCH, date.max)


def test_a_wage_of_ours_goes_where_personio_has_another_and_stays_where_it_has_none() -> None:
    withdrawn = decide([salary("3000", JUNE)], held("3000", JUNE), held("3100", MARCH), ours=(MARCH,))
    hidden = decide([], held("3100", MARCH), ours=(MARCH,))

    assert [(one.kind, one.effective_on) for one in withdrawn.writes] == [(WriteKind.WAGE_DELETED, MARCH)]
    assert codes(withdrawn) == [(NoticeCode.PAY_WITHDRAWN, "wage from 2026-03-01")]
    assert hidden.writes == ()
    assert codes(hidden) == [(NoticeCode.PAY_ONLY_IN_LOKET, "wage from 2026-03-01")]


DIFFERS = NoticeCode.PAY_DIFFERS_AT_START_DATE


@pytest.mark.parametrize(
    ("personio", "loket", "put_right", "told"),
    [
        # the raise begins sooner than it did, or was put right as well
        ([("3100", EVE)], [("3000", JUNE), ("3100", MARCH)], {}, [(DIFFERS, "wage on 2026-01-01")]),
        ([("3200", EVE)], [("3000", JUNE), ("3100", MARCH)], {MARCH: "3200.00"}, [(DIFFERS, "wage on 2026-01-01")]),
        # there was no wage in Loket until then, or payroll has entered the raise from the sooner day on
        ([("3100", EVE)], [("3100", MARCH)], {}, [(DIFFERS, "wage from 2026-03-01")]),
        ([("3100", EVE)], [("3100", EVE), ("3100", MARCH)], {}, []),
        # of two the second is the one in force since
        (
            [("3200", EVE)], [("3100", FEBRUARY), ("3200", MARCH)], {FEBRUARY: "3200.00"},
            [(DIFFERS, f"wage from {FEBRUARY}")],
        ),
        # a later salary comes after it
        (
            [("3100", EVE), ("3300", MAY)], [("3000", JUNE), ("3100", MARCH), ("3300", MAY)], {},
            [(DIFFERS, "wage on 2026-01-01")],
        ),
        # the start date itself is no other day
        ([("3100", EVE)], [("3000", JUNE), ("3100", LINE)], {}, [(DIFFERS, f"wage from {LINE}")]),
    ],
)  # fmt: skip
def test_a_wage_of_ours_stays_whose_salary_begins_before_the_line_by_now(
    personio: list[tuple[str, date]],
    loket: list[tuple[str, date]],
    put_right: dict[date, str],
    told: list[tuple[NoticeCode, str]],
) -> None:
    there, ours = [held(*one) for one in loket], tuple(day for _, day in loket if day >= LINE)

    decision = decide([salary(*one) for one in personio], *there, ours=ours)

    changed = {one.effective_on: one.changes[0].after for one in decision.writes if one.kind is WriteKind.WAGE}
    assert (changed, len(decision.writes)) == (put_right, len(put_right))
    assert codes(decision) == told


def test_a_wage_of_ours_stays_as_it_is_while_nobody_can_say_what_the_sooner_salary_comes_to() -> None:
    twice = [salary("3200", EVE, id="a"), salary("3300", EVE, id="b")]
    half = [salary("3200", EVE, weekly_hours=Decimal(20))]

    for unclear in (twice, half, [salary("3200", EVE, currency="USD")]):
        decision = decide(unclear, held("3100", MARCH), ours=(MARCH,))
        assert decision.writes == ()
        assert codes(decision) == [(DIFFERS, "wage from 2026-03-01")]


@pytest.mark.parametrize("fields", [{}, {GROSS_WAGE: NOT_OBSERVED, GROSS_WAGE_TYPE: "1"}])
def test_no_wage_goes_by_what_loket_does_not_show_of_it_or_of_the_one_before_it(
    fields: dict[FieldPath, Observed],
) -> None:
    sooner, before, raised = salary("3100", EVE), held("3000", JUNE), held("3100", MARCH)
    dollars = salary("3200", EVE, currency="USD")

    for decision in (
        decide([sooner], before, replace(raised, fields=fields), ours=(MARCH,)),
        decide([sooner], replace(before, fields=fields), raised, ours=(MARCH,)),
        decide([dollars], before, replace(raised, fields=fields), ours=(MARCH,)),
    ):
        assert decision.writes == ()
        assert NoticeCode.PAY_WITHDRAWN not in dict(codes(decision))
    (put_right,) = decide([sooner], replace(before, fields=fields), held("3300", MARCH), ours=(MARCH,)).writes
    assert (put_right.kind, put_right.effective_on) == (WriteKind.WAGE, MARCH)


def test_a_wage_of_ours_goes_that_begins_after_the_sooner_salary_has_ended() -> None:
    sooner, later = salary("3100", EVE, date(2026, 2, 15)), salary("3300", MAY)

    decision = decide([sooner, later], held("3100", FEBRUARY), held("3200", MARCH), ours=(FEBRUARY, MARCH))

    assert [(one.kind, one.effective_on) for one in decision.writes] == [
        (WriteKind.WAGE_DELETED, MARCH),
        (WriteKind.WAGE_CREATED, MAY),
    ]
    assert (NoticeCode.PAY_WITHDRAWN, "wage from 2026-03-01") in codes(decision)


def test_what_is_ours_stays_beneath_what_somebody_else_entered_later() -> None:
    since, wage_in = [salary("3000", JUNE)], (held("3000", JUNE), held("3100", FEBRUARY), held("3200", MARCH))

    on_top, beneath = decide(since, *wage_in, ours=(MARCH,)), decide(since, *wage_in, ours=(FEBRUARY,))

    assert [(one.kind, one.effective_on) for one in on_top.writes] == [(WriteKind.WAGE, MARCH)]
    assert codes(on_top) == [
        (NoticeCode.PAY_ONLY_IN_LOKET, "wage from 2026-02-01"),
        (NoticeCode.PAY_DIFFERS_AT_START_DATE, "wage from 2026-03-01"),
    ]
    assert beneath.writes == ()
    assert codes(beneath) == [
        (NoticeCode.PAY_ONLY_IN_LOKET, "wage from 2026-02-01"),
        (NoticeCode.PAY_ONLY_IN_LOKET, "wage from 2026-03-01"),
    ]


def test_of_salaries_from_before_the_employment_the_latest_holds() -> None:
    before = [salary("2800", date(2023, 1, 1)), salary("2900", date(2023, 6, 1))]

    assert codes(decide(before, held("2900", JOB.start))) == []


@pytest.mark.parametrize("until", [date(2026, 2, 28), MARCH])
def test_a_salary_that_ended_is_in_force_up_to_its_last_day(until: date) -> None:
    decision = decide([salary("3000", JUNE, until)], held("3000", JUNE), held("3100", MARCH), ours=(MARCH,))

    assert bool(decision.writes) is (until == MARCH)
    assert (NoticeCode.PAY_ENDED_IN_PERSONIO, f"salary until {until}") in codes(decision)


def test_a_salary_that_ended_before_the_line_is_not_told() -> None:
    assert decide([salary("3000", JUNE, date(2025, 12, 31))]).notices == ()
    assert codes(decide([salary("3000", JUNE, LINE)])) == [
        (NoticeCode.PAY_ENDED_IN_PERSONIO, "salary until 2026-01-01")
    ]


def test_the_salary_in_force_on_the_line_is_compared_with_the_wage_from_before_it() -> None:
    differs = [(NoticeCode.PAY_DIFFERS_AT_START_DATE, "wage on 2026-01-01")]

    assert codes(decide([salary("3000", JUNE)], held("3000", JUNE))) == []
    assert codes(decide([salary("3100", JUNE)], held("3000", JUNE))) == differs
    assert codes(decide([salary("2900", date(2025, 1, 1)), salary("3000", JUNE)], held("3000", JUNE))) == []
    assert codes(decide([salary("3100", JUNE)])) == []
    assert codes(decide([salary("3100", JUNE), salary("3200", LINE)], held("3000", JUNE))) == []
    assert codes(decide([salary("3000", JUNE), salary("3200", FEBRUARY)], held("3000", JUNE))) == []
    assert codes(decide([salary("3200", FEBRUARY)], held("3000", JUNE))) == []
    assert codes(decide([salary("3000", JUNE), salary("3100", JUNE, id="other")], held("3000", JUNE))) == differs
    assert codes(decide([salary("3000", JUNE, interval="DAILY")], held("3000", JUNE))) == []
    assert codes(decide([salary("3100", JUNE)], held("3000", LINE))) == [
        (NoticeCode.PAY_ONLY_IN_LOKET, "wage from 2026-01-01")
    ]


def test_two_salaries_of_one_day_are_a_finding() -> None:
    decision = decide([salary("3000", MARCH), salary("3100", MARCH, id="other")])

    assert [(one.code, one.field, one.detail) for one in decision.findings] == [
        (FindingCode.PAY_AMBIGUOUS, GROSS_WAGE, "from 2026-03-01")
    ]
    assert decision.writes == ()


@pytest.mark.parametrize(("full_time", "amount"), [(False, "1500.00"), (True, "3000.00")])
def test_a_wage_that_loket_does_not_scale_takes_the_person_s_own_amount(full_time: bool, amount: str) -> None:
    pay = LoketPay(wages={JOB.id: (replace(held("2900", MARCH), full_time=full_time),)})
    decided = PayCase(person(), JOB, LINE, PayrollPeriod.MONTH, pay, PayMemory(), AmountBasis.FULL_TIME, TODAY)

    (write,) = wages(decided, InLine((salary("3000", MARCH, weekly_hours=Decimal(20)),))).writes

    assert [(one.field, one.after) for one in write.changes] == [(GROSS_WAGE, amount)]


# --- amounts and types ---


@pytest.mark.parametrize(
    ("amount", "currency", "fits"), [("-1", "EUR", False), ("1", "USD", False), ("1", "eur", True)]
)
def test_a_wage_is_a_positive_amount_in_euros(amount: str, currency: str, fits: bool) -> None:
    made = wage(
        salary(amount, MARCH, currency=currency).compensation, person(), PayrollPeriod.MONTH, AmountBasis.FULL_TIME
    )

    assert isinstance(made, Wage) is fits


def test_a_full_time_salary_is_scaled_for_whom_loket_does_not_scale_and_unknown_where_hours_are() -> None:
    half = salary("3000", MARCH, weekly_hours=Decimal(20)).compensation
    nobody = replace(person(), employment=None)

    made = wage(half, person(), PayrollPeriod.MONTH, AmountBasis.FULL_TIME)
    unknown = wage(replace(half, weekly_hours=None), nobody, PayrollPeriod.MONTH, AmountBasis.FULL_TIME)

    assert isinstance(made, Wage)
    assert (made.amount, made.own) == (Decimal("3000.00"), Decimal("1500.00"))
    assert isinstance(unknown, Wage)
    assert (unknown.own, unknown.unscaled()) == (None, None)


PHONE, OTHER = PayComponent(284, ComponentKind.RECURRING), PayComponent(290, ComponentKind.RECURRING)


def policy(types: frozenset[str] | None = None, line: date | None = LINE) -> Policy:
    entity = replace(POLICY.entity, compensation_start_date=line, compensation_types=types)
    return replace(POLICY, entity=entity, pay=PaySettings(components={"Phone": PHONE, "t2": OTHER}))


def other(type_id: str, name: str = "", until: date | None = None, start: date = JUNE, **more: object) -> Paid:
    return salary("50", start, until, category=CompensationCategory.RECURRING, type_id=type_id, type_name=name, **more)


def test_a_type_goes_to_the_component_of_its_id_before_that_of_its_name() -> None:
    found = [
        component_of(one.compensation, policy()) for one in (other("t2", "Phone"), other("t3", "Phone"), other("t3"))
    ]

    assert found == [OTHER, PHONE, None]


def test_salary_and_mapped_types_are_sent_unless_the_entity_lists_its_types_by_id_name_or_category() -> None:
    phone = other("t3", "Phone").compensation

    assert is_enabled(salary("3000", JUNE).compensation, policy())
    assert is_enabled(phone, policy())
    assert not is_enabled(other("t9").compensation, policy())
    for listed in ("t3", "Phone", "RECURRING"):
        assert is_enabled(phone, policy(frozenset({listed})))
    assert not is_enabled(phone, policy(frozenset({"FIXED_SALARY"})))


def test_types_that_go_nowhere_are_named_while_their_pay_is_not_over_before_the_line() -> None:
    over, last_day = other("t8", until=date(2025, 12, 31)), other("t7", until=LINE)
    once = other("t6", start=date(2025, 12, 31), until=None)
    once = replace(once, compensation=replace(once.compensation, category=CompensationCategory.ONE_TIME))

    paid = [other("t9", "Lease"), other("t9", "Lease"), other("t5"), other("t3", "Phone"), over, last_day, once]

    assert types_not_sent(paid, policy()) == ["Lease", "t5", "t7"]
    assert types_not_sent(paid, policy(line=None)) == []
