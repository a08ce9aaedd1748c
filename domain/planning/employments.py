"""Which of a person's employments counts, and in which legal entity (WHO-4).

A person whose employments run in two legal entities belongs to both: each judges the one that runs there. One that has
ended, or has not begun, counts only where nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from domain.attributes import ENTRY_DATE, Role
from domain.snapshots import PersonioEmployment, PersonioPerson
from domain.values import NOT_OBSERVED, Absence, LegalEntityId, Observed, PersonId, trimmed

_STANDING: Final = {"ACTIVE": 3, "LEAVE": 2, "ONBOARDING": 1}


def employed(
    person: PersonId, employments: Iterable[PersonioEmployment], values: Mapping[Role, Observed], today: date
) -> PersonioPerson:
    """The person with the employment that is current today, and those that run beside it."""
    listed = list(employments)
    chosen = current(listed, today)
    beside = tuple(one for one in listed if one is not chosen and runs(one, today) and one.status != "INACTIVE")
    return PersonioPerson(person, chosen, values, beside)


def runs(employment: PersonioEmployment, today: date) -> bool:
    """By its dates: the first and the last day count."""
    begun = employment.start is None or employment.start <= today
    return begun and (employment.end is None or employment.end >= today)


def employed_between(person: PersonioPerson, first: date, last: date) -> bool:
    """Whether an employment of the person runs on some day between these two, both included."""
    every = (*((person.employment,) if person.employment else ()), *person.beside)
    return any((one.start or date.min) <= last and (one.end or date.max) >= first for one in every)


def current(employments: Iterable[PersonioEmployment], today: date) -> PersonioEmployment | None:
    """The one that runs today, an active one before others, the newest of those; else the newest of all."""
    listed = list(employments)
    running = [one for one in listed if runs(one, today)]
    return _foremost(running) or max(listed, key=lambda one: one.start or one.end or date.min, default=None)


def judged_in(person: PersonioPerson, entity: LegalEntityId) -> PersonioPerson:
    """The person as one legal entity sees them: by the employment that runs there, whichever is newer (WHO-4).

    Where none is shown to run there, one that hides its legal entity decides: it may be of this one (WHO-1).
    """
    if person.employment is None or not person.beside:
        return person
    every = (person.employment, *person.beside)
    running = [one for one in every if one.status != "INACTIVE"]
    here = [one for one in running if one.legal_entity == entity]
    hidden = [one for one in running if one.legal_entity is NOT_OBSERVED]
    chosen = _foremost(here) or _foremost(hidden) or person.employment
    beside = tuple(one for one in running if one is not chosen)
    return replace(person, employment=chosen, beside=beside, corrected=_own_entry_date(person, chosen, beside))


def other_entities(person: PersonioPerson) -> frozenset[str]:
    """Where else an employment of this person runs, of those that are shown."""
    own = person.employment.legal_entity if person.employment else NOT_OBSERVED
    shown = {one.legal_entity for one in person.beside if not isinstance(one.legal_entity, Absence)}
    return frozenset(str(one) for one in shown if one != own)


def employed_elsewhere(person: PersonioPerson) -> bool:
    """Whether another employment runs in another legal entity, or in one that is not shown."""
    hidden = any(one.legal_entity is NOT_OBSERVED for one in person.beside)
    return hidden or bool(other_entities(person))


def _own_entry_date(
    person: PersonioPerson, chosen: PersonioEmployment, beside: Iterable[PersonioEmployment]
) -> Mapping[Role, Observed]:
    """A profile has one Entry date: where it names another entity's employment, this one's own start stands for it."""
    told = person.values.get(ENTRY_DATE, NOT_OBSERVED)
    if isinstance(told, Absence) or chosen.start is None:
        return {}
    named = trimmed(told)[:10]
    theirs = {str(one.start) for one in beside if one.legal_entity != chosen.legal_entity}
    return {ENTRY_DATE: str(chosen.start)} if named in theirs and named != str(chosen.start) else {}


def _foremost(running: Iterable[PersonioEmployment]) -> PersonioEmployment | None:
    return max(running, key=lambda one: (_STANDING.get(str(one.status), 0), one.start or date.min), default=None)
