"""A log of an older version on PostgreSQL is moved into partitions, and nothing of it becomes another."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.log.proof.certifying import certify
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verify import verify
from adapters.log.stored import checkpoint_key, open_stored
from adapters.postgres.log_partitions import into_partitions
from domain.errors import LogUnavailable, Misconfigured
from domain.log import StreamId
from tests.support.log_site import META, LogSite, gates, to
from tests.support.partitions import SMALL, WIDTH, partitions
from tests.support.waiting import PATIENCE, until

SIZE = WIDTH + 400
WAITS = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def site(unpartitioned_url: str, tmp_path: Path) -> LogSite:
    """Events of three people, signed at every hundred, of a size that a partition would not hold."""
    site = LogSite.at(unpartitioned_url, tmp_path)
    with site.open() as log:
        for first in range(0, SIZE, 400):
            log.append([to(f"person:{first % 3}", len(log.stream(StreamId(f"person:{first % 3}"))),
                           *map(gates, range(min(400, SIZE - first))))], meta=META)  # fmt: skip
        log.checkpoint()
    return site


def moved(site: LogSite, wait: float = PATIENCE) -> bool:
    return into_partitions(site.url, wait=wait, schema=SMALL)


def told(site: LogSite) -> dict[str, Any]:
    """All that the log says of itself, to its readers and to those who trust nobody."""
    folder = site.folder / "checkpoints"
    with site.open() as log:
        head = log.checkpoint()
        certificates = [certify(log, position, with_keys=False) for position in (0, 700, SIZE - 1)]
        rows = [log.recorder.page(after, 500) for after in range(-1, SIZE, 500)]
        streams = log.streams([StreamId(f"person:{one}") for one in range(3)])
    with open_stored(site.url) as stored:
        found = verify(stored, Copies(folder), checkpoint_key(site.keys_url, folder, None), now=META.recorded_at)
        events = [stored.events(first, 500) for first in range(1, SIZE, 500)]
    tables = [site.execute(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("log_tiles", "log_checkpoints")]
    return {
        "head": head, "certificates": certificates, "rows": rows, "streams": streams, "events": events,
        "tables": tables, "verified": found,
    }  # fmt: skip


def test_everything_the_log_says_and_proves_is_as_before(site: LogSite) -> None:
    before = told(site)

    assert moved(site)

    assert partitions(site.url) == {"stored_events_0": (SIZE, 2 * WIDTH)}
    assert before["verified"].ok
    assert told(site) == before


def test_it_goes_on_from_where_it_was_into_the_next_partition(site: LogSite) -> None:
    moved(site)

    with site.open() as log:
        for number in range(3):
            log.append([to(f"run:{number}", 0, *map(gates, range(300)))], meta=META)

    assert partitions(site.url) == {"stored_events_0": (2048, 2048), "stored_events_2": (SIZE + 900 - 2048, 3072)}
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        site.execute("DELETE FROM stored_events_0")


def test_what_was_moved_is_not_moved_again(site: LogSite) -> None:
    assert [moved(site), moved(site)] == [True, False]

    assert partitions(site.url) == {"stored_events_0": (SIZE, 2 * WIDTH)}


def test_an_empty_log_and_a_full_partition_have_room(unpartitioned_url: str, tmp_path: Path) -> None:
    site = LogSite.at(unpartitioned_url, tmp_path)

    moved(site)

    assert partitions(site.url) == {"stored_events_0": (0, WIDTH)}


def test_a_partition_that_is_more_than_half_full_has_the_next_one_made(unpartitioned_url: str, tmp_path: Path) -> None:
    site = LogSite.at(unpartitioned_url, tmp_path)
    with site.open() as log:
        for first in range(0, WIDTH, 256):
            log.append([to("a", first, *map(gates, range(256)))], meta=META)

    moved(site)

    assert partitions(site.url) == {"stored_events_0": (WIDTH, WIDTH), "stored_events_1": (0, 2 * WIDTH)}


def test_only_the_owner_may_and_whoever_worked_with_the_log_goes_on_with_no_more_rights(site: LogSite) -> None:
    role = f"role_{secrets.token_hex(6)}"
    for statement in (
        f"CREATE ROLE {role} LOGIN", f"GRANT SELECT, INSERT ON stored_events, log_tiles, log_checkpoints TO {role}",
        f"GRANT SELECT, UPDATE ON log_lock TO {role}",
    ):  # fmt: skip
        site.execute(statement)
    worker = LogSite(site.url.replace("postgres:@", f"{role}:@"), f"sqlite:///{site.folder}/keys.db", site.folder)

    with pytest.raises(Misconfigured, match="only the owner of the log's tables"):
        moved(worker)
    moved(site)

    with worker.open() as log:
        log.append([to("run:1", 0, *map(gates, range(500)))], meta=META)
    assert worker.execute("SELECT count(*) FROM stored_events_0") == [(SIZE + 500,)]
    for statement in ("INSERT INTO stored_events_0 SELECT FROM log_lock", "UPDATE stored_events SET topic = topic"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute(statement)


def test_what_a_superuser_moves_belongs_to_whom_it_belonged(site: LogSite) -> None:
    role = f"role_{secrets.token_hex(6)}"
    site.execute(f"CREATE ROLE {role}")
    site.execute(f"GRANT CREATE ON SCHEMA public TO {role}")
    for one in ("TABLE stored_events", "TABLE log_tiles", "TABLE log_checkpoints", "TABLE log_lock",
                "FUNCTION log_seen", "FUNCTION refuse_change"):  # fmt: skip
        site.execute(f"ALTER {one} OWNER TO {role}")

    moved(site)

    owners = """SELECT relowner::regrole::text FROM pg_class WHERE relname ~ '^stored_events' UNION
                SELECT proowner::regrole::text FROM pg_proc WHERE proname IN ('log_room', 'make_room')"""
    assert site.execute(owners) == [(role,)]


def test_while_somebody_reads_it_waits_and_then_says_so(site: LogSite) -> None:
    with open_stored(site.url) as reading:
        assert reading.count() == SIZE

        with pytest.raises(LogUnavailable, match="stop everything else first"):
            moved(site, wait=0.1)

    assert moved(site)


def test_cut_off_in_its_middle_it_leaves_the_log_as_it_was(site: LogSite) -> None:
    """Behind the rename, where it waits for somebody who takes a name that it needs."""
    before = told(site)
    with ThreadPoolExecutor(1) as threads, psycopg.connect(site.url) as somebody:
        somebody.execute("CREATE TABLE stored_events_0 ()")
        moving = threads.submit(moved, site)
        until(lambda: site.execute(WAITS), "its waiting")
        site.execute(WAITS.replace("pid", "pg_terminate_backend(pid)", 1))
        with pytest.raises(LogUnavailable, match="left as it was"):
            moving.result(PATIENCE)
        somebody.rollback()

    assert told(site) == before
    assert site.execute("SELECT relkind FROM pg_class WHERE relname = 'stored_events'") == [("r",)]
    assert moved(site)


def test_where_there_is_no_log_none_is_made(postgres_url: str) -> None:
    with pytest.raises(Misconfigured, match="there is no log"):
        into_partitions(postgres_url)
