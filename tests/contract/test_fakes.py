"""One contract for the fakes and for the clients over the simulators, asked through the ports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from domain.attributes import (
    CATALOGUE,
    CITIZEN_SERVICE_NUMBER,
    CONSIDER,
    EMPLOYEE_NUMBER,
    PAYMENT_IBAN,
    Resource,
    Role,
)
from domain.errors import Misconfigured, NotFound, ReadFailed
from domain.events.loket import WriteKind
from domain.planning.addresses import ADDRESS, ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.ports import LoketTarget, PersonioSource
from domain.snapshots import (
    Answered,
    CompensationCategory,
    LoketEmployee,
    LoketSnapshot,
    PersonioPerson,
    WriteAnswer,
    WriteRequest,
)
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, Observed, PersonId
from tests.support.colleagues import Colleague
from tests.support.faults import LoketFault
from tests.support.log_site import LogSite
from tests.support.offices import Trouble, Unreadable
from tests.support.world import ALL_ROLES, LAVENDEL, LONG_AGO, ROOS, TULP, World
from tests.support.world_in_process import InProcess
from tests.support.world_over_http import OverHttp

STREET, CITY = FieldPath("address.street"), FieldPath("address.city")
EMAIL, LAST_NAME = FieldPath("contactInformation.emailAddress"), FieldPath("personalDetails.lastName")
NOTE = FieldPath("address.location")
DAY = date(2026, 3, 15)


@pytest.fixture(params=["fakes", "clients over simulators"])
def world(request: pytest.FixtureRequest, sqlite_views_url: str, tmp_path: Path) -> Iterator[World]:
    made = World(InProcess() if request.param == "fakes" else OverHttp(LogSite.at(sqlite_views_url, tmp_path)))
    made.clock.travel(DAY)
    yield made
    made.close()


@pytest.fixture
def sanne(world: World) -> Colleague:
    return world.employ("Sanne")


@pytest.fixture
def loket(world: World) -> LoketTarget:
    return world.tools().loket


@pytest.fixture
def personio(world: World) -> PersonioSource:
    return world.tools().personio


def snapshot(loket: LoketTarget, *numbers: int) -> LoketSnapshot:
    return loket.read(TULP, numbers=frozenset(EmployeeNumber(number) for number in numbers))


def employee(loket: LoketTarget, one: Colleague) -> LoketEmployee:
    return snapshot(loket, one.number).employees[EmployeeNumber(one.number)]


def overwrite(loket: LoketTarget, one: Colleague, **values: Observed) -> WriteAnswer:
    """A whole-object write as the product makes it: fetch, change, send back."""
    return write(loket, one, {FieldPath(path.replace("__", ".")): value for path, value in values.items()})


def write(
    loket: LoketTarget, one: Colleague, values: dict[FieldPath, Observed], *, removes: FieldPath | None = None
) -> WriteAnswer:
    target = employee(loket, one).id
    fetched = loket.fetch(TULP, WriteKind.EMPLOYEE, target)
    return loket.write(TULP, WriteRequest(WriteKind.EMPLOYEE, target, values, fetched, removes=removes))


# --- Loket: reading ----------------------------------------------------------------------------------------------


def test_a_read_shows_every_supported_field_of_the_employee_object(loket: LoketTarget, sanne: Colleague) -> None:
    held = employee(loket, sanne)

    fields = [row.field for row in CATALOGUE if row.resource is Resource.EMPLOYEE]
    assert {*fields, *ADDRESS_EXTRAS} <= held.fields.keys()
    assert NOT_OBSERVED not in [held.value(path) for path in fields]
    assert (held.value(STREET), held.value(FieldPath("address.houseNumber"))) == ("Main St", "12")
    assert (held.value(FieldPath("personalDetails.gender")), held.value(FieldPath("address.country"))) == ("2", "NL")
    assert [(one.income_number, one.start, one.end) for one in held.employments] == [(1, date(2024, 1, 1), None)]


def test_bsn_and_bank_account_are_read_only_of_the_numbers_asked_for(loket: LoketTarget, sanne: Colleague) -> None:
    asked, unasked = snapshot(loket, sanne.number), snapshot(loket)

    number = EmployeeNumber(sanne.number)
    assert asked.employees[number].value(CITIZEN_SERVICE_NUMBER) == sanne.values[Role("bsn")]
    assert [record.iban for record in asked.payments.values()] == [sanne.values[Role("iban")]]
    assert unasked.employees[number].value(CITIZEN_SERVICE_NUMBER) is NOT_OBSERVED
    assert unasked.payments == {}


def test_a_forbidden_bsn_is_not_observed_and_nothing_else_is_lost(
    world: World, loket: LoketTarget, sanne: Colleague
) -> None:
    world.payroll.forbid_bsn()

    read = snapshot(loket, sanne.number)

    assert not read.bsn_readable
    assert read.employees[EmployeeNumber(sanne.number)].value(CITIZEN_SERVICE_NUMBER) is NOT_OBSERVED
    assert read.employees[EmployeeNumber(sanne.number)].value(STREET) == "Main St"


@pytest.mark.parametrize("what", list(Unreadable))
def test_a_list_that_cannot_be_read_ends_the_read(
    world: World, loket: LoketTarget, sanne: Colleague, what: Unreadable
) -> None:
    world.payroll.unreadable(what)

    with pytest.raises(ReadFailed):
        snapshot(loket, sanne.number)


def test_a_loket_out_of_reach_is_neither_checked_nor_read(world: World, loket: LoketTarget) -> None:
    world.payroll.reachable(False)

    for attempt in (lambda: loket.check(TULP), lambda: snapshot(loket)):
        with pytest.raises(ReadFailed):
            attempt()


def test_a_hidden_employer_and_a_filter_that_hides_people_fail_the_check(world: World, loket: LoketTarget) -> None:
    loket.check(TULP)
    world.payroll.hide_people_by_filter()
    with pytest.raises(Misconfigured):
        loket.check(TULP)
    world.payroll.hide_employer()
    with pytest.raises(Misconfigured):
        loket.check(TULP)


def test_an_end_date_shows_whatever_its_day_and_goes_with_a_reinstatement(
    world: World, loket: LoketTarget, sanne: Colleague
) -> None:
    world.payroll.end_employment(TULP, sanne.number, date(2026, 5, 31))
    assert employee(loket, sanne).employments[0].end == date(2026, 5, 31)

    world.payroll.end_employment(TULP, sanne.number, None)
    assert employee(loket, sanne).employments[0].end is None


# --- Loket: writing ----------------------------------------------------------------------------------------------


def test_an_overwrite_lands_and_leaves_every_other_field_alone(
    world: World, loket: LoketTarget, sanne: Colleague
) -> None:
    world.payroll.set_field(TULP, sanne.number, NOTE, "third floor")
    before = employee(loket, sanne).fields

    answer = overwrite(loket, sanne, address__street="Central Ave", contactInformation__emailAddress=BLANK)

    assert answer.answered is Answered.ACCEPTED
    after = employee(loket, sanne).fields
    assert {path: value for path, value in after.items() if value != before[path]} == {
        STREET: "Central Ave",
        EMAIL: BLANK,
    }
    assert after[NOTE] == "third floor"


@pytest.mark.parametrize(
    "row", [row for row in CATALOGUE if row.resource is Resource.EMPLOYEE], ids=lambda row: row.role
)
def test_loket_refuses_null_where_the_catalogue_says_so_and_nowhere_else(
    loket: LoketTarget, sanne: Colleague, row: object
) -> None:
    attribute = next(one for one in CATALOGUE if one is row)

    answer = write(loket, sanne, {attribute.field: BLANK})

    held = employee(loket, sanne).value(attribute.field)
    if attribute.nullable:
        assert (answer.answered, held) == (Answered.ACCEPTED, BLANK)
    else:
        assert answer.answered is Answered.REFUSED
        assert answer.messages
        assert held is not BLANK


@pytest.mark.parametrize(
    "row",
    [row for row in CATALOGUE if row.resource is Resource.EMPLOYEE and row.max_length and row.max_length < 255],
    ids=lambda row: row.role,
)
def test_a_value_at_its_limit_is_taken_and_one_beyond_it_refused(
    loket: LoketTarget, sanne: Colleague, row: object
) -> None:
    attribute = next(one for one in CATALOGUE if one is row)
    longest = ("3511 AB99" if attribute.role == "postal_code" else "x" * 30)[: attribute.max_length]

    assert write(loket, sanne, {attribute.field: longest + "x"}).answered is Answered.REFUSED
    if attribute.role != "postal_code":  # nine characters are for other countries
        assert write(loket, sanne, {attribute.field: longest}).answered is Answered.ACCEPTED


def test_an_address_is_cleared_whole_and_filled_again(loket: LoketTarget, sanne: Colleague) -> None:
    held = employee(loket, sanne).fields
    cleared: dict[FieldPath, Observed] = dict.fromkeys((*ADDRESS_PARTS, *ADDRESS_EXTRAS), BLANK)

    assert write(loket, sanne, {**cleared}).answered is Answered.REFUSED  # an object of nothing but nulls
    assert write(loket, sanne, cleared, removes=ADDRESS).answered is Answered.ACCEPTED
    assert {employee(loket, sanne).value(path) for path in ADDRESS_PARTS} == {BLANK}

    assert write(loket, sanne, {STREET: "Central Ave"}).answered is Answered.REFUSED
    assert write(loket, sanne, {path: held[path] for path in ADDRESS_PARTS}).answered is Answered.ACCEPTED
    assert employee(loket, sanne).value(CITY) == "Utrecht"


def test_a_whole_that_is_no_longer_the_newest_is_refused(world: World, loket: LoketTarget, sanne: Colleague) -> None:
    target = employee(loket, sanne).id
    fetched = loket.fetch(TULP, WriteKind.EMPLOYEE, target)
    world.payroll.set_field(TULP, sanne.number, NOTE, "ring twice")

    answer = loket.write(TULP, WriteRequest(WriteKind.EMPLOYEE, target, {STREET: "Central Ave"}, fetched))

    assert answer.answered is Answered.REFUSED
    assert employee(loket, sanne).value(STREET) == "Main St"


def test_bsn_and_bank_account_have_their_own_writes(loket: LoketTarget, sanne: Colleague) -> None:
    read = snapshot(loket, sanne.number)
    person, account = read.employees[EmployeeNumber(sanne.number)].id, next(iter(read.payments.values())).id
    assert account is not None

    for kind, target, values in (
        (WriteKind.BSN, person, {CITIZEN_SERVICE_NUMBER: "111222333"}),
        (WriteKind.PAYMENT, account, {PAYMENT_IBAN: "NL52ABNA0424968264"}),
    ):
        fetched = loket.fetch(TULP, kind, target)
        assert loket.write(TULP, WriteRequest(kind, target, values, fetched)).answered is Answered.ACCEPTED

    after = snapshot(loket, sanne.number)
    assert after.employees[EmployeeNumber(sanne.number)].value(CITIZEN_SERVICE_NUMBER) == "111222333"
    assert [record.iban for record in after.payments.values()] == ["NL52ABNA0424968264"]


def test_an_employment_without_an_account_gets_one_for_the_component_loket_suggests(
    world: World, loket: LoketTarget, sanne: Colleague
) -> None:
    world.payroll.remove_account(TULP, sanne.number, suggests_component=True)
    ((employment, record),) = snapshot(loket, sanne.number).payments.items()
    assert (record.id, record.iban) == (None, BLANK)
    assert record.component is not None

    iban: dict[FieldPath, Observed] = {PAYMENT_IBAN: "NL52ABNA0424968264"}
    request = WriteRequest(WriteKind.PAYMENT_CREATED, employment, iban, component=record.component)
    answer = loket.write(TULP, request)

    assert answer.answered is Answered.ACCEPTED
    assert snapshot(loket, sanne.number).payments[employment].id == answer.created


def test_a_concept_needs_a_name_only_and_is_one_thing_from_then_on(loket: LoketTarget, sanne: Colleague) -> None:
    values: dict[FieldPath, Observed] = {FieldPath("employeeNumber"): "4799", LAST_NAME: "Bakker"}
    nameless = WriteRequest(WriteKind.CONCEPT_CREATED, None, {FieldPath("employeeNumber"): "4799"}, label="B. (4799)")
    assert loket.write(TULP, nameless).answered is Answered.REFUSED

    created = loket.write(TULP, WriteRequest(WriteKind.CONCEPT_CREATED, None, values, label="Bakker (4799)"))
    assert created.answered is Answered.ACCEPTED
    assert created.created is not None
    fetched = loket.fetch(TULP, WriteKind.CONCEPT, created.created)
    change = WriteRequest(WriteKind.CONCEPT, created.created, {EMAIL: "b@example.org"}, fetched)
    assert loket.write(TULP, change).answered is Answered.ACCEPTED

    (concept,) = snapshot(loket, sanne.number).concepts
    assert (concept.id, concept.number) == (created.created, 4799)
    assert (concept.value(LAST_NAME), concept.value(EMAIL), concept.value(STREET)) == ("Bakker", "b@example.org", BLANK)


@pytest.mark.parametrize(
    ("fault", "answered", "applied"),
    [
        (LoketFault.REFUSED, Answered.REFUSED, False),
        (LoketFault.FORBIDDEN, Answered.REFUSED, False),
        (LoketFault.WARNS, Answered.ACCEPTED, True),
        (LoketFault.BROKEN_RULE, Answered.UNKNOWN, False),
        (LoketFault.UNANSWERED, Answered.UNKNOWN, True),
        (LoketFault.ERROR_AFTER, Answered.UNKNOWN, True),
        (LoketFault.BROKEN_OFF, Answered.UNKNOWN, True),
        (LoketFault.WEB_PAGE, Answered.UNKNOWN, True),
        (LoketFault.LOST, Answered.UNKNOWN, False),
        (LoketFault.LOST_WITH_ERROR, Answered.UNKNOWN, False),
        (LoketFault.TOKEN_EXPIRED, Answered.ACCEPTED, True),
        (LoketFault.BUSY, Answered.ACCEPTED, True),
    ],
)
def test_a_fault_is_never_taken_for_more_than_it_proves(
    world: World, loket: LoketTarget, sanne: Colleague, fault: LoketFault, answered: Answered, applied: bool
) -> None:
    world.payroll.add_fault(fault, messages=("as it were",))

    answer = overwrite(loket, sanne, address__street="Central Ave")

    assert answer.answered is answered
    assert (employee(loket, sanne).value(STREET) == "Central Ave") is applied
    if fault in (LoketFault.REFUSED, LoketFault.WARNS):
        assert any("as it were" in text for text in answer.messages)


def test_what_is_gone_is_not_found(loket: LoketTarget, sanne: Colleague) -> None:
    with pytest.raises(NotFound):
        loket.fetch(TULP, WriteKind.CONCEPT, "00000000-0000-4000-8000-00000000dead")


def test_a_completed_concept_keeps_its_id_and_is_no_concept_any_more(world: World, loket: LoketTarget) -> None:
    world.hire("Daan")
    world.run(DAY)
    (concept,) = snapshot(loket).concepts

    world.payroll.finalise(TULP, 4711)

    assert snapshot(loket).concepts == ()
    assert snapshot(loket).employees[EmployeeNumber(4711)].id == concept.id
    assert world.payroll.promotions_attempted == 0


# --- Personio ----------------------------------------------------------------------------------------------------


def seen(personio: PersonioSource, one: Colleague, day: date = DAY) -> PersonioPerson:
    return next(each for each in personio.read(TULP, today=day).people if each.id == one.person)


def test_every_mapped_attribute_is_shown_and_blank_is_not_the_same_as_hidden(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    world.hr.send_empties()
    world.edit("Sanne", Role("phone"), BLANK)
    world.edit("Sanne", Role("city"), "   ")
    world.hr.hide(Role("street"), sanne.person)

    shown = seen(personio, sanne)

    assert {role: shown.value(role) for role in ALL_ROLES} == {
        **{role: value for role, value in sanne.values.items() if role in ALL_ROLES},
        Role("phone"): BLANK,
        Role("city"): BLANK,
        Role("street"): NOT_OBSERVED,
    }


def test_empty_attributes_are_left_out_and_fields_of_personios_own_come_as_null(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    world.hr.omit_empties()
    for role in ("phone", "first_name"):
        world.edit("Sanne", Role(role), BLANK)

    shown = seen(personio, sanne)

    assert (shown.value(Role("phone")), shown.value(Role("first_name"))) == (NOT_OBSERVED, BLANK)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("Central Ave", date(2026, 1, 1))], "Central Ave"),
        ([("Central Ave", DAY)], "Central Ave"),
        ([("Central Ave", date(2026, 3, 16))], "Main St"),
        ([("Central Ave", date(2026, 1, 1)), ("Harbour Rd", date(2026, 1, 1))], "Harbour Rd"),
        ([("Central Ave", date(2026, 2, 1)), ("Harbour Rd", date(2026, 1, 1))], "Central Ave"),
    ],
    ids=["past", "today", "tomorrow", "two for one day", "an older day entered later"],
)
def test_the_value_in_force_today_is_the_only_one_shown(
    world: World, personio: PersonioSource, sanne: Colleague, entries: list[tuple[str, date]], expected: str
) -> None:
    for value, day in entries:
        world.edit("Sanne", Role("street"), value, since=day)

    assert seen(personio, sanne).value(Role("street")) == expected


def test_a_tenant_that_leaves_empty_attributes_out_shows_nothing_of_them(world: World, sanne: Colleague) -> None:
    world.hr.omit_empties()
    world.edit("Sanne", Role("phone"), BLANK)
    assert Role("phone") not in seen(world.tools().personio, sanne).values


def test_a_sweep_counts_who_shows_what_and_who_slipped_is_there_when_asked(world: World, sanne: Colleague) -> None:
    world.employ("Daan")
    world.hr.omit_empties()
    world.edit("Sanne", Role("phone"), BLANK)
    tools = world.tools()

    shown = tools.personio.read(TULP, today=world.clock.today()).sightings
    assert sanne.person is not None
    world.hr.slip(sanne.person)
    slipped = tools.personio.read(TULP, today=world.clock.today())
    asked = tools.personio.ask([sanne.person, PersonId("9999")], today=world.clock.today())

    assert (shown.swept, shown.attributes[Role("phone")].shown) == (2, 1)
    assert shown.own["legal_entity"].valued == 2
    assert [one.id for one in slipped.people] == [world.people["Daan"].person]
    assert asked[PersonId("9999")] is None
    assert asked[sanne.person] is not None


def test_a_legal_entity_that_is_not_shown_leaves_the_person_unplaced(world: World, sanne: Colleague) -> None:
    world.hr.hide_key("legal_entity", sanne.person)
    read = world.tools().personio.read(TULP, today=world.clock.today())
    assert read.people == ()
    assert [one.id for one in read.unplaced] == [sanne.person]
    assert read.elsewhere == {}


def test_people_of_other_entities_are_an_id_and_an_entity_and_nothing_more(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    joris, eva = world.hire("Joris", entity=ROOS), world.hire("Eva")
    assert eva.person is not None
    world.hr.move(eva.person, None)
    noor = world.hire("Noor")
    assert noor.person is not None
    world.hr.move(noor.person, LAVENDEL)

    read = personio.read(TULP, today=DAY)

    assert [one.id for one in read.people] == [sanne.person]
    assert read.elsewhere == {joris.person: ROOS.personio_id, eva.person: None, noor.person: LAVENDEL}


def test_people_asked_for_one_by_one_are_shown_whatever_their_entity_and_the_gone_are_left_out(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    daan, gone = world.hire("Daan"), world.hire("Roos").person
    assert sanne.person is not None
    assert daan.person is not None
    assert gone is not None
    world.hr.move(daan.person, None)
    world.hr.delete(gone)

    found = {one.id: one for one in personio.people([sanne.person, daan.person, gone], today=DAY)}

    assert found.keys() == {sanne.person, daan.person}
    assert found[sanne.person] == seen(personio, sanne)
    moved = found[daan.person].employment
    assert moved is not None
    assert moved.legal_entity is BLANK


def test_a_terminated_person_is_active_until_midnight_in_greenwich(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    assert sanne.person is not None
    world.hr.terminate(sanne.person, DAY)

    statuses = []
    for day, at in ((DAY, time(23, 30)), (date(2026, 3, 16), time(0, 30)), (date(2026, 3, 16), time(1, 30))):
        world.clock.travel(day, at)
        employment = seen(personio, sanne, day).employment
        statuses.append(employment.status if employment else None)

    assert statuses == ["ACTIVE", "ACTIVE", "INACTIVE"]


def test_a_status_that_is_not_shown_is_not_observed(world: World, personio: PersonioSource, sanne: Colleague) -> None:
    assert sanne.person is not None
    world.hr.hide_status(sanne.person)

    employment = seen(personio, sanne).employment

    assert employment is not None
    assert employment.status is NOT_OBSERVED


def test_the_pay_of_a_day_is_what_is_in_force_on_it(world: World, personio: PersonioSource, sanne: Colleague) -> None:
    assert sanne.person is not None
    full = (Decimal(40), Decimal(40))
    for amount, since in ((Decimal("3000.00"), LONG_AGO), (Decimal("3500.00"), date(2026, 4, 1))):
        world.hr.set_salary(sanne.person, amount, "MONTHLY", hours=full, effective_from=since)

    for day, amount in ((DAY, Decimal(3000)), (date(2026, 4, 1), Decimal(3500))):
        (pay,) = personio.compensations(TULP, on=day).compensations
        assert (pay.person, pay.amount, pay.currency, pay.interval) == (sanne.person, amount, "EUR", "MONTHLY")
        assert (pay.category, pay.weekly_hours) == (CompensationCategory.FIXED_SALARY, Decimal(40))


def test_a_rehired_person_has_a_new_profile_without_payroll_numbers(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    assert sanne.person is not None
    profile = world.hr.rehire(sanne.person, date(2026, 3, 1))
    world.hr.send_empties()

    people = {one.id: one for one in personio.read(TULP, today=DAY).people}

    statuses = {person: one.employment.status for person, one in people.items() if one.employment}
    assert statuses == {sanne.person: "INACTIVE", profile: "ACTIVE"}
    assert [people[profile].value(role) for role in (EMPLOYEE_NUMBER, CONSIDER)] == [BLANK, BLANK]
    assert people[profile].value(Role("bsn")) == sanne.values[Role("bsn")]


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_list_of_people_that_cannot_be_read_to_its_end_ends_the_read(
    world: World, personio: PersonioSource, sanne: Colleague, trouble: Trouble
) -> None:
    world.hire("Daan")
    world.hr.trouble(trouble)
    with pytest.raises(ReadFailed):
        personio.read(TULP, today=DAY)

    world.hr.trouble(None)
    assert len(personio.read(TULP, today=DAY).people) == 2


def test_an_entity_outside_the_netherlands_is_refused_and_an_unknown_country_noted(
    world: World, personio: PersonioSource, sanne: Colleague
) -> None:
    world.hr.add_legal_entity(TULP.personio_id, "DE")
    with pytest.raises(Misconfigured):
        personio.read(TULP, today=DAY)

    world.hr.add_legal_entity(TULP.personio_id, None)
    assert personio.read(TULP, today=DAY).notes
