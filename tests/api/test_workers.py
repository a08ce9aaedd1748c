"""`tweeluik worker`: real processes on one PostgreSQL share the work, and finish what a killed one began."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.jobs.queue import SCHEMA, WorkQueue
from adapters.simulators.company.generate import Situation
from api.cli.main import main
from domain.events.alert import AlertDelivered
from domain.events.drift import DriftChecked
from domain.events.schedule import OccurrenceDone, OccurrenceStarted
from tests.support.drain import Site, drain
from tests.support.inboxes import SECRET, receiver
from tests.support.planned import Office, a_time_that_passed, office
from tests.support.waiting import PATIENCE, let_pass, until

COMMAND = """
import sys
import api.jobs.scheduler
from api.cli.main import main
api.jobs.scheduler.LOOKS_EVERY = 1.0
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def planned(tmp_path: Path, postgres_url: str) -> Iterator[Office]:
    """A drift check, a verification and a look at retention that have just become due."""
    when = f'"{a_time_that_passed()} * * *"'
    text = f"\n[schedule]\nmissed_after_minutes = 1380\ndrift_check = {when}\nverify = {when}\nretention = {when}\n"
    with office(tmp_path, postgres_url, text, local="") as one:
        one.on_record_since(datetime.now(UTC) - timedelta(hours=12))
        yield one


@contextmanager
def worker(of: Office) -> Iterator[subprocess.Popen[str]]:
    """One that looks every second at what is due."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--config", str(of.config), "worker"], stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_two_workers_do_each_check_once_and_end_when_told(planned: Office) -> None:
    with worker(planned) as one, worker(planned) as other:
        planned.comes_to(OccurrenceDone, 3)
        let_pass(1)  # a second time would show by then
        for each in (one, other):
            each.send_signal(signal.SIGTERM)
        codes = [each.wait(PATIENCE) for each in (one, other)]

    done = sorted(one.job for one in planned.facts(OccurrenceDone))  # type: ignore[attr-defined]
    assert done == ["drift_check", "retention", "verify"]
    assert len(planned.facts(OccurrenceStarted)) == 3
    assert len(planned.facts(DriftChecked)) == planned.sweeps() == 1
    assert codes == [0, 0]


def test_a_check_whose_worker_is_killed_is_done_by_another(planned: Office) -> None:
    planned.running.loket.faults.add("slow", method="GET", path="*/employers/*/employees", seconds=60)
    with worker(planned) as doomed:
        until(lambda: planned.sweeps() == 1)
        doomed.kill()
        doomed.wait()
    with worker(planned):
        planned.comes_to(DriftChecked, 1)
        planned.comes_to(OccurrenceDone, 3)

    checks = [one for one in planned.facts(OccurrenceStarted) if one.job == "drift_check"]  # type: ignore[attr-defined]
    assert len(checks) == 2
    assert planned.sweeps() == 2


def test_a_worker_finds_what_was_typed_in_loket_and_sends_word_of_it_once(tmp_path: Path, postgres_url: str) -> None:
    with receiver() as hook:
        when = f'"{a_time_that_passed()} * * *"'
        text = (
            f"\n[schedule]\nmissed_after_minutes = 1380\ndrift_check = {when}\n"
            f"[alerts]\nprivate_hosts = ['127.0.0.1']\n"
            f"[alerts.targets.tickets]\nurl = '{hook.url}'\nsecret = '{SECRET}'\nkinds = ['drift']\n"
        )
        with office(tmp_path, postgres_url, text, local="") as planned:
            assert main(["--config", str(planned.config), "sync", "--entity", "170"]) == 0
            someone = planned.running.company.of(Situation.IN_BOTH)[0]
            planned.running.loket.edit_employee(someone.employee_number, {"address.street": "Geheimlaan"})
            planned.on_record_since(datetime.now(UTC) - timedelta(hours=12))
            with worker(planned) as one, worker(planned):
                planned.comes_to(AlertDelivered, 1)
                one.kill()
                let_pass(1)  # as above

    (said,) = (post["data"]["kinds"]["drift"] for _, post in hook.posts)
    assert (said["opened"], said["what"]) == (1, ["address.street"])


def test_many_entities_are_shared_each_done_once_and_worked_at_one_at_a_time(tmp_path: Path, postgres_url: str) -> None:
    drained = drain(Site.at(postgres_url, tmp_path), tmp_path, entities=15, workers=2, concurrency=3, takes=0.1)

    assert len(drained.done) == 15 * 2
    assert set(drained.done.values()) == {1}
    assert drained.together == 0


def test_a_job_waits_in_the_queue_once_and_in_a_schema_of_its_own(postgres_url: str) -> None:
    queue = WorkQueue(postgres_url)
    try:
        twice = [queue.defer("170", "drift_check") for _ in range(2)]
        waiting = queue.waiting()
    finally:
        queue.close()

    with psycopg.connect(postgres_url) as db:
        tables = db.execute("SELECT table_schema FROM information_schema.tables WHERE table_name LIKE 'procrastinate%'")
        schemas = {name for (name,) in tables}
    assert (twice, waiting, schemas) == ([True, False], 1, {SCHEMA})


def test_on_sqlite_a_worker_says_who_does_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with office(tmp_path, f"sqlite:///{tmp_path}/log.db", "") as small:
        code = main(["--config", str(small.config), "worker"])

    assert code == 2
    assert "tweeluik serve does the scheduled work itself" in capsys.readouterr().err
