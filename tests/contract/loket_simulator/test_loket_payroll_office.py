"""Loket API 9 and 10: what the payroll office does."""

from datetime import timedelta

import httpx
import pytest

from tests.contract.loket_simulator.desk import EE, Desk, E, put_employee


@pytest.mark.parametrize("keep", [True, False])
def test_10_the_administrator_finalises_a_concept_with_everything_it_held(desk: Desk, keep: bool) -> None:
    made = desk.concept(employeeNumber=5000, iban="NL20INGB0001234567", personalDetails={"initials": "B."})
    concept = f"{E}/conceptemployees/{made['id']}"
    desk.http.put(f"{concept}/citizenservicenumber", json={"citizenServiceNumber": "111222333"})

    employee_id = desk.loket.finalise_concept(5000, keep_id=keep, start_date="2026-04-01", income_number=3)

    assert (employee_id == made["id"]) == keep
    assert (desk.loket.concepts(), desk.http.get(concept).status_code) == ([], 404)
    assert (desk.loket.bsn(5000), desk.loket.iban(5000, 3)) == ("111222333", "NL20INGB0001234567")
    assert desk.loket.employment(5000, 3)["startDate"] == "2026-04-01"


def test_10_the_administrator_finalises_under_another_or_the_next_number(desk: Desk) -> None:
    desk.loket.finalise_concept(desk.concept(employeeNumber=5000)["id"], number=6000)
    desk.loket.finalise_concept(desk.concept()["id"])

    assert [each["employeeNumber"] for each in desk.loket.employees()] == [4711, 6000, 6001]


@pytest.mark.parametrize("end", ["2026-12-31", "2026-03-15", "2025-12-31"])
def test_10_the_administrator_ends_an_employment_in_future_today_or_past_and_takes_it_back(
    desk: Desk, end: str
) -> None:
    desk.loket.terminate(4711, end)
    assert desk.items(f"{desk.employer}/employees/employments/minimized")[0]["endDate"] == end

    desk.loket.reinstate(4711)
    assert desk.items(f"{desk.employer}/employees/employments/minimized")[0]["endDate"] is None


def test_10_another_process_steers_the_office_over_http(desk: Desk) -> None:
    actions = "/_control/actions"
    desk.http.post(f"{actions}/add_employee", json={"number": 1, "fields": {"personalDetails.lastName": "Aarts"}})
    desk.http.post(f"{actions}/create_employment", json={"number": 1, "start_date": "2026-04-01", "income_number": 2})
    desk.http.post(f"{actions}/set_today", json={"day": "2026-05-01"})
    wrong = desk.http.post(f"{actions}/terminate", json={"number": 99, "end_date": "2026-05-01"})

    assert [each["startDate"] for each in desk.loket.employments(1)] == ["2024-01-01", "2026-04-01"]
    assert desk.loket.state.today().isoformat() == "2026-05-01"
    assert (wrong.status_code, wrong.json()) == (400, {"error": "KeyError: 'no employee 99'"})


def test_10_a_write_may_become_visible_only_later(desk: Desk) -> None:
    desk.loket.faults.add("delayed_visibility", method="PUT", path=f"{EE}/*", seconds=3)
    put_employee(desk, "address.street", "Kade")

    at_once = desk.content(f"{EE}/{desk.anouk}")["address"]["street"]
    desk.clock.time += timedelta(seconds=3)

    assert at_once == "Main St"
    assert desk.content(f"{EE}/{desk.anouk}")["address"]["street"] == "Kade"


def test_10_a_create_that_lost_its_answer_was_applied(desk: Desk) -> None:
    desk.loket.faults.add("reset_after", method="POST", path="*/conceptemployees")

    with pytest.raises(httpx.ReadError):
        desk.concept(employeeNumber=5000)

    assert len(desk.loket.concepts()) == 1
    assert [each.method for each in desk.loket.writes()] == ["POST"]
