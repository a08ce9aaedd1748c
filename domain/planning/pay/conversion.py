"""Base salary as Loket wants it (JOIN-4, PAY-6, PAY-7, PAY-9 to PAY-11): exact decimals, rounded once, at the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from typing import Final

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.planning.findings import Finding, FindingCode
from domain.settings import AmountBasis
from domain.snapshots import Compensation, CompensationCategory, PersonioPerson
from domain.values import FieldPath

_CENT: Final = Decimal("0.01")
_MAXIMUM: Final = Decimal("999999.99")
_CONCEPT_MINIMUM: Final = Decimal(1)
_RECURRING_MAXIMUM: Final = Decimal("99999.99")
ROUNDING: Final = "half up to 2 decimals, once, at the end"
NOT_FOR_CONCEPTS: Final = (CompensationCategory.RECURRING, CompensationCategory.ONE_TIME)
PERIODIC, HOURLY = "1", "2"  # Loket's wage types


class PayrollPeriod(IntEnum):
    """Loket's payrollPeriodType key, and with it how many periods a year has."""

    MONTH = 1
    FOUR_WEEKS = 3
    WEEK = 4

    @classmethod
    def of(cls, key: int | None) -> PayrollPeriod | None:
        return next((one for one in cls if one == key), None)

    @property
    def per_year(self) -> int:
        return {PayrollPeriod.MONTH: 12, PayrollPeriod.FOUR_WEEKS: 13, PayrollPeriod.WEEK: 52}[self]


_PER_YEAR: Final = {"YEARLY": 1, "MONTHLY": 12}


@dataclass(frozen=True, slots=True)
class Conversion:
    """How an amount for Loket came about: what Personio said and every figure behind it (PAY-9, PAY-11)."""

    amount: Decimal
    interval: str
    periods_a_year: int
    weekly_hours: Decimal | None = None  # None where hours do not matter, or are not known and not needed
    full_time_hours: Decimal | None = None
    amounts_are: AmountBasis | None = None  # of a wage: the setting in force
    parts: tuple[Decimal, ...] = ()  # of several one-time amounts in one period: what was added up


@dataclass(frozen=True, slots=True)
class Wage:
    """A Loket wage: full-time gross amount per payroll period, or per hour."""

    amount: Decimal
    hourly: bool
    conversion: Conversion
    own: Decimal | None  # the person's own amount per period, for a wage that Loket does not scale; None: hours unknown

    def fields(self) -> dict[FieldPath, str]:
        return {GROSS_WAGE: f"{self.amount:.2f}", GROSS_WAGE_TYPE: HOURLY if self.hourly else PERIODIC}

    def unscaled(self) -> dict[FieldPath, str] | None:
        """The fields of a wage that Loket does not scale by hours; None when the hours are not known (PAY-9)."""
        return None if self.own is None else {**self.fields(), GROSS_WAGE: f"{self.own:.2f}"}


def concept_wage(
    salary: Compensation, person: PersonioPerson, period: PayrollPeriod, basis: AmountBasis
) -> Wage | Finding:
    """The wage of a concept employee; it takes whole euros and up (JOIN-4).

    What a concept holds was put there by us, so it cannot tell how an amount is meant (PAY-9).
    """
    if basis is AmountBasis.UNDECIDED and basis_matters(salary, person):
        return Finding(FindingCode.AMOUNT_BASIS_UNDECIDED, GROSS_WAGE)
    return wage(salary, person, period, basis, minimum=_CONCEPT_MINIMUM)


def basis_matters(salary: Compensation, person: PersonioPerson) -> bool:
    """Whether the full-time and the person's own amount differ: a fixed salary whose part-time factor is not 1."""
    weekly, full_time = hours_of(salary, person)
    return salary.category is CompensationCategory.FIXED_SALARY and bool(weekly and full_time) and weekly != full_time


def wage(
    salary: Compensation,
    person: PersonioPerson,
    period: PayrollPeriod,
    basis: AmountBasis,
    *,
    minimum: Decimal = _CENT,
) -> Wage | Finding:
    """A salary in the full-time amount Loket takes by default, or what is wrong with it (PAY-9).

    An undecided basis must not matter here (`basis_matters`): hours are still asked for, to know that it does not.
    """
    if salary.amount < 0 or salary.currency.upper() != "EUR":
        return Finding(FindingCode.AMOUNT_RANGE, GROSS_WAGE)
    if salary.category is CompensationCategory.HOURLY_SALARY:
        conversion = Conversion(salary.amount, salary.interval, period.per_year, amounts_are=basis)
        return _rounded(salary, salary.amount, salary.amount, conversion, minimum)
    per_year = _PER_YEAR.get(salary.interval.upper())
    weekly, full_time = hours_of(salary, person)
    known = bool(weekly and full_time)
    if per_year is None or not (known or basis is AmountBasis.FULL_TIME):
        return Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, GROSS_WAGE)
    yearly, periods = salary.amount * per_year, period.per_year
    if basis is AmountBasis.FULL_TIME:
        conversion = Conversion(salary.amount, salary.interval, periods, weekly, full_time, basis)
        own = yearly * weekly / (periods * full_time) if weekly and full_time else None
        return _rounded(salary, yearly / periods, own, conversion, minimum)
    assert weekly
    assert full_time
    conversion = Conversion(salary.amount, salary.interval, periods, weekly, full_time, basis)
    exact = yearly * full_time / (periods * weekly)
    return _rounded(salary, exact, yearly / periods, conversion, minimum)


def _rounded(
    salary: Compensation, exact: Decimal, own: Decimal | None, conversion: Conversion, minimum: Decimal
) -> Wage | Finding:
    """Once, at the end; an amount that needed no conversion and has more than two decimals is a mistake (PAY-11)."""
    amount = exact.quantize(_CENT, ROUND_HALF_UP)
    if (amount != exact and exact == salary.amount) or not minimum <= amount <= _MAXIMUM:
        return Finding(FindingCode.AMOUNT_RANGE, GROSS_WAGE)
    hourly = salary.category is CompensationCategory.HOURLY_SALARY
    return Wage(amount, hourly, conversion, None if own is None else own.quantize(_CENT, ROUND_HALF_UP))


def recurring_amount(
    pay: Compensation, period: PayrollPeriod, field: FieldPath, *, deduction: bool
) -> tuple[Decimal, Conversion] | Finding:
    """A recurring compensation per payroll period; hours do not matter. A deduction takes negatives (PAY-11)."""
    per_year = _PER_YEAR.get(pay.interval.upper())
    if per_year is None:
        return Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, field)
    exact = _positive(pay.amount, deduction=deduction) * per_year / period.per_year
    return _in_range(pay, exact, field, Conversion(pay.amount, pay.interval, period.per_year))


def one_time_amount(
    pay: Compensation, period: PayrollPeriod, field: FieldPath, *, deduction: bool
) -> tuple[Decimal, Conversion] | Finding:
    """A one-time compensation as it is, once."""
    exact = _positive(pay.amount, deduction=deduction)
    return _in_range(pay, exact, field, Conversion(pay.amount, pay.interval, period.per_year))


def _positive(amount: Decimal, *, deduction: bool) -> Decimal:
    return abs(amount) if deduction else amount


def _in_range(
    pay: Compensation, exact: Decimal, field: FieldPath, conversion: Conversion
) -> tuple[Decimal, Conversion] | Finding:
    amount = exact.quantize(_CENT, ROUND_HALF_UP)
    cut = amount != exact and exact == abs(pay.amount)  # more decimals than money has, and nothing was converted
    if cut or pay.currency.upper() != "EUR" or not _CENT <= amount <= _RECURRING_MAXIMUM:
        return Finding(FindingCode.AMOUNT_RANGE, field)
    return amount, conversion


def hours_of(salary: Compensation | None, person: PersonioPerson) -> tuple[Decimal | None, Decimal | None]:
    """(weekly, full-time) hours of the compensation, else of the employment."""
    employment = person.employment
    weekly = (salary.weekly_hours if salary else None) or (employment.weekly_hours if employment else None)
    full_time = (salary.full_time_hours if salary else None) or (employment.full_time_hours if employment else None)
    return weekly, full_time
