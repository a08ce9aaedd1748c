"""What one sweep of both systems came to, and whether a complete one can be true beside the last accepted one (RUN-12).

A read may be complete and still show a part: a role, a restricted credential, a key left out of every record. So each
sweep is remembered by its sizes and by what was shown (`sync_run.sweep_taken.v1`, `sync_run.payees_seen.v1`), and the
next one is held against the **last accepted sweep** of the legal entity: that of the last run which completed, with or
without errors, or whose read a person accepted. Blocked and refused runs, checks and plans move nothing.

`domain.services.sync.sweeps.last_accepted(tools, entity)` reads it. Whose salary was there is `Sweep.payees.salaried`
(PAY-14): None for `payees` means that pay was not read in that sweep, which says nothing about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.snapshots import Sightings
from domain.values import PersonId


@dataclass(frozen=True, slots=True)
class Payees:
    """Who had pay in the windows and days that were read, of the whole legal entity."""

    salaried: frozenset[PersonId] = frozenset()  # a fixed or hourly salary, whatever else
    otherwise: frozenset[PersonId] = frozenset()  # any other compensation, and no salary

    @property
    def everyone(self) -> frozenset[PersonId]:
        return self.salaried | self.otherwise


@dataclass(frozen=True, slots=True)
class Sweep:
    """The sizes of one complete sweep, and what Personio showed in it."""

    people: int  # in Personio, of the legal entity
    employees: int  # in Loket, of the employer
    payees: Payees | None = None  # None: pay was not read
    sightings: Sightings = field(default_factory=Sightings)
