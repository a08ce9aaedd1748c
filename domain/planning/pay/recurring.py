"""Recurring pay as benefits and deductions, each on its component, with a first and a last day (PAY-7, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from domain.attributes import Kind
from domain.events.loket import WriteKind
from domain.planning.comparison import differences
from domain.planning.details import COMPONENT_ON, FROM
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import DAY, PayCase, PayDecision, only_in_loket, withdrawn
from domain.planning.pay.chain import WantedPay, left_alone
from domain.planning.pay.component_writes import chain_writes, change, delete
from domain.planning.pay.conversion import recurring_amount
from domain.planning.pay.kept import Kept, kept
from domain.planning.pay.on_a_day import differ, running_on
from domain.planning.pay.targets import benefit_end, benefit_field
from domain.planning.planned import DatedWrite
from domain.settings import ComponentKind, PayComponent
from domain.snapshots import HeldPay, Paid
from domain.values import NOT_OBSERVED, FieldPath

_ORDER: Final = (
    WriteKind.BENEFIT_DELETED,
    WriteKind.BENEFIT,
    WriteKind.BENEFIT_CREATED,
)  # room is made before it is taken


def recurring(case: PayCase, paid: Mapping[PayComponent, list[Paid]], mapped: frozenset[int]) -> PayDecision:
    """Open, change and close the records of each component; what vanished and was ours goes (PAY-3, PAY-10)."""
    parts = [_component(case, component, several) for component, several in paid.items()]
    served = {component.key for component in paid}
    held = case.held.benefits.get(case.employment.id, ())
    for key in sorted({one.component for one in held if one.component in mapped} - served):
        parts.append(_unknown_to_personio(case, key, [one for one in held if one.component == key]))
    return PayDecision(
        tuple(write for part in parts for write in part.writes),
        tuple(finding for part in parts for finding in part.findings),
        tuple(notice for part in parts for notice in part.notices),
    )


def _component(case: PayCase, component: PayComponent, several: Sequence[Paid]) -> PayDecision:
    """One component that Personio has pay for, from whenever."""
    wanted, wrong = _wanted(case, component, several)
    if wrong:
        return PayDecision(findings=tuple(wrong))
    key, first = component.key, wanted[0].start if wanted else None
    held = (one for one in case.held.benefits.get(case.employment.id, ()) if one.component == key)
    every = sorted(held, key=lambda one: one.start)
    from_line = [one for one in every if one.start >= case.start_date]
    stay, chain = left_alone(from_line, first, lambda one: _ours(case, key, one))
    sooner = _kept(case, component, several, [one for one in chain if first is None or one.start < first], every, first)
    if sooner.wanted:
        wanted, first = [*sooner.wanted, *wanted], sooner.wanted[0].start
    writes = chain_writes(case, key, chain, wanted, every)
    lonely = (only_in_loket(key, one.start.isoformat()) for one in stay)
    earlier = [*(one for one in every if one.start < case.start_date), *stay]
    rebuild = any(one.kind.deletes for one in writes)
    closing, told = _last_day(case, component, earlier, _from_before(case, several, first), first, rebuild=rebuild)
    ordered = sorted((*closing, *writes), key=lambda one: _ORDER.index(one.kind))
    if sooner.told and not told:
        told = (Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, COMPONENT_ON.format(number=key, day=first)),)
    return PayDecision(tuple(ordered), (), (*lonely, *told, *withdrawn(case, writes, *_named(key))))


def _kept(
    case: PayCase,
    component: PayComponent,
    several: Sequence[Paid],
    records: Sequence[HeldPay],
    every: Sequence[HeldPay],
    first: date | None,
) -> Kept:
    """Those whose pay Personio has since before the compensation start date (PAY-3, PAY-4)."""
    name, end = benefit_field(component.key), benefit_end(component.key)
    begins = [*(one.start for one in records[1:]), first]
    until = {one.start: after - DAY if after else None for one, after in zip(records, begins, strict=False)}

    def wanted(one: HeldPay) -> WantedPay | None:
        running = running_on(case, several, one.start)
        if not running:
            return None
        deduction = component.kind is ComponentKind.DEDUCTION
        found = recurring_amount(running[0], case.period, name, deduction=deduction)
        if differ(running) or isinstance(found, Finding):
            shown = one.fields.get(name, NOT_OBSERVED)
            return WantedPay(one.start, {name: shown} if isinstance(shown, str) else {}, one.end)
        last = next(each.until for each in several if each.compensation is running[0])
        ends = min((day for day in (last, until[one.start]) if day is not None), default=None)
        return WantedPay(one.start, {name: f"{found[0]:.2f}"}, ends, found[1])

    def holds(one: HeldPay, target: WantedPay) -> bool:
        whole = isinstance(one.fields.get(name), str) and name in target.fields
        return whole and not differences([(name, Kind.MONEY)], target.fields, one.fields)

    eve = records[0].start - DAY if records else date.min
    runs = [one for one in every if one.start <= eve and (one.end is None or one.end >= eve)]
    goes_on = [one for one in runs if one.end is None or (end, one.start) in case.memory.ours]
    return kept(records, goes_on[-1] if goes_on else None, wanted, holds)


def _unknown_to_personio(case: PayCase, key: int, held: Sequence[HeldPay]) -> PayDecision:
    """Records of a mapped component that no window of Personio's has: ours go, newest first, others are told."""
    from_line = sorted((one for one in held if one.start >= case.start_date), key=lambda one: one.start)
    stay, ours = left_alone(from_line, None, lambda one: _ours(case, key, one))
    writes = tuple(delete(one, key, readded=False, followed=False) for one in reversed(ours))
    running = [one for one in held if one.start < case.start_date and (one.end is None or one.end >= case.start_date)]
    lonely = (only_in_loket(key, one.start.isoformat()) for one in (*running, *stay))
    return PayDecision(writes, (), (*lonely, *withdrawn(case, writes, *_named(key))))


def _ours(case: PayCase, key: int, one: HeldPay) -> bool:
    return (benefit_field(key), one.start) in case.memory.ours


def _named(key: int) -> tuple[FieldPath, str]:
    return benefit_field(key), f"component {key}"


def _wanted(case: PayCase, component: PayComponent, several: Sequence[Paid]) -> tuple[list[WantedPay], list[Finding]]:
    """Records from the line on, each until the day before the next one or its own last day."""
    ordered = sorted(several, key=lambda one: (one.compensation.takes_effect, one.compensation.id))
    by_start = {case.begins(one.compensation): one for one in ordered}
    starts = sorted(by_start)
    twice = [
        day
        for day, one in by_start.items()
        if day >= case.start_date
        and differ(
            each.compensation for each in several if each.compensation.effective_from == one.compensation.effective_from
        )
    ]
    if twice:
        name = benefit_field(component.key)
        return [], [Finding(FindingCode.PAY_AMBIGUOUS, name, FROM.format(day=day)) for day in twice]
    wanted, findings = [], []
    for place, start in enumerate(starts):
        one = by_start[start]
        if start < case.start_date or (one.until is not None and one.until < start):
            continue
        name = benefit_field(component.key)
        deduction = component.kind is ComponentKind.DEDUCTION
        found = recurring_amount(one.compensation, case.period, name, deduction=deduction)
        if isinstance(found, Finding):
            findings.append(found)
            continue
        amount, conversion = found
        follows = starts[place + 1] - DAY if place + 1 < len(starts) else None
        end = min((day for day in (one.until, follows) if day is not None), default=None)
        wanted.append(WantedPay(start, {name: f"{amount:.2f}"}, end, conversion))
    return wanted, findings


def _from_before(case: PayCase, several: Iterable[Paid], first: date | None) -> Paid | None:
    """Personio's pay that began before the compensation start date and holds on it."""
    older = [one for one in several if case.begins(one.compensation) < case.start_date]
    if first is not None and first <= case.start_date:
        return None
    return max(older, key=lambda one: one.compensation.takes_effect, default=None)


def _last_day(
    case: PayCase,
    component: PayComponent,
    earlier: Sequence[HeldPay],
    theirs: Paid | None,
    first: date | None,
    *,
    rebuild: bool,
) -> tuple[tuple[DatedWrite, ...], tuple[Notice, ...]]:
    """Until when the record that Personio's first one follows runs; its start and amount stay for ever (PAY-10).

    It is given a last day where Personio ended the pay or a newer amount follows. A day that we gave goes with its
    reason; one that somebody else gave stays, and is told.
    """
    key, eve = component.key, case.start_date - DAY
    at_start = [one for one in earlier if one.start < case.start_date and (one.end is None or one.end >= eve)]
    notices = _differing(case, component, theirs, at_start, first)
    if not earlier:
        return (), notices
    last = earlier[-1]
    until = theirs.until if theirs is not None and last in at_start else None
    end = min((day for day in (until, first and first - DAY) if day is not None), default=None)
    shorter = end is not None and (last.end is None or end < last.end)
    longer = theirs is not None and last in at_start and last.end is not None and (end is None or end > last.end)
    if longer and (benefit_end(key), last.start) not in case.memory.ours:
        return (), (*notices, Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, f"component {key}, until {last.end}"))
    if not (shorter or longer):
        return (), notices
    closing = change(last, {}, end, key, None, rebuild=rebuild, followed=first is not None and end == first - DAY)
    return ((closing,) if closing else ()), notices


def _differing(
    case: PayCase, component: PayComponent, theirs: Paid | None, held: Sequence[HeldPay], first: date | None
) -> tuple[Notice, ...]:
    """What was agreed before the compensation start date and differs on it is told, never changed (PAY-4, PAY-10)."""
    name, key = benefit_field(component.key), component.key
    if theirs is None:
        ahead = first is None or first > case.start_date
        return tuple(only_in_loket(key, one.start.isoformat()) for one in held if ahead)
    found = recurring_amount(
        theirs.compensation, case.period, name, deduction=component.kind is ComponentKind.DEDUCTION
    )
    if isinstance(found, Finding):
        return ()
    if held and not differences([(name, Kind.MONEY)], {name: f"{found[0]:.2f}"}, held[-1].fields):
        return ()
    return (Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, COMPONENT_ON.format(number=key, day=case.start_date)),)
