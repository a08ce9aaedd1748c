"""What the systems show ahead, against the planned runs.

Only what their APIs tell: pay, starts of people who are Onboarding, last days in Personio, end dates and future records
in Loket. The future of every other attribute is hidden by Personio, and nothing is guessed about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.planning.eligibility import status_word
from domain.planning.pay.sent_types import is_enabled
from domain.settings import Policy
from domain.snapshots import SALARY, Compensation, CompensationCategory, LoketSnapshot, PersonioPerson, PersonioSnapshot
from domain.values import EmployeeNumber, PersonId


class Ahead(StrEnum):
    SALARY = "salary becomes effective"
    PAY = "recurring pay becomes effective"
    ONE_TIME = "one-time pay is due"
    START = "starts in Personio"
    LAST_DAY = "last day in Personio"
    END_IN_LOKET = "employment ends in Loket"
    START_IN_LOKET = "employment starts in Loket"


_PLURAL: Final = {
    Ahead.SALARY: "salaries become effective",
    Ahead.PAY: "recurring payments become effective",
    Ahead.ONE_TIME: "one-time payments are due",
    Ahead.START: "people start in Personio",
    Ahead.LAST_DAY: "last days in Personio",
    Ahead.END_IN_LOKET: "employments end in Loket",
    Ahead.START_IN_LOKET: "employments start in Loket",
}


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One dated fact after today; `first_run` is the first planned run on its day or later, if there is one."""

    what: Ahead
    on: date
    person: PersonId
    number: EmployeeNumber | None
    first_run: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    until: date
    runs: tuple[date, ...]
    upcoming: tuple[Upcoming, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What comes after the last planned run: "2 salaries become effective on 2026-03-20: the last planned run …".

        None where no run is planned at all: that is said once, and not of each.
        """
        if not self.runs:
            return ()
        missed = Counter((one.on, one.what) for one in self.upcoming if one.first_run is None)
        return tuple(
            f"{many if many > 1 else 'one'} {_PLURAL[what] if many > 1 else what.value} on {on}: "
            f"the last planned run is on {max(self.runs)}"
            for (on, what), many in sorted(missed.items())
        )


def forecast(
    personio: PersonioSnapshot,
    loket: LoketSnapshot,
    compensations: Iterable[Compensation],
    runs: Sequence[date],
    policy: Policy,
    *,
    today: date,
    until: date,
) -> Forecast:
    """Every dated fact after today and up to `until`, with the planned run that would carry it; of pay what is sent."""
    numbers = {one.id: one.employee_number for one in personio.people}
    found = [
        *(_pay(one, numbers) for one in compensations if one.person in numbers and is_enabled(one, policy)),
        *(fact for one in personio.people for fact in _in_personio(one, numbers)),
        *_in_loket(personio, loket, policy),
    ]
    planned = tuple(sorted(one for one in set(runs) if one >= today))
    return Forecast(
        until,
        planned,
        tuple(
            Upcoming(one.what, one.on, one.person, one.number, next((day for day in planned if day >= one.on), None))
            for one in sorted(
                {each for each in found if each is not None and today < each.on <= until},
                key=lambda one: (one.on, one.what, one.number or 0, one.person),
            )
        ),
    )


def _pay(one: Compensation, numbers: dict[PersonId, EmployeeNumber | None]) -> Upcoming | None:
    if one.effective_from is None:
        return None
    if one.category in SALARY:
        what = Ahead.SALARY
    else:
        what = Ahead.ONE_TIME if one.category is CompensationCategory.ONE_TIME else Ahead.PAY
    return Upcoming(what, one.effective_from, one.person, numbers[one.person])


def _in_personio(one: PersonioPerson, numbers: dict[PersonId, EmployeeNumber | None]) -> Iterable[Upcoming]:
    if one.employment is None:
        return
    if one.employment.start is not None and status_word(one) == "ONBOARDING":
        yield Upcoming(Ahead.START, one.employment.start, one.id, numbers[one.id])
    if one.employment.end is not None:
        yield Upcoming(Ahead.LAST_DAY, one.employment.end, one.id, numbers[one.id])


def _in_loket(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy) -> Iterable[Upcoming]:
    """Of employees whom Personio knows, in the administration of the entity."""
    here = policy.entity.loket_payroll_administration_id
    for one in personio.people:
        number = one.employee_number
        employee = loket.employees.get(number) if number is not None else None
        for each in employee.employments if employee else ():
            if each.payroll_administration == here:
                yield Upcoming(Ahead.START_IN_LOKET, each.start, one.id, number)
                if each.end is not None:
                    yield Upcoming(Ahead.END_IN_LOKET, each.end, one.id, number)
