"""Loket API 7: employments."""

from tests.contract.loket_simulator.desk import EE, Desk, M


def test_7_an_employment_shows_its_employee_and_its_administration(desk: Desk) -> None:
    (listed,) = desk.items(f"{EE}/{desk.anouk}/employments", filter="incomeRelationshipNumber eq 1")

    assert listed == desk.content(f"{M}/{desk.job}")
    assert listed["employee"]["employeeNumber"] == 4711
    assert listed["payrollAdministration"]["id"] == desk.loket.administration_id
    assert (listed["startDate"], listed["endDate"], listed["commissionUntilDate"]) == ("2024-01-01", None, None)
    assert listed["payrollId"] != 4711


def test_7_minimized_is_small_and_comprehensive_holds_the_records_of_the_day(desk: Desk) -> None:
    desk.loket.add_wage(4711, "2026-06-01", 3300)
    everyone = f"{desk.employer}/employees/employments"

    (small,) = desk.items(f"{everyone}/minimized")
    wages = [
        desk.items(f"{everyone}/comprehensive", referenceDate=day)[0]["wage"] for day in ("2026-05-31", "2026-06-01")
    ]
    (whole,) = desk.items(f"{everyone}/comprehensive")

    assert set(small["employee"]) == {"id", "employeeNumber", "firstName", "formattedName", "dateOfBirth"}
    assert "writtenEmploymentContract" not in small
    assert [each["grossWage"] for each in wages] == [3000, 3300]
    assert whole["employee"]["address"]["street"] == "Main St"
    assert whole["workingHours"]["shift"]["fullTimeHoursPerWeek"] == 40


def test_7_a_put_replaces_the_employment_but_never_its_dates(desk: Desk) -> None:
    body = desk.content(f"{M}/{desk.job}") | {"startDate": "2020-01-01", "endDate": "2026-01-01"}

    changed = desk.http.put(f"{M}/{desk.job}", json=body | {"incomeRelationshipNumber": 7}).json()["content"]

    assert (changed["incomeRelationshipNumber"], changed["startDate"], changed["endDate"]) == (7, "2024-01-01", None)
    assert desk.http.put(f"{M}/{desk.job}", json=body | {"incomeRelationshipNumber": 10000}).status_code == 400
    assert desk.http.put(f"{M}/{desk.job}", json=body | {"isOnCallEmployment": None}).status_code == 400


def test_7_terminate_ends_cuts_and_revises_and_reinstate_undoes_the_end(desk: Desk) -> None:
    desk.loket.add_wage(4711, "2026-09-01", 3300)
    terms = {
        "endDate": "2026-06-30",
        "endOfEmploymentReason": {"key": 8},
        "endOfEmploymentReasonTaxAuthorities": {"key": 1},
        "endOfEmploymentDueToIllness": False,
        "createMdvEntry": False,
    }
    path = f"{M}/{desk.job}"

    assert desk.http.patch(f"{path}/terminate", json=terms | {"endDate": "2023-12-31"}).status_code == 400
    assert desk.http.patch(f"{path}/terminate", json=terms | {"endOfEmploymentReason": None}).status_code == 400
    ended = desk.http.patch(f"{path}/terminate", json=terms)
    assert (ended.status_code, ended.json()["content"]) == (200, None)
    assert desk.content(path)["endDate"] == "2026-06-30"
    assert [(each["startDate"], each["endDate"]) for each in desk.loket.wages(4711)] == [("2024-01-01", "2026-06-30")]
    assert desk.http.patch(f"{path}/terminate", json=terms | {"endDate": "2026-07-31"}).status_code == 200
    assert desk.content(path)["endDate"] == "2026-07-31"
    assert desk.http.patch(f"{path}/reinstate").status_code == 200
    reinstated = desk.content(path)
    assert (reinstated["endDate"], reinstated["endOfEmploymentReason"]) == (None, None)
    assert desk.http.patch(f"{path}/reinstate").status_code == 400


def test_7_correcting_the_start_date_moves_the_first_records_along(desk: Desk) -> None:
    assert desk.http.patch(f"{M}/{desk.job}/correctstartdate", json={"startDate": "2024-02-01"}).status_code == 200

    assert desk.content(f"{M}/{desk.job}")["startDate"] == "2024-02-01"
    assert desk.loket.wages(4711)[0]["startDate"] == "2024-02-01"
