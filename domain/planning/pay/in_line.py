"""Of salaries paid at once, such as a base salary and a thirteenth month, the one that is Loket's wage (PAY-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeAlias

from domain.planning.findings import Finding
from domain.planning.pay.case import DAY
from domain.planning.pay.conversion import PayrollPeriod
from domain.planning.pay.on_a_day import differ
from domain.planning.pay.votes import reading_of, readings
from domain.planning.pay.windows import akin, first_of_month
from domain.settings import AmountBasis, Policy
from domain.snapshots import Compensation, HeldPay, LoketEmployment, LoketPay, Paid, PersonioPerson
from domain.values import FieldPath, Observed

Stands: TypeAlias = Callable[[date, Compensation], bool]


@dataclass(frozen=True, slots=True)
class InLine:
    """`salaries` follow one another, as wages in Loket do: whichever began first stays until it ends.

    `ambiguous` are the first days of others that run beside it today, of which neither has an end, so that nobody can
    say which is meant. `left_out` are those of what is not sent, or not yet: it has an end, or is still to begin.
    """

    salaries: tuple[Paid, ...]
    ambiguous: tuple[date, ...] = ()
    left_out: tuple[date, ...] = ()


@dataclass(slots=True)
class _Run:
    """Salaries of which each took the place of the one before, with no day between them."""

    salaries: list[Paid]
    begins: Callable[[Paid], date]  # in the employment

    @property
    def since(self) -> date:
        return self.salaries[0].compensation.takes_effect

    @property
    def start(self) -> date:
        return self.begins(self.salaries[0])

    @property
    def until(self) -> date | None:
        return self.salaries[-1].until

    def begins_and_ends_with(self, other: _Run) -> bool:
        """Then nothing says which of the two salaries is meant."""
        (one, *_), (another, *_) = self.salaries, other.salaries
        alike = (self.start, self.since, one.until) == (other.start, other.since, another.until)
        return alike and differ((one.compensation, another.compensation))

    def is_on(self, day: date) -> bool:
        return self.start <= day and (self.until is None or self.until >= day)

    def akin_to(self, new: Compensation) -> Paid | None:
        return next((one for one in reversed(self.salaries) if akin(one.compensation, new)), None)

    def on(self, day: date) -> Paid:
        return [one for one in self.salaries if self.begins(one) <= day][-1]

    def between(self, first: date, until: date) -> Iterator[Paid]:
        """What of it holds from the first day on, as of that day, and what begins before the other."""
        if first > self.start:
            begun = self.on(first).compensation.takes_effect
            for held in (one for one in self.salaries if one.compensation.takes_effect == begun):
                yield replace(held, compensation=replace(held.compensation, effective_from=first))
        later = (one for one in self.salaries if first == self.start or self.begins(one) > first)
        yield from (one for one in later if self.begins(one) < until)


def in_line(
    person: PersonioPerson,
    employment: LoketEmployment,
    salaries: Sequence[Paid],
    held: LoketPay,
    policy: Policy,
    today: date,
    removed: Mapping[date, Mapping[FieldPath, Observed]],
) -> InLine:
    """`salaries` are the fixed and hourly ones that are sent; `removed` are wages that an open rebuild has deleted."""

    def begins(one: Paid) -> date:
        return max(one.compensation.takes_effect, employment.start)

    of_employment = [one for one in salaries if one.until is None or one.until >= begins(one)]
    runs = _runs(of_employment, begins)
    if len(runs) < 2:
        return InLine(tuple(of_employment))
    at_start = held.wage_at_start.get(employment.id)
    shown = (*((at_start,) if at_start else ()), *held.wages.get(employment.id, ()))
    wages = {day: HeldPay("", day, fields) for day, fields in removed.items()} | {one.start: one for one in shown}
    turns = _turns(runs, lambda day, one: _is(wages.get(day), one, person, policy.pay.amounts_are))
    line = tuple(
        one for (day, run), (until, _) in pairwise([*turns, (date.max, runs[0])]) for one in run.between(day, until)
    )
    told_later = first_of_month(today, policy.pay.months_ahead)
    sent_from = policy.entity.compensation_start_date or date.max
    ambiguous, left_out = set[date](), set[date]()
    for run in runs if any(begins(one) >= sent_from for one in line) else ():
        first, look = _chosen(turns, run.start), max(today, run.start)
        if first is not None and first is not run and first.begins_and_ends_with(run):
            ambiguous.add(run.start)
            continue
        chosen = _chosen(turns, look)
        if chosen is None or chosen is run or not (run.is_on(look) and chosen.is_on(look)):
            continue
        if not differ(one.on(look).compensation for one in (chosen, run)):
            continue
        newer = max(run.start, chosen.start)
        known = first_of_month(newer, 1) <= told_later  # a later month lists both
        if newer <= today and run.until is None and known and (chosen.until is None or run.start < chosen.start):
            ambiguous.add(newer)
        elif run.start >= chosen.start:
            left_out.add(run.start)
    return InLine(line, tuple(sorted(ambiguous)), tuple(sorted(left_out)))


def _runs(salaries: Iterable[Paid], begins: Callable[[Paid], date]) -> list[_Run]:
    """Those that began first come first, of one day those that last longest."""
    runs: list[_Run] = []
    every = sorted(salaries, key=lambda one: (one.compensation.takes_effect, one.compensation.id))
    for one in every:
        others = {each.compensation.takes_effect for each in every if not akin(each.compensation, one.compensation)}
        before = min(_places(one, runs, others), key=lambda run: run.since, default=None)
        if before is None:
            runs.append(_Run([one], begins))
        else:
            before.salaries.append(one)
    return sorted(runs, key=lambda run: (run.start, run.since, -(run.until or date.max).toordinal()))


def _places(one: Paid, runs: Iterable[_Run], others: Set[date]) -> list[_Run]:
    """The runs in which it takes another's place: of its type or id; or else of what ends on its eve, and of what is by
    the hour where it is not, and the other way round. `others`: the days on which salaries of other types begin.
    """
    new, day = one.compensation, one.compensation.takes_effect
    found = [run for run in runs if (own := run.akin_to(new)) is not None and _lasts_before(own, day)]
    return found or [
        run
        for run in runs
        if _ends_with(run.until, one, others)
        or (_lasts_before(last := run.salaries[-1], day) and last.compensation.category is not new.category)
    ]


def _lasts_before(one: Paid, day: date) -> bool:
    """Whether it lasts until the eve of a day, or longer."""
    return one.until is None or one.until + DAY >= day


def _ends_with(until: date | None, new: Paid, others: Set[date]) -> bool:
    """Whether the last day of one is the eve of a new one; in a month that shows both it may be known by its month,
    unless it is the eve of another.
    """
    day = new.compensation.takes_effect
    if until is None or until < day:
        return until is not None and until + DAY == day
    goes_on = new.until is None or new.until > until
    return until + DAY not in others and until < first_of_month(day, 1) and goes_on


def _turns(runs: Sequence[_Run], stands: Stands) -> list[tuple[date, _Run]]:
    """From which day on which run is the one that is paid."""
    days = {run.start for run in runs} | {run.until + DAY for run in runs if run.until is not None}
    turns: list[tuple[date, _Run]] = []
    for day in sorted(days):
        on = [run for run in runs if run.is_on(day)]
        current = turns[-1][1] if turns else None
        chosen = current if current in on else next(iter(on), None)
        if chosen is not None and all(chosen.begins(one) != day for one in chosen.salaries):
            chosen = next((run for run in on if run.start == day and stands(day, run.on(day).compensation)), chosen)
        if chosen is current and current is not None and turns[-1][0] > current.start:  # it stood in for another
            back = (run for run in on if run.start == day and _returns(run, turns[:-1]))
            chosen = next(back, chosen)
        if chosen is not None and chosen is not current:
            turns.append((day, chosen))
    return turns


def _returns(run: _Run, turns: Iterable[tuple[date, _Run]]) -> bool:
    """Whether it is of a type that was paid before."""
    return any(before.akin_to(run.salaries[0].compensation) is not None for _, before in turns)


def _chosen(turns: Sequence[tuple[date, _Run]], day: date) -> _Run | None:
    return next((run for begun, run in reversed(turns) if begun <= day), None)


def _is(wage: HeldPay | None, salary: Compensation, person: PersonioPerson, basis: AmountBasis) -> bool:
    """Whether a wage of Loket's, in whatever payroll period, is this salary: then it took the place when it began."""
    if wage is None:
        return False
    possible = (readings(salary, person, period, basis) for period in PayrollPeriod)
    return any(not isinstance(each, Finding) and reading_of(wage, each) is not None for each in possible)
