"""The simulated Loket against its API document: every path, field, limit and refusal, by plain HTTP.

Each test cites the section of the document it holds the simulator to. Nobody relaxes one of these to make a client
pass without citing the source.
"""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from adapters.simulators.loket.schema import CONCEPT, EMPLOYEE, Field, Kind
from adapters.simulators.loket.schema_employment import BENEFIT, EMPLOYMENT, SEPA, WAGE
from adapters.simulators.loket.simulator import LoketSimulator

E = "/v2/providers/employers"
EE = f"{E}/employees"
M = f"{EE}/employments"
PIN = "2021-03-29"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Desk:
    """A signed-in HTTP client, one employer and one employee with everything."""

    def __init__(self, loket: LoketSimulator, clock: Clock) -> None:
        self.loket, self.clock = loket, clock
        self.employer = f"{E}/{loket.employer_id}"
        self.http = httpx.Client(
            base_url=loket.url, headers={"Accept": "application/json;version=2021-03-29"}, verify=False
        )
        self.sign_in()
        self.anouk = loket.add_employee(
            4711,
            fields={"personalDetails.lastName": "Vermeer", "address.street": "Main St", "address.houseNumber": 12},
            start_date="2024-01-01",
            wage=3000,
            bsn="123456782",
            iban="NL91ABNA0417164300",
        )
        self.job = loket.employment(4711)["id"]

    def sign_in(self) -> None:
        answer = self.token(grant_type="refresh_token", refresh_token=self.loket.tokens.refresh_token)
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def token(self, **form: str) -> httpx.Response:
        tokens = self.loket.tokens
        client = {"client_id": tokens.client_id, "client_secret": tokens.client_secret}
        return httpx.post(self.loket.token_url, data=client | form, verify=False)

    def get(self, path: str, **query: str) -> Any:
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def content(self, path: str) -> Any:
        return self.get(path)["content"]

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(path, **query)["_embedded"]
        return found

    def concept(self, **employee_data: Any) -> dict[str, Any]:
        details = {"lastName": "Bos"} | employee_data.pop("personalDetails", {})
        body = {"uniqueName": "Bos (5000)", "employeeData": {"personalDetails": details} | employee_data}
        answer = self.http.post(f"{self.employer}/conceptemployees", json=body)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()["content"]
        return created


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = Clock()
    with LoketSimulator(now=clock) as loket:
        desk = Desk(loket, clock)
        with desk.http:
            yield desk


# --- Loket API 1: authentication ---------------------------------------------------------------------------------


def test_1_a_refresh_token_works_once_and_its_successor_comes_with_the_answer(desk: Desk) -> None:
    first = desk.loket.tokens.refresh_token

    answer = desk.token(grant_type="refresh_token", refresh_token=first)
    again = desk.token(grant_type="refresh_token", refresh_token=first)

    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["two_factor_state"]) == ("bearer", 3599, "None")
    assert body["refresh_token"] != first
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert desk.token(grant_type="refresh_token", refresh_token=body["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "refresh_token", "client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "never issued"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ],
)
def test_1_the_token_endpoint_refuses(desk: Desk, form: dict[str, str], error: str) -> None:
    answer = desk.token(**form)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_1_the_sign_in_page_hands_out_a_code_that_is_good_for_one_use(desk: Desk) -> None:
    back = "http://127.0.0.1:9/back"
    query = {"client_id": desk.loket.tokens.client_id, "redirect_uri": back, "response_type": "code", "state": "s"}
    redirect = httpx.get(f"{desk.loket.url}/authorize", params=query).headers["location"]
    answer = httpx.URL(redirect).params

    exchange = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back}

    assert answer["state"] == "s"
    assert [desk.token(**exchange).status_code for _ in range(2)] == [200, 400]


def test_1_an_access_token_lives_3599_seconds_and_then_answers_401_outside_the_envelope(desk: Desk) -> None:
    desk.clock.time += timedelta(seconds=3598)
    assert desk.http.get(E).status_code == 200

    desk.clock.time += timedelta(seconds=1)
    expired = desk.http.get(E)
    missing = httpx.get(f"{desk.loket.url}{E}")

    assert (expired.status_code, missing.status_code) == (401, 401)
    assert list(expired.json()) == ["message"]


def test_1_rights_are_activities_and_a_missing_one_answers_403_with_a_reason(desk: Desk) -> None:
    names = {each["id"] for each in desk.items(f"{desk.employer}/authorizations")}
    desk.loket.revoke_right("GetEmployees")

    refused = desk.http.get(f"{desk.employer}/employees")

    assert (refused.status_code, list(refused.json())) == (403, ["message"])
    assert names - {each["id"] for each in desk.items(f"{desk.employer}/authorizations")} == {"GetEmployees"}


def test_1_the_citizen_service_number_has_a_right_of_its_own(desk: Desk) -> None:
    path = f"{EE}/{desk.anouk}"
    desk.loket.revoke_bsn_right()

    refused = [
        desk.http.get(f"{path}/citizenservicenumber").status_code,
        desk.http.put(f"{path}/citizenservicenumber", json={"citizenServiceNumber": None}).status_code,
    ]

    assert (refused, desk.http.get(path).status_code) == ([403, 403], 200)
    assert desk.loket.bsn(4711) == "123456782"


def test_1_an_employer_the_user_may_not_see_is_not_listed_and_answers_403(desk: Desk) -> None:
    desk.loket.hide_employer()

    assert desk.items(E) == []
    for path in (desk.employer, f"{desk.employer}/employees", f"{EE}/{desk.anouk}", f"{M}/{desk.job}"):
        assert desk.http.get(path).status_code == 403


# --- Loket API 2: versions, paging, filter, sort -----------------------------------------------------------------


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


# --- Loket API 3: envelope, messages, concurrency ----------------------------------------------------------------


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


# --- Loket API 4: metadata and hierarchy -------------------------------------------------------------------------


@pytest.mark.parametrize("wrapper", ["_embedded", "content", None])
def test_4_metadata_lists_options_in_whatever_wrapper(desk: Desk, wrapper: str | None) -> None:
    desk.loket.set_switch("metadata_wrapper", wrapper)
    places = (f"{EE}/{desk.anouk}/metadata", f"{desk.employer}/conceptemployees/metadata")

    for answer in (desk.get(place) for place in places):
        fields = {each["field"]: each["options"] for each in (answer[wrapper] if wrapper else answer)}
        assert fields["gender"] == [{"key": 1, "value": "Man"}, {"key": 2, "value": "Vrouw"}]
        iso = {each["isoCode"]: each["key"] for each in fields["country"]}
        assert (iso["NL"], iso["BE"]) == (530, 540)


def test_4_wage_types_are_1_periodic_and_2_hourly(desk: Desk) -> None:
    fields = {each["field"]: each["options"] for each in desk.items(f"{M}/{desk.job}/wages/metadata")}

    assert [each["key"] for each in fields["grossWageType"]] == [1, 2]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v2/providers", {"id", "name"}),
        (E, {"id", "employerNumber", "companyName", "chamberOfCommerceNumber", "address"}),
        (f"{E}/minimized", {"id", "employerNumber", "companyName"}),
        (
            "{employer}/payrolladministrations",
            {"id", "name", "description", "clientNumber", "payrollPeriodType", "payrollTaxesNumber", "startDate"},
        ),
        ("{employer}/administrations", {"id", "description", "clientNumber", "isPayrollAdministration", "startDate"}),
        ("{employer}/departments", {"id", "code", "description", "subDepartmentOf"}),
        ("{employer}/functions", {"key", "description", "group"}),
        (
            f"{E}/payrolladministrations/{{administration}}/payrollcomponents/year/2026",
            {"key", "description", "category", "deductionOrPayment", "canBeSupplemented"},
        ),
        (
            f"{E}/payrolladministrations/{{administration}}/payrollperiods",
            {"id", "year", "periodNumber", "startDate", "endDate", "payrollPeriodType", "payrollRuns"},
        ),
        (
            f"{E}/payrolladministrations/{{administration}}/payrollperiods/minimized",
            {"id", "year", "periodNumber", "hasApprovedPayrollRun"},
        ),
    ],
)
def test_4_the_hierarchy_is_listed_with_its_fields(desk: Desk, path: str, names: set[str]) -> None:
    items = desk.items(path.format(employer=desk.employer, administration=desk.loket.administration_id))

    assert items
    assert names <= set(items[0])


# --- Loket API 5: Employee ---------------------------------------------------------------------------------------

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


def put_employee(desk: Desk, path: str, value: Any) -> httpx.Response:
    body = desk.content(f"{EE}/{desk.anouk}")
    _set(body, path, value)
    return desk.http.put(f"{EE}/{desk.anouk}", json=body)


def _set(body: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for part in above:
        body = body[part]
    body[name] = value


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


# --- Loket API 6: Concept employee -------------------------------------------------------------------------------


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
    desk.loket.set_switch("concept_read_lag", 0.3)
    path = f"{E}/conceptemployees/{desk.concept(employeeNumber=5000)['id']}"

    seen_at_once = (desk.http.get(path).status_code, desk.items(f"{desk.employer}/conceptemployees"))
    time.sleep(0.35)

    assert seen_at_once == (404, [])
    assert (desk.http.get(path).status_code, len(desk.items(f"{desk.employer}/conceptemployees"))) == (200, 1)


# --- Loket API 7: Employment -------------------------------------------------------------------------------------


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


# --- Loket API 8: dated records ----------------------------------------------------------------------------------


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


# --- Loket API 9 and 10: the payroll office ----------------------------------------------------------------------


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
    desk.loket.faults.add("delayed_visibility", method="PUT", path=f"{EE}/*", seconds=0.3)
    put_employee(desk, "address.street", "Kade")

    at_once = desk.content(f"{EE}/{desk.anouk}")["address"]["street"]
    time.sleep(0.35)

    assert at_once == "Main St"
    assert desk.content(f"{EE}/{desk.anouk}")["address"]["street"] == "Kade"


def test_10_a_create_that_lost_its_answer_was_applied(desk: Desk) -> None:
    desk.loket.faults.add("reset_after", method="POST", path="*/conceptemployees")

    with pytest.raises(httpx.ReadError):
        desk.concept(employeeNumber=5000)

    assert len(desk.loket.concepts()) == 1
    assert [each.method for each in desk.loket.writes()] == ["POST"]


# --- the field tables themselves ---------------------------------------------------------------------------------


def test_the_field_tables_have_the_fields_the_document_names() -> None:
    assert len(list(_leaves(EMPLOYEE))) == 47
    assert {name for name, each in EMPLOYEE.fields.items() if each.required} == {
        "employeeNumber",
        "exclusionFromAbsenceStatus",
        "travel",
        "personalDetails",
        "contactInformation",
    }
    assert {name for name, each in CONCEPT.fields.items() if each.required} == {"uniqueName", "employeeData"}
    assert {name for name, each in WAGE.fields.items() if each.required} == {"startDate"}
    assert {name for name, each in SEPA.fields.items() if each.required} == {
        "iban",
        "payrollComponent",
        "visibleOnPayslip",
    }
    assert {name for name, each in BENEFIT.fields.items() if each.required} == {
        "payrollComponent",
        "startDate",
        "value",
    }
    assert sum(each.required for each in EMPLOYMENT.fields.values()) == 16


def _leaves(schema: Field) -> Iterator[str]:
    for name, each in schema.fields.items():
        if each.kind is Kind.OBJECT and each.options is None:
            yield from _leaves(each)
        else:
            yield name
