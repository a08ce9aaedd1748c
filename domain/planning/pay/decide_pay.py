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
from domain.planning.pay.case import PayCase, PayDecision, PayMemory
from domain.planning.pay.conversion import PayrollPeriod
from domain.planning.pay.hours import HoursCase, decide_hours
from domain.planning.pay.in_line import InLine, in_line
from domain.planning.pay.one_time import one_time
from domain.planning.pay.recurring import recurring
from domain.planning.pay.sent_types import (
    by_component,
    component_of,
    fits,
    is_enabled,
    mapped_components,
    over_before,
    types_not_sent,
)
from domain.planning.pay.wages import wages
from domain.planning.planned import DatedWrite
from domain.settings import Policy
from domain.snapshots import (
    SALARY,
    CompensationCategory,
    LoketEmployment,
    LoketPay,
    LoketSnapshot,
    Paid,
    PersonioPerson,
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
    line = in_line(person, employment, paid, loket.pay, policy, today, memory.removed)
    hours = hours_case(person, employment, line, loket.pay, policy, today)
    if not (enabled or memory.ours or loket.pay.benefits.get(employment.id)):
        alone = decide_hours(hours, ())
        writes = () if memory.unknown else tuple(_processed(one, loket) for one in alone.writes)
        return replace(alone, writes=writes, notices=(*unsent, *alone.notices))
    if loket.payroll_period not in {one.value for one in PayrollPeriod}:
        return PayDecision(findings=(Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, detail=NO_PERIOD),))
    period = PayrollPeriod(loket.payroll_period)
    case = PayCase(person, employment, start_date, period, loket.pay, memory, policy.pay.amounts_are, today)
    paid_wages = wages(case, line)
    parts = [decide_hours(hours, paid_wages.writes), paid_wages]  # the hours by which Loket scales, then the wages
    mapped = mapped_components(policy)
    parts.append(recurring(case, by_component(enabled, CompensationCategory.RECURRING, policy), mapped))
    parts.append(one_time(case, by_component(enabled, CompensationCategory.ONE_TIME, policy), mapped))
    writes = tuple(_processed(write, loket) for part in parts for write in part.writes)
    affected = sorted({name for write in writes for name in write.processed})
    notices = [*unsent, *(notice for part in parts for notice in part.notices)]
    if affected:
        notices.append(Notice(NoticeCode.PROCESSED_PERIOD_AFFECTED, ", ".join(affected)))
    if memory.unknown:
        writes, notices = (), [one for one in notices if one.code not in OF_WRITES]
    return PayDecision(writes, (*unmapped, *(finding for part in parts for finding in part.findings)), tuple(notices))


def hours_case(
    person: PersonioPerson, employment: LoketEmployment, line: InLine, held: LoketPay, policy: Policy, today: date
) -> HoursCase:
    chain, day = held.hours.get(employment.id, ()), max(today, employment.start)
    return HoursCase(person, employment, line.salaries, chain, policy.pay.weekly_hours, day)


def _unmapped(enabled: Iterable[Paid], start_date: date, policy: Policy) -> Iterable[Finding]:
    for one in enabled:
        pay = one.compensation
        if pay.category in SALARY or over_before(one, start_date):
            continue
        component = component_of(pay, policy)
        if component is None or not fits(pay, component):
            yield Finding(FindingCode.COMPENSATION_NOT_MAPPED, detail=pay.type_name or pay.type_id)


def _told_not_sent(paid: Iterable[Paid], policy: Policy) -> Iterable[Notice]:
    """Silent where the entity lists the types it sends: then leaving one out was said (PAY-15)."""
    if policy.entity.compensation_types is None:
        yield from (Notice(NoticeCode.PAY_TYPE_NOT_SENT, each) for each in types_not_sent(paid, policy))


def _processed(write: DatedWrite, loket: LoketSnapshot) -> DatedWrite:
    """With the names of the payroll periods already run that this write reaches into (PAY-12)."""
    first, last = write.reaches
    names = tuple(
        span.name for span in loket.pay.periods if span.processed and span.last >= first and span.first <= last
    )
    return replace(write, processed=names)
