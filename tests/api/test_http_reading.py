"""Reading over HTTP: events by any filter, history, state by two clocks, why someone was left out, runs and rules."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from domain.access import Role
from domain.events.loket import FieldOverwritten, LoketFieldsObserved, TerminationObserved, TerminationReversed
from domain.events.personio import AttributeChanged, AttributesObserved, GatesObserved
from domain.events.runs import OutcomeRecorded, OutcomesRecorded, RunCompleted, RunStarted, Unmoved
from domain.events.values import FieldValue
from domain.streams import loket_stream, person_stream, run_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId
from tests.support.http_api import Api, http_api
from tests.support.stated import stated

TULP, ROOS = LegalEntityId("170"), LegalEntityId("171")
STREET = "address.street"


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 3, day, hour, 30, tzinfo=UTC)


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        tell(api)
        yield api


def tell(api: Api) -> None:
    """Sanne's street is overwritten on 15 March; Jan is left out that day; Roos has a person of her own."""
    write = api.scribe.write
    sanne, hers = person_stream(PersonId("3007")), loket_stream(TULP, EmployeeNumber(4711))
    for entity, run, person, number in ((TULP, "run-1", "3007", 4711), (ROOS, "run-9", "3900", 5900)):
        write(
            run_stream(RunId(run)), RunStarted(legal_entity=entity, business_date=date(2026, 3, 1)), at=at(1), run=run
        )
        gates = GatesObserved(
            legal_entity=entity, status="ACTIVE", considered="yes", employee_number=number, income_number=1
        )
        seen = (FieldValue(STREET, "Main St"),)
        subject = f"s-{person}"
        write(
            person_stream(PersonId(person)), gates, AttributesObserved(subject=subject, values=seen), at=at(1), run=run
        )
        loket = loket_stream(entity, EmployeeNumber(number))
        write(loket, LoketFieldsObserved(subject=subject, values=seen), at=at(1), run=run)
        write(run_stream(RunId(run)), RunCompleted(with_errors=False, counts={"unchanged": 1}), at=at(1), run=run)
    change = AttributeChanged(
        subject="s-3007", field=STREET, before="Main St", after="Central Ave", previously_observed_at=at(1)
    )
    overwritten = FieldOverwritten(
        run_id="run-2", intent="i-1", person_id="3007", subject="s-3007", field=STREET, before="Main St",
        after="Central Ave", rule="EDIT-1",
    )  # fmt: skip
    jan = OutcomeRecorded(person_id="3008", employee_number=4712, outcome="left_out", reason="END-2", rule="END-2")
    done = OutcomeRecorded(
        person_id="3007",
        employee_number=4711,
        outcome="updated",
        reason="EDIT-1",
        subject="s-3007",
        messages=("Main St",),
    )
    second = run_stream(RunId("run-2"))
    write(second, RunStarted(legal_entity=TULP, business_date=date(2026, 3, 15)), at=at(15), run="run-2")
    write(sanne, change, at=at(15), run="run-2")
    write(hers, overwritten, at=at(15), run="run-2")
    ended = RunCompleted(with_errors=False, counts={"updated": 1, "left_out": 1})
    write(second, done, jan, ended, at=at(15), run="run-2", actor="schedule:nightly")


def kinds(answer: Any) -> list[str]:
    return [one["kind"].split(".")[1] for one in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"run": "run-2", "person_id": "3008"}, ["outcome_recorded"]),
        ({"employee_number": 4712}, ["outcome_recorded"]),
        ({"field": STREET, "recorded_from": "2026-03-02T00:00:00Z"}, ["attribute_changed", "field_overwritten"]),
        ({"rule": "END-2"}, ["outcome_recorded"]),
        ({"kind": "loket_record.field_overwritten.v1"}, ["field_overwritten"]),
        ({"actor": "schedule:nightly", "recorded_until": "2026-03-14T00:00:00Z"}, []),
        ({"actor": "schedule:nightly", "rule": "END-2"}, ["outcome_recorded"]),
        ({"effective_from": "2026-01-01"}, []),
    ],
)
def test_events_are_found_by_any_filter_and_by_several_together(
    api: Api, query: dict[str, Any], found: list[str]
) -> None:
    assert kinds(api.get("/v1/events", **query)) == found


def run_with(api: Api, *shared: OutcomesRecorded) -> None:
    run = RunStarted(legal_entity=TULP, business_date=date(2026, 3, 16))
    ended = RunCompleted(with_errors=False, counts={"unchanged": 2})
    api.scribe.write(run_stream(RunId("run-3")), run, *shared, ended, at=at(16), run="run-3")


def test_a_shared_event_answers_for_a_person_and_number_only_where_they_are_of_one_person(api: Api) -> None:
    jan = OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=(Unmoved("3007", 4711), Unmoved("3008", 4712)))
    own = OutcomesRecorded(outcome="left_out", reason="WHO-3", people=(Unmoved("3009", 4713), Unmoved("3010", 4714)))
    run_with(api, jan, own)

    def found(**query: Any) -> list[str]:
        pages, cursor = [], None
        while True:
            page = api.get("/v1/events", run="run-3", limit=1, **query, **({"cursor": cursor} if cursor else {})).json()
            pages += [f"{one['person_id']} {one['employee_number']}" for one in page["items"]]
            cursor = page["next"]
            if not page["more"]:
                return pages

    assert found(person_id="3008", employee_number=4712) == ["3008 4712"]
    assert found(person_id="3007", employee_number=4712) == []
    assert found(person_id="3010") == ["3010 4714"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/sync-runs/run-2/outcomes", {}),
        ("/v1/sync-runs/run-2/outcomes", {"outcome": "left_out"}),
    ],
)
def test_a_cursor_from_when_outcomes_were_paged_by_position_is_none_of_theirs_now(
    api: Api, path: str, asked: dict[str, str]
) -> None:
    """It would begin anew: places in a shared event are far beyond positions."""

    def cursor(**more: str) -> str:
        return api.web.cursors.cursor(json.dumps([path, asked | more, ["170"]], sort_keys=True), 1)

    assert api.get(path, **asked, cursor=cursor()).status_code == 404
    assert api.get(path, **asked, cursor=cursor(by="place")).status_code == 200


def test_pages_of_a_history_go_on_after_an_event_that_tells_of_two_who_had_the_number(api: Api) -> None:
    """Neither has a number now, so that what is said of both stands in the history of the one they had."""
    for person in ("3010", "3011"):
        for number in (4720, None):
            gates = GatesObserved(
                legal_entity=TULP, status="ACTIVE", considered="yes", employee_number=number, income_number=1
            )
            api.scribe.write(person_stream(PersonId(person)), gates, at=at(15))
    run_with(api, OutcomesRecorded(outcome="left_out", reason="WHO-3", people=(Unmoved("3010"), Unmoved("3011"))))
    path = "/v1/legal-entities/170/employees/4720/history"
    whole = [one["sentence"] for one in api.get(path).json()["items"]]
    told, cursor = [], None
    for _ in range(len(whole) + 1):
        page = api.get(path, limit=1, **({"cursor": cursor} if cursor else {})).json()
        told += [one["sentence"] for one in page["items"]]
        cursor = page["next"]

    assert told == whole
    assert sum("left out" in one.lower() for one in whole) == 2


def test_pages_follow_each_other_without_gap_or_repetition_and_the_last_cursor_goes_on_later(api: Api) -> None:
    whole = [one["position"] for one in api.get("/v1/events").json()["items"]]
    pages, cursor = [], None
    while True:
        page = api.get("/v1/events", limit=2, **({"cursor": cursor} if cursor else {})).json()
        pages += [one["position"] for one in page["items"]]
        cursor = page["next"]
        if not page["more"]:
            break

    later = api.scribe.write(run_stream(RunId("run-2")), RunCompleted(with_errors=False, counts={}), run="run-2")

    assert pages == whole
    assert [one["position"] for one in api.get("/v1/events", cursor=cursor).json()["items"]] == list(later)


def test_the_newest_first_are_the_same_the_other_way_round(api: Api) -> None:
    whole = [(one["position"], one["kind"]) for one in api.get("/v1/events").json()["items"]]
    pages: list[tuple[int, str]] = []
    query: dict[str, str] = {}
    while True:
        page = api.get("/v1/events", limit=2, newest_first=True, **query).json()
        pages += [(one["position"], one["kind"]) for one in page["items"]]
        query = {"cursor": page["next"]}
        if not page["more"]:
            break

    assert pages == whole[::-1]
    assert api.get("/v1/events", limit=2, **query).status_code == 404, "a cursor of the other way"


def test_a_cursor_is_good_only_for_its_own_question(api: Api) -> None:
    cursor = api.get("/v1/events", limit=1).json()["next"]

    other_filter = api.get("/v1/events", cursor=cursor, rule="END-2")
    other_caller = api.get("/v1/events", api.key(Role.AUDITOR, None), cursor=cursor)
    forged = api.get("/v1/events", cursor=f"OTk.{'0' * 32}")

    assert [one.status_code for one in (other_filter, other_caller, forged)] == [404, 404, 404]


def test_values_are_masked_in_every_answer(api: Api) -> None:
    paths = ("events", "legal-entities/170/employees/4711/history", "legal-entities/170/employees/4711/state",
             "sync-runs/run-2", "legal-entities/170/employees")  # fmt: skip
    said = "".join(api.get(f"/v1/{path}").text for path in paths)

    assert "Main St" not in said
    assert "Central Ave" not in said
    assert "•••" in said


def test_unmasking_needs_the_permission_and_a_reason_and_is_on_record_first(api: Api) -> None:
    path, admin = "/v1/legal-entities/170/employees/4711/history", api.key(Role.PAYROLL_ADMIN)

    refused = api.get(path, unmask=True, headers={"Tweeluik-Reason": "curious"})
    no_reason = api.get(path, admin, unmask=True)
    shown = api.get(path, admin, unmask=True, headers={"Tweeluik-Reason": "the employee asked"})

    assert [refused.status_code, no_reason.status_code, shown.status_code] == [403, 422, 200]
    assert any('"Main St" became "Central Ave"' in one["sentence"] for one in shown.json()["items"])
    recorded = api.get("/v1/events", kind="custody.values_unmasked.v1").json()["items"]
    assert [(one["actor"], one["employee_number"]) for one in recorded] == [("Anja (payroll_admin)", 4711)]


def test_a_state_has_two_clocks(api: Api) -> None:
    path, admin = "/v1/legal-entities/170/employees/4711/state", api.key(Role.PAYROLL_ADMIN)
    reason = {"Tweeluik-Reason": "audit"}

    def street(**query: str) -> dict[str, tuple[str, str]]:
        items = api.get(path, admin, reason, unmask=True, **query).json()["items"]
        return {one["system"]: (one["value"], one["basis"]) for one in items}

    instant = "value_at_that_instant"
    assert street() == {"loket": ("Central Ave", instant), "personio": ("Central Ave", instant)}
    assert street(as_at="2026-03-10T00:00:00Z") == {"loket": ("Main St", instant), "personio": ("Main St", instant)}
    assert street(on="2026-03-14") == {"loket": ("Main St", instant), "personio": ("Main St", instant)}
    assert street(on="2026-02-01") == {}


def test_a_retroactive_value_counts_from_its_effective_date_once_it_is_recorded(api: Api) -> None:
    wage = FieldOverwritten(
        run_id="run-2", intent="i-2", person_id="3007", subject="s-3007", field="wage.grossWage", before="3000.00",
        after="3200.00", effective_on=date(2026, 2, 1),
    )  # fmt: skip
    api.scribe.write(loket_stream(TULP, EmployeeNumber(4711)), wage, at=at(16), run="run-2")
    path = "/v1/legal-entities/170/employees/4711/state"

    def wages(**query: str) -> list[tuple[str, str]]:
        items = api.get(path, **query).json()["items"]
        return [(one["effective_on"], one["basis"]) for one in items if one["field"] == "wage.grossWage"]

    assert wages(on="2026-02-15") == [("2026-02-01", "effective")]
    assert wages(on="2026-02-15", as_at="2026-03-15T23:00:00Z") == []
    assert wages(on="2026-01-31") == []


def test_why_someone_was_not_synced_on_a_day_is_one_look_up(api: Api) -> None:
    def why(number: int, on: str) -> str:
        answer: str = api.get(f"/v1/legal-entities/170/employees/{number}/outcomes", on=on).json()["answer"]
        return answer

    assert why(4712, "2026-03-15") == (
        "Left out under END-2: An end date in Loket, even a future one, leaves the person out at once."
    )
    assert why(4712, "2026-03-14") == "No run of legal entity 170 took place on 14 March 2026."
    assert why(4799, "2026-03-15") == "No run of that day knew an employee with this number."


def test_what_is_anothers_is_as_if_it_did_not_exist(api: Api) -> None:
    position = api.get("/v1/events", api.key(Role.AUDITOR, ("171",))).json()["items"][0]["position"]
    answers = [
        api.get(path)
        for path in (
            "/v1/legal-entities/171/employees",
            "/v1/legal-entities/999/employees",
            "/v1/legal-entities/171/employees/5900/history",
            "/v1/legal-entities/170/employees/5900/history",
            "/v1/sync-runs/run-9",
            f"/v1/log/events/{position}/proof",
            "/v1/events?legal_entity=171",
        )
    ]

    assert {one.status_code for one in answers} == {404}
    assert len({tuple(sorted({**one.json(), "request_id": ""}.items())) for one in answers}) == 1
    assert {one["legal_entity"] for one in api.get("/v1/events").json()["items"]} == {"170"}


def test_runs_are_told_newest_first_with_every_outcome(api: Api) -> None:
    listed = api.get("/v1/sync-runs").json()["items"]
    outcomes = api.get("/v1/sync-runs/run-2").json()["outcomes"]

    assert [one["run_id"] for one in listed] == ["run-2", "run-1"]
    assert [(one["employee_number"], one["outcome"], one["reason"]) for one in outcomes] == [
        (4711, "updated", "EDIT-1"),
        (4712, "left_out", "END-2"),
    ]


def test_an_operator_sees_runs_but_nobody_in_them(api: Api) -> None:
    operator = api.key(Role.OPERATOR)

    assert api.get("/v1/sync-runs/run-2", operator).json()["outcomes"] == []
    assert api.get("/v1/events", operator).status_code == 403


def test_rules_tell_their_scenarios_their_decisions_and_which_were_never_exercised(api: Api) -> None:
    rules = api.get("/v1/rules").json()
    one = api.get("/v1/rules/END-2").json()

    assert one["decisions"] == 1
    assert one["scenarios"]
    assert "END-2" not in rules["never_exercised"]
    assert "JOIN-1" in rules["never_exercised"]


def test_an_answer_is_not_sent_twice_until_the_log_has_grown(api: Api) -> None:
    first = api.get("/v1/rules")
    again = api.get("/v1/rules", headers={"If-None-Match": first.headers["ETag"]})
    api.scribe.write(run_stream(RunId("run-2")), RunCompleted(with_errors=False, counts={}), run="run-2")
    grown = api.get("/v1/rules", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content, grown.status_code) == (304, b"", 200)


def test_reading_is_on_record_within_a_minute(api: Api) -> None:
    api.get("/v1/legal-entities/170/employees/4711/history")
    api.get("/v1/legal-entities/170/employees/4711/history")
    api.web.seal()

    (event,) = api.get("/v1/events", api.key(Role.AUDITOR, None), kind="access.records_read.v1").json()["items"]
    assert event["actor"] == "Anja (auditor)"
    assert event["data"]["readings"] == [
        {"what": "history", "legal_entity": "170", "employee_number": 4711, "times": 2}
    ]


def test_every_answer_carries_the_newest_head(api: Api) -> None:
    api.get("/v1/rules")  # the key it is asked with is on record
    head = api.web.seal()

    assert head is not None
    assert base64.b64decode(api.get("/v1/rules").headers["Tweeluik-Checkpoint"]).decode() == head.text


def test_a_run_is_found_by_how_its_id_begins_and_several_are_named_unless_they_are_elsewhere(api: Api) -> None:
    elsewhere = api.key(Role.AUDITOR, ("171",))
    period = {"legal_entity": "170", "since": "2026-03-01", "until": "2026-03-31"}
    several, none = api.get("/v1/sync-runs/run"), api.get("/v1/sync-runs/walk")
    of_fields = api.get("/v1/overwritten-fields", run="run", **period)

    assert api.get("/v1/sync-runs/run", elsewhere).json()["run_id"] == "run-9"
    for one in (several, of_fields):
        assert (one.status_code, one.json()["type"]) == (409, "urn:tweeluik:problem:ambiguous")
        assert one.json()["detail"] == "run begins the ids of 2 runs: run-2, run-1"
    assert none.status_code == 404
    assert api.get("/v1/overwritten-fields", run="walk", **period).json()["items"] == []


def test_overwritten_fields_are_reported_with_totals_for_a_period_of_business_dates(api: Api) -> None:
    period = {"legal_entity": "170", "since": "2026-03-15", "until": "2026-03-15"}
    report = api.get("/v1/overwritten-fields", **period).json()
    (item,) = report["items"]

    assert [report[each] for each in ("fields", "overwritten", "filled", "cleared")] == [1, 1, 0, 0]
    assert (item["employee_number"], item["field"], item["before"], item["after"], item["effective_on"]) == (
        4711, STREET, "•••", "•••", None,
    )  # fmt: skip
    assert (
        api.get("/v1/overwritten-fields", **period | {"since": "2026-03-14", "until": "2026-03-14"}).json()["items"]
        == []
    )


def test_a_page_and_a_file_say_the_same_of_a_field_and_take_its_effective_date_from_the_change_behind_it(
    api: Api,
) -> None:
    seen = api.scribe.write_all(
        {
            person_stream(PersonId("3007")): (
                AttributeChanged(
                    subject="s-3007", field="address.city", before="Delft", after="Leiden",
                    previously_observed_at=at(15), effective_on=date(2026, 3, 10),
                ),
            )
        }, at=at(15, 9), run="run-2",
    )  # fmt: skip
    moved = FieldOverwritten(
        run_id="run-2", intent="i-3", person_id="3007", subject="s-3007", field="address.city", before="Delft",
        after="Leiden", rule="EDIT-1",
    )  # fmt: skip
    api.scribe.write(
        loket_stream(TULP, EmployeeNumber(4711)), moved, at=at(15, 9), run="run-2", causation=seen[0].reference
    )
    period = {"legal_entity": "170", "since": "2026-03-15", "until": "2026-03-15"}

    pages = api.get("/v1/overwritten-fields", **period).json()["items"]
    _, *lines = map(json.loads, api.get("/v1/overwritten-fields", **period, format="ndjson").text.splitlines())

    assert [one["effective_on"] for one in pages] == [None, "2026-03-10"]
    told = [{**line, "effective_on": None} if line["effective_on"] == "not told" else line for line in lines]
    for one in (*pages, *told):
        one["recorded_at"] = datetime.fromisoformat(one["recorded_at"])
    assert pages == [{name: line[name] for name in pages[0]} for line in told]


def test_a_termination_is_an_interval(api: Api) -> None:
    hers = loket_stream(TULP, EmployeeNumber(4711))
    api.scribe.write(
        hers, TerminationObserved(employment_id="e-1", income_number=1, effective_on=date(2026, 5, 31)), at=at(16)
    )
    api.scribe.write(hers, TerminationReversed(employment_id="e-1", income_number=1), at=at(18))

    (item,) = api.get("/v1/terminations", legal_entity="170").json()["items"]
    assert item["end_dates"] == ["2026-05-31"]
    assert item["reinstated"]


def test_a_misspelt_filter_is_refused_and_never_finds_more_than_was_asked_for(api: Api) -> None:
    answer = api.get("/v1/events", employeenumber=4712)

    assert answer.status_code == 422
    assert "4712" not in stated(answer.text)


def test_a_number_in_an_address_is_written_in_digits(api: Api) -> None:
    odd = ("1_0", "+1", " 1", "1.0", "0x1", "\u0661")  # the last: an Arabic one

    asked = [one for text in odd for one in _numbers(api, text)]

    assert len(asked) >= 15 * len(odd)
    assert [one for one in asked if one[1] != 422] == []


def _numbers(api: Api, text: str) -> Iterator[tuple[str, int]]:
    """Every parameter of every question that is a whole number, and what is answered to this text there."""
    for path, operations in api.app.openapi()["paths"].items():
        given = operations.get("get", {}).get("parameters", [])
        for one in given:
            kinds = one["schema"].get("anyOf", [one["schema"]])
            if not any(kind.get("type") == "integer" for kind in kinds):
                continue
            address, query = path, {}
            for other in given:
                value = text if other is one else "170" if other["name"] == "entity" else "1"
                if other["in"] == "path":
                    address = address.replace(f"{{{other['name']}}}", quote(value))
                elif other is one:
                    query[other["name"]] = value
            yield f"{path} {one['name']}", api.get(address, **query).status_code
