"""The Loket client and the simulated Loket, each written from the API document: reads, checks, and writes that land."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from adapters.counted import COUNTED
from adapters.loket.client import LoketClient
from adapters.simulators.loket.simulator import LoketSimulator
from domain.attributes import CATALOGUE, CITIZEN_SERVICE_NUMBER, PAYMENT_IBAN
from domain.errors import Misconfigured, NotFound, RightMissing
from domain.events.loket import WriteKind
from domain.planning.addresses import ADDRESS, ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.planning.rights import NEEDED, missing
from domain.settings import LegalEntity
from domain.snapshots import Answered, LoketEmployee, LoketSnapshot, WriteAnswer, WriteRequest
from domain.values import BLANK, EmployeeNumber, FieldPath, LegalEntityId, Observed
from tests.support.memory_secrets import MemorySecrets
from tests.support.waiting import PATIENCE, until
from tests.support.wire import FakeTime

NOON = datetime(2026, 3, 15, 11, tzinfo=UTC)
BSN, OTHER_BSN = "123456782", "111222333"
IBAN, OTHER_IBAN = "NL91ABNA0417164300", "NL20INGB0001234567"
STREET = FieldPath("address.street")
CONCEPT = {
    FieldPath(path): value
    for path, value in {
        "employeeNumber": "4713",
        "incomeRelationshipNumber": "1",
        "startDate": "2026-04-01",
        "personalDetails.lastName": "Vermeer",
        "personalDetails.gender": "2",
        "address.street": "Central Ave",
        "address.houseNumber": "12",
        "address.country": "NL",
        "iban": IBAN,
        "wage.grossWage": "3200.10",
        "wage.grossWageType": "1",
    }.items()
}


@pytest.fixture
def loket() -> Iterator[LoketSimulator]:
    with LoketSimulator(now=lambda: NOON) as simulator:
        yield simulator


@pytest.fixture
def tulp(loket: LoketSimulator) -> LegalEntity:
    return LegalEntity(LegalEntityId("170"), "Tulp Logistiek B.V.", loket.employer_id, loket.administration_id)


@contextmanager
def connected(loket: LoketSimulator, *, answer_within: float = PATIENCE) -> Iterator[LoketClient]:
    time = FakeTime()
    opened = LoketClient(
        loket.url,
        loket.token_url,
        loket.tokens.client_id,
        loket.tokens.client_secret,
        loket.tokens.refresh_token,
        MemorySecrets(),
        CATALOGUE,
        sleep=time.sleep,
        monotonic=time.monotonic,
        now=lambda: NOON,
        timeout=httpx.Timeout(PATIENCE, read=answer_within),
    )
    with closing(opened):
        yield opened


@pytest.fixture
def client(loket: LoketSimulator) -> Iterator[LoketClient]:
    with connected(loket) as opened:
        yield opened


def read(client: LoketClient, entity: LegalEntity, *numbers: int) -> LoketSnapshot:
    return client.read(entity, numbers=frozenset(EmployeeNumber(each) for each in numbers))


def person(snapshot: LoketSnapshot, number: int) -> LoketEmployee:
    return snapshot.employees[EmployeeNumber(number)]


# --- reading -----------------------------------------------------------------------------------------------------


def test_a_read_has_everyone_with_employments_but_bsn_and_bank_account_of_those_asked_for(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    fields = {"address.street": "Main St", "personalDetails.gender": 2, "contactInformation.emailAddress": None}
    loket.add_employee(4711, fields=fields, bsn=BSN, iban=IBAN, start_date="2024-01-01", end_date="2026-06-30")
    loket.add_employee(4712, bsn=OTHER_BSN, iban=OTHER_IBAN)

    snapshot = read(client, tulp, 4711, 9999)

    anouk, other = person(snapshot, 4711), person(snapshot, 4712)
    (employment,) = anouk.employments
    assert (employment.income_number, employment.start, employment.end) == (1, date(2024, 1, 1), date(2026, 6, 30))
    assert employment.payroll_administration == loket.administration_id
    assert anouk.value(STREET) == "Main St"
    assert anouk.value(FieldPath("personalDetails.gender")) == "2"
    assert anouk.value(FieldPath("contactInformation.emailAddress")) is BLANK
    assert anouk.value(FieldPath("address.country")) == "NL"
    assert anouk.value(CITIZEN_SERVICE_NUMBER) == BSN
    assert CITIZEN_SERVICE_NUMBER not in other.fields
    assert [record.iban for record in snapshot.payments.values()] == [IBAN]
    assert snapshot.payroll_period == 1
    assert {"NL", "BE", "DE"} <= snapshot.countries


def test_a_server_that_gives_shorter_pages_than_asked_is_read_to_the_end(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.switches.page_size_limit = 10
    for number in range(4700, 4725):
        loket.add_employee(number)
    snapshot = read(client, tulp)
    assert len(snapshot.employees) == sum(len(one.employments) for one in snapshot.employees.values()) == 25
    assert loket.count("GET", "*/employees") == 3


@pytest.mark.parametrize("offered", [True, False])
def test_what_is_offered_at_once_is_not_asked_one_by_one(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity, offered: bool
) -> None:
    loket.switches.offer_bulk_reads = offered
    for number in range(4700, 4730):
        loket.add_employee(number, bsn=BSN, iban=IBAN)

    snapshot = read(client, tulp, *range(4700, 4730))

    assert {one.value(CITIZEN_SERVICE_NUMBER) for one in snapshot.employees.values()} == {BSN}
    assert {record.iban for record in snapshot.payments.values()} == {IBAN}
    assert len(snapshot.payments) == 30
    one_by_one = loket.count("GET", "*/citizenservicenumber") + loket.count(
        "GET", "*/employments/*/paymentinformation*"
    )
    assert one_by_one == (0 if offered else 60)
    assert any("one by one" in note for note in snapshot.notes) is not offered


def test_a_refused_bsn_leaves_all_bsns_unread_and_everything_else_read(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.add_employee(4711, bsn=BSN, iban=IBAN)
    loket.revoke_bsn_right()

    snapshot = read(client, tulp, 4711)

    assert snapshot.bsn_readable is False
    assert CITIZEN_SERVICE_NUMBER not in person(snapshot, 4711).fields
    assert len(snapshot.payments) == 1


def test_of_several_bank_accounts_the_one_of_the_net_wage_counts(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.add_employee(4711)
    first = read(client, tulp, 4711)
    employment = person(first, 4711).employments[0].id
    net_wage = loket.switches.net_wage_component
    assert (first.payments[employment].id, first.payments[employment].component) == (None, net_wage)

    def add(iban: str, component: int) -> str:
        values: dict[FieldPath, Observed] = {PAYMENT_IBAN: iban}
        client.write(tulp, WriteRequest(WriteKind.PAYMENT_CREATED, employment, values, component=component))
        found = read(client, tulp, 4711).payments[employment].iban
        return found if isinstance(found, str) else ""

    assert add(OTHER_IBAN, component=300) == OTHER_IBAN  # the only one there is
    assert add(IBAN, component=net_wage) == IBAN


@pytest.mark.parametrize("wrapper", ["_embedded", "content", None])
def test_country_keys_are_learned_from_any_wrapper(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity, wrapper: str | None
) -> None:
    loket.switches.metadata_wrapper = wrapper
    assert "BE" in read(client, tulp).countries  # nobody in Loket yet: asked at the concepts
    loket.add_employee(4711)
    assert "BE" in read(client, tulp).countries


def test_without_metadata_the_countries_in_use_are_known(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.add_employee(4711, fields={"address.street": "Main St"})
    loket.faults.add("forbidden", path="*/metadata", times=0)
    snapshot = read(client, tulp)
    assert snapshot.countries == {"NL"}
    assert any("list of countries" in note for note in snapshot.notes)


def test_the_bsn_of_a_leftover_concept_is_not_looked_at(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    create = WriteRequest(WriteKind.CONCEPT_CREATED, None, {**CONCEPT}, label="Vermeer A.B. (4713)")
    read(client, tulp)
    client.write(tulp, create)
    read(client, tulp, 4713)
    assert loket.count("GET", "*/conceptemployees/*/citizenservicenumber") == 1
    loket.add_employee(4713)
    read(client, tulp, 4713)
    assert loket.count("GET", "*/conceptemployees/*/citizenservicenumber") == 1


def test_an_employee_without_any_employment_is_looked_up_again_and_noted(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.add_employee(4711, employments=[])
    asked = read(client, tulp, 4711).notes
    others = read(client, tulp, 4712).notes
    assert any("employee 4711" in note for note in asked)
    assert not any("employee 4711" in note for note in others)


def test_a_missing_right_to_a_needed_list_is_told(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.revoke_right("GetConceptEmployeesByEmployerId")
    with pytest.raises(RightMissing, match="conceptemployees"):
        read(client, tulp)


def test_an_expired_access_token_is_renewed_in_the_middle_of_a_read(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.add_employee(4711, bsn=BSN)
    loket.faults.add("unauthorized", path="*/conceptemployees")
    read(client, tulp, 4711)
    loket.expire_access_tokens()
    assert person(read(client, tulp, 4711), 4711).value(CITIZEN_SERVICE_NUMBER) == BSN


def test_every_resource_is_asked_for_in_the_version_we_know(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.add_employee(4711, bsn=BSN, iban=IBAN)
    client.check(tulp)
    read(client, tulp, 4711)
    asked = {each.path.rpartition("/")[2]: each.headers["accept"] for each in loket.requests if each.method == "GET"}
    pins = {"employees": "2021-03-29", "minimized": "2019-12-16", "authorizations": "2019-02-11"}
    assert asked == {name: f"application/json;version={pins.get(name, '2018-01-01')}" for name in asked} | {
        "metadata": "application/json;version=2021-03-29"
    }


# --- checking (RUN-9) --------------------------------------------------------------------------------------------


def test_a_tenant_in_order_passes_the_check(loket: LoketSimulator, client: LoketClient, tulp: LegalEntity) -> None:
    access = client.check(tulp)

    assert any("authorizations" in note for note in access.notes)
    assert {one.name for activities in NEEDED.values() for one in activities} <= (access.activities or frozenset())


@pytest.mark.parametrize(("shape", "told"), [("unknown", "cannot be read"), ("other words", "authorizations")])
def test_a_list_of_rights_in_another_form_is_told_and_stops_nobody(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity, shape: str, told: str
) -> None:
    loket.set_switch("authorization_list", shape)

    access = client.check(tulp)

    assert any(told in note for note in access.notes)
    assert missing(WriteKind, access.activities) == ()


def test_an_employer_or_administration_that_is_not_visible_stops(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    with pytest.raises(Misconfigured, match="payroll administration"):
        client.check(replace(tulp, loket_payroll_administration_id="another"))
    loket.hide_employer()
    with pytest.raises(Misconfigured, match="not visible"):
        client.check(tulp)


@pytest.mark.parametrize("status", ["ActiveEmployments", "ActiveAndFutureEmployments", "ActiveAndHistoricEmployments"])
def test_a_saved_filter_that_hides_people_stops_and_is_named(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity, status: str
) -> None:
    loket.set_saved_filter(status)
    with pytest.raises(Misconfigured, match=f"saved filter.*{status}"):
        client.check(tulp)


def test_a_saved_filter_on_administrations_or_on_call_workers_stops_too(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.set_saved_filter(administrations=[loket.administration_id])
    with pytest.raises(Misconfigured, match="filterOnAdministrations"):
        client.check(tulp)
    loket.set_saved_filter(on_call=False)
    with pytest.raises(Misconfigured, match="filterOnOnCallEmployment"):
        client.check(tulp)


def test_the_saved_filter_is_asked_at_either_address_and_only_a_refusal_at_the_last_one_counts(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    loket.faults.add("forbidden", path="/globalfilter/*", times=0)
    loket.set_saved_filter("ActiveEmployments")
    with pytest.raises(Misconfigured, match="saved filter"):
        client.check(tulp)
    loket.faults.add("forbidden", path="/v2/user/filtersettings/*", times=0)
    with pytest.raises(RightMissing, match="filtersettings"):
        client.check(tulp)


# --- writing -----------------------------------------------------------------------------------------------------


def overwrite(
    client: LoketClient,
    entity: LegalEntity,
    kind: WriteKind,
    target: str,
    values: dict[FieldPath, Observed],
    *,
    removes: FieldPath | None = None,
) -> WriteAnswer:
    return client.write(entity, WriteRequest(kind, target, values, client.fetch(entity, kind, target), removes=removes))


def test_an_overwrite_lands_and_leaves_every_other_field_alone(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    target = loket.add_employee(4711, fields={"address.street": "Main St", "address.location": "achter"})
    before = loket.employee(4711)

    assert overwrite(client, tulp, WriteKind.EMPLOYEE, target, {STREET: "Central Ave"}).answered is Answered.ACCEPTED

    assert before is not None
    before["address"]["street"] = "Central Ave"
    assert loket.employee(4711) == before
    assert client.fetch(tulp, WriteKind.EMPLOYEE, target).fields[STREET] == "Central Ave"


def test_an_address_is_cleared_and_filled_again(loket: LoketSimulator, client: LoketClient, tulp: LegalEntity) -> None:
    target = loket.add_employee(4711, fields={"address.street": "Main St"})
    read(client, tulp)  # teaches the keys of countries

    blank = dict.fromkeys((*ADDRESS_PARTS, *ADDRESS_EXTRAS), BLANK)
    gone = overwrite(client, tulp, WriteKind.EMPLOYEE, target, {**blank}, removes=ADDRESS)
    assert gone.answered is Answered.ACCEPTED
    assert (loket.employee(4711) or {})["address"] is None

    parts: tuple[Observed, ...] = ("Rue Neuve", "7", BLANK, "1000", "Brussel", "BE")
    filled = dict(zip(ADDRESS_PARTS, parts, strict=True))
    assert overwrite(client, tulp, WriteKind.EMPLOYEE, target, filled).answered is Answered.ACCEPTED
    assert loket.employee_field(4711, "address.houseNumber") == 7
    assert loket.employee_field(4711, "address.country") == 540


def test_bsn_and_bank_account_have_their_own_writes(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    target = loket.add_employee(4711, bsn=BSN, iban=IBAN)
    loket.add_employee(4712)
    snapshot = read(client, tulp, 4711, 4712)
    account = snapshot.payments[person(snapshot, 4711).employments[0].id]
    employment = person(snapshot, 4712).employments[0].id

    overwrite(client, tulp, WriteKind.BSN, target, {CITIZEN_SERVICE_NUMBER: BLANK})
    overwrite(client, tulp, WriteKind.PAYMENT, str(account.id), {PAYMENT_IBAN: OTHER_IBAN})
    component = snapshot.payments[employment].component
    created = client.write(
        tulp, WriteRequest(WriteKind.PAYMENT_CREATED, employment, {PAYMENT_IBAN: IBAN}, component=component)
    )

    assert loket.employee_field(4711, "citizenServiceNumber") is None
    assert loket.iban(4711) == OTHER_IBAN
    assert loket.iban(4712) == IBAN
    assert client.fetch(tulp, WriteKind.PAYMENT, str(created.created)).fields[PAYMENT_IBAN] == IBAN


def test_a_concept_is_created_read_and_replaced(loket: LoketSimulator, client: LoketClient, tulp: LegalEntity) -> None:
    read(client, tulp)
    create = WriteRequest(WriteKind.CONCEPT_CREATED, None, {**CONCEPT}, label="Vermeer A.B. (4713)")

    created = client.write(tulp, create)

    assert created.answered is Answered.ACCEPTED
    assert loket.concept_field(4713, "employmentData.payrollAdministration")["id"] == loket.administration_id
    overwrite(client, tulp, WriteKind.CONCEPT, str(created.created), {FieldPath("address.street"): "Main St"})
    overwrite(client, tulp, WriteKind.CONCEPT_BSN, str(created.created), {CITIZEN_SERVICE_NUMBER: BSN})

    (concept,) = read(client, tulp, 4713).concepts
    wanted = {path: value for path, value in CONCEPT.items() if path != "employeeNumber"}
    wanted |= {STREET: "Main St", CITIZEN_SERVICE_NUMBER: BSN}
    shown = {path: value for path, value in concept.fields.items() if value is not BLANK}
    assert shown | {FieldPath("wage.grossWage"): "3200.10"} == wanted
    assert shown[FieldPath("wage.grossWage")] in ("3200.1", "3200.10")
    assert (concept.id, concept.number) == (created.created, 4713)
    assert loket.state.promotions_attempted == 0


def test_someone_elses_change_since_the_fetch_refuses_the_write(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity
) -> None:
    target = loket.add_employee(4711, fields={"address.street": "Main St"})
    fetched = client.fetch(tulp, WriteKind.EMPLOYEE, target)
    loket.edit_employee(4711, {"address.street": "Third Rd"})
    answer = client.write(tulp, WriteRequest(WriteKind.EMPLOYEE, target, {STREET: "Central Ave"}, fetched))
    assert (answer.answered, answer.status) == (Answered.REFUSED, 409)
    assert loket.employee_field(4711, "address.street") == "Third Rd"


@pytest.mark.parametrize(
    ("fault", "answered", "applied"),
    [
        ("reset_before", Answered.UNKNOWN, False),
        ("reset_after", Answered.UNKNOWN, True),
        ("server_error_after", Answered.UNKNOWN, True),
        ("truncated", Answered.UNKNOWN, True),
        ("not_json", Answered.UNKNOWN, True),
        ("failed_part", Answered.UNKNOWN, False),
        ("warning", Answered.ACCEPTED, True),
        ("refuse", Answered.REFUSED, False),
        ("forbidden", Answered.REFUSED, False),
        ("unavailable", Answered.UNKNOWN, False),
    ],
)
def test_a_fault_is_never_taken_for_more_than_it_proves(
    loket: LoketSimulator, client: LoketClient, tulp: LegalEntity, fault: str, answered: Answered, applied: bool
) -> None:
    target = loket.add_employee(4711, fields={"address.street": "Main St"})
    loket.faults.add(fault, method="PUT", messages=["street has an invalid length"])
    answer = overwrite(client, tulp, WriteKind.EMPLOYEE, target, {STREET: "Central Ave"})
    assert answer.answered is answered
    assert (loket.employee_field(4711, "address.street") == "Central Ave") is applied
    assert len(loket.writes()) == 1


@pytest.mark.parametrize(("fault", "applied"), [("timeout_before", False), ("timeout_after", True)])
def test_a_write_that_is_not_answered_in_time_is_unknown(
    loket: LoketSimulator, tulp: LegalEntity, fault: str, applied: bool
) -> None:
    target = loket.add_employee(4711, fields={"address.street": "Main St"})
    loket.faults.add(fault, method="PUT", seconds=PATIENCE)

    with connected(loket, answer_within=0.5) as hasty:
        answer = overwrite(hasty, tulp, WriteKind.EMPLOYEE, target, {STREET: "Central Ave"})

    assert answer.answered is Answered.UNKNOWN
    until(lambda: len(loket.writes()) == 1, "the arrival of the write")
    until(lambda: (loket.employee_field(4711, "address.street") == "Central Ave") is applied, "what the fault does")


def test_what_is_gone_is_not_found(client: LoketClient, tulp: LegalEntity) -> None:
    with pytest.raises(NotFound):
        client.fetch(tulp, WriteKind.CONCEPT, "00000000-0000-4000-8000-000000000000")


def test_the_version_numbers_of_all_employments_are_told_page_by_page(loket: LoketSimulator, tulp: LegalEntity) -> None:
    loket.switches.page_size_limit = 2
    for number in range(4711, 4716):
        loket.add_employee(number)
    with connected(loket) as client:
        before = client.versions(tulp)
        loket.edit_employee(4713, {"address.city": "Delft"})
        after = client.versions(tulp)

    assert before is not None
    assert after is not None
    assert len(before.of) == 5
    assert sum(after.of[one] != before.of[one] for one in before.of) == 1
    assert before.newest == max(before.of.values())
    assert after.newest == max(after.of.values()) > before.newest


def test_what_moves_while_version_numbers_are_listed_is_above_the_newest(
    loket: LoketSimulator, tulp: LegalEntity
) -> None:
    """The first page told of one of them before, the last page tells of the other after."""
    loket.switches.page_size_limit = 2
    for number in range(4711, 4716):
        loket.add_employee(number)

    def second_page(_done: int, _total: int) -> None:
        COUNTED.set(None)
        for number in (4711, 4715):
            loket.edit_employee(number, {"address.city": "Delft"})

    with connected(loket) as client:
        before = client.versions(tulp)
        COUNTED.set(second_page)
        torn = client.versions(tulp)
        after = client.versions(tulp)

    assert before is not None
    assert torn is not None
    assert after is not None
    moved = {one for one in after.of if after.of[one] != before.of[one]}
    assert len(moved) == 2
    assert sum(torn.of[one] == before.of[one] for one in moved) == 1
    assert all(after.of[one] > torn.newest for one in moved)


def test_version_numbers_that_are_not_told_hold_nothing_up(loket: LoketSimulator, tulp: LegalEntity) -> None:
    loket.add_employee(4711)
    loket.revoke_right("GetEmploymentVersionNumbers")
    with connected(loket) as client:
        assert client.versions(tulp) is None
