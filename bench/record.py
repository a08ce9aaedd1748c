"""Loading what the log says about one person: the events of one stream, opened and folded.

python -m bench.record [--events 10 100 1000] [--databases sqlite postgres]

The floor fetches the same rows and does nothing with them. There is no figure to reach: a person has some tens of
events a year, and a run loads everyone in one query.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from bench.logs import console, database_url, took
from domain.events.loket import FieldOverwritten
from domain.log import Meta, Pending, StreamAppend, StreamId
from domain.records.loket_record import LoketRecord
from domain.values import Actor

META = Meta(
    recorded_at=datetime(2026, 3, 15, 9, 30, tzinfo=UTC), actor=Actor("schedule:nightly"), correlation="run-20260315"
)
FIELDS = ("address.street", "address.city", "contactInformation.emailAddress", "personalDetails.lastName")
ROUNDS = 30
BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", nargs="+", type=int, default=[10, 100, 1000])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    table = Table(
        "database", "events", "record ms", "CPU ms", "floor ms", "CPU ms", "× floor, CPU", "µs an event", "peak MiB"
    )
    for database in options.databases:
        with tempfile.TemporaryDirectory() as name, database_url(database, Path(name)) as url:
            keys, checkpoints = f"sqlite:///{name}/keys.db", Path(name) / "checkpoints"
            with closing(open_log(url, keys_url=keys, checkpoints=checkpoints)) as log:
                for events in options.events:
                    stream = StreamId(f"loket:170:{events}")
                    fill(log, stream, events)
                    ours, floor = best(partial(record, log, stream)), best(partial(log.recorder.streams, [stream]))
                    figures = [*(f"{each * 1e3:.2f}" for each in (*ours, *floor)), f"{ours[1] / floor[1]:.1f}"]
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    table.add_row(database, f"{events:,}", *figures, f"{ours[1] / events * 1e6:.0f}", f"{peak:.0f}")
    console.print(table)


def record(log: EventLog, stream: StreamId) -> LoketRecord:
    return LoketRecord.of(log.vault.opened(log.stream(stream)))


def best(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds and CPU seconds of the quickest of some rounds: other work on the machine only ever slows down."""
    seconds, computing = zip(*(took(work) for _ in range(ROUNDS)), strict=True)
    return min(seconds), min(computing)


def fill(log: EventLog, stream: StreamId, events: int) -> None:
    subject = log.vault.subject()
    for first in range(0, events, BATCH):
        facts = [
            Pending(
                FieldOverwritten(
                    rule="EDIT-1",
                    run_id="run-20260315",
                    intent=f"intent-{number}",
                    person_id="3007",
                    subject=subject,
                    field=FIELDS[number % len(FIELDS)],
                    before=f"Main St {number}",
                    after=f"Central Ave {number}",
                )
            )
            for number in range(first, min(first + BATCH, events))
        ]
        log.append([StreamAppend(stream, first, facts)], meta=META)


if __name__ == "__main__":
    main()
