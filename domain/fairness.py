"""Whose turn it is where many tenants wait for the same few workers: who has had the least for their share comes first.

What payroll waits for goes before what nobody waits for. Every job that waits long moves up, so that none waits for
ever, and a tenant begins another job only while more places are free than it holds: one alone has half of them, of
four and more two large ones leave a quarter, and the last one is for whoever holds none (BUREAU-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from domain.schedule import Job

HALF_LIFE: Final = 3600.0  # seconds after which half of what a tenant was given is forgotten
MOVES_UP_AFTER: Final = 900.0  # seconds of waiting, one step of urgency each


class Urgency(IntEnum):
    """How long it can wait."""

    NOBODY_WAITS = 0
    SOMEBODY_LOOKS = 1
    PAYROLL_WAITS = 2


_URGENCIES: Final[Mapping[str, Urgency]] = {
    Job.SYNC: Urgency.PAYROLL_WAITS,
    Job.LOOK_AHEAD: Urgency.PAYROLL_WAITS,
    "alerts": Urgency.PAYROLL_WAITS,
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
    """What a tenant has had: places it holds now, and seconds of work, of which older ones count less."""

    running: int = 0
    seconds: float = 0.0


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


def next_in_turn(
    queued: Iterable[Queued], given: Mapping[str, Given], shares: Mapping[str, float], places: int
) -> Queued | None:
    """What begins next; None while everybody who waits holds as many places as one may.

    `shares` says who is to have more than others; whoever is not in it has a share of 1.
    """
    free = places - sum(one.running for one in given.values())
    waiting = [one for one in queued if may_begin(given.get(one.tenant, Given()).running, free)]
    if not waiting:
        return None

    def turn(one: Queued) -> tuple[float, float, float, str]:
        had = given.get(one.tenant, Given())
        share = shares.get(one.tenant, 1.0)
        return -_raised(one), had.seconds / share, -one.waited, one.tenant

    return min(waiting, key=turn)


def _raised(one: Queued) -> int:
    return min(Urgency.PAYROLL_WAITS, one.urgency + int(max(0.0, one.waited) // MOVES_UP_AFTER))


def faded(seconds: float, after: float) -> float:
    """What is left of so many seconds of work, so many seconds later."""
    return float(seconds * 0.5 ** (max(0.0, after) / HALF_LIFE))


def evenness(given: Iterable[float]) -> float:
    """Jain's index of what everybody had for their share: 1 is even, 1/n is all for one."""
    had = list(given)
    squares = sum(one * one for one in had)
    return 1.0 if not squares else sum(had) ** 2 / (len(had) * squares)
