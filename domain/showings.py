"""How many people's values one person has opened within a day, and for how many more somebody else agreed (AUD-8).

Counted from the stream `custody`, so that every server and command counts the same. What a second person had agreed to
does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.events.custody import MorePeopleAgreed, MorePeopleAsked, PeopleNamed, ValuesUnmasked
from domain.four_eyes import spelt
from domain.log import Recorded
from domain.values import Actor, trimmed

A_DAY: Final = timedelta(hours=24)
MOST_A_DAY: Final = 25
"""People, unless the configuration says otherwise."""
SHORTEST: Final = 5
LONGEST: Final = 500
"""Characters of a reason why values or names are shown, wherever somebody asks for them."""


def is_reason(text: str) -> bool:
    """Whether somebody may be shown values or names for it; spaces around it do not count."""
    return SHORTEST <= len(trimmed(text)) <= LONGEST


@dataclass(frozen=True, slots=True)
class MorePeople:
    """What one person asked for: to open so many more people's values of a legal entity."""

    id: str
    legal_entity: str
    people: int
    asked_by: Actor
    asked_at: datetime
    recorded: Recorded  # the reason is sealed
    agreed_by: Actor | None = None

    @property
    def good_until(self) -> datetime:
        return self.asked_at + A_DAY


def more_people(custody: Iterable[Recorded]) -> dict[str, MorePeople]:
    """Everything that was ever asked for, by its id."""
    found: dict[str, MorePeople] = {}
    for event in custody:
        match event.fact:
            case MorePeopleAsked() as asked:
                one = f"more-{event.version}"
                found[one] = MorePeople(
                    one, asked.legal_entity, asked.people, event.meta.actor, event.meta.recorded_at, event
                )
            case MorePeopleAgreed(asked=one) if one in found:
                found[one] = replace(found[one], agreed_by=event.meta.actor)
    return found


def too_many(
    custody: Iterable[Recorded], actor: Actor, people: frozenset[str], *, entity: str, most: int, now: datetime
) -> int:
    """How many more somebody else has to agree to before these people's values are shown to the actor now; 0: none.

    Whoever was shown already costs nothing.
    """
    since, name = now - A_DAY, spelt(actor)
    lately = [event for event in custody if event.meta.recorded_at > since]
    shown = frozenset(_shown(event for event in lately if spelt(event.meta.actor) == name))
    more = sum(
        one.people
        for one in more_people(lately).values()
        if one.agreed_by is not None and one.legal_entity == entity and spelt(one.asked_by) == name
    )
    return 0 if people <= shown else max(0, len(people | shown) - most - more)


def shown_of(custody: Iterable[Recorded], subject: str, entity: str, number: int) -> Iterator[Recorded]:
    """Every showing of this person's values: by their number or subject, or among the several whom a reason names."""
    named: dict[str, set[str]] = {}
    theirs: list[Recorded] = []
    for event in custody:
        match event.fact:
            case PeopleNamed(subject=reason, people=people):
                named.setdefault(reason, set()).update(people)
            case ValuesUnmasked(legal_entity=where) as one if where == entity:
                numbers = (one.employee_number, *one.employee_numbers)
                if number in numbers or subject in named.get(one.subject, {one.subject}):
                    theirs.append(event)
    return once_each(theirs)


def once_each(events: Iterable[Recorded]) -> Iterator[Recorded]:
    """The showings among these events: where it was the names of very many, their numbers fill several events under
    one reason.
    """
    told: set[str] = set()
    for event in events:
        match event.fact:
            case ValuesUnmasked(subject=reason, employee_numbers=(_, *_)):
                if reason not in told:
                    yield event
                told.add(reason)
            case ValuesUnmasked():
                yield event


def _shown(theirs: Iterable[Recorded]) -> Iterator[str]:
    """The people whom these showings were about."""
    named: dict[str, frozenset[str]] = {}
    for event in theirs:
        match event.fact:
            case PeopleNamed(subject=reason, people=people):
                named[reason] = named.get(reason, frozenset()) | frozenset(people)
            case ValuesUnmasked(subject=subject, agreed=False):
                yield from named.get(subject, (subject,))
