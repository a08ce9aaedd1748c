"""What pay to write for one final employee: salary, recurring and one-time compensation (PAY-1 to PAY-12).

Pure, as every decision: Personio's compensations and Loket's records in, planned writes, findings and notices out.
Nothing from before the compensation start date is ever touched (PAY-3, PAY-4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from domain.planning.details import NO_PERIOD
from domain.planning.findings import OF_WRITES, Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import PayCase, PayDecision, PayMemory, Served
from domain.planning.pay.components import one_time, recurring
from domain.planning.pay.conversion import NOT_FOR_CONCEPTS, PayrollPeriod
from domain.planning.pay.hours import HoursCase, decide_hours
from domain.planning.pay.wages import wages
from domain.planning.pay.windows import first_of_month
from domain.planning.planned import DatedWrite
from domain.settings import ComponentKind, PayComponent, Policy
from domain.snapshots import (
    SALARY,
    TYPE,
    Compensation,
    CompensationCategory,
    LoketEmployment,
    LoketPay,
    LoketSnapshot,
    Paid,
    PayType,
    PersonioPerson,
    UnreadablePay,
)


def decide_pay(
    person: PersonioPerson,
    employment: LoketEmployment,
    paid: Sequence[Paid],
    loket: LoketSnapshot,
    memory: PayMemory,
    policy: Policy,
    today: date,
) -> PayDecision:
    """Every pay write of one final employee; nothing when the entity has no compensation start date (PAY-2)."""
    start_date = policy.entity.compensation_start_date
    if start_date is None:
        return PayDecision()
    enabled = [one for one in paid if is_enabled(one.compensation, policy)]
    unmapped = tuple(_unmapped(enabled, start_date, policy))
    unsent = tuple(_told_not_sent(paid, policy))
    hours = hours_case(person, employment, paid, loket.pay, policy, today)
    if not (enabled or memory.ours or loket.pay.benefits.get(employment.id)):
        alone = decide_hours(hours, ())
        writes = () if memory.unknown else tuple(_processed(one, loket) for one in alone.writes)
        return replace(alone, writes=writes, notices=(*unsent, *alone.notices))
    if loket.payroll_period not in {one.value for one in PayrollPeriod}:
        return PayDecision(findings=(Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, detail=NO_PERIOD),))
    period = PayrollPeriod(loket.payroll_period)
    last_window = first_of_month(today, policy.pay.months_ahead)
    case = PayCase(
        person, employment, start_date, period, loket.pay, memory, policy.pay.amounts_are, today, last_window
    )
    paid_wages = wages(case, hours.salaries)
    parts = [decide_hours(hours, paid_wages.writes), paid_wages]  # the hours by which Loket scales, then the wages
    parts.append(recurring(case, _by_component(enabled, CompensationCategory.RECURRING, policy), _ours_to(policy)))
    parts.append(one_time(case, _by_component(enabled, CompensationCategory.ONE_TIME, policy), _ours_to(policy)))
    writes = tuple(_processed(write, loket) for part in parts for write in part.writes)
    affected = sorted({name for write in writes for name in write.processed})
    notices = [*unsent, *(notice for part in parts for notice in part.notices)]
    if affected:
        notices.append(Notice(NoticeCode.PROCESSED_PERIOD_AFFECTED, ", ".join(affected)))
    if memory.unknown:
        writes, notices = (), [one for one in notices if one.code not in OF_WRITES]
    return PayDecision(writes, (*unmapped, *(finding for part in parts for finding in part.findings)), tuple(notices))


def hours_case(
    person: PersonioPerson,
    employment: LoketEmployment,
    paid: Iterable[Paid],
    held: LoketPay,
    policy: Policy,
    today: date,
) -> HoursCase:
    salaries = [one for one in paid if one.compensation.category in SALARY and is_enabled(one.compensation, policy)]
    chain, day = held.hours.get(employment.id, ()), max(today, employment.start)
    return HoursCase(person, employment, salaries, chain, policy.pay.weekly_hours, day)


def is_enabled(pay: Compensation | UnreadablePay | PayType, policy: Policy) -> bool:
    """Whether the entity sends this type: by category, type id or name; unless said, salary and what is mapped."""
    types = policy.entity.compensation_types
    if types is None:
        return pay.category in SALARY or component_of(pay, policy) is not None
    return not types.isdisjoint({pay.category.value, pay.type_id, pay.type_name})


def must_be_clear(pay: UnreadablePay, policy: Policy) -> bool:
    """Whether it would be sent if it could be read, as far as anybody can tell."""
    return is_enabled(pay, policy) or (TYPE in pay.faults and may_be_any(pay, policy))


def may_be_any(pay: Compensation | UnreadablePay, policy: Policy) -> bool:
    """Of a category that is not told, or not documented: it may be salary, unless every type that is sent is named."""
    types = policy.entity.compensation_types
    named = types is not None and types.isdisjoint({*CompensationCategory, pay.type_id, pay.type_name})
    return pay.category is CompensationCategory.OTHER and not named


def types_not_sent(paid: Iterable[Paid], policy: Policy) -> list[str]:
    """The types of which a person has pay that goes nowhere, each once: nobody else says that it is not sent (PAY-15).

    Disabled by an explicit list, or without one simply not mapped.
    """
    start = policy.entity.compensation_start_date
    return sorted(
        {
            one.compensation.type_name or one.compensation.type_id
            for one in paid
            if start is not None and not is_enabled(one.compensation, policy) and not _past(one, start)
        }
    )


def served(types: Iterable[PayType], policy: Policy) -> Served:
    """What pay of these types goes to."""
    sent = [one for one in types if is_enabled(one, policy)]
    components = {found.key for one in sent if (found := component_of(one, policy))}
    return frozenset({one.category for one in sent if one.category in SALARY} | components)


def component_of(pay: Compensation | UnreadablePay | PayType, policy: Policy) -> PayComponent | None:
    components = policy.pay.components
    return components.get(pay.type_id) or components.get(pay.type_name)


def _fits(pay: Compensation, component: PayComponent) -> bool:
    """A one-time type cannot go to a component for recurring pay, nor the other way round; other categories nowhere."""
    if pay.category not in NOT_FOR_CONCEPTS:
        return False
    return component.kind is ComponentKind.DEDUCTION or component.kind.value.upper() == pay.category.value


def _unmapped(enabled: Iterable[Paid], start_date: date, policy: Policy) -> Iterable[Finding]:
    for one in enabled:
        pay = one.compensation
        if pay.category in SALARY or _past(one, start_date):
            continue
        component = component_of(pay, policy)
        if component is None or not _fits(pay, component):
            yield Finding(FindingCode.COMPENSATION_NOT_MAPPED, detail=pay.type_name or pay.type_id)


def _told_not_sent(paid: Iterable[Paid], policy: Policy) -> Iterable[Notice]:
    """Silent where the entity lists the types it sends: then leaving one out was said (PAY-15)."""
    if policy.entity.compensation_types is None:
        yield from (Notice(NoticeCode.PAY_TYPE_NOT_SENT, each) for each in types_not_sent(paid, policy))


def _past(one: Paid, start_date: date) -> bool:
    """Over before the compensation start date."""
    once = one.compensation.category is CompensationCategory.ONE_TIME
    last = one.compensation.effective_from if once else one.until
    return last is not None and last < start_date


def _by_component(
    enabled: Iterable[Paid], category: CompensationCategory, policy: Policy
) -> dict[PayComponent, list[Paid]]:
    found: dict[PayComponent, list[Paid]] = {}
    for one in enabled:
        component = component_of(one.compensation, policy)
        if one.compensation.category is category and component is not None and _fits(one.compensation, component):
            found.setdefault(component, []).append(one)
    return found


def _ours_to(policy: Policy) -> frozenset[int]:
    """Components that pay is mapped to: a type disabled later leaves what exists in Loket (PAY-2)."""
    types = policy.entity.compensation_types
    return frozenset(
        component.key
        for name, component in policy.pay.components.items()
        if types is None or name in types or not types.isdisjoint(_categories(component))
    )


def _categories(component: PayComponent) -> frozenset[str]:
    if component.kind is ComponentKind.DEDUCTION:
        return frozenset({CompensationCategory.RECURRING.value, CompensationCategory.ONE_TIME.value})
    return frozenset({component.kind.value.upper()})


def _processed(write: DatedWrite, loket: LoketSnapshot) -> DatedWrite:
    """With the names of the payroll periods already run that this write reaches into (PAY-12)."""
    first, last = write.reaches
    names = tuple(
        span.name for span in loket.pay.periods if span.processed and span.last >= first and span.first <= last
    )
    return replace(write, processed=names)
