"""Recurring pay as benefits and deductions, one-time pay as period values, each on its component (PAY-7, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from domain.attributes import Kind
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference, differences
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import DAY, PayCase, PayDecision
from domain.planning.pay.chain import WantedPay, steps
from domain.planning.pay.conversion import Conversion, one_time_amount, recurring_amount
from domain.planning.pay.targets import benefit_end, benefit_field, value_field, value_target
from domain.planning.planned import Chain, DatedWrite
from domain.settings import ComponentKind, PayComponent
from domain.snapshots import HeldPay, Paid, PeriodSpan
from domain.values import BLANK, FieldPath, Observed

_MOST = Decimal("99999.99")


def recurring(case: PayCase, paid: Mapping[PayComponent, list[Paid]], mapped: frozenset[int]) -> PayDecision:
    """Open, change and close the record of each component; what vanished and was ours goes (PAY-10)."""
    writes: list[DatedWrite] = []
    findings: list[Finding] = []
    notices: list[Notice] = []
    for component, several in paid.items():
        wanted, wrong = _wanted(case, component, several)
        findings += wrong
        notices += _ended_before(case, component, several)
        if wrong or not wanted:
            continue
        writes += _component_writes(case, component.key, wanted)
    served = {component.key for component, several in paid.items() if _wanted(case, component, several)[0]}
    for one in case.held.benefits.get(case.employment.id, ()):
        if one.component in mapped and one.component not in served and one.start >= case.start_date:
            if (benefit_field(one.component), one.start) in case.memory.ours:
                writes.append(_delete(one, one.component, readded=False, followed=False))
            else:
                notices.append(_only_in_loket(one.component, one.start.isoformat()))
    return PayDecision(tuple(writes), tuple(findings), tuple(notices))


def one_time(case: PayCase, paid: Mapping[PayComponent, list[Paid]], mapped: frozenset[int]) -> PayDecision:
    """One value a component and period; removing one needs an explicit null, and only of what we wrote (PAY-10)."""
    wanted, findings = _values(case, paid)
    held = {(one.component, one.period): one.value for one in case.held.values.get(case.employment.id, ())}
    writes: list[DatedWrite] = []
    notices: list[Notice] = []
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
                writes.append(_value_write(case, key, span, Difference(value_field(key), value, BLANK), None))
            else:
                notices.append(_only_in_loket(key, span.name))
    return PayDecision(tuple(writes), findings, tuple(notices))


def _wanted(case: PayCase, component: PayComponent, several: Sequence[Paid]) -> tuple[list[WantedPay], list[Finding]]:
    """Records from the line on, each until the day before the next one or its own last day."""
    ordered = sorted(several, key=lambda one: (one.compensation.effective_from or date.min, one.compensation.id))
    by_start = {case.begins(one.compensation.effective_from): one for one in ordered}
    starts = sorted(by_start)
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


def _component_writes(case: PayCase, key: int, wanted: Sequence[WantedPay]) -> list[DatedWrite]:
    every = [one for one in case.held.benefits.get(case.employment.id, ()) if one.component == key]
    held = sorted((one for one in every if one.start >= case.start_date), key=lambda one: one.start)
    todo = steps(held, wanted)
    again = {one.start for one in todo.add}
    rebuild = bool(todo.delete)
    newest = max((one.start for one in wanted), default=date.min)
    writes = [_delete(one, key, readded=one.start in again, followed=one.start < newest) for one in todo.delete]
    changes = (
        _change(one, target.fields, target.end, key, target.conversion, rebuild, followed=one.start < newest)
        for one, target in todo.keep
    )
    writes += [one for one in changes if one]
    if todo.add and not todo.keep:
        writes += _close_older(case, every, todo.add[0].start, key, rebuild=rebuild)
    for target in todo.add:
        fields: dict[FieldPath, Observed] = {**target.fields}
        if target.end is not None:
            fields[benefit_end(key)] = target.end.isoformat()
        writes.append(
            DatedWrite(
                kind=WriteKind.BENEFIT_CREATED,
                target=case.employment.id,
                changes=tuple(Difference(name, BLANK, value, target.start) for name, value in fields.items()),
                component=key,
                effective_on=target.start,
                chain=_chain(key, rebuild=rebuild),
                conversion=target.conversion,
                reaches=(target.start, target.end or date.max),
            )
        )
    return writes


def _chain(key: int, *, rebuild: bool) -> Chain:
    return Chain(f"payments of component {key}", rebuild)


def _close_older(case: PayCase, every: Iterable[HeldPay], start: date, key: int, *, rebuild: bool) -> list[DatedWrite]:
    """A record from before the line still runs where a new one begins: it ends the day before, as in any chain."""
    older = [one for one in every if one.start < case.start_date and (one.end is None or one.end >= start)]
    closing = (_change(one, {}, start - DAY, key, None, rebuild, followed=True) for one in older)
    return [one for one in closing if one]


def _change(
    one: HeldPay,
    fields: Mapping[FieldPath, str],
    end: date | None,
    key: int,
    conversion: Conversion | None,
    rebuild: bool,
    *,
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


def _ended_before(case: PayCase, component: PayComponent, several: Iterable[Paid]) -> Iterable[Notice]:
    """Pay from before the line that ended after it: the record is not ours to close (PAY-3)."""
    still_open = {
        one.component
        for one in case.held.benefits.get(case.employment.id, ())
        if one.start < case.start_date and one.end is None
    }
    for one in several:
        begun = case.begins(one.compensation.effective_from)
        ended = one.until is not None and one.until >= case.start_date
        if begun < case.start_date and ended and component.key in still_open:
            yield Notice(NoticeCode.PAY_ENDED_IN_PERSONIO, f"component {component.key} until {one.until}")


def _values(
    case: PayCase, paid: Mapping[PayComponent, list[Paid]]
) -> tuple[dict[tuple[int, PeriodSpan], tuple[Decimal, Conversion]], tuple[Finding, ...]]:
    """What each component holds in each period: everything that falls into it, added up."""
    wanted: dict[tuple[int, PeriodSpan], tuple[Decimal, Conversion]] = {}
    findings: list[Finding] = []
    for component, several in paid.items():
        for one in several:
            day = one.compensation.effective_from
            if day is None or day < max(case.start_date, case.employment.start):
                continue
            span = next((each for each in case.held.periods if each.first <= day <= each.last), None)
            field = value_field(component.key)
            deduction = component.kind is ComponentKind.DEDUCTION
            found = one_time_amount(one.compensation, case.period, field, deduction=deduction)
            if isinstance(found, Finding):
                findings.append(found)
            elif span is not None:  # a period Loket does not know yet waits until it does
                total = found[0] + wanted.get((component.key, span), (Decimal(0), found[1]))[0]
                wanted[component.key, span] = total, found[1]
    too_much = [key for (key, _), (total, _) in wanted.items() if total > _MOST]
    findings += [Finding(FindingCode.AMOUNT_RANGE, value_field(key)) for key in too_much]
    return wanted, tuple(findings)


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
