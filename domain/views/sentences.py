"""Facts as sentences a payroll administrator can read, in the words of the glossary; sealed values are masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain import access_events as a
from domain import alert_events as al
from domain import contact_events as c
from domain import drift_events as d
from domain import erasure_events as x
from domain import events as e
from domain import report_events as r
from domain import schedule_events as s
from domain.alerts import EVERYTHING, message
from domain.attributes import CATALOGUE, GROSS_WAGE, GROSS_WAGE_TYPE
from domain.erasure import WhyKept
from domain.log import Fact
from domain.personal import MASK, Lost, Personal, Sealed
from domain.values import BLANK, Absence

NOT_TOLD: Final = "effective date not told by Personio"
_AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LABELS: Final[dict[str, str]] = {
    **{str(path): row.label for row in CATALOGUE for path in (row.field, row.concept) if path},
    GROSS_WAGE: "Gross wage",
    GROSS_WAGE_TYPE: "Gross wage type",
}


def sentence(fact: Fact, *, on: date, first_seen: date | None = None) -> str:
    """The fact in one sentence; `on` is the day it was recorded, `first_seen` when Personio first showed its value."""
    if isinstance(fact, e.AttributesObserved):
        return f"First seen in Personio on {day(on)}, {_effective(fact)}: {_values(fact.values)}."
    if isinstance(fact, e.AttributeChanged):
        moved = f"went from {shown(fact.before)} to {shown(fact.after)}"
        return f"{label(fact.field)} in Personio {moved}, first seen on {day(on)}, {_effective(fact)}."
    if isinstance(fact, e.LoketFieldsObserved):
        return f"First read from Loket on {day(on)}: {_values(fact.values)}."
    if isinstance(fact, e.FieldOverwritten):
        return _overwritten(fact, first_seen)
    tell = _SENTENCES.get(type(fact))
    return tell(fact) if tell else f"{type(fact).__name__} was recorded."


def has_sentence(fact: type[Fact]) -> bool:
    """Whether facts of this type are told in words of their own."""
    return fact in _SENTENCES or fact in _DATED


def local_date(instant: datetime) -> date:
    """The day it was in Amsterdam."""
    return instant.astimezone(_AMSTERDAM).date()


def day(when: date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def label(field: str) -> str:
    """The catalogue's name of a field, or its Loket path."""
    return _LABELS.get(field, field)


def shown(value: Personal) -> str:
    """A personal value between quotes, masked while sealed, and the ways of having none in words."""
    if isinstance(value, Sealed):
        return MASK
    if isinstance(value, Absence):
        return "blank" if value is BLANK else "not observed"
    return f"({value})" if isinstance(value, Lost) else f'"{value}"'


def _effective(fact: Fact) -> str:
    return NOT_TOLD if fact.effective_on is None else f"effective on {day(fact.effective_on)}"


def _overwritten(fact: e.FieldOverwritten, first_seen: date | None) -> str:
    if isinstance(fact.after, Absence):
        what = f"was cleared in Loket; it was {shown(fact.before)}"
    elif isinstance(fact.before, Absence):
        what = f"was filled in Loket with {shown(fact.after)}; it was {shown(fact.before)}"
    else:
        what = f"was overwritten in Loket: {shown(fact.before)} became {shown(fact.after)}"
    seen = f"first seen on {day(first_seen)}, " if first_seen else ""
    retroactive = ", retroactive: unknown" if fact.effective_on is None else ""
    return f"{label(fact.field)} {what}; {seen}{_effective(fact)}{retroactive}."


def _values(values: Iterable[e.FieldValue]) -> str:
    return ", ".join(f"{label(value.field)} {shown(value.value)}" for value in values) or "nothing"


def _changes(changes: Iterable[e.FieldChange]) -> str:
    return ", ".join(f"{label(c.field)} from {shown(c.before)} to {shown(c.after)}" for c in changes)


def _quoted(messages: Iterable[Personal]) -> str:
    text = "; ".join(message if type(message) is str else shown(message) for message in messages)
    return f": {text}" if text else ""


def _number(number: int | None) -> str:
    return "none" if number is None else str(number)


def _gates(fact: e.GatesObserved) -> str:
    return (
        f"Personio shows legal entity {fact.legal_entity}, status {fact.status or 'not observed'}, "
        f"Consider in NL payroll {fact.considered}, Employee number (Loket) {_number(fact.employee_number)}, "
        f"Income number {_number(fact.income_number)}."
    )


def _visibility(fact: e.AttributeVisibilityChanged) -> str:
    if fact.visible:
        return f"Personio shows {label(fact.field)} again."
    return f"Personio no longer shows {label(fact.field)}: its value is not observed, which is not a change of it."


def _left_entity(fact: e.PersonLeftEntity) -> str:
    moved = f"; the person is now in legal entity {fact.moved_to}" if fact.moved_to else ""
    return f"Personio no longer assigns the person to legal entity {fact.legal_entity}{moved}."


_LINKS: Final = {
    e.LinkState.UNLINKED: "The number is not known in Loket, neither as an employee nor as a concept employee.",
    e.LinkState.CONCEPT: "The number belongs to a concept employee in Loket.",
    e.LinkState.FINAL: "The number belongs to a final employee in Loket.",
    e.LinkState.TERMINATED: "The number belongs to an employee whose employment Loket has ended.",
}

_THINGS: Final = {
    e.WriteKind.EMPLOYEE: "the employee",
    e.WriteKind.BSN: "the BSN",
    e.WriteKind.PAYMENT: "the payment information",
    e.WriteKind.PAYMENT_CREATED: "new payment information",
    e.WriteKind.CONCEPT_CREATED: "a new concept employee",
    e.WriteKind.CONCEPT: "the concept employee",
    e.WriteKind.CONCEPT_BSN: "the BSN of the concept employee",
    e.WriteKind.WAGE: "the wage",
    e.WriteKind.WAGE_CREATED: "a new wage",
    e.WriteKind.WAGE_DELETED: "the end of a wage",
    e.WriteKind.BENEFIT: "recurring pay",
    e.WriteKind.BENEFIT_CREATED: "new recurring pay",
    e.WriteKind.BENEFIT_DELETED: "the end of recurring pay",
    e.WriteKind.PERIOD_DATA: "one-time pay",
}


def _field_changed(fact: e.LoketFieldChanged) -> str:
    moved = f"went from {shown(fact.before)} to {shown(fact.after)}"
    by = "by a write of ours" if fact.changed_by is e.ChangedBy.OURS else "by someone else"
    return f"{label(fact.field)} in Loket {moved}, changed {by}."


def _terminated(fact: e.TerminationObserved) -> str:
    end = f"on {day(fact.effective_on)}" if fact.effective_on else "on a date not told"
    return f"Loket ends the employment with income number {fact.income_number} {end}: left out from now on."


def _superseded(fact: e.TerminationSuperseded) -> str:
    return f"The person went on in the employment with income number {fact.income_number}; the earlier one stays ended."


def _reinstated(fact: e.TerminationReversed) -> str:
    return f"Loket's end date of the employment with income number {fact.income_number} is gone again: reinstated."


def _intended(fact: e.WriteIntended) -> str:
    since = f" with effect from {day(fact.effective_on)}" if fact.effective_on else ""
    return f"A run is about to write {_THINGS[fact.kind]}{since} to Loket: {_changes(fact.changes)}."


def _converted(fact: e.PayConverted) -> str:
    return (
        f"{label(fact.field)} was converted from {shown(fact.amount)} ({fact.interval.lower() or 'an hour'}), "
        f"weekly hours {shown(fact.weekly_hours)} of {shown(fact.full_time_hours)}, "
        f"{fact.periods_a_year} payroll periods a year, rounded {fact.rounding}."
    )


def _rebuild_ended(fact: e.ChainRebuildEnded) -> str:
    if fact.complete:
        return f"The rebuild {fact.unit} is complete."
    return f"The rebuild {fact.unit} stopped after {fact.done} steps; the next run finishes it."


def _confirmed(fact: e.WriteConfirmed) -> str:
    if fact.confirmed_by is e.ConfirmedBy.READ_BACK:
        how = "The write was confirmed by read-back, its answer was lost"
    else:
        how = "The write was confirmed by Loket's answer and by read-back"
    return f"{how}{'; Loket warned' if fact.warnings else ''}{_quoted(fact.warnings)}."


def _conflicted(fact: e.WriteConflicted) -> str:
    found = _values(fact.found)
    return f"A read-back found neither the old nor the wanted value: {found}. The next run judges it afresh."


def _finding(fact: e.FindingRaised) -> str:
    where = f" on {label(fact.field)}" if fact.field else ""
    return f"Blocked by finding {fact.code}{where}{_quoted(() if fact.text is None else (fact.text,))}."


_CAUSES: Final = {
    d.Cause.CHANGED_IN_LOKET: "it was changed in Loket",
    d.Cause.BOTH_CHANGED: "it was changed in Personio and in Loket",
    d.Cause.WRITE_NOT_LANDED: "a write of ours did not land",
    d.Cause.NEVER_SYNCED: "no run has confirmed it yet",
    d.Cause.PENDING: "it was changed in Personio",
}
_ENDS: Final = {
    d.Resolved.OVERWRITTEN: "a run overwrote Loket's value",
    d.Resolved.PUT_BACK: "Loket holds Personio's value again",
    d.Resolved.PERSONIO_MOVED: "Personio holds Loket's value now",
    d.Resolved.LEFT_OUT: "the person is left out",
}
_ACCEPTANCE_ENDS: Final = {
    d.AcceptanceEnd.EXPIRED: "its last day has passed",
    d.AcceptanceEnd.PERSONIO_CHANGED: "Personio changed the value",
}


def _drift(fact: d.DriftOpened | d.DriftMoved | d.DriftReopened) -> str:
    how = {d.DriftOpened: "differs", d.DriftReopened: "differs again"}.get(type(fact), "still differs")
    held = f"{shown(fact.loket)} in Loket, {shown(fact.personio)} in Personio"
    return f"{label(fact.field)} {how}: {held}; {_CAUSES[fact.cause]}."


def _accepted(fact: d.DriftAccepted) -> str:
    return (
        f"Loket's {label(fact.field)} was accepted beside {shown(fact.personio)} in Personio "
        f"until {day(fact.until)}{_quoted((fact.reason,))}."
    )


_WITNESSES: Final = {
    d.Witness.OURS: "an entry of our own user",
    d.Witness.SOMEONE_ELSE: "an entry of someone else",
    d.Witness.NO_ENTRY: "no entry, though it changed",
    d.Witness.NOT_ATTRIBUTABLE: "nothing we can read about this field",
}


def _witnessed(fact: d.DriftWitnessed) -> str:
    by = "" if isinstance(fact.by, Absence) else f" by {shown(fact.by)}"
    when = f" on {day(local_date(fact.changed_at))}" if fact.changed_at else ""
    return f"Loket's audit trail has {_WITNESSES[fact.result]} for {label(fact.field)}{by}{when}."


def _kept(fact: d.LoketValueKept) -> str:
    value = shown(fact.value)
    return f"Loket's {label(fact.field)} {value} is the right one, to be entered in Personio{_quoted((fact.reason,))}."


def _entered(_: d.KeptValueEntered) -> str:
    return "Personio shows the value of Loket that was kept."


_WHY_KEPT: Final = {
    WhyKept.LEGAL_PERIOD: "a legal period stands",
    WhyKept.EMPLOYED: "the person has not left",
    WhyKept.HOLD: "a hold stands",
}


def _erasure_refused(fact: x.ErasureRefused) -> str:
    until = f" until {day(fact.until)}" if fact.until else ""
    return f"Values of class {fact.retention} are kept and restricted{until}: {_WHY_KEPT[fact.why]}."


def _classes(keys: Iterable[x.DestroyedKey]) -> str:
    return ", ".join(sorted({f"class {key.retention}" for key in keys}))


_OUTCOMES: Final = {
    "left_out": "left out",
    "concept_created": "concept employee created",
    "concept_updated": "concept employee overwritten",
    "updated": "fields overwritten",
    "unknown": "outcome unknown",
}


def _outcome(fact: e.OutcomeRecorded) -> str:
    outcome = _OUTCOMES.get(fact.outcome, fact.outcome)
    return f"Result of the run: {outcome} ({fact.reason}){_quoted((*fact.notices, *fact.messages))}."


def _raised(fact: al.AlertRaised) -> str:
    said = "; ".join(message(fact, "legal entity", EVERYTHING).lines)
    return f"Alert {fact.alert} was raised: {said}."


def _job(
    fact: s.JobPlanned | s.OccurrenceStarted | s.OccurrenceDone | s.OccurrencePutOff | s.OccurrenceMissed,
) -> str:
    of = f" of legal entity {fact.legal_entity}" if fact.legal_entity else ""
    return f"The {fact.job.replace('_', ' ')}{of}"


_DATED: Final = (e.AttributesObserved, e.AttributeChanged, e.LoketFieldsObserved, e.FieldOverwritten)
_SENTENCES: Final[dict[type[Fact], Callable[[Any], str]]] = {
    e.GatesObserved: _gates,
    e.AttributeVisibilityChanged: _visibility,
    e.PersonLeftEntity: _left_entity,
    e.LinkObserved: lambda fact: _LINKS[fact.state],
    e.LoketFieldChanged: _field_changed,
    e.FieldsConfirmed: lambda fact: f"Both systems hold the same: {', '.join(map(label, fact.fields))}.",
    e.TerminationObserved: _terminated,
    e.TerminationReversed: _reinstated,
    e.TerminationSuperseded: _superseded,
    e.WriteIntended: _intended,
    e.WriteConfirmed: _confirmed,
    e.WriteRefused: lambda fact: f"Loket refused the write with status {fact.status}{_quoted(fact.messages)}.",
    e.WriteNotSent: lambda fact: f"The write was not sent: {fact.cause}.",
    e.WriteOutcomeUnknown: lambda fact: f"The outcome of the write is unknown: {fact.cause}.",
    e.WriteNotApplied: lambda _: "A read-back found the old values: the write was not applied.",
    e.WriteConflicted: _conflicted,
    e.ConceptEmployeeCreated: lambda _: "A concept employee was created in Loket.",
    e.ConceptEmployeeFinalised: lambda _: "The concept employee was completed in Loket: a final employee now.",
    e.ConceptEmployeeGone: lambda _: "The concept employee is gone from Loket.",
    e.CompensationStartDateMoved: lambda fact: (
        f"The compensation start date of legal entity {fact.legal_entity} is "
        f"{day(fact.effective_on) if fact.effective_on else 'not set'}"
        f"{f', moved from {day(fact.before)}' if fact.before else ''}."
    ),
    e.PayConverted: _converted,
    e.ProcessedPeriodAffected: lambda fact: (
        f"The write reaches into payroll period {fact.period}, which has already been run."
    ),
    e.ChainRebuildStarted: lambda fact: (
        f"The {fact.chain} are rebuilt in {fact.steps} steps, as one unit: {fact.unit}."
    ),
    e.ChainRebuildEnded: _rebuild_ended,
    e.FindingRaised: _finding,
    e.OutcomeRecorded: _outcome,
    d.DriftOpened: _drift,
    d.DriftMoved: _drift,
    d.DriftReopened: _drift,
    d.DriftResolved: lambda fact: f"The difference is gone: {_ENDS[fact.how]}.",
    d.DriftAcknowledged: lambda fact: f"The difference was acknowledged{_quoted((fact.reason,))}.",
    d.DriftAccepted: _accepted,
    d.AcceptanceEnded: lambda fact: f"The acceptance ended: {_ACCEPTANCE_ENDS[fact.why]}.",
    d.LoketValueKept: _kept,
    d.KeptValueEntered: _entered,
    d.DriftWitnessed: _witnessed,
    d.PersonHeldOut: lambda fact: f"The next run leaves this person out{_quoted((fact.reason,))}.",
    d.HoldOutUsed: lambda _: "A run left this person out as was asked; the next one does not.",
    c.LoketSignedIn: lambda fact: f"Someone signed in to Loket for client {fact.client_id}.",
    c.WebhookRegistered: lambda fact: f"Personio was told to report what happens there to {fact.url}.",
    c.WebhookRemoved: lambda fact: f"Personio was told to report nothing to {fact.url} any more.",
    c.TenantExamined: lambda fact: (
        f"The setup of legal entity {fact.legal_entity} was examined: {len(fact.results)} checks, "
        f"{sum(one.verdict == 'fault' for one in fact.results)} faults."
    ),
    a.AccessKeyCreated: lambda fact: (
        f"{fact.holder} was given the access key {fact.key_id} as {fact.role} until {day(fact.expires_on)}."
    ),
    a.AccessKeyRevoked: lambda fact: f"The access key {fact.key_id} of {fact.holder} was revoked.",
    a.RecordsRead: lambda fact: f"Records were read, masked: {sum(one.times for one in fact.readings)} questions.",
    al.AlertRaised: _raised,
    al.ConditionsNoted: lambda fact: (
        f"{len(fact.opened) + len(fact.recovered)} conditions begin or end, which the alert after this one counts."
        if fact.opened or fact.recovered
        else "What stands open was looked at again; nothing was to be told."
    ),
    al.AlertDelivered: lambda fact: f"Alert {fact.alert} reached {fact.target}.",
    al.AlertNotDelivered: lambda fact: (
        f"Alert {fact.alert} did not reach {fact.target} (attempt {fact.attempt}: {fact.cause}); it is sent again."
    ),
    al.AlertDeadLettered: lambda fact: (
        f"Alert {fact.alert} was given up for {fact.target} after {fact.attempts} attempts: {fact.cause}."
    ),
    s.JobPlanned: lambda fact: (
        f"{_job(fact)} is planned: {fact.timetable}." if fact.timetable else f"{_job(fact)} is planned no more."
    ),
    s.OccurrenceStarted: lambda fact: f"{_job(fact)} planned for {day(fact.business_date)} began.",
    s.OccurrenceDone: lambda fact: (
        f"{_job(fact)} planned for {day(fact.business_date)} ended: {fact.outcome.replace('_', ' ')}."
    ),
    s.OccurrencePutOff: lambda fact: (
        f"{_job(fact)} planned for {day(fact.business_date)} was put off ({fact.reason}); it is tried again."
    ),
    s.OccurrenceMissed: lambda fact: (
        f"{_job(fact)} planned for {day(fact.business_date)} was missed: it had not been done so long after its time."
    ),
    s.LoketVersionSeen: lambda fact: f"Loket's data of legal entity {fact.legal_entity} is at version {fact.version}.",
    x.ErasureRequested: lambda fact: f"Erasure was requested{_quoted((fact.reason,))}.",
    x.ErasureRefused: _erasure_refused,
    x.ErasureConfirmed: lambda fact: f"The erasure was confirmed: {_classes(fact.keys)}.",
    x.ErasureCompleted: lambda fact: f"Values were erased: {_classes(fact.keys)}. The facts stay.",
    x.ErasuresReapplied: lambda fact: (
        f"A restored key store held {len(fact.key_ids)} destroyed keys; they were destroyed again."
    ),
    x.HoldPlaced: lambda fact: f"A hold was placed: nothing is erased{_quoted((fact.reason,))}.",
    x.HoldReleased: lambda fact: f"The hold was released{_quoted((fact.reason,))}.",
    r.ReportOrdered: lambda fact: (
        f"The overwritten fields of {fact.people} people were ordered as {fact.format},"
        f" {'in clear' if fact.unmasked else 'masked'}{_quoted((fact.reason,)) if fact.unmasked else ''}."
    ),
    r.ReportReleased: lambda fact: f"A second person released the report of legal entity {fact.legal_entity}.",
    e.ValuesUnmasked: lambda fact: f"Personal values were shown in clear ({fact.what}){_quoted((fact.reason,))}.",
}
