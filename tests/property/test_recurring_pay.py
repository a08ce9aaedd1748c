"""Whatever recurring pay Personio has and whatever Loket holds: what one decision makes of it, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events.loket import WriteKind
from domain.planning.pay.case import PayCase, PayDecision, PayMemory
from domain.planning.pay.conversion import PayrollPeriod
from domain.planning.pay.recurring import recurring
from domain.planning.pay.targets import benefit_end, benefit_field
from domain.settings import AmountBasis, ComponentKind, PayComponent
from domain.snapshots import Compensation, CompensationCategory, HeldPay, LoketEmployment, LoketPay, Paid
from domain.values import FieldPath, Observed, PersonId
from tests.support.people import person

DAY = timedelta(days=1)
LINE = date(2026, 1, 1)
JOB = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)
PHONE = PayComponent(284, ComponentKind.RECURRING)
AMOUNT, END = benefit_field(PHONE.key), benefit_end(PHONE.key)
CALENDAR = [LINE + timedelta(days=each) for each in range(-25, 45)]  # a month here is a few days long
TODAY = date(2026, 3, 15)
FOR_EVER = CALENDAR[-1]  # nothing ends on it: whether pay ends for good shows there


@dataclass(frozen=True)
class Spell:
    """An amount from a day on, until a last day if it has one."""

    start: date
    amount: str
    end: date | None


@st.composite
def spells(draw: st.DrawFn) -> list[Spell]:
    """One after the other, with or without days between."""
    starts = sorted(draw(st.sets(st.sampled_from(CALENDAR[10:-10]), max_size=4)))
    found = []
    for start, following in zip(starts, [*starts, None][1:], strict=True):
        eve = following - DAY if following else None
        ends = st.dates(start, eve or FOR_EVER - DAY) if draw(st.booleans()) else st.just(eve)
        found.append(Spell(start, draw(st.sampled_from(["50.00", "60.00"])), draw(ends)))
    return found


def told(personio: Iterable[Spell]) -> list[Paid]:
    """What is over before the compensation start date is in none of Personio's answers."""
    return [
        Paid(
            Compensation(
                f"c-{one.start}",
                PersonId("11"),
                "phone",
                CompensationCategory.RECURRING,
                Decimal(one.amount),
                "EUR",
                "MONTHLY",
                one.start,
                None,
                None,
            ),
            one.end,
        )
        for one in personio
        if one.end is None or one.end >= LINE
    ]


def held(loket: Iterable[Spell]) -> tuple[HeldPay, ...]:
    return tuple(HeldPay(f"b-{one.start}", one.start, {AMOUNT: one.amount}, one.end, PHONE.key) for one in loket)


def decide(personio: list[Paid], loket: tuple[HeldPay, ...], memory: PayMemory) -> PayDecision:
    pay = LoketPay(benefits={JOB.id: loket})
    case = PayCase(person(), JOB, LINE, PayrollPeriod.MONTH, pay, memory, AmountBasis.UNDECIDED, TODAY)
    return recurring(case, {PHONE: personio} if personio else {}, frozenset({PHONE.key}))


def written(loket: tuple[HeldPay, ...], decision: PayDecision) -> tuple[HeldPay, ...]:
    """What Loket holds after these requests, in their order."""
    records = {one.id: one for one in loket}
    for write in decision.writes:
        after = {one.field: one.after for one in write.changes}
        match write.kind:
            case WriteKind.BENEFIT_DELETED:
                del records[write.target]
            case WriteKind.BENEFIT_CREATED:
                new = HeldPay(f"n-{write.effective_on}", write.effective_on, {}, None, PHONE.key)
                records[new.id] = changed(new, after)
            case _:
                records[write.target] = changed(records[write.target], after)
    return tuple(sorted(records.values(), key=lambda one: one.start))


def changed(record: HeldPay, after: Mapping[FieldPath, Observed]) -> HeldPay:
    last = after.get(END)
    end = record.end if last is None else date.fromisoformat(last) if isinstance(last, str) else None
    return replace(record, fields={AMOUNT: {**record.fields, **after}[AMOUNT]}, end=end)


def by_day(records: Iterable[HeldPay]) -> dict[date, str]:
    """What is paid on each day; of two records that both hold, the later one is."""
    ordered = sorted(records, key=lambda one: one.start)
    return {
        day: str(one.fields[AMOUNT])
        for one in ordered
        for day in CALENDAR
        if one.start <= day and (one.end is None or day <= one.end)
    }


def memories(loket: Iterable[Spell]) -> st.SearchStrategy[PayMemory]:
    names = [(name, one.start) for one in loket for name in (AMOUNT, END)]
    return (
        st.sets(st.sampled_from(names)).map(lambda ours: PayMemory(frozenset(ours))) if names else st.just(PayMemory())
    )


cases = spells().flatmap(lambda loket: st.tuples(spells(), st.just(loket), memories(loket)))


@settings(max_examples=150)
@given(cases)
def test_from_personio_s_first_day_on_loket_pays_what_personio_says_and_before_the_line_what_it_paid(
    case: tuple[list[Spell], list[Spell], PayMemory],
) -> None:
    personio, loket, memory = told(case[0]), held(case[1]), case[2]

    decision = decide(personio, loket, memory)

    before, after = by_day(loket), by_day(written(loket, decision))
    said = by_day(held(one for one in case[0] if one.start >= LINE))
    first = min((one.start for one in case[0] if one.start >= LINE), default=date.max)
    assert {day: amount for day, amount in after.items() if day >= first} == said
    assert [after.get(day) for day in CALENDAR if day < LINE] == [before.get(day) for day in CALENDAR if day < LINE]


@settings(max_examples=80)
@given(cases)
def test_what_was_decided_and_written_is_not_decided_again(case: tuple[list[Spell], list[Spell], PayMemory]) -> None:
    personio, loket, memory = told(case[0]), held(case[1]), case[2]
    decision = decide(personio, loket, memory)
    after = written(loket, decision)
    stand = {(AMOUNT, one.start) for one in after} | {(END, one.start) for one in after}
    sent = {(one.field, write.effective_on) for write in decision.writes for one in write.changes}

    again = decide(personio, after, PayMemory(frozenset((memory.ours | sent) & stand)))

    assert again.writes == ()


@settings(max_examples=80)
@given(cases)
def test_a_write_names_the_days_it_changes_and_says_where_pay_ends_for_good(
    case: tuple[list[Spell], list[Spell], PayMemory],
) -> None:
    personio, loket, memory = told(case[0]), held(case[1]), case[2]

    decision = decide(personio, loket, memory)

    before, after = by_day(loket), by_day(written(loket, decision))
    reached = {day for one in decision.writes for day in CALENDAR if one.reaches[0] <= day <= one.reaches[1]}
    assert {day for day in CALENDAR if before.get(day) != after.get(day)} <= reached
    created = [one for one in decision.writes if one.kind is WriteKind.BENEFIT_CREATED]
    if FOR_EVER in before and FOR_EVER not in after and not created:
        assert any(one.clears for one in decision.writes)
    if set(before) <= set(after):
        assert not any(one.clears for one in decision.writes if not one.kind.deletes)
    assert [one.readded for one in decision.writes if one.kind is WriteKind.BENEFIT_DELETED] == [
        any(two.kind is WriteKind.BENEFIT_CREATED and two.effective_on == one.effective_on for two in decision.writes)
        for one in decision.writes
        if one.kind is WriteKind.BENEFIT_DELETED
    ]
