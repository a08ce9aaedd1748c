"""A row of a view that was edited to name another legal entity lets nobody of that entity see what it points at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from domain.events.alert import AlertKind, AlertRaised, Condition
from domain.events.drift import Cause, DriftOpened
from domain.events.loket import FieldOverwritten, TerminationObserved
from domain.events.runs import OutcomeRecorded
from domain.streams import alert_stream, drift_stream, loket_stream, run_stream
from domain.values import EmployeeNumber, FieldPath, RunId
from tests.api.test_http_reading import ROOS, STREET, TULP, tell
from tests.support.http_api import Api, http_api
from tests.support.raw_sql import execute

TO_US: Final = "legal_entity = '170' WHERE legal_entity = '171'"
FIELDS: Final = "/v1/overwritten-fields?legal_entity=170&since=2026-03-01&until=2026-03-31"
PEOPLE: Final = "/v1/legal-entities/170/employees"
EDITS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (f"recorded SET {TO_US}", ("/v1/events", "/v1/events?kind=loket_record.fields_observed.v1", "PROOF")),
    (f"recorded_fields SET {TO_US}", (f"/v1/events?field={STREET}",)),
    ("recorded_people SET part = '170' || substr(part, 4) WHERE part LIKE '171 %'", ("/v1/events?person_id=3900",)),
    ("recorded_numbers SET part = '170' || substr(part, 4) WHERE part LIKE '171 %'",
     ("/v1/events?employee_number=5900",)),
    ("history SET about = 'loket:170:4711' WHERE about = 'loket:171:5900'", (f"{PEOPLE}/4711/history",)),
    ("history SET about = 'person:3007' WHERE about = 'person:3900'", (f"{PEOPLE}/4711/history",)),
    ("history_in_runs SET places = theirs.places FROM history_in_runs AS theirs"
     " WHERE theirs.part LIKE '171 loket:171:5900 %' AND history_in_runs.part LIKE '170 loket:170:4711 %'",
     (f"{PEOPLE}/4711/state", f"{PEOPLE}/4711/history")),
    ("person_links SET legal_entity = '170', employee_number = 4711 WHERE person_id = '3900'",
     (f"{PEOPLE}/4711/history", f"{PEOPLE}/4711/state")),
    (f"runs SET {TO_US}", ("/v1/sync-runs", "/v1/sync-runs/run-9", f"{PEOPLE}/4711/outcomes?on=2026-03-01")),
    ("run_outcomes SET run_id = 'run-2' WHERE run_id = 'run-9'", ("/v1/sync-runs/run-2",)),
    ("run_overwrites SET run_id = 'run-2', person_id = '3007' WHERE run_id = 'run-9'", ("/v1/sync-runs/run-2",)),
    (f"entity_people SET {TO_US}", (PEOPLE,)),
    (f"overwritten_fields SET {TO_US}", (FIELDS,)),
    (f"drift_cases SET {TO_US}", ("/v1/drift?legal_entity=170",)),
    (f"end_dates_seen SET {TO_US}", ("/v1/terminations?legal_entity=170",)),
    (f"alerts_raised SET {TO_US}", ("/v1/alerts", "/v1/alerts/alert-9")),
)  # fmt: skip


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        write, theirs = api.scribe.write, loket_stream(ROOS, EmployeeNumber(5900))
        told: dict[str, Any] = {"person_id": "3900", "subject": "s-3900"}
        tell(api)
        made = OutcomeRecorded(
            person_id="3900", employee_number=5900, outcome="updated", reason="EDIT-1", subject="s-3900"
        )
        write(run_stream(RunId("run-9")), made, run="run-9")
        written: dict[str, Any] = {"field": STREET, "before": "Main St", "after": "Plein", "rule": "EDIT-1"}
        write(theirs, FieldOverwritten(run_id="run-9", intent="i-9", **told, **written), run="run-9")
        ours = FieldOverwritten(run_id="run-2", intent="i-2", person_id="3007", subject="s-3007", **written)
        write(loket_stream(TULP, EmployeeNumber(4711)), ours, run="run-2")
        write(theirs, TerminationObserved(employment_id="guid", income_number=1, effective_on=date(2026, 3, 31)))
        case = drift_stream(ROOS, EmployeeNumber(5900), FieldPath(STREET))
        write(case, DriftOpened(cause=Cause.CHANGED_IN_LOKET, field=STREET, personio="a", loket="b", **told))
        drift = (Condition(AlertKind.DRIFT, case, STREET),)
        write(
            alert_stream(ROOS, "systems"),
            AlertRaised(alert="alert-9", legal_entity=ROOS, about="run-9", opened=drift, targets=("desk",)),
        )
        yield api


def test_no_edited_row_shows_anything_of_another_legal_entity(api: Api, log_url: str) -> None:
    proof = f"/v1/log/events/{api.web.store.log.stream(loket_stream(ROOS, EmployeeNumber(5900)))[0].position}/proof"
    for edit, paths in EDITS:
        for path in paths:
            asked = proof if path == "PROOF" else path
            assert api.get(asked).status_code in (200, 404), "as it is"

            for statement in f"UPDATE {edit}".split("; "):
                execute(log_url, statement)
            answer = api.get(asked)

            assert (answer.status_code, answer.json()["title"]) == (503, "views differ"), f"{edit}: {asked}"
            said = answer.text.replace(asked, "")  # a problem names what was asked
            assert not re.search(r"(?<![\w-])(3900|5900|run-9)(?![\w-])", said)  # no part of an id of the request
            api.web.store.views.rebuild()
