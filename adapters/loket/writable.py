"""The keys of what is replaced whole, in the versions we pin (Loket API 5 to 8).

A replacement empties whatever it lacks. A key that holds nothing is shown as null; an object that lacks one that Loket
shows of somebody is shown in part, and is not sent back (AUD-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

Keys: TypeAlias = "Mapping[str, Keys | None]"
"""The keys of an object, each with those of the object it holds."""

_HIDDEN: Final = "Loket does not show {}, which this write would empty: look at the rights of the Loket user"


class Hidden(ValueError):
    """Keys that Loket has are not in the object it showed; the text names them, and no value."""

    def __init__(self, missing: Iterable[str]) -> None:
        super().__init__(_HIDDEN.format(", ".join(missing)))


def shown(held: Mapping[str, Any], keys: Keys, above: str = "") -> Iterator[str]:
    """The path of each of these keys that is there."""
    for key, inner in keys.items():
        if key in held:
            yield above + key
            if inner is not None and isinstance(held[key], Mapping):
                yield from shown(held[key], inner, f"{above}{key}.")


def filled(held: Mapping[str, Any], keys: Keys, above: str = "") -> Iterator[str]:
    """The path of each of these keys that holds something, and of each object that does."""
    for key, inner in keys.items():
        value = held.get(key)
        if inner is not None and isinstance(value, Mapping):
            inside = [*filled(value, inner, f"{above}{key}.")]
            yield from [above + key, *inside] if inside else []
        elif _holds(value):
            yield above + key


def _holds(value: Any) -> bool:
    """Whether there is anything in it that Loket does not take for an absent key as well, as it does false and 0."""
    return any(map(_holds, value.values())) if isinstance(value, Mapping) else bool(value)


def paths(keys: Keys, above: str = "") -> Iterator[str]:
    """The path of each of them."""
    for key, inner in keys.items():
        yield above + key
        yield from paths(inner or {}, f"{above}{key}.")


def missing(whole: Mapping[str, Any], keys: Keys, above: str = "") -> Iterator[str]:
    """The path of each that is absent, and of an object that is something else."""
    for key, inner in keys.items():
        held = whole.get(key)
        if key not in whole or (inner is not None and not isinstance(held, Mapping | None)):
            yield above + key
        elif inner is not None and held is not None:
            yield from missing(held, inner, f"{above}{key}.")


def _keys(*names: str, **objects: Keys) -> Keys:
    return MappingProxyType(dict.fromkeys(names) | objects)


_ADDRESS: Final = _keys(
    "street", "houseNumber", "houseNumberAddition", "postalCode", "city", "country", "location", "furtherIndication"
)
_PRIVATE: Final = ("emailAddress", "phoneNumber", "mobilePhoneNumber", "faxNumber")
_BUSINESS: Final = ("businessEmailAddress", "businessPhoneNumber", "businessMobilePhoneNumber")
_DETAILS: Final = (
    "lastName", "initials", "firstName", "prefix", "lastNamePartner", "prefixPartner", "dateOfBirth", "placeOfBirth",
    "gender", "civilStatus", "nationality", "title", "howToFormatLastName",
)  # fmt: skip
_DOCUMENT: Final = _keys("typeOfDocument", "documentIdentification")
EMPLOYEE: Final = _keys(
    "employeeNumber",
    "exclusionFromAbsenceStatus",
    travel=_keys("travelDistanceToWork"),
    personalDetails=_keys(*_DETAILS, "dateOfDeath"),
    contactInformation=_keys(*_PRIVATE, *_BUSINESS),
    address=_ADDRESS,
    deviatingPostalAddress=_ADDRESS,
    identityDocument=_DOCUMENT,
)
_EMPLOYEE_DATA: Final = _keys(
    "employeeNumber",
    "iban",
    personalDetails=_keys(*_DETAILS),
    address=_ADDRESS,
    deviatingPostalAddress=_ADDRESS,
    contactInformation=_keys(*_PRIVATE),
    identityDocument=_DOCUMENT,
)
_EMPLOYMENT_DATA: Final = _keys(
    "payrollAdministration", "nonPayrollAdministration", "startDate", "historicalStartDate", "incomeRelationshipNumber",
    "employmentContractType", "employmentDurationType", "typeOfEmployee", "specialIncomeRatio", "commissionUntilDate",
    "startDateContractOfIndefiniteDuration", "exemptionInsuranceObligation", "isOnCallEmployment",
    "isAnonymousEmployee", "isDirectorAndMajorShareholder", "writtenEmploymentContract", "cancellationPeriodEmployee",
    "cancellationPeriodEmployer", "cancellationPeriodTimeUnit", "namePayslip", "emailLeaveRequest",
)  # fmt: skip
_OF_A_WAGE: Final = ("grossWage", "grossWageType", "netWage", "netWageType", "payScale", "payGrade", "applyPayGrade")
CONCEPT: Final = _keys(
    "uniqueName",
    "otherPayrollVariablesData",
    employeeData=_EMPLOYEE_DATA,
    employmentData=_EMPLOYMENT_DATA,
    fiscalData=_keys(
        "applyPayrollTaxDeduction", "annualSalary", "residentOf", "deviatingPayrollTaxTableColour",
        "deviatingCalculationRulePayrollTax", "applyDeviatingPayrollTaxPercentageOn", "applyStudentDeduction",
        "applyDayTables",
    ),
    organizationalEntityData=_keys(
        "department", "function", "distributionUnit", "placeOfEmployment", "deviatingFunctionDescription"
    ),
    socialSecurityData=_keys(
        "isInsuredForUnemploymentInsuranceAct", "isInsuredForOccupationalDisabilityInsuranceAct",
        "isInsuredForSicknessBenefitsAct", "healthCareInsuranceActType",
    ),
    wageData=_keys(*_OF_A_WAGE),
    workingHoursData=_keys(
        "deviatingHoursPerWeek", "regularWorkPattern", "workPattern", "flexibleHoursContract", "contractCode",
        shift=_keys("shiftNumber"),
        calculateUsingWorkPattern=_keys(
            "daysDailyRate", "deviatingDaysAndHours", "hoursBrokenPeriod", "hoursPeriod", "leaveHours"
        ),
    ),
)  # fmt: skip
BSN: Final = _keys("citizenServiceNumber")
PERIOD_DATA: Final = _keys(
    "payslipType", "distributionUnit", "costCenter", "costUnit", "payslipText", shift=_keys("shiftNumber")
)
"""Of the row in which a value is set: under another key it would become a row of its own."""

HOURS: Final = _keys(
    "startDate", "regularWorkPattern", "deviatingHoursPerWeek", "workPattern", "averageHoursPerWeek",
    "averageParttimeFactor", "flexibleHoursContract", "contractCode", "deviatingSvDaysPerPeriod",
    shift=_keys("shiftNumber"),
    calculateUsingWorkPattern=_keys(
        "daysDailyRate", "deviatingDaysAndHours", "hoursBrokenPeriod", "hoursRegularPeriod", "leaveHours"
    ),
)  # fmt: skip
PAYMENT: Final = _keys(
    "iban", "payrollComponent", "visibleOnPayslip", "bic", "nameBeneficiary", "cityBeneficiary", "description1",
    "description2",
)  # fmt: skip
WAGE: Final = _keys("startDate", *_OF_A_WAGE, "employerCosts", "employerCostsType")
BENEFIT: Final = _keys("payrollComponent", "startDate", "endDate", "value")
COMPARED: Final = _keys(
    "employeeNumber",
    personalDetails=_keys("lastName", "initials", "firstName", "prefix", "dateOfBirth", "placeOfBirth", "gender"),
    contactInformation=_keys("emailAddress", "phoneNumber", "mobilePhoneNumber"),
    address=_keys("street", "houseNumber", "houseNumberAddition", "postalCode", "city", "country"),
)
"""Of an employee, what is there whoever looks: the values that we compare."""
