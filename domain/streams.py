"""The names of streams: one per Personio person, Loket employee number of a legal entity, run, and drift case."""

from __future__ import annotations

from typing import Final

from domain.log import StreamId
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId

CUSTODY: Final = StreamId("custody")
ERASURES: Final = StreamId("erasures")
ACCESS_KEYS: Final = StreamId("access:keys")
DERIVATIONS: Final = StreamId("derivations")


def person_stream(person: PersonId) -> StreamId:
    return StreamId(f"person:{person}")


def loket_stream(entity: LegalEntityId, number: EmployeeNumber) -> StreamId:
    return StreamId(f"loket:{entity}:{number}")


def pay_stream(entity: LegalEntityId) -> StreamId:
    return StreamId(f"pay:{entity}")


def run_stream(run: RunId) -> StreamId:
    return StreamId(f"run:{run}")


def sweep_stream(run: RunId) -> StreamId:
    """What the run's sweep of both systems came to; apart from the run, so that it is read without its outcomes."""
    return StreamId(f"sweep:{run}")


def loket_record_of(stream: StreamId) -> tuple[LegalEntityId, EmployeeNumber]:
    """The legal entity and employee number that a `loket:` stream is about."""
    kind_and_entity, number = stream.rsplit(":", 1)
    return LegalEntityId(kind_and_entity.removeprefix("loket:")), EmployeeNumber(int(number))


def check_stream(check: RunId) -> StreamId:
    return StreamId(f"check:{check}")


def examination_stream(entity: LegalEntityId) -> StreamId:
    return StreamId(f"examination:{entity}")


def policy_stream(entity: LegalEntityId) -> StreamId:
    return StreamId(f"policy:{entity}")


def grounds_stream(entity: LegalEntityId, person: PersonId | None = None) -> StreamId:
    """By what one person was judged in a legal entity, or what holds there for everybody."""
    return StreamId(f"grounds:{entity}" if person is None else f"grounds:{entity}:{person}")


def versions_stream(entity: LegalEntityId) -> StreamId:
    """Whether Loket's version numbers are trusted there."""
    return StreamId(f"versions:{entity}")


def overtaken_stream(stream: StreamId) -> StreamId:
    """Which of that stream's events still tell something."""
    return StreamId(f"overtaken:{stream}")


def drift_stream(entity: LegalEntityId, number: EmployeeNumber, field: FieldPath) -> StreamId:
    return StreamId(f"drift:{entity}:{number}:{field}")


def drift_case_of(stream: StreamId) -> tuple[LegalEntityId, EmployeeNumber, FieldPath]:
    """The legal entity, employee number and field that a `drift:` stream is about."""
    kind_and_entity, number, field = stream.rsplit(":", 2)
    return LegalEntityId(kind_and_entity.removeprefix("drift:")), EmployeeNumber(int(number)), FieldPath(field)


def finding_stream(entity: LegalEntityId, person: PersonId, code: str, field: FieldPath | None) -> StreamId:
    """One finding of one person, from first seen to its end. By person: the number may be what is missing."""
    return StreamId(f"finding:{entity}:{person}:{code}:{field or ''}")


def hold_stream(entity: LegalEntityId, number: EmployeeNumber) -> StreamId:
    return StreamId(f"hold:{entity}:{number}")


def held_out_in(stream: StreamId) -> tuple[LegalEntityId, EmployeeNumber]:
    """The legal entity and employee number that a `hold:` stream is about."""
    kind_and_entity, number = stream.rsplit(":", 1)
    return LegalEntityId(kind_and_entity.removeprefix("hold:")), EmployeeNumber(int(number))


def report_stream(report: str) -> StreamId:
    return StreamId(f"report:{report}")


def reading_stream(month: str) -> StreamId:
    """Who read what in a month, written 2026-03."""
    return StreamId(f"access:{month}")


def session_stream(digest: str) -> StreamId:
    """One session of the pages, by the hash of its secret, of which the beginning tells it from all others."""
    return StreamId(f"session:{digest[:16]}")


def alert_stream(entity: LegalEntityId, source: str) -> StreamId:
    """What was raised about a legal entity by one source; the installation's own have the empty entity."""
    return StreamId(f"alerts:{entity}:{source}")


def delivery_stream(alert: str, target: str) -> StreamId:
    return StreamId(f"delivery:{alert}:{target}")
