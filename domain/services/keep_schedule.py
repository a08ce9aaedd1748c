"""Keeps a schedule: puts what is planned on record, tells what was missed, and runs what is due, each once.

Two things decide together. The claim on `schedule:<entity>:<job>` says whether somebody is at work on it now, and is
taken over when that process is gone. The log says what was begun, done, put off and told, for each business date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from domain.errors import Misconfigured, ReadFailed, RunAlreadyInProgress
from domain.log import Fact, Fence, Log, Meta, Pending, StreamAppend
from domain.ports import Claims, Clock, Views
from domain.schedule import Due, Key, Occurrence, Planned, Standing, due, schedule_stream
from domain.schedule_events import JobPlanned, OccurrenceDone, OccurrenceMissed, OccurrencePutOff, OccurrenceStarted
from domain.values import LegalEntityId, RunId

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
Tell: TypeAlias = Callable[[Planned, datetime], None]
"""Called for each missed occurrence with the instant it was due at; telling twice is telling once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    log: Log
    claims: Claims
    views: Views
    clock: Clock
    grace: timedelta
    work: Work
    tell: Tell

    def adopt(self, plan: Sequence[Planned]) -> None:
        """Put on record what is planned from now on, where that is not what the log says."""
        rows = self.views.schedule.jobs()
        wanted = {one.key: one.timetable.text for one in plan}
        for key in {**dict.fromkeys(wanted), **dict.fromkeys(rows)}:
            standing = rows[key].standing if key in rows else Standing()
            text = wanted.get(key, "")
            if standing.timetable != text:
                self._record(key, standing.next_version, JobPlanned(legal_entity=key[0], job=key[1], timetable=text))

    def due(self, plan: Sequence[Planned]) -> dict[Key, Due]:
        """What wants attention now, from the views as they are."""
        now, rows = self.clock.now(), self.views.schedule.jobs()
        found = {one.key: due(one, rows[one.key].standing, now, self.grace) for one in plan if one.key in rows}
        return {key: each for key, each in found.items() if each}

    def tell_missed(self, planned: Planned) -> None:
        """Tell what was missed, unless somebody is at work on it."""
        self._attend(planned, run=False)

    def run(self, planned: Planned) -> bool:
        """Run the job if it is due and nobody else is at it; False when there was nothing to do."""
        return self._attend(planned, run=True)

    def _attend(self, planned: Planned, *, run: bool) -> bool:
        at = self.clock.now()
        try:
            with self.claims.claim(_claimed(planned.key), RunId(f"{planned.job}-{at:%Y%m%dT%H%M%S}")) as claim:
                self.views.catch_up()
                row = self.views.schedule.job(planned.key)
                if row is None:
                    return False
                wanted = due(planned, row.standing, self.clock.now(), self.grace)
                version = row.standing.next_version
                if wanted.missed:
                    version += self._missed(planned, wanted.missed, version, claim.fence)
                if not run or wanted.run is None:
                    return False
                self._run(planned, wanted.run, version, claim.fence)
                return True
        except RunAlreadyInProgress:
            return False

    def _missed(self, planned: Planned, missed: Sequence[Occurrence], version: int, fence: Fence) -> int:
        """Told first and then put on record: after a crash between the two it is told again rather than never."""
        (entity, job), facts = planned.key, []
        for one in missed[-_MOST_MISSED:]:
            self.tell(planned, one.due_at)
            facts.append(
                OccurrenceMissed(legal_entity=entity, job=job, business_date=one.business_date, due_at=one.due_at)
            )
        self._record(planned.key, version, *facts, fence=fence)
        return len(facts)

    def _run(self, planned: Planned, occurrence: Occurrence, version: int, fence: Fence) -> None:
        entity, job = planned.key
        day = occurrence.business_date
        started = OccurrenceStarted(legal_entity=entity, job=job, business_date=day, due_at=occurrence.due_at)
        self._record(planned.key, version, started, fence=fence)
        ended = self._worked(planned)
        fact: Fact
        if isinstance(ended, Concluded):
            fact = OccurrenceDone(
                legal_entity=entity, job=job, business_date=day, outcome=ended.outcome, reference=ended.reference
            )
        else:
            until = self.clock.now() + RETRIED_AFTER
            fact = OccurrencePutOff(legal_entity=entity, job=job, business_date=day, reason=ended.reason, until=until)
        self._record(planned.key, version + 1, fact, fence=fence)
        self.log.checkpoint()

    def _worked(self, planned: Planned) -> Concluded | NotNow:
        try:
            return self.work(planned)
        except _NOT_NOW as reason:
            return NotNow(type(reason).__name__)

    def _record(self, key: Key, version: int, *facts: Fact, fence: Fence | None = None) -> None:
        meta = Meta(recorded_at=self.clock.now(), actor=key[1].actor, correlation=_claimed(key))
        pending = [Pending(one) for one in facts]
        self.log.append([StreamAppend(schedule_stream(*key), version, pending)], meta=meta, fence=fence)


def _claimed(key: Key) -> LegalEntityId:
    """What is held while a job runs; no legal entity is called so."""
    return LegalEntityId(schedule_stream(*key))
