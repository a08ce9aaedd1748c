"""Payroll periods and the one-time values in them (Loket API 4 and 8, period data)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from adapters.simulators.loket.account import passes_saved_filter
from adapters.simulators.loket.app import Call, E, M, Refused, Reply, Routes, broken_rule
from adapters.simulators.loket.check import Check
from adapters.simulators.loket.metadata import PAYROLL_COMPONENTS, fields_with_options
from adapters.simulators.loket.people import metadata, references, shown
from adapters.simulators.loket.schema_employment import PERIOD_DATA
from adapters.simulators.loket.state import API_USER
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document, MessageCode

periods = Routes()
_MANY = f"{M}/{{employmentId}}/payrollperioddata"
_ONE = f"{M}/payrollperioddata/{{recordId}}"
_ADMINISTRATION = f"{E}/payrolladministrations/{{id}}"
_KEYS = ("payrollPeriod", "shift", "payslipType", "distributionUnit", "costCenter", "costUnit")
_COMPONENTS = {each["key"]: each for each in PAYROLL_COMPONENTS}
_PER_YEAR = {1: 12, 3: 13, 4: 52}


@periods.on("GET", f"{_ADMINISTRATION}/payrollperiods", "GetPayrollPeriodsByPayrollAdministrationId")
def all_periods(call: Call) -> Reply:
    return Reply(items=[_period(call, each) | {"payrollRuns": []} for each in _spans(call)])


@periods.on("GET", f"{_ADMINISTRATION}/payrollperiods/minimized", "GetPayrollPeriodsMinimizedByPayrollAdministrationId")
def all_periods_minimized(call: Call) -> Reply:
    approved = call.state.switches.approved_periods
    items = [_period(call, each) for each in _spans(call)]
    return Reply(items=[each | {"hasApprovedPayrollRun": each["id"] in approved} for each in items])


@periods.on("GET", _MANY, "GetPayrollPeriodDataByEmploymentId")
def of_employment(call: Call) -> Reply:
    return Reply(items=shown(call.state, "payrollperioddata", _employment(call).id))


@periods.on("GET", f"{_MANY}/defaults", "GetPayrollPeriodDataByEmploymentId")
def defaults(call: Call) -> Reply:
    """The current period, shift 1, the employer's first distribution unit, and no components yet."""
    employment = _employment(call)
    units = call.state.table("distributionunits").of(call.state.employer_of("employments", employment))
    today = call.state.today()
    return Reply(
        {
            "id": None,
            "payrollPeriod": {"year": today.year, "periodNumber": _number_of(call, employment, today)},
            "shift": {"shiftNumber": 1},
            "payslipType": {"key": 2, "value": "Regulier"},
            "distributionUnit": {"key": units[0].id, "value": units[0].data["description"]},
            "costCenter": None,
            "costUnit": None,
            "payslipText": None,
            "payrollComponents": [],
        }
    )


@periods.on("GET", f"{_MANY}/metadata/year/{{year}}/period/{{periodNumber}}", "GetPayrollPeriodDataByEmploymentId")
def period_metadata(call: Call) -> Reply:
    _employment(call)
    return metadata(call.state, fields_with_options(("payslipType",)))


@periods.on("PATCH", _MANY, "PatchPayrollPeriodDataByEmploymentId")
def upsert(call: Call) -> Reply:
    """Listed components are overwritten, null deletes one, unlisted ones are kept; the answer has no body."""
    employment = _employment(call)
    data = _checked(call, employment)
    found = _same(call, employment, data)
    kept = {each["payrollComponent"]["key"]: each for each in (found.data["payrollComponents"] if found else ())}
    for each in data["payrollComponents"]:
        kept.pop(each["payrollComponent"]["key"], None)
        if each["value"] is not None:
            kept[each["payrollComponent"]["key"]] = each
    whole = data | {"payrollComponents": list(kept.values())}
    if found is None:
        call.state.create("payrollperioddata", employment.id, whole, API_USER)
    else:
        call.state.replace("payrollperioddata", found, whole, API_USER)
    return Reply(bare=True)


@periods.on("POST", _MANY, "PostPayrollPeriodDataByEmploymentId")
def create(call: Call) -> Reply:
    employment = _employment(call)
    data = _checked(call, employment)
    if _same(call, employment, data) is not None:
        raise broken_rule("there is already data for this period")
    return Reply(call.state.create("payrollperioddata", employment.id, data, API_USER).data, 201)


@periods.on("GET", _ONE, "GetPayrollPeriodDataByPayrollPeriodDataId")
def detail(call: Call) -> Reply:
    found = call.entity("payrollperioddata", "recordId")
    return Reply(found.shown, etag=found.etag)


@periods.on("DELETE", _ONE, "DeletePayrollPeriodDataByPayrollPeriodDataId")
def delete(call: Call) -> Reply:
    call.state.delete("payrollperioddata", call.entity("payrollperioddata", "recordId"), API_USER)
    return Reply(bare=True)


@periods.on(
    "GET",
    f"{_ADMINISTRATION}/payrollPeriods/{{payrollPeriodId}}/payrollperioddata",
    "GetPayrollPeriodDataByPayrollAdministrationIdAndPayrollPeriodId",
)
def of_administration(call: Call) -> Reply:
    """Assumed: `{employmentId, payrollPeriodData: {...}}`; obeys the saved filter."""
    administration = call.entity("payrolladministrations", "id")
    year, number = divmod(int(call.params["payrollPeriodId"]), 100)
    wanted = {"year": year, "periodNumber": number}
    items = []
    for employment in call.state.employments_of_employer(administration.parent):
        own = (employment.data["payrollAdministration"] or {}).get("id") == administration.id
        if own and passes_saved_filter(call.state, administration.parent, employment):
            rows = shown(call.state, "payrollperioddata", employment.id)
            items += [
                {"employmentId": employment.id, "payrollPeriodData": row}
                for row in rows
                if row["payrollPeriod"] == wanted
            ]
    return Reply(items=items)


def _checked(call: Call, employment: Entity) -> Document:
    check = Check(references(call.state, call.state.employer_of("employments", employment)))
    data = check.read(PERIOD_DATA, call.document())
    for each in data["payrollComponents"] or ():
        component = _COMPONENTS.get(((each or {}).get("payrollComponent") or {}).get("key"))
        if component is None:
            check.refuse(MessageCode.OPTION, "payrollComponent has an invalid key")
        elif each["isSupplement"] and not component["canBeSupplemented"]:
            check.refuse(MessageCode.RULE, f"payrollComponent {component['key']} cannot be supplemented")
    period = data["payrollPeriod"]
    if period and (period["periodNumber"] or 0) > _periods_a_year(call, employment):
        check.refuse(MessageCode.RANGE, "periodNumber is out of range")
    if check.messages:
        raise Refused(400, check.messages)
    return data


def _same(call: Call, employment: Entity, data: Document) -> Entity | None:
    key = [_bare(data[name]) for name in _KEYS]
    rows = call.state.table("payrollperioddata").of(employment.id)
    return next((each for each in rows if [_bare(each.data[name]) for name in _KEYS] == key), None)


def _bare(value: Any) -> Any:
    return value["key"] if isinstance(value, dict) and "key" in value else value


def _periods_a_year(call: Call, employment: Entity) -> int:
    about = employment.data["payrollAdministration"]
    administration = call.state.must_get("payrolladministrations", about["id"])
    return _PER_YEAR[administration.data["payrollPeriodType"]["key"]]


def _number_of(call: Call, employment: Entity, day: date) -> int:
    periods_a_year = _periods_a_year(call, employment)
    return day.month if periods_a_year == 12 else min((day.timetuple().tm_yday - 1) * periods_a_year // 364 + 1, 53)


def _spans(call: Call) -> list[tuple[int, int, date, date]]:
    """(year, number, first day, last day) of last year, this year and next year."""
    administration = call.entity("payrolladministrations", "id")
    count = _PER_YEAR[administration.data["payrollPeriodType"]["key"]]
    today = call.state.today()
    return [
        (year, number, *_bounds(year, number, count))
        for year in range(today.year - 1, today.year + 2)
        for number in range(1, count + 1)
    ]


def _bounds(year: int, number: int, count: int) -> tuple[date, date]:
    if count == 12:
        return date(year, number, 1), date(year, number, monthrange(year, number)[1])
    days = 364 // count
    first = date.fromisocalendar(year, 1, 1) + timedelta(days=days * (number - 1))
    return first, first + timedelta(days=days - 1)


def _period(call: Call, span: tuple[int, int, date, date]) -> Document:
    year, number, first, last = span
    administration = call.state.must_get("payrolladministrations", call.params["id"])
    return {
        "id": year * 100 + number,
        "year": year,
        "periodNumber": number,
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
        "payrollPeriodType": administration.data["payrollPeriodType"],
        "testYear": False,
    }


def _employment(call: Call) -> Entity:
    return call.entity("employments", "employmentId")
