"""One-time pay as values of payroll periods, each on its component (PAY-7, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain.attributes import Kind
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference, differences
from domain.planning.details import COMPONENT_ON
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import PayCase, PayDecision, only_in_loket, withdrawn
from domain.planning.pay.conversion import Conversion, one_time_amount
from domain.planning.pay.targets import value_field, value_target
from domain.planning.planned import DatedWrite
from domain.settings import ComponentKind, PayComponent
from domain.snapshots import Compensation, HeldValue, Paid, PeriodSpan
from domain.values import BLANK

_MOST = Decimal("99999.99")


_NEW_FOR: Final = timedelta(days=92)  # of an employment: so long the first payrolls may still be corrected


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
                notices.append(only_in_loket(key, span.name))
    return PayDecision(tuple(writes), findings, tuple(notices))


def _values(
    case: PayCase, paid: Mapping[PayComponent, list[Paid]]
) -> tuple[dict[tuple[int, PeriodSpan], tuple[Decimal, Conversion]], tuple[Finding, ...]]:
    """What each component holds in each period: all that falls into it, added up, with its parts (PAY-3)."""
    found: dict[tuple[int, PeriodSpan], list[tuple[Compensation, Conversion]]] = {}
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
                found.setdefault((component.key, span), []).append((one, made[1]))
    sums = {place: _added_up(parts) for place, parts in found.items()}
    wrong = [place for place, (total, _) in sums.items() if not 0 <= total <= _MOST]
    findings += [Finding(FindingCode.AMOUNT_RANGE, value_field(key), span.name) for key, span in wrong]
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


def _added_up(parts: Sequence[tuple[Compensation, Conversion]]) -> tuple[Decimal, Conversion]:
    """Of deductions of one type, whichever sign they have, one of the other sign is a correction of those before it.

    0 where it takes all back, and less where it gives back more than was taken.
    """
    signs = {one.type_id: _sign_of([each for each, _ in parts if each.type_id == one.type_id]) for one, _ in parts}
    total = sum((one.amount * signs[one.type_id] for one, _ in parts), Decimal(0))
    _, first = parts[0]
    if len(parts) == 1:
        return total, first
    said = tuple(one.amount if len({*signs.values()}) == 1 else one.amount * signs[one.type_id] for one, _ in parts)
    return total, replace(first, amount=sum(said, Decimal(0)), parts=said)


def _sign_of(several: Sequence[Compensation]) -> int:
    """In which its amounts are told: that of the first day, or of all where that day says nothing."""
    first = sum((one.amount for one in several if one.takes_effect == several[0].takes_effect), Decimal(0))
    return -1 if (first or sum((one.amount for one in several), Decimal(0))) < 0 else 1


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
