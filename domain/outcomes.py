"""What runs made of people, whether an event tells of one of them or of many (RUN-4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from domain.events.runs import OutcomeRecorded, OutcomesRecorded, Unmoved
from domain.log import Fact, Recorded
from domain.values import PersonId


class Outcome(StrEnum):
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONCEPT_CREATED = "concept_created"
    CONCEPT_UPDATED = "concept_updated"
    LEFT_OUT = "left_out"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"


ERRORS: Final = frozenset({Outcome.FAILED, Outcome.UNKNOWN})
"""Of writes that did not end well, or of which nobody knows."""


def outcomes_in(fact: Fact) -> tuple[OutcomeRecorded, ...]:
    """Each outcome that a fact tells, as if it had an event of its own; empty where it tells none."""
    match fact:
        case OutcomeRecorded():
            return (fact,)
        case OutcomesRecorded():
            return tuple(_alone(fact, one) for one in fact.people)
    return ()


def outcome_of(fact: Fact, person: PersonId) -> OutcomeRecorded | None:
    """What a fact tells of this person."""
    match fact:
        case OutcomeRecorded():
            return fact if fact.person_id == person else None
        case OutcomesRecorded():
            return next((_alone(fact, one) for one in fact.people if one.person_id == person), None)
    return None


class Told:
    """What events tell of people: one that tells of many is looked through once, however many of them are asked for."""

    def __init__(self, events: Iterable[Recorded]) -> None:
        self._facts = {event.position: event.fact for event in events}
        self._shared: dict[int, Mapping[str, Unmoved]] = {}

    def of(self, position: int, person: PersonId) -> OutcomeRecorded | None:
        """What the event at this position tells of this person."""
        fact = self._facts[position]
        if not isinstance(fact, OutcomesRecorded):
            return outcome_of(fact, person)
        if position not in self._shared:
            self._shared[position] = {one.person_id: one for one in fact.people}
        one = self._shared[position].get(person)
        return None if one is None else _alone(fact, one)


def apart(events: Iterable[Recorded]) -> Iterator[Recorded]:
    """The events, those that tell of many people as one for each of them, in its place."""
    for event in events:
        if isinstance(event.fact, OutcomesRecorded):
            yield from (msgspec.structs.replace(event, fact=one) for one in outcomes_in(event.fact))
        else:
            yield event


def only_of(events: Iterable[Recorded], wanted: Callable[[Unmoved], bool]) -> Iterator[Recorded]:
    """The events, and of those that tell of many people what they tell of whoever is wanted.

    Nobody's history, and nothing else that is about one person, shows who was beside them.
    """
    for event in events:
        if isinstance(event.fact, OutcomesRecorded):
            fact = event.fact
            theirs = (one for one in fact.people if wanted(one))
            yield from (msgspec.structs.replace(event, fact=_alone(fact, one)) for one in theirs)
        else:
            yield event


def _alone(fact: OutcomesRecorded, one: Unmoved) -> OutcomeRecorded:
    return OutcomeRecorded(
        person_id=one.person_id,
        employee_number=one.employee_number,
        outcome=fact.outcome,
        reason=fact.reason,
        messages=one.messages,
        notices=one.notices,
        details=one.details,
        rule=fact.rule,
        effective_on=fact.effective_on,
    )
