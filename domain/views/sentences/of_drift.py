"""Facts about differences between the two systems, and what people decide about them, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.events import drift
from domain.log import Fact
from domain.values import Absence
from domain.views.sentences.endings import ending
from domain.views.sentences.tongue import Sentence, Tongue, ended, local_date, quoted

_CAUSES: Final = {
    drift.Cause.CHANGED_IN_LOKET: "it was changed in Loket",
    drift.Cause.BOTH_CHANGED: "it was changed in Personio and in Loket",
    drift.Cause.WRITE_NOT_LANDED: "a write of ours did not land",
    drift.Cause.NEVER_SYNCED: "no run has confirmed it yet",
    drift.Cause.PENDING: "it was changed in Personio",
}


_ENDS: Final = {
    drift.Resolved.OVERWRITTEN: "a run overwrote Loket's value",
    drift.Resolved.PUT_BACK: "Loket holds Personio's value again",
    drift.Resolved.PERSONIO_MOVED: "Personio holds Loket's value now",
    drift.Resolved.LEFT_OUT: "the person is left out",
}


_ACCEPTANCE_ENDS: Final = {
    drift.AcceptanceEnd.EXPIRED: "its last day has passed",
    drift.AcceptanceEnd.PERSONIO_CHANGED: "Personio changed the value",
}


_DIFFERS: Final[Mapping[type[Fact], str]] = {
    drift.DriftOpened: "differs",
    drift.DriftReopened: "differs again",
    drift.DriftMoved: "still differs",
}


def _drift(fact: drift.DriftOpened | drift.DriftMoved | drift.DriftReopened, t: Tongue) -> str:
    how = t.say(_DIFFERS.get(type(fact), "still differs"))
    held = t.say("{loket} in Loket, {personio} in Personio", loket=t.shown(fact.loket), personio=t.shown(fact.personio))
    return t.say(
        "{field} {how}: {held}; {cause}.",
        field=t.label(fact.field),
        how=how,
        held=held,
        cause=t.say(_CAUSES[fact.cause]),
    )


def _accepted(fact: drift.DriftAccepted, t: Tongue) -> str:
    return t.say(
        "Loket's {field} was accepted beside {personio} in Personio until {until}{quoted}.",
        field=t.label(fact.field),
        personio=t.shown(fact.personio),
        until=t.day(fact.until),
        quoted=quoted((fact.reason,), t),
    )


_TRAIL_RESULTS: Final = {
    drift.TrailResult.OURS: "an entry of our own user",
    drift.TrailResult.SOMEONE_ELSE: "an entry of someone else",
    drift.TrailResult.NO_ENTRY: "no entry, though it changed",
    drift.TrailResult.NOT_ATTRIBUTABLE: "nothing we can read about this field",
}


def _attributed(fact: drift.DriftAttributed, t: Tongue) -> str:
    by = "" if isinstance(fact.by, Absence) else t.say(" by {by}", by=t.shown(fact.by))
    when = t.say(" on {day}", day=t.day(local_date(fact.changed_at))) if fact.changed_at else ""
    return t.say(
        "Loket's audit trail has {result} for {field}{by}{when}.",
        result=t.say(_TRAIL_RESULTS[fact.result]),
        field=t.label(fact.field),
        by=by,
        when=when,
    )


def _kept(fact: drift.LoketValueKept, t: Tongue) -> str:
    value = t.shown(fact.value)
    return t.say(
        "Loket's {field} {value} is the right one, to be entered in Personio{quoted}.",
        field=t.label(fact.field),
        value=value,
        quoted=quoted((fact.reason,), t),
    )


def _entered(_: drift.KeptValueEntered, t: Tongue) -> str:
    return t.say("Personio shows the value of Loket that was kept.")


SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    drift.DriftChecked: lambda fact, t: t.say(
        "A drift check of legal entity {legal_entity} compared {people}: {drifted}, {waiting}.",
        legal_entity=fact.legal_entity,
        people=t.people(fact.compared),
        drifted=t.count(fact.drift, "1 field drifted", "{count} fields drifted"),
        waiting=t.count(fact.pending, "1 waits for the next run", "{count} wait for the next run"),
    ),
    drift.WaitingSeen: lambda fact, t: t.count(
        len(fact.fields),
        "A drift check saw 1 field waiting in Personio for the next run; that is no drift.",
        "A drift check saw {count} fields waiting in Personio for the next run; that is no drift.",
    ),
    drift.DriftCheckRefused: lambda fact, t: t.say(
        "A drift check of legal entity {legal_entity} concluded nothing, under {reason}: {ended}",
        legal_entity=fact.legal_entity,
        reason=fact.reason,
        ended=ended(ending(fact.message, t)),
    ),
    drift.DriftOpened: _drift,
    drift.DriftMoved: _drift,
    drift.DriftReopened: _drift,
    drift.DriftResolved: lambda fact, t: t.say("The difference is gone: {how}.", how=t.say(_ENDS[fact.how])),
    drift.DriftAcknowledged: lambda fact, t: t.say(
        "The difference was acknowledged{quoted}.", quoted=quoted((fact.reason,), t)
    ),
    drift.DriftAccepted: _accepted,
    drift.AcceptanceEnded: lambda fact, t: t.say("The acceptance ended: {why}.", why=t.say(_ACCEPTANCE_ENDS[fact.why])),
    drift.DecisionWithdrawn: lambda fact, t: t.say(
        "What was decided about it is withdrawn{quoted}.", quoted=quoted((fact.reason,), t)
    ),
    drift.LoketValueKept: _kept,
    drift.KeptValueEntered: _entered,
    drift.KeptValueWithdrawn: lambda fact, t: t.say(
        "Loket's value need not be entered in Personio after all{quoted}.", quoted=quoted((fact.reason,), t)
    ),
    drift.DriftAttributed: _attributed,
    drift.PersonHeldOut: lambda fact, t: t.say(
        "The next run leaves this person out{quoted}.", quoted=quoted((fact.reason,), t)
    ),
    drift.HoldOutWithdrawn: lambda fact, t: t.say(
        "The person takes part in the next run after all{quoted}.", quoted=quoted((fact.reason,), t)
    ),
    drift.HoldOutUsed: lambda _, t: t.say("A run left this person out as was asked; the next one does not."),
}

WORDS: Final = (
    *_CAUSES.values(),
    *_ENDS.values(),
    *_ACCEPTANCE_ENDS.values(),
    *_DIFFERS.values(),
    *_TRAIL_RESULTS.values(),
)
"""What is said of values of a closed set, to be translated."""
