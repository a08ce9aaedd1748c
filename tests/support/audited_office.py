"""A log as two runs in March left it, and the command line of an auditor on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_store
from api.cli.main import main
from api.config.settings import load
from domain.events.loket import FieldOverwritten
from domain.events.personio import AttributeChanged
from domain.events.runs import RunCompleted, RunStarted
from domain.log import Meta, Pending, StreamAppend, StreamId
from domain.streams import loket_stream, person_stream, run_stream
from domain.values import BLANK, Actor, EmployeeNumber, LegalEntityId, PersonId, RunId

TULP, SANNE, JAN = LegalEntityId("170"), EmployeeNumber(4711), EmployeeNumber(4712)
MARCH = ("--entity", "170", "--from", "2026-03-01", "--to", "2026-03-31")
FORMULA = '=HYPERLINK("http://example.org")'
CONFIG = """
[log]
url = "sqlite:///var/tweeluik.db"
[personio]
client_id = "papi-1"
client_secret = "papi-2"
[personio.attributes]
consider_in_nl_payroll = "dynamic_1"
employee_number_loket = "dynamic_2"
income_number = "dynamic_3"
entry_date_current_period = "dynamic_4"
[loket]
client_id = "tweeluik"
[[legal_entity]]
personio_id = "170"
loket_employer_id = "9a7e2b1c-0000-4000-8000-000000000001"
loket_payroll_administration_id = "54aa2b1c-0000-4000-8000-000000000001"
"""


@dataclass
class Office:
    """A log as two runs in March left it, and the command line on it."""

    config: Path
    capture: pytest.CaptureFixture[str]
    street: int  # where Sanne's street was overwritten
    email: int  # where Jan's private e-mail was cleared

    def run(self, *arguments: str, actor: str = "Bram") -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", actor, *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str) -> Any:
        code, out, err = self.run(*arguments)
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    config = tmp_path / "tweeluik.toml"
    config.write_text(CONFIG)
    day = datetime(2026, 3, 15, 8, 30, tzinfo=UTC)
    sanne, jan = loket_stream(TULP, SANNE), loket_stream(TULP, JAN)
    with open_store(load(config)) as store:

        def append(stream: StreamId, version: int, *facts: Any, causation: str | None = None) -> int:
            meta = Meta(recorded_at=day, actor=Actor("Anna"), correlation="run-1")
            pending = [Pending(fact, causation) for fact in facts]
            return store.log.append([StreamAppend(stream, version, pending)], meta=meta)[0].position

        append(run_stream(RunId("run-1")), 0, RunStarted(legal_entity=TULP, business_date=date(2026, 3, 15)))
        change = AttributeChanged(
            subject="s-sanne", field="address.street", before="Main St", after=FORMULA, previously_observed_at=day
        )
        append(person_stream(PersonId("3007")), 0, change)
        street = append(
            sanne, 0, overwrite("3007", "s-sanne", "address.street", "Main St", FORMULA),
            overwrite("3007", "s-sanne", "personalDetails.dateOfBirth", "1990-02-01", "1990-01-02"),
            overwrite("3007", "s-sanne", "wage.grossWage", "3000.00", "3100.50"),
            causation="person:3007#0",
        )  # fmt: skip
        email = append(jan, 0, overwrite("3008", "s-jan", "contactInformation.emailAddress", "jan@example.org", BLANK))
        append(run_stream(RunId("run-1")), 1, RunCompleted(with_errors=False, counts={"updated": 2}))
        append(run_stream(RunId("run-2")), 0, RunStarted(legal_entity=TULP, business_date=date(2026, 3, 16)))
        append(run_stream(RunId("run-2")), 1, RunCompleted(with_errors=False, counts={"unchanged": 2}))
    return Office(config, capsys, street, email)


def overwrite(person: str, subject: str, field: str, before: Any, after: Any) -> FieldOverwritten:
    return FieldOverwritten(
        run_id="run-1", intent="i-1", person_id=person, subject=subject, field=field, before=before, after=after,
        rule="EDIT-2" if after is BLANK else "EDIT-1",
    )  # fmt: skip
