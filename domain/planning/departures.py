"""Leaving takes two looks: nobody is recorded as gone on one sweep (RUN-7, WHO-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from domain.planning.employments import judged_in
from domain.snapshots import PersonioPerson, PersonioSnapshot
from domain.values import BLANK, NOT_OBSERVED, LegalEntityId, PersonId

ASKED_AT_MOST: Final = 20
"""Missing people who are asked for by id before a fall is judged; of more than these a person has to look (RUN-12)."""


class Whereabouts(StrEnum):
    """What a complete sweep says of somebody whom the log knows in the legal entity and who is not among its people."""

    GONE = "gone"  # asked for by id: Personio answers 404
    ELSEWHERE = "elsewhere"  # another legal entity is shown, or that they have none
    UNCLEAR = "unclear"  # not shown, and nothing says where they are


_ENDS: Final = (Whereabouts.GONE, Whereabouts.ELSEWHERE)


def placed(personio: PersonioSnapshot, members: Iterable[PersonId]) -> PersonioSnapshot:
    """With those whose legal entity is not shown, and whom the log knows here, among the people (WHO-1).

    Of the others, who has no employment at all has no legal entity either.
    """
    known = set(members)
    here = tuple(one for one in personio.unplaced if one.id in known)
    nowhere = {one.id: None for one in personio.unplaced if one.id not in known and one.employment is None}
    return replace(
        personio,
        people=(*personio.people, *here),
        elsewhere={**personio.elsewhere, **nowhere},
        unplaced=tuple(one for one in personio.unplaced if one.id not in known | nowhere.keys()),
    )


def missing(personio: PersonioSnapshot, members: Iterable[PersonId]) -> tuple[PersonId, ...]:
    """Whom the log knows here and this sweep shows nowhere at all."""
    shown = {one.id for one in (*personio.people, *personio.unplaced)} | personio.elsewhere.keys()
    return tuple(sorted(one for one in members if one not in shown))


def with_answers(
    personio: PersonioSnapshot, answers: Mapping[PersonId, PersonioPerson | None], here: LegalEntityId
) -> PersonioSnapshot:
    """The sweep with those who were asked for by id: None is Personio's 404. Who slipped between two pages is back."""
    people, elsewhere, gone = list(personio.people), dict(personio.elsewhere), set(personio.gone)
    asked: set[PersonId] = set()
    for person, answer in answers.items():
        found = None if answer is None else judged_in(answer, here)
        shown = NOT_OBSERVED if found is None or found.employment is None else found.employment.legal_entity
        if found is None:
            gone.add(person)
        elif shown == here or shown is NOT_OBSERVED:
            people.append(found)
            asked.add(person)
        else:
            elsewhere[person] = None if shown is BLANK else LegalEntityId(str(shown))
    return replace(personio, people=tuple(people), elsewhere=elsewhere, gone=frozenset(gone), asked=frozenset(asked))


def whereabouts(person: PersonId, personio: PersonioSnapshot) -> Whereabouts:
    """Of somebody who is not among the people of this sweep."""
    if person in personio.gone:
        return Whereabouts.GONE
    return Whereabouts.ELSEWHERE if person in personio.elsewhere else Whereabouts.UNCLEAR


def has_left(person: PersonId, personio: PersonioSnapshot, before: str | None) -> bool:
    """Whether this sweep and the one before it both say so; `before` is what the earlier look answered."""
    return whereabouts(person, personio) in _ENDS and before in _ENDS


def not_seen(personio: PersonioSnapshot, members: Iterable[PersonId]) -> tuple[PersonId, ...]:
    """Whom the log knows here and who is not among the people of this sweep."""
    present = {one.id for one in personio.people}
    return tuple(sorted(one for one in members if one not in present))
