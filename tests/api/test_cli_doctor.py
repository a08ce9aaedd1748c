"""`tweeluik doctor` against both simulators: it names what is wrong, says what to do, goes on, and writes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.log.open import open_log
from adapters.simulators.company.generate import Situation, generate_company
from adapters.simulators.loket.account import account
from adapters.simulators.loket.app import Routes
from adapters.simulators.loket.authorizations import authorizations_of
from adapters.simulators.loket.concepts import concepts
from adapters.simulators.loket.employments import employments
from adapters.simulators.loket.people import people
from adapters.simulators.loket.records import records
from adapters.simulators.personio.access import _NEEDED
from adapters.simulators.personio.attributes import DEFAULT_IDS, HASHED_IDS
from adapters.simulators.personio.quirks import Payload, Quirks
from api.cli.main import main
from api.demo.simulators import Simulation, simulation
from domain.events.setup import TenantExamined
from domain.planning.business_date import business_date
from domain.streams import examination_stream
from domain.values import LegalEntityId

PART_TIME = "which amount of a part-timer Personio shows"
INCOMING, EVENTS = "what happens in Personio comes in", "Personio's webhook events name a person"
HOURS = "part-time factors are the same in both systems"
SHARES = {Situation.CONCEPT_TO_BE: 1 / 6, Situation.NOT_CONSIDERED: 1 / 6}


@dataclass
class Doctor:
    running: Simulation
    config: Path
    capture: pytest.CaptureFixture[str]
    entity: str = "170"

    def sees(self) -> tuple[int, dict[str, dict[str, str]], str]:
        """Exit code, the checks by name, and everything that was printed."""
        self.capture.readouterr()
        code = main(["--config", str(self.config), "doctor", "--entity", self.entity, "--json"])
        said = self.capture.readouterr()
        return code, {one["check"]: one for one in json.loads(said.out)["checks"]}, said.out + said.err

    def configured(self, line: str) -> None:
        self.config.write_text(f"{self.config.read_text()}\n{line}\n")

    def wrongly(self, key: str, value: str, *, then: str = "170") -> None:
        """`then`: the legal entity to be examined."""
        self.entity = then
        lines = self.config.read_text().splitlines()
        self.config.write_text("\n".join(f'{key} = "{value}"' if one.startswith(f"{key} = ") else one for one in lines))

    def hooked(self) -> None:
        """The webhook is installed; nothing is delivered until somebody asks the simulator to."""
        self.configured(HOOKED)
        assert main(["--config", str(self.config), "webhooks", "install"]) == 0

    def moves(self, spelling: Payload) -> None:
        self.running.personio.set_quirk("payload", spelling)
        self.running.personio.edit(self.someone(), "street", "Central Ave")

    def leaves(self, spelling: Payload) -> None:
        self.running.personio.set_quirk("payload", spelling)
        self.running.personio.terminate(self.someone(), "2030-01-31")

    def someone(self) -> str:
        return self.running.company.of(Situation.IN_BOTH)[0].person_id


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Doctor]:
    company = generate_company(6, seed=7, shares=SHARES, today=business_date(datetime.now(UTC)))
    with simulation(company) as running:
        running.personio.empty_as("omitted")  # as Personio is seen to do
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        yield Doctor(running, config, capsys)


def test_a_sound_tenant_has_no_fault_and_its_open_behaviours_are_told(doctor: Doctor) -> None:
    code, checks, _ = doctor.sees()

    assert code == 0
    assert {one["verdict"] for one in checks.values()} <= {"ok", "holds here", "does not hold here", "not seen"}
    assert checks["people on both sides"]["told"].startswith("6 people: 5 included, 4 known in Loket, 1 would become")
    nobodys = checks["attributes left out for everybody"]
    assert (nobodys["verdict"], nobodys["told"]) == ("not seen", "house_number_addition")
    assert checks["people left out"]["told"] == "1 by WHO-3"
    assert checks["empty attributes"]["told"].startswith("left out of the answers")
    assert checks["attribute house_number_addition"]["told"].endswith("Personio lists it, so nobody has a value")
    assert checks["Personio tells its rate limits"]["verdict"] == "holds here"
    assert checks["Loket tells its rate limits"]["verdict"] == "does not hold here"
    assert doctor.running.loket.writes() == ()


def test_the_whole_examination_is_recorded_without_a_personal_value(doctor: Doctor) -> None:
    _, checks, printed = doctor.sees()

    url = f"sqlite:///{doctor.config.parent}/var/tweeluik.db"
    keys = url.replace("tweeluik.db", "tweeluik-keys.db")
    with closing(open_log(url, keys_url=keys, checkpoints=doctor.config.parent / "var/checkpoints")) as log:
        facts = [
            one.fact
            for one in log.stream(examination_stream(LegalEntityId("170")))
            if isinstance(one.fact, TenantExamined)
        ]
    assert [{each.check for each in one.results} for one in facts] == [checks.keys()]
    for one in doctor.running.company.colleagues:
        assert one.last_name not in printed
        assert one.bsn not in printed


HOOKED = '[personio.webhooks]\nenabled = true\npublic_url = "https://hooks.example"\ntoken = "0123456789abcdef"'
Fault = Callable[[Doctor], Any]
FAULTS: dict[str, tuple[Fault, str, str, str]] = {
    "the Personio secret is wrong": (
        lambda at: at.wrongly("client_id", "papi-unknown"),
        "Personio token",
        "fault",
        "check [personio]",
    ),
    "Personio withholds persons": (
        lambda at: at.running.personio.withdraw_right("persons"),
        "Personio: persons",
        "fault",
        "add the right",
    ),
    "Personio withholds employments": (
        lambda at: at.running.personio.withdraw_right("employments"),
        "Personio: employments",
        "fault",
        "add the right",
    ),
    "Personio withholds compensations": (
        lambda at: at.running.personio.withdraw_right("compensations"),
        "Personio: compensations",
        "fault",
        "add the right",
    ),
    "Personio withholds the attribute list": (
        lambda at: at.running.personio.withdraw_right("attributes"),
        "Personio: attribute list",
        "warning",
        "add the right",
    ),
    "Personio withholds the people of the older API": (
        lambda at: at.running.personio.withdraw_right("employees"),
        "Personio: people of the older API",
        "warning",
        "cannot be told from a hidden one",
    ),
    "a gate is hidden from everybody": (
        lambda at: at.running.personio.hide(DEFAULT_IDS["income_number"]),
        "attribute income_number",
        "fault",
        "[personio.attributes]",
    ),
    "an attribute is hidden for one": (
        lambda at: (
            at.running.personio.empty_as("null"),
            at.running.personio.hide(DEFAULT_IDS["city"], [at.someone()]),
        ),
        "attribute city",
        "warning",
        "empty attributes",
    ),
    "empty attributes are left out, but absent never counts as blank": (
        lambda at: (at.running.personio.empty_as("omitted"), at.configured('[rules]\nabsent_is_blank = "never"')),
        "empty attributes",
        "warning",
        'rules.absent_is_blank = "if_shown"',
    ),
    "some empty attributes are left out": (
        lambda at: (at.running.personio.empty_as("null"), at.running.personio.empty_as("omitted", "name_prefix")),
        "empty attributes",
        "warning",
        "give the credential the right to all attributes",
    ),
    "empties are sent, but absent counts as blank": (
        lambda at: (at.running.personio.empty_as("null"), at.configured('[rules]\nabsent_is_blank = "always"')),
        "empty attributes",
        "warning",
        'absent_is_blank = "never"',
    ),
    "no option means Yes": (
        lambda at: at.configured('[rules]\ntruthy = ["oui"]'),
        "options of Consider in NL payroll",
        "fault",
        "rules.truthy",
    ),
    "a number is malformed": (
        lambda at: at.running.personio.edit(at.someone(), "employee_number_loket", "12a"),
        "finding EMPLOYEE_NUMBER_FORMAT employeeNumber",
        "fault",
        "correct the employee number",
    ),
    "a Personio that answers 403 withholds persons": (
        lambda at: (
            at.running.personio.set_quirk("missing_right_status", 403),
            at.running.personio.withdraw_right("persons"),
        ),
        "Personio: persons",
        "fault",
        "add the right",
    ),
    "the credential lacks the scope of pay": (
        lambda at: at.running.personio.set_scopes(["personio:persons:read"]),
        "Personio: compensations",
        "fault",
        "add the right",
    ),
    "Personio withholds legal entities": (
        lambda at: at.running.personio.withdraw_right("legal-entities"),
        "Personio: legal entity",
        "warning",
        "its country cannot be checked",
    ),
    "pay is shown of another legal entity only": (
        lambda at: at.running.personio.limit_pay_to(["999"]),
        "pay in Personio",
        "warning",
        "compensations of this legal entity",
    ),
    "the legal entity is not Dutch": (
        lambda at: at.running.personio.add_legal_entity("170", "Tulip GmbH", country="DE"),
        "people in Personio",
        "fault",
        "only Dutch ones",
    ),
    "the legal entity has another id": (
        lambda at: at.wrongly("personio_id", "999", then="999"),
        "people in Personio",
        "fault",
        "check personio_id",
    ),
    "an attribute is mapped to an id of nobody": (
        lambda at: at.wrongly("street", "dynamic_9999"),
        "attribute street",
        "fault",
        "[personio.attributes]",
    ),
    "somebody is cut down to an id": (
        lambda at: at.running.personio.strip(at.someone()),
        "attribute last_name",
        "warning",
        "empty attributes",
    ),
    "an employment shows no status": (
        lambda at: at.running.personio.strip(
            at.running.personio.employment(at.someone()).id, ("id", "person", "legal_entity", "employment_start_date")
        ),
        "finding STATUS_UNDECIDABLE",
        "fault",
        "1 person",
    ),
    "a page points at itself": (
        lambda at: (
            at.running.personio.set_quirk("page_size", 2),
            at.running.personio.point_next_to("repeated_cursor"),
        ),
        "people in Personio",
        "fault",
        "repeats a page",
    ),
    "countries are written out": (
        lambda at: at.running.personio.define_attribute(
            DEFAULT_IDS["country"], "Country", options=("NL", "Nederland", "BE", "Belgium")
        ),
        "options of country",
        "fault",
        "Nederland, Belgium",
    ),
    "a country has a key that Loket lacks": (
        lambda at: at.configured("[loket.codes.country]\nXK = 9999"),
        "codes of country",
        "fault",
        "XK is 9999",
    ),
    "a gender has a key that Loket lacks": (
        lambda at: at.configured("[loket.codes.gender]\nMALE = 1\nFEMALE = 2\nDIVERSE = 3"),
        "codes of gender",
        "fault",
        "DIVERSE is 3, which Loket does not have",
    ),
    "the genders are the wrong way round": (
        lambda at: at.configured("[loket.codes.gender]\nMALE = 2\nFEMALE = 1"),
        "codes of gender",
        "fault",
        "MALE is 2, which Loket calls Vrouw",
    ),
    "the webhook was never installed": (
        lambda at: at.configured(HOOKED),
        "Personio webhook",
        "warning",
        "tweeluik webhooks install",
    ),
    "the credential may not see webhooks": (
        lambda at: (at.configured(HOOKED), at.running.personio.withdraw_right("webhooks")),
        "Personio webhook",
        "fault",
        "right to webhooks",
    ),
    "the administration is not there": (
        lambda at: at.wrongly("loket_payroll_administration_id", "54aa2b1c-0000-4000-8000-00000000dead"),
        "Loket employer, administration and filter",
        "fault",
        "is not visible",
    ),
    "the Loket secret is wrong": (
        lambda at: at.wrongly("client_secret", "guessed"),
        "Loket token",
        "fault",
        "doctor again",
    ),
    **{
        f"the saved filter hides {what}": (
            lambda at, hiding=hiding: at.running.loket.set_saved_filter(**hiding),
            "Loket employer, administration and filter",
            "fault",
            "saved filter hides people",
        )
        for what, hiding in {
            "those who left": {"status": "ActiveEmployments"},
            "departments": {"departments": ["d-1"]},
            "administrations": {"administrations": ["a-1"]},
            "those on call": {"on_call": False},
        }.items()
    },
    "the Loket token is dead": (
        lambda at: at.running.loket.revoke_refresh_token(),
        "Loket token",
        "fault",
        "tweeluik login",
    ),
    "the employer is hidden": (
        lambda at: at.running.loket.hide_employer(),
        "Loket employer, administration and filter",
        "fault",
        "is not visible",
    ),
    "Loket withholds employees": (
        lambda at: at.running.loket.revoke_right("GetEmployeesByEmployerId"),
        "Loket: employees",
        "fault",
        "ask whoever manages Loket users",
    ),
    "Loket withholds concept employees": (
        lambda at: at.running.loket.revoke_right("GetConceptEmployeesByEmployerId"),
        "Loket: concept employees",
        "fault",
        "ask whoever manages Loket users",
    ),
    "Loket withholds the BSN": (
        lambda at: at.running.loket.revoke_bsn_right(),
        "Loket: citizen service number",
        "warning",
        "neither compared nor written",
    ),
    "Loket withholds the audit trail": (
        lambda at: at.running.loket.revoke_right("GetEmployeeDataAuditTrailByEmployerId"),
        "Loket: audit trail",
        "warning",
        "stays unknown",
    ),
    "a version is withdrawn": (
        lambda at: at.running.loket.announce_successor("employee", "2027-06-30"),
        "Loket version",
        "warning",
        "2027-06-30",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_what_to_do_and_the_other_system_is_still_examined(doctor: Doctor, fault: str) -> None:
    broken, name, verdict, told = FAULTS[fault]
    broken(doctor)

    code, checks, _ = doctor.sees()

    assert checks[name]["verdict"] == verdict
    assert told in checks[name]["told"] + checks[name]["do"]
    assert code == (9 if any(one["verdict"] == "fault" for one in checks.values()) else 0)
    assert (verdict == "fault") <= (code == 9)
    assert any(one.startswith("Personio") for one in checks)
    assert any(one.startswith("Loket") for one in checks)
    assert doctor.running.loket.writes() == ()


def first_person(at: Doctor) -> str:
    return at.running.company.colleagues[0].person_id


def hashed(at: Doctor) -> None:
    """The ids of v2, in Personio and in the configuration, are others than the keys of v1."""
    personio = at.running.personio
    for role, shown in HASHED_IDS.items():
        old = personio.roles[role]
        personio.attributes[shown] = replace(personio.attributes.pop(old.id), id=shown)
        personio.roles[role] = personio.attributes[shown]
        for person in personio.tenant.people.values():
            person.values.initial[shown] = person.values.initial.pop(old.id, None)
        at.wrongly(role, shown)


# Lists of everybody's records: without the right to one, the records are read employment by employment.
OTHER_WAY = {"GetActualWagesByEmployerId", "GetActualWorkingHoursByEmployerId"}

# What the documents leave open: how it is here, the line that tells, its verdict, and what it says or asks for.
PROBES: dict[str, tuple[Fault, str, str, str]] = {
    "empty attributes are left out": (
        lambda _: None,
        "Personio leaves empty attributes out",
        "holds here",
        "absent_is_blank",
    ),
    "empty attributes are null": (
        lambda at: at.running.personio.empty_as("null"),
        "Personio leaves empty attributes out",
        "does not hold here",
        "null",
    ),
    "nobody may read the older API": (
        lambda at: at.running.personio.withdraw_right("employees"),
        "Personio leaves empty attributes out",
        "not seen",
        "not to be read",
    ),
    "both APIs call attributes the same": (
        lambda _: None,
        "Personio's older API calls attributes by the same ids",
        "holds here",
        "18 the same, 0 by their number",
    ),
    "the APIs call attributes by different ids": (
        hashed,
        "Personio's older API calls attributes by the same ids",
        "does not hold here",
        "18 by their number",
    ),
    "no employment shows its legal entity": (
        lambda at: at.running.personio.hide_in_employments("legal_entity"),
        "Personio shows legal_entity of employments",
        "does not hold here",
        "make the credential anew",
    ),
    "the credential is older than the fix of terminations": (
        lambda at: (
            at.running.personio.terminate(first_person(at), "2030-01-31"),
            at.running.personio.use_old_credential(),
        ),
        "Personio shows termination of employments",
        "does not hold here",
        "make the credential anew",
    ),
    "a termination is shown whole": (
        lambda at: at.running.personio.terminate(first_person(at), "2030-01-31"),
        "Personio shows termination of employments",
        "holds here",
        "in 1 of 1",
    ),
    "the pay of this legal entity is not shown": (
        lambda at: at.running.personio.limit_pay_to(["999"]),
        "Personio shows the pay of everybody with a salary",
        "does not hold here",
        "compensations of every legal entity",
    ),
    "everybody's pay is shown": (
        lambda _: None,
        "Personio shows the pay of everybody with a salary",
        "holds here",
        "0 of 6",
    ),
    "a second page keeps to the filter": (
        lambda _: None,
        "Personio's pages of compensations keep to their filter",
        "holds here",
        "keeps to the filter",
    ),
    "a filter is refused beside a cursor": (
        lambda at: at.running.personio.set_quirk("beside_cursor", "refused"),
        "Personio's pages of compensations keep to their filter",
        "holds here",
        "its own link keeps to it",
    ),
    "a filter is refused beside a cursor and forgotten without it": (
        lambda at: (
            at.running.personio.terminate(at.running.company.colleagues[1].person_id, "2024-01-31"),
            at.running.personio.set_quirk("beside_cursor", "refused"),
            at.running.personio.set_quirk("forgetful_cursor", True),
        ),
        "Personio's pages of persons keep to their filter",
        "does not hold here",
        "unfiltered list",
    ),
    "a page points at itself": (
        lambda at: at.running.personio.set_quirk("page_shift", -1),
        "Personio's pages of persons go on",
        "does not hold here",
        "the first again",
    ),
    "the limits are wide": (
        lambda _: None,
        "Personio's limits allow a sweep in ten minutes",
        "holds here",
        "6 people take 7 requests",
    ),
    "the limits are narrow": (
        lambda at: at.running.personio.set_rate("persons", 0.01, 1_000),
        "Personio's limits allow a sweep in ten minutes",
        "holds here",
        "persons 0.01 a second",
    ),
    "no answer names a limit": (
        lambda at: at.running.personio.set_quirk("rate_headers", False),
        "Personio's limits allow a sweep in ten minutes",
        "not seen",
        "no answer names a limit",
    ),
    "there are two fixed salaries": (
        lambda at: at.running.personio.add_compensation_type("13th salary", "FIXED_SALARY"),
        "Personio has one type of fixed salary",
        "does not hold here",
        "compensation_types",
    ),
    "nobody has said which amount Personio shows, and the wages in Loket tell": (
        lambda at: at.wrongly("amounts_are", "undecided"),
        PART_TIME,
        "warning",
        'set [pay] amounts_are = "effective": they show the person\'s own',
    ),
    "the wages in Loket bear out what was said": (lambda _: None, PART_TIME, "ok", '"effective" fits'),
    "the wages in Loket contradict what was said": (
        lambda at: at.wrongly("amounts_are", "full_time"),
        PART_TIME,
        "fault",
        'set [pay] amounts_are = "effective"',
    ),
    "people work the same hours in both systems": (lambda _: None, HOURS, "holds here", "4 the same, 0 different"),
    "wages and hours are withheld": (
        lambda at: [at.running.loket.revoke_right(one) for one in ("GetWagesByEmploymentId", *OTHER_WAY)],
        "wages and hours in Loket",
        "warning",
        "cannot be compared",
    ),
    "what happened in Personio never came in": (
        lambda at: (at.hooked(), at.moves(Payload.UNDERSCORE)),
        INCOMING,
        "does not hold here",
        "see that public_url reaches",
    ),
    "events name a person": (
        lambda at: (at.hooked(), at.moves(Payload.UNDERSCORE), at.leaves(Payload.DOT)),
        EVENTS,
        "holds here",
        "1 with employment.id, person.id",
    ),
    "events of employments name nobody": (
        lambda at: (at.hooked(), at.moves(Payload.ID), at.leaves(Payload.ID)),
        EVENTS,
        "does not hold here",
        "has everybody read again",
    ),
    "every right is there": (
        lambda _: None,
        "the Loket user has every right that a sync may need",
        "holds here",
        "are listed",
    ),
    "a right to write is missing": (
        lambda at: at.running.loket.revoke_right("PutWageByWageId"),
        "the Loket user has every right that a sync may need",
        "does not hold here",
        "Beheer beloningen",
    ),
    "rights are listed in other words": (
        lambda at: at.running.loket.set_switch("authorization_list", "other words"),
        "the Loket user has every right that a sync may need",
        "not seen",
        "not in words we know",
    ),
    "no run has completed yet": (
        lambda _: None,
        "Loket shows as many employees as at the last sync",
        "not seen",
        "no run has completed yet",
    ),
    "an employee's employments are not shown": (
        lambda at: at.running.loket.add_employee(9001, employments=[]),
        "Loket shows the employments of every employee",
        "does not hold here",
        "1 of ",
    ),
    "a new hire fills in his concept": (
        lambda at: (at.running.loket.add_concept(9002), at.running.loket.open_self_service(9002)),
        "no concept employee is in self-service",
        "does not hold here",
        "FILLED_IN_LOKET",
    ),
}


@pytest.mark.parametrize("how", PROBES)
def test_what_the_documents_leave_open_is_probed_and_the_setting_that_follows_is_named(
    doctor: Doctor, how: str
) -> None:
    arrange, name, verdict, told = PROBES[how]
    arrange(doctor)

    _, checks, printed = doctor.sees()

    assert checks[name]["verdict"] == verdict
    assert told in checks[name]["told"] + checks[name]["do"]
    assert doctor.running.loket.writes() == ()
    assert not any(one.last_name in printed for one in doctor.running.company.colleagues)


def test_fewer_employees_than_at_the_last_sync_are_told(doctor: Doctor) -> None:
    assert main(["--config", str(doctor.config), "sync", "--entity", "170", "--json"]) in (0, 4)
    same = doctor.sees()[1]["Loket shows as many employees as at the last sync"]
    doctor.running.loket.hide_employees(doctor.running.company.of(Situation.IN_BOTH)[0].employee_number)
    fewer = doctor.sees()[1]["Loket shows as many employees as at the last sync"]

    assert (same["verdict"], fewer["verdict"]) == ("holds here", "does not hold here")
    assert "the user's role hides them" in fewer["do"]


# Every right that the simulated Loket can take away and that an examination meets: none may go missing unnoticed.
RIGHTS_IN_LOKET = {
    "GetEmployerByEmployerId": ("Loket: employer", "warning"),
    "GetPayrollAdministrationsByEmployerId": ("Loket: payroll administrations", "fault"),
    "GetEmployeesByEmployerId": ("Loket: employees", "fault"),
    "GetEmployeeByEmployeeId": ("Loket: one employee", "fault"),
    "GetEmploymentsByEmployerId": ("Loket: employments", "warning"),
    "GetConceptEmployeesByEmployerId": ("Loket: concept employees", "fault"),
    "GetAuthorizationsByEmployerId": ("Loket: authorizations", "warning"),
    "GetFilterSettingsByEmployerId": ("Loket: saved filter", "warning"),
    "GetEmployeeDataAuditTrailByEmployerId": ("Loket: audit trail", "warning"),
    "GetCitizenServiceNumberByEmployeeId": ("Loket: citizen service number", "warning"),
    "GetEmploymentsMinimizedByEmployerId": ("people on both sides", "fault"),
    "GetPaymentInformationSepaByEmploymentId": ("people on both sides", "fault"),
}
# The same for Personio: right or quirk -> the case above that shows it.
RIGHTS_IN_PERSONIO = {
    "persons": "Personio withholds persons",
    "employments": "Personio withholds employments",
    "compensations": "Personio withholds compensations",
    "legal-entities": "Personio withholds legal entities",
    "attributes": "Personio withholds the attribute list",
    "employees": "Personio withholds the people of the older API",
    "webhooks": "the credential may not see webhooks",
}
QUIRKS = {
    "empty_as": "empty attributes are left out, but absent never counts as blank",
    "empty_as_for": "some empty attributes are left out",
    "missing_right_status": "a Personio that answers 403 withholds persons",
    "page_size": "a page points at itself",
    "next_links": "a page points at itself",
}
# No fault of the setup, or nothing that a reader could see.
NO_FAULT = {
    "labels", "upper_case_types", "last_working_date", "plain_dates_only", "flip_hour", "page_shift", "foreign_host",
    "error_shape", "payload", "salaries", "without_meta", "beside_cursor", "forgetful_cursor",
    "rate_headers", "retry_after", "slipped",
}  # fmt: skip


@pytest.mark.parametrize("right", RIGHTS_IN_LOKET)
def test_no_right_in_loket_goes_missing_unnoticed(doctor: Doctor, right: str) -> None:
    name, verdict = RIGHTS_IN_LOKET[right]
    doctor.running.loket.revoke_right(right)

    code, checks, _ = doctor.sees()

    assert checks[name]["verdict"] == verdict
    assert "HTTP 403" in checks[name]["told"]
    assert re.search("whoever manages Loket users|ask for the right to it", checks[name]["told"] + checks[name]["do"])
    assert code == 9 or verdict == "warning"


def test_every_right_and_quirk_of_the_simulators_is_one_of_these(doctor: Doctor) -> None:
    doctor.sees()
    asked = {one.path for one in doctor.running.loket.requests if one.method == "GET" and one.status == 200}
    routes = Routes()
    for each in (people, concepts, employments, records, account, authorizations_of(Routes())):
        routes.include(each)
    met = {found[0].activity for path in asked if (found := routes.find("GET", path)) is not None}

    assert met - OTHER_WAY == RIGHTS_IN_LOKET.keys()
    assert _NEEDED.keys() - RIGHTS_IN_PERSONIO.keys() == {"webhooks:write"}  # what only `webhooks install` does
    assert {one.name for one in fields(Quirks)} - QUIRKS.keys() == NO_FAULT
    assert {*RIGHTS_IN_PERSONIO.values(), *QUIRKS.values()} <= FAULTS.keys()


def test_what_the_documents_leave_open_is_told_as_it_is_here(doctor: Doctor) -> None:
    first = doctor.running.company.colleagues[0].person_id
    before = doctor.sees()[1]
    doctor.running.personio.add_employment(first, "2030-01-01", legal_entity_id="170", status="ONBOARDING")
    after = doctor.sees()[1]

    several = "Personio shows several employments of one person"
    assert (before[several]["verdict"], after[several]["verdict"]) == ("not seen", "holds here")
    assert before["Personio writes dates with a time of day"]["verdict"] in ("holds here", "does not hold here")
