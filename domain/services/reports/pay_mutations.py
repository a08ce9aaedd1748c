"""Pay mutations of a period (*mutatieoverzicht*): every change of wage, recurring and one-time pay, with both amounts.

A change belongs to a period when a run of the period wrote it, or when it holds from a day in the period; it says
which, so that what was written late and what was written ahead are both seen, and neither twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeAlias

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.events.catalogue import STORED_NAMES
from domain.events.loket import FieldOverwritten, PayConverted, ProcessedPeriodAffected
from domain.events.runs import RunStarted
from domain.log import Checkpoint, Log, Recorded, Vault, warning_about
from domain.personal import Personal, Sealed
from domain.planning.pay.conversion import HOURLY
from domain.planning.pay.targets import ONE_TIME, RECURRING
from domain.ports import Clock, EvidenceViews
from domain.services.reports.unmask import Unmasking, record_unmasking, subjects_in
from domain.showings import MOST_A_DAY
from domain.streams import loket_record_of, run_stream
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views.overwritten_fields import OverwrittenFilters
from domain.views.recorded import Filters

_PAGE: Final = 500
_AT_ONCE: Final = 200  # streams
_CENT: Final = Decimal("0.01")
_KINDS: Final = tuple(name for name, fact in STORED_NAMES.items() if fact is FieldOverwritten)


class Pay(StrEnum):
    """What kind of pay a field is of."""

    WAGE = "wage"
    RECURRING = "recurring"
    ONE_TIME = "one_time"


class Within(StrEnum):
    """Why a change is of the period."""

    BOTH = "both"  # written in it, and it holds from a day in it
    WRITTEN = "written"  # it holds from another day
    HOLDS = "holds"  # written on another day


_OF: Final[Mapping[str, Pay]] = {"wage": Pay.WAGE, RECURRING: Pay.RECURRING, ONE_TIME: Pay.ONE_TIME}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayMutation:
    """One change in Loket, a wage with its type. Values are sealed, opened or erased, as the report was asked for.

    `after` is what Loket holds now: of a wage the full-time amount per payroll period, or per hour. `effective` is the
    person's own amount per payroll period; None where the hours it takes are not on record, or it is no amount.
    `told` is Personio's amount for `interval`, and None where none was converted.
    """

    position: int
    number: EmployeeNumber
    person_id: str
    pay: Pay
    field: FieldPath
    component: int | None
    holds_from: date | None
    within: Within
    before: Personal
    after: Personal
    effective: Personal | None
    hourly: bool  # an hourly wage, as far as values are shown
    told: Personal | None
    interval: str
    weekly_hours: Personal
    full_time_hours: Personal
    rule: str | None
    run_id: RunId
    business_date: date | None
    actor: Actor
    recorded_at: datetime
    periods: tuple[str, ...]  # payroll periods already run that the write reached into (PAY-12)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayReport:
    """The mutations by employee, then by the day they hold from, as one head of the log tells them."""

    entity: LegalEntityId
    since: date
    until: date
    made_at: datetime
    made_by: Actor
    unmasked: bool
    checkpoint: Checkpoint | None
    size: int
    mutations: tuple[PayMutation, ...]
    warning: str | None = None
    about: tuple[tuple[str, str], ...] = field(default=())

    @property
    def people(self) -> int:
        return len({one.number for one in self.mutations})

    def counted(self) -> Mapping[Pay, int]:
        """How many changes of each kind."""
        return {kind: sum(1 for one in self.mutations if one.pay is kind) for kind in Pay}


Found: TypeAlias = Mapping[int, Within]
"""Position of each change to why it is of the period."""


def found_in(filters: OverwrittenFilters, views: EvidenceViews, *, below: int) -> Found:
    """Where the changes of a period are, of the first `below` events; `filters` names one legal entity and its days."""
    after, written = -1, set()
    while rows := views.overwritten_fields.rows(filters, below=below, after=after, limit=_PAGE):
        written |= {row.position for row in rows if pay_of(row.field) is not None}
        after = rows[-1].position
    holding = set(_holding(filters, views, below))
    return {
        position: Within.BOTH
        if position in written and position in holding
        else Within.WRITTEN
        if position in written
        else Within.HOLDS
        for position in sorted(written | holding)
    }


def subjects_of_pay(found: Found, log: Log) -> frozenset[str]:
    """Everyone whose pay the report shows."""
    positions = sorted(found)
    return frozenset().union(
        *(subjects_in(log.at(positions[start : start + _PAGE])) for start in range(0, len(positions), _PAGE))
    )


def pay_report(
    filters: OverwrittenFilters,
    log: Log,
    vault: Vault,
    views: EvidenceViews,
    clock: Clock,
    *,
    actor: Actor,
    unmask_because: str | None = None,
    as_of: int | None = None,
    most: int = MOST_A_DAY,
    agreed: bool = False,
) -> PayReport:
    """Every change of pay, as the log was with `as_of` events, or is now.

    Showing is on record before a value is opened. Raises Misconfigured when it is to be shown without a reason, and
    TooManyPeople for more people than one person opens within a day, unless somebody else `agreed` (AUD-8).
    """
    (entity,) = filters.entities
    size = log.size() if as_of is None else as_of
    views.catch_up()
    found = found_in(filters, views, below=size)
    if unmask_because is not None:
        unmasking = Unmasking(actor, "pay mutations", unmask_because, most, agreed)
        people = subjects_of_pay(found, log)
        record_unmasking(log, vault, clock, unmasking=unmasking, entity=entity, people=people)
    head = log.checkpoint()
    mutations = _mutations(found, log, vault, size, opened=unmask_because is not None)
    return PayReport(
        entity=entity,
        since=filters.since,
        until=filters.until,
        made_at=clock.now(),
        made_by=actor,
        unmasked=unmask_because is not None,
        checkpoint=head,
        size=size,
        mutations=tuple(sorted(mutations, key=_order)),
        warning=warning_about(log),
    )


def pay_of(name: str) -> Pay | None:
    """The kind of pay a field of Loket is of; None for every other field."""
    return _OF.get(name.partition(".")[0])


def effective_amount(full_time: Personal, weekly: Personal, hours: Personal) -> Personal | None:
    """The person's own part of a full-time amount, rounded once; None where a figure is missing."""
    if BLANK in (weekly, hours):
        return None
    if any(isinstance(one, Sealed) for one in (full_time, weekly, hours)):
        return full_time
    try:
        whole, own, of = Decimal(str(full_time)), Decimal(str(weekly)), Decimal(str(hours))
        return f"{(whole * own / of).quantize(_CENT, ROUND_HALF_UP):.2f}"
    except (InvalidOperation, ZeroDivisionError):
        return None


def _holding(filters: OverwrittenFilters, views: EvidenceViews, below: int) -> Iterator[int]:
    for kind in _KINDS:
        wanted = Filters(kind=kind, effective_from=filters.since, effective_until=filters.until)
        after: int | None = -1
        while after is not None:
            page = views.recorded.find(filters.entities, wanted, after=after, limit=_PAGE)
            yield from (one.position for one in page.entries if one.position < below and any(map(pay_of, one.fields)))
            after = page.reached


@dataclass(frozen=True, slots=True)
class _Told:
    """What else the log says of the writes behind the changes, by intent."""

    changes: tuple[Recorded, ...]
    converted: Mapping[tuple[str, str], PayConverted]
    hourly: frozenset[str]
    periods: Mapping[str, tuple[str, ...]]
    days: Mapping[str, date]


def _mutations(found: Found, log: Log, vault: Vault, size: int, *, opened: bool) -> Iterator[PayMutation]:
    told = _told(found, log, vault, size, opened=opened)
    wages = {fact.intent for fact in map(_fact, told.changes) if fact.field == GROSS_WAGE}
    for event in told.changes:
        fact = _fact(event)
        if fact.field == GROSS_WAGE_TYPE and fact.intent in wages:
            continue  # told with the wage
        name, pay = FieldPath(fact.field), pay_of(fact.field)
        assert pay is not None
        converted = told.converted.get((fact.intent, fact.field))
        yield PayMutation(
            position=event.position,
            number=loket_record_of(event.stream)[1],
            person_id=fact.person_id,
            pay=pay,
            field=name,
            component=None if pay is Pay.WAGE else int(name.split(".")[1]),
            holds_from=fact.effective_on,
            within=found[event.position],
            before=fact.before,
            after=fact.after,
            effective=_effective(fact, pay, converted, hourly=fact.intent in told.hourly),
            hourly=fact.intent in told.hourly,
            told=converted.amount if converted else None,
            interval=converted.interval if converted else "",
            weekly_hours=converted.weekly_hours if converted else BLANK,
            full_time_hours=converted.full_time_hours if converted else BLANK,
            rule=fact.rule,
            run_id=RunId(fact.run_id),
            business_date=told.days.get(fact.run_id),
            actor=event.meta.actor,
            recorded_at=event.meta.recorded_at,
            periods=told.periods.get(fact.intent, ()),
        )


def _fact(event: Recorded) -> FieldOverwritten:
    assert isinstance(event.fact, FieldOverwritten)  # nothing else was looked for
    return event.fact


def _effective(fact: FieldOverwritten, pay: Pay, converted: PayConverted | None, *, hourly: bool) -> Personal | None:
    """Recurring and one-time pay, and an hourly wage, do not depend on hours (PAY-9)."""
    if fact.after is BLANK or fact.field.endswith(".endDate"):
        return None
    if pay is not Pay.WAGE or (hourly and fact.field == GROSS_WAGE):
        return fact.after
    if fact.field != GROSS_WAGE or converted is None:
        return None
    return effective_amount(fact.after, converted.weekly_hours, converted.full_time_hours)


def _told(found: Found, log: Log, vault: Vault, size: int, *, opened: bool) -> _Told:
    positions = sorted(found)
    sealed = [one for start in range(0, len(positions), _PAGE) for one in log.at(positions[start : start + _PAGE])]
    intents = {getattr(one.fact, "intent") for one in sealed}  # noqa: B009
    beside = [
        one
        for one in _of_streams({one.stream for one in sealed}, log)
        if one.position < size and getattr(one.fact, "intent", None) in intents
    ]
    open_ = vault.opened if opened else vault.marked
    changes = open_(tuple(sealed))
    conversions = [one.fact for one in open_(tuple(one for one in beside if isinstance(one.fact, PayConverted)))]
    reached: dict[str, list[str]] = {}
    for one in beside:
        if isinstance(one.fact, ProcessedPeriodAffected):
            reached.setdefault(one.fact.intent, []).append(one.fact.period)
    return _Told(
        changes=tuple(changes),
        converted={(one.intent, one.field): one for one in conversions if isinstance(one, PayConverted)},
        hourly=frozenset(_hourly(changes)),
        periods={intent: tuple(sorted(set(periods))) for intent, periods in reached.items()},
        days=dict(_days({getattr(one.fact, "run_id") for one in sealed}, log)),  # noqa: B009
    )


def _hourly(changes: Iterable[Recorded]) -> Iterator[str]:
    """The intents that made a wage an hourly one."""
    for fact in map(_fact, changes):
        if fact.field == GROSS_WAGE_TYPE and fact.after == HOURLY:
            yield fact.intent


def _of_streams(streams: Iterable[str], log: Log) -> Iterator[Recorded]:
    ordered = sorted(streams)
    for start in range(0, len(ordered), _AT_ONCE):
        for events in log.streams(ordered[start : start + _AT_ONCE]).values():  # type: ignore[arg-type]
            yield from events


def _days(runs: Iterable[str], log: Log) -> Iterator[tuple[str, date]]:
    """The business date of each run."""
    for run in sorted(runs):
        for one in log.stream(run_stream(RunId(run))):
            if isinstance(one.fact, RunStarted):
                yield run, one.fact.business_date


def _order(one: PayMutation) -> tuple[int, date, str, int]:
    return (one.number, one.holds_from or date.min, one.field, one.position)
