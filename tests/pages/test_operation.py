"""Operation and access as pages, without a browser: what would stop the next run, and who read and was shown what."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest

from api.http.routes.entities import BrakedRun, Holding, TaskCounts
from api.http.routes.schedule import PlannedJob
from api.http.schemas.answers import Run
from api.pages.audit.operation import Stop, stops
from domain.access import Role
from tests.pages.company import Company

OURS = {"Sec-Fetch-Site": "same-origin"}
HELD: Final = Holding(last_run=None, tasks=TaskCounts(count=0, by_who={}, oldest=None), braked=[])


@contextmanager
def signed_in(office: Company, role: Role, holder: str = "") -> Iterator[httpx.Client]:
    key = office.api.key(role, None, holder=holder) if holder else office.key(role)
    with httpx.Client(base_url=office.url, trust_env=False, headers=OURS, follow_redirects=True) as client:
        client.post("/sign-in", data={"key": key})
        client.post("/me/language", data={"language": "en", "next": "/me"})
        yield client


def run(status: str, reason: str | None = None) -> Run:
    held: Any = dict.fromkeys(Run.model_fields)
    return Run.model_construct(**{**held, "status": status, "reason": reason, "counts": {}})


def job(*, late: bool) -> PlannedJob:
    held: Any = dict.fromkeys(PlannedJob.model_fields)
    return PlannedJob.model_construct(**{**held, "legal_entity": "170", "job": "sync", "late": late})


@pytest.mark.parametrize(
    ("believed", "changed", "late", "found"),
    [
        (True, {}, False, []),
        (False, {}, False, [Stop.LOG]),
        (True, {"braked": [BrakedRun(run="run-1", started_by="Anja")]}, False, [Stop.BRAKE]),
        (True, {"last_run": run("refused", "IMPLAUSIBLE_READ")}, False, [Stop.READ]),
        (True, {"last_run": run("completed")}, True, [Stop.LATE]),
        (True, {"last_run": run("refused", "RUN-3")}, False, []),  # another run was going on: that is over
    ],
)
def test_what_would_stop_the_next_run_is_told_and_nothing_else(
    believed: bool, changed: dict[str, Any], late: bool, found: list[Stop]
) -> None:
    assert list(stops(believed, replace(HELD, **changed), [job(late=late)])) == found


def test_an_operator_reads_in_one_sentence_what_would_stop_the_next_run_and_sees_no_people(office: Company) -> None:
    with signed_in(office, Role.OPERATOR) as operator:
        page = operator.get("/operation").text

    assert "Something would stop the next run of one of your 2 legal entities." in page
    assert ("2 tasks have to be done first" in page, 'href="/rules/CHECK-2"' in page) == (True, True)
    assert ("2 values in Loket were overwritten" in page, "/people/" in page) == (True, False)


@pytest.mark.acts
def test_whoever_reviews_access_sees_who_was_shown_whose_values_and_turns_the_months(office: Company) -> None:
    now: datetime = office.world.clock.now()
    with signed_in(office, Role.PAYROLL_ADMIN, "Farida") as fatima:
        form = {"idempotency_key": secrets.token_hex(16), "reason": "a question of the auditor"}
        fatima.post("/e/170/people/4713/values", data=form)
        assert fatima.get("/access").status_code == 403
    with signed_in(office, Role.PRIVACY_OFFICER) as officer:
        page = officer.get("/access").text
        shown = [one for one in officer.get("/access.json").json()["items"] if one["section"] == "shown"]
        before = officer.get("/access?month=2026-02").text

    assert (f"Access in {now.astimezone(UTC):%Y-%m}" in page, "Farida" in page) == (True, True)
    assert ("Farida", 4713) in [(one["actor"], one["employee_number"]) for one in shown]
    assert ("a question of the auditor" in page, "Nothing is on record of this month." in before) == (False, True)
    assert 'rel="next" href="/access?month=2026-03"' in before
