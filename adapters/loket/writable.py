"""The keys of what is replaced whole, in the versions we pin (Loket API 5 to 8).

A replacement empties whatever it lacks, so an object that does not show all of them is not sent back (AUD-2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from domain.events.loket import WriteKind

Keys: TypeAlias = "Mapping[str, Keys | None]"
"""The keys of an object, each with those of the object it holds."""

_HIDDEN: Final = "Loket does not show {}, which this write would empty: look at the rights of the Loket user"


class Hidden(ValueError):
    """Keys that Loket has are not in the object it showed; the text names them, and no value."""


def require_shown(whole: Mapping[str, Any], keys: Keys) -> None:
    """Raises Hidden for a key that is absent; null is a value, and so is a whole object that is null."""
    if missing := tuple(_missing(whole, keys)):
        raise Hidden(_HIDDEN.format(", ".join(missing)))


def _missing(whole: Mapping[str, Any], keys: Keys, above: str = "") -> Iterator[str]:
    for key, inner in keys.items():
        held = whole.get(key)
        if key not in whole or (inner is not None and not isinstance(held, Mapping | None)):
            yield above + key
        elif inner is not None and held is not None:
            yield from _missing(held, inner, f"{above}{key}.")


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
_WAGE: Final = ("grossWage", "grossWageType", "netWage", "netWageType", "payScale", "payGrade", "applyPayGrade")
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
    wageData=_keys(*_WAGE),
    workingHoursData=_keys(
        "deviatingHoursPerWeek", "regularWorkPattern", "workPattern", "flexibleHoursContract", "contractCode",
        shift=_keys("shiftNumber"),
        calculateUsingWorkPattern=_keys(
            "daysDailyRate", "deviatingDaysAndHours", "hoursBrokenPeriod", "hoursPeriod", "leaveHours"
        ),
    ),
)  # fmt: skip
_BSN: Final = _keys("citizenServiceNumber")
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
REPLACED: Final[Mapping[WriteKind, Keys]] = MappingProxyType(
    {
        WriteKind.EMPLOYEE: EMPLOYEE,
        WriteKind.BSN: _BSN,
        WriteKind.CONCEPT: CONCEPT,
        WriteKind.CONCEPT_BSN: _BSN,
        WriteKind.PAYMENT: _keys(
            "iban", "payrollComponent", "visibleOnPayslip", "bic", "nameBeneficiary", "cityBeneficiary",
            "description1", "description2",
        ),
        WriteKind.WAGE: _keys("startDate", *_WAGE, "employerCosts", "employerCostsType"),
        WriteKind.BENEFIT: _keys("payrollComponent", "startDate", "endDate", "value"),
        WriteKind.HOURS: HOURS,
        WriteKind.PERIOD_DATA: PERIOD_DATA,
    }
)  # fmt: skip
