"""Documents for people who were in Loket before anyone looked: sensible defaults and dotted paths on top."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from adapters.simulators.loket.schema import EMPLOYEE, Field, Kind
from adapters.simulators.wire.envelope import Document

NETHERLANDS = 530
_EMPTY_ADDRESS: Document = {
    "street": "Dorpsstraat",
    "houseNumber": 1,
    "houseNumberAddition": None,
    "postalCode": "1234 AB",
    "city": "Utrecht",
    "country": {"key": NETHERLANDS, "isoCode": "NL"},
    "location": None,
    "furtherIndication": None,
}
_EMPTY_DOCUMENT: Document = {"typeOfDocument": {"key": 1}, "documentIdentification": ""}


def new_employee(number: int) -> Document:
    """The smallest employee Loket accepts."""
    fields = EMPLOYEE.fields
    details = dict.fromkeys(fields["personalDetails"].fields) | {
        "lastName": "Jansen",
        "initials": "J.",
        "dateOfBirth": "1990-01-01",
        "gender": {"key": 2},
        "howToFormatLastName": {"key": 1},
    }
    return dict.fromkeys(fields) | {
        "employeeNumber": number,
        "exclusionFromAbsenceStatus": False,
        "travel": {"travelDistanceToWork": None},
        "personalDetails": details,
        "contactInformation": dict.fromkeys(fields["contactInformation"].fields),
    }


def with_fields(document: Document, changes: Mapping[str, Any], schema: Field = EMPLOYEE) -> Document:
    """A copy with values set by dotted path (`address.street`); a coded field takes the bare key."""
    changed = deepcopy(document)
    for path, value in changes.items():
        _set(changed, schema, path.split("."), path, value)
    return changed


def _set(document: Document, schema: Field, parts: list[str], path: str, value: Any) -> None:
    name, *rest = parts
    if name not in schema.fields:
        raise KeyError(f"Loket has no field {path}")
    field = schema.fields[name]
    if rest and rest != ["key"]:
        if document.get(name) is None:
            document[name] = _empty(name, field)
        _set(document[name], field, rest, path, value)
        return
    coded = field.kind in (Kind.CODE, Kind.REFERENCE) or field.options is not None
    if coded and value is not None and not isinstance(value, dict):
        value = {"key": value}
    document[name] = value


def _empty(name: str, field: Field) -> Document:
    if name in ("address", "deviatingPostalAddress"):
        return deepcopy(_EMPTY_ADDRESS)
    return deepcopy(_EMPTY_DOCUMENT) if name == "identityDocument" else dict.fromkeys(field.fields)


def new_wage(start: str, gross: float, **more: Any) -> Document:
    """A gross wage for a full-time week unless `isGrossWageFullTime` says otherwise."""
    names = ("endDate", "netWage", "netWageType", "payScale", "payGrade", "employerCosts", "employerCostsType")
    return (
        dict.fromkeys(names)
        | {
            "startDate": start,
            "grossWage": gross,
            "grossWageType": {"key": 1, "value": "Periodeloon"},
            "applyPayGrade": False,
            "isGrossWageFullTime": None,
        }
        | more
    )


def new_working_hours(start: str, hours: float | None) -> Document:
    pattern = ("daysDailyRate", "deviatingDaysAndHours", "hoursBrokenPeriod", "hoursRegularPeriod", "leaveHours")
    names = ("endDate", "workPattern", "averageHoursPerWeek", "averageParttimeFactor", "flexibleHoursContract")
    return dict.fromkeys((*names, "contractCode", "deviatingSvDaysPerPeriod")) | {
        "startDate": start,
        "shift": {"shiftNumber": 1},
        "regularWorkPattern": True,
        "calculateUsingWorkPattern": dict.fromkeys(pattern, False),
        "deviatingHoursPerWeek": hours,
    }


def new_account(iban: str, component: int) -> Document:
    names = ("bic", "nameBeneficiary", "cityBeneficiary", "description1", "description2")
    return dict.fromkeys(names) | {
        "iban": iban,
        "payrollComponent": {"key": component},
        "visibleOnPayslip": True,
    }
