"""Loket API 6: concept employees."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.loket_simulator.desk import Desk, E


def test_6_a_concept_needs_a_label_and_a_last_name_and_nothing_else(desk: Desk) -> None:
    path = f"{desk.employer}/conceptemployees"
    enough = {"uniqueName": "x", "employeeData": {"personalDetails": {"lastName": "Bos", "firstName": ""}}}
    too_little: list[dict[str, Any]] = [
        {"employeeData": enough["employeeData"]},
        {"uniqueName": "", "employeeData": enough["employeeData"]},
        {"uniqueName": "x" * 256, "employeeData": enough["employeeData"]},
        {"uniqueName": "x"},
        {"uniqueName": "x", "employeeData": {"personalDetails": {}}},
    ]

    created = desk.http.post(path, json=enough)

    assert created.status_code == 201
    assert {"id", "creationDate", "selfService"} <= set(created.json()["content"])
    assert [desk.http.post(path, json=each).status_code for each in too_little] == [400] * 5
    assert len(desk.items(path)) == 1


@pytest.mark.parametrize(
    ("block", "value", "status"),
    [
        ("employmentData", {"incomeRelationshipNumber": 9999}, 201),
        ("employmentData", {"incomeRelationshipNumber": 10000}, 400),
        ("employmentData", {"startDate": "1 April"}, 400),
        ("employmentData", {"payrollAdministration": {"id": "a" * 36}, "nonPayrollAdministration": None}, 201),
        (
            "employmentData",
            {"payrollAdministration": {"id": "a" * 36}, "nonPayrollAdministration": {"id": "b" * 36}},
            400,
        ),
        ("wageData", {"grossWage": 1}, 201),
        ("wageData", {"grossWage": 0.5}, 400),
        ("wageData", {"grossWage": 1_000_001}, 400),
        ("fiscalData", {"annualSalary": 0}, 400),
        ("fiscalData", {"annualSalary": 0, "applyDeviatingPayrollTaxPercentageOn": {"key": 1}}, 201),
        ("workingHoursData", {"deviatingHoursPerWeek": 36}, 400),
        ("workingHoursData", {"deviatingHoursPerWeek": 36, "calculateUsingWorkPattern": {}}, 201),
    ],
)
def test_6_types_and_declared_limits_hold_in_a_concept_too(
    desk: Desk, block: str, value: dict[str, Any], status: int
) -> None:
    body = {"uniqueName": "x", "employeeData": {"personalDetails": {"lastName": "Bos"}}, block: value}

    assert desk.http.post(f"{desk.employer}/conceptemployees", json=body).status_code == status


def test_6_a_concept_is_found_replaced_whole_and_deleted(desk: Desk) -> None:
    made = desk.concept(employeeNumber=5000, contactInformation={"phoneNumber": "030"})
    path = f"{E}/conceptemployees/{made['id']}"
    read = desk.http.get(path)
    body = read.json()["content"] | {"employeeData": {"personalDetails": {"lastName": "Bosch"}, "employeeNumber": 5000}}

    replaced = desk.http.put(path, json=body, headers={"If-Match": read.headers["etag"]})
    stale = desk.http.put(path, json=body, headers={"If-Match": read.headers["etag"]})

    assert (replaced.status_code, stale.status_code) == (200, 409)
    found = desk.items(f"{desk.employer}/conceptemployees", filter="employeeData.employeeNumber eq 5000")
    assert [each["employeeData"]["contactInformation"] for each in found] == [None], "left out, so null"
    assert desk.http.delete(path).status_code == 200
    assert desk.http.get(path).status_code == 404


def test_6_the_small_variant_leaves_the_other_blocks_alone(desk: Desk) -> None:
    made = desk.concept(employeeNumber=5000)
    path = f"{E}/conceptemployees/minimized/{made['id']}"
    assert set(desk.content(path)) == {"personalDetails", "address", "contactInformation", "iban"}

    assert desk.http.put(path, json={"personalDetails": {"lastName": "Bosch"}}).status_code == 200

    assert desk.loket.concept_field(5000, "personalDetails.lastName") == "Bosch"


def test_6_two_concepts_may_carry_one_number(desk: Desk) -> None:
    assert desk.concept(employeeNumber=4711)["id"] != desk.concept(employeeNumber=4711)["id"]


def test_6_validation_reports_what_promotion_would_refuse_and_changes_nothing(desk: Desk) -> None:
    made = desk.concept(employeeNumber=4711, personalDetails={"initials": "A.B.C.D"[:6], "dateOfBirth": "1990-01-01"})
    path = f"{E}/conceptemployees/{made['id']}/convertToEmployee"

    answer = desk.http.patch(path, headers={"X-ValidateOnly": "true"})

    assert answer.status_code == 200
    assert {each["description"] for each in answer.json()["messages"]} == {
        "startDate is required",
        "payrollAdministration is required",
        "gender is required",
        "howToFormatLastName is required",
        "employeeNumber is already in use",
    }
    assert {each["id"] for each in answer.json()["messages"]} == {made["id"]}
    assert (desk.loket.concepts(), desk.loket.promotions_attempted) == ([made], 0)


def test_6_promotion_is_refused_counted_and_said_out_loud(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    made = desk.concept(employeeNumber=5000)
    path = f"{E}/conceptemployees/{made['id']}/convertToEmployee"

    with caplog.at_level(logging.CRITICAL):
        answers = [desk.http.patch(path), desk.http.patch(path, headers={"X-ValidateOnly": "false"})]

    assert [each.status_code for each in answers] == [403, 403]
    assert desk.loket.promotions_attempted == 2
    assert "PROMOTION ATTEMPTED" in caplog.text
    assert desk.loket.employee(5000) is None


def test_6_a_created_concept_may_stay_invisible_for_a_while(desk: Desk) -> None:
    desk.loket.set_switch("concept_read_lag", 3)
    path = f"{E}/conceptemployees/{desk.concept(employeeNumber=5000)['id']}"

    seen_at_once = (desk.http.get(path).status_code, desk.items(f"{desk.employer}/conceptemployees"))
    desk.clock.time += timedelta(seconds=3)

    assert seen_at_once == (404, [])
    assert (desk.http.get(path).status_code, len(desk.items(f"{desk.employer}/conceptemployees"))) == (200, 1)
