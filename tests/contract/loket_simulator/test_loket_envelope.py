"""Loket API 3: envelope, messages, concurrency, the counter and the audit trail."""

import pytest

from tests.contract.loket_simulator.desk import EE, Desk, E, M


def test_3_an_object_and_a_list_are_wrapped_as_documented(desk: Desk) -> None:
    assert set(desk.get(f"{EE}/{desk.anouk}")) == {"version", "messages", "content"}
    assert set(desk.get(f"{desk.employer}/employees")) == {
        *("totalSize", "pageSize", "totalPages", "currentPage"),
        *("version", "messages", "_embedded"),
    }


def test_3_what_is_gone_answers_404_and_what_is_no_path_too(desk: Desk) -> None:
    for path in (f"{EE}/none", f"{E}/conceptemployees/none", f"{M}/none", f"{M}/wages/none", "/v2/nothing"):
        answer = desk.http.get(path)
        assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("status", [409, 412])
def test_3_a_stale_if_match_is_refused_and_a_put_without_one_is_not(desk: Desk, status: int) -> None:
    desk.loket.set_switch("stale_status", status)
    path = f"{EE}/{desk.anouk}"
    read = desk.http.get(path)
    body, etag = read.json()["content"], read.headers["etag"]
    desk.loket.edit_employee(4711, {"address.street": "Kade"})

    assert desk.http.put(path, json=body, headers={"If-Match": etag}).status_code == status
    assert desk.loket.employee_field(4711, "address.street") == "Kade"
    assert desk.http.put(path, json=body).status_code == 200
    assert desk.http.get(path).headers["etag"] != etag


def test_3_a_list_has_no_etag(desk: Desk) -> None:
    assert "etag" not in desk.http.get(f"{desk.employer}/employees").headers


def test_3_a_200_may_carry_warnings_or_a_part_that_failed(desk: Desk) -> None:
    path = f"{EE}/{desk.anouk}"
    body = desk.content(path) | {"address": None}
    desk.loket.faults.add("failed_part", method="PUT", path=f"{EE}/*", messages=["not today"])
    desk.loket.faults.add("warning", method="PUT", path=f"{EE}/*", messages=["odd"])

    failed, warned = (desk.http.put(path, json=body) for _ in range(2))

    assert [(each["type"], each["description"]) for each in failed.json()["messages"]] == [
        ("BrokenBusinessRule", "not today")
    ]
    assert [(each["type"], each["description"]) for each in warned.json()["messages"]] == [("Warning", "odd")]
    assert set(warned.json()["messages"][0]) == {"code", "description", "id", "type", "properties"}


def test_3_1_one_counter_moves_with_employees_employments_and_deletions_but_not_with_concepts(desk: Desk) -> None:
    numbers = f"{desk.employer}/employees/employments/lastmodifiedversionnumbers"

    def last() -> int:
        (item,) = desk.items(numbers, orderBy="-lastModifiedVersionNumber")
        assert item["id"] == desk.job
        return int(item["lastModifiedVersionNumber"])

    start = last()
    desk.concept()
    assert last() == start
    desk.loket.edit_employee(4711, {"address.city": "Delft"})
    edited = last()
    wage = desk.http.post(f"{M}/{desk.job}/wages", json={"startDate": "2026-04-01"}).json()["content"]
    added = last()
    desk.http.delete(f"{M}/wages/{wage['id']}")

    assert start < edited < added < last()
    assert desk.items(numbers, filter=f"lastModifiedVersionNumber gt {last()}") == []
    assert desk.items(f"{E}/lastmodifiedversionnumbers")[0]["lastModifiedVersionNumber"] == last()


def test_3_2_the_audit_trail_names_the_author_in_dutch_captions_and_cuts_values(desk: Desk) -> None:
    path = f"{EE}/{desk.anouk}"
    desk.http.put(path, json=desk.content(path) | {"address": None})
    desk.loket.edit_employee(4711, {"contactInformation.emailAddress": f"{'a' * 245}@example.test"[-255:]}, by="Visser")
    trail = f"{desk.employer}/auditTrail/EmployeeData"

    items = desk.items(trail, startDate="2026-03-15", endDate="2026-03-15")

    street = next(each for each in items if each["field"]["value"] == "Straatnaam")
    mail = next(each for each in items if each["field"]["value"] == "E-mailadres privé")
    assert (street["oldValue"], street["newValue"], street["mutationType"]["key"]) == ("Main St", None, 2)
    assert street["performedBy"]["id"] == desk.content("/v2/user")["id"] != mail["performedBy"]["id"]
    assert (mail["performedBy"]["lastName"], len(mail["newValue"])) == ("Visser", 250)
    assert desk.items(trail, startDate="2026-03-16", endDate="2026-03-17") == []
    assert desk.http.get(trail).status_code == 400


@pytest.mark.parametrize(
    ("status", "numbers"),
    [
        ("AllEmployments", {4711, 1, 2}),
        ("ActiveEmployments", {4711}),
        ("ActiveAndFutureEmployments", {4711, 1}),
        ("ActiveAndHistoricEmployments", {4711, 2}),
    ],
)
@pytest.mark.parametrize("variant", ["", "/minimized", "/comprehensive"])
def test_3_3_the_saved_filter_hides_employments_but_no_employees(
    desk: Desk, status: str, numbers: set[int], variant: str
) -> None:
    desk.loket.add_employee(1, start_date="2026-05-01")
    gone = desk.loket.add_employee(2, start_date="2020-01-01", end_date="2026-03-14")
    desk.loket.set_saved_filter(status)

    found = desk.items(f"{desk.employer}/employees/employments{variant}")

    assert {each["employee"]["employeeNumber"] for each in found} == numbers
    assert len(desk.items(f"{desk.employer}/employees")) == 3
    assert len(desk.items(f"{EE}/{gone}/employments")) == 1


@pytest.mark.parametrize("place", ["/v2/user/filtersettings", "/globalfilter/user/filtersettings"])
def test_3_3_the_saved_filter_is_read_and_written_at_both_addresses(desk: Desk, place: str) -> None:
    path = f"{place}/{desk.loket.employer_id}"
    saved = desk.content(path)
    assert saved["employmentFilter"] == {
        "filterOnEmployedStatus": "AllEmployments",
        "filterOnAdministrations": [],
        "filterOnDepartments": [],
        "filterOnEmploymentCategoryType": [],
        "filterOnOnCallEmployment": None,
    }

    saved["employmentFilter"]["filterOnOnCallEmployment"] = True
    assert desk.http.put(path, json=saved).status_code == 200
    assert desk.items(f"{desk.employer}/employees/employments/minimized") == []
    saved["employmentFilter"]["filterOnEmployedStatus"] = "Some"
    assert desk.http.put(path, json=saved).status_code == 400
