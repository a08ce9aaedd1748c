"""What one sweep of both systems came to, and whether a complete one can be true beside the last accepted one (RUN-12).

A read may be complete and still show a part: a role, a restricted credential, a key left out of every record. So each
sweep is remembered by its sizes and by what was shown (`sync_run.sweep_taken.v1`, `sync_run.payees_seen.v1`), and the
next one is held against the **last accepted sweep** of the legal entity: that of the last run which completed, with or
without errors, or whose read a person accepted. Blocked and refused runs, checks and plans move nothing.

`domain.services.reading.sweeps.last_accepted(tools, entity)` reads it. Whose salary is known is
`Sweep.payees.remembered` (PAY-14): None for `payees` means that pay was not read in that sweep, which says nothing
about anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from domain.attributes import Role
from domain.log import Vault
from domain.settings import Plausible
from domain.snapshots import Sighting, Sightings
from domain.values import PersonId, one_or_many


@dataclass(frozen=True, slots=True)
class Payees:
    """Who had pay in the windows and days that were read, of the whole legal entity."""

    salaried: frozenset[PersonId] = frozenset()  # a fixed or hourly salary, whatever else
    otherwise: frozenset[PersonId] = frozenset()  # any other compensation, and no salary
    earlier: frozenset[PersonId] = frozenset()  # showed a salary once, and nothing since, which nobody accepted

    @property
    def everyone(self) -> frozenset[PersonId]:
        return self.salaried | self.otherwise

    @property
    def remembered(self) -> frozenset[PersonId]:
        """Of whom a salary is known: whoever shows nothing hides it (PAY-14)."""
        return self.salaried | self.earlier


@dataclass(frozen=True, slots=True)
class Sweep:
    """The sizes of one complete sweep, and what Personio showed in it."""

    people: int  # in Personio, of the legal entity
    employees: int  # in Loket, of the employer
    payees: Payees | None = None  # None: pay was not read
    sightings: Sightings = field(default_factory=Sightings)
    unpaid: int = 0  # people with a salary who are employed in a month in which nobody at all has pay


Beside: TypeAlias = tuple[int | None, int | None]
"""How large something was in the last accepted sweep and is in this one; None: it was not read."""

IMPLAUSIBLE_READ: Final = "IMPLAUSIBLE_READ"
"""The reason of a run that was refused for it; its rule is RUN-12."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that can hardly be true: `what` fell from `before` to `now`; of one of Personio's own keys, `what`."""

    what: str  # people, employees, paid, salaried, paid_each_month, or one of OWN_KEYS
    before: int
    now: int

    @property
    def text(self) -> str:
        told = _TOLD.get(self.what)
        if told is not None:
            return told.format(before=self.before, number=self.now)
        return (_NEVER if not self.before else one_or_many(_NO_MORE, self.before)).format(
            path=self.what, number=self.before
        )


_TOLD: Final = {
    "people": "people of this legal entity in Personio fell from {before} to {number}",
    "employees": "employees in Loket fell from {before} to {number}",
    "paid": "people with pay in Personio fell from {before} to {number}",
    "salaried": "Active people of whom Personio shows pay, of those who had a salary, fell from {before} to {number}",
    "paid_each_month": "Personio shows nobody's pay in a month in which {before} people with a salary are employed "
    "(where it never shows pay of coming months, set months_ahead = 0 under [pay])",
}
_NEVER: Final = "Personio shows {path} of nobody"
_NO_MORE: Final = (
    "Personio shows {path} of nobody any more; it was shown of 1 person",
    "Personio shows {path} of nobody any more; it was shown of {number} people",
)
DOUBTS: Final = (*_TOLD.values(), _NEVER, *_NO_MORE)


def doubts(
    now: Sweep,
    last: Sweep | None,
    limits: Plausible,
    *,
    left: Set[PersonId] = frozenset(),
    payable: Set[PersonId] = frozenset(),
) -> tuple[Doubt, ...]:
    """Everything about this sweep that is not believed; empty means it is.

    `left` are those of whom two sweeps said one by one that they are gone, when that is true of all who are missing.
    `payable` are the Active people of the legal entity whose pay was looked for.
    Before the first sweep there is nothing to be held against, save that a legal entity is shown of somebody, and that
    pay is shown in every month, where it is in one: only of a single person it may well have ended.
    """
    found = [_hidden_from_all(now, last), Doubt("paid_each_month", now.unpaid, 0) if now.unpaid > 1 else None]
    if last is not None:
        found += [
            _fall("people", last.people - len(left), now.people, limits),
            _fall("employees", last.employees, now.employees, limits),
            _pay_fall(now, last, limits, left) or _pay_hidden(now, last, payable),
            *(_hidden(key, one, now, last) for key, one in last.sightings.own.items() if key != _LEGAL_ENTITY),
        ]
    return tuple(one for one in found if one)


def fingerprint(
    now: Sweep, found: Iterable[Doubt], vanished: Sequence[Role], vault: Vault, pay_hidden: Set[PersonId] = frozenset()
) -> str:
    """Names a doubted read: another one with the same sizes, and the same that is not shown, has the same."""
    attributes = now.sightings.attributes
    told = [
        *sizes(now).items(),
        *([one.what, one.before, one.now] for one in found),
        *([role, attributes[role].valued] for role in vanished),
        *sorted(pay_hidden),
    ]
    return vault.keyed_digest("read", json.dumps(told).encode())[:32]


def sizes(sweep: Sweep | None) -> dict[str, int | None]:
    """By the words of a result; None where it was not read, or there was no sweep."""
    paid = None if sweep is None or sweep.payees is None else len(sweep.payees.everyone)
    return {
        "people": None if sweep is None else sweep.people,
        "employees": None if sweep is None else sweep.employees,
        "paid": paid,
    }


def falls(before: int, now: int, limits: Plausible) -> bool:
    """By more than both limits, or to nothing."""
    fall = before - now
    large = fall > limits.fall_people and Decimal(fall) > limits.fall_share * before
    return large or before > 0 >= now


def _fall(what: str, before: int, now: int, limits: Plausible) -> Doubt | None:
    return Doubt(what, before, now) if falls(before, now, limits) else None


def _pay_fall(now: Sweep, last: Sweep, limits: Plausible, left: Set[PersonId]) -> Doubt | None:
    if now.payees is None or last.payees is None:
        return None
    return _fall("paid", len(last.payees.everyone - left), len(now.payees.everyone), limits)


def _pay_hidden(now: Sweep, last: Sweep, payable: Set[PersonId]) -> Doubt | None:
    """Of more than half of those who had a salary, and are Active still, no pay at all is shown (PAY-14).

    So of all of fewer than four, too.
    """
    if now.payees is None or last.payees is None:
        return None
    before = last.payees.remembered & payable
    shown = before & now.payees.everyone
    return Doubt("salaried", len(before), len(shown)) if len(shown) * 2 < len(before) else None


def _hidden_from_all(now: Sweep, last: Sweep | None) -> Doubt | None:
    """Without a legal entity nobody can be said to be in it, on a first sweep neither (WHO-1)."""
    shown = now.sightings.own.get(_LEGAL_ENTITY)
    if shown is None or shown.shown or not now.sightings.swept:
        return None
    before = last.sightings.own.get(_LEGAL_ENTITY) if last else None
    return Doubt(_LEGAL_ENTITY, before.shown if before else 0, 0)


def _hidden(key: str, before: Sighting, now: Sweep, last: Sweep) -> Doubt | None:
    """Shown of most people then, of none now."""
    shown = now.sightings.own.get(key)
    usual = before.shown * 2 > last.sightings.swept
    return Doubt(key, before.shown, 0) if usual and now.sightings.swept and shown and not shown.shown else None


_LEGAL_ENTITY: Final = "legal_entity"
