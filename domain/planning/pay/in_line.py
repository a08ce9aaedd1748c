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
from domain.planning.pay.on_a_day import differ, known_wages
from domain.planning.pay.sent_types import is_enabled
from domain.planning.pay.votes import reading_of, readings
from domain.planning.pay.windows import akin, first_of_month
from domain.settings import AmountBasis, Policy
from domain.snapshots import SALARY, Compensation, HeldPay, LoketEmployment, LoketPay, Paid, PersonioPerson
from domain.values import FieldPath, Observed

Stands: TypeAlias = Callable[[date, Compensation], bool]


@dataclass(frozen=True, slots=True)
class InLine:
    """`salaries` follow one another, as wages in Loket do: whichever began first stays until it ends.

    `ambiguous` are the first days of those of which nobody can say whether they are meant instead: two run today and
    neither has an end, or begin and end alike, or Loket pays one though an earlier one goes on. `left_out` are those of
    others beside it, which have an end or are still to begin: they wait for it to end, or are never sent.
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
    paid: Iterable[Paid],
    held: LoketPay,
    policy: Policy,
    today: date,
    removed: Mapping[date, Mapping[FieldPath, Observed]],
) -> InLine:
    """Of all that somebody is `paid` the fixed and hourly salaries that are sent; those that were over before the
    employment are none of it. `removed` are wages that an open rebuild has deleted.
    """

    def begins(one: Paid) -> date:
        return max(one.compensation.takes_effect, employment.start)

    sent = (one for one in paid if one.compensation.category in SALARY and is_enabled(one.compensation, policy))
    salaries = [one for one in sent if one.until is None or one.until >= begins(one)]
    runs = _runs(salaries, begins)
    if len(runs) < 2:
        return InLine(tuple(salaries))
    shown = {one.start: one for one in known_wages(held, employment.id)}
    wages = {day: HeldPay("", day, fields) for day, fields in removed.items()} | shown
    turns = _turns(runs, lambda day, one: _is(wages.get(day), one, person, policy.pay.amounts_are))
    line = tuple(
        one for (day, run), (until, _) in pairwise([*turns, (date.max, runs[0])]) for one in run.between(day, until)
    )
    if all(begins(one) < (policy.entity.compensation_start_date or date.max) for one in line):
        return InLine(line)  # nothing is sent of it (PAY-4)
    waiting = {*_waiting(runs, turns, today, first_of_month(today, policy.pay.months_ahead))}
    ambiguous = sorted(day for day, unclear in waiting if unclear)
    return InLine(line, tuple(ambiguous), tuple(sorted(day for day, unclear in waiting if not unclear)))


def _waiting(
    runs: Iterable[_Run], turns: Sequence[tuple[date, _Run]], today: date, last_window: date
) -> Iterator[tuple[date, bool]]:
    """(first day of what runs beside the one that is paid, whether nobody can say which is meant).

    `last_window` is the first day of the last month that is read: whether something listed in it goes on is not known.
    """
    for run in runs:
        first = _paid_on(turns, run.start)
        if first is not None and first is not run and first.begins_and_ends_with(run):
            yield run.start, True
            continue
        look = max(today, run.start)
        paid = _paid_on(turns, look)
        if paid is None or paid is run or not (run.is_on(look) and paid.is_on(look)):
            continue
        if not differ(one.on(look).compensation for one in (paid, run)):
            continue
        newer, earlier = max(run.start, paid.start), run.start < paid.start
        known = newer <= today and first_of_month(newer, 1) <= last_window
        if known and run.until is None and (earlier or paid.until is None):
            yield newer, True
        elif not earlier:
            yield run.start, False


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


def _paid_on(turns: Sequence[tuple[date, _Run]], day: date) -> _Run | None:
    return next((run for begun, run in reversed(turns) if begun <= day), None)


def _is(wage: HeldPay | None, salary: Compensation, person: PersonioPerson, basis: AmountBasis) -> bool:
    """Whether a wage of Loket's, in whatever payroll period, is this salary: then it took the place when it began."""
    if wage is None:
        return False
    possible = (readings(salary, person, period, basis) for period in PayrollPeriod)
    return any(not isinstance(each, Finding) and reading_of(wage, each) is not None for each in possible)
