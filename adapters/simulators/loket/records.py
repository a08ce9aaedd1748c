"""The dated records under an employment (Loket API 8): the linked chains, bank accounts, benefits and deductions."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.simulators.loket.app import Call, E, M, Refused, Reply, Routes, broken_rule
from adapters.simulators.loket.chains import append, chain, change, day_before, in_force, remove
from adapters.simulators.loket.check import Check
from adapters.simulators.loket.employments import filtered, reference_date
from adapters.simulators.loket.metadata import PAYROLL_COMPONENTS, WAGE_FIELDS, fields_with_options
from adapters.simulators.loket.people import metadata, offered, references, shown
from adapters.simulators.loket.schema import Field
from adapters.simulators.loket.schema_employment import (
    BENEFIT,
    FISCAL,
    HEALTH_CARE,
    ORGANIZATIONAL_ENTITY,
    OTHER_VARIABLES,
    SEPA,
    SOCIAL_SECURITY,
    WAGE,
    WORKING_HOURS,
)
from adapters.simulators.loket.state import API_USER, LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document

records = Routes()


@dataclass(frozen=True, slots=True)
class Resource:
    """`single` is the path segment of one record, `actual` the employer-wide read and the name of the record in it.

    `noun` and `plural` are those of its activities.
    """

    table: str
    schema: Field
    noun: str
    name: str
    actual: str
    documented: bool = True  # else the employer-wide read is known by name only
    single: str | None = None
    plural: str = ""  # of the noun, where it differs


_ALL = f"{E}/{{employerId}}"
CHAINED = (
    Resource("wages", WAGE, "Wage", "wage", f"{_ALL}/actualwages", plural="Wages"),
    Resource("workinghours", WORKING_HOURS, "WorkingHours", "workingHours", f"{_ALL}/actualworkinghours"),
    Resource(
        "organizationalentities",
        ORGANIZATIONAL_ENTITY,
        "OrganizationalEntity",
        "organizationalEntity",
        f"{_ALL}/actualorganizationalentities",
        plural="OrganizationalEntities",
    ),
    Resource(
        "fiscalproperties",
        FISCAL,
        "FiscalProperties",
        "fiscalProperties",
        f"{_ALL}/employees/employments/actualfiscalproperties",
        documented=False,
    ),
    Resource(
        "socialsecurityconfigurations",
        SOCIAL_SECURITY,
        "SocialSecurity",
        "socialSecurityConfiguration",
        f"{_ALL}/employees/employments/actualsocialsecurityconfigurations",
        documented=False,
    ),
    Resource(
        "healthcareinsuranceactconfigurations",
        HEALTH_CARE,
        "HealthCare",
        "healthcareInsuranceActConfiguration",
        f"{_ALL}/employees/employments/actualhealthcareinsuranceactconfigurations",
        documented=False,
    ),
    Resource(
        "otherPayrollVariables",
        OTHER_VARIABLES,
        "OtherPayrollVariables",
        "otherPayrollVariables",
        f"{_ALL}/employees/employments/actualotherpayrollvariables",
        documented=False,
    ),
)
BENEFITS = Resource(
    "benefitsanddeductions",
    BENEFIT,
    "BenefitsAndDeductions",
    "benefitAndDeduction",
    f"{_ALL}/employees/employments/actualbenefitsanddeductions",
    single="benefitsAndDeductions",
)
ACCOUNTS = Resource(
    "paymentinformationsepa",
    SEPA,
    "PaymentInformationSepa",
    "paymentInformationSepa",
    f"{_ALL}/employees/employments/paymentinformationsepa",
    documented=False,
)


_PAY = ("wages", BENEFITS.table)


def _list(of: Resource, call: Call) -> Reply:
    employment, hidden = _employment(call), of.table in _PAY and not call.state.switches.pay_listed
    return Reply(items=[] if hidden else shown(call.state, of.table, employment.id))


def _post(of: Resource, call: Call) -> Reply:
    employment = _employment(call)
    created = add_record(call.state, of, employment, _checked(call.state, of, employment, call.document()))
    return Reply(created.data, 201)


def _get(of: Resource, call: Call) -> Reply:
    found = call.entity(of.table, "recordId")
    return Reply(found.shown, etag=found.etag)


def _put(of: Resource, call: Call) -> Reply:
    state, found = call.state, call.entity(of.table, "recordId")
    call.check_etag(found)
    employment = state.must_get("employments", found.parent)
    body = call.document()
    if of is BENEFITS:  # the component of a record cannot be changed
        body = body | {"payrollComponent": found.data["payrollComponent"]}
    data = _checked(state, of, employment, body, found.data)
    if of in CHAINED:
        change(state, of.table, employment, found, data, API_USER)
    else:
        _only_one(state, of, employment, data, found)
        state.replace(of.table, found, data, API_USER)
    return Reply(found.data, etag=found.etag)


def _delete(of: Resource, call: Call) -> Reply:
    state, found = call.state, call.entity(of.table, "recordId")
    if of in CHAINED:
        remove(state, of.table, state.must_get("employments", found.parent), found, API_USER)
    else:
        state.delete(of.table, found, API_USER)
    return Reply(bare=True)


def _defaults(of: Resource, call: Call) -> Reply:
    _employment(call)
    empty: dict[str, Any] = {"id": None} | dict.fromkeys(of.schema.fields)
    if of is ACCOUNTS:
        component = component_named(call.state.switches.net_wage_component)
        empty |= {"payrollComponent": component, "visibleOnPayslip": True}
    if of.table == "wages":
        empty |= {"isGrossWageFullTime": True, "applyPayGrade": False}
    return Reply(empty)


def _actual(of: Resource, call: Call) -> Reply:
    """Assumed: `{employmentId, <name of the record>: {...}}`; employments without a record on that day are absent."""
    if not of.documented:
        offered(call.state)
    day = reference_date(call)
    items = []
    for employment in filtered(call):
        if of in CHAINED:
            current = in_force(call.state, of.table, employment.id, day)
            found = [current] if current else []
        else:
            found = [each for each in shown(call.state, of.table, employment.id) if _runs(each, day)]
        items += [{"employmentId": employment.id, of.name: each} for each in found]
    return Reply(items=items)


for _of in (*CHAINED, BENEFITS, ACCOUNTS):
    _many, _one = f"{M}/{{employmentId}}/{_of.table}", f"{M}/{_of.single or _of.table}/{{recordId}}"
    _by_employment, _by_record = "ByEmploymentId", f"By{_of.noun}Id"
    records.add("GET", _many, f"Get{_of.plural or _of.noun}{_by_employment}", partial(_list, _of))
    records.add("POST", _many, f"Post{_of.noun}{_by_employment}", partial(_post, _of))
    records.add("GET", f"{_many}/defaults", f"Post{_of.noun}{_by_employment}", partial(_defaults, _of))
    records.add("GET", _one, f"Get{_of.noun}{_by_record}", partial(_get, _of))
    records.add("PUT", _one, f"Put{_of.noun}{_by_record}", partial(_put, _of))
    records.add("DELETE", _one, f"Delete{_of.noun}{_by_record}", partial(_delete, _of))
    records.add("GET", _of.actual, f"GetActual{_of.plural or _of.noun}ByEmployerId", partial(_actual, _of))


@records.on("GET", f"{M}/{{employmentId}}/wages/metadata", "GetWagesByEmploymentId")
def wage_metadata(call: Call) -> Reply:
    _employment(call)
    return metadata(call.state, fields_with_options(WAGE_FIELDS))


def add_record(state: LoketState, of: Resource, employment: Entity, data: Document, load: bool = False) -> Entity:
    """Adds a checked record by the rules of its kind; `load` leaves no trace in the audit trail."""
    by = None if load else API_USER
    if of in CHAINED:
        return append(state, of.table, employment, data, by)
    _only_one(state, of, employment, data, None)
    return state.create(of.table, employment.id, data, by)


def with_computed_fields(state: LoketState, of: Resource, employment: Entity, data: Document) -> Document:
    """What Loket adds: the full-time flag of a wage, the hours of a shift, the effective hours."""
    if of.table == "wages":
        grade = data["payGrade"]
        if data["applyPayGrade"] and grade:
            data |= {"grossWage": 2000.0 + 100 * grade["key"]}  # an invented pay scale
        return data | {
            "isGrossWageFullTime": True if data["isGrossWageFullTime"] is None else data["isGrossWageFullTime"],
            "payrollPeriodType": payroll_period_type(state, employment),
        }
    if of.table == "workinghours":
        full_time = state.switches.full_time_hours
        shift = data["shift"] | {"fullTimeHoursPerWeek": full_time}
        return data | {"shift": shift, "aggregatedHoursPerWeek": data["deviatingHoursPerWeek"] or full_time}
    if of in (BENEFITS, ACCOUNTS):
        component = component_named(data["payrollComponent"]["key"])
        if component is None:
            raise broken_rule("payrollComponent has an invalid key")
        if of is BENEFITS:
            described = next(each for each in PAYROLL_COMPONENTS if each["key"] == component["key"])
            extra = {name: described[name] for name in ("description", "category", "deductionOrPayment")}
            return data | {"payrollComponent": {"key": component["key"]} | extra}
        return data | {"payrollComponent": component}
    return data


def payroll_period_type(state: LoketState, employment: Entity) -> Document | None:
    about = employment.data["payrollAdministration"]
    found = state.table("payrolladministrations").get(about["id"]) if about else None
    return found.data["payrollPeriodType"] if found else None


def component_named(key: int) -> Document | None:
    found = next((each for each in PAYROLL_COMPONENTS if each["key"] == key), None)
    return {"key": key, "value": found["description"]} if found else None


def newest_wage(state: LoketState, employment_id: str) -> Document | None:
    wages = chain(state, "wages", employment_id)
    return wages[-1].data if wages else None


def _checked(
    state: LoketState, of: Resource, employment: Entity, body: Document, current: Document | None = None
) -> Document:
    check = Check(references(state, state.employer_of("employments", employment)))
    data = check.read(of.schema, body, current)
    if of is ACCOUNTS and isinstance(data["iban"], str) and " " in data["iban"]:
        check.refuse(82, "iban has an invalid format")
    if data.get("endDate") and data.get("startDate") and data["endDate"] < data["startDate"]:
        check.refuse(84, "endDate is before startDate")
    if check.messages:
        raise Refused(400, check.messages)
    return with_computed_fields(state, of, employment, data)


def _only_one(state: LoketState, of: Resource, employment: Entity, data: Document, own: Entity | None) -> None:
    """One bank account a component; benefits of one component do not overlap (linked: the later closes the earlier)."""
    for other in state.table(of.table).of(employment.id):
        if other is own or other.data["payrollComponent"]["key"] != data["payrollComponent"]["key"]:
            continue
        if of is ACCOUNTS:
            raise broken_rule("there is already payment information for this payrollComponent")
        follows = other.data["startDate"] < data["startDate"]
        if follows and other.data["endDate"] is None and state.switches.benefits_linked:
            state.replace(of.table, other, other.data | {"endDate": day_before(data["startDate"])}, API_USER)
        elif _overlap(other.data, data):
            raise broken_rule("the period overlaps another one of this payrollComponent")


def _overlap(one: Document, other: Document) -> bool:
    forever = "9999-12-31"
    return bool(one["startDate"] <= (other["endDate"] or forever) and other["startDate"] <= (one["endDate"] or forever))


def _runs(record: Document, day: str) -> bool:
    return bool(record.get("startDate", day) <= day and day <= (record.get("endDate") or day))


def _employment(call: Call) -> Entity:
    return call.entity("employments", "employmentId")
