"""Facts of the streams `schedule:<legal entity>:<job>`: what is planned, and what became of each occurrence.

An occurrence is one business date of one planned job. Its start is durable before the work begins, so that two
schedulers on one database never both do it.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.log import Fact


class JobPlanned(Fact, frozen=True, kw_only=True):
    """From here on this timetable holds; an empty one means that the job is planned no more."""

    legal_entity: str
    job: str
    timetable: str


class OccurrenceStarted(Fact, frozen=True, kw_only=True):
    legal_entity: str
    job: str
    business_date: date
    due_at: datetime


class OccurrenceDone(Fact, frozen=True, kw_only=True):
    """The job came to its end, good or bad; `reference` is the run or check that tells the rest."""

    legal_entity: str
    job: str
    business_date: date
    outcome: str
    reference: str = ""


class OccurrencePutOff(Fact, frozen=True, kw_only=True):
    """Nothing could be concluded: the legal entity was held, or a system could not be read. It is tried again."""

    legal_entity: str
    job: str
    business_date: date
    reason: str
    until: datetime


class OccurrenceMissed(Fact, frozen=True, kw_only=True):
    """Long after its time it had not been done; told once. It may still be done later that day."""

    legal_entity: str
    job: str
    business_date: date
    due_at: datetime


class LoketVersionSeen(Fact, frozen=True, kw_only=True):
    """The newest version number Loket gave for the employer; what changed before it was checked by `reference`."""

    legal_entity: str
    version: int
    reference: str = ""
