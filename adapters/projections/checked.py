"""Views whose rows are held against the events they point at before anybody sees them.

A row can be edited, an event cannot: whose an event is, and what a row says of it, is taken from the event. A row that
says anything else is ViewsDiffer, whoever asks. What is missing, or counted wrongly, is found by verification
(`adapters.projections.comparing`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from adapters.projections import history as filing
from adapters.projections.history import HISTORY_PROJECTION
from adapters.projections.overwritten_fields import FIELDS, OVERWRITTEN_FIELDS_PROJECTION
from adapters.projections.projection import Key, Projection, Table, Value, fold
from adapters.projections.recorded import named, recorded_row
from adapters.projections.recorded_pages import entry_of
from adapters.projections.runs import OVERWRITES, RUNS_PROJECTION
from adapters.projections.sync_state import LINKS, MEMBERSHIP, PEOPLE, SYNC_STATE_PROJECTION
from adapters.projections.terminations import END_DATES, TERMINATIONS_PROJECTION, seen_row
from domain.errors import ViewsDiffer
from domain.events.alert import AlertRaised
from domain.events.custody import MorePeopleAsked
from domain.events.drift import DriftMoved, DriftOpened, DriftReopened, LoketValueKept
from domain.events.findings import FindingOpened
from domain.events.loket import LinkState
from domain.events.report import ReportOrdered
from domain.events.runs import FindingRaised
from domain.log import Log, Recorded
from domain.outcomes import Told
from domain.streams import CUSTODY, person_stream, report_stream, run_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId
from domain.views.alerts import AlertRow, AlertsView
from domain.views.drift import CaseRow, CheckRow, DriftView
from domain.views.history import HistoryView, Link, Span, carried_by, of_number
from domain.views.overwritten_fields import OverwrittenFieldsView, OverwrittenFilters, OverwrittenRow
from domain.views.recorded import Entry, Filters, Found, RecordedView
from domain.views.runs import LastRuns, OutcomeRow, RunRow, RunsView, Tally
from domain.views.sync_state import EVERYONE, Concept, LastOutcome, PeopleFilters, PersonState, Place, SyncStateView
from domain.views.tasks import Second, TaskFilters, TaskRow, TasksView, Waiting
from domain.views.terminations import EndDateSeen, TerminationsView
from domain.whose import whose

_DRIFT_SEEN: Final = (DriftOpened, DriftReopened, DriftMoved)


class Events:
    """The log, asked for what rows point at."""

    def __init__(self, log: Log, runs: RunsView) -> None:
        self.log = log
        self._runs = runs  # tells where a run begins, which the event there has to prove

    def at(self, view: str, positions: Iterable[int]) -> dict[int, Recorded]:
        """Raises ViewsDiffer when there is no event at one of them."""
        wanted = sorted(set(positions))
        found = {event.position: event for event in self.log.at(wanted)}
        for position in wanted:
            _hold(view, position, position in found)
        return found

    def whose(self, events: Iterable[Recorded]) -> dict[int, LegalEntityId]:
        """The legal entity of each event by its position."""
        known = tuple(events)
        streams = {event.stream for event in known if event.stream.startswith("run:")}
        rows = self._runs.these({RunId(stream.removeprefix("run:")) for stream in streams})
        firsts = self.log.at(sorted(row.position for row in rows))
        begun = {first.stream: first for first in firsts if first.stream in streams and first.version == 0}
        return dict(zip((event.position for event in known), whose(known, self.log, begun), strict=True))


class CheckedRecorded:
    """`domain.views.recorded.RecordedView`."""

    def __init__(self, view: RecordedView, events: Events) -> None:
        self._view, self._events = view, events
        self.decisions, self.instants = view.decisions, view.instants

    def find(
        self, entities: Sequence[str], filters: Filters, *, after: int = -1, limit: int = 50, before: int | None = None
    ) -> Found:
        found = self._view.find(entities, filters, after=after, limit=limit, before=before)
        for made in self._held(found.entries, filters):
            _hold("recorded", made.position, made.legal_entity in entities)
        return found

    def entry(self, position: int) -> Entry | None:
        found = self._view.entry(position)
        return None if found is None else self._held((found,), Filters())[0]

    def _held(self, entries: Sequence[Entry], filters: Filters) -> Sequence[Entry]:
        events = self._events.at("recorded", (one.position for one in entries))
        owners = self._events.whose(events.values())
        for entry in entries:
            event = events[entry.position]
            row = recorded_row(event, owners[entry.position])
            same = entry == entry_of((*row.key, *row.values.values()))
            _hold("recorded", entry.position, same and named(event) >= filters.listed.items())
        return entries


class CheckedHistory:
    """`domain.views.history.HistoryView`."""

    def __init__(self, view: HistoryView, events: Events) -> None:
        self._view, self._events = view, events

    def positions(
        self,
        entity: LegalEntityId,
        number: EmployeeNumber,
        *,
        after: int = -1,
        limit: int | None = None,
        carried: Sequence[Span] | None = None,
    ) -> tuple[int, ...]:
        theirs = self.carried(entity, number) if carried is None else carried
        found = self._view.positions(entity, number, after=after, limit=limit, carried=theirs)
        events = self._events.at("history", found)
        owners = self._events.whose(event for event in events.values() if event.stream.startswith("run:"))
        where = (*of_number(entity, number), *theirs)
        filed = set(_made(HISTORY_PROJECTION, filing.ENTRIES, *events.values()))
        for position, event in events.items():
            if isinstance(event.fact, filing.InRun):
                filed |= {(about, position) for about in filing.told_in_run(event.fact, owners.get(position, entity))}
        for position in found:
            held = any((one.about, position) in filed and one.holds(position) for one in where)
            _hold("history", position, held and owners.get(position, entity) == entity)
        return found

    def carried(self, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
        found = self._view.carried(entity, number)
        streams = self._events.log.of_kinds(sorted({one.about for one in found}), MEMBERSHIP)
        links = [
            (
                PersonId(stream.removeprefix("person:")),
                [
                    Link(event.position, *values.values())  # type: ignore[arg-type]
                    for event in events
                    for values in _made(HISTORY_PROJECTION, filing.LINKS, event).values()
                ],
            )
            for stream, events in streams.items()
        ]
        told = set(carried_by(entity, number, links))
        for span in found:
            _hold("history", None, span in told)
        return found


class CheckedRuns:
    """`domain.views.runs.RunsView`."""

    def __init__(self, view: RunsView, events: Events) -> None:
        self._view, self._events = view, events

    def runs(
        self, entity: LegalEntityId | None = None, *, before: int | None = None, limit: int = 50
    ) -> tuple[RunRow, ...]:
        return self._held(self._view.runs(entity, before=before, limit=limit))

    def run(self, run_id: RunId) -> RunRow | None:
        found = self._view.run(run_id)
        return None if found is None else self._held((found,))[0]

    def these(self, run_ids: Collection[RunId]) -> tuple[RunRow, ...]:
        return self._held(self._view.these(run_ids))

    def of_day(self, entity: LegalEntityId, day: date) -> tuple[RunRow, ...]:
        return self._held(self._view.of_day(entity, day))

    def told_of_all(self, entity: LegalEntityId, *, by: datetime) -> RunRow | None:
        found = self._view.told_of_all(entity, by=by)
        return None if found is None else self._held((found,))[0]

    def last(
        self, entities: Sequence[LegalEntityId], *, good_since: datetime | None = None
    ) -> Mapping[LegalEntityId, LastRuns]:
        found = self._view.last(entities, good_since=good_since)
        told = (
            run
            for one in found.values()
            for run in (one.ended, one.counted, one.read, one.unread, one.completed, *one.recent, *one.braked)
        )
        self._held(tuple({one.run_id: one for one in told if one is not None}.values()))
        return found

    def newest(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, RunRow]:
        found = self._view.newest(entities)
        self._held(tuple(found.values()))
        return found

    def completed(self, entity: LegalEntityId, *, by: datetime | None = None) -> RunRow | None:
        found = self._view.completed(entity, by=by)
        return None if found is None else self._held((found,))[0]

    def outcomes(self, run_id: RunId) -> tuple[OutcomeRow, ...]:
        return self._held_outcomes({run_id: self._view.outcomes(run_id)})[run_id]

    def some_outcomes(
        self, run_id: RunId, tallies: Collection[Tally], *, after: int = -1, limit: int = 100
    ) -> tuple[OutcomeRow, ...]:
        found = self._view.some_outcomes(run_id, tallies, after=after, limit=limit)
        return self._held_outcomes({run_id: found})[run_id]

    def noted(self, run_ids: Collection[RunId]) -> Mapping[RunId, tuple[OutcomeRow, ...]]:
        return self._held_outcomes(self._view.noted(run_ids))

    def _held_outcomes(self, found: Mapping[RunId, tuple[OutcomeRow, ...]]) -> Mapping[RunId, tuple[OutcomeRow, ...]]:
        rows = [(run_id, one) for run_id, each in found.items() for one in each]
        events = self._events.at("runs", (position for _, one in rows for position in one.positions))
        told = Told(events.values())
        for run_id, row in rows:
            event, outcome = events[row.position], told.of(row.position, row.person_id)
            same = outcome is not None and (outcome.outcome, outcome.reason) == (row.outcome, row.reason)
            _hold("runs", row.position, same and event.stream == run_stream(run_id))
            for place in row.overwritten:
                told_with_it = _made(RUNS_PROJECTION, OVERWRITES, event)  # of earlier runs (RUN-8)
                made = {**_made(RUNS_PROJECTION, OVERWRITES, events[place.position]), **told_with_it}
                as_made = made.get((run_id, place.position))
                _hold("runs", place.position, as_made == {"person_id": row.person_id, "field": place.field})
        return found

    def _held(self, rows: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
        events = self._events.at("runs", (row.position for row in rows))
        for row in rows:
            first = events[row.position]
            begins = (first.stream, first.version) == (run_stream(row.run_id), 0)
            _hold("runs", row.position, begins and getattr(first.fact, "legal_entity", None) == row.legal_entity)
        return rows


class CheckedOverwrittenFields:
    """`domain.views.overwritten_fields.OverwrittenFieldsView`."""

    def __init__(self, view: OverwrittenFieldsView, events: Events) -> None:
        self._view, self._events = view, events
        self.tallies, self.totals, self.runs = view.tallies, view.totals, view.runs

    def rows(
        self, filters: OverwrittenFilters, *, below: int, after: int = -1, limit: int = 500
    ) -> Sequence[OverwrittenRow]:
        found = self._view.rows(filters, below=below, after=after, limit=limit)
        causes = self._events.at("overwritten_fields", (row.cause for row in found if row.cause is not None))
        events = self._events.at("overwritten_fields", (row.position for row in found))
        for row in found:
            event = events[row.position]
            made = _made(OVERWRITTEN_FIELDS_PROJECTION, FIELDS, event).get((row.position,), {})
            same = all(getattr(row, name) == made.get(name) for name in _OVERWRITTEN)
            cause = None if row.cause is None else causes[row.cause].reference
            _hold("overwritten_fields", row.position, same and cause in (None, event.meta.causation))
        return found


_OVERWRITTEN: Final = (
    "legal_entity", "employee_number", "person_id", "field", "run_id", "actor", "rule", "cleared", "filled",
)  # fmt: skip


class CheckedDrift:
    """`domain.views.drift.DriftView`."""

    def __init__(self, view: DriftView, events: Events) -> None:
        self._view, self._events = view, events
        self.held_out, self.last_check, self.counts = view.held_out, view.last_check, view.counts

    def cases(self, entity: LegalEntityId, *, resolved: bool = False) -> Sequence[CaseRow]:
        return self._held(self._view.cases(entity, resolved=resolved))

    def unsettled(self, entity: LegalEntityId, *, since: datetime | None = None) -> Sequence[CaseRow]:
        return self._held(self._view.unsettled(entity, since=since))

    def standing(
        self, entities: Sequence[LegalEntityId]
    ) -> Mapping[LegalEntityId, tuple[Sequence[CaseRow], CheckRow | None]]:
        found = self._view.standing(entities)
        self._held([one for cases, _ in found.values() for one in cases])
        return found

    def _held(self, rows: Sequence[CaseRow]) -> Sequence[CaseRow]:
        kept = [one.kept.position for one in rows if one.kept is not None]
        events = self._events.at("drift", (*(row.position for row in rows), *kept))
        for row in rows:
            event = events[row.position]
            _hold("drift", row.position, event.stream == row.stream and isinstance(event.fact, _DRIFT_SEEN))
            if row.kept is not None:
                said = events[row.kept.position]
                _hold("drift", said.position, said.stream == row.stream and isinstance(said.fact, LoketValueKept))
        return rows


class CheckedTasks:
    """`domain.views.tasks.TasksView`."""

    def __init__(self, view: TasksView, events: Events) -> None:
        self._view, self._events = view, events
        self.last_look, self.last_looks, self.counts = view.last_look, view.last_looks, view.counts

    def waiting(self, entities: Sequence[LegalEntityId], now: datetime) -> Mapping[LegalEntityId, Waiting]:
        found = self._view.waiting(entities, now)
        seconds = [(entity, one) for entity, each in found.items() for one in each.seconds]
        events = self._events.at("tasks", (one.position for _, one in seconds))
        for entity, one in seconds:
            event = events[one.position]
            stream = report_stream(one.name) if one.what is Second.REPORT else CUSTODY
            kind = ReportOrdered if one.what is Second.REPORT else MorePeopleAsked
            said = (getattr(event.fact, "legal_entity", None), event.meta.actor)
            held = event.stream == stream and isinstance(event.fact, kind) and said == (entity, one.asked_by)
            _hold("tasks", one.position, held)
        self._held([one for each in found.values() for one in each.tasks])
        return found

    def open(self, entity: LegalEntityId) -> Sequence[TaskRow]:
        return self._held(self._view.open(entity))

    def tasks(self, entity: LegalEntityId, filters: TaskFilters, *, after: int, limit: int) -> Sequence[TaskRow]:
        return self._held(self._view.tasks(entity, filters, after=after, limit=limit))

    def task(self, position: int) -> TaskRow | None:
        found = self._view.task(position)
        return None if found is None else self._held((found,))[0]

    def _held(self, rows: Sequence[TaskRow]) -> Sequence[TaskRow]:
        events = self._events.at("tasks", (place for row in rows for place in (row.position, row.told)))
        owners = self._events.whose(events[row.position] for row in rows)
        for row in rows:
            fact, told = events[row.position].fact, events[row.told]
            first = isinstance(fact, FindingRaised | FindingOpened)
            said = (getattr(fact, "person_id", ""), getattr(fact, "code", ""), getattr(fact, "field", None))
            held = first and said == (row.person_id, row.code, row.field) and owners[row.position] == row.legal_entity
            _hold("tasks", row.position, held)
            _hold("tasks", row.told, row.told == row.position or told.stream == row.stream)
        return rows


class CheckedTerminations:
    """`domain.views.terminations.TerminationsView`."""

    def __init__(self, view: TerminationsView, events: Events) -> None:
        self._view, self._events = view, events

    def end_dates(self, entity: LegalEntityId) -> Sequence[EndDateSeen]:
        found = self._view.end_dates(entity)
        events = self._events.at("terminations", (row.position for row in found))
        for row in found:
            made = _made(TERMINATIONS_PROJECTION, END_DATES, events[row.position])
            ((of, number, position), values) = next(iter(made.items()), (("", 0, 0), {}))
            same = of == entity and values and seen_row((number, *values.values(), position)) == row
            _hold("terminations", row.position, bool(same))
        return found


class CheckedAlerts:
    """`domain.views.alerts.AlertsView`."""

    def __init__(self, view: AlertsView, events: Events) -> None:
        self._view, self._events = view, events
        self.deliveries, self.due = view.deliveries, view.due

    def raised(self, entities: Collection[str] | None, *, before: int | None, limit: int) -> Sequence[AlertRow]:
        return self._held(self._view.raised(entities, before=before, limit=limit))

    def alert(self, alert: str) -> AlertRow | None:
        found = self._view.alert(alert)
        return None if found is None else self._held((found,))[0]

    def _held(self, rows: Sequence[AlertRow]) -> Sequence[AlertRow]:
        events = self._events.at("alerts", (row.position for row in rows))
        for row in rows:
            fact = events[row.position].fact
            same = isinstance(fact, AlertRaised) and (fact.alert, fact.legal_entity) == (row.alert, row.legal_entity)
            _hold("alerts", row.position, same)
        return rows


class CheckedSyncState:
    """`domain.views.sync_state.SyncStateView`; checked is what is shown of people."""

    def __init__(self, view: SyncStateView, events: Events) -> None:
        self._view, self._events = view, events
        self.people, self.concepts, self.fields = view.people, view.concepts, view.fields
        self.open_intents, self.open_runs, self.has_completed_run = (
            view.open_intents, view.open_runs, view.has_completed_run,
        )  # fmt: skip
        self.unknown = view.unknown
        self.braked, self.doubted, self.accepted_sweep = view.braked, view.doubted, view.accepted_sweep

    def states(
        self, entity: LegalEntityId, filters: PeopleFilters = EVERYONE, *, after: Place | None = None, limit: int = 500
    ) -> tuple[PersonState, ...]:
        found = self._view.states(entity, filters, after=after, limit=limit)
        self._members((entity, one.person_id, one.employee_number) for one in found)
        told_at = {one.person_id: _told_at(one.last) for one in found if one.last is not None}
        events = self._events.at("runs", (position for each in told_at.values() for position in each))
        owners, told = self._events.whose(events.values()), Told(events.values())
        for one in found:
            if one.last is None:
                continue
            for position in told_at[one.person_id]:
                outcome = told.of(position, one.person_id)
                same = outcome is not None and (outcome.outcome, outcome.reason) == (one.last.outcome, one.last.reason)
                _hold("runs", position, same and owners[position] == entity)
            _hold("runs", one.last.position, events[one.last.position].stream == run_stream(one.last.run_id))
        self._linked(entity, [one for one in found if one.link is LinkState.CONCEPT])
        return found

    def waiting(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, Sequence[Concept]]:
        found = self._view.waiting(entities)
        self._members((entity, one.person_id, one.number) for entity, each in found.items() for one in each)
        return found

    def _linked(self, entity: LegalEntityId, found: Sequence[PersonState]) -> None:
        """Hold that the log tells of these links where their rows say so."""
        events = self._events.at("sync_state", (one.linked_at for one in found if one.linked_at is not None))
        for one in found:
            made = _made(SYNC_STATE_PROJECTION, LINKS, events[one.linked_at]) if one.linked_at is not None else {}
            row = made.get((entity, one.employee_number), {})
            _hold("sync_state", one.linked_at, row.get("state") == one.link)

    def _members(self, told: Iterable[tuple[LegalEntityId, PersonId, int | None]]) -> None:
        """Hold that these people belong to these legal entities, with these numbers."""
        members = tuple(told)
        streams = self._events.log.of_kinds([person_stream(person) for _, person, _ in members], MEMBERSHIP)
        for entity, person, number in members:
            row: Mapping[str, Value] | None = None
            for event in streams.get(person_stream(person), ()):
                for write in fold(SYNC_STATE_PROJECTION, (event,)):
                    if write.table is PEOPLE:
                        row = write.puts.get((entity, person), None if (entity, person) in write.drops else row)
            _hold("sync_state", None, row == {"employee_number": number})


def _told_at(last: LastOutcome) -> tuple[int, ...]:
    return (last.position,) if last.since is None else (last.position, last.since)


def _made(projection: Projection, table: Table, *events: Recorded) -> dict[Key, dict[str, Value]]:
    """The rows of a table that these events make."""
    return next(write.puts for write in fold(projection, events) if write.table is table)


def _hold(view: str, position: int | None, held: bool) -> None:
    if not held:
        raise ViewsDiffer(view, position)
