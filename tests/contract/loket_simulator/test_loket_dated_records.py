"""Loket API 8: dated records."""

import httpx
import pytest

from tests.contract.loket_simulator.desk import Desk, E, M


def test_8_a_new_wage_must_be_the_newest_and_closes_the_one_before_it(desk: Desk) -> None:
    path = f"{M}/{desk.job}/wages"

    refused = [
        desk.http.post(path, json={"startDate": day, "grossWage": 1.0}).status_code
        for day in ("2023-12-31", "2024-01-01")
    ]
    added = desk.http.post(path, json={"startDate": "2026-04-01", "grossWage": 3200.5, "isGrossWageFullTime": False})

    assert (refused, added.status_code) == ([400, 400], 201)
    assert [(each["endDate"], each["grossWage"], each["isGrossWageFullTime"]) for each in desk.items(path)] == [
        ("2026-03-31", 3000, True),
        (None, 3200.5, True),
    ]


def test_8_deleting_the_newest_wage_reopens_the_one_before_it_and_no_other_can_go(desk: Desk) -> None:
    desk.loket.add_wage(4711, "2026-04-01", 3200)
    first, newest = desk.items(f"{M}/{desk.job}/wages")

    assert desk.http.delete(f"{M}/wages/{first['id']}").status_code == 400
    assert desk.http.delete(f"{M}/wages/{newest['id']}").status_code == 200
    assert [each["endDate"] for each in desk.items(f"{M}/{desk.job}/wages")] == [None]


def test_8_a_wage_is_changed_in_place_between_its_neighbours(desk: Desk) -> None:
    desk.loket.add_wage(4711, "2026-04-01", 3200)
    newest = desk.items(f"{M}/{desk.job}/wages")[-1]
    path = f"{M}/wages/{newest['id']}"
    etag = desk.http.get(path).headers["etag"]

    moved = desk.http.put(path, json=newest | {"startDate": "2026-05-01"}, headers={"If-Match": etag})

    assert moved.status_code == 200
    assert desk.loket.wages(4711)[0]["endDate"] == "2026-04-30"
    assert desk.http.put(path, json=newest, headers={"If-Match": etag}).status_code == 409
    assert desk.http.put(path, json=newest | {"startDate": "2024-01-01"}).status_code == 400


@pytest.mark.parametrize(
    ("amount", "status"), [(0.01, 201), (0, 400), (999_999.99, 201), (1_000_000, 400), (None, 201), ("3000", 400)]
)
def test_8_a_gross_wage_lies_between_a_cent_and_a_million(desk: Desk, amount: object, status: int) -> None:
    body = {"startDate": "2026-04-01", "grossWage": amount}

    assert desk.http.post(f"{M}/{desk.job}/wages", json=body).status_code == status


def test_8_a_pay_grade_that_applies_replaces_the_gross_wage(desk: Desk) -> None:
    body = {"startDate": "2026-04-01", "grossWage": 1.0, "payGrade": {"key": 3}, "applyPayGrade": True}

    added = desk.http.post(f"{M}/{desk.job}/wages", json=body).json()["content"]

    assert added["grossWage"] != 1.0


@pytest.mark.parametrize("name", ["wage", "workingHours"])
def test_8_actual_reads_show_the_record_in_force_on_the_reference_date(desk: Desk, name: str) -> None:
    path = f"{desk.employer}/actual{name.lower()}s".replace("hourss", "hours")

    (item,) = desk.items(path, referenceDate="2026-03-15")

    assert item["employmentId"] == desk.job
    assert item[name]["startDate"] == "2024-01-01"
    assert desk.items(path, referenceDate="2023-12-31") == []


def test_8_one_bank_account_a_component_whose_key_the_defaults_tell(desk: Desk) -> None:
    path = f"{M}/{desk.job}/paymentinformationsepa"
    component = desk.content(f"{path}/defaults")["payrollComponent"]
    (own,) = desk.items(path)
    body = {"iban": "NL91ABNA0417164300", "payrollComponent": {"key": component["key"]}, "visibleOnPayslip": True}

    assert own["payrollComponent"] == component
    assert desk.http.post(path, json=body).status_code == 400
    assert desk.http.post(path, json=body | {"payrollComponent": {"key": 284}}).status_code == 201
    changed = desk.http.put(f"{M}/paymentinformationsepa/{own['id']}", json=own | {"iban": "NL20INGB0001234567"})
    assert (changed.status_code, desk.loket.iban(4711)) == (200, "NL20INGB0001234567")
    for wrong in ("NL91 ABNA 0417 1643 00", "", "x" * 36, None):
        answer = desk.http.put(f"{M}/paymentinformationsepa/{own['id']}", json=own | {"iban": wrong})
        assert answer.status_code == 400


@pytest.mark.parametrize(("linked", "status"), [(False, 400), (True, 201)])
def test_8_whether_a_benefit_closes_the_one_before_it_is_contradictory_so_both_can_be_had(
    desk: Desk, linked: bool, status: int
) -> None:
    desk.loket.set_switch("benefits_linked", linked)
    path = f"{M}/{desk.job}/benefitsanddeductions"
    body = {"payrollComponent": {"key": 284}, "startDate": "2026-04-01", "endDate": None, "value": 100.0}
    assert desk.http.post(path, json=body).status_code == 201

    later = desk.http.post(path, json=body | {"startDate": "2026-06-01"})

    assert later.status_code == status
    assert desk.http.post(path, json=body | {"payrollComponent": {"key": 300}}).status_code == 201


def test_8_a_benefit_is_stopped_by_its_end_date_and_never_worth_nothing(desk: Desk) -> None:
    path = f"{M}/{desk.job}/benefitsanddeductions"
    body = {"payrollComponent": {"key": 284}, "startDate": "2026-04-01", "value": 100.0}
    made = desk.http.post(path, json=body).json()["content"]
    one = f"{M}/benefitsAndDeductions/{made['id']}"

    assert desk.http.put(one, json=made | {"value": 0}).status_code == 400
    assert desk.http.put(one, json=made | {"endDate": "2026-05-31"}).status_code == 200
    actual = f"{desk.employer}/employees/employments/actualbenefitsanddeductions"
    assert len(desk.items(actual, referenceDate="2026-05-31")) == 1
    assert desk.items(actual, referenceDate="2026-06-01") == []
    assert desk.http.post(path, json=body | {"payrollComponent": {"key": 1}}).status_code == 400


def test_8_period_data_keeps_what_is_not_listed_and_null_removes_one_component(desk: Desk) -> None:
    path = f"{M}/{desk.job}/payrollperioddata"
    base = desk.content(f"{path}/defaults")

    def patch(*components: tuple[int, float | None, bool]) -> httpx.Response:
        listed = [{"payrollComponent": {"key": k}, "value": v, "isSupplement": s} for k, v, s in components]
        return desk.http.patch(path, json=base | {"payrollComponents": listed})

    first = patch((372, 250.0, False), (300, 10.0, True))
    patch((372, 0, False), (300, None, False))
    assert patch((284, 5.0, True)).status_code == 400, "284 cannot be supplemented"

    (row,) = desk.items(path)
    assert (first.status_code, first.content) == (200, b"")
    assert [(each["payrollComponent"]["key"], each["value"]) for each in row["payrollComponents"]] == [(372, 0)]
    period = f"{E}/payrolladministrations/{desk.loket.administration_id}/payrollPeriods/202603/payrollperioddata"
    assert [each["employmentId"] for each in desk.items(period)] == [desk.job]
