"""Which of a part-timer's two amounts Personio shows, as the wages that Loket already holds tell it (PAY-9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.attributes import WAGE_FIELDS
from domain.planning import matching
from domain.planning.comparison import differences
from domain.planning.findings import Finding
from domain.planning.pay.conversion import PayrollPeriod, Wage, basis_matters, wage
from domain.planning.pay.on_a_day import clear_salary_on, wage_on
from domain.settings import AmountBasis, Policy
from domain.snapshots import Compensation, HeldPay, LoketSnapshot, PersonioPerson, PersonioSnapshot
from domain.values import NOT_OBSERVED

_DECIDED: Final = (AmountBasis.FULL_TIME, AmountBasis.EFFECTIVE)


@dataclass(frozen=True, slots=True)
class Votes:
    """How many part-timers' wages in Loket equal each reading of their amount in Personio."""

    full_time: int = 0
    effective: int = 0
    neither: int = 0

    @property
    def proposal(self) -> AmountBasis:
        """The reading that some wage equals while none equals the other; a person sets it, never we."""
        if bool(self.full_time) == bool(self.effective):
            return AmountBasis.UNDECIDED
        return AmountBasis.FULL_TIME if self.full_time else AmountBasis.EFFECTIVE


def readings(
    salary: Compensation, person: PersonioPerson, period: PayrollPeriod, basis: AmountBasis
) -> dict[AmountBasis, Wage] | Finding:
    """The wage in the setting in force; while that is undecided and matters, one for each reading instead."""
    undecided = basis is AmountBasis.UNDECIDED and basis_matters(salary, person)
    made = {one: wage(salary, person, period, one) for one in (_DECIDED if undecided else (basis,))}
    possible = {one: each for one, each in made.items() if isinstance(each, Wage)}
    return possible or next(each for each in made.values() if isinstance(each, Finding))


def reading_of(held: HeldPay | None, possible: Mapping[AmountBasis, Wage]) -> AmountBasis | None:
    """The reading in which the amount is what Loket holds; None when it is so in neither."""
    return next((basis for basis, one in possible.items() if held is not None and holds(held, one)), None)


def holds(held: HeldPay, one: Wage) -> bool:
    """Whether a record is this wage: as the full-time amount, or as the person's own where Loket does not scale it."""
    fields = one.fields() if held.full_time else one.unscaled()
    return fields is not None and not differences(WAGE_FIELDS.items(), fields, held.fields) and is_shown(held)


def is_shown(held: HeldPay) -> bool:
    return all(held.fields.get(name, NOT_OBSERVED) is not NOT_OBSERVED for name in WAGE_FIELDS)


def votes(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy, *, on: date) -> Votes:
    """One vote for each part-timer who has a fixed salary, and a wage in Loket, on that day."""
    period = PayrollPeriod.of(loket.payroll_period)
    if period is None:
        return Votes()
    cast: Counter[AmountBasis | None] = Counter()
    for person in personio.people:
        link = matching.match(person, loket, policy, {}, {})
        salary = clear_salary_on(personio.paid.get(person.id, ()), on)
        if not isinstance(link, matching.FinalLink) or salary is None or not basis_matters(salary, person):
            continue
        held = wage_on(loket.pay, link.employment.id, on)
        possible = readings(salary, person, period, AmountBasis.UNDECIDED)
        if held is not None and not isinstance(possible, Finding):
            cast[reading_of(held, possible)] += 1
    return Votes(cast[AmountBasis.FULL_TIME], cast[AmountBasis.EFFECTIVE], cast[None])
