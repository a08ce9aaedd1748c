"""Fields of an employment and of the dated records under it (Loket API 7 and 8)."""

from adapters.simulators.loket.schema import (
    ANY,
    DATE,
    FLAG,
    Field,
    block,
    code,
    fixed,
    integer,
    many,
    need,
    number,
    reference,
    text,
)

REQUIRED_FLAGS = (
    "calculateWorkingHours",
    "exemptionPremiumWaiverMarginalLabour",
    "exemptionWorkRelatedExpenseScheme",
    "isAnonymousEmployee",
    "isGemoedsbezwaardEmployeeInsurance",
    "isGemoedsbezwaardNationalInsurance",
    "isOnCallEmployment",
    "participation55plusRegulationUWV",
    "signalPayGradeAdjustment",
    "wachtgeldOldRegulation",
    "writtenEmploymentContract",
)
REQUIRED_CODES = (
    "employmentDurationType",
    "exemptionInsuranceObligation",
    "temporaryTaxExemption",
    "typeOfEmployee",
)
_READ_ONLY = (
    "employee",
    "payrollAdministration",
    "nonPayrollAdministration",
    "payrollId",
    "endOfEmploymentDueToIllness",
    "endOfEmploymentReason",
    "endOfEmploymentReasonTaxAuthorities",
    "employmentCategoryType",
    "linkedEmployment",
)

EMPLOYMENT = block(
    **{name: need(FLAG) for name in REQUIRED_FLAGS},
    **{name: need(code(name)) for name in REQUIRED_CODES},
    **{name: fixed(ANY) for name in _READ_ONLY},
    startDate=fixed(DATE),
    endDate=fixed(DATE),
    incomeRelationshipNumber=need(integer(None, 9999)),
    historicalStartDate=DATE,
    commissionUntilDate=DATE,
    **{f"commissionUntilDate{number}": DATE for number in range(1, 7)},
    cancellationNoticeDate=DATE,
    startCancellationNoticePeriod=DATE,
    cancellationPeriodEmployee=integer(1, 1000),
    cancellationPeriodEmployer=integer(1, 1000),
    cancellationPeriodTimeUnit=code("cancellationPeriodTimeUnit"),
    deviatingCLATaxReturn=integer(1, 9999),
    professionCode=integer(1, 999),
    periodPayGradeAdjustment=integer(1, 52),
    namePayslip=text(34),
    emailLeaveRequest=text(255),
)

EMPLOYMENT_POST = block(**dict(EMPLOYMENT.fields) | {"startDate": need(DATE), "payrollAdministration": ANY})

TERMINATION = block(
    endDate=need(DATE),
    endOfEmploymentReason=need(code("endOfEmploymentReason")),
    endOfEmploymentReasonTaxAuthorities=need(code("endOfEmploymentReasonTaxAuthorities")),
    endOfEmploymentDueToIllness=need(FLAG),
    createMdvEntry=need(FLAG),
)
"""Version 2019-12-16; the one of 2018-01-01 has no reason for the tax authorities."""

START_DATE = block(startDate=need(DATE))
CATEGORY = block(employmentCategoryType=need(code("employmentCategoryType")), linkedEmployment=text(36, 36))

WAGE = block(
    startDate=need(DATE),
    endDate=fixed(DATE),
    grossWage=number(0.01, 999_999.99),
    grossWageType=code("wageType"),
    netWage=number(0.01, 999_999.99),
    netWageType=code("wageType"),
    payScale=code(),
    payGrade=code(),
    applyPayGrade=FLAG,
    employerCosts=number(0.01, 99_999.99),
    employerCostsType=code("wageType"),
    isGrossWageFullTime=fixed(FLAG),
    payrollPeriodType=fixed(code()),
)

WORKING_HOURS = block(
    startDate=need(DATE),
    endDate=fixed(DATE),
    shift=need(block(shiftNumber=need(integer(1)), fullTimeHoursPerWeek=fixed(number()))),
    regularWorkPattern=need(FLAG),
    calculateUsingWorkPattern=need(
        block(
            daysDailyRate=need(FLAG),
            deviatingDaysAndHours=need(FLAG),
            hoursBrokenPeriod=need(FLAG),
            hoursRegularPeriod=need(FLAG),
            leaveHours=need(FLAG),
        )
    ),
    deviatingHoursPerWeek=number(0.01, 99.99),
    workPattern=ANY,
    averageHoursPerWeek=number(0, 168),
    averageParttimeFactor=number(0.01, 999.99),
    flexibleHoursContract=code(),
    contractCode=reference("contractCode"),
    deviatingSvDaysPerPeriod=integer(1, 23),
    aggregatedHoursPerWeek=fixed(number()),
)

ORGANIZATIONAL_ENTITY = block(
    startDate=need(DATE),
    endDate=fixed(DATE),
    department=need(reference("department")),
    function=need(reference("function")),
    distributionUnit=need(reference("distributionUnit")),
    placeOfEmployment=text(24),
    deviatingFunctionDescription=text(50),
    deviatingFunctionGroup=text(5),
    internalTelephoneExtensionNumber=text(15),
    standardFunction=code(),
)

FISCAL = block(
    startDate=need(DATE),
    endDate=fixed(DATE),
    applyPayrollTaxDeduction=need(FLAG),
    annualSalary=need(integer(0, 999_999_999)),
    residentOf=need(code()),
    deviatingPayrollTaxTableColour=need(code()),
    deviatingCalculationRulePayrollTax=need(code()),
    applyDeviatingPayrollTaxPercentageOn=need(code()),
    applySalarysplit=need(FLAG),
    doesWageIncludeAow=need(FLAG),
    doesWageIncludeWajong=need(FLAG),
    hasEmployeeLoan=need(FLAG),
    usesTransportByWithholdingAgent=need(FLAG),
    applyStudentDeduction=FLAG,
    applyDayTables=FLAG,
    deviatingPayrollTaxPercentage=number(0, 99.99),
    thirtyPercentFacility=code(),
    deviatingPercentageThirtyPercentFacility=number(0.000001, 29.999999),
    deviatingTaxTableCode=code(),
    percentageForeignIncome=number(0.01, 99.99),
    deviatingSmallJobsArrangement=code(),
    contributionReductionEducation=code(),
)

SOCIAL_SECURITY = block(
    startDate=need(DATE),
    endDate=fixed(DATE),
    isInsuredForUnemploymentInsuranceAct=need(FLAG),
    isInsuredForOccupationalDisabilityInsuranceAct=need(FLAG),
    isInsuredForSicknessBenefitsAct=need(FLAG),
)
HEALTH_CARE = block(startDate=need(DATE), endDate=fixed(DATE), healthcareInsuranceActType=need(code()))
OTHER_VARIABLES = block(
    startDate=need(DATE),
    endDate=fixed(DATE),
    productivityPercentage=need(number(0, 100)),
    payrollProperties=ANY,
    pensionProperties=ANY,
    insuranceProperties=ANY,
)

SEPA = block(
    iban=need(text(35, 1)),
    payrollComponent=need(code("payrollComponent")),
    visibleOnPayslip=need(FLAG),
    bic=text(11, 1),
    nameBeneficiary=text(70),
    cityBeneficiary=text(24),
    description1=text(32),
    description2=text(32),
)

BENEFIT = block(
    payrollComponent=need(code("payrollComponent")),
    startDate=need(DATE),
    endDate=DATE,
    value=need(number(0.01, 99_999.99)),
)

_COMPONENT_VALUE: Field = block(
    payrollComponent=need(block(key=need(integer()))), value=number(), isSupplement=need(FLAG)
)
PERIOD_DATA = block(
    payrollPeriod=need(block(year=need(integer(2000, 9999)), periodNumber=need(integer(1, 53)))),
    shift=need(block(shiftNumber=need(integer(1)))),
    payslipType=need(code("payslipType")),
    distributionUnit=need(reference("distributionUnit")),
    costCenter=code(),
    costUnit=code(),
    payslipText=text(25, 1),
    payrollComponents=need(many(_COMPONENT_VALUE)),
)

USER_FILTER = block(
    employmentFilter=need(
        block(
            filterOnEmployedStatus=need(text()),
            filterOnAdministrations=need(many(ANY)),
            filterOnDepartments=need(many(ANY)),
            filterOnEmploymentCategoryType=need(many(ANY)),
            filterOnOnCallEmployment=FLAG,
        )
    )
)
