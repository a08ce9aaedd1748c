"""Showing personal values in clear: recorded, with who and why, before a value leaves (AUD-8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.errors import Misconfigured, StreamMoved, TooManyPeople
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.log import Fact, Log, Meta, Pending, Recorded, StreamAppend, Vault, fitting
from domain.ports import Clock
from domain.showings import LONGEST, MOST_A_DAY, SHORTEST, is_reason, too_many
from domain.streams import CUSTODY, loket_stream, person_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, SubjectRef

_ATTEMPTS: Final = 5  # everybody's showings are one stream
_AT_ONCE: Final = 200
_NAMED: Final = 1_000  # people in one event
_NUMBERED: Final = 4_000  # employee numbers in one event


@dataclass(frozen=True, slots=True)
class Unmasking:
    """Who wants to see which values, and why: free text, which is sealed.

    `most` is how many people's values one person opens within a day; `agreed`: a second person agreed to this showing.
    """

    actor: Actor
    what: str
    reason: str
    most: int = MOST_A_DAY
    agreed: bool = False


def require_reason(reason: str) -> None:
    """Before anything is read for it. Raises Misconfigured without one (`is_reason`)."""
    if not is_reason(reason):
        raise Misconfigured(
            f"showing personal values needs --reason TEXT of {SHORTEST} to {LONGEST} characters; "
            "it is recorded with your name"
        )


def record_unmasking(
    log: Log,
    vault: Vault,
    clock: Clock,
    *,
    unmasking: Unmasking,
    entity: LegalEntityId,
    number: EmployeeNumber | None = None,
    subject: SubjectRef | None = None,
    people: Collection[str] | None = None,
    numbers: tuple[EmployeeNumber, ...] = (),
) -> int:
    """Put it on record, at the position returned: of one person (a number, or their subject), or of several, by their
    subjects.

    `numbers` are told with it where it is the names of several that are shown.

    Raises Misconfigured without a reason (`is_reason`), and TooManyPeople when somebody else has to agree first.
    """
    require_reason(unmasking.reason)
    if subject is None and number is not None:
        subject = subject_of(entity, number, log=log)
    subject = subject or vault.subject()
    shown = frozenset({subject}) if people is None else frozenset(people)
    told = [
        ValuesUnmasked(
            subject=subject,
            what=unmasking.what,
            legal_entity=entity,
            employee_number=number,
            reason=unmasking.reason,
            agreed=unmasking.agreed,
            employee_numbers=part,
            rule="AUD-8",
        )
        for part in [*fitting(numbers, _NUMBERED)] or [()]
    ]
    facts = [*named_people(subject, people or ()), *told]
    for attempt in range(_ATTEMPTS):
        custody, now = log.stream(CUSTODY), clock.now()
        most = unmasking.most
        beyond = too_many(custody, unmasking.actor, shown, entity=entity, most=most, now=now)
        if beyond and not unmasking.agreed:
            raise TooManyPeople(most, beyond)
        meta = Meta(recorded_at=now, actor=unmasking.actor, correlation=f"unmask-{unmasking.what}")
        try:
            recorded = log.append([StreamAppend(CUSTODY, len(custody), [Pending(one) for one in facts])], meta=meta)
        except StreamMoved:  # somebody else was shown something at the same moment
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return recorded[-1].position
    raise AssertionError("the last attempt raises")


def named_people(reason: str, people: Collection[str]) -> Iterator[Fact]:
    """Whom the reason with this subject may name."""
    for part in fitting(sorted(set(people)), _NAMED):
        yield PeopleNamed(subject=reason, people=part, rule="AUD-9")


def subjects_in(events: Collection[Recorded]) -> frozenset[str]:
    """The natural persons whose values are in these events."""
    return frozenset(getattr(one.fact, "subject", "") for one in events) - {""}


def subjects_of(persons: Iterable[PersonId], *, log: Log) -> frozenset[str]:
    """The natural persons behind these people of Personio; whom the log has no value of stands for themselves."""
    streams = {person_stream(one): f"person:{one}" for one in persons}
    names = list(streams)
    for start in range(0, len(names), _AT_ONCE):
        for stream, events in log.streams(names[start : start + _AT_ONCE]).items():
            streams[stream] = next(iter(sorted(subjects_in(events))), streams[stream])
    return frozenset(streams.values())


def subject_of(entity: LegalEntityId, number: EmployeeNumber, *, log: Log) -> SubjectRef | None:
    """The natural person whose values are behind a number; None where the log holds none of Loket's."""
    subjects = (getattr(one.fact, "subject", "") for one in log.stream(loket_stream(entity, number)))
    return next((SubjectRef(one) for one in subjects if one), None)
