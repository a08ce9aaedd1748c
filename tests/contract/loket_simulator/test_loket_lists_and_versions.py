"""Loket API 2: versions, paging, filter, sort."""

import pytest

from tests.contract.loket_simulator.desk import EE, Desk, E


@pytest.mark.parametrize(
    ("asked", "served", "obsolete"),
    [
        ("2021-03-28", "2018-12-31", "2021-09-01"),
        ("2021-03-29", "2021-03-29", None),
        ("2026-01-01", "2021-03-29", None),
    ],
)
def test_2_the_newest_version_on_or_before_the_date_is_served(
    desk: Desk, asked: str, served: str, obsolete: str | None
) -> None:
    answer = desk.http.get(f"{EE}/{desk.anouk}", headers={"Accept": f"application/json;version={asked}"}).json()

    assert answer["version"] == {"resourceVersion": served, "obsoleteDate": obsolete}
    assert ("businessEmailAddress" in answer["content"]["contactInformation"]) == (served == "2021-03-29")


def test_2_a_put_of_an_older_version_keeps_the_fields_it_does_not_know(desk: Desk) -> None:
    desk.loket.edit_employee(4711, {"contactInformation.businessEmailAddress": "a@example.test"})
    old = {"Accept": "application/json;version=2018-12-31"}
    body = desk.http.get(f"{EE}/{desk.anouk}", headers=old).json()["content"]

    assert desk.http.put(f"{EE}/{desk.anouk}", json=body, headers=old).status_code == 200
    assert desk.loket.employee_field(4711, "contactInformation.businessEmailAddress") == "a@example.test"


def test_2_without_a_version_the_oldest_one_is_served(desk: Desk) -> None:
    answer = desk.http.get(f"{EE}/{desk.anouk}", headers={"Accept": "application/json"}).json()

    assert answer["version"]["resourceVersion"] == "2018-01-01"


def test_2_authorizations_of_2018_have_only_a_name(desk: Desk) -> None:
    old = desk.http.get(f"{desk.employer}/authorizations", headers={"Accept": "application/json;version=2018-01-01"})

    assert set(old.json()["_embedded"][0]) == {"name"}


def test_2_a_version_before_the_first_one_is_an_api_fault_in_plain_text(desk: Desk) -> None:
    answer = desk.http.get(E, headers={"Accept": "application/json;version=2001-01-01"})

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (400, "text/plain")


def test_2_a_version_going_out_says_so_in_each_answer(desk: Desk) -> None:
    desk.loket.announce_successor("employee", "2026-12-01")

    assert desk.get(f"{EE}/{desk.anouk}")["version"]["obsoleteDate"] == "2026-12-01"


def test_2_lists_come_in_pages_from_1_of_250_unless_asked_otherwise(desk: Desk) -> None:
    for number in range(1, 300):
        desk.loket.add_employee(number, employments=[])

    first = desk.get(f"{desk.employer}/employees")
    last = desk.get(f"{desk.employer}/employees", pageNumber="4", pageSize="99")

    assert [first[name] for name in ("totalSize", "pageSize", "totalPages", "currentPage")] == [300, 250, 2, 1]
    assert (len(first["_embedded"]), len(last["_embedded"]), last["totalPages"]) == (250, 3, 4)
    assert desk.http.get(f"{desk.employer}/employees?pageNumber=0").status_code == 400


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("employeeNumber eq 4711", [4711]),
        ("EMPLOYEENUMBER EQ 4711", [4711]),
        ("employeeNumber ne 4711", [1, 2, 3]),
        ("employeeNumber ge 2 and employeeNumber lt 4711", [2, 3]),
        ("employeeNumber eq 1 or employeeNumber gt 2 and employeeNumber le 3", [1, 3]),
        ("personalDetails.lastName eq 'vermeer'", [4711]),
        ("personalDetails.lastName lk 'erm'", [4711]),
        ("personalDetails.lastName eq 'van ''t Hof'", [3]),
        ("address eq null", [1, 2, 3]),
        ("address.street ne null", [4711]),
        ("personalDetails.dateOfBirth lt '1985-01-01'", [2]),
        ("exclusionFromAbsenceStatus eq false and employeeNumber lt 2", [1]),
    ],
)
def test_2_a_filter_selects(desk: Desk, text: str, numbers: list[int]) -> None:
    desk.loket.add_employee(1)
    desk.loket.add_employee(2, fields={"personalDetails.dateOfBirth": "1980-05-05"})
    desk.loket.add_employee(3, fields={"personalDetails.lastName": "van 't Hof"})

    found = desk.items(f"{desk.employer}/employees", filter=text)

    assert sorted(each["employeeNumber"] for each in found) == numbers


@pytest.mark.parametrize(
    "text", ["employeeNumber", "employeeNumber is 1", "nosuch eq 1", "employeeNumber eq abc", "a eq 1 xor b eq 2"]
)
def test_2_a_filter_that_is_none_is_refused(desk: Desk, text: str) -> None:
    assert desk.http.get(f"{desk.employer}/employees", params={"filter": text}).status_code == 400


def test_2_a_list_is_ordered_by_nested_fields_with_minus_for_downwards(desk: Desk) -> None:
    desk.loket.add_employee(1, fields={"personalDetails.lastName": "Vermeer"})
    desk.loket.add_employee(2, fields={"personalDetails.lastName": "Aarts"})

    found = desk.items(f"{desk.employer}/employees", orderBy="personalDetails.lastName,-employeeNumber")

    assert [each["employeeNumber"] for each in found] == [2, 4711, 1]
