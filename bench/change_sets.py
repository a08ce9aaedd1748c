"""Change sets of five fields, ten sealed values an event, against the bare library: python -m bench.change_sets

Recording them (100 sets a batch), reading them sealed and reading them opened, beside the library's Application that
saves and reads the same set as one plain event. CPU time is this process's own, without what a database server does. In
turns, the best of each: other work on the machine only ever slows down.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from rich.table import Table

from adapters.log.event_log import EventLog
from bench.append import META, opened
from bench.logs import arguments, console, database_url
from bench.plain import plain_application
from domain.events.loket import WriteIntended, WriteKind
from domain.events.values import FieldChange
from domain.log import Pending, StreamAppend, StreamId

BATCH = 100
FIELDS = (
    "address.street",
    "address.houseNumber",
    "address.postalCode",
    "address.city",
    "personalDetails.lastName",
)
BEFORE, AFTER = "Main St", "Central Ave"
GIVEN: dict[str, Any] = {
    "intent": "intent-1",
    "run_id": "run-20260315",
    "person_id": "3007",
    "target": "7b1c2d3e-0000-4000-8000-000000000001",
    "rule": "EDIT-1",
}


class Intended(DomainEvent):
    """The same set as the log's WriteIntended, in clear."""

    intent: str
    run_id: str
    person_id: str
    target: str
    rule: str
    kind: str
    subject: str
    changes: list[dict[str, str]]
    actor: str
    correlation: str


def main() -> None:
    options = arguments("change sets", 4_000)
    table = Table("database", "what", "ours µs", "library µs", "× library", "CPU: ours µs", "library µs", "× library")
    for database in options.databases:
        with ExitStack() as open_things:
            folder = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
            url = open_things.enter_context(database_url(database, folder))
            log = opened(url, folder, open_things)
            plain = open_things.enter_context(
                closing(plain_application(f"{url}.plain" if url.startswith("sqlite") else url))
            )
            rounds = max(3, options.events // BATCH)
            for what, ours, library in pairs(log, plain):
                (mine, my_cpu), (theirs, their_cpu) = in_turns(ours, library, rounds)
                figures = (mine, theirs, theirs / mine, my_cpu, their_cpu, their_cpu / my_cpu)
                table.add_row(database, what, *(f"{each:.1f}" if each > 9 else f"{each:.2f}" for each in figures))
            sizes = len(log.recorder.page(-1, 1)[0][4]), len(plain.recorder.select_notifications(1, 1)[0].state)
            table.add_row(database, "bytes of an event", *map(str, sizes), f"{sizes[1] / sizes[0]:.2f}")
    console.print(table)


Work = Callable[[int], Callable[[], object]]


def pairs(log: EventLog, plain: Application[UUID]) -> list[tuple[str, Work, Work]]:
    changes = tuple(FieldChange(field, BEFORE, AFTER) for field in FIELDS)
    fact = WriteIntended(kind=WriteKind.EMPLOYEE, subject=log.vault.subject(), changes=changes, **GIVEN)
    facts, stream = [Pending(fact)] * BATCH, StreamId("loket:170:0")

    def record(number: int) -> Callable[[], object]:
        append = StreamAppend(StreamId(f"loket:170:{number}"), 0, facts)
        return lambda: log.append([append], meta=META)

    def record_plain(_: int) -> Callable[[], object]:
        events = plain_sets()
        return lambda: plain.save(*events)

    def read_plain(_: int) -> Callable[[], object]:
        return lambda: [*map(plain.mapper.to_domain_event, plain.recorder.select_notifications(1, BATCH))]

    return [
        ("record", record, record_plain),
        ("read, sealed", lambda _: lambda: log.stream(stream), read_plain),
        ("read, opened", lambda _: lambda: log.vault.opened(log.stream(stream)), read_plain),
    ]


def plain_sets() -> list[Intended]:
    stream, now = uuid4(), datetime.now(UTC)
    changes = [{"field": field, "before": BEFORE, "after": AFTER} for field in FIELDS]
    more = {"kind": "employee", "subject": "c2FtcGxlc3ViamVj", "changes": changes, "actor": "schedule:nightly"}
    return [
        Intended(
            originator_id=stream, originator_version=version, timestamp=now, correlation="run-20260315", **GIVEN, **more
        )
        for version in range(BATCH)
    ]


def in_turns(ours: Work, library: Work, rounds: int) -> list[tuple[float, float]]:
    """Of each the least (wall, CPU) µs an event."""
    best = [(1e9, 1e9), (1e9, 1e9)]
    for number in range(rounds):
        for index, work in enumerate((ours, library)):
            do = work(number)
            wall, computing = time.perf_counter(), time.process_time()
            do()
            taken = (time.perf_counter() - wall) / BATCH * 1e6, (time.process_time() - computing) / BATCH * 1e6
            best[index] = min(best[index][0], taken[0]), min(best[index][1], taken[1])
    return best


if __name__ == "__main__":
    main()
