"""Who is synced (WHO-1 to WHO-4, JOIN-1, END-1 to END-3): the decision table, first match wins.

A row that is decided excludes, whatever an undecidable row would say; only someone whom no readable row excludes is
held for what could not be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from domain.attributes import CONSIDER
from domain.planning.employments import other_entities
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.kinds import folded, word_of
from domain.settings import Policy
from domain.snapshots import PersonioPerson
from domain.values import BLANK, NOT_OBSERVED, Absence, Answer, FieldPath, trimmed


class Exclusion(StrEnum):
    """Why a person is left out; the value is the short label shown to people."""

    LEGAL_ENTITY_NOT_ENABLED = "LEGAL_ENTITY_NOT_ENABLED"
    NOT_SEEN = "NOT_SEEN"
    NOT_CONSIDERED = "NOT_CONSIDERED"
    STATUS_NOT_ACTIVE = "STATUS_NOT_ACTIVE"
    TERMINATED_IN_LOKET = "TERMINATED_IN_LOKET"
    HELD_OUT = "HELD_OUT"
    NOT_IN_PILOT = "NOT_IN_PILOT"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A reason to leave someone out: the rule that says so, and what to show beside it."""

    rule: str
    label: Exclusion
    notices: tuple[Notice, ...] = ()
    hint: str = ""


_NOT_ACTIVE: Final[Mapping[str | None, LeftOut]] = {
    "INACTIVE": LeftOut("END-3", Exclusion.STATUS_NOT_ACTIVE, hint="handle it by hand in both systems"),
    "ONBOARDING": LeftOut("JOIN-1", Exclusion.STATUS_NOT_ACTIVE, hint="synced once the person is Active"),
    "LEAVE": LeftOut("WHO-2", Exclusion.STATUS_NOT_ACTIVE, (Notice(NoticeCode.ON_LEAVE_LEFT_OUT),)),
}

OUTSIDE: Final = LeftOut("WHO-1", Exclusion.LEGAL_ENTITY_NOT_ENABLED)
NOT_SEEN: Final = LeftOut(
    "RUN-7",
    Exclusion.NOT_SEEN,
    hint="not seen in Personio; left alone until a second sweep says the same",
)
NOT_CONSIDERED: Final = LeftOut("WHO-3", Exclusion.NOT_CONSIDERED)
HELD_OUT: Final = LeftOut("DRIFT-8", Exclusion.HELD_OUT, hint="held out of this run only")
NOT_IN_PILOT: Final = LeftOut("RUN-10", Exclusion.NOT_IN_PILOT, hint="this run is a pilot of others")
TERMINATED: Final = LeftOut("END-2", Exclusion.TERMINATED_IN_LOKET, hint="Loket has ended the employment")
TERMINATED_BESIDE_A_NEWER: Final = replace(
    TERMINATED,
    hint="Loket has ended the employment, and a newer one runs: copy its income number and start date (EMPL-2)",
)
TERMINATED_BEFORE_ENTRY: Final = replace(
    TERMINATED,
    hint="Loket has ended the employment, and the entry date lies after its end: check the employee number and the "
    "income number, or have payroll create the new employment (EMPL-2)",
)


LEFT_OUT: Final = tuple(
    one
    for one in (*_NOT_ACTIVE.values(), OUTSIDE, NOT_SEEN, NOT_CONSIDERED, HELD_OUT, NOT_IN_PILOT, TERMINATED,
                TERMINATED_BESIDE_A_NEWER, TERMINATED_BEFORE_ENTRY)
    if one.hint
)  # fmt: skip
"""Every reason that has words beside its rule."""

LEGAL_ENTITY: Final = FieldPath("legal_entity")


def considered(person: PersonioPerson, policy: Policy) -> Answer:
    """Consider in NL payroll: yes for the configured words only, blank is no, not observed is undecidable (WHO-3)."""
    value = person.value(CONSIDER)
    if isinstance(value, Absence):
        return Answer.NO if value is BLANK else Answer.UNDECIDABLE
    return Answer.NO if word_of(value, policy.rules.truthy, folded) is None else Answer.YES


def status_word(person: PersonioPerson) -> str | None:
    """The employment's status in capitals, None when there is none to be read. Never the person's own (WHO-2)."""
    status = NOT_OBSERVED if person.employment is None else person.employment.status
    return None if isinstance(status, Absence) else trimmed(status).upper()


def employed_twice(person: PersonioPerson, policy: Policy) -> tuple[Notice, ...]:
    """Said of whoever is judged here while an employment runs in another enabled legal entity too (WHO-4).

    One in a legal entity that no sync runs for goes without a word, unless the Entry date names it.
    """
    others = sorted(one for one in other_entities(person) if one in policy.enabled_beside or person.corrected)
    return (Notice(NoticeCode.EMPLOYED_IN_TWO_ENTITIES, f"legal entity {', '.join(others)}"),) if others else ()


def _inactive(person: PersonioPerson, policy: Policy) -> LeftOut | None:
    word = status_word(person)
    return None if word == "LEAVE" and policy.leave_is_active else _NOT_ACTIVE.get(word)


def is_outside(person: PersonioPerson, policy: Policy) -> bool:
    """Whether another legal entity is shown, or that there is none; one that is not shown says nothing (WHO-1)."""
    shown = NOT_OBSERVED if person.employment is None else person.employment.legal_entity
    return shown is not NOT_OBSERVED and shown != policy.entity.personio_id


def exclusions(person: PersonioPerson, policy: Policy, *, terminated: bool) -> tuple[LeftOut, ...]:
    """Every reason to leave this person out, the one to report first; empty means included.

    `terminated` says whether the Loket employment selected by both numbers has an end date, past or future (END-2).
    """
    reasons = (
        OUTSIDE if is_outside(person, policy) else None,
        NOT_CONSIDERED if considered(person, policy) is Answer.NO else None,
        _inactive(person, policy),
        TERMINATED if terminated else None,
    )
    return tuple(reason for reason in reasons if reason)


def undecided(person: PersonioPerson, policy: Policy) -> tuple[Finding, ...]:
    """The gates of an included person that could not be decided: findings, never a silent yes or no (WHO-2, WHO-3)."""
    found = []
    if considered(person, policy) is Answer.UNDECIDABLE:
        found.append(Finding(FindingCode.ATTRIBUTE_NOT_READABLE, FieldPath("consider_in_nl_payroll")))
    if person.employment and person.employment.legal_entity is NOT_OBSERVED:
        found.append(Finding(FindingCode.ATTRIBUTE_NOT_READABLE, LEGAL_ENTITY))
    for key in person.employment.unreadable if person.employment else ():
        date_ = key.endswith("_date")
        found.append(Finding(FindingCode.DATE_FORMAT if date_ else FindingCode.ATTRIBUTE_NOT_READABLE, FieldPath(key)))
    known = {"ACTIVE", *_NOT_ACTIVE}
    if status_word(person) not in known:
        found.append(Finding(FindingCode.STATUS_UNDECIDABLE))
    return tuple(found)
