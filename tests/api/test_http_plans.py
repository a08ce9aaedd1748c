"""A plan over HTTP, and a run that may write that plan only, or is of a few people only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from domain.access import Role
from domain.attributes import Role as Attribute
from domain.events.runs import RunStarted
from domain.services.journal import Tools
from domain.streams import run_stream
from domain.values import LegalEntityId, RunId
from tests.support.http_api import Api, http_api
from tests.support.world import World
from tests.support.world_in_process import InProcess

RUNS: Final = "/v1/legal-entities/170/sync-runs"
PLANS: Final = "/v1/legal-entities/170/plans"
STREET: Final = Attribute("street")
NOBODY: Final = 99_999


class Office:
    """The API over Sanne, Mo and Eva, whose street in Personio is another one than in Loket."""

    def __init__(self, api: Api, world: World) -> None:
        self.api, self.world, self.posted = api, world, 0
        self.admin = api.key(Role.PAYROLL_ADMIN)
        store, fakes = api.web.store, world.tools()
        tools = Tools(
            clock=store.clock, log=store.log, vault=store.vault, claims=store.claims, views=store.views,
            personio=fakes.personio, loket=fakes.loket,
        )  # fmt: skip
        api.web.tools = lambda: nullcontext(tools)

    def done(self, path: str, **body: Any) -> dict[str, Any]:
        """What came of an order, when it was done."""
        self.posted += 1
        order = self.api.post(path, body, self.admin, {"Idempotency-Key": f"an-order-{self.posted}"})
        assert order.status_code == 202, order.text
        for thread in self.api.web.runs:
            thread.join()
        told: dict[str, Any] = self.api.get(order.json()["status_url"], self.admin).json()
        return told

    def number(self, name: str) -> int:
        return self.world.people[name].number


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    world = World(InProcess())
    for name in ("Sanne", "Mo", "Eva"):
        world.employ(name)
        world.edit(name, STREET, "Central Ave")
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        yield Office(api, world)
    world.close()


def test_the_plan_that_was_looked_at_is_written(office: Office) -> None:
    plan = office.done(PLANS)["report"]

    run = office.done(RUNS, only_if=plan["fingerprint"])

    assert (run["status"], run["plan"], run["plan_now"]) == ("completed", plan["fingerprint"], None)
    assert run["counts"] == plan["counts"] == {"updated": 3}
    assert (run["read"]["people"], run["read"]["employees"]) == (3, 3)


def test_a_plan_that_changed_in_between_is_not_written_and_both_are_told(office: Office) -> None:
    seen = office.done(PLANS)["report"]["fingerprint"]
    office.world.edit("Eva", STREET, "Harbour Rd")

    run = office.done(RUNS, only_if=seen)

    now = office.done(PLANS)["report"]["fingerprint"]
    assert (run["status"], run["reason"], run["plan"], run["plan_now"]) == ("refused", "RUN-14", seen, now)
    assert len(office.world.payroll.writes()) == 0


def test_a_plan_is_found_by_its_fingerprint_and_tells_an_operator_no_people(office: Office) -> None:
    plan = office.done(PLANS)["report"]
    operator = office.api.key(Role.OPERATOR)

    found = office.api.get(f"{PLANS}/{plan['fingerprint']}", office.admin).json()["report"]
    counted = office.api.get(f"{PLANS}/{plan['fingerprint']}", operator).json()["report"]

    assert found == plan
    assert len({one["fingerprint"] for one in plan["people"]}) == 3
    assert (counted["people"], counted["counts"], counted["people_to_write"]) == ([], {"updated": 3}, 3)
    assert office.api.get(f"{PLANS}/{'0' * 32}", office.admin).status_code == 404


def test_two_plans_differ_in_whom_they_are_not_the_same_for(office: Office) -> None:
    first = office.done(PLANS)["report"]["people"]
    office.world.edit("Eva", STREET, "Harbour Rd")
    second = office.done(PLANS)["report"]["people"]

    differing = [one["employee_number"] for one, other in zip(first, second, strict=True) if one != other]

    assert differing == [office.number("Eva")]


def test_a_pilot_is_planned_and_run_for_those_it_names(office: Office) -> None:
    eva = office.number("Eva")

    plan = office.done(PLANS, only=[eva])["report"]
    run = office.done(RUNS, only=[eva], only_if=plan["fingerprint"])

    assert run["only"] == [eva]
    assert {(one["outcome"], one["reason"], one["people"]) for one in run["tallies"]} == {
        ("updated", "EDIT-1", 1), ("left_out", "RUN-10", 2)
    }  # fmt: skip
    assert plan["counts"] == run["counts"]


def test_a_pilot_of_a_number_that_nobody_has_writes_nothing(office: Office) -> None:
    plan = office.done(PLANS, only=[NOBODY, office.number("Eva")])
    run = office.done(RUNS, only=[NOBODY, office.number("Eva")])

    assert (plan["status"], plan["problem"]["type"]) == ("failed", "not-found")
    assert (run["status"], run["reason"]) == ("refused", "RUN-10")
    assert len(office.world.payroll.writes()) == 0


def test_outcomes_come_a_page_at_a_time_by_outcome_and_reason(office: Office) -> None:
    office.world.edit("Mo", STREET, "Main St")
    run = office.done(RUNS)
    path, asked = f"/v1/sync-runs/{run['run_id']}/outcomes", {"outcome": "updated", "limit": 1}

    first = office.api.get(path, office.admin, **asked).json()
    second = office.api.get(path, office.admin, cursor=first["next"], **asked).json()
    other = office.api.get(path, office.admin, outcome="unchanged", reason="EDIT-1").json()
    none = office.api.get(path, office.admin, outcome="unknown").json()

    assert [one["employee_number"] for page in (first, second, other) for one in page["items"]] == [
        office.number("Sanne"), office.number("Eva"), office.number("Mo")
    ]  # fmt: skip
    assert first["items"][0] == run["outcomes"][0]
    assert [page["found"] for page in (first, second, other, none)] == [2, 2, 1, 0]
    assert office.api.get(path, office.api.key(Role.OPERATOR)).status_code == 403


def test_a_run_that_nobody_works_on_any_more_is_cut_off_before_the_next_one_closes_it(office: Office) -> None:
    api, entity = office.api, LegalEntityId("170")
    begun = RunStarted(legal_entity=entity, business_date=date(2026, 3, 20))
    api.scribe.write(run_stream(RunId("run-9")), begun)

    with api.web.store.claims.claim(entity, RunId("run-9")):
        going = api.get("/v1/sync-runs/run-9", office.admin)
    cut_off = api.get("/v1/sync-runs/run-9", office.admin).json()
    told = api.get("/v1/sync-runs/run-9/progress", office.admin)

    assert (going.json()["status"], cut_off["status"]) == ("in_progress", "cut_off")
    assert (going.json()["progress"], cut_off["progress"]) == ({"phase": "", "done": 0, "total": 0}, None)
    assert going.headers["cache-control"] == "no-store"
    assert told.headers["content-type"].startswith("text/event-stream")
    assert told.text == 'event: end\ndata: {"status": "cut_off"}\n\n'


def test_nobody_listens_to_a_run_of_others(office: Office) -> None:
    office.api.scribe.write(run_stream(RunId("run-9")), RunStarted(legal_entity="171", business_date=date(2026, 3, 20)))

    answers = [office.api.get(f"/v1/sync-runs/{run}/progress", office.admin) for run in ("run-9", "run-8")]

    assert [one.status_code for one in answers] == [404, 404]
