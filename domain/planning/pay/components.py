"""Recurring pay as benefits and deductions, one-time pay as period values, each on its component (PAY-7, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain.attributes import Kind
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference, differences
from domain.planning.details import COMPONENT_ON, FROM
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import DAY, PayCase, PayDecision, withdrawn
from domain.planning.pay.chain import WantedPay, left_alone, steps, stood_until
from domain.planning.pay.conversion import Conversion, differ, one_time_amount, recurring_amount
from domain.planning.pay.kept import Kept, in_force, kept
from domain.planning.pay.targets import benefit_end, benefit_field, value_field, value_target
from domain.planning.planned import Chain, DatedWrite
from domain.settings import ComponentKind, PayComponent
from domain.snapshots import HeldPay, HeldValue, Paid, PeriodSpan
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed

_MOST = Decimal("99999.99")
_NEW_FOR: Final = timedelta(days=92)  # of an employment: so long the first payrolls may still be corrected
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
    writes = _chain_writes(case, key, chain, wanted, every)
    lonely = (_only_in_loket(key, one.start.isoformat()) for one in stay)
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
        running = in_force(case, several, one.start)
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
    writes = tuple(_delete(one, key, readded=False, followed=False) for one in reversed(ours))
    running = [one for one in held if one.start < case.start_date and (one.end is None or one.end >= case.start_date)]
    lonely = (_only_in_loket(key, one.start.isoformat()) for one in (*running, *stay))
    return PayDecision(writes, (), (*lonely, *withdrawn(case, writes, *_named(key))))


def _ours(case: PayCase, key: int, one: HeldPay) -> bool:
    return (benefit_field(key), one.start) in case.memory.ours


def _named(key: int) -> tuple[FieldPath, str]:
    return benefit_field(key), f"component {key}"


def one_time(case: PayCase, paid: Mapping[PayComponent, list[Paid]], mapped: frozenset[int]) -> PayDecision:
    """One value a component and period; removing one needs an explicit null, and only of what we wrote (PAY-10)."""
    wanted, findings = _values(case, paid)
    notices = [*_too_early(case, paid)]
    held = {(one.component, one.period): one.value for one in case.held.values.get(case.employment.id, ())}
    writes: list[DatedWrite] = []
    for (key, span), (amount, conversion) in sorted(wanted.items(), key=lambda one: (one[0][1].first, one[0][0])):
        field = value_field(key)
        before = held.get((key, (span.year, span.number)), BLANK)
        found = differences([(field, Kind.MONEY)], {field: f"{amount:.2f}"}, {field: before})
        writes += [_value_write(case, key, span, found[0], conversion)] if found else []
    for span in case.held.periods:
        for key in sorted(mapped):
            value = held.get((key, (span.year, span.number)), BLANK)
            if value is BLANK or (key, span) in wanted or span.first < _first_period_day(case):
                continue
            if (value_field(key), span.first) in case.memory.ours:
                gone = _value_write(case, key, span, Difference(value_field(key), value, BLANK), None)
                notices += withdrawn(case, [gone], value_field(key), f"component {key}")
                writes.append(gone)
            else:
                notices.append(_only_in_loket(key, span.name))
    return PayDecision(tuple(writes), findings, tuple(notices))


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


def _chain_writes(
    case: PayCase, key: int, held: Sequence[HeldPay], wanted: Sequence[WantedPay], every: Sequence[HeldPay]
) -> tuple[DatedWrite, ...]:
    """`held` are those that are made equal to `wanted`, of `every` record of the component."""
    todo = steps(held, wanted)
    again, rebuild = {one.start for one in todo.add}, bool(todo.delete)
    newest, eves = max((one.start for one in wanted), default=date.min), {one.start - DAY for one in wanted}
    deletes = [_delete(one, key, readded=one.start in again, followed=one.start < newest) for one in todo.delete]
    changes = (
        _change(
            one,
            target.fields,
            target.end,
            key,
            target.conversion,
            rebuild=rebuild,
            followed=target.end in eves,
        )
        for one, target in todo.keep
    )
    creates = [
        replace(
            _create(
                case, key, one, {} if rebuild else stood_until(one.start, every, wanted), _chain(key, rebuild=rebuild)
            ),
            ends_sooner=one.end is not None and one.end not in eves and _runs_past(every, one.end),
        )
        for one in todo.add
    ]
    return (*deletes, *(one for one in changes if one), *creates)


def _runs_past(records: Iterable[HeldPay], day: date) -> bool:
    return any(one.start <= day and (one.end is None or one.end > day) for one in records)


def _create(
    case: PayCase, key: int, target: WantedPay, stood: Mapping[FieldPath, Observed], chain: Chain
) -> DatedWrite:
    """A new record, in the place of what `stood` until it."""
    fields: dict[FieldPath, Observed] = {**target.fields}
    before = {one.field: one.before for one in differences([(benefit_field(key), Kind.MONEY)], fields, stood)}
    if target.end is not None:
        fields[benefit_end(key)] = target.end.isoformat()
    return DatedWrite(
        kind=WriteKind.BENEFIT_CREATED,
        target=case.employment.id,
        changes=tuple(Difference(name, before.get(name, BLANK), value, target.start) for name, value in fields.items()),
        component=key,
        effective_on=target.start,
        chain=chain,
        conversion=target.conversion,
        reaches=(target.start, target.end or date.max),
    )


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
    closing = _change(last, {}, end, key, None, rebuild=rebuild, followed=first is not None and end == first - DAY)
    return ((closing,) if closing else ()), notices


def _differing(
    case: PayCase, component: PayComponent, theirs: Paid | None, held: Sequence[HeldPay], first: date | None
) -> tuple[Notice, ...]:
    """What was agreed before the compensation start date and differs on it is told, never changed (PAY-4, PAY-10)."""
    name, key = benefit_field(component.key), component.key
    if theirs is None:
        ahead = first is None or first > case.start_date
        return tuple(_only_in_loket(key, one.start.isoformat()) for one in held if ahead)
    found = recurring_amount(
        theirs.compensation, case.period, name, deduction=component.kind is ComponentKind.DEDUCTION
    )
    if isinstance(found, Finding):
        return ()
    if held and not differences([(name, Kind.MONEY)], {name: f"{found[0]:.2f}"}, held[-1].fields):
        return ()
    return (Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, COMPONENT_ON.format(number=key, day=case.start_date)),)


def _chain(key: int, *, rebuild: bool) -> Chain:
    return Chain(f"payments of component {key}", rebuild)


def _change(
    one: HeldPay,
    fields: Mapping[FieldPath, str],
    end: date | None,
    key: int,
    conversion: Conversion | None,
    *,
    rebuild: bool,
    followed: bool,
) -> DatedWrite | None:
    wanted: dict[FieldPath, Observed] = {**fields, benefit_end(key): BLANK if end is None else end.isoformat()}
    held: dict[FieldPath, Observed] = {
        **one.fields,
        benefit_end(key): BLANK if one.end is None else one.end.isoformat(),
    }
    found = differences([(benefit_field(key), Kind.MONEY), (benefit_end(key), Kind.DATE)], wanted, held)
    if not found:
        return None
    ends_only = all(each.field == benefit_end(key) for each in found)
    first = min(one.end or date.max, end or date.max) if ends_only else one.start
    return DatedWrite(
        kind=WriteKind.BENEFIT,
        target=one.id,
        changes=tuple(Difference(each.field, each.before, each.after, one.start) for each in found),
        component=key,
        effective_on=one.start,
        chain=_chain(key, rebuild=rebuild),
        conversion=None if ends_only else conversion,
        followed=followed,
        reaches=(first + DAY if ends_only and first < date.max else first, date.max),
    )


def _delete(one: HeldPay, key: int, *, readded: bool, followed: bool) -> DatedWrite:
    held: dict[FieldPath, Observed] = {**one.fields}
    if one.end is not None:
        held[benefit_end(key)] = one.end.isoformat()
    return DatedWrite(
        kind=WriteKind.BENEFIT_DELETED,
        target=one.id,
        changes=tuple(
            Difference(name, value, BLANK, one.start) for name, value in held.items() if isinstance(value, str)
        ),
        component=key,
        effective_on=one.start,
        chain=_chain(key, rebuild=True),
        readded=readded,
        followed=followed,
        reaches=(one.start, one.end or date.max),
    )


def _values(
    case: PayCase, paid: Mapping[PayComponent, list[Paid]]
) -> tuple[dict[tuple[int, PeriodSpan], tuple[Decimal, Conversion]], tuple[Finding, ...]]:
    """What each component holds in each period: all that falls into it, added up, with its parts (PAY-3)."""
    found: dict[tuple[int, PeriodSpan], list[tuple[Decimal, Conversion]]] = {}
    findings: list[Finding] = []
    for component, several in paid.items():
        for one in sorted((each.compensation for each in several), key=lambda one: (one.takes_effect, one.id)):
            day = one.effective_from
            if day is None or day < max(case.start_date, case.employment.start):
                continue
            span = next((each for each in case.held.periods if each.first <= day <= each.last), None)
            field = value_field(component.key)
            made = one_time_amount(one, case.period, field, deduction=component.kind is ComponentKind.DEDUCTION)
            if isinstance(made, Finding):
                findings.append(made)
            elif span is not None:  # a period Loket does not know yet waits until it does
                found.setdefault((component.key, span), []).append(made)
    sums = {place: _added_up(parts) for place, parts in found.items()}
    too_much = [place for place, (total, _) in sums.items() if total > _MOST]
    findings += [Finding(FindingCode.AMOUNT_RANGE, value_field(key), span.name) for key, span in too_much]
    return {place: made for place, made in sums.items() if made[0]}, tuple(findings)


def _too_early(case: PayCase, paid: Mapping[PayComponent, Iterable[Paid]]) -> Iterable[Notice]:
    """What has a day between the line and the employment, such as a bonus for joining, and was never sent (PAY-3).

    It may be pay of an earlier employment: nobody can say, so it is told for the first months, and not sent. Once
    payroll has entered something on its component, that is most likely it.
    """
    begins, values = case.employment.start, case.held.values.get(case.employment.id, ())
    entered = {one.component for one in values if _is_of_payroll(case, one)}
    new = case.today < begins + _NEW_FOR
    for component, several in paid.items() if new else ():
        if component.key in entered:
            continue
        for day in sorted({one.compensation.takes_effect for one in several}):
            span = next((each for each in case.held.periods if each.first <= day <= each.last), None)
            sent = span is not None and (value_field(component.key), span.first) in case.memory.ours
            if case.start_date <= day < begins and not sent:
                yield Notice(NoticeCode.PAY_BEFORE_EMPLOYMENT, COMPONENT_ON.format(number=component.key, day=day))


def _is_of_payroll(case: PayCase, value: HeldValue) -> bool:
    """Whether it stands in the employment, and was not sent by us."""
    span = next((one for one in case.held.periods if (one.year, one.number) == value.period), None)
    if span is None or span.last < case.employment.start or value.value is BLANK:
        return False
    return (value_field(value.component), span.first) not in case.memory.ours


def _added_up(parts: Sequence[tuple[Decimal, Conversion]]) -> tuple[Decimal, Conversion]:
    """Of deductions, one of the other sign is a correction, whichever sign they have; 0 where it takes all back."""
    total, first = parts[0]
    if len(parts) == 1:
        return total, first
    said = tuple(one.amount for _, one in parts)
    together = sum(said, Decimal(0))
    return abs(together), replace(first, amount=together, parts=said)


def _value_write(
    case: PayCase, key: int, span: PeriodSpan, change: Difference, conversion: Conversion | None
) -> DatedWrite:
    return DatedWrite(
        kind=WriteKind.PERIOD_DATA,
        target=value_target(case.employment.id, (span.year, span.number), key),
        changes=(Difference(change.field, change.before, change.after, span.first),),
        component=key,
        effective_on=span.first,
        conversion=conversion,
        reaches=(span.first, span.last),
    )


def _first_period_day(case: PayCase) -> date:
    """Periods that begin before the line are left alone, but for what falls after it."""
    return max(case.start_date, case.employment.start)


def _only_in_loket(key: int, where: str) -> Notice:
    return Notice(NoticeCode.PAY_ONLY_IN_LOKET, f"component {key}, {where}")
