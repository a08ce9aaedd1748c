"""What people decide about differences over HTTP: what the next run makes of it, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.problems import MEDIA_TYPE
from domain.access import Role
from domain.attributes import GROSS_WAGE
from domain.attributes import Role as Attribute
from domain.services.drift.standing import still_to_enter
from domain.values import FieldPath, LegalEntityId
from tests.support.played_day import CHECKS, RUNS, STREET, Day, day
from tests.support.world import TULP

MARCH_15, MARCH_16 = date(2026, 3, 15), date(2026, 3, 16)
CITY = FieldPath("address.city")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Day]:
    """Synced on 15 March; Sanne's street and city typed over in Loket, which a check saw on the 16th."""
    with day(tmp_path) as made:
        made.world.clock.travel(MARCH_15)
        order(made, RUNS)
        for field in (STREET, CITY):
            made.world.payroll.set_field(TULP, sanne(made), field, "Elsewhere")
        made.world.clock.travel(MARCH_16)
        order(made, CHECKS)
        yield made


def sanne(one: Day) -> int:
    return one.world.people["Sanne"].number


def order(one: Day, path: str) -> None:
    answer = one.api.post(path, {}, one.key(Role.PAYROLL_ADMIN, "Fatima"), {"Idempotency-Key": f"ordered-{one.asked}"})
    assert answer.status_code == 202, answer.text
    one.asked += 1
    for thread in one.api.web.runs:
        thread.join()


def decide(one: Day, what: str, *, key: str = "", role: Role = Role.PAYROLL_ADMIN, **body: Any) -> httpx.Response:
    one.asked += 1
    path = f"/v1/legal-entities/170/employees/{sanne(one)}/{what}"
    headers = {"Idempotency-Key": key or f"decision-{one.asked}"}
    return one.api.post(path, {"reason": "moved", **body}, one.key(role, "Fatima"), headers)


def held(one: Day) -> tuple[object, object]:
    return tuple(one.world.payroll.field(TULP, sanne(one), field) for field in (STREET, CITY))  # type: ignore[return-value]


def test_the_next_run_obeys_and_what_was_accepted_comes_back_when_its_time_is_over(one: Day) -> None:
    accepted = decide(one, "differences/accepted", fields=[STREET], until="2026-03-18").json()
    assert [(item["field"], item["state"], item["until"]) for item in accepted["items"]] == [
        (CITY, "open", None), (STREET, "accepted", "2026-03-18"),
    ]  # fmt: skip
    order(one, RUNS)
    assert held(one) == ("Elsewhere", "Utrecht")

    decide(one, "differences/extended", fields=[STREET], until="2026-03-20", reason=None)
    one.world.clock.travel(date(2026, 3, 20))
    order(one, RUNS)
    assert held(one)[0] == "Elsewhere"

    one.world.clock.travel(date(2026, 3, 21))
    order(one, RUNS)
    assert held(one) == ("Main St", "Utrecht")


def test_one_decision_about_two_fields_is_one_act_however_often_it_is_sent(one: Day) -> None:
    first, second = (decide(one, "differences/kept", key="the-same", fields=[STREET, CITY]) for _ in range(2))

    assert (first.status_code, second.json()) == (200, first.json())
    store = one.api.web.store
    found = still_to_enter(LegalEntityId("170"), log=store.log, vault=store.vault, views=store.views)
    assert [(each.row.field, each.kept_by) for each in found] == [(STREET, "Fatima"), (CITY, "Fatima")]


def test_whoever_is_held_out_is_left_out_once_and_let_in_again(one: Day) -> None:
    decide(one, "hold-out")
    order(one, RUNS)
    assert held(one) == ("Elsewhere", "Elsewhere")

    decide(one, "hold-out")
    decide(one, "hold-out/withdrawn")
    order(one, RUNS)
    assert held(one) == ("Main St", "Utrecht")


@pytest.mark.parametrize(
    ("what", "body", "status", "slug"),
    [
        ("differences/accepted", {"fields": [STREET], "until": "2026-03-15"}, 422, "not-decidable"),
        ("differences/accepted", {"fields": [GROSS_WAGE]}, 422, "not-decidable"),
        ("differences/acknowledged", {"fields": [STREET, "address.houseNumber"]}, 404, "not-found"),
        ("differences/acknowledged", {"fields": []}, 422, "invalid-request"),
        ("differences/acknowledged", {"fields": [STREET], "reason": " "}, 422, "invalid-request"),
        ("differences/extended", {"fields": [STREET]}, 404, "not-found"),
        ("differences/withdrawn", {"fields": [STREET]}, 404, "not-found"),
        ("hold-out/withdrawn", {}, 404, "not-found"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_its_reason_and_leaves_nothing(
    one: Day, what: str, body: dict[str, Any], status: int, slug: str
) -> None:
    size = one.api.web.store.log.size()

    answer = decide(one, what, **body)

    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert answer.json()["type"].endswith(slug)
    assert one.api.web.store.log.size() == size


def test_nobody_accepts_where_the_legal_entity_does_not_allow_it(one: Day) -> None:
    settings = one.api.web.settings
    entity = settings.legal_entity[0].model_copy(update={"allow_accepted_drift": False})
    one.api.web.settings = settings.model_copy(update={"legal_entity": [entity]})

    for what, body in (("differences/accepted", {"fields": [STREET]}), ("hold-out", {})):
        answer = decide(one, what, **body)
        assert (answer.status_code, "allow_accepted_drift" in answer.json()["detail"]) == (422, True)


def test_what_waits_in_personio_is_told_until_a_run_has_sent_it(one: Day) -> None:
    def waiting() -> object:
        told = one.api.get("/v1/drift", one.key(Role.AUDITOR, "Anja"), legal_entity="170").json()["waiting"]
        return told if told is None else [(each["employee_number"], each["field"]) for each in told]

    one.world.edit("Mo", Attribute("personal_email"), "mo@example.org")
    order(one, CHECKS)
    before = waiting()
    order(one, RUNS)

    assert (before, waiting()) == ([(one.world.people["Mo"].number, "contactInformation.emailAddress")], None)
