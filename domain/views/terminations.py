"""Who is out because Loket ended the employment, since when, and who came back; where the two systems disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from domain.events.loket import TerminationObserved, TerminationReversed, TerminationSuperseded
from domain.events.personio import GatesObserved
from domain.log import Recorded
from domain.planning.eligibility import Exclusion
from domain.planning.findings import NoticeCode
from domain.planning.matching import FinalLink, Terminated
from domain.values import EmployeeNumber, LegalEntityId, PersonId

if TYPE_CHECKING:
    from domain.planning.decide import Decision, Plan


@dataclass(frozen=True, slots=True)
class EndDateSeen:
    """One observation of an employment's end date; None when it was gone again."""

    employee_number: EmployeeNumber
    employment_id: str
    income_number: int
    end_date: date | None
    recorded_at: datetime
    position: int


class TerminationsView(Protocol):
    def end_dates(self, entity: LegalEntityId) -> Sequence[EndDateSeen]:
        """Every observation of an end date in an entity, by employee number, then in order."""
        ...


@dataclass(frozen=True, slots=True)
class Interval:
    """From the first sight of an end date until it was gone, or another employment took its place (AUD-7)."""

    employee_number: EmployeeNumber
    employment_id: str
    income_number: int
    end_dates: tuple[date, ...]  # in the order they were seen
    since: datetime
    until: datetime | None = None
    reinstated: bool = False  # False beside an `until`: the person went on in another employment


def intervals(end_dates: Iterable[EndDateSeen]) -> tuple[Interval, ...]:
    """The observations of each number folded into intervals."""
    done: list[Interval] = []
    running: dict[EmployeeNumber, Interval] = {}
    for one in end_dates:
        number, open_ = one.employee_number, running.pop(one.employee_number, None)
        same = open_ is not None and open_.employment_id == one.employment_id
        if one.end_date is None:
            if open_ is not None:
                done.append(replace(open_, until=one.recorded_at, reinstated=same))
        elif open_ is not None and same:
            running[number] = replace(open_, end_dates=(*open_.end_dates, one.end_date))
        else:
            if open_ is not None:
                done.append(replace(open_, until=one.recorded_at))
            running[number] = Interval(number, one.employment_id, one.income_number, (one.end_date,), one.recorded_at)
    return tuple(sorted([*done, *running.values()], key=lambda one: (one.employee_number, one.since)))


NUMBERING: Final = (GatesObserved,)
"""What `number_of` looks at."""


def number_of(history: Iterable[Recorded]) -> EmployeeNumber | None:
    """The employee number that Personio shows last, by the stream of a person."""
    gates = [event.fact for event in history if isinstance(event.fact, GatesObserved)]
    return EmployeeNumber(gates[-1].employee_number) if gates and gates[-1].employee_number is not None else None


ENDING: Final = (TerminationObserved, TerminationReversed, TerminationSuperseded)
"""What `end_date_of` looks at."""


def end_date_of(history: Iterable[Recorded]) -> date | None:
    """The end date that Loket shows last for a number, by its stream; None for one that is gone again."""
    end: date | None = None
    for event in history:
        match event.fact:
            case TerminationObserved(effective_on=day):
                end = day
            case TerminationReversed() | TerminationSuperseded():
                end = None
    return end


@dataclass(frozen=True, slots=True)
class Out:
    """Active in Personio, and left out because Loket ended the matched employment (END-2)."""

    person: PersonId
    number: EmployeeNumber
    income_number: int
    end_date: date
    since: datetime | None  # None: seen just now, by no run or check before
    newer_employment: bool  # another one runs in Loket: its numbers belong in Personio (EMPL-2)
    follow_up: tuple[str, ...]  # fields that Personio holds otherwise: work by hand in Loket
    last_day: date | None = None  # in Personio


@dataclass(frozen=True, slots=True)
class Open:
    """Inactive in Personio while the employment in Loket has no end date (END-3)."""

    person: PersonId
    number: EmployeeNumber
    income_number: int


class OnlyIn(StrEnum):
    """In which of the two systems the employment has ended."""

    LOKET = "loket"  # Active in Personio (END-2)
    PERSONIO = "personio"  # Loket's employment goes on (END-3)

    @property
    def rule(self) -> str:
        return "END-2" if self is OnlyIn.LOKET else "END-3"


@dataclass(frozen=True, slots=True)
class Disagreement:
    person: PersonId
    number: EmployeeNumber
    ended_in: OnlyIn


@dataclass(frozen=True, slots=True)
class EndApart:
    """An employment that ends in one system only; `end` is the day that Loket shows."""

    person: PersonId
    number: EmployeeNumber | None
    ended_in: OnlyIn
    end: date | None


@dataclass(frozen=True, slots=True)
class Terminations:
    out: tuple[Out, ...]
    open_in_loket: tuple[Open, ...]
    ended_in_both: tuple[PersonId, ...]
    history: tuple[Interval, ...]

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """On whose end of employment the systems disagree: what an alert counts, and what is listed.

        Somebody on notice, whose last day is the same in both, is Active in Personio until it is over: that is no
        disagreement.
        """
        return (
            *(Disagreement(one.person, one.number, OnlyIn.LOKET) for one in self.out if one.last_day != one.end_date),
            *(Disagreement(one.person, one.number, OnlyIn.PERSONIO) for one in self.open_in_loket),
        )


def terminations(plan: Plan, end_dates: Iterable[EndDateSeen]) -> Terminations:
    """Where terminations stand, from the decisions about everyone and what was observed before."""
    history = intervals(end_dates)
    running = {one.employment_id: one.since for one in history if one.until is None}
    out, open_, both = [], [], []
    for decision in plan.decisions:
        match decision.link:
            case Terminated(number=number, employment=employment, newer_runs=newer) if employment.end is not None:
                if decision.left_out is not None and decision.left_out.label is Exclusion.TERMINATED_IN_LOKET:
                    since = running.get(employment.id)
                    told = (number, employment.income_number, employment.end, since, newer, _follow_up(decision))
                    out.append(Out(decision.person, *told, decision.last_day))
                elif decision.left_out is not None and decision.left_out.rule == "END-3":
                    both.append(decision.person)
            case FinalLink(number=number, employment=employment):
                if decision.left_out is not None and decision.left_out.rule == "END-3":
                    open_.append(Open(decision.person, number, employment.income_number))
            case _:
                pass
    return Terminations(tuple(out), tuple(open_), tuple(both), history)


def _follow_up(decision: Decision) -> tuple[str, ...]:
    told = (one.detail for one in decision.notices if one.code is NoticeCode.MANUAL_FOLLOW_UP)
    return tuple(field for detail in told for field in detail.split(", ") if field)
