"""Planted names, BSNs, IBANs and salaries are found nowhere they should not be: log lines, files, tables, reports.

Everything a command says is looked through, on both streams and with every log line on, and then every byte at rest.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from adapters.simulators.company.generate import Situation, generate_company
from api.bootstrap import SystemClock, open_store
from api.cli.main import main
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from api.http.app import create_app
from api.http.server import open_web
from domain.access import Role
from domain.values import Actor
from tests.support.inboxes import SECRET, receiver

PLANTED = {
    "last_name": "Zwaluwstaart", "first_name": "Wilgenroos", "street": "Plantsoenlaan", "city": "Zandvoorderdam",
    "bsn": "249566758", "iban": "NL20INGB0001234567", "personal_email": "zwaluw@plantsoen.example",
    "place_of_birth": "Kraaiendorp",
}  # fmt: skip
TYPED = "Achterommetje"  # into Loket, by hand
ADDED = "Zwbis"  # to a house number: what a finding proposes quotes it
SALARY = "4321.09"
REASON = "Zwaluwstaart asked for it herself"
SECRETS = (*PLANTED.values(), TYPED, ADDED, SALARY, SALARY.replace(".", ","), "249.566.758", REASON)
LATER = date(2099, 12, 31)
DAYS = ("--from", "2020-01-01", "--to", "2099-12-31")


@dataclass
class Tenant:
    running: Simulation
    config: Path
    url: str
    capture: pytest.CaptureFixture[str]
    said: list[tuple[str, str]] = field(default_factory=list)  # where, what

    def run(self, *arguments: str) -> str:
        self.capture.readouterr()
        main(["--config", str(self.config), "--as", "Marieke", *arguments])
        out, err = self.capture.readouterr()
        self.said += [(f"{arguments[0]}, stdout", out), (f"{arguments[0]}, stderr", err)]
        return out + err

    @property
    def folder(self) -> Path:
        return self.config.parent


@pytest.fixture
def tenant(
    tmp_path: Path, log_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tenant]:
    monkeypatch.setenv("TWEELUIK_LOG_LEVEL", "DEBUG")
    with ExitStack() as stack:
        hook = stack.enter_context(receiver())
        company = generate_company(6, seed=7, shares={Situation.CONCEPT_TO_BE: 1 / 6})
        running = stack.enter_context(simulation(company))
        text = running.configuration(log_url)
        if log_url.startswith("postgres"):
            text = text.replace("\n\n", f'\nkeys = "{log_url}"\ncheckpoints = "{tmp_path}/checkpoints"\n\n', 1)
        config = tmp_path / "tweeluik.toml"
        config.write_text(
            f"{text}\ncompensation_start_date = 2020-01-01\n[rules]\nidentity_guard = false\n"
            "[alerts]\nprivate_hosts = ['127.0.0.1']\n"
            f"[alerts.targets.desk]\nurl = '{hook.url}'\nsecret = '{SECRET}'\n"
        )
        one = Tenant(running, config, log_url, capsys)
        yield one


def lives(tenant: Tenant) -> tuple[int, str]:
    """Everything that happens to a person; the employee number of whom it is planted on, and a run."""
    personio, loket = tenant.running.personio, tenant.running.loket
    one, other, *_ = tenant.running.company.of(Situation.IN_BOTH)
    tenant.run("sync", "--entity", "170")
    for attribute, value in PLANTED.items():
        personio.edit(one.person_id, attribute, value)
    personio.set_salary(one.person_id, SALARY, "2026-01-01")
    tenant.run("plan", "--entity", "170")
    tenant.run("people", "--entity", "170")
    loket.faults.add("refuse", method="PUT", path="*/employees/*", messages=(f"{PLANTED['street']} is too long",))
    refused = tenant.run("sync", "--entity", "170", "--json")
    tenant.run("sync", "--entity", "170")
    loket.edit_employee(one.employee_number, {"address.street": TYPED})
    tenant.run("drift", "--entity", "170")
    tenant.run("drift", "keep", str(one.employee_number), "address.street", "--entity", "170", "--reason", REASON)
    tenant.run("plan", "--entity", "170", "--json")
    personio.edit(one.person_id, "bsn", PLANTED["bsn"][:-1] + "9")
    personio.edit(other.person_id, "postal_code", "0123 AB")
    personio.edit(one.person_id, "house_number", f"7 {ADDED}")
    tenant.run("validate", "--entity", "170")
    tenant.run("sync", "--entity", "170")
    personio.edit(one.person_id, "bsn", PLANTED["bsn"])
    personio.edit(other.person_id, "postal_code", "1011 AB")
    personio.edit(one.person_id, "house_number", "7")
    personio.edit(one.person_id, "personal_email", None)
    tenant.run("sync", "--entity", "170")
    return one.employee_number, re.findall(r'"run_id": "([^"]+)"', refused)[0]


def is_looked_at(tenant: Tenant, number: int) -> None:
    """Every command that shows something, masked, in every format."""
    for command in (
        ("history", str(number), "--entity", "170"), ("history", "no number", "--entity", "170"), ("runs",),
        ("tasks", "--entity", "170"), ("tasks", "--entity", "170", "--ended"),
        ("terminations", "--entity", "170"), ("forecast", "--entity", "170"), ("drift", "to-do", "--entity", "170"),
        ("doctor", "--entity", "170"), ("attributes",), ("alerts", "list"), ("schedule",), ("verify",), ("rebuild",),
        ("access-review", "--month", "2026-01"), ("people", PLANTED["last_name"]), ("certificate", "40"),
        ("evidence", "--entity", "170", "--period", "2020-01-01..2099-12-31", "--out", str(tenant.folder / "e.zip")),
        *(
            ("overwritten", "--entity", "170", *DAYS, "--format", kind, "--out", str(tenant.folder / f"report.{kind}"))
            for kind in ("json", "csv", "ndjson", "xlsx", "pdf")
        ),
        ("overwritten", "--entity", "170", *DAYS),
    ):  # fmt: skip
        tenant.run(*command)


def asked_for(now: datetime) -> dict[str, str]:
    """What the routes have to be asked with."""
    period = {"since": "2020-01-01", "until": "2099-12-31", "on": f"{now:%Y-%m-%d}", "month": f"{now:%Y-%m}"}
    return {**period, "legal_entity": "170", "from_size": "1", "to_size": "2"}


def is_asked_over_http(tenant: Tenant, number: int, run_id: str) -> None:
    """Every route that is described and reads, well asked, and once with a planted value in the question.

    On SQLite as every role; on PostgreSQL, whose own texts are all that differs, as the two that may see the most.
    """
    roles = [Role.PAYROLL_ADMIN, Role.PRIVACY_OFFICER] if tenant.url.startswith("postgres") else list(Role)
    settings = load(tenant.config)
    with open_store(settings) as store, open_web(settings, store) as web:
        app, now = create_app(web), SystemClock().now()
        keys = [
            web.keys.give(actor=Actor("Petra"), holder=f"Anja {role}", role=role, entities=("170",), expires_on=LATER)[
                1
            ]
            for role in roles
        ]
        described = {path: ways["get"] for path, ways in app.openapi()["paths"].items() if "get" in ways}
        values = {"entity": "170", "number": str(number), "position": "40", "level": "0", "index": "000"}

        async def ask() -> None:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://tweeluik") as client:
                for path, way in described.items():
                    named = {one["name"] for one in way.get("parameters", ()) if one["in"] == "query"}
                    query = {name: value for name, value in asked_for(now).items() if name in named}
                    for name, value in values.items():
                        path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
                    path = path.replace("{run_id}", run_id).replace("{rule_id}", "EDIT-1")
                    planted = {**query, "field": PLANTED["bsn"], "cursor": PLANTED["iban"]}
                    for key, asked in ((keys[0], planted), *((key, query) for key in keys)):
                        answer = await client.get(
                            path.replace("{", "").replace("}", ""),
                            params=asked,
                            headers={"Authorization": f"Bearer {key}"},
                        )
                        tenant.said.append((f"GET {path} {answer.status_code}", answer.text + str(answer.headers)))
                    odd = await client.post(
                        f"/v1/legal-entities/{PLANTED['bsn']}/sync-runs", json={"name": PLANTED["last_name"]},
                        headers={"Authorization": f"Bearer {keys[0]}", "Idempotency-Key": PLANTED["iban"]},
                    )  # fmt: skip
                    tenant.said.append((f"POST {odd.status_code}", odd.text))

        asyncio.run(ask())
    out, err = tenant.capture.readouterr()
    tenant.said += [("serve, stdout", out), ("serve, stderr", err)]


def at_rest(tenant: Tenant) -> Iterator[tuple[str, bytes]]:
    """Every file of the installation, archives unpacked, and on PostgreSQL every row of every table."""
    for folder, _, names in os.walk(tenant.folder):
        for name in names:
            content = (Path(folder) / name).read_bytes()
            yield name, name.encode() + content
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    yield from ((f"{name}: {each}", archive.read(each)) for each in archive.namelist())
    if tenant.url.startswith("postgres"):
        with psycopg.connect(tenant.url) as db:
            tables = db.execute(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
                "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                name = sql.Identifier(schema, table)
                for row in db.execute(sql.SQL("SELECT * FROM {}").format(name)):
                    yield (
                        f"table {table}",
                        b"\n".join(
                            bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode() for one in row
                        ),
                    )


def found(where_and_what: Iterator[tuple[str, bytes]] | Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    return {
        (where, secret)
        for where, what in where_and_what
        for secret in SECRETS
        if secret.encode() in (what if isinstance(what, bytes) else what.encode())
    }


def test_what_is_planted_is_found_nowhere_unless_it_was_unmasked(tenant: Tenant) -> None:
    number, run_id = lives(tenant)
    opened = tenant.run("history", str(number), "--entity", "170", "--unmask", "--reason", REASON)
    del tenant.said[-2:]  # what this command said, which may show them
    is_looked_at(tenant, number)
    is_asked_over_http(tenant, number, run_id)

    assert sum(where.endswith(" 200") for where, _ in tenant.said) > 40
    assert all((tenant.folder / name).stat().st_size > 500 for name in ("e.zip", "report.xlsx", "report.pdf"))
    assert found(tenant.said) == set()
    assert found(at_rest(tenant)) == set()
    reviews = [what for where, what in tenant.said if where == "GET /v1/access-review 200"]
    assert reviews
    assert all(f'"employee_number":{number}' in one for one in reviews)  # that they were shown is told, not what was
    kept_apart = {PLANTED["personal_email"], "249.566.758", REASON, SALARY, SALARY.replace(".", ",")}
    assert {one for one in SECRETS if one in opened} >= set(SECRETS) - kept_apart  # the search can find
