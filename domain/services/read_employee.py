"""What the log knows of one employee: facts in their order, masked, or in clear once that is on record (AUD-8)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from domain.errors import NotFound
from domain.events.drift import DriftChecked, WaitingSeen
from domain.events.runs import OutcomesRecorded, Unmoved
from domain.log import Log, Recorded, Vault
from domain.outcomes import only_of
from domain.ports import Clock, Views
from domain.services.reports.unmask import Unmasking, record_unmasking
from domain.streams import check_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId
from domain.views.evidence import Look, plain
from domain.views.history import Span
from domain.views.recorded import Filters, RecordedView
from domain.views.runs import RunRow
from domain.whose import told

_OF_A_DAY: Final = 200  # rows that name one employee on one day


def read_employee(
    entity: LegalEntityId,
    number: EmployeeNumber,
    *,
    log: Log,
    vault: Vault,
    views: Views,
    clock: Clock,
    after: int = -1,
    limit: int | None = None,
    unmask: Unmasking | None = None,
    carried: Sequence[Span] | None = None,
) -> tuple[Recorded, ...]:
    """The facts after a position, of at most `limit` positions, from views that were brought up to the head of the log.

    `carried` is who carried the number, where it was asked already. Raises NotFound when the log never speaks of the
    number, Misconfigured for values in clear without a reason.
    """
    theirs = views.history.carried(entity, number) if carried is None else carried
    positions = views.history.positions(entity, number, after=after, limit=limit, carried=theirs)
    if not positions and after < 0:
        raise NotFound(f"the log has nothing about employee number {number} in legal entity {entity}")
    if unmask is None:
        return about_them(vault.marked(log.at(positions)), number, theirs)
    record_unmasking(log, vault, clock, unmasking=unmask, entity=entity, number=number)
    return about_them(vault.opened(log.at(positions)), number, theirs)


def about_them(events: Sequence[Recorded], number: EmployeeNumber, carried: Sequence[Span]) -> tuple[Recorded, ...]:
    """These events of one employee's history, without anybody whom a run told of beside them."""
    found: list[Recorded] = []
    for event in events:
        if isinstance(event.fact, OutcomesRecorded):
            carriers = {span.about for span in carried if span.holds(event.position)}
            found += only_of((event,), _theirs(event.fact, number, carriers))
        else:
            found.append(event)
    return tuple(found)


def _theirs(fact: OutcomesRecorded, number: EmployeeNumber, carriers: Collection[str]) -> Callable[[Unmoved], bool]:
    """Whoever has the number in a shared event, or else who carried it then and was seen without any number."""
    if any(one.employee_number == number for one in fact.people):
        return lambda one: one.employee_number == number
    return lambda one: one.employee_number is None and person_stream(PersonId(one.person_id)) in carriers


def last_look(entity: LegalEntityId, number: EmployeeNumber, *, log: Log, views: Views, by: datetime) -> Look | None:
    """The last drift check of the legal entity that was completed by then; None where there was none."""
    row = views.drift.last_check(entity, by=by)
    if row is None or row.concluded_id is None:
        return None
    events = [one for one in log.stream(check_stream(RunId(row.concluded_id))) if told(one) == entity]
    waiting = (one.fact.fields for one in events if isinstance(one.fact, WaitingSeen))
    names = frozenset(plain(one.field) for fields in waiting for one in fields if one.employee_number == number)
    ends = (one.position for one in events if isinstance(one.fact, DriftChecked))
    return next((Look(position, names) for position in ends), None)


def away_since(spans: Sequence[Span], *, log: Log, by: datetime) -> int | None:
    """The event after which nobody carried the number any more, by then; None while somebody does, or nobody did."""
    ends = {one.until + 1 for one in spans if one.until is not None and one.until + 1 < log.size()}
    events = log.at(sorted({one.since for one in spans} | ends))
    recorded = {one.position for one in events if one.meta.recorded_at <= by}
    begun = [one for one in spans if one.since in recorded]
    over = [
        one.until + 1
        for one in begun
        if one.until is not None and (one.until + 1 in recorded or one.until + 1 not in ends)
    ]
    return max(over) if over and len(over) == len(begun) else None


class DayOfEmployee(NamedTuple):
    """The runs of one business date, and what they recorded of one number."""

    runs: Sequence[RunRow]
    named: Sequence[Recorded]


def read_day(
    entity: LegalEntityId, number: EmployeeNumber, on: date, *, log: Log, views: Views, recorded: RecordedView
) -> DayOfEmployee:
    """Why someone was, or was not, synced on a day. A run may be recorded on the day before or after its date."""
    runs = views.runs.of_day(entity, on)
    if not runs:
        return DayOfEmployee((), ())
    midnight = datetime.combine(on, time(), UTC)
    filters = Filters(
        employee_number=number,
        recorded_from=midnight - timedelta(days=1),
        recorded_until=midnight + timedelta(days=2),
    )
    found = recorded.find((entity,), filters, limit=_OF_A_DAY)
    named = log.at([one.position for one in found.entries if one.stream.startswith("run:")])
    return DayOfEmployee(runs, tuple(only_of(named, lambda one: one.employee_number == number)))
