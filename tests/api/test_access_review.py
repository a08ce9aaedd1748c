"""The monthly review of access: who read what, whose values were shown, which keys were given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.presenters.access import review
from domain.access import Role
from domain.events.personio import AttributesObserved
from domain.events.values import FieldValue
from domain.services.access_keys import record_key_created, record_key_revoked
from domain.streams import person_stream
from domain.values import Actor, PersonId
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates

HISTORY = "/v1/legal-entities/170/employees/4711/history"
REVIEW = "/v1/access-review"


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        api.scribe.write(
            person_stream(PersonId("3007")),
            gates(4711),
            AttributesObserved(subject="s", values=(FieldValue("address.street", "Main St"),)),
        )
        given(api, "tw_1", "Fatima", ("170",))
        anja = api.key(holder="Anja")
        for _ in range(2):
            api.get(HISTORY, anja)
        fatima = api.key(Role.PAYROLL_ADMIN, holder="Fatima")
        api.get(HISTORY, fatima, {"Tweeluik-Reason": "she asked"}, unmask=True)
        api.web.seal()
        yield api


def given(api: Api, key_id: str, holder: str, entities: tuple[str, ...]) -> None:
    store = api.web.store
    record_key_created(
        store.log, api.clock, actor=Actor("Petra"), key_id=key_id, holder=holder, role="payroll_admin",
        entities=entities, expires_on=date(2026, 12, 31),
    )  # fmt: skip


def officer(api: Api, *entities: str) -> str:
    return api.key(Role.PRIVACY_OFFICER, entities or None, holder="Joost")


def readers(told: Any) -> list[tuple[str, str]]:
    return [(one["reader"], one["what"]) for one in told["read"]]


def by_petra(told: Any) -> list[dict[str, Any]]:
    """Without the keys that the test itself asks with."""
    return [one for one in told["keys"] if one["by"] == "Petra"]


def test_a_month_tells_who_read_what_and_whose_values_were_shown_and_the_next_one_does_not(api: Api) -> None:
    march, april = (api.get(REVIEW, officer(api), month=month).json() for month in ("2026-03", "2026-04"))

    assert march["read"] == [
        {"reader": "Anja", "role": "auditor", "what": "history", "legal_entity": "170", "times": 2, "employees": 1},
        {"reader": "Fatima", "role": "payroll_admin", "what": "history", "legal_entity": "170", "times": 1,
         "employees": 1},
    ]  # fmt: skip
    assert [(one["actor"], one["what"], one["employee_number"]) for one in march["unmasked"]] == [
        ("Fatima", "history", 4711)
    ]
    assert [(one["by"], one["holder"], one["what"]) for one in by_petra(march)] == [("Petra", "Fatima", "created")]
    assert (april["read"], april["unmasked"], april["keys"]) == ([], [], [])


def test_the_command_and_the_api_tell_the_same(api: Api) -> None:
    joost = officer(api)
    by_command = review(api.web.store.log, "2026-03")
    by_api = api.get(REVIEW, joost, month="2026-03").json()

    for one in by_command["unmasked"]:
        one["at"] = one["at"].replace("+00:00", "Z")
    assert by_api == by_command


def test_asking_for_the_review_is_itself_in_the_next_one(api: Api) -> None:
    api.get(REVIEW, officer(api, "170"), month="2026-03")
    api.web.seal()

    assert ("Joost", "access-review") in readers(api.get(REVIEW, officer(api), month="2026-03").json())


def test_who_sees_one_legal_entity_hears_of_its_readers_and_of_the_keys_that_open_it(api: Api) -> None:
    api.get("/v1/rules", api.key(holder="Anja"))  # names no legal entity
    given(api, "tw_2", "Roos", ("171",))
    given(api, "tw_3", "Bram", ())  # all of them
    store = api.web.store
    for key_id, holder in (("tw_1", "Fatima"), ("tw_2", "Roos")):
        record_key_revoked(store.log, api.clock, actor=Actor("Petra"), key_id=key_id, holder=holder)
    api.web.seal()
    of_170, of_171, of_all = (
        api.get(REVIEW, officer(api, *scope), month="2026-03").json() for scope in (("170",), ("171",), ())
    )

    assert readers(of_170) == [("Anja", "history"), ("Fatima", "history")]
    assert readers(of_all) == [("Anja", "history"), ("Anja", "rules"), ("Fatima", "history")]
    assert (of_171["read"], of_171["unmasked"]) == ([], [])
    keys = [[(one["key_id"], one["what"]) for one in by_petra(told)] for told in (of_170, of_171, of_all)]
    assert keys[0] == [("tw_1", "created"), ("tw_3", "created"), ("tw_1", "revoked")]
    assert keys[1] == [("tw_2", "created"), ("tw_3", "created"), ("tw_2", "revoked")]
    assert len(keys[2]) == 5


def test_neither_a_reason_nor_a_value_is_told(api: Api) -> None:
    said = api.get(REVIEW, officer(api), month="2026-03").text

    assert "she asked" not in said
    assert "Main St" not in said


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "keys", "2026-03-01"])
def test_what_is_no_month_is_refused(api: Api, month: str) -> None:
    assert api.get(REVIEW, officer(api), month=month).status_code == 422
