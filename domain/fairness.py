"""Whose turn it is where many tenants wait for the same few workers: who has had the least for their share comes first.

What payroll waits for goes before what nobody waits for. Every job that waits long moves up, so that none waits for
ever, and a tenant begins another job only while more places are free than it holds, so that one alone has half of
them. A turn is some seconds of work: whoever's job has just ended goes on within it, while what its jobs need is open.
A quarter of the places, and one of two or three, is kept for those whose jobs are short: however many tenants with
long ones there are, a short one waits for short ones at most (BUREAU-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from math import inf
from typing import Final

from domain.schedule import Job

ALERTS: Final = "alerts"  # their delivery, of a whole tenant
HALF_LIFE: Final = 3600.0  # seconds after which half of what a tenant was given is forgotten
TURN: Final = 5.0  # seconds of work for a share of 1; whoever has longer jobs never goes on
GOES_ON: Final = 5.0  # seconds after a job in which another of the same tenant finds everything open
MOVES_UP_AFTER: Final = 900.0  # seconds of waiting, one step of urgency each
LONG: Final = 300.0  # seconds; a tenant with a longer job is kept out of the places for short ones
LONGEST_HALF_LIFE: Final = 7 * 24 * 3600.0  # seconds after which its longest job counts as half as long


class Urgency(IntEnum):
    """How long it can wait."""

    NOBODY_WAITS = 0
    SOMEBODY_LOOKS = 1
    PAYROLL_WAITS = 2


_URGENCIES: Final[Mapping[str, Urgency]] = {
    Job.SYNC: Urgency.PAYROLL_WAITS,
    Job.LOOK_AHEAD: Urgency.PAYROLL_WAITS,
    ALERTS: Urgency.PAYROLL_WAITS,
    Job.DRIFT_CHECK: Urgency.SOMEBODY_LOOKS,
    Job.REPORTS: Urgency.SOMEBODY_LOOKS,
}


def urgency(what: str) -> Urgency:
    """Of a planned job, of the delivery of alerts, or of a poll."""
    return _URGENCIES.get(what, Urgency.NOBODY_WAITS)


@dataclass(frozen=True, slots=True)
class Queued:
    """What could begin now: a job, or of a tenant's equally urgent ones the oldest."""

    tenant: str
    urgency: int
    waited: float  # seconds


@dataclass(frozen=True, slots=True)
class Given:
    """What a tenant has had: places it holds now, and seconds of work, of which older ones count less.

    `longest` is how long its longest job took, of which older ones count less too; None while none has ended. `rested`
    is how long ago its last job ended, in seconds.
    """

    running: int = 0
    seconds: float = 0.0
    longest: float | None = None
    rested: float = inf

    @property
    def is_long(self) -> bool:
        """Whether its jobs may take long; one of which nothing is known may."""
        return self.longest is None or self.longest > LONG

    def beside(self, running: int, seconds: float, longest: float) -> Given:
        """With so many jobs that are being done, for so long together, and one of them for the longest."""
        known = self.longest if self.longest is None else max(self.longest, longest)
        return replace(self, running=self.running + running, seconds=self.seconds + seconds, longest=known)


@dataclass(frozen=True, slots=True)
class Had:
    """What a tenant's jobs took until `at`, in seconds of any clock."""

    at: float
    seconds: float = 0.0
    longest: float | None = None

    def given(self, now: float) -> Given:
        """What still counts of it."""
        longest = None if self.longest is None else faded(self.longest, now - self.at, LONGEST_HALF_LIFE)
        return Given(0, faded(self.seconds, now - self.at), longest, now - self.at)

    def and_then(self, now: float, took: float) -> Had:
        """With a job that ended now."""
        before = self.given(now)
        return Had(now, before.seconds + took, max(before.longest or 0.0, took))


@dataclass(frozen=True, slots=True)
class InQueue:
    """How one tenant stands in the queue."""

    tenant: str
    waiting: int
    oldest: float  # seconds that the oldest has waited
    given: Given


def may_begin(holds: int, free: int) -> bool:
    """Whether a tenant that holds so many places is given another one of those that are free."""
    return holds < max(1, free)


def kept_for_short(places: int) -> int:
    """How many of so many places no tenant with long jobs is given."""
    return max(1, places // 4) if places > 1 else 0


def next_in_turn(
    queued: Iterable[Queued], given: Mapping[str, Given], shares: Mapping[str, float], places: int
) -> Queued | None:
    """What begins next; None while everybody who waits holds as many places as one may.

    `shares` says who is to have more than others; whoever is not in it has a share of 1.
    """
    free = places - sum(one.running for one in given.values())
    for_long = places - kept_for_short(places) - sum(one.running for one in given.values() if one.is_long)

    def may(had: Given) -> bool:
        return may_begin(had.running, free) and (for_long > 0 or not had.is_long)

    waiting = [one for one in queued if may(given.get(one.tenant, Given()))]
    if not waiting:
        return None

    def turn(one: Queued) -> tuple[float, float, float, float, float, str]:
        had = given.get(one.tenant, Given())
        seconds = had.seconds / shares.get(one.tenant, 1.0)
        rested = had.rested if had.rested <= GOES_ON and (had.longest or 0.0) <= TURN else inf
        return -_raised(one), seconds // TURN, rested, seconds, -one.waited, one.tenant

    return min(waiting, key=turn)


def _raised(one: Queued) -> int:
    return min(Urgency.PAYROLL_WAITS, one.urgency + int(max(0.0, one.waited) // MOVES_UP_AFTER))


def faded(seconds: float, after: float, half_life: float = HALF_LIFE) -> float:
    """What is left of so many seconds of work, so many seconds later."""
    return float(seconds * 0.5 ** (max(0.0, after) / half_life))


def evenness(given: Iterable[float]) -> float:
    """Jain's index of what everybody had for their share: 1 is even, 1/n is all for one."""
    had = list(given)
    squares = sum(one * one for one in had)
    return 1.0 if not squares else sum(had) ** 2 / (len(had) * squares)
