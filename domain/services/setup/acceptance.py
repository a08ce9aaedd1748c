"""What only writing can tell, tried on one made-up employee of an acceptance environment, never anywhere else.

The first time somebody new is made as a concept employee; a person finalises them in Loket's screens; then the rest is
tried, and everything that was changed is put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Final, Protocol

from domain.errors import Misconfigured
from domain.events.setup import TenantExamined
from domain.examination import Check, Verdict
from domain.log import Recorded
from domain.settings import LegalEntity
from domain.values import EmployeeNumber

MADE_UP: Final = "Tweeluik-Proef"
"""The last name of the only employee that is ever written to here."""

PRODUCTION: Final = "api.loket.nl"
ACCEPTANCE: Final = "api.loket-acc.nl"
_KEEPS_ID: Final = "Loket keeps a concept employee's id when it is finalised"
_ID: Final = re.compile(r"made as concept employee ([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Subject:
    """The made-up person as Loket has them; `concept` and `employee` are ids, None where there is none."""

    concept: str | None = None
    employee: str | None = None
    employment: str | None = None
    last_name: str = ""


class Omitted(StrEnum):
    """What Loket made of a field that a replacement leaves out."""

    KEPT = "kept"
    CLEARED = "cleared"
    REFUSED = "refused"


class Chain(StrEnum):
    """What became of a benefit when a later one of its component was added."""

    ENDED = "ended the day before"
    LEFT = "left open"
    REFUSED = "the later one was refused"


class Trials(Protocol):
    """Tries in Loket; each puts back what it changed. Raises ReadFailed or RightMissing."""

    def subject(self, entity: LegalEntity, number: EmployeeNumber) -> Subject: ...

    def make(self, entity: LegalEntity, number: EmployeeNumber, last_name: str) -> str | None:
        """A concept employee of this name; its id, None where Loket refused."""
        ...

    def omit(self, employee: str) -> Omitted: ...

    def stale(self, employee: str) -> int:
        """The status of a replacement that names a version before the last."""
        ...

    def chain(self, employment: str, component: int) -> Chain: ...


def require_acceptance(host: str) -> None:
    """Raises Misconfigured anywhere but in Loket's acceptance environment, or a simulator on this machine."""
    if host == PRODUCTION:
        raise Misconfigured(f"{PRODUCTION} is Loket's production: `doctor --acceptance` writes, and never there")
    if host != ACCEPTANCE and host != "localhost" and not _loopback(host):
        raise Misconfigured(
            f"`doctor --acceptance` writes to {ACCEPTANCE} only: base_url in [loket] names another host"
        )


def try_out(
    trials: Trials,
    entity: LegalEntity,
    number: EmployeeNumber,
    component: int | None,
    history: Iterable[Recorded],
) -> tuple[Check, ...]:
    """One step further: make the person, wait for payroll, or try. `history`: the entity's examinations so far.

    Raises Misconfigured when the number belongs to somebody who is not made up.
    """
    found = trials.subject(entity, number)
    if (found.concept or found.employee) and found.last_name != MADE_UP:
        raise Misconfigured(f"employee number {number} in Loket is not the made-up {MADE_UP}: choose a free number")
    if found.employee is None:
        return (_waiting(found.concept or trials.make(entity, number, MADE_UP), number),)
    checks = [
        _kept(found.employee, history),
        _omitted(trials.omit(found.employee)),
        _stale(trials.stale(found.employee)),
    ]
    if found.employment is None or component is None:
        why = "no recurring component is in [pay.components]" if component is None else "the employee has no employment"
        return (*checks, Check(_ENDS, Verdict.NOT_SEEN, why))
    return (*checks, _chained(trials.chain(found.employment, component)))


def _waiting(concept: str | None, number: EmployeeNumber) -> Check:
    if concept is None:
        return Check(
            _KEEPS_ID, Verdict.NOT_SEEN, "Loket refused the concept employee", "see that the user may make one"
        )
    told = f"{MADE_UP} ({number}) was made as concept employee {concept}"
    return Check(_KEEPS_ID, Verdict.NOT_SEEN, told, "finalise it in Loket under this number, then run this again")


def _kept(employee: str, history: Iterable[Recorded]) -> Check:
    made = [found.group(1) for told in _tellings(history) if (found := _ID.search(told))]
    if not made:
        return Check(_KEEPS_ID, Verdict.NOT_SEEN, "the employee was not made by this command")
    same = made[-1] == employee
    do = "" if same else "nothing: people are matched by their number first"
    return Check(_KEEPS_ID, Verdict.HOLDS if same else Verdict.DOES_NOT_HOLD, "after finalising in the screen", do)


def _tellings(history: Iterable[Recorded]) -> Iterable[str]:
    for recorded in history:
        if isinstance(recorded.fact, TenantExamined):
            yield from (one.told for one in recorded.fact.results if one.check == _KEEPS_ID)


def _omitted(seen: Omitted) -> Check:
    name = "Loket keeps a field that a replacement leaves out"
    told = f"a phone number that was left out was {seen}"
    return Check(name, Verdict.HOLDS if seen is Omitted.KEPT else Verdict.DOES_NOT_HOLD, told)


def _stale(status: int) -> Check:
    name = "Loket refuses a replacement of an older version"
    refused = status in (409, 412)
    do = "" if refused else "let nobody edit in Loket while a sync is writing"
    return Check(name, Verdict.HOLDS if refused else Verdict.DOES_NOT_HOLD, f"HTTP {status}", do)


_ENDS: Final = "Loket ends a benefit where a later one of its component begins"


def _chained(seen: Chain) -> Check:
    return Check(_ENDS, Verdict.HOLDS if seen is Chain.ENDED else Verdict.DOES_NOT_HOLD, f"the earlier one: {seen}")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
