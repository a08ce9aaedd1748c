"""What Loket says about the fields of each resource: type, limits, whether null is refused, who sets it.

`required` means: the published schema says neither nullable nor read-only. A required field inside an object counts
only when the object itself is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    CODE = "code"  # {"key": int}, value set by Loket
    REFERENCE = "reference"  # {"key": uuid}, value set by Loket
    OBJECT = "object"
    LIST = "list"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Field:
    """`low` and `high` are lengths of a text and bounds of a number; `options` names the list a code is from."""

    kind: Kind
    required: bool = False
    read_only: bool = False
    low: float | None = None
    high: float | None = None
    options: str | None = None
    fields: Mapping[str, "Field"] = field(default_factory=lambda: MappingProxyType({}))


Fields = dict[str, Field]


def text(high: int | None = None, low: int | None = None) -> Field:
    return Field(Kind.TEXT, low=low, high=high)


def integer(low: int | None = None, high: int | None = None) -> Field:
    return Field(Kind.INTEGER, low=low, high=high)


def number(low: float | None = None, high: float | None = None) -> Field:
    return Field(Kind.NUMBER, low=low, high=high)


def code(options: str | None = None) -> Field:
    return Field(Kind.CODE, options=options)


def reference(options: str) -> Field:
    return Field(Kind.REFERENCE, options=options)


def block(**fields: Field) -> Field:
    return Field(Kind.OBJECT, fields=MappingProxyType(fields))


def many(item: Field) -> Field:
    return Field(Kind.LIST, fields=MappingProxyType({"item": item}))


def need(each: Field) -> Field:
    return replace(each, required=True)


def fixed(each: Field) -> Field:
    return replace(each, read_only=True)


FLAG = Field(Kind.FLAG)
DATE = Field(Kind.DATE)
ANY = Field(Kind.ANY)
UUID = text(36, 36)


def _address(*, final: bool, deviating: bool = False) -> Field:
    """A postal code may be null outside the Netherlands, which is checked apart."""
    must = need if final else (lambda each: each)
    country = block(
        key=need(integer()),
        isoCode=need(text(2, 2)) if deviating and final else fixed(text(2)),
        value=fixed(text(50)),
    )
    return block(
        street=text(24) if deviating else must(text(24)),
        houseNumber=must(integer()),
        houseNumberAddition=text(4),
        postalCode=text(9, 1),
        city=must(text(24)),
        country=must(replace(country, options="country")),
        location=text(35),
        furtherIndication=code("furtherIndication"),
    )


_CONTACT = {
    "emailAddress": text(255),
    "businessEmailAddress": text(255),
    "phoneNumber": text(15),
    "mobilePhoneNumber": text(15),
    "businessPhoneNumber": text(15),
    "businessMobilePhoneNumber": text(15),
    "faxNumber": text(15),
}
CONTACT_SINCE_2021 = ("businessEmailAddress", "businessPhoneNumber", "businessMobilePhoneNumber")

_NAMES = {
    "firstName": text(28, 1),
    "prefix": text(10, 1),
    "lastNamePartner": text(25),
    "prefixPartner": text(10),
    "placeOfBirth": text(24, 1),
    "civilStatus": code("civilStatus"),
    "nationality": code("nationality"),
    "title": code("title"),
}

EMPLOYEE = block(
    employeeNumber=need(integer(1, 2**31 - 1)),
    exclusionFromAbsenceStatus=need(FLAG),
    travel=need(block(travelDistanceToWork=integer(1))),
    revokeEmployeeSelfServiceAccessOn=fixed(DATE),
    statusEmployeeSelfService=fixed(code()),
    personalDetails=need(
        block(
            **_NAMES,
            lastName=need(text(25, 1)),
            initials=need(text(6, 1)),
            dateOfBirth=need(DATE),
            dateOfDeath=DATE,
            gender=need(code("gender")),
            howToFormatLastName=need(code("howToFormatLastName")),
            formattedName=fixed(text(82)),
            aowDate=fixed(DATE),
            photo=fixed(text()),
        )
    ),
    contactInformation=need(block(**_CONTACT)),
    address=_address(final=True),
    deviatingPostalAddress=_address(final=True, deviating=True),
    identityDocument=block(typeOfDocument=need(code("typeOfDocument")), documentIdentification=need(text())),
)

CONCEPT = block(
    creationDate=fixed(DATE),
    selfService=fixed(ANY),
    uniqueName=need(text(255, 1)),
    employeeData=need(
        block(
            personalDetails=need(
                block(
                    **_NAMES,
                    lastName=need(text(25)),
                    initials=text(6),
                    dateOfBirth=DATE,
                    gender=code("gender"),
                    howToFormatLastName=code("howToFormatLastName"),
                )
            ),
            employeeNumber=integer(),
            iban=text(35),
            address=_address(final=False),
            deviatingPostalAddress=_address(final=False, deviating=True),
            contactInformation=block(**_CONTACT),
            identityDocument=block(typeOfDocument=code("typeOfDocument"), documentIdentification=text(20)),
        )
    ),
    employmentData=block(
        payrollAdministration=block(id=need(UUID)),
        nonPayrollAdministration=block(id=need(UUID)),
        startDate=DATE,
        historicalStartDate=DATE,
        incomeRelationshipNumber=integer(None, 9999),
        employmentContractType=code(),
        employmentDurationType=code("employmentDurationType"),
        typeOfEmployee=code("typeOfEmployee"),
        specialIncomeRatio=code(),
        commissionUntilDate=DATE,
        startDateContractOfIndefiniteDuration=DATE,
        exemptionInsuranceObligation=code("exemptionInsuranceObligation"),
        isOnCallEmployment=FLAG,
        isAnonymousEmployee=FLAG,
        isDirectorAndMajorShareholder=FLAG,
        writtenEmploymentContract=FLAG,
        cancellationPeriodEmployee=integer(1, 1000),
        cancellationPeriodEmployer=integer(1, 1000),
        cancellationPeriodTimeUnit=code("cancellationPeriodTimeUnit"),
        namePayslip=text(34),
        emailLeaveRequest=text(255),
    ),
    fiscalData=block(
        applyPayrollTaxDeduction=FLAG,
        annualSalary=integer(0, 1_000_000_000),
        residentOf=code(),
        deviatingPayrollTaxTableColour=code(),
        deviatingCalculationRulePayrollTax=code(),
        applyDeviatingPayrollTaxPercentageOn=need(code()),
        applyStudentDeduction=FLAG,
        applyDayTables=FLAG,
    ),
    organizationalEntityData=block(
        department=reference("department"),
        function=reference("function"),
        distributionUnit=reference("distributionUnit"),
        placeOfEmployment=text(24),
        deviatingFunctionDescription=text(50),
    ),
    otherPayrollVariablesData=ANY,
    socialSecurityData=block(
        isInsuredForUnemploymentInsuranceAct=FLAG,
        isInsuredForOccupationalDisabilityInsuranceAct=FLAG,
        isInsuredForSicknessBenefitsAct=FLAG,
        healthCareInsuranceActType=code(),
    ),
    wageData=block(
        grossWage=number(1, 1_000_000),
        grossWageType=code("wageType"),
        netWage=number(1, 1_000_000),
        netWageType=code("wageType"),
        payScale=code(),
        payGrade=code(),
        applyPayGrade=FLAG,
    ),
    workingHoursData=block(
        deviatingHoursPerWeek=number(0.01, 99),
        shift=block(shiftNumber=need(integer(1))),
        regularWorkPattern=FLAG,
        calculateUsingWorkPattern=need(
            block(
                daysDailyRate=FLAG,
                deviatingDaysAndHours=FLAG,
                hoursBrokenPeriod=FLAG,
                hoursPeriod=FLAG,
                leaveHours=FLAG,
            )
        ),
        workPattern=ANY,
        flexibleHoursContract=code(),
        contractCode=reference("contractCode"),
    ),
)

_CONCEPT_EMPLOYEE = CONCEPT.fields["employeeData"].fields
CONCEPT_MINIMIZED = block(
    personalDetails=need(_CONCEPT_EMPLOYEE["personalDetails"]),
    address=_CONCEPT_EMPLOYEE["address"],
    contactInformation=_CONCEPT_EMPLOYEE["contactInformation"],
    iban=_CONCEPT_EMPLOYEE["iban"],
)

BSN = block(citizenServiceNumber=text(9, 9))
