"""The log when processes race, are killed, lose their connection or may not change it."""

from __future__ import annotations

import random
import secrets
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.log.event_log import EventLog
from adapters.log.where import sqlite_path
from adapters.postgres.pool import grant
from domain.errors import LogUnavailable
from domain.log import StreamId
from tests.support.log_site import META, LogSite, gates, overwritten, root_of, to
from tests.support.partitions import in_small_partitions, partitions
from tests.support.waiting import PATIENCE, let_pass

ROUNDS = 150
WRITER = """
import sys
from pathlib import Path
from tests.support.log_site import META, LogSite, gates, overwritten, to
from domain.errors import StreamMoved

site, name, rounds = LogSite(sys.argv[1], sys.argv[2], Path(sys.argv[3])), sys.argv[4], int(sys.argv[5])
with site.open() as log:
    subject, shared = log.vault.subject(), 0
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(rounds):
        while True:
            try:
                log.append([
                    to(name, 3 * number, gates(number), overwritten(subject, "Main St", str(number)), gates(number)),
                    to("shared", shared, gates(number)),
                ], meta=META)
                break
            except StreamMoved:
                shared = len(log.stream("shared"))
        shared += 1
        print(number, flush=True)
"""


@pytest.fixture
def site(log_url: str, tmp_path: Path) -> LogSite:
    """On PostgreSQL its next partition is made, and begun, while all this happens."""
    return LogSite.at(log_url if sqlite_path(log_url) else in_small_partitions(log_url), tmp_path)


def writer(site: LogSite, name: str, rounds: int) -> subprocess.Popen[str]:
    """A process that appends four events a round to two streams and says each round once it is stored."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, site.url, site.keys_url, str(site.folder), name, str(rounds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_head_asked_for_while_other_threads_append_is_no_cut_tail(site: LogSite) -> None:
    """The tail is read before another thread's commit, and compared with what this process has seen since."""
    with site.open() as log, ThreadPoolExecutor(4) as threads:
        appending = [threads.submit(_appended, log, name) for name in ("a", "b")]
        asking = [threads.submit(lambda: [log.checkpoint() for _ in range(200)]) for _ in range(2)]

        for each in appending:
            each.result()
        for each in asking:
            each.result()

        assert log.size() == 2 * 150


def _appended(log: EventLog, name: str) -> None:
    for number in range(150):
        log.append([to(name, number, gates(number))], meta=META)


def test_processes_that_append_at_once_lose_nothing(site: LogSite) -> None:
    writers = [writer(site, name, ROUNDS) for name in ("a", "b")]
    for process in writers:
        start(process)
    for process in writers:
        process.communicate(timeout=PATIENCE)

    with site.open() as log:
        assert [process.returncode for process in writers] == [0, 0]
        assert log.size() == 2 * ROUNDS * 4
        assert [len(log.stream(StreamId(name))) for name in ("a", "b", "shared")] == [
            3 * ROUNDS,
            3 * ROUNDS,
            2 * ROUNDS,
        ]
        head = log.checkpoint()
        assert head is not None
        assert head.root == root_of(log)


def test_whatever_moment_a_writer_is_killed_every_acknowledged_append_is_there_and_no_half_one(site: LogSite) -> None:
    moments = random.Random(20260315)
    for kill in range(4):
        process = writer(site, f"writer-{kill}", 100_000)
        start(process)
        let_pass(moments.uniform(0.02, 0.25))
        process.kill()
        said = process.communicate()[0].split()

        with site.open() as log:
            stored = log.stream(StreamId(f"writer-{kill}"))
            assert len(stored) % 3 == 0
            assert len(said) <= len(stored) // 3 <= len(said) + 1
            assert log.size() % 4 == 0
            log.append([to(f"survivor-{kill}", 0, *map(gates, range(4)))], meta=META)
            head = log.checkpoint()
            assert head is not None
            assert head.root == root_of(log)


def test_a_commit_whose_answer_was_lost_is_found_again_and_one_that_never_arrived_is_not(
    postgres_url: str, tmp_path: Path
) -> None:
    direct = LogSite.at(postgres_url, tmp_path)
    with direct.open() as log:
        log.append([to("a", 0, gates(0))], meta=META)
    with _Wire(postgres_url).serving() as wire:
        site = LogSite(wire.url, direct.keys_url, tmp_path)
        with site.open() as log:
            wire.cut = "answer"
            (event,) = log.append([to("a", 1, overwritten(log.vault.subject(), "Main St", "Elm St"))], meta=META)
            assert wire.cut == "done"
            wire.cut = "request"
            with pytest.raises(LogUnavailable, match="nothing was stored"):
                log.append([to("a", 2, gates(2))], meta=META)
            after = log.append([to("a", 2, gates(3))], meta=META)

    with direct.open() as log:
        assert log.page(0, 10) == (event, *after)
        head = log.checkpoint()
        assert head is not None
        assert head.root == root_of(log)


def test_a_partition_that_a_lost_commit_took_along_is_made_by_the_next_append(
    small_partitions_url: str, tmp_path: Path
) -> None:
    direct = LogSite.at(small_partitions_url, tmp_path)
    with direct.open() as log:
        log.append([to("a", 0, *map(gates, range(500)))], meta=META)
    with _Wire(direct.url).serving() as wire, LogSite(wire.url, direct.keys_url, tmp_path).open() as log:
        wire.cut = "request"
        with pytest.raises(LogUnavailable, match="nothing was stored"):
            log.append([to("a", 500, *map(gates, range(500)))], meta=META)
        assert partitions(direct.url) == {"stored_events_0": (500, 1024)}

        log.append([to("a", 500, *map(gates, range(500)))], meta=META)
        log.append([to("a", 1000, *map(gates, range(100)))], meta=META)

    assert partitions(direct.url) == {"stored_events_0": (1024, 1024), "stored_events_1": (76, 2048)}


def test_the_working_role_may_append_and_read_but_not_change(postgres_url: str, tmp_path: Path) -> None:
    site = LogSite.at(postgres_url, tmp_path)
    role = f"role_{secrets.token_hex(6)}"
    with site.open(), psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        grant(owner, role)
    as_role = LogSite(postgres_url.replace("postgres:@", f"{role}:@"), site.keys_url, tmp_path)

    with as_role.open() as log:
        log.append([to("a", 0, *map(gates, range(300)))], meta=META)

        assert as_role.execute("SELECT current_user") == [(role,)]
        assert log.size() == 300
        for table in ("stored_events", "stored_events_0", "log_tiles", "log_checkpoints"):
            for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"ALTER TABLE {table} DISABLE TRIGGER ALL"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    as_role.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role.execute("UPDATE stored_events SET state = state")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role.execute("UPDATE stored_events_0 SET state = state")


class _Wire:
    """A line to the server that can be cut at the first COMMIT: before it arrives, or before its answer does."""

    def __init__(self, url: str) -> None:
        given = conninfo_to_dict(url)
        self._server = f"{given['host']}/.s.PGSQL.{given.get('port', 5432)}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{given['dbname']}"
        self.cut = ""  # "answer" or "request"; "done" afterwards

    @contextmanager
    def serving(self) -> Iterator[_Wire]:
        thread = threading.Thread(target=self._accept)
        thread.start()
        try:
            yield self
        finally:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join()

    def _accept(self) -> None:
        lines = []
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                break
            lines.append(threading.Thread(target=self._carry, args=(client,)))
            lines[-1].start()
        for line in lines:
            line.join()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as ready:
            server.connect(self._server)
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    source, target = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    data = source.recv(65_536)
                    if not data:
                        return
                    if source is client and b"; COMMIT\0" in data and self.cut in ("answer", "request"):
                        if self.cut == "answer":
                            server.sendall(data)
                            server.recv(65_536)
                        self.cut = "done"
                        return
                    target.sendall(data)
