"""What grows with the log and with the company, as the table of docs/operating.md.

python -m bench.growth [--events 1000 10000 100000] [--people 100 1000] [--databases sqlite postgres]

A million events and ten thousand people take some minutes more. Of events: time by the clock, then CPU of our process.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog
from psycopg import connect
from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.verify import StoredLog, verify
from adapters.log.stored import checkpoint_key, open_stored
from adapters.projections.open import open_views
from bench.logs import console, database_url, took
from bench.simulators import simulators
from bench.sync import measured
from domain.events.loket import FieldOverwritten
from domain.log import Meta, Pending, StreamAppend, StreamId
from domain.values import Actor

META = Meta(recorded_at=datetime.now(UTC), actor=Actor("schedule:nightly"), correlation="run-20260315")
BATCH = 500
SINGLE = 20
PER_STREAM = 50
_OF_THE_LOG = """
SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
WHERE relkind = 'r' AND (relname LIKE 'stored_events%' OR relname LIKE 'log_%')
"""
_OF_EACH = """
SELECT relname, reltuples::bigint, pg_relation_size(oid), pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 4 DESC LIMIT 12
"""
ANSWER_MS = 20  # a fraction of what the real systems take


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--people", nargs="*", type=int, default=[100, 1_000])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    console.print(by_events(options.databases, options.events))
    console.print(by_people(options.databases, options.people))


def by_events(databases: list[str], sizes: list[int]) -> Table:
    table = Table("database", "events", "on disk", "append of 1", "rebuild", "verify", title="cost against events")
    for database in databases:
        for size in sizes:
            with tempfile.TemporaryDirectory() as name, database_url(database, Path(name)) as url:
                table.add_row(database, f"{size:,}", *_of_log(url, Path(name), size))
    return table


def _of_log(url: str, folder: Path, size: int) -> Iterator[str]:
    checkpoints, keys = folder / "checkpoints", folder / "keys.db"
    with closing(open_log(url, keys_url=f"sqlite:///{keys}", checkpoints=checkpoints)) as log:
        for first in range(0, size, BATCH):
            log.append(list(_appends(log, first)), meta=META)
        yield on_disk(url)
        seconds, computing = took(lambda: _appends_of_one(log))
        yield f"{seconds / SINGLE * 1e3:.1f} ms, {computing / SINGLE * 1e3:.1f}"
        with closing(open_views(url, log)) as views:
            yield _seconds(took(views.rebuild))
        log.checkpoint()
        copies = Copies(checkpoints)
        key = checkpoint_key(f"sqlite:///{keys}", copies.folder, None)
        with open_stored(url) as stored:
            yield _seconds(took(lambda: _verified(stored, copies, key)))


def _verified(stored: StoredLog, copies: Copies, key: VerifierKey) -> None:
    result = verify(stored, copies, key, now=datetime.now(UTC))
    assert result.ok, result.reason


def _seconds(taken: tuple[float, float]) -> str:
    return "{:.1f} s, {:.1f}".format(*taken)


def _appends_of_one(log: EventLog) -> None:
    for number in range(SINGLE):
        fact = _fact(log.vault.subject(), number)
        log.append([StreamAppend(StreamId("loket:170:999999"), number, [fact])], meta=META)


def _appends(log: EventLog, first: int) -> Iterator[StreamAppend]:
    for number in range(first // PER_STREAM, (first + BATCH) // PER_STREAM):
        subject = log.vault.subject()
        facts = [_fact(subject, one) for one in range(PER_STREAM)]
        yield StreamAppend(StreamId(f"loket:170:{number}"), 0, facts)


def _fact(subject: str, number: int) -> Pending:
    return Pending(
        FieldOverwritten(
            rule="EDIT-1",
            run_id="run-20260315",
            intent=f"intent-{number}",
            person_id="3007",
            subject=subject,
            field="address.street",
            before="Main St",
            after=f"Central Ave {number}",
        )
    )


def on_disk(url: str) -> str:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    else:
        with connect(url) as server:
            found = server.execute("SELECT pg_database_size(current_database())").fetchone()
        size = found[0] if found else 0
    return f"{size / 1e6:,.1f} MB"


def of_it_the_log(url: str) -> str:
    """Without the views, which are made of it; SQLite does not tell."""
    if url.startswith("sqlite"):
        return "–"
    with connect(url) as server:
        found = server.execute(_OF_THE_LOG).fetchone()
    return f"{(found[0] if found else 0) / 1e6:,.1f} MB"


def of_each_table(url: str) -> Table:
    """The largest of PostgreSQL's, each with its indexes."""
    table = Table("table", "rows", "of itself", "with its indexes", title="on disk")
    with connect(url) as server:
        for name, rows, own, whole in server.execute(_OF_EACH):
            table.add_row(name, f"{rows:,}", f"{own / 1e6:,.1f} MB", f"{whole / 1e6:,.1f} MB")
    return table


def by_people(databases: list[str], sizes: list[int]) -> Table:
    columns = ("seconds", "waiting", "work", "share", "requests", "writes", "MiB")
    table = Table("database", "people", "what", *columns, title="cost against people")
    for database in databases:
        for people in sizes:
            with (
                tempfile.TemporaryDirectory() as name,
                database_url(database, Path(name)) as url,
                simulators(people, answer_ms=ANSWER_MS) as servers,
            ):
                config = Path(name) / "tweeluik.toml"
                config.write_text(servers.toml(url))
                for what, taken in measured(config, servers, None):
                    table.add_row(database, f"{people:,}", what, *taken.figures())
    return table


if __name__ == "__main__":
    main()
