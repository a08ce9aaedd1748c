"""A Loket that answers 200 and shows a part, and the rights and sign-ins of its user.

Each test names the section of the API document, or the published observation, that it holds the simulator to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from adapters.simulators.loket.simulator import LoketSimulator

E = "/v2/providers/employers"
EE = f"{E}/employees"


@pytest.fixture
def loket() -> Iterator[LoketSimulator]:
    with LoketSimulator() as simulator:
        for number in (4711, 4712):
            simulator.add_employee(number, start_date="2024-01-01", wage=3000)
        yield simulator


@pytest.fixture
def http(loket: LoketSimulator) -> Iterator[httpx.Client]:
    access = ask(loket, loket.tokens.refresh_token).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}", "Accept": "application/json;version=2021-03-29"}
    with httpx.Client(base_url=loket.url, headers=headers, verify=False) as client:
        yield client


def ask(loket: LoketSimulator, refresh_token: str) -> httpx.Response:
    tokens = loket.tokens
    client = {"client_id": tokens.client_id, "client_secret": tokens.client_secret}
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **client}
    return httpx.post(loket.token_url, data=form, verify=False)


def items(http: httpx.Client, path: str, version: str = "2021-03-29") -> list[dict[str, Any]]:
    answer = http.get(path, headers={"Accept": f"application/json;version={version}"})
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()["_embedded"]
    return listed


# --- 1: activities, in the two documented shapes and in others

DOCUMENTED = (
    *("GetEmployersByUserId", "GetEmployerByEmployerId", "GetPayrollAdministrationsByEmployerId"),
    *("GetEmployeesByEmployerId", "GetEmployeeByEmployeeId", "PutEmployeeByEmployeeId"),
    *("GetCitizenServiceNumberByEmployeeId", "PutCitizenServiceNumberByEmployeeId"),
    *("GetEmploymentsMinimizedByEmployerId", "GetEmploymentsByEmployerId", "GetEmploymentsByEmployeeId"),
    *("GetConceptEmployeesByEmployerId", "PostConceptEmployeeByEmployerId", "PutConceptEmployeeByConceptEmployeeId"),
    *("PutCitizenServiceNumberByConceptEmployeeId", "GetWagesByEmploymentId", "PostWageByEmploymentId"),
    *("PutWageByWageId", "DeleteWageByWageId", "PostPaymentInformationSepaByEmploymentId"),
    *("PutPaymentInformationSepaByPaymentInformationSepaId", "PostBenefitsAndDeductionsByEmploymentId"),
    *("PutBenefitsAndDeductionsByBenefitsAndDeductionsId", "DeleteBenefitsAndDeductionsByBenefitsAndDeductionsId"),
    *("PatchPayrollPeriodDataByEmploymentId", "GetEmployeeDataAuditTrailByEmployerId"),
    *("PutWorkingHoursByWorkingHoursId", "PostWorkingHoursByEmploymentId", "DeleteWorkingHoursByWorkingHoursId"),
)
"""Loket's own document begins each operation's description with the name of its activity."""


@pytest.mark.parametrize(("version", "key"), [("2019-02-11", "description"), ("2018-01-01", "name")])
def test_1_activities_are_listed_under_their_documented_names_in_either_version(
    loket: LoketSimulator, http: httpx.Client, version: str, key: str
) -> None:
    listed = items(http, f"{E}/{loket.employer_id}/authorizations", version)

    assert set(DOCUMENTED) <= {one[key] for one in listed}
    assert {frozenset(one) for one in listed} == {frozenset({"id", "description"} if key == "description" else {key})}
    assert version == "2018-01-01" or all(len(one["id"]) == 36 for one in listed)  # an id is a UUID, not the name


@pytest.mark.parametrize("shape", ["unknown", "other words"])
def test_1_the_list_may_be_of_a_kind_that_nobody_documented(
    loket: LoketSimulator, http: httpx.Client, shape: str
) -> None:
    loket.set_switch("authorization_list", shape)

    listed = items(http, f"{E}/{loket.employer_id}/authorizations", "2019-02-11")

    assert not {one.get("description") for one in listed} & set(DOCUMENTED)


def test_1_an_activity_may_be_spelled_in_another_case(loket: LoketSimulator, http: httpx.Client) -> None:
    """One operation id of the document differs in case from the name of its activity."""
    loket.set_switch("authorization_list", "other case")

    listed = items(http, f"{E}/{loket.employer_id}/authorizations", "2019-02-11")

    assert {one.casefold() for one in DOCUMENTED} <= {one["description"].casefold() for one in listed}
    assert not {one["description"] for one in listed} & set(DOCUMENTED)


# --- 1, 3.3: a role that hides people


def test_3_3_people_outside_the_users_role_are_in_no_list_and_are_refused_by_id(
    loket: LoketSimulator, http: httpx.Client
) -> None:
    hidden = (loket.employee(4712) or {})["id"]
    loket.set_switch("offer_bulk_reads", True)
    loket.hide_employees(4712)

    employer = f"{E}/{loket.employer_id}/employees"
    lists = {
        "employees": [one["employeeNumber"] for one in items(http, employer)],
        **{
            name: [one["employee"]["employeeNumber"] for one in items(http, f"{employer}/employments{name}")]
            for name in ("", "/minimized", "/comprehensive?referenceDate=2026-03-15")
        },
    }
    bsns = items(http, f"{employer}/citizenservicenumbers?referenceDate=2026-03-15", "2018-01-01")
    versions = items(http, f"{employer}/employments/lastmodifiedversionnumbers", "2018-01-01")

    assert {tuple(seen) for seen in lists.values()} == {(4711,)}
    assert (len(bsns), len(versions)) == (1, 1)
    by_id = [http.get(f"{EE}/{hidden}{part}").status_code for part in ("", "/citizenservicenumber", "/employments")]
    assert by_id == [403, 403, 403]
    assert loket.employee(4712) is not None

    loket.show_all_employees()
    assert len(items(http, employer)) == 2


# --- 1: refresh tokens


@pytest.mark.parametrize(
    ("rotation", "given", "old_again"), [("enforced", 1, 400), ("lenient", 1, 200), ("none", 0, 200)]
)
def test_1_a_refresh_token_is_replaced_and_dies_or_lives_on_or_is_never_replaced(
    loket: LoketSimulator, rotation: str, given: int, old_again: int
) -> None:
    """One client stores each new token because the old one dies; another keeps its first for years."""
    loket.set_rotation(rotation)
    first = loket.tokens.refresh_token

    answer = ask(loket, first)

    assert ("refresh_token" in answer.json()) is bool(given)
    assert ask(loket, loket.tokens.refresh_token).status_code == 200
    assert ask(loket, first).status_code == old_again


@pytest.mark.parametrize("rotation", ["enforced", "lenient", "none"])
def test_1_a_revoked_sign_in_is_over_however_tokens_rotate(loket: LoketSimulator, rotation: str) -> None:
    loket.set_rotation(rotation)
    held = [loket.tokens.refresh_token]
    held.append(ask(loket, held[0]).json().get("refresh_token", held[0]))

    loket.revoke_refresh_token()

    assert {ask(loket, one).json()["error"] for one in held} == {"invalid_grant"}


# --- 6: concepts in self-service


def test_6_a_new_hire_fills_in_his_own_concept_once_self_service_is_open(
    loket: LoketSimulator, http: httpx.Client
) -> None:
    body = {
        "uniqueName": "Bos (5000)",
        "employeeData": {"personalDetails": {"lastName": "Bos"}, "employeeNumber": 5000},
    }
    path = f"{E}/{loket.employer_id}/conceptemployees"
    made = http.post(path, json=body, headers={"Accept": "application/json;version=2018-01-01"}).json()["content"]["id"]
    at = f"{E}/conceptemployees/{made}"
    closed = http.get(at).json()["content"]["selfService"]
    with pytest.raises(ValueError, match="not let in"):
        loket.fill_in_concept(5000, {"iban": "NL91ABNA0417164300"})

    loket.open_self_service(5000)
    loket.fill_in_concept(5000, {"iban": "NL91ABNA0417164300"})

    shown = http.get(at).json()["content"]
    assert (closed["status"], shown["selfService"]["status"]) == ("NoAccessToClient", "HasAccessToClient")
    assert http.get(f"{at}/selfservice").json()["content"] == shown["selfService"]
    assert shown["employeeData"]["iban"] == "NL91ABNA0417164300"
