"""Releasing a number whose employee Loket really removed, by command and over HTTP: by a second person, on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.simulators.company.generate import Situation, generate_company
from api.cli.main import main
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from domain.access import Role
from tests.api.test_http_runs import Tenant, tenant_of
from tests.support.http_api import Api


@pytest.fixture
def running() -> Iterator[Simulation]:
    with simulation(generate_company(4, seed=7, shares={Situation.NOT_CONSIDERED: 0.25})) as one:
        yield one


def test_the_command_frees_the_number_for_a_second_person_with_a_reason(
    running: Simulation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "tweeluik.toml"
    config.write_text(running.configuration())
    gone = running.company.of(Situation.IN_BOTH)[0].employee_number

    def run(*arguments: str, actor: str) -> tuple[int, str]:
        code = main(["--config", str(config), "--as", actor, *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    run("sync", "--entity", "170", actor="Anna")
    running.loket.remove_employee(gone)
    blocked, listed = run("sync", "--entity", "170", actor="Anna")
    release = ("people", "release", str(gone), "--entity", "170")
    without_reason, asked_why = run(*release, actor="Fatima")
    herself, somebody_else = run(*release, "--reason", "removed in 2023", actor="anna")
    released, _ = run(*release, "--reason", "removed in 2023", actor="Fatima")
    again, nothing_left = run(*release, "--reason", "removed in 2023", actor="Fatima")
    synced, _ = run("sync", "--entity", "170", actor="Anna")
    _, told = run("history", str(gone), "--entity", "170", "--json", actor="Anna")

    assert (blocked, without_reason, herself, released, again, synced) == (3, 2, 2, 0, 2, 0)
    assert "people release" in listed
    assert "--reason" in asked_why
    assert "somebody else" in somebody_else
    assert "nothing to release" in nothing_left
    assert "removed in 2023" not in told
    assert "Loket removed the employee" in told
    assert [one["employeeData"]["employeeNumber"] for one in running.loket.concepts()] == [gone]


def test_over_http_only_another_payroll_administrator_of_the_entity_frees_the_number(tmp_path: Path) -> None:
    with tenant_of(tmp_path, {Situation.NOT_CONSIDERED: 0.25}) as tenant:
        api = tenant.api
        gone = tenant.running.company.of(Situation.IN_BOTH)[0].employee_number
        fatima, joost = (api.key(Role.PAYROLL_ADMIN, holder=name) for name in ("Fatima", "Joost"))
        operator = api.key(Role.OPERATOR, holder="Omar")
        path = f"/v1/legal-entities/170/employees/{gone}/release"

        def asked(key: str, name: str) -> tuple[int, str]:
            answer = api.post(path, {"reason": "removed in 2023"}, key, {"Idempotency-Key": name})
            return answer.status_code, json.dumps(answer.json())

        _synced(tenant, api, fatima, "first-run")
        too_early = asked(joost, "too-early")
        tenant.running.loket.remove_employee(gone)
        _synced(tenant, api, fatima, "second-run")
        answers = [asked(key, name) for key, name in ((operator, "by-operator"), (fatima, "by-herself"))]
        released, repeated = asked(joost, "by-joost"), asked(joost, "by-joost")

        assert too_early[0] == 404
        assert [status for status, _ in answers] == [403, 403]
        assert released == repeated == (200, json.dumps(
            {"legal_entity": "170", "employee_number": gone, "released": True}
        ))  # fmt: skip
        by = api.get("/v1/events", api.key(), kind="loket_record.employee_released.v1").json()["items"]
        assert [(one["actor"], one["data"]["reason"]) for one in by] == [("Joost", "•••")]


def test_entities_of_one_employer_know_of_each_other(tmp_path: Path) -> None:
    with simulation(generate_company(2, seed=7)) as running:
        own = running.configuration()
        employer = running.loket.employer_id
        own += f'[[legal_entity]]\npersonio_id = "171"\nloket_employer_id = "{employer}"\n'
        (tmp_path / "tweeluik.toml").write_text(own + 'loket_payroll_administration_id = "54aa"\n')

        settings = load(tmp_path / "tweeluik.toml")

        assert settings.policy("170").same_employer == {"171"}
        assert settings.policy("171").same_employer == {"170"}


def _synced(tenant: Tenant, api: Api, key: str, name: str) -> None:
    accepted = api.post("/v1/legal-entities/170/sync-runs", {}, key, {"Idempotency-Key": name})
    assert accepted.status_code == 202
    tenant.finish()
