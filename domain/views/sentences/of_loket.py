"""Facts about Loket's data, and about what we write there, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from domain.events import loket
from domain.log import Fact
from domain.overwriting import Did, did
from domain.personal import Personal
from domain.planning.pay.conversion import ROUNDING
from domain.views.sentences.endings import ending
from domain.views.sentences.retold import chain
from domain.views.sentences.things import THINGS
from domain.views.sentences.tongue import Sentence, Tongue, changes, effective, quoted, values


def overwritten(fact: loket.FieldOverwritten, first_seen: date | None, t: Tongue) -> str:
    kind = did(fact.before, fact.after)
    if kind is Did.CLEARED:
        what = t.say("was cleared in Loket; it was {before}", before=t.shown(fact.before))
    elif kind is Did.FILLED:
        what = t.say(
            "was filled in Loket with {after}; it was {before}", after=t.shown(fact.after), before=t.shown(fact.before)
        )
    else:
        what = t.say(
            "was overwritten in Loket: {before} became {after}", before=t.shown(fact.before), after=t.shown(fact.after)
        )
    seen = t.say("first seen on {day}, ", day=t.day(first_seen)) if first_seen else ""
    retroactive = t.say(", retroactive: unknown") if fact.effective_on is None else ""
    return f"{t.label(fact.field)} {what}; {seen}{effective(fact, t)}{retroactive}."


_LINKS: Final = {
    loket.LinkState.UNLINKED: "The number is not known in Loket, neither as an employee nor as a concept employee.",
    loket.LinkState.CONCEPT: "The number belongs to a concept employee in Loket.",
    loket.LinkState.FINAL: "The number belongs to a final employee in Loket.",
    loket.LinkState.TERMINATED: "The number belongs to an employee whose employment Loket has ended.",
    loket.LinkState.NOT_VISIBLE: "Loket does not show the employee with this number any more: nothing is concluded.",
}


def _field_changed(fact: loket.LoketFieldChanged, t: Tongue) -> str:
    by = t.say("by a write of ours") if fact.changed_by is loket.ChangedBy.OURS else t.say("by someone else")
    return t.say(
        "{field} in Loket went from {before} to {after}, changed {by}.",
        field=t.label(fact.field), before=t.shown(fact.before), after=t.shown(fact.after), by=by,
    )  # fmt: skip


def _terminated(fact: loket.TerminationObserved, t: Tongue) -> str:
    end = t.say("on {day}", day=t.day(fact.effective_on)) if fact.effective_on else t.say("on a date not told")
    return t.say(
        "Loket ends the employment with income number {income_number} {end}: left out from now on.",
        income_number=fact.income_number,
        end=end,
    )


def _superseded(fact: loket.TerminationSuperseded, t: Tongue) -> str:
    return t.say(
        "The person went on in the employment with income number {income_number}; the earlier one stays ended.",
        income_number=fact.income_number,
    )


def _reinstated(fact: loket.TerminationReversed, t: Tongue) -> str:
    return t.say(
        "Loket's end date of the employment with income number {income_number} is gone again: reinstated.",
        income_number=fact.income_number,
    )


def _intended(fact: loket.WriteIntended, t: Tongue) -> str:
    since = t.say(" with effect from {day}", day=t.day(fact.effective_on)) if fact.effective_on else ""
    return t.say(
        "A run is about to write {thing}{since} to Loket: {changes}.",
        thing=t.say(THINGS[fact.kind]),
        since=since,
        changes=changes(fact.changes, t),
    )


_TAKEN_FOR: Final = {
    "full_time": ", taken for the full-time amount",
    "effective": ", taken for the person's own amount",
    "undecided": ", which is the same for full-time and own hours",
}


def _added_up(parts: Iterable[Personal], t: Tongue) -> str:
    told = " + ".join(map(t.shown, parts))
    return f"{told} = " if told else ""


def _converted(fact: loket.PayConverted, t: Tongue) -> str:
    return t.say(
        "{field} was converted from {added_up}{amount} ({interval}), weekly hours {hours} of {full_time}, {periods} "
        "a year, rounded {rounding}{taken_for}.",
        field=t.label(fact.field),
        added_up=_added_up(fact.parts, t),
        amount=t.shown(fact.amount),
        interval=t.say(fact.interval.lower() or "an hour"),
        hours=t.shown(fact.weekly_hours),
        full_time=t.shown(fact.full_time_hours),
        periods=t.count(fact.periods_a_year, "1 payroll period", "{count} payroll periods"),
        rounding=t.say(fact.rounding),
        taken_for=t.say(_TAKEN_FOR.get(fact.amounts_are or "", "")),
    )


def _placed(fact: loket.RecordPlaced, t: Tongue) -> str:
    since = t.day(fact.effective_on) if fact.effective_on else t.say("a day not told")
    if fact.placed is loket.Placed.NEW_RECORD:
        return t.say(
            "The value goes into a new record in Loket from {since}: that day is ours, Personio tells none.",
            since=since,
        )
    return t.say(
        "The value goes into Loket's newest record, which holds from {since}; Personio tells no day.", since=since
    )


def _steps(number: int, t: Tongue) -> str:
    return t.count(number, "1 step", "{count} steps")


def _rebuild_ended(fact: loket.ChainRebuildEnded, t: Tongue) -> str:
    if fact.complete:
        return t.say("The rebuild {unit} is complete.", unit=fact.unit)
    return t.say(
        "The rebuild {unit} stopped after {done}; the next run finishes it.", unit=fact.unit, done=_steps(fact.done, t)
    )


def _confirmed(fact: loket.WriteConfirmed, t: Tongue) -> str:
    if fact.confirmed_by is loket.ConfirmedBy.READ_BACK:
        how = t.say("The write was confirmed by read-back, its answer was lost")
    else:
        how = t.say("The write was confirmed by Loket's answer and by read-back")
    warned = t.say("; Loket warned") if fact.warnings else ""
    return f"{how}{warned}{quoted(fact.warnings, t)}."


def _conflicted(fact: loket.WriteConflicted, t: Tongue) -> str:
    found = values(fact.found, t)
    return t.say(
        "A read-back found neither the old nor the wanted value: {found}. The next run judges it afresh.", found=found
    )


SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    loket.LinkObserved: lambda fact, t: t.say(_LINKS[fact.state]),
    loket.EmployeeSeen: lambda _, t: t.say("The number is one of Loket's employees."),
    loket.EmployeeReleased: lambda fact, t: t.say(
        "Someone said that Loket removed the employee; the number is unknown again{quoted}.",
        quoted=quoted((fact.reason,), t),
    ),
    loket.LoketFieldChanged: _field_changed,
    loket.FieldsConfirmed: lambda fact, t: t.say(
        "Both systems hold the same: {fields}.", fields=", ".join(map(t.label, fact.fields))
    ),
    loket.TerminationObserved: _terminated,
    loket.TerminationReversed: _reinstated,
    loket.TerminationSuperseded: _superseded,
    loket.WriteIntended: _intended,
    loket.WriteConfirmed: _confirmed,
    loket.WriteRefused: lambda fact, t: t.say(
        "Loket refused the write with status {status}{quoted}.", status=fact.status, quoted=quoted(fact.messages, t)
    ),
    loket.WriteNotSent: lambda fact, t: t.say("The write was not sent: {cause}.", cause=ending(fact.cause, t)),
    loket.WriteOutcomeUnknown: lambda fact, t: t.say(
        "The outcome of the write is unknown: {cause}.", cause=ending(fact.cause, t)
    ),
    loket.WriteNotApplied: lambda _, t: t.say("A read-back found the old values: the write was not applied."),
    loket.WriteConflicted: _conflicted,
    loket.ConceptEmployeeCreated: lambda _, t: t.say("A concept employee was created in Loket."),
    loket.ConceptEmployeeFinalised: lambda _, t: t.say(
        "The concept employee was completed in Loket: a final employee now."
    ),
    loket.ConceptEmployeeGone: lambda _, t: t.say("The concept employee is gone from Loket."),
    loket.CompensationStartDateMoved: lambda fact, t: t.say(
        "The compensation start date of legal entity {legal_entity} is {day}{moved}.",
        legal_entity=fact.legal_entity,
        day=t.day(fact.effective_on) if fact.effective_on else t.say("not set"),
        moved=t.say(", moved from {before}", before=t.day(fact.before)) if fact.before else "",
    ),
    loket.PayConverted: _converted,
    loket.RecordPlaced: _placed,
    loket.ProcessedPeriodAffected: lambda fact, t: t.say(
        "The write reaches into payroll period {period}, which has already been run.", period=fact.period
    ),
    loket.ChainRebuildStarted: lambda fact, t: t.say(
        "The {chain} are rebuilt in {steps}, as one unit: {unit}.",
        chain=chain(fact.chain, t),
        steps=_steps(fact.steps, t),
        unit=fact.unit,
    ),
    loket.ChainRebuildEnded: _rebuild_ended,
}

WORDS: Final = (
    *_LINKS.values(),
    *THINGS.values(),
    *_TAKEN_FOR.values(),
    "monthly",
    "yearly",
    "hourly",
    ROUNDING,
)
"""What is said of values of a closed set, to be translated."""
