"""Concept employees (Loket API 6): drafts that anyone may write and only the payroll administrator may promote."""

from collections.abc import Mapping
from typing import Any

from adapters.simulators.loket.app import Call, E, Refused, Reply, Routes, log
from adapters.simulators.loket.check import Check
from adapters.simulators.loket.metadata import CONCEPT_EMPLOYMENT_FIELDS, CONCEPT_FIELDS, fields_with_options
from adapters.simulators.loket.people import checked_employee, metadata, read_bsn, references, shown, write_bsn
from adapters.simulators.loket.schema import CONCEPT, CONCEPT_MINIMIZED, EMPLOYEE, Field
from adapters.simulators.loket.state import API_USER, LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document, MessageCode, message

concepts = Routes()
_LIST = f"{E}/{{employerId}}/conceptemployees"
_ONE = f"{E}/conceptemployees/{{conceptEmployeeId}}"
_SMALL = f"{E}/conceptemployees/minimized/{{conceptEmployeeId}}"
_DETAILS = ("personalDetails", "address", "contactInformation", "iban")


@concepts.on("GET", _LIST, "GetConceptEmployeesByEmployerId")
def list_concepts(call: Call) -> Reply:
    employer = call.employer()
    return Reply(items=shown(call.state, "concepts", employer.id) if call.state.switches.concepts_listed else [])


@concepts.on("POST", _LIST, "PostConceptEmployeeByEmployerId")
def create(call: Call) -> Reply:
    employer = call.employer()
    data = checked_concept(call.state, employer.id, call.document())
    state = call.state
    state.lag = max(state.lag, state.switches.concept_read_lag)
    created = state.create("concepts", employer.id, data, API_USER)
    return Reply(created.data, 201)


@concepts.on("GET", _ONE, "GetConceptEmployeeByConceptEmployeeId")
def detail(call: Call) -> Reply:
    found = _concept(call)
    return Reply(found.shown, etag=found.etag)


@concepts.on("PUT", _ONE, "PutConceptEmployeeByConceptEmployeeId")
def replace(call: Call) -> Reply:
    found = _concept(call)
    call.check_etag(found)
    data = checked_concept(call.state, found.parent, call.document(), found)
    call.state.replace("concepts", found, data, API_USER)
    return Reply(found.data, etag=found.etag)


@concepts.on("GET", _SMALL, "GetConceptEmployeeMinimizedByConceptEmployeeId")
def small(call: Call) -> Reply:
    found = _concept(call)
    return Reply({name: (found.shown or {})["employeeData"][name] for name in _DETAILS}, etag=found.etag)


@concepts.on("PUT", _SMALL, "PutConceptEmployeeMinimizedByConceptEmployeeId")
def replace_small(call: Call) -> Reply:
    found = _concept(call)
    call.check_etag(found)
    part = _checked(call.state, found.parent, CONCEPT_MINIMIZED, call.document())
    data = found.data | {"employeeData": found.data["employeeData"] | part}
    call.state.replace("concepts", found, data, API_USER)
    return Reply({name: data["employeeData"][name] for name in _DETAILS}, etag=found.etag)


@concepts.on("DELETE", _ONE, "DeleteConceptEmployeeByConceptEmployeeId")
def delete(call: Call) -> Reply:
    call.state.delete("concepts", _concept(call), API_USER)
    return Reply(bare=True)


@concepts.on("GET", f"{_ONE}/selfservice", "GetConceptEmployeeSelfServiceByConceptEmployeeId")
def self_service(call: Call) -> Reply:
    """Assumed: the same object as in the concept; the path is documented, its body is not."""
    return Reply((_concept(call).shown or {})["selfService"])


@concepts.on("GET", f"{_ONE}/citizenservicenumber", "GetCitizenServiceNumberByConceptEmployeeId")
def bsn(call: Call) -> Reply:
    return read_bsn(call, _concept(call))


@concepts.on("PUT", f"{_ONE}/citizenservicenumber", "PutCitizenServiceNumberByConceptEmployeeId")
def replace_bsn(call: Call) -> Reply:
    return write_bsn(call, _concept(call))


@concepts.on("GET", f"{E}/{{employerId}}/conceptemployees/metadata", "GetConceptEmployeesByEmployerId")
def concept_metadata(call: Call) -> Reply:
    call.employer()
    return metadata(call.state, fields_with_options(CONCEPT_FIELDS))


@concepts.on("GET", f"{E}/conceptemployees/metadata/payrolladministration/{{id}}", "GetConceptEmployeesByEmployerId")
def concept_metadata_of_administration(call: Call) -> Reply:
    employer = call.entity("payrolladministrations", "id").parent
    units = {
        field: [{"key": each.id, "value": each.data["description"]} for each in call.state.table(table).of(employer)]
        for field, table in (("department", "departments"), ("function", "functions"))
    }
    return metadata(call.state, fields_with_options(CONCEPT_EMPLOYMENT_FIELDS, units))


@concepts.on("GET", f"{_LIST}/defaults", "GetConceptEmployeesByEmployerId")
def defaults(call: Call) -> Reply:
    call.employer()
    return Reply({"id": None} | dict.fromkeys(CONCEPT.fields))


@concepts.on("PATCH", f"{_ONE}/convertToEmployee", "PatchConvertToEmployeeByConceptEmployeeId")
def convert(call: Call) -> Reply:
    """Validates; promotion itself is refused here, counted, and said out loud: no client may ask for it."""
    found = _concept(call)
    if call.headers.get("x-validateonly", "").lower() != "true":
        call.state.promotions_attempted += 1
        log.critical("PROMOTION ATTEMPTED: convertToEmployee without X-ValidateOnly on concept %s", found.id)
        raise Refused(403, reason="Promoting a concept employee is the payroll administrator's job")
    problems = promotion_problems(call.state, found)
    if problems and call.state.switches.validate_only_status != 200:
        raise Refused(call.state.switches.validate_only_status, problems)
    return Reply(None, messages=problems)


def checked_concept(state: LoketState, employer_id: str, body: Document, found: Entity | None = None) -> Document:
    read_only = {
        "creationDate": state.now().isoformat().replace("+00:00", "Z"),
        "selfService": {"status": "NoAccessToClient"},
    }
    data = _checked(state, employer_id, CONCEPT, body, found.data if found else read_only)
    employment = data["employmentData"] or {}
    if employment.get("payrollAdministration") and employment.get("nonPayrollAdministration"):
        text = "payrollAdministration and nonPayrollAdministration exclude each other"
        raise Refused(400, [message(MessageCode.RULE, text)])
    return data


def promotion_problems(state: LoketState, concept: Entity) -> list[Document]:
    """What the payroll administrator still has to fill in or put right."""
    employment = concept.data["employmentData"] or {}
    missing = [name for name in ("startDate", "payrollAdministration") if employment.get(name) is None]
    problems = [message(MessageCode.REQUIRED, f"{name} is required", about=concept.id) for name in missing]
    try:
        promoted_employee(state, concept)
    except Refused as refused:
        problems += [each | {"id": concept.id} for each in refused.messages]
    return problems


def _checked(
    state: LoketState, employer_id: str, schema: Field, body: Document, current: Document | None = None
) -> Document:
    check = Check(references(state, employer_id), draft=True)
    data = check.read(schema, body, current)
    if check.messages:
        raise Refused(400, check.messages)
    return data


def _concept(call: Call) -> Entity:
    return call.entity("concepts", "conceptEmployeeId")


def promoted_employee(
    state: LoketState, concept: Entity, *, number: int | None = None, filled_in: Mapping[str, Any] | None = None
) -> Document:
    """The employee this concept would become; raises with the reasons why not.

    `filled_in` are personal details the administrator adds where the concept has none. An empty employee number
    becomes the highest one plus one.
    """
    draft = concept.data["employeeData"]
    details = dict(filled_in or {}) | {
        name: each for name, each in draft["personalDetails"].items() if each is not None
    }
    contact = dict.fromkeys(EMPLOYEE.fields["contactInformation"].fields) | (draft["contactInformation"] or {})
    body = {
        "employeeNumber": number or draft["employeeNumber"] or next_number(state, concept.parent),
        "exclusionFromAbsenceStatus": False,
        "travel": {"travelDistanceToWork": None},
        "personalDetails": details,
        "contactInformation": contact,
        "address": draft["address"],
        "deviatingPostalAddress": draft["deviatingPostalAddress"],
        "identityDocument": draft["identityDocument"],
    }
    return checked_employee(state, body, Entity("", concept.parent, {}))


def next_number(state: LoketState, employer_id: str) -> int:
    return max(state.numbers.get(employer_id, {}), default=0) + 1
