"""What month windows of pay tell together: every compensation once, and which of them ended (PAY-10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Final

from domain.planning.employments import employed_between
from domain.snapshots import (
    SALARY,
    TYPE,
    Compensation,
    CompensationCategory,
    Paid,
    PayKey,
    PayWindow,
    PersonioPerson,
    UnreadablePay,
    by_person,
)
from domain.values import BLANK, NOT_OBSERVED, PersonId

_DAY = timedelta(days=1)
_RUNNING = (*SALARY, CompensationCategory.RECURRING)  # one-time pay does not run, so it cannot end
_ALIKE: Final = tuple(one.name for one in fields(Compensation) if not one.name.endswith("_hours"))
_UNTOLD: Final = (None, "", BLANK, NOT_OBSERVED)


@dataclass(frozen=True, slots=True)
class Vanished:
    """Listed in one window and not in the next, with nothing of its type in its place on the day after it."""

    compensation: Compensation
    last_seen: PayWindow
    missing_in: PayWindow
    followed_by: Compensation | None  # what the next window lists under its id, or of its type, from a later day

    @property
    def person(self) -> PersonId:
        return self.compensation.person

    @property
    def may_last_until(self) -> date:
        """The last day on which a list of that day alone may show it, or what no month could show.

        A list may show the newest amount alone that has begun by its end, and never shows a zero: so a month may leave
        out what was paid on its first days.
        """
        return self.followed_by.takes_effect - _DAY if self.followed_by else self.missing_in.end

    @property
    def keeps_its_id(self) -> bool:
        """Then it most likely lasts until the eve of what follows."""
        return self.followed_by is not None and self.followed_by.id == self.compensation.id


@dataclass(frozen=True, slots=True)
class Appeared:
    """Listed from a day after the first of its window on, and nothing of its id or type before it."""

    compensation: Compensation
    window: PayWindow
    hidden_since: date  # what a window before it would have listed began sooner

    @property
    def person(self) -> PersonId:
        return self.compensation.person


def months(since: date, ahead: int, today: date) -> Iterator[tuple[date, date]]:
    """Windows of at most a month, from `since` to the end of the month `ahead` months after today's."""
    last = first_of_month(today, ahead + 1) - _DAY
    start = since
    while start <= last:
        end = first_of_month(start, 1) - _DAY
        yield start, end
        start = end + _DAY


def compensations(windows: Iterable[PayWindow]) -> dict[PayKey, Compensation]:
    """Every compensation of the sweep once; what the last window leaves out of it, an earlier one may tell."""
    found: dict[PayKey, Compensation] = {}
    for one in (one for window in windows for one in window.compensations):
        before = found.get(one.key, one)
        found[one.key] = one if before == one else replace(one, **{**_told(before), **_told(one)})
    return found


def told_apart(windows: Iterable[PayWindow]) -> bool:
    """Whether a compensation is told in two ways: it was changed meanwhile, and nobody knows which holds."""
    found: dict[tuple[PayKey, str], object] = {}
    every = (one for window in windows for one in window.compensations)
    return any(found.setdefault((one.key, name), told) != told for one in every for name, told in _told(one).items())


def _told(one: Compensation) -> dict[str, Any]:
    """What windows and readings tell alike, if they tell it; hours may be those of the month."""
    return {name: told for name in _ALIKE if (told := getattr(one, name)) not in _UNTOLD}


def listed_alike(first: Sequence[PayWindow], second: Sequence[PayWindow]) -> bool:
    """Whether two readings list the same compensations, of which neither contradicts the other."""
    same = compensations(first).keys() == compensations(second).keys() and _faults(first) == _faults(second)
    return same and not told_apart([*first, *second])


def _faults(windows: Iterable[PayWindow]) -> frozenset[UnreadablePay]:
    return frozenset(one for window in windows for one in window.unreadable)


def of_people(windows: Iterable[PayWindow], people: Set[PersonId]) -> list[PayWindow]:
    return [
        replace(
            window,
            compensations=tuple(one for one in window.compensations if one.person in people),
            unreadable=tuple(one for one in window.unreadable if one.person in people),
        )
        for window in windows
    ]


def of_each(window: PayWindow) -> Callable[[PersonId], PayWindow]:
    """What it lists of a person, without a look at all the others each time."""
    readable, garbled = by_person(window.compensations), by_person(window.unreadable)
    return lambda person: replace(
        window, compensations=tuple(readable.get(person, ())), unreadable=tuple(garbled.get(person, ()))
    )


def from_two_days(windows: Iterable[PayWindow]) -> bool:
    """Whether one id is told from two days: a raise that keeps it, or a start that HR moves while it is read."""
    keys = compensations(windows).keys()
    return len({name for name, _ in keys}) < len(keys)


def unreadable(windows: Iterable[PayWindow]) -> dict[PersonId, tuple[UnreadablePay, ...]]:
    """What is listed and makes no sense, each fault once."""
    found: dict[PersonId, dict[UnreadablePay, None]] = {}
    for window in windows:
        for one in window.unreadable:
            found.setdefault(one.person, {})[one] = None
    return {person: tuple(several) for person, several in found.items()}


def unpaid(windows: Sequence[PayWindow], people: Iterable[PersonioPerson], here: Set[PersonId], today: date) -> int:
    """How many of `people` should have a salary in a month that lists nobody who is `here`; of several the most.

    They are employed in it, and their salary has begun. A month that is over counts only where the very same salary is
    listed before it and after it: pay may have stopped for a while.
    """
    staff, most = list(people), 0
    for place, window in enumerate(windows):
        if not window.payees.isdisjoint(here):
            continue
        before, after = compensations(windows[:place]), compensations(windows[place + 1 :])
        known = before.keys() & after.keys() if window.end < today else before.keys() | after.keys()
        salaries = [one for key, one in {**before, **after}.items() if key in known]
        begun = {one.person for one in salaries if one.category in SALARY and one.takes_effect <= window.end}
        counted = sum(1 for one in staff if one.id in begun and employed_between(one, window.start, window.end))
        most = max(most, counted)
    return most


def vanished(windows: Sequence[PayWindow]) -> tuple[Vanished, ...]:
    """Compensations that a later window no longer lists and no other of their type follows.

    None where a compensation cannot be read that may be the one that follows.
    """
    unclear = unreadable(windows)
    last_seen = {one.key: place for place, window in enumerate(windows) for one in window.compensations}
    every = compensations(windows)
    theirs = by_person(every.values())
    each_month = [of_each(window) for window in windows]
    return tuple(
        Vanished(one, windows[at], windows[at + 1], _next(one, each_month[at + 1](one.person)))
        for one in every.values()
        if (at := last_seen[one.key]) + 1 < len(windows)
        and one.category in _RUNNING
        and not any(may_be_of(garbled, one) for garbled in unclear.get(one.person, ()))
        and not succeeded(one, windows[at].end, theirs[one.person])
    )


def _next(one: Compensation, missing: PayWindow) -> Compensation | None:
    later = (other for other in missing.compensations if akin(other, one) and other.takes_effect > one.takes_effect)
    return min(later, key=_age, default=None)


def appeared(windows: Sequence[PayWindow]) -> Iterator[Appeared]:
    """What may have begun sooner in its window, with an amount that a newer one under its id keeps from sight.

    A salary as a rule begins with the employment, and is always asked about; other pay where an id is known to be kept.
    Nothing where a list shows several amounts of one id, for then whatever was paid is listed.
    """
    if any(from_two_days([one]) for one in windows):
        return
    asked = _RUNNING if from_two_days(windows) else SALARY  # the ids are kept
    unclear = unreadable(windows)
    for place, window in enumerate(windows):
        near = by_person(one for each in windows[max(place - 1, 0) : place + 1] for one in each.compensations)
        for one in window.compensations:
            if one.category not in asked or one.takes_effect <= window.start:
                continue
            before = any(akin(other, one) and other.takes_effect < one.takes_effect for other in near[one.person])
            if not (before or any(may_be_of(garbled, one) for garbled in unclear.get(one.person, ()))):
                yield Appeared(one, window, window.start if place else date.min)


def akin(one: Compensation, other: Compensation) -> bool:
    """Whether one may have taken the other's place: an id may be kept over raises, or a list show one of each type."""
    return one.person == other.person and (one.id == other.id or one.type_id == other.type_id)


def closed_by_zero(theirs: Iterable[Paid]) -> list[Paid]:
    """Of one person: an amount of 0 from a day on ends what is paid until then under its id or type, and is no pay
    itself (PAY-10). Personio does not list it as far as is known; where it does, it is no amount out of range.
    """
    every = list(theirs)
    last: dict[PayKey, date] = {}
    for zero in (one.compensation for one in every if one.compensation.amount == 0):
        ends = (one.compensation for one in every if akin(one.compensation, zero) and one.compensation.amount != 0)
        begun = (one for one in ends if one.category in _RUNNING and one.takes_effect < zero.takes_effect)
        if (closed := max(begun, key=_age, default=None)) is not None:
            last[closed.key] = min(zero.takes_effect - _DAY, last.get(closed.key, date.max))
    return [
        replace(one, until=min((day for day in (one.until, last.get(one.compensation.key)) if day), default=None))
        for one in every
        if one.compensation.amount != 0
    ]


def may_be_of(garbled: UnreadablePay, one: Compensation) -> bool:
    """Whether what cannot be read may be of the same person and type."""
    return garbled.person == one.person and (TYPE in garbled.faults or garbled.type_id == one.type_id)


def succeeded(one: Compensation, until: date, others: Iterable[Compensation]) -> bool:
    """Whether another of its type follows at the latest on the day after `until`."""
    return any(
        other.person == one.person
        and other.type_id == one.type_id
        and _age(other) > _age(one)
        and other.takes_effect <= until + _DAY
        for other in others
    )


def _age(one: Compensation) -> tuple[date, str]:
    return one.takes_effect, one.id


def first_of_month(day: date, later: int) -> date:
    """Of the month that comes so many months later."""
    months_since_zero = day.year * 12 + day.month - 1 + later
    return date(months_since_zero // 12, months_since_zero % 12 + 1, 1)
