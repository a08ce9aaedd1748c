"""What single days tell of pay that months cannot show: what lies between two months, and last days (PAY-10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from domain.errors import IncompleteRead
from domain.planning.pay.sent_types import is_enabled
from domain.planning.pay.windows import (
    Appeared,
    Vanished,
    akin,
    appeared,
    compensations,
    may_be_of,
    of_each,
    succeeded,
    vanished,
)
from domain.ports import PersonioSource
from domain.settings import Policy
from domain.snapshots import Compensation, PayKey, PayWindow, by_person
from domain.values import PersonId

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SingleDays:
    """Beside the months. `hidden` is pay that no month lists, for a newer amount keeps it from sight."""

    hidden: tuple[Compensation, ...]
    last: Mapping[PayKey, date]  # of what nothing of its type follows on the next day


def changing() -> IncompleteRead:
    return IncompleteRead("pay in Personio changes while it is read")


def may_hide(windows: Sequence[PayWindow], people: Set[PersonId]) -> bool:
    """Whether a month with another amount, or none, may leave out what these people were paid on its first days."""
    theirs = (*(one.person for one in vanished(windows)), *(one.person for one in appeared(windows)))
    return not people.isdisjoint(theirs)


def read_days(
    personio: PersonioSource, policy: Policy, windows: Sequence[PayWindow], begins: Mapping[PersonId, date]
) -> SingleDays:
    """Of pay that is sent, of the people whose employment `begins` on a day; one read of a day serves all of them.

    The last day of what vanished is looked for only where a second read of the same window agrees.
    """
    told = compensations(windows)

    def counts(one: Compensation | None) -> bool:
        return one is not None and one.person in begins and is_enabled(one, policy)

    gone = [one for one in vanished(windows) if counts(one.compensation) or counts(one.followed_by)]
    spans = sorted({(one.missing_in.start, one.missing_in.end) for one in gone})
    again = {one.start: of_each(one) for one in personio.pay(policy.entity, spans)} if spans else {}
    if any(_listed_after_all(one, again[one.missing_in.start](one.person), told.keys()) for one in gone):
        raise changing()

    @cache
    def listed(day: date) -> Callable[[PersonId], PayWindow]:
        return of_each(personio.compensations(policy.entity, on=day))

    def of(person: PersonId) -> Callable[[date], PayWindow]:
        return lambda day: listed(day)(person)

    last: dict[PayKey, date] = {}
    hidden: dict[PayKey, Compensation] = {}
    begun = [one for one in appeared(windows) if counts(one.compensation)]
    searches = [
        *(_back_to_the_month(one, of(one.person), told.keys()) for one in gone),
        *(_back_to_the_start(one, of(one.person), told.keys(), begins[one.person]) for one in begun),
    ]
    for one, day in (found for search in searches for found in search):
        last[one.key] = day
        if one.key not in told:
            hidden[one.key] = one
    every = {**told, **hidden}
    theirs = by_person(every.values())
    ended = {key: day for key, day in last.items() if not succeeded(every[key], day, theirs[every[key].person])}
    return SingleDays(tuple(hidden.values()), ended)


def _listed_after_all(gone: Vanished, again: PayWindow, told: Set[PayKey]) -> bool:
    """Whether the month that did not list it now does, or what may take its place and was not there, or may do."""
    pay = gone.compensation
    listed = any(one.key == pay.key or (akin(one, pay) and one.key not in told) for one in again.compensations)
    return listed or any(may_be_of(garbled, pay) for garbled in again.unreadable)


def _newest(listed: PayWindow, pay: Compensation, told: Set[PayKey], hidden_since: date) -> Compensation | None:
    """What a list shows of `pay` and of what may take its place: the newest of it that has begun.

    Pay that no month told and that began from `hidden_since` on, no month could show. Raises IncompleteRead where the
    id is listed from any other day that no month told, or where what cannot be read may be it.
    """
    untold = [one for one in listed.compensations if one.key not in told and one.amount != 0]
    hidden = [one for one in untold if akin(one, pay) and hidden_since <= one.takes_effect <= listed.end]
    moved = any(one.id == pay.id and one not in hidden for one in untold)
    if moved or any(may_be_of(garbled, pay) for garbled in listed.unreadable):
        raise changing()
    shown = [one for one in listed.compensations if one.key == pay.key]
    return max((*shown, *hidden), key=lambda one: one.takes_effect, default=None)


def _back_to_the_month(
    gone: Vanished, on: Callable[[date], PayWindow], told: Set[PayKey]
) -> Iterator[tuple[Compensation, date]]:
    """What was paid from the last month that lists it on, newest first, each with its last day."""

    def shown(day: date) -> Compensation | None:
        return _newest(on(day), gone.compensation, told, gone.missing_in.start)

    until, at_once = gone.may_last_until, gone.keeps_its_id
    while True:
        last = until if at_once and shown(until) else _last_shown(gone, until, shown)
        found = shown(last)
        if found is None:
            raise changing()
        yield found, last
        if found.key == gone.compensation.key:
            return
        until, at_once = found.takes_effect - _DAY, True


def _last_shown(gone: Vanished, until: date, shown: Callable[[date], object]) -> date:
    """The last day until `until`. Of the month that does not list it the first day is asked with the month before.

    The others are, where that day shows it. What even the last one shows, the month would have listed: then its days
    are no witness.
    """
    first = max(gone.last_seen.start, gone.compensation.takes_effect)
    after, end = gone.missing_in.start, gone.missing_in.end
    last = _last_of(first, min(after, until), shown)
    if last < after or until == after:
        return last
    if shown(until):
        return until if until < end else _last_of(first, gone.last_seen.end, shown)
    return _last_of(after, until, shown)


def _last_of(first: date, until: date, shown: Callable[[date], object]) -> date:
    """The last of these days that shows it, by halves.

    Where no day on the way does, every day is asked, newest first: single days may show pay from the hire on alone.
    """
    days = [first + place * _DAY for place in range((until - first).days + 1)]
    low, high = 0, len(days)  # of those before `low` the last is known to show it, from `high` on none does
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if shown(days[middle]) else (low, middle)
    last = days[low - 1] if low else next((day for day in reversed(days) if shown(day)), None)
    if last is None:
        raise changing()
    return last


def _back_to_the_start(
    new: Appeared, on: Callable[[date], PayWindow], told: Set[PayKey], begins: date
) -> Iterator[tuple[Compensation, date]]:
    """What was paid before it in its own month and in the employment, newest first, each until the next one."""
    until = new.compensation.takes_effect - _DAY
    while until >= max(new.window.start, begins):
        found = _newest(on(until), new.compensation, told, new.hidden_since)
        if found is None or found.takes_effect > until:
            return
        yield found, until
        if found.takes_effect <= new.window.start:
            return
        until = found.takes_effect - _DAY
