"""What is in force on a day on either side: salaries of Personio, wages and working hours of Loket (PAY-3, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.planning.pay.case import PayCase
from domain.snapshots import SALARY, Compensation, CompensationCategory, HeldHours, HeldPay, LoketPay, Paid


def base_salary(compensations: Iterable[Compensation], *, on: date) -> Compensation | None:
    """The fixed or hourly salary in force on a day: the one that took effect last; amount 0 means ended (PAY-10)."""
    salaries = [
        one
        for one in compensations
        if one.category in SALARY and (one.effective_from is None or one.effective_from <= on)
    ]
    latest = max(salaries, key=lambda one: (one.takes_effect, one.id), default=None)
    return None if latest is None or latest.amount == 0 else latest


def differ(several: Iterable[Compensation]) -> bool:
    """Whether pay from one day is not the same pay told twice: which of it holds is said nowhere (PAY-3)."""
    said = {
        (one.category, one.amount, one.currency, one.interval.upper(), one.weekly_hours, one.full_time_hours)
        for one in several
    }
    return len(said) > 1


def ambiguous_salary(compensations: Iterable[Compensation], *, on: date) -> bool:
    """Whether another salary than the base salary in force on a day began together with it, or is paid beside it under
    another type (PAY-3). Each of `compensations` runs on that day.
    """
    every = [one for one in compensations if one.category in SALARY]
    salary = base_salary(every, on=on)
    if salary is None:
        return False
    together = (one for one in every if one.effective_from == salary.effective_from)
    beside = side_by_side(salary.category, (one for one in every if one.takes_effect <= on))
    return differ(together) or differ(beside)


def side_by_side(category: CompensationCategory, begun: Iterable[Compensation]) -> list[Compensation]:
    """Of each type of one category the newest, but for those whose amount 0 says that they ended (PAY-10).

    A salary by the hour takes the place of a fixed one, and the other way round, and so does a newer one of an id,
    whatever its type; of two fixed ones neither does.
    """
    by_id = {one.id: one for one in sorted(begun, key=lambda one: (one.takes_effect, one.id))}
    newest = {one.type_id: one for one in sorted(by_id.values(), key=lambda one: (one.takes_effect, one.id))}
    return [one for one in newest.values() if one.amount != 0 and one.category is category]


def latest(several: Iterable[Compensation]) -> tuple[Compensation, ...]:
    """Those that took effect last; more than one where they began on one day."""
    every = list(several)
    last = max(one.takes_effect for one in every)
    return tuple(one for one in every if one.takes_effect == last)


def running_on(case: PayCase, several: Iterable[Paid], day: date) -> tuple[Compensation, ...]:
    """What began last of what Personio has on a day; more than one where they began on one day."""
    begun = [one for one in _on(several, day) if case.begins(one) <= day]
    last = max((one.takes_effect for one in begun), default=None)
    return tuple(one for one in begun if one.takes_effect == last)


def hours_on(chain: Iterable[HeldHours], day: date) -> HeldHours | None:
    """The record that holds on a day, as far as it was read."""
    return max((one for one in chain if one.start <= day), key=lambda one: one.start, default=None)


def salary_on(paid: Iterable[Paid], day: date) -> Compensation | None:
    """The fixed or hourly salary in force on a day."""
    return base_salary(_on(paid, day), on=day)


def wage_on(pay: LoketPay, employment: str, day: date) -> HeldPay | None:
    """The wage in force on a day, as far as it was read."""
    begun = (one for one in known_wages(pay, employment) if one.start <= day)
    return max(begun, key=lambda one: one.start, default=None)


def known_wages(pay: LoketPay, employment: str) -> tuple[HeldPay, ...]:
    """Those from the compensation start date on, and the one that is in force on it; that may be one of them."""
    at_start = pay.wage_at_start.get(employment)
    return (*pay.wages.get(employment, ()), *((at_start,) if at_start else ()))


def clear_salary_on(paid: Iterable[Paid], day: date) -> Compensation | None:
    """The salary in force on a day; None too where two are, and nobody can say which counts."""
    running = _on(paid, day)
    return None if ambiguous_salary(running, on=day) else base_salary(running, on=day)


def _on(paid: Iterable[Paid], day: date) -> list[Compensation]:
    """What has not ended before a day."""
    return [one.compensation for one in paid if one.until is None or one.until >= day]
