"""Facts about what Personio showed, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.events import personio
from domain.log import Fact
from domain.views.sentences.tongue import Sentence, Tongue


def _gates(fact: personio.GatesObserved, t: Tongue) -> str:
    return t.say(
        "Personio shows legal entity {legal_entity}, status {status}, Consider in NL payroll {considered}, Employee "
        "number (Loket) {number}, Income number {income}.",
        legal_entity=fact.legal_entity,
        status=fact.status or t.say("not observed"),
        considered=t.say(fact.considered),
        number=_number(fact.employee_number, t),
        income=_number(fact.income_number, t),
    )


def _visibility(fact: personio.AttributeVisibilityChanged, t: Tongue) -> str:
    if fact.visible:
        return t.say("Personio shows {field} again.", field=t.label(fact.field))
    return t.say(
        "Personio no longer shows {field}: its value is not observed, which is not a change of it.",
        field=t.label(fact.field),
    )


def _left_entity(fact: personio.PersonLeftEntity, t: Tongue) -> str:
    moved = t.say("; the person is now in legal entity {moved_to}", moved_to=fact.moved_to) if fact.moved_to else ""
    return t.say(
        "Personio no longer assigns the person to legal entity {legal_entity}{moved}.",
        legal_entity=fact.legal_entity,
        moved=moved,
    )


_NOT_SEEN: Final = {
    "gone": "asked for by id, Personio answers that there is no such person",
    "elsewhere": "Personio shows the person outside",
    "unclear": "Personio does not show the person at all",
}


def _not_seen(fact: personio.PersonNotSeen, t: Tongue) -> str:
    where = t.say(" in legal entity {shown_in}", shown_in=fact.shown_in) if fact.shown_in else ""
    said = f"{t.say(_NOT_SEEN.get(fact.answer, fact.answer))}{where}"
    return t.say(
        "Not seen in legal entity {legal_entity}: {said}. Nothing is concluded from one look.",
        legal_entity=fact.legal_entity,
        said=said,
    )


def _number(number: int | None, t: Tongue) -> str:
    return t.say("none") if number is None else str(number)


SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    personio.GatesObserved: _gates,
    personio.AttributeVisibilityChanged: _visibility,
    personio.PersonNotSeen: _not_seen,
    personio.PersonSeenAgain: lambda fact, t: t.say(
        "Personio shows the person in legal entity {legal_entity} again.", legal_entity=fact.legal_entity
    ),
    personio.PersonLeftEntity: _left_entity,
}

WORDS: Final = (*_NOT_SEEN.values(),)
"""What is said of values of a closed set, to be translated."""
