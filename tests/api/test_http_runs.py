"""Starting a run over HTTP, against both simulators: once for each idempotency key, one at a time, on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.simulators.company.generate import Situation, generate_company
from api.bootstrap import SystemClock, open_store
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from api.http.server import open_web
from domain.access import Role
from domain.values import LegalEntityId, RunId
from tests.support.http_api import Api, StandingClock
from tests.support.scribe import Scribe

PATH = "/v1/legal-entities/170/sync-runs"
EMAIL = "contactInformation.emailAddress"


class RealClock(StandingClock):
    """The machine's clock, moved ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self):  # type: ignore[no-untyped-def]
        return SystemClock().now() + self.ahead


@dataclass
class Tenant:
    running: Simulation
    api: Api
    clock: RealClock

    def finish(self) -> None:
        for run in self.api.web.runs:
            run.join()

    def ended(self, key: str, name: str, **body: str) -> dict[str, Any]:
        """A run that was asked for with this body and idempotency key, when it has ended."""
        accepted = self.api.post(PATH, body, key, {"Idempotency-Key": name})
        self.finish()
        found: dict[str, Any] = self.api.get(accepted.json()["status_url"]).json()
        return found


@contextmanager
def tenant_of(folder: Path, shares: Mapping[Situation, float], people: int = 4) -> Iterator[Tenant]:
    """The API over a small company in both simulators."""
    with simulation(generate_company(people, seed=7, shares=shares)) as running:
        config = folder / "tweeluik.toml"
        config.write_text(running.configuration())
        settings = load(config)
        clock = RealClock()
        with open_store(settings, clock=clock) as store, open_web(settings, store) as web:
            yield Tenant(running, Api(web, Scribe(store.log), clock), clock)


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    with tenant_of(tmp_path, {Situation.NOT_CONSIDERED: 0.25}) as one:
        yield one


def test_a_run_is_accepted_and_its_url_tells_what_came_of_it(tenant: Tenant) -> None:
    api, operator = tenant.api, tenant.api.key(Role.OPERATOR)

    accepted = api.post(PATH, {}, operator, {"Idempotency-Key": "monday-morning"})
    tenant.finish()
    ended = api.get(accepted.headers["Location"], api.key()).json()

    assert accepted.status_code == 202
    assert (ended["status"], ended["actor"]) == ("completed", "Anja (operator)")
    assert ended["counts"] == {"left_out": 1, "unchanged": 3}
    assert len(ended["outcomes"]) == 4


def test_the_same_key_starts_nothing_twice_and_is_good_for_one_request_only(tenant: Tenant) -> None:
    api, operator = tenant.api, tenant.api.key(Role.OPERATOR)
    headers = {"Idempotency-Key": "monday-morning"}

    first, again = (api.post(PATH, {}, operator, headers) for _ in range(2))
    tenant.finish()
    other = api.post(PATH, {"confirm": "abc"}, operator, headers)
    without = api.post(PATH, {}, operator)

    assert first.json() == again.json()
    assert len(api.get("/v1/sync-runs").json()["items"]) == 1
    assert (other.status_code, without.status_code) == (409, 422)


def test_a_second_run_is_refused_with_the_first_ones_id_and_its_key_stays_free(tenant: Tenant) -> None:
    api, operator = tenant.api, tenant.api.key(Role.OPERATOR)
    headers = {"Idempotency-Key": "monday-morning"}

    with api.web.store.claims.claim(LegalEntityId("170"), RunId("held")):
        refused = api.post(PATH, {}, operator, headers)
    accepted = api.post(PATH, {}, operator, headers)
    tenant.finish()

    assert (refused.status_code, refused.json()["held_by"]) == (409, "held")
    assert accepted.status_code == 202


def test_a_braked_run_is_released_by_another_subject_with_its_fingerprint_and_by_nobody_else(tenant: Tenant) -> None:
    api = tenant.api
    fatima, joost = (api.key(Role.OPERATOR, holder=name) for name in ("Fatima", "Joost"))
    brake = api.web.settings.brake.model_copy(update={"clears_people": 0, "clears_share": 0})
    api.web.settings = api.web.settings.model_copy(update={"brake": brake})

    ended = tenant.ended
    ended(fatima, "first-run")
    someone = tenant.running.company.of(Situation.IN_BOTH)[0]
    tenant.running.personio.edit(someone.person_id, "personal_email", "")
    braked = ended(fatima, "second-run")
    release = {"confirm": braked["fingerprint"]}
    another_key = api.key(Role.PAYROLL_ADMIN, holder=" FATIMA")
    herself, wrong = ended(another_key, "third-run", **release), ended(joost, "fourth-run", confirm="0" * 32)
    tenant.clock.ahead = timedelta(hours=25)
    too_late = ended(joost, "fifth-run", **release)
    tenant.clock.ahead = timedelta()
    released = ended(joost, "sixth-run", **release)

    assert [one["reason"] for one in (braked, herself, wrong, too_late)] == ["BRAKE"] * 4
    assert (released["status"], released["counts"]["updated"]) == ("completed", 1)
    stopped = api.get(f"/v1/sync-runs/{braked['run_id']}", key=another_key).json()["stopped"]
    included = stopped["limits"][0]["included"]
    assert stopped == {
        "limits": [{"what": "clears", "people": 1, "most": 0, "included": included}],
        "people_to_write": 1,
        "people_created": 0,
        "fields": [{"field": EMAIL, "people": 1, "cleared": 1, "pay": False}],
        "people": [{"person_id": someone.person_id, "employee_number": someone.employee_number, "fields": [EMAIL],
                    "cleared": [EMAIL], "created": False}],
    }  # fmt: skip
    assert api.get(f"/v1/sync-runs/{braked['run_id']}", key=fatima).json()["stopped"] == {**stopped, "people": []}
    assert api.get(f"/v1/sync-runs/{released['run_id']}", key=fatima).json()["stopped"] is None
    by = api.get("/v1/events", kind="sync_run.brake_released.v1").json()["items"]
    assert [(one["actor"], one["data"]["braked_run"]) for one in by] == [("Joost", braked["run_id"])]


def test_a_doubted_read_is_accepted_by_another_subject_with_its_fingerprint_and_by_nobody_else(tmp_path: Path) -> None:
    with tenant_of(tmp_path, {}, people=27) as tenant:
        api, ended = tenant.api, tenant.ended
        fatima, joost = (api.key(Role.OPERATOR, holder=name) for name in ("Fatima", "Joost"))
        ended(fatima, "first-run")
        everyone = [one.person_id for one in tenant.running.company.colleagues]
        for person in everyone[:21]:  # of more than twenty nobody is asked for by id: a person has to look
            tenant.running.personio.delete_person(person)

        doubted = ended(fatima, "second-run")
        accept = {"accept_read": doubted["fingerprint"]}
        by_auditor = api.post(PATH, accept, api.key(), {"Idempotency-Key": "third-run"})
        of_another_entity = api.key(Role.OPERATOR, ("171",), holder="Bram")
        elsewhere = api.post(PATH, accept, of_another_entity, {"Idempotency-Key": "fourth-run"})
        herself = ended(api.key(Role.PAYROLL_ADMIN, holder=" FATIMA"), "fifth-run", **accept)
        wrong = ended(joost, "sixth-run", accept_read="0" * 32)
        as_a_plan = ended(joost, "seventh-run", confirm=doubted["fingerprint"])
        tenant.clock.ahead = timedelta(hours=25)
        too_late = ended(joost, "eighth-run", **accept)
        tenant.clock.ahead = timedelta()
        accepted = ended(joost, "ninth-run", **accept)
        by = api.get("/v1/events", kind="sync_run.read_accepted.v1").json()["items"]

    assert (by_auditor.status_code, elsewhere.status_code) == (403, 404)
    refused = (doubted, herself, wrong, as_a_plan, too_late)
    assert [(one["status"], one["reason"]) for one in refused] == [("refused", "IMPLAUSIBLE_READ")] * 5
    assert {one["fingerprint"] for one in refused} == {doubted["fingerprint"]}
    assert doubted["sizes"]["people"] == {"before": 27, "now": 6}
    assert accepted["sizes"] == {}
    assert (accepted["status"], accepted["counts"]) == ("completed", {"left_out": 21, "unchanged": 6})
    assert [(one["actor"], one["data"]["refused_run"]) for one in by] == [("Joost", doubted["run_id"])]


def test_an_auditor_starts_nothing_and_nobody_starts_a_run_of_another_entity(tenant: Tenant) -> None:
    api, headers = tenant.api, {"Idempotency-Key": "monday-morning"}

    by_auditor = api.post(PATH, {}, api.key(), headers)
    elsewhere = api.post(PATH.replace("170", "171"), {}, api.key(Role.OPERATOR), headers)

    assert (by_auditor.status_code, elsewhere.status_code) == (403, 404)
    assert not tenant.running.loket.writes()


def test_a_run_that_cannot_read_a_system_says_so_at_its_url(tenant: Tenant) -> None:
    api = tenant.api
    tenant.running.personio.stop()

    accepted = api.post(PATH, {}, api.key(Role.OPERATOR), {"Idempotency-Key": "monday-morning"})
    tenant.finish()
    ended = api.get(accepted.json()["status_url"]).json()

    assert (ended["status"], ended["reason"]) == ("refused", "RUN-7")


def test_a_drift_check_is_made_once_for_each_key_and_its_drift_is_open_afterwards(tenant: Tenant) -> None:
    api, admin = tenant.api, tenant.api.key(Role.PAYROLL_ADMIN)
    api.post(PATH, {}, admin, {"Idempotency-Key": "monday-morning"})
    tenant.finish()
    someone = tenant.running.company.of(Situation.IN_BOTH)[0]
    tenant.running.loket.edit_employee(someone.employee_number, {"address.street": "Zijstraat"})
    headers, path = {"Idempotency-Key": "look-at-drift"}, PATH.replace("sync-runs", "drift-checks")

    first, again = (api.post(path, {}, admin, headers) for _ in range(2))
    tenant.finish()
    told = api.get(first.json()["status_url"], admin)
    (item,) = api.get("/v1/drift", legal_entity="170").json()["items"]

    assert (first.status_code, first.json()) == (202, again.json())
    assert (told.json()["status"], len(told.json()["report"]["drift"])) == ("done", 1)
    assert (item["employee_number"], item["field"], item["cause"]) == (
        someone.employee_number, "address.street", "changed_in_loket",
    )  # fmt: skip
    assert "Zijstraat" not in told.text
    assert api.post(path, {}, api.key(Role.OPERATOR), headers).status_code == 403
