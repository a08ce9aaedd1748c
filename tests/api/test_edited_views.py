"""Views that were edited in the database, past the log: what is told of it, and what comes out right all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.support.audited_office import MARCH, Office
from tests.support.audited_office import office as office  # the fixture
from tests.support.raw_sql import execute


@pytest.fixture
def url(office: Office) -> str:
    """The database of the log, whose head is signed and whose views have seen all of it."""
    assert office.run("overwritten", *MARCH)[0] == 0
    assert office.run("runs")[0] == 0
    return f"sqlite:///{office.config.parent}/var/tweeluik.db"


def test_verify_tells_an_edited_view_with_exit_8_until_it_is_rebuilt(office: Office, url: str) -> None:
    assert office.run("verify")[0] == 0
    ((position,),) = execute(url, "SELECT max(position) FROM overwritten_fields")
    execute(url, f"UPDATE overwritten_fields SET legal_entity = '171' WHERE position = {position}")

    assert office.run("verify", "--log-only")[0] == 0
    code, out, _ = office.run("verify", "--json")

    verdict = json.loads(out)
    assert (code, verdict["verdict"], verdict["position"]) == (8, "VIEWS_DIFFER", position)
    (told,) = verdict["views"]
    assert (told["view"], told["what"]) == ("overwritten_fields", "the row differs in legal_entity")
    assert told["key"] == {"position": position}
    assert office.run("verify", "--log-only")[0] == 8, "only a look at the views takes it back"
    assert office.run("rebuild")[0] == 0
    assert office.run("verify")[0] == 0


def test_report_and_evidence_are_made_from_the_events_whatever_the_views_say(
    office: Office, url: str, tmp_path: Path
) -> None:
    def papers(name: str) -> tuple[Any, dict[str, int]]:
        report = office.json("overwritten", *MARCH, "--json")
        assert office.run("evidence", "--entity", "170", "--period", "2026-03", "--out", str(tmp_path / name))[0] == 0
        with ZipFile(tmp_path / name) as pack:
            lines = {part: len(pack.read(part).splitlines()) for part in pack.namelist() if part.endswith(".ndjson")}
        return [report["overwritten"], report["totals"], report["runs"]], lines

    before = papers("before.zip")
    execute(url, f"DELETE FROM overwritten_fields WHERE position = {office.email}")
    execute(url, "UPDATE overwritten_fields SET employee_number = 4999, legal_entity = '171' WHERE position % 2 = 0")
    execute(url, "UPDATE overwritten_counts SET overwritten = 99")
    execute(url, "UPDATE recorded SET legal_entity = '171'")
    execute(url, "DELETE FROM recorded_hours")
    execute(url, "DELETE FROM runs WHERE run_id = 'run-2'")
    execute(url, "UPDATE view_positions SET position = 9999 WHERE view = 'overwritten_fields'")

    assert papers("after.zip") == before
