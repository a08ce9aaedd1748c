"""Loket API 5: employees."""

from typing import Any

import pytest

from tests.contract.loket_simulator.desk import EE, Desk, put_employee

_EMPLOYEE_LIMITS = [
    ("personalDetails.lastName", 25),
    ("personalDetails.initials", 6),
    ("personalDetails.firstName", 28),
    ("personalDetails.prefix", 10),
    ("personalDetails.lastNamePartner", 25),
    ("personalDetails.prefixPartner", 10),
    ("personalDetails.placeOfBirth", 24),
    ("contactInformation.businessEmailAddress", 255),
    ("contactInformation.phoneNumber", 15),
    ("contactInformation.mobilePhoneNumber", 15),
    ("contactInformation.businessPhoneNumber", 15),
    ("contactInformation.businessMobilePhoneNumber", 15),
    ("contactInformation.faxNumber", 15),
    ("address.street", 24),
    ("address.houseNumberAddition", 4),
    ("address.postalCode", 9),
    ("address.city", 24),
    ("address.location", 35),
]


@pytest.mark.parametrize(("path", "longest"), _EMPLOYEE_LIMITS)
def test_5_a_text_is_taken_up_to_its_limit_and_refused_beyond_it(desk: Desk, path: str, longest: int) -> None:
    assert put_employee(desk, path, "x" * longest).status_code == 200

    refused = put_employee(desk, path, "x" * (longest + 1))

    (reason,) = refused.json()["messages"]
    assert (refused.status_code, reason["code"], reason["type"]) == (400, 83, "BrokenBusinessRule")
    assert reason["description"] == f"{path.split('.')[-1]} has an invalid length"
    assert desk.loket.employee_field(4711, path) == "x" * longest


@pytest.mark.parametrize("name", ["lastName", "initials", "firstName", "prefix", "placeOfBirth"])
def test_5_an_empty_string_is_refused_where_the_minimum_is_one(desk: Desk, name: str) -> None:
    assert put_employee(desk, f"personalDetails.{name}", "").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "employeeNumber",
        "exclusionFromAbsenceStatus",
        "travel",
        "personalDetails",
        "personalDetails.lastName",
        "personalDetails.initials",
        "personalDetails.dateOfBirth",
        "personalDetails.gender",
        "personalDetails.howToFormatLastName",
        "contactInformation",
        "address.street",
        "address.houseNumber",
        "address.city",
        "address.country",
        "address.postalCode",
    ],
)
def test_5_a_required_field_is_refused_as_null_and_when_left_out(desk: Desk, path: str) -> None:
    before = desk.loket.employee(4711)
    body = desk.content(f"{EE}/{desk.anouk}")
    holder: dict[str, Any] = body
    for part in path.split(".")[:-1]:
        holder = holder[part]
    del holder[path.split(".")[-1]]

    answers = [put_employee(desk, path, None), desk.http.put(f"{EE}/{desk.anouk}", json=body)]

    assert [each.status_code for each in answers] == [400, 400]
    assert answers[0].json()["content"] is None
    assert desk.loket.employee(4711) == before


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("employeeNumber", 0),
        ("employeeNumber", "4711"),
        ("address.houseNumber", "12a"),
        ("address.houseNumber", 12.5),
        ("personalDetails.dateOfBirth", "12-04-1990"),
        ("personalDetails.dateOfBirth", "1990-02-30"),
        ("personalDetails.gender", 2),
        ("personalDetails.gender", {"key": "2"}),
        ("personalDetails.gender", {"key": 99}),
        ("address.country", {"key": 1}),
        ("contactInformation.emailAddress", "no address"),
        ("exclusionFromAbsenceStatus", "false"),
        ("travel.travelDistanceToWork", 0),
        ("identityDocument", {"typeOfDocument": {"key": 1}}),
    ],
)
def test_5_a_wrong_type_range_or_key_is_refused(desk: Desk, path: str, value: Any) -> None:
    assert put_employee(desk, path, value).status_code == 400


def test_5_every_reason_is_given_not_only_the_first(desk: Desk) -> None:
    body = desk.content(f"{EE}/{desk.anouk}")
    body["personalDetails"] |= {"initials": "A.B.C.D.", "lastName": None}

    reasons = desk.http.put(f"{EE}/{desk.anouk}", json=body).json()["messages"]

    assert {each["description"] for each in reasons} == {"lastName is required", "initials has an invalid length"}


def test_5_what_a_put_leaves_out_becomes_null(desk: Desk) -> None:
    desk.loket.edit_employee(4711, {"personalDetails.firstName": "Anouk", "contactInformation.phoneNumber": "030"})
    body = desk.content(f"{EE}/{desk.anouk}")
    del body["personalDetails"]["firstName"], body["contactInformation"]["phoneNumber"], body["address"]

    changed = desk.http.put(f"{EE}/{desk.anouk}", json=body).json()["content"]

    assert changed["personalDetails"]["firstName"] is None
    assert (changed["contactInformation"]["phoneNumber"], changed["address"]) == (None, None)


def test_5_read_only_and_unknown_fields_of_a_put_are_ignored(desk: Desk) -> None:
    body = desk.content(f"{EE}/{desk.anouk}")
    body |= {"id": "other", "favouriteColour": "blue", "statusEmployeeSelfService": {"key": 1}}
    body["personalDetails"] |= {"formattedName": "Someone else", "aowDate": "2000-01-01", "lastName": "Bos"}

    changed = desk.http.put(f"{EE}/{desk.anouk}", json=body).json()["content"]

    assert (changed["id"], changed["personalDetails"]["formattedName"]) == (desk.anouk, "Bos J.")
    assert "favouriteColour" not in changed
    assert changed["statusEmployeeSelfService"] is None


def test_5_codes_come_back_with_their_value_and_a_country_with_its_iso_code(desk: Desk) -> None:
    assert put_employee(desk, "personalDetails.gender", {"key": 1}).status_code == 200
    changed = put_employee(desk, "address.country", {"key": 540}).json()["content"]

    assert changed["personalDetails"]["gender"] == {"key": 1, "value": "Man"}
    assert changed["address"]["country"] == {"key": 540, "isoCode": "BE", "value": "België"}


def test_5_a_postal_code_may_be_null_outside_the_netherlands(desk: Desk) -> None:
    abroad = desk.content(f"{EE}/{desk.anouk}")["address"] | {"postalCode": None, "country": {"key": 540}}

    assert put_employee(desk, "address", abroad).status_code == 200


def test_5_an_employee_number_is_unique_in_the_employer(desk: Desk) -> None:
    desk.loket.add_employee(1)

    assert put_employee(desk, "employeeNumber", 1).status_code == 400
    assert put_employee(desk, "employeeNumber", 2).status_code == 200
    assert desk.loket.employee(4711) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"citizenServiceNumber": "111222333"}, 200),
        ({"citizenServiceNumber": None}, 200),
        ({"citizenServiceNumber": "12345678"}, 400),
        ({"citizenServiceNumber": 123456782}, 400),
        ({}, 400),
    ],
)
def test_5_a_citizen_service_number_has_exactly_nine_characters_or_is_null(
    desk: Desk, body: dict[str, Any], status: int
) -> None:
    path = f"{EE}/{desk.anouk}/citizenservicenumber"
    etag = desk.http.get(path).headers["etag"]

    assert desk.http.put(path, json=body, headers={"If-Match": etag}).status_code == status
    assert desk.content(path) == (body if status == 200 else {"citizenServiceNumber": "123456782"})
    assert desk.http.put(path, json=body, headers={"If-Match": '"old"'}).status_code == 409


def test_5_reads_known_by_name_only_are_absent_unless_switched_on(desk: Desk) -> None:
    bulk = f"{desk.employer}/employees/citizenservicenumbers"
    accounts = f"{desk.employer}/employees/employments/paymentinformationsepa"
    assert [desk.http.get(each).status_code for each in (bulk, accounts)] == [404, 404]

    desk.loket.set_switch("offer_bulk_reads", True)

    assert desk.items(bulk) == [{"employeeId": desk.anouk, "citizenServiceNumber": "123456782"}]
    assert desk.items(accounts)[0]["employmentId"] == desk.job
