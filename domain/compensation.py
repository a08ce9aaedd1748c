"""Base salary as Loket wants it (JOIN-4, PAY-6, PAY-7, PAY-9 to PAY-11): exact decimals, rounded once, at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from typing import Final

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.findings import Finding, FindingCode
from domain.snapshots import Compensation, CompensationCategory, PersonioPerson
from domain.values import FieldPath, Observed

_CENT: Final = Decimal("0.01")
_MAXIMUM: Final = Decimal("999999.99")
_CONCEPT_MINIMUM: Final = Decimal(1)
NOT_FOR_CONCEPTS: Final = (CompensationCategory.RECURRING, CompensationCategory.ONE_TIME)
PERIODIC, HOURLY = "1", "2"  # Loket's wage types


class PayrollPeriod(IntEnum):
    """Loket's payrollPeriodType key, and with it how many periods a year has."""

    MONTH = 1
    FOUR_WEEKS = 3
    WEEK = 4

    @property
    def per_year(self) -> int:
        return {PayrollPeriod.MONTH: 12, PayrollPeriod.FOUR_WEEKS: 13, PayrollPeriod.WEEK: 52}[self]


_PER_YEAR: Final = {"YEARLY": 1, "MONTHLY": 12}


@dataclass(frozen=True, slots=True)
class Wage:
    """A Loket wage: full-time gross amount per payroll period, or per hour."""

    amount: Decimal
    hourly: bool

    def fields(self) -> dict[FieldPath, Observed]:
        return {GROSS_WAGE: f"{self.amount:.2f}", GROSS_WAGE_TYPE: HOURLY if self.hourly else PERIODIC}


def base_salary(compensations: Iterable[Compensation], *, on: date) -> Compensation | None:
    """The fixed or hourly salary in force on a day: the one that took effect last; amount 0 means ended (PAY-10)."""
    salaries = [
        one
        for one in compensations
        if one.category in (CompensationCategory.FIXED_SALARY, CompensationCategory.HOURLY_SALARY)
        and (one.effective_from is None or one.effective_from <= on)
    ]
    latest = max(salaries, key=lambda one: (one.effective_from or date.min, one.id), default=None)
    return None if latest is None or latest.amount == 0 else latest


def concept_wage(salary: Compensation, person: PersonioPerson, period: PayrollPeriod) -> Wage | Finding:
    """The wage of a concept employee, in the full-time amount Loket takes by default (PAY-9), or what is wrong."""
    hourly = salary.category is CompensationCategory.HOURLY_SALARY
    if salary.amount < 0 or salary.currency.upper() != "EUR":
        return Finding(FindingCode.AMOUNT_RANGE, GROSS_WAGE)
    exact = salary.amount if hourly else _full_time_per_period(salary, person, period)
    if exact is None:
        return Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, GROSS_WAGE)
    converted = exact != salary.amount
    amount = exact.quantize(_CENT, ROUND_HALF_UP)
    if (amount != exact and not converted) or not _CONCEPT_MINIMUM <= amount <= _MAXIMUM:
        return Finding(FindingCode.AMOUNT_RANGE, GROSS_WAGE)
    return Wage(amount, hourly)


def _full_time_per_period(salary: Compensation, person: PersonioPerson, period: PayrollPeriod) -> Decimal | None:
    """Effective amount x full-time hours / weekly hours, from Personio's interval to Loket's payroll period."""
    per_year = _PER_YEAR.get(salary.interval.upper())
    employment = person.employment
    weekly = salary.weekly_hours or (employment.weekly_hours if employment else None)
    full_time = salary.full_time_hours or (employment.full_time_hours if employment else None)
    if per_year is None or not weekly or not full_time:
        return None
    return salary.amount * per_year * full_time / (period.per_year * weekly)
