"""Employments (Loket API 7): lists behind the saved filter, replace, end, reinstate."""

from datetime import date
from functools import partial
from typing import Any

from adapters.simulators.loket.account import passes_saved_filter
from adapters.simulators.loket.app import EE, Call, E, M, Refused, Reply, Routes, broken_rule
from adapters.simulators.loket.audit import User
from adapters.simulators.loket.chains import in_force
from adapters.simulators.loket.check import Check
from adapters.simulators.loket.metadata import EMPLOYMENT_FIELDS, fields_with_options
from adapters.simulators.loket.people import metadata, references
from adapters.simulators.loket.schema import Field
from adapters.simulators.loket.schema_employment import CATEGORY, EMPLOYMENT, EMPLOYMENT_POST, START_DATE, TERMINATION
from adapters.simulators.loket.state import API_USER, CHAINS, LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document, MessageCode

employments = Routes()
_ONE = f"{M}/{{employmentId}}"
_ALL = f"{E}/{{employerId}}/employees/employments"
_MINIMIZED = (
    "id",
    "startDate",
    "endDate",
    "incomeRelationshipNumber",
    "payrollAdministration",
    "nonPayrollAdministration",
    "payrollId",
    "commissionUntilDate",
    "employmentDurationType",
)


@employments.on("GET", f"{EE}/{{employeeId}}/employments", "GetEmploymentsByEmployeeId", "employment")
def of_employee(call: Call) -> Reply:
    person = call.entity("employees", "employeeId")
    return Reply(items=call.state.table("employments").of(person.id), render=partial(full, call.state))


@employments.on("POST", f"{EE}/{{employeeId}}/employments", "PostEmploymentByEmployeeId", "employment")
def create(call: Call) -> Reply:
    person = call.entity("employees", "employeeId")
    body = call.document()
    data = _checked(call.state, person.parent, EMPLOYMENT_POST, body, {})
    chosen = (body.get("payrollAdministration") or {}).get("id", "")
    administration = call.state.table("payrolladministrations").get(chosen)
    if administration is None:
        raise broken_rule("payrollAdministration is required", MessageCode.REQUIRED)
    data |= new_employment(call.state, administration, data["startDate"], data["incomeRelationshipNumber"], data)
    created = call.state.create("employments", person.id, data, API_USER)
    return Reply(full(call.state, created), 201)


@employments.on("GET", _ALL, "GetEmploymentsByEmployerId", "employment")
def of_employer(call: Call) -> Reply:
    return Reply(items=filtered(call), render=partial(full, call.state))


@employments.on("GET", f"{_ALL}/minimized", "GetEmploymentsMinimizedByEmployerId", "employment")
def minimized_list(call: Call) -> Reply:
    return Reply(items=filtered(call), render=partial(minimized, call.state))


@employments.on("GET", f"{_ALL}/comprehensive", "GetEmploymentsComprehensiveByEmployerId", "employment")
def comprehensive_list(call: Call) -> Reply:
    """Assumed: the employment's fields, with the whole employee and the records in force under their own names."""
    day = reference_date(call)
    return Reply(items=filtered(call), render=partial(comprehensive, call.state, day))


@employments.on("GET", _ONE, "GetEmploymentByEmploymentId", "employment")
def detail(call: Call) -> Reply:
    found = _employment(call)
    return Reply(full(call.state, found), etag=found.etag)


@employments.on("PUT", _ONE, "PutEmploymentByEmploymentId", "employment")
def replace(call: Call) -> Reply:
    found = _employment(call)
    call.check_etag(found)
    employer = call.state.employer_of("employments", found)
    data = _checked(call.state, employer, EMPLOYMENT, call.document(), found.data)
    call.state.replace("employments", found, data, API_USER)
    return Reply(full(call.state, found), etag=found.etag)


@employments.on("PATCH", _ONE, "PatchTypeOfEmploymentCategoryTypeFieldsByEmploymentId", "employment")
def change_category(call: Call) -> Reply:
    found = _employment(call)
    change = _checked(call.state, "", CATEGORY, call.document(), {})
    call.state.replace("employments", found, found.data | change, API_USER)
    return Reply(full(call.state, found))


@employments.on("PATCH", f"{_ONE}/terminate", "PatchTerminateByEmploymentId", "employment")
def end(call: Call) -> Reply:
    found = _employment(call)
    body = call.document()
    if call.version < "2019-12-16":
        body = body | {"endOfEmploymentReasonTaxAuthorities": {"key": 1}}
    terms = _checked(call.state, "", TERMINATION, body, {})
    if terms["endDate"] < found.data["startDate"]:
        raise broken_rule("endDate is before startDate")
    terminate(call.state, found, {name: each for name, each in terms.items() if name != "createMdvEntry"}, API_USER)
    return Reply(None)


@employments.on("PATCH", f"{_ONE}/reinstate", "PatchReinstateByEmploymentId", "employment")
def undo_end(call: Call) -> Reply:
    found = _employment(call)
    if found.data["endDate"] is None:
        raise broken_rule("the employment has not ended")
    reinstate(call.state, found, API_USER)
    return Reply(None)


@employments.on("PATCH", f"{_ONE}/correctstartdate", "PatchCorrectStartDateByEmploymentId", "employment")
def correct_start(call: Call) -> Reply:
    found = _employment(call)
    start = _checked(call.state, "", START_DATE, call.document(), {})["startDate"]
    if found.data["endDate"] is not None and start > found.data["endDate"]:
        raise broken_rule("startDate is after endDate")
    move_start(call.state, found, start, API_USER)
    return Reply(None)


@employments.on("GET", f"{_ONE}/metadata", "GetEmploymentByEmploymentId")
def employment_metadata(call: Call) -> Reply:
    _employment(call)
    return metadata(call.state, fields_with_options(EMPLOYMENT_FIELDS))


def filtered(call: Call) -> list[Entity]:
    """The employer's employments that the user's saved filter lets through."""
    employer = call.employer().id
    everyone = call.state.employments_of_employer(employer)
    return [each for each in everyone if passes_saved_filter(call.state, employer, each)]


def reference_date(call: Call) -> str:
    day = call.query.get("referenceDate", call.state.today().isoformat())
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as problem:
        raise broken_rule("referenceDate has an invalid type", MessageCode.TYPE) from problem


def full(state: LoketState, employment: Entity) -> Document:
    person = state.must_get("employees", employment.parent).shown or {}
    details = person["personalDetails"]
    names = ("firstName", "lastName", "initials", "prefix", "formattedName", "dateOfBirth")
    summary = {name: details[name] for name in names}
    identity = {"id": person["id"], "employeeNumber": person["employeeNumber"]}
    return (employment.shown or {}) | {"employee": identity | summary}


def minimized(state: LoketState, employment: Entity) -> Document:
    whole = full(state, employment)
    person = ("id", "employeeNumber", "firstName", "formattedName", "dateOfBirth")
    return {name: whole[name] for name in _MINIMIZED} | {"employee": {name: whole["employee"][name] for name in person}}


def comprehensive(state: LoketState, day: str, employment: Entity) -> Document:
    names = {"workinghours": "workingHours", "organizationalentities": "organizationalEntity", "wages": "wage"}
    records = {name: in_force(state, table, employment.id, day) for table, name in names.items()}
    person = state.must_get("employees", employment.parent).shown
    return (employment.shown or {}) | {"employee": person} | records


def new_employment(
    state: LoketState, administration: Entity, start: str, income_number: int, given: Document
) -> Document:
    """An employment as it is stored, with what Loket or the administrator fills in."""
    about = {name: administration.data[name] for name in ("id", "name", "description", "clientNumber")}
    choices = {"employmentDurationType": "Onbepaalde tijd", "exemptionInsuranceObligation": "Geen"} | {
        "temporaryTaxExemption": "Geen",
        "typeOfEmployee": "Werknemer",
    }
    defaults: dict[str, Any] = dict.fromkeys(EMPLOYMENT.fields)
    defaults |= {name: False for name, each in EMPLOYMENT.fields.items() if each.required and each.kind == "flag"}
    defaults |= {name: {"key": 1, "value": value} for name, value in choices.items()}
    defaults |= {name: value for name, value in given.items() if value is not None and name in EMPLOYMENT.fields}
    del defaults["employee"]
    return defaults | {
        "payrollAdministration": about,
        "payrollId": 88 + state.version,
        "incomeRelationshipNumber": income_number,
        "startDate": start,
        "employmentCategoryType": {"key": 1, "value": "Regulier"},
    }


def terminate(state: LoketState, employment: Entity, terms: Document, by: User) -> None:
    """Sets the end and cuts what lies after it; called again it revises the end."""
    state.replace("employments", employment, employment.data | terms, by)
    for table in CHAINS:
        for record in state.table(table).of(employment.id):
            if record.data["startDate"] > terms["endDate"]:
                state.delete(table, record, by)
        _reopen(state, table, employment, terms["endDate"], by)


def reinstate(state: LoketState, employment: Entity, by: User) -> None:
    """The end is gone; the newest record of each chain runs on, records that the end cut off stay lost."""
    gone = dict.fromkeys(
        (
            "endDate",
            "endOfEmploymentReason",
            "endOfEmploymentReasonTaxAuthorities",
            "endOfEmploymentDueToIllness",
        )
    )
    state.replace("employments", employment, employment.data | gone, by)
    for table in CHAINS:
        _reopen(state, table, employment, None, by)


def move_start(state: LoketState, employment: Entity, start: str, by: User) -> None:
    old = employment.data["startDate"]
    state.replace("employments", employment, employment.data | {"startDate": start}, by)
    for table in CHAINS:
        for record in state.table(table).of(employment.id):
            if record.data["startDate"] == old:
                state.replace(table, record, record.data | {"startDate": start}, by)


def _reopen(state: LoketState, table: str, employment: Entity, end: str | None, by: User) -> None:
    records = sorted(state.table(table).of(employment.id), key=lambda each: str(each.data["startDate"]))
    if records:
        state.replace(table, records[-1], records[-1].data | {"endDate": end}, by)


def _employment(call: Call) -> Entity:
    return call.entity("employments", "employmentId")


def _checked(state: LoketState, employer_id: str, schema: Field, body: Document, current: Document) -> Document:
    check = Check(references(state, employer_id))
    data = check.read(schema, body, current)
    if check.messages:
        raise Refused(400, check.messages)
    data.pop("employee", None)
    return data
