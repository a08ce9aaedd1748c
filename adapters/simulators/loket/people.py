"""Employers, employees and citizen service numbers (Loket API 4 and 5)."""

from datetime import date
from functools import partial
from typing import Any

from adapters.simulators.loket.app import EE, Call, E, Refused, Reply, Routes, broken_rule, not_found
from adapters.simulators.loket.check import Check
from adapters.simulators.loket.metadata import EMPLOYEE_FIELDS, OPTIONS, PAYROLL_COMPONENTS, fields_with_options
from adapters.simulators.loket.schema import BSN, CONTACT_SINCE_2021, EMPLOYEE
from adapters.simulators.loket.state import API_USER, LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document, MessageCode

people = Routes()
_AOW_AGE = 67

PROVIDER = {"id": "0a000000-0000-4000-8000-000000000001", "name": "Administratiekantoor Linde"}


@people.on("GET", "/v2/providers", "GetProviders")
def providers(_: Call) -> Reply:
    return Reply(items=[PROVIDER])


@people.on("GET", E, "GetEmployersByUserId")
@people.on("GET", f"{E}/minimized", "GetEmployersMinimizedByUserId")
def employers(call: Call) -> Reply:
    return Reply(items=[each.data for each in call.state.table("employers") if each.id not in call.state.hidden])


@people.on("GET", f"{E}/{{employerId}}", "GetEmployerByEmployerId")
def employer(call: Call) -> Reply:
    return Reply(call.employer().data)


def _children(table: str, call: Call) -> Reply:
    return Reply(items=shown(call.state, table, call.employer().id))


def _child(table: str, param: str, call: Call) -> Reply:
    return Reply(call.entity(table, param).shown)


for _table, _activity in (
    ("payrolladministrations", "GetPayrollAdministrationsByEmployerId"),
    ("departments", "GetDepartmentsByEmployerId"),
):
    people.add("GET", f"{E}/{{employerId}}/{_table}", _activity, partial(_children, _table))
people.add(
    "GET",
    f"{E}/departments/{{departmentId}}",
    "GetDepartmentByDepartmentId",
    partial(_child, "departments", "departmentId"),
)


@people.on("GET", f"{E}/{{employerId}}/functions", "GetFunctionsByEmployerId")
def functions(call: Call) -> Reply:
    return Reply(items=shown(call.state, "functions", call.employer().id), render=_keyed)


@people.on("GET", f"{E}/functions/{{functionId}}", "GetFunctionByFunctionId")
def function(call: Call) -> Reply:
    return Reply(_keyed(call.entity("functions", "functionId").data))


def _keyed(function: Document) -> Document:
    """A function is the one resource whose id is called key."""
    return {"key": function["id"]} | {name: value for name, value in function.items() if name != "id"}


@people.on("GET", f"{E}/{{employerId}}/administrations", "GetAdministrationsByEmployerId")
def administrations(call: Call) -> Reply:
    names = ("id", "description", "clientNumber", "startDate", "endDate")
    own = shown(call.state, "payrolladministrations", call.employer().id)
    return Reply(items=[{name: each[name] for name in names} | {"isPayrollAdministration": True} for each in own])


@people.on(
    "GET",
    f"{E}/payrolladministrations/{{id}}/payrollcomponents/year/{{year}}",
    "GetPayrollComponentsByPayrollAdministrationIdAndYear",
)
def payroll_components(call: Call) -> Reply:
    call.entity("payrolladministrations", "id")
    return Reply(items=PAYROLL_COMPONENTS)


@people.on("GET", f"{E}/{{employerId}}/employees", "GetEmployeesByEmployerId", "employee")
def employees(call: Call) -> Reply:
    in_sight = call.state.employees_in_sight(call.employer().id)
    seen = [each.shown for each in in_sight if each.shown is not None]
    return Reply(items=seen, render=partial(as_of_version, call.version))


@people.on("GET", f"{EE}/{{employeeId}}", "GetEmployeeByEmployeeId", "employee")
def employee(call: Call) -> Reply:
    found = call.entity("employees", "employeeId")
    return Reply(as_of_version(call.version, found.shown or {}), etag=found.etag)


@people.on("PUT", f"{EE}/{{employeeId}}", "PutEmployeeByEmployeeId", "employee")
def replace_employee(call: Call) -> Reply:
    found = call.entity("employees", "employeeId")
    call.check_etag(found)
    body = call.document()
    if call.version < "2021-03-29":  # a client of an older version cannot speak of fields it does not know
        kept = {name: found.data["contactInformation"][name] for name in CONTACT_SINCE_2021}
        body = body | {"contactInformation": (body.get("contactInformation") or {}) | kept}
    data = checked_employee(call.state, body, found)
    call.state.replace("employees", found, data, API_USER)
    return Reply(as_of_version(call.version, found.data), etag=found.etag)


@people.on("GET", f"{EE}/{{employeeId}}/metadata", "GetEmployeeByEmployeeId")
def employee_metadata(call: Call) -> Reply:
    call.entity("employees", "employeeId")
    return metadata(call.state, fields_with_options(EMPLOYEE_FIELDS))


@people.on("GET", f"{EE}/{{employeeId}}/citizenservicenumber", "GetCitizenServiceNumberByEmployeeId")
def bsn(call: Call) -> Reply:
    return read_bsn(call, call.entity("employees", "employeeId"))


@people.on("PUT", f"{EE}/{{employeeId}}/citizenservicenumber", "PutCitizenServiceNumberByEmployeeId")
def replace_bsn(call: Call) -> Reply:
    return write_bsn(call, call.entity("employees", "employeeId"))


@people.on("GET", f"{E}/{{employerId}}/employees/citizenservicenumbers", "GetCitizenServiceNumbersByEmployerId")
def all_bsns(call: Call) -> Reply:
    """Known by name only. Assumed: a list of `{employeeId, citizenServiceNumber}`, everyone of the employer."""
    offered(call.state)
    return Reply(
        items=[
            {
                "employeeId": each.id,
                "citizenServiceNumber": bsn_entity(call.state, each.id).data["citizenServiceNumber"],
            }
            for each in call.state.employees_in_sight(call.employer().id)
        ]
    )


def offered(state: LoketState) -> None:
    if not state.switches.offer_bulk_reads:
        raise not_found()


def shown(state: LoketState, table: str, parent: str) -> list[Document]:
    return [each.shown for each in state.table(table).of(parent) if each.shown is not None]


def as_of_version(version: str, data: Document) -> Document:
    if version >= "2021-03-29":
        return data
    contact = {key: value for key, value in data["contactInformation"].items() if key not in CONTACT_SINCE_2021}
    return data | {"contactInformation": contact}


def checked_employee(state: LoketState, body: Document, found: Entity) -> Document:
    """The employee as it would be stored; raises with every reason why not."""
    check = Check(references(state, found.parent))
    data = check.read(EMPLOYEE, body, found.data)
    for name in ("address", "deviatingPostalAddress"):
        place = data[name]
        if place and place["postalCode"] is None and (place["country"] or {}).get("isoCode") == "NL":
            check.refuse(MessageCode.REQUIRED, "postalCode is required")
    if state.numbers.get(found.parent, {}).get(data["employeeNumber"], found.id) != found.id:
        check.refuse(MessageCode.RULE, "employeeNumber is already in use")
    if check.messages:
        raise Refused(400, check.messages)
    return with_computed_fields(data)


def references(state: LoketState, employer_id: str) -> Any:
    """Looks up what employers manage themselves."""
    tables = {"department": "departments", "function": "functions", "distributionUnit": "distributionunits"}

    def describe(kind: str, key: str) -> str | None:
        table = tables.get(kind)
        entity = state.table(table).get(key) if table else None
        return entity.data["description"] if entity and entity.parent == employer_id else None

    return describe


def metadata(state: LoketState, fields: list[Document]) -> Reply:
    """How Loket wraps these answers is unknown: the switch decides."""
    wrapper = state.switches.metadata_wrapper
    return Reply({wrapper: fields} if wrapper else fields, bare=True)


def country_iso_codes() -> dict[int, str]:
    return {option["key"]: option["isoCode"] for option in OPTIONS["country"]}


def bsn_entity(state: LoketState, owner_id: str) -> Entity:
    """The number lives apart from the person, because the right to it does."""
    found = state.table("bsn").get(f"bsn-{owner_id}")
    if found is None:
        found = state.table("bsn").add(f"bsn-{owner_id}", owner_id, {"citizenServiceNumber": None})
    return found


def read_bsn(call: Call, owner: Entity) -> Reply:
    found = bsn_entity(call.state, owner.id)
    visible = found.shown or {}
    return Reply({"citizenServiceNumber": visible.get("citizenServiceNumber")}, etag=found.etag)


def write_bsn(call: Call, owner: Entity) -> Reply:
    found = bsn_entity(call.state, owner.id)
    call.check_etag(found)
    body = call.document()
    check = Check(references(call.state, owner.parent))
    if "citizenServiceNumber" not in body:
        raise broken_rule("citizenServiceNumber is required", MessageCode.REQUIRED)
    data = check.read(BSN, body)
    if check.messages:
        raise Refused(400, check.messages)
    call.state.replace("bsn", found, data, API_USER)
    return read_bsn(call, owner)


def with_computed_fields(employee: Document) -> Document:
    """The employee with its read-only name and pension date; the pension age is rounded to 67 years."""
    details = employee["personalDetails"]
    birth = date.fromisoformat(details["dateOfBirth"])
    years = birth.year + _AOW_AGE
    leap_day = birth.month == 2 and birth.day == 29
    aow = date(years, 3, 1) if leap_day else birth.replace(year=years)
    computed = {"formattedName": formatted_name(details), "aowDate": aow.isoformat()}
    return employee | {"personalDetails": details | computed}


def formatted_name(details: Document) -> str:
    parts = (details["lastName"], details["initials"], details.get("prefix"))
    return " ".join(part for part in parts if part)[:82]
