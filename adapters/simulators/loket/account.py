"""The signed-in user: rights, saved filter, change cursor, audit trail (Loket API 1, 3.1, 3.2, 3.3)."""

from datetime import date

from adapters.simulators.loket.app import Call, E, Refused, Reply, Routes, broken_rule
from adapters.simulators.loket.check import Check
from adapters.simulators.loket.schema_employment import USER_FILTER
from adapters.simulators.loket.state import API_USER, LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document, MessageCode

account = Routes()

STATUSES = ("AllEmployments", "ActiveEmployments", "ActiveAndFutureEmployments", "ActiveAndHistoricEmployments")
UNFILTERED: Document = {
    "employmentFilter": {
        "filterOnEmployedStatus": "AllEmployments",
        "filterOnAdministrations": [],
        "filterOnDepartments": [],
        "filterOnEmploymentCategoryType": [],
        "filterOnOnCallEmployment": None,
    }
}
_SETTINGS = ("/v2/user/filtersettings/{employerId}", "/globalfilter/user/filtersettings/{employerId}")


@account.on("GET", "/v2/user", "GetUser")
def user(_: Call) -> Reply:
    return Reply(API_USER.document())


@account.on("GET", _SETTINGS[0], "GetFilterSettingsByEmployerId")
@account.on("GET", _SETTINGS[1], "GetFilterSettingsByEmployerId")
def filter_settings(call: Call) -> Reply:
    return Reply(call.state.filters.get(call.employer().id, UNFILTERED))


@account.on("PUT", _SETTINGS[0], "PutFilterSettingsByEmployerId")
@account.on("PUT", _SETTINGS[1], "PutFilterSettingsByEmployerId")
def save_filter_settings(call: Call) -> Reply:
    employer = call.employer()
    check = Check(lambda _kind, _key: None)
    saved = check.read(USER_FILTER, call.document())
    if check.messages:
        raise Refused(400, check.messages)
    if saved["employmentFilter"]["filterOnEmployedStatus"] not in STATUSES:
        raise broken_rule("filterOnEmployedStatus has an invalid value", MessageCode.OPTION)
    call.state.filters[employer.id] = saved
    return Reply(saved)


@account.on("GET", f"{E}/lastmodifiedversionnumbers", "GetEmployerVersionNumbers")
def employer_versions(call: Call) -> Reply:
    employers = [each.id for each in call.state.table("employers") if each.id not in call.state.hidden]
    return _versions(call.state, employers)


@account.on(
    "GET", f"{E}/{{employerId}}/employees/employments/lastmodifiedversionnumbers", "GetEmploymentVersionNumbers"
)
def employment_versions(call: Call) -> Reply:
    return _versions(call.state, [each.id for each in call.state.employments_of_employer(call.employer().id)])


@account.on("GET", f"{E}/{{employerId}}/auditTrail/EmployeeData", "GetEmployeeDataAuditTrailByEmployerId")
def audit_trail(call: Call) -> Reply:
    start, end = (_day(call, name) for name in ("startDate", "endDate"))
    items = call.state.audit.between(call.employer().id, start, end)
    return Reply(items=[each for each in items if each["entity"]["value"] != "Variabele gegevens"])


@account.on(
    "GET",
    f"{E}/payrolladministrations/{{id}}/auditTrail/PayrollPeriodData",
    "GetPayrollPeriodDataAuditTrailByPayrollAdministrationId",
)
def period_audit_trail(call: Call) -> Reply:
    start, end = (_day(call, name) for name in ("startDate", "endDate"))
    employer = call.entity("payrolladministrations", "id").parent
    return Reply(items=call.state.audit.between(employer, start, end, {"payrollperioddata"}))


def passes_saved_filter(state: LoketState, employer_id: str, employment: Entity) -> bool:
    """Does the user's saved filter let this employment into an employer-wide list?"""
    if employer_id not in state.filters:
        return True
    chosen = state.filters[employer_id]["employmentFilter"]
    data, today = employment.data, state.today().isoformat()
    future = data["startDate"] > today
    ended = data["endDate"] is not None and data["endDate"] < today
    allowed = {
        "AllEmployments": True,
        "ActiveEmployments": not future and not ended,
        "ActiveAndFutureEmployments": not ended,
        "ActiveAndHistoricEmployments": not future,
    }[chosen["filterOnEmployedStatus"]]
    administrations = {each["key"] for each in chosen["filterOnAdministrations"]}
    categories = {each["key"] for each in chosen["filterOnEmploymentCategoryType"]}
    on_call = chosen["filterOnOnCallEmployment"]
    return (
        allowed
        and (not administrations or (data["payrollAdministration"] or {}).get("id") in administrations)
        and (not categories or data["employmentCategoryType"]["key"] in categories)
        and (on_call is None or data["isOnCallEmployment"] == on_call)
        and _in_departments(state, {each["key"] for each in chosen["filterOnDepartments"]}, employment)
    )


def _in_departments(state: LoketState, departments: set[str], employment: Entity) -> bool:
    records = state.table("organizationalentities").of(employment.id)
    return not departments or any(each.data["department"]["key"] in departments for each in records)


def _versions(state: LoketState, ids: list[str]) -> Reply:
    return Reply(items=[{"id": each, "lastModifiedVersionNumber": state.versions.get(each, 0)} for each in ids])


def _day(call: Call, name: str) -> date:
    try:
        return date.fromisoformat(call.query[name])
    except (KeyError, ValueError) as problem:
        raise broken_rule(f"{name} is required", MessageCode.REQUIRED) from problem
