"""The names of streams: one per Personio person, Loket employee number of a legal entity, and run."""

from __future__ import annotations

from typing import Final

from domain.log import StreamId
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId

CUSTODY: Final = StreamId("custody")


def person_stream(person: PersonId) -> StreamId:
    return StreamId(f"person:{person}")


def loket_stream(entity: LegalEntityId, number: EmployeeNumber) -> StreamId:
    return StreamId(f"loket:{entity}:{number}")


def run_stream(run: RunId) -> StreamId:
    return StreamId(f"run:{run}")


def loket_record_of(stream: StreamId) -> tuple[LegalEntityId, EmployeeNumber]:
    """The legal entity and employee number that a `loket:` stream is about."""
    kind_and_entity, number = stream.rsplit(":", 1)
    return LegalEntityId(kind_and_entity.removeprefix("loket:")), EmployeeNumber(int(number))
