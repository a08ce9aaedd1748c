"""Keeps a schedule: puts what is planned on record, tells what was missed, and runs what is due, each once.

Two things decide together. The claim on `schedule:<entity>:<job>` says whether somebody is at work on it now, and is
taken over when that process is gone. The log says what was begun, done, put off and told, for each business date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from domain.errors import ClaimLost, LogDamaged, Misconfigured, ReadFailed, RunAlreadyInProgress
from domain.events.schedule import JobPlanned, OccurrenceDone, OccurrenceMissed, OccurrencePutOff, OccurrenceStarted
from domain.log import Fact, Log, StreamId
from domain.ports import Claim, Views
from domain.schedule import (
    Due,
    Key,
    Occurrence,
    Planned,
    Standing,
    as_it_came,
    due,
    is_ahead,
    nothing_more_before,
    schedule_stream,
)
from domain.services.journal import Journal, Tools
from domain.values import LegalEntityId, RunId
from domain.views.schedule import ScheduleRow

RETRIED_AFTER: Final = timedelta(minutes=15)
_MOST_MISSED: Final = 400  # of a downtime of years the last business dates are told
_NOT_NOW: Final = (RunAlreadyInProgress, ReadFailed, Misconfigured)


@dataclass(frozen=True, slots=True)
class Concluded:
    """How a job ended, in one of its own words, and the run or check that tells the rest."""

    outcome: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing could be concluded: under which rule, or which kind of trouble."""

    reason: str


Work: TypeAlias = Callable[[Planned], Concluded | NotNow]
Alerts: TypeAlias = Callable[[Journal, Planned, bool], Mapping[StreamId, Sequence[Fact]]]
"""Called as alerts(journal, planned, missed): what to append beside the facts that it was missed, or done."""


def no_alerts(_journal: Journal, _planned: Planned, _missed: bool) -> Mapping[StreamId, Sequence[Fact]]:
    """Nobody is told."""
    return {}


def standing_jobs(log: Log, views: Views, now: datetime) -> dict[Key, ScheduleRow]:
    """Every job that was ever planned, as it stands by the days that have come."""
    return {
        key: replace(row, standing=_as_it_came(log, key, row.standing, now))
        for key, row in views.schedule.jobs().items()
    }


def _as_it_came(log: Log, key: Key, standing: Standing, now: datetime) -> Standing:
    """What was done before a clock was far ahead is not done again: the view holds only the last, the log all."""
    if not is_ahead(standing, now):
        return standing
    stream, kinds = schedule_stream(*key), (OccurrenceDone, OccurrenceMissed)
    facts = [one.fact for one in log.of_kinds([stream], kinds).get(stream, ())]
    done = [one.business_date for one in facts if isinstance(one, OccurrenceDone)]
    told = [one.business_date for one in facts if isinstance(one, OccurrenceMissed)]
    return as_it_came(standing, done, told, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    tools: Tools
    grace: timedelta
    work: Work
    alerts: Alerts = no_alerts

    def adopt(self, plan: Sequence[Planned]) -> None:
        """Put on record what is planned from now on, where that is not what the log says. Raises StreamMoved."""
        rows = self.tools.views.schedule.jobs()
        wanted = {one.key: one.timetable.text for one in plan}
        for key in {**dict.fromkeys(wanted), **dict.fromkeys(rows)}:
            standing = rows[key].standing if key in rows else Standing()
            text = wanted.get(key, "")
            if standing.timetable != text:
                planned = JobPlanned(legal_entity=key[0], job=key[1], timetable=text)
                self._journal(key, standing.next_version).record((schedule_stream(*key), [planned]))

    def due(self, plan: Sequence[Planned]) -> dict[Key, Due]:
        """What wants attention now, from the views as they are."""
        now = self.tools.clock.now()
        rows = standing_jobs(self.tools.log, self.tools.views, now)
        found = {one.key: due(one, rows[one.key].standing, now, self.grace) for one in plan if one.key in rows}
        return {key: each for key, each in found.items() if each}

    def nothing_more_before(self, plan: Sequence[Planned], now: datetime) -> datetime | None:
        """As `domain.schedule` says, from the views as they are."""
        rows = self.tools.views.schedule.jobs()
        standings = [(one, rows[one.key].standing if one.key in rows else Standing()) for one in plan]
        return nothing_more_before(standings, now)

    def tell_missed(self, planned: Planned) -> None:
        """Tell what was missed, unless somebody is at work on it."""
        self._attend(planned, run=False)

    def run(self, planned: Planned) -> bool:
        """Run the job if it is due and nobody else is at it; False when there was nothing to do."""
        return self._attend(planned, run=True)

    def _attend(self, planned: Planned, *, run: bool) -> bool:
        at, views = self.tools.clock.now(), self.tools.views
        try:
            with self.tools.claims.claim(_claimed(planned.key), RunId(f"{planned.job}-{at:%Y%m%dT%H%M%S}")) as claim:
                views.catch_up()
                row = views.schedule.job(planned.key)
                if row is None:
                    return False
                now = self.tools.clock.now()
                wanted = due(planned, _as_it_came(self.tools.log, planned.key, row.standing, now), now, self.grace)
                journal = self._journal(planned.key, row.standing.next_version, claim)
                if wanted.missed:
                    self._missed(planned, wanted.missed, journal)
                if not run or wanted.run is None:
                    return False
                self._run(planned, wanted.run, journal)
                return True
        except RunAlreadyInProgress:
            return False

    def _missed(self, planned: Planned, missed: Sequence[Occurrence], journal: Journal) -> None:
        entity, job = planned.key
        facts = [
            OccurrenceMissed(legal_entity=entity, job=job, business_date=one.business_date, due_at=one.due_at)
            for one in missed[-_MOST_MISSED:]
        ]
        journal.record((schedule_stream(entity, job), facts), *self.alerts(journal, planned, True).items())

    def _run(self, planned: Planned, occurrence: Occurrence, journal: Journal) -> None:
        (entity, job), day = planned.key, occurrence.business_date
        stream = schedule_stream(entity, job)
        started = OccurrenceStarted(legal_entity=entity, job=job, business_date=day, due_at=occurrence.due_at)
        journal.record((stream, [started]))
        try:
            ended = self._worked(planned)
        except (LogDamaged, ClaimLost):
            raise  # nothing may be appended any more
        except Exception as reason:
            self._put_off(planned, day, type(reason).__name__, journal)
            raise
        if isinstance(ended, NotNow):
            self._put_off(planned, day, ended.reason, journal)
        else:
            done = OccurrenceDone(
                legal_entity=entity, job=job, business_date=day, outcome=ended.outcome, reference=ended.reference
            )
            journal.record((stream, [done]), *self.alerts(journal, planned, False).items())
        self.tools.log.checkpoint()

    def _put_off(self, planned: Planned, day: date, reason: str, journal: Journal) -> None:
        """Whatever kept it from concluding anything, it is not tried again at once."""
        (entity, job), until = planned.key, self.tools.clock.now() + RETRIED_AFTER
        put_off = OccurrencePutOff(legal_entity=entity, job=job, business_date=day, reason=reason, until=until)
        journal.record((schedule_stream(entity, job), [put_off]))

    def _worked(self, planned: Planned) -> Concluded | NotNow:
        try:
            return self.work(planned)
        except _NOT_NOW as reason:
            return NotNow(type(reason).__name__)

    def _journal(self, key: Key, next_version: int, claim: Claim | None = None) -> Journal:
        journal = Journal(tools=self.tools, actor=key[1].actor, correlation=_claimed(key))
        journal.knows(schedule_stream(*key), next_version)
        if claim is not None:
            journal.hold(claim)
        return journal


def _claimed(key: Key) -> LegalEntityId:
    """What is held while a job runs; no legal entity is called so."""
    return LegalEntityId(schedule_stream(*key))
