"""`tweeluik schedule`, and the planned runs in the forecast."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from api.bootstrap import open_store
from api.cli.main import main
from domain.events.schedule import OccurrenceDone
from domain.log import Meta, Pending, StreamAppend
from domain.planning.business_date import business_date
from domain.schedule import Job, schedule_stream
from domain.values import LegalEntityId
from tests.support.planned import Office, office

CONFIGURED: Final = """
[legal_entity.schedule]
sync = "0 20 18 * *"

[schedule]
drift_check = "30 6 * * *"
verify = "0 5 * * mon"
missed_after_minutes = 1
"""

Run = Callable[..., Any]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, f"sqlite:///{tmp_path}/log.db", CONFIGURED, local="") as one:
        yield one


@pytest.fixture
def run(small: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Any:
        capsys.readouterr()
        assert main(["--config", str(small.config), *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ran


def test_everything_that_is_planned_is_listed_before_anything_ran(run: Run) -> None:
    jobs = run("schedule")["jobs"]

    assert [(one["legal_entity"], one["job"], one["days_before"]) for one in jobs] == [
        (None, "verify", 0), ("170", "drift_check", 0), ("170", "look_ahead", 1), ("170", "sync", 0),
    ]  # fmt: skip
    assert all(one["since"] is None and one["last_done"] is None and not one["late"] for one in jobs)
    assert all(datetime.fromisoformat(one["next"]) > datetime.now(UTC) for one in jobs)


def test_what_nobody_did_is_late_and_what_was_done_says_how_it_ended(small: Office, run: Run) -> None:
    small.on_record_since(datetime.now(UTC) - timedelta(days=2))
    today = business_date(datetime.now(UTC))
    done = OccurrenceDone(legal_entity="", job=Job.VERIFY, business_date=today, outcome="sound", reference="check-1")
    with open_store(small.settings) as store:
        meta = Meta(recorded_at=datetime.now(UTC), actor=Job.VERIFY.actor, correlation="verify")
        stream = schedule_stream(LegalEntityId(""), Job.VERIFY)
        store.log.append([StreamAppend(stream, 1, [Pending(done)])], meta=meta)

    verify, check, *_ = run("schedule")["jobs"]

    assert (verify["outcome"], verify["last_done"], verify["late"]) == ("sound", today.isoformat(), False)
    assert (check["outcome"], check["last_done"], check["late"]) == (None, None, True)
    assert check["waiting_since"] is not None


def test_the_forecast_goes_by_the_planned_runs(run: Run) -> None:
    planned = run("forecast", "--entity", "170", "--months", "2")["runs"]
    named = run("forecast", "--entity", "170", "--run-on", "2099-03-19")["runs"]

    assert planned
    assert {day[-2:] for day in planned} == {"18"}
    assert named == ["2099-03-19"]
