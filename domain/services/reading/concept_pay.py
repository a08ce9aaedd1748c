"""Base salaries of people who are or become concept employees, read as of the day each of them needs (JOIN-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.planning.business_date import salary_date
from domain.planning.pay.windows import unreadable
from domain.planning.plausible import Payees
from domain.services.journal import Tools
from domain.services.reading.read_pay import payees_in
from domain.settings import Policy
from domain.snapshots import Compensation, LoketSnapshot, PersonioPerson, PersonioSnapshot, UnreadablePay
from domain.values import PersonId


@dataclass(frozen=True, slots=True)
class ConceptPay:
    """What Personio lists of them. `payees` are all who had pay on those days; None: there was nobody to ask for."""

    compensations: tuple[Compensation, ...] = ()
    unreadable: Mapping[PersonId, Sequence[UnreadablePay]] = field(default_factory=dict)
    payees: Payees | None = None


def read_concept_pay(
    tools: Tools, policy: Policy, personio: PersonioSnapshot, loket: LoketSnapshot, today: date
) -> ConceptPay:
    days: dict[date, set[PersonId]] = {}
    for one in personio.people:
        if _may_be_concept(one, loket):
            days.setdefault(salary_date(one, today), set()).add(one.id)
    if not days:
        return ConceptPay()
    read = [(people, tools.personio.compensations(policy.entity, on=day)) for day, people in sorted(days.items())]
    return ConceptPay(
        tuple(pay for people, window in read for pay in window.compensations if pay.person in people),
        {person: told for people, window in read for person, told in unreadable([window]).items() if person in people},
        payees_in((window for _, window in read), personio),
    )


def _may_be_concept(person: PersonioPerson, loket: LoketSnapshot) -> bool:
    return person.employee_number is not None and person.employee_number not in loket.employees
