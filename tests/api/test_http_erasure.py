"""Erasure over HTTP: two subjects, what must be kept is told, and afterwards every route says erased."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.log.offline_verifier import verified
from api.http import report_files as reporting
from api.pages.asking import Site
from api.pages.site import application
from api.tasks.verify import verify_log
from domain.access import Role
from domain.events.drift import Cause, DriftOpened
from domain.events.loket import FieldOverwritten, LinkObserved, LinkState, TerminationObserved
from domain.events.personio import AttributesObserved, GatesObserved
from domain.events.runs import OutcomeRecorded, RunCompleted, RunStarted
from domain.events.values import FieldValue
from domain.streams import drift_stream, loket_stream, person_stream, run_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from tests.support.http_api import Api, http_api
from tests.support.openid import Token, provider

TULP, NUMBER = LegalEntityId("170"), EmployeeNumber(4711)
EMAIL, STREET = "contactInformation.emailAddress", "address.street"
REQUEST = {"person_id": "3007", "reason": "Sanne asked for it"}
ERASURES = "/v1/erasures"
OURS = {"Sec-Fetch-Site": "same-origin"}
MARCH = {"legal_entity": "170", "since": "2026-03-01", "until": "2026-03-31"}
ERASED = re.compile(r'\(erased\)|"erased"')  # in a sentence, and as a value


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        left(api)
        yield api


def left(api: Api) -> None:
    """Sanne's street and e-mail were overwritten; she left on 31 May 2026, and it is June 2028."""
    write, run = api.scribe.write, run_stream(RunId("run-1"))
    gates = GatesObserved(legal_entity=TULP, status="ACTIVE", considered="yes", employee_number=NUMBER, income_number=1)
    seen = (FieldValue(STREET, "Main St"), FieldValue(EMAIL, "sanne@example.org"))
    write(run, RunStarted(legal_entity=TULP, business_date=date(2026, 3, 15)))
    write(person_stream(PersonId("3007")), gates, AttributesObserved(subject="s-3007", values=seen))
    overwrites = (
        FieldOverwritten(run_id="run-1", intent="i-1", person_id="3007", subject="s-3007", field=name, before=before,
                         after=after, rule="EDIT-1")
        for name, before, after in ((STREET, "Main St", "Central Ave"), (EMAIL, "sanne@example.org", "new@example.org"))
    )  # fmt: skip
    ended = TerminationObserved(employment_id="g", income_number=1, effective_on=date(2026, 5, 31))
    write(loket_stream(TULP, NUMBER), LinkObserved(state=LinkState.FINAL, person_id="3007"), *overwrites, ended)
    differs = DriftOpened(
        person_id="3007", subject="s-3007", field=EMAIL, personio="new@example.org",
        loket="sanne@example.org", cause=Cause.CHANGED_IN_LOKET,
    )  # fmt: skip
    write(drift_stream(TULP, NUMBER, FieldPath(EMAIL)), differs)
    outcome = OutcomeRecorded(
        person_id="3007", employee_number=NUMBER, outcome="updated", reason="EDIT-1", subject="s-3007",
        messages=("Main St",),
    )  # fmt: skip
    write(run, outcome, RunCompleted(with_errors=False, counts={"updated": 1}))
    api.clock.instant = datetime(2028, 6, 1, 10, tzinfo=UTC)


def officer(api: Api, holder: str, entities: tuple[str, ...] | None = ("170",)) -> str:
    return api.key(Role.PRIVACY_OFFICER, entities, holder=holder, until=date(2040, 12, 31))


def post(api: Api, path: str, body: Any, key: str, name: str = "first-time") -> Any:
    return api.post(path, body, key, {"Idempotency-Key": name})


def erase(api: Api) -> Any:
    asked = post(api, ERASURES, REQUEST, officer(api, "Petra")).json()
    return post(api, f"{ERASURES}/{asked['erasure']}/confirmation", {}, officer(api, "Bram"))


def test_one_officer_asks_and_hears_what_is_kept_and_another_confirms(api: Api) -> None:
    asked = post(api, ERASURES, REQUEST, officer(api, "Petra"))
    done = post(api, f"{ERASURES}/{asked.json()['erasure']}/confirmation", {}, officer(api, "Bram"))

    kept = [{"class": "fiscal_7y", "why": "legal_period", "until": "2034-01-01"}]
    assert (asked.status_code, asked.json()["state"], asked.json()["restricted"]) == (201, "requested", kept)
    assert (done.status_code, done.json()["state"], done.json()["erased"]) == (200, "completed", ["hr_2y"])
    assert api.get(f"{ERASURES}/erasure-0", officer(api, "Petra")).json() == done.json()
    assert "Sanne asked" not in asked.text + done.text


@pytest.mark.parametrize("again", ["Petra", "petra", "  PETRA "])
def test_another_key_of_the_same_subject_is_no_second_person(api: Api, again: str) -> None:
    asked = post(api, ERASURES, REQUEST, officer(api, "Petra"))
    another_key = officer(api, again, None)
    refused = post(api, f"{ERASURES}/{asked.json()['erasure']}/confirmation", {}, another_key, "second-key")

    assert another_key != officer(api, "Petra")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:tweeluik:problem:second-person-needed")
    assert api.get(f"{ERASURES}/erasure-0", officer(api, "Petra")).json()["state"] == "requested"


@pytest.mark.parametrize(
    ("asks", "agrees", "state"),
    [
        ("Petra", "token of petra@example.nl", "requested"),
        ("token of petra@example.nl", "Petra", "requested"),
        ("token of petra@example.nl", "oidc:petra@example.nl", "requested"),
        ("token of petra@example.nl", "token of bram@example.nl", "completed"),
        ("oidc:bram@example.nl", "token of petra@example.nl", "completed"),
    ],
)
def test_a_key_and_a_token_are_two_people_only_if_the_key_is_a_subjects_of_the_provider(
    api: Api, asks: str, agrees: str, state: str
) -> None:
    api.web.provider = provider()

    def credential(who: str) -> str:
        _, token, subject = who.rpartition("token of ")
        return Token(subject=subject, roles=("privacy_officer",)).text() if token else officer(api, who)

    asked = post(api, ERASURES, REQUEST, credential(asks)).json()
    answer = post(api, f"{ERASURES}/{asked['erasure']}/confirmation", {}, credential(agrees), "second-time")

    assert api.get(f"{ERASURES}/{asked['erasure']}", officer(api, "Anna")).json()["state"] == state
    assert answer.status_code == (200 if state == "completed" else 403)
    assert asked["requested_by"] == asks.replace("token of ", "oidc:")


def test_a_hold_stops_what_was_asked_for_until_it_is_released(api: Api) -> None:
    post(api, "/v1/holds", {"person_id": "3007", "reason": "lawsuit"}, officer(api, "Anna"))
    asked = post(api, ERASURES, REQUEST, officer(api, "Petra")).json()
    confirmation = f"{ERASURES}/{asked['erasure']}/confirmation"
    held = api.get(ERASURES, officer(api, "Bram")).json()["holds"]
    refused = post(api, confirmation, {}, officer(api, "Bram"))
    released = post(api, "/v1/holds/3007/release", {"reason": "settled"}, officer(api, "Anna"), "settled-now")
    done = post(api, confirmation, {}, officer(api, "Bram"))

    assert {one["why"] for one in asked["restricted"]} == {"hold"}
    assert (held, released.json()) == (["3007"], {"person_id": "3007", "held": False})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:tweeluik:problem:must-be-kept")
    assert done.json()["state"] == "completed"


def test_the_same_key_asks_once_and_another_reason_under_it_is_refused(api: Api) -> None:
    first, again = (post(api, ERASURES, REQUEST, officer(api, "Petra")) for _ in range(2))
    other = post(api, ERASURES, REQUEST | {"reason": "something else"}, officer(api, "Petra"))

    assert first.json() == again.json()
    assert other.status_code == 409
    assert len(api.get(ERASURES, officer(api, "Petra")).json()["erasures"]) == 1


def test_a_person_who_was_also_in_a_legal_entity_of_others_does_not_exist_for_an_officer_of_one(api: Api) -> None:
    asked = post(api, ERASURES, REQUEST, officer(api, "Petra")).json()
    moved = GatesObserved(legal_entity="171", status="ACTIVE", considered="yes", employee_number=9, income_number=1)
    api.scribe.write(person_stream(PersonId("3007")), moved)
    one_entity, all_of_them = officer(api, "Bram"), officer(api, "Joost", None)

    unseen = [
        post(api, ERASURES, REQUEST, one_entity),
        post(api, "/v1/holds", REQUEST, one_entity),
        post(api, "/v1/holds/3007/release", {"reason": "x"}, one_entity),
        api.get(f"{ERASURES}/{asked['erasure']}", one_entity),
        post(api, f"{ERASURES}/{asked['erasure']}/confirmation", {}, one_entity),
        post(api, ERASURES, REQUEST | {"person_id": "9999"}, one_entity),
    ]

    assert {one.status_code for one in unseen} == {404}
    assert api.get(ERASURES, one_entity).json() == {"erasures": [], "holds": []}
    assert len(api.get(ERASURES, all_of_them).json()["erasures"]) == 1


def test_a_blank_reason_is_refused_and_never_quoted(api: Api) -> None:
    blank = [post(api, ERASURES, REQUEST | {"reason": reason}, officer(api, "Petra")) for reason in ("", "  ", " ")]
    odd = post(api, ERASURES, REQUEST | {"person_id": "123456782; --"}, officer(api, "Petra"))

    assert {one.status_code for one in (*blank, odd)} == {422}
    assert "123456782" not in odd.text


def test_after_the_erasure_every_route_says_erased_and_views_and_log_are_sound(api: Api) -> None:
    before = ask_everything(api)
    assert erase(api).status_code == 200
    after = ask_everything(api)
    api.web.store.views.rebuild()
    rebuilt = ask_everything(api)
    verdict = verify_log(api.web.settings, actor=Actor("Anja"))

    assert "sanne@example.org" in before["history unmasked"]
    assert not [name for name, text in before.items() if ERASED.search(text)]
    assert not [name for name, text in after.items() if not ERASED.search(text)]
    assert not [name for name, text in after.items() if "@example.org" in text]
    assert all(items(rebuilt[name])[: len(items(after[name]))] == items(after[name]) for name in after)  # and the looks
    assert verdict.ok, verdict


def test_a_file_that_was_made_before_the_erasure_is_made_anew_and_says_erased(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "AT_ONCE", 0)
    reader = api.key(Role.AUDITOR, until=date(2040, 12, 31))
    period = {"legal_entity": "170", "since": "2026-03-01", "until": "2026-03-31"}
    file = f"{api.get('/v1/overwritten-fields', reader, format='csv', **period).headers['Location']}/file"
    before = api.get(file, reader).text
    erase(api)
    after = api.get(file, reader).text

    assert (before.count("•••"), "erased" in before) == (4, False)
    assert (after.count("•••"), after.count("erased")) == (2, 2)  # the street is kept for now


class Officer:
    """A privacy officer at the pages."""

    def __init__(self, api: Api, holder: str, role: Role = Role.PRIVACY_OFFICER) -> None:
        self.api, self.sent = api, 0
        key = api.key(role, ("170",), holder=holder, until=date(2040, 12, 31))
        signed = api.ask("POST", "/sign-in", None, OURS, data={"key": key})
        self.headers = {**OURS, "Cookie": signed.headers["set-cookie"].partition(";")[0]}
        self.send("/me/language", language="en", next="/me")

    def send(self, path: str, **fields: str) -> Any:
        self.sent += 1
        form = {"idempotency_key": f"{self.sent:032x}", **fields}
        return self.api.ask("POST", path, None, self.headers, data=form)

    def sees(self, path: str = "/erasures") -> str:
        return str(self.api.ask("GET", path, None, self.headers).text)


def test_on_the_pages_one_officer_asks_and_another_one_confirms(api: Api) -> None:
    api.app = application(api.web, Site("http://tweeluik"))
    petra, bram = Officer(api, "Petra"), Officer(api, "Bram")
    nobody = petra.send("/erasures", act="erase", person="9999", reason="a typing error")
    silent = petra.send("/erasures", act="erase", person="3007", reason=" ")

    asked = petra.send("/erasures", act="erase", person="3007", reason="Sanne asked for it")
    (one,) = (each["erasure"] for each in api.get(ERASURES, officer(api, "Petra")).json()["erasures"])
    herself = petra.send(f"/erasures/{one}/confirmation")
    waiting = bram.sees()
    agreed = bram.send(f"/erasures/{one}/confirmation")

    assert (nobody.status_code, silent.status_code, asked.status_code) == (422, 422, 303)
    assert ("no such person" in nobody.text, "say why" in silent.text) == (True, True)
    assert (herself.status_code, "another privacy officer" in herself.text) == (403, True)
    assert ("waits for you to confirm" in waiting, "payroll data, kept for 7 years" in waiting) == (True, True)
    assert ("waits for you to confirm" in petra.sees(), agreed.status_code) == (False, 303)
    assert ("erased" in bram.sees(), "waits for you to confirm" in bram.sees()) == (True, False)


def test_on_the_pages_a_hold_stops_an_erasure_until_it_is_released(api: Api) -> None:
    api.app = application(api.web, Site("http://tweeluik"))
    petra, bram = Officer(api, "Petra"), Officer(api, "Bram")
    petra.send("/erasures", act="hold", person="3007", reason="a court case")
    petra.send("/erasures", act="erase", person="3007", reason="Sanne asked for it")
    (one,) = (each["erasure"] for each in api.get(ERASURES, officer(api, "Petra")).json()["erasures"])

    held = bram.send(f"/erasures/{one}/confirmation")
    silent = bram.send("/erasures/holds/3007/release", reason="")
    released = bram.send("/erasures/holds/3007/release", reason="the case is closed")
    agreed = bram.send(f"/erasures/{one}/confirmation")

    assert (held.status_code, "must be kept" in held.text, "a hold stands" in held.text) == (409, True, True)
    assert (silent.status_code, released.status_code, agreed.status_code) == (422, 303, 303)
    assert "Nobody is held" in bram.sees()
    assert Officer(api, "Anja", Role.AUDITOR).send("/erasures", person="3007", reason="no").status_code == 403


def test_after_the_erasure_the_page_of_a_field_says_erased_and_its_event_is_still_proven(api: Api) -> None:
    api.app = application(api.web, Site("http://tweeluik"))
    erase(api)
    key = api.key(Role.PAYROLL_ADMIN, until=date(2040, 12, 31))
    signed = api.ask("POST", "/sign-in", None, {"Sec-Fetch-Site": "same-origin"}, data={"key": key})
    cookie = {"Cookie": signed.headers["set-cookie"].partition(";")[0]}
    (place,) = (one["position"] for one in api.get("/v1/overwritten-fields", key, **MARCH, field=EMAIL).json()["items"])
    page = f"/e/170/people/{NUMBER}/overwritten/{place}"

    told = api.ask("GET", page, None, cookie).text
    proof = api.ask("GET", f"{page}/certificate", None, cookie).text

    assert ("gewist" in told, "@example.org" in told) == (True, False)
    assert any("field_overwritten" in one for one in verified(proof))
    assert api.get(f"/v1/log/events/{place}/certificate", key).json()["event"]["position"] == place


def items(answer: str) -> list[Any]:
    found: list[Any] = json.loads(answer)["items"]
    return found


def ask_everything(api: Api) -> dict[str, str]:
    """Every route that shows values of the erased class, masked and unmasked."""
    history, state = (f"/v1/legal-entities/170/employees/{NUMBER}/{what}" for what in ("history", "state"))
    reader = api.key(Role.AUDITOR, until=date(2040, 12, 31))
    admin, why = api.key(Role.PAYROLL_ADMIN, until=date(2040, 12, 31)), {"Tweeluik-Reason": "a look"}
    period = {"legal_entity": "170", "since": "2026-03-01", "until": "2026-03-31"}
    return {
        "events": api.get("/v1/events", reader, field=EMAIL).text,
        "history": api.get(history, reader).text,
        "history unmasked": api.get(history, admin, why, unmask=True).text,
        "state": api.get(state, reader).text,
        "state unmasked": api.get(state, admin, why, unmask=True).text,
        "drift": api.get("/v1/drift", reader, legal_entity="170").text,
        "overwritten fields": api.get("/v1/overwritten-fields", reader, **period).text,
    }
