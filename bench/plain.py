"""The event-sourcing library as it comes, to measure against: its Application, default transcoder, plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from psycopg.conninfo import conninfo_to_dict


class Overwritten(DomainEvent):
    """The same fact as the log's FieldOverwritten, in clear."""

    rule: str
    run_id: str
    intent: str
    person_id: str
    subject: str
    field: str
    before: str
    after: str
    actor: str
    correlation: str


FACT: dict[str, Any] = {
    "rule": "EDIT-1",
    "run_id": "run-20260315",
    "intent": "intent-1",
    "person_id": "3007",
    "subject": "c2FtcGxlc3ViamVj",
    "field": "address.street",
    "before": "Main St",
    "after": "Central Ave",
    "actor": "schedule:nightly",
    "correlation": "run-20260315",
}


def plain_application(url: str) -> Application[UUID]:
    if url.startswith("sqlite"):
        env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url.removeprefix("sqlite:///")}
        return Application(env)
    given = conninfo_to_dict(url)
    return Application(
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(given["dbname"]),
            "POSTGRES_HOST": str(given["host"]),
            "POSTGRES_PORT": str(given.get("port", 5432)),
            "POSTGRES_USER": str(given["user"]),
            "POSTGRES_PASSWORD": "",
        }
    )


def plain_batch(count: int) -> list[Overwritten]:
    """Events of one new stream, ready to be saved."""
    stream, now = uuid4(), datetime.now(UTC)
    return [
        Overwritten(
            originator_id=stream,
            originator_version=version,
            timestamp=now,
            **FACT,
        )
        for version in range(count)
    ]


def plain_replay(application: Application[UUID], page: int = 500) -> Iterator[object]:
    """Every event as a domain object, in pages, as the library's own readers do it."""
    start = 1
    while found := application.recorder.select_notifications(start, page):
        yield from map(application.mapper.to_domain_event, found)
        start = found[-1].id + 1
