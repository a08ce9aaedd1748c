"""Facts as sentences a payroll administrator can read, in the words of the glossary; sealed values are masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.alerts import EVERYTHING, message
from domain.attributes import CATALOGUE, GROSS_WAGE, GROSS_WAGE_TYPE, WEEKLY_HOURS
from domain.erasure import WhyKept
from domain.events import (
    access,
    alert,
    custody,
    drift,
    erasure,
    findings,
    loket,
    personio,
    report,
    runs,
    schedule,
    setup,
)
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact
from domain.overwriting import Did, did
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
    WEEKLY_HOURS: "Weekly hours",
}


def sentence(fact: Fact, *, on: date, first_seen: date | None = None) -> str:
    """The fact in one sentence; `on` is the day it was recorded, `first_seen` when Personio first showed its value."""
    if isinstance(fact, personio.AttributesObserved):
        return f"First seen in Personio on {day(on)}, {_effective(fact)}: {_values(fact.values)}."
    if isinstance(fact, personio.AttributeChanged):
        moved = f"went from {shown(fact.before)} to {shown(fact.after)}"
        return f"{label(fact.field)} in Personio {moved}, first seen on {day(on)}, {_effective(fact)}."
    if isinstance(fact, loket.LoketFieldsObserved):
        return f"First read from Loket on {day(on)}: {_values(fact.values)}."
    if isinstance(fact, loket.FieldOverwritten):
        return _overwritten(fact, first_seen)
    tell = _SENTENCES.get(type(fact))
    return tell(fact) if tell else "Something was recorded that only a later version can tell."


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


def _overwritten(fact: loket.FieldOverwritten, first_seen: date | None) -> str:
    kind = did(fact.before, fact.after)
    if kind is Did.CLEARED:
        what = f"was cleared in Loket; it was {shown(fact.before)}"
    elif kind is Did.FILLED:
        what = f"was filled in Loket with {shown(fact.after)}; it was {shown(fact.before)}"
    else:
        what = f"was overwritten in Loket: {shown(fact.before)} became {shown(fact.after)}"
    seen = f"first seen on {day(first_seen)}, " if first_seen else ""
    retroactive = ", retroactive: unknown" if fact.effective_on is None else ""
    return f"{label(fact.field)} {what}; {seen}{_effective(fact)}{retroactive}."


def _values(values: Iterable[FieldValue]) -> str:
    return ", ".join(f"{label(value.field)} {shown(value.value)}" for value in values) or "nothing"


def _changes(changes: Iterable[FieldChange]) -> str:
    return ", ".join(f"{label(c.field)} from {shown(c.before)} to {shown(c.after)}" for c in changes)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()) or "nobody"


def _ended(text: str) -> str:
    return f"{text.rstrip('.')}."


def _quoted(messages: Iterable[Personal]) -> str:
    text = "; ".join(message if type(message) is str else shown(message) for message in messages)
    return f": {text}" if text else ""


def _of_many(numbers: Sequence[int]) -> str:
    return f" of {len(numbers)} people" if numbers else ""


def _number(number: int | None) -> str:
    return "none" if number is None else str(number)


def _gates(fact: personio.GatesObserved) -> str:
    return (
        f"Personio shows legal entity {fact.legal_entity}, status {fact.status or 'not observed'}, "
        f"Consider in NL payroll {fact.considered}, Employee number (Loket) {_number(fact.employee_number)}, "
        f"Income number {_number(fact.income_number)}."
    )


def _visibility(fact: personio.AttributeVisibilityChanged) -> str:
    if fact.visible:
        return f"Personio shows {label(fact.field)} again."
    return f"Personio no longer shows {label(fact.field)}: its value is not observed, which is not a change of it."


def _left_entity(fact: personio.PersonLeftEntity) -> str:
    moved = f"; the person is now in legal entity {fact.moved_to}" if fact.moved_to else ""
    return f"Personio no longer assigns the person to legal entity {fact.legal_entity}{moved}."


_NOT_SEEN: Final = {
    "gone": "asked for by id, Personio answers that there is no such person",
    "elsewhere": "Personio shows the person outside",
    "unclear": "Personio does not show the person at all",
}


def _not_seen(fact: personio.PersonNotSeen) -> str:
    where = f" in legal entity {fact.shown_in}" if fact.shown_in else ""
    said = f"{_NOT_SEEN.get(fact.answer, fact.answer)}{where}"
    return f"Not seen in legal entity {fact.legal_entity}: {said}. Nothing is concluded from one look."


_LINKS: Final = {
    loket.LinkState.UNLINKED: "The number is not known in Loket, neither as an employee nor as a concept employee.",
    loket.LinkState.CONCEPT: "The number belongs to a concept employee in Loket.",
    loket.LinkState.FINAL: "The number belongs to a final employee in Loket.",
    loket.LinkState.TERMINATED: "The number belongs to an employee whose employment Loket has ended.",
    loket.LinkState.NOT_VISIBLE: "Loket does not show the employee with this number any more: nothing is concluded.",
}

_THINGS: Final = {
    loket.WriteKind.EMPLOYEE: "the employee",
    loket.WriteKind.BSN: "the BSN",
    loket.WriteKind.PAYMENT: "the payment information",
    loket.WriteKind.PAYMENT_CREATED: "new payment information",
    loket.WriteKind.CONCEPT_CREATED: "a new concept employee",
    loket.WriteKind.CONCEPT: "the concept employee",
    loket.WriteKind.CONCEPT_BSN: "the BSN of the concept employee",
    loket.WriteKind.WAGE: "the wage",
    loket.WriteKind.WAGE_CREATED: "a new wage",
    loket.WriteKind.WAGE_DELETED: "the end of a wage",
    loket.WriteKind.BENEFIT: "recurring pay",
    loket.WriteKind.BENEFIT_CREATED: "new recurring pay",
    loket.WriteKind.BENEFIT_DELETED: "the end of recurring pay",
    loket.WriteKind.PERIOD_DATA: "one-time pay",
    loket.WriteKind.HOURS: "the working hours",
    loket.WriteKind.HOURS_CREATED: "new working hours",
}


def _field_changed(fact: loket.LoketFieldChanged) -> str:
    moved = f"went from {shown(fact.before)} to {shown(fact.after)}"
    by = "by a write of ours" if fact.changed_by is loket.ChangedBy.OURS else "by someone else"
    return f"{label(fact.field)} in Loket {moved}, changed {by}."


def _terminated(fact: loket.TerminationObserved) -> str:
    end = f"on {day(fact.effective_on)}" if fact.effective_on else "on a date not told"
    return f"Loket ends the employment with income number {fact.income_number} {end}: left out from now on."


def _superseded(fact: loket.TerminationSuperseded) -> str:
    return f"The person went on in the employment with income number {fact.income_number}; the earlier one stays ended."


def _reinstated(fact: loket.TerminationReversed) -> str:
    return f"Loket's end date of the employment with income number {fact.income_number} is gone again: reinstated."


def _intended(fact: loket.WriteIntended) -> str:
    since = f" with effect from {day(fact.effective_on)}" if fact.effective_on else ""
    return f"A run is about to write {_THINGS[fact.kind]}{since} to Loket: {_changes(fact.changes)}."


_TAKEN_FOR: Final = {
    "full_time": ", taken for the full-time amount",
    "effective": ", taken for the person's own amount",
    "undecided": ", which is the same for full-time and own hours",
}


def _added_up(parts: Iterable[Personal]) -> str:
    told = " + ".join(map(shown, parts))
    return f"{told} = " if told else ""


def _converted(fact: loket.PayConverted) -> str:
    return (
        f"{label(fact.field)} was converted from {_added_up(fact.parts)}{shown(fact.amount)} "
        f"({fact.interval.lower() or 'an hour'}), "
        f"weekly hours {shown(fact.weekly_hours)} of {shown(fact.full_time_hours)}, "
        f"{fact.periods_a_year} payroll periods a year, rounded {fact.rounding}"
        f"{_TAKEN_FOR.get(fact.amounts_are or '', '')}."
    )


def _placed(fact: loket.RecordPlaced) -> str:
    since = day(fact.effective_on) if fact.effective_on else "a day not told"
    if fact.placed is loket.Placed.NEW_RECORD:
        return f"The value goes into a new record in Loket from {since}: that day is ours, Personio tells none."
    return f"The value goes into Loket's newest record, which holds from {since}; Personio tells no day."


def _rebuild_ended(fact: loket.ChainRebuildEnded) -> str:
    if fact.complete:
        return f"The rebuild {fact.unit} is complete."
    return f"The rebuild {fact.unit} stopped after {fact.done} steps; the next run finishes it."


def _confirmed(fact: loket.WriteConfirmed) -> str:
    if fact.confirmed_by is loket.ConfirmedBy.READ_BACK:
        how = "The write was confirmed by read-back, its answer was lost"
    else:
        how = "The write was confirmed by Loket's answer and by read-back"
    return f"{how}{'; Loket warned' if fact.warnings else ''}{_quoted(fact.warnings)}."


def _conflicted(fact: loket.WriteConflicted) -> str:
    found = _values(fact.found)
    return f"A read-back found neither the old nor the wanted value: {found}. The next run judges it afresh."


def _began(fact: runs.RunStarted) -> str:
    only = f", for {', '.join(map(str, fact.only))} only" if fact.only else ""
    wanted = f", to write plan {fact.plan} or nothing" if fact.plan else ""
    return (
        f"A run of legal entity {fact.legal_entity} began, for business date {day(fact.business_date)}{only}{wanted}."
    )


def _finding(fact: runs.FindingRaised) -> str:
    return f"Blocked by finding {fact.code}{_on(fact.field)}{_quoted(() if fact.text is None else (fact.text,))}."


_FINDING_ENDS: Final = {
    findings.FindingEnd.NOT_FOUND: "it is not found any more",
    findings.FindingEnd.LEFT_OUT: "the person takes no part",
    findings.FindingEnd.GONE: "Personio shows no such person in the legal entity",
}


def _on(field: str | None) -> str:
    return f" on {label(field)}" if field else ""


def _of_finding(fact: findings.FindingOpened | findings.FindingChanged) -> str:
    if isinstance(fact, findings.FindingChanged):
        how = "is there still, and says something else"
    else:
        how = "was found again" if fact.again else "was found"
    quoted = tuple(one for one in (fact.detail, fact.proposal) if one is not None)
    return f"Finding {fact.code}{_on(fact.field)} {how}{_quoted(quoted)}."


def _finding_ended(fact: findings.FindingResolved) -> str:
    under = f" under {fact.rule}" if fact.how is findings.FindingEnd.LEFT_OUT and fact.rule else ""
    return f"Finding {fact.code}{_on(fact.field)} ended: {_FINDING_ENDS[fact.how]}{under}."


def _validated(fact: findings.ValidationCompleted) -> str:
    found = sum(fact.findings.values())
    moved = f"; {fact.opened} are new, {fact.ended} ended" if fact.settled else "; who looked meanwhile tells of them"
    return (
        f"A validation of legal entity {fact.legal_entity} judged {fact.included} of {fact.people} people: "
        f"{found} finding{'' if found == 1 else 's'}{moved}."
    )


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


def _drift(fact: drift.DriftOpened | drift.DriftMoved | drift.DriftReopened) -> str:
    how = {drift.DriftOpened: "differs", drift.DriftReopened: "differs again"}.get(type(fact), "still differs")
    held = f"{shown(fact.loket)} in Loket, {shown(fact.personio)} in Personio"
    return f"{label(fact.field)} {how}: {held}; {_CAUSES[fact.cause]}."


def _accepted(fact: drift.DriftAccepted) -> str:
    return (
        f"Loket's {label(fact.field)} was accepted beside {shown(fact.personio)} in Personio "
        f"until {day(fact.until)}{_quoted((fact.reason,))}."
    )


_TRAIL_RESULTS: Final = {
    drift.TrailResult.OURS: "an entry of our own user",
    drift.TrailResult.SOMEONE_ELSE: "an entry of someone else",
    drift.TrailResult.NO_ENTRY: "no entry, though it changed",
    drift.TrailResult.NOT_ATTRIBUTABLE: "nothing we can read about this field",
}


def _attributed(fact: drift.DriftAttributed) -> str:
    by = "" if isinstance(fact.by, Absence) else f" by {shown(fact.by)}"
    when = f" on {day(local_date(fact.changed_at))}" if fact.changed_at else ""
    return f"Loket's audit trail has {_TRAIL_RESULTS[fact.result]} for {label(fact.field)}{by}{when}."


def _kept(fact: drift.LoketValueKept) -> str:
    value = shown(fact.value)
    return f"Loket's {label(fact.field)} {value} is the right one, to be entered in Personio{_quoted((fact.reason,))}."


def _entered(_: drift.KeptValueEntered) -> str:
    return "Personio shows the value of Loket that was kept."


_WHY_KEPT: Final = {
    WhyKept.LEGAL_PERIOD: "a legal period stands",
    WhyKept.EMPLOYED: "the person has not left",
    WhyKept.HOLD: "a hold stands",
}


def _erasure_refused(fact: erasure.ErasureRefused) -> str:
    until = f" until {day(fact.until)}" if fact.until else ""
    return f"Values of class {fact.retention} are kept and restricted{until}: {_WHY_KEPT[fact.why]}."


def _classes(keys: Iterable[erasure.DestroyedKey]) -> str:
    return ", ".join(sorted({f"class {key.retention}" for key in keys}))


_OUTCOMES: Final = {
    "left_out": "left out",
    "concept_created": "concept employee created",
    "concept_updated": "concept employee overwritten",
    "updated": "fields overwritten",
    "unknown": "outcome unknown",
}


def _outcome(fact: runs.OutcomeRecorded) -> str:
    outcome = _OUTCOMES.get(fact.outcome, fact.outcome)
    return f"Result of the run: {outcome} ({fact.reason}){_quoted((*fact.notices, *fact.messages))}."


def _raised(fact: alert.AlertRaised) -> str:
    said = "; ".join(message(fact, "legal entity", EVERYTHING).lines)
    return f"Alert {fact.alert} was raised: {said}."


def _job(
    fact: schedule.JobPlanned
    | schedule.OccurrenceStarted
    | schedule.OccurrenceDone
    | schedule.OccurrencePutOff
    | schedule.OccurrenceMissed,
) -> str:
    of = f" of legal entity {fact.legal_entity}" if fact.legal_entity else ""
    return f"The {fact.job.replace('_', ' ')}{of}"


_DATED: Final = (
    personio.AttributesObserved,
    personio.AttributeChanged,
    loket.LoketFieldsObserved,
    loket.FieldOverwritten,
)
_SENTENCES: Final[dict[type[Fact], Callable[[Any], str]]] = {
    personio.GatesObserved: _gates,
    personio.AttributeVisibilityChanged: _visibility,
    personio.PersonNotSeen: _not_seen,
    personio.PersonSeenAgain: lambda fact: f"Personio shows the person in legal entity {fact.legal_entity} again.",
    personio.PersonLeftEntity: _left_entity,
    loket.LinkObserved: lambda fact: _LINKS[fact.state],
    loket.EmployeeSeen: lambda _: "The number is one of Loket's employees.",
    loket.EmployeeReleased: lambda fact: (
        f"Someone said that Loket removed the employee; the number is unknown again{_quoted((fact.reason,))}."
    ),
    loket.LoketFieldChanged: _field_changed,
    loket.FieldsConfirmed: lambda fact: f"Both systems hold the same: {', '.join(map(label, fact.fields))}.",
    loket.TerminationObserved: _terminated,
    loket.TerminationReversed: _reinstated,
    loket.TerminationSuperseded: _superseded,
    loket.WriteIntended: _intended,
    loket.WriteConfirmed: _confirmed,
    loket.WriteRefused: lambda fact: f"Loket refused the write with status {fact.status}{_quoted(fact.messages)}.",
    loket.WriteNotSent: lambda fact: f"The write was not sent: {fact.cause}.",
    loket.WriteOutcomeUnknown: lambda fact: f"The outcome of the write is unknown: {fact.cause}.",
    loket.WriteNotApplied: lambda _: "A read-back found the old values: the write was not applied.",
    loket.WriteConflicted: _conflicted,
    loket.ConceptEmployeeCreated: lambda _: "A concept employee was created in Loket.",
    loket.ConceptEmployeeFinalised: lambda _: "The concept employee was completed in Loket: a final employee now.",
    loket.ConceptEmployeeGone: lambda _: "The concept employee is gone from Loket.",
    loket.CompensationStartDateMoved: lambda fact: (
        f"The compensation start date of legal entity {fact.legal_entity} is "
        f"{day(fact.effective_on) if fact.effective_on else 'not set'}"
        f"{f', moved from {day(fact.before)}' if fact.before else ''}."
    ),
    loket.PayConverted: _converted,
    loket.RecordPlaced: _placed,
    loket.ProcessedPeriodAffected: lambda fact: (
        f"The write reaches into payroll period {fact.period}, which has already been run."
    ),
    loket.ChainRebuildStarted: lambda fact: (
        f"The {fact.chain} are rebuilt in {fact.steps} steps, as one unit: {fact.unit}."
    ),
    loket.ChainRebuildEnded: _rebuild_ended,
    runs.RunStarted: _began,
    runs.SystemsRead: lambda fact: (
        f"Both systems were read: {fact.personio_people} people in Personio, {fact.loket_employees} employees and "
        f"{fact.loket_concepts} concept employees in Loket{_quoted(fact.notes)}."
    ),
    runs.RunCompleted: lambda fact: (
        f"The run completed{' with errors' if fact.with_errors else ''}: {_counted(fact.counts)}."
    ),
    runs.RunBlocked: lambda fact: f"The run was blocked under {fact.reason}, and wrote nothing: {_ended(fact.message)}",
    runs.RunRefused: lambda fact: f"The run was refused under {fact.reason}, and wrote nothing: {_ended(fact.message)}",
    runs.BrakeReleased: lambda fact: f"A second person let the plan pass that the brake stopped in {fact.braked_run}.",
    runs.RunCutOff: lambda _: "The run was cut off, and closed by a later one.",
    runs.FindingRaised: _finding,
    runs.OutcomeRecorded: _outcome,
    runs.SweepTaken: lambda fact: (
        f"A sweep of legal entity {fact.legal_entity} showed {fact.people} people in Personio, {fact.employees} "
        f"employees in Loket, {'pay was not read' if fact.paid is None else f'{fact.paid} people with pay'}."
    ),
    runs.PayeesSeen: lambda fact: (
        f"The sweep showed pay of {len(fact.salaried) + len(fact.otherwise)} people, a salary of {len(fact.salaried)}."
        if not fact.earlier
        else f"A salary of {len(fact.earlier)} people is known from before, and the sweep showed no pay of them."
    ),
    runs.ReadAccepted: lambda fact: f"A second person accepted what run {fact.refused_run} did not believe.",
    drift.DriftChecked: lambda fact: (
        f"A drift check of legal entity {fact.legal_entity} compared {fact.compared} people: {fact.drift} fields "
        f"drifted, {fact.pending} wait for the next run."
    ),
    drift.WaitingSeen: lambda fact: (
        f"A drift check saw {len(fact.fields)} fields waiting in Personio for the next run; that is no drift."
    ),
    drift.DriftCheckRefused: lambda fact: (
        f"A drift check of legal entity {fact.legal_entity} concluded nothing, under {fact.reason}: "
        f"{_ended(fact.message)}"
    ),
    drift.DriftOpened: _drift,
    drift.DriftMoved: _drift,
    drift.DriftReopened: _drift,
    drift.DriftResolved: lambda fact: f"The difference is gone: {_ENDS[fact.how]}.",
    drift.DriftAcknowledged: lambda fact: f"The difference was acknowledged{_quoted((fact.reason,))}.",
    drift.DriftAccepted: _accepted,
    drift.AcceptanceEnded: lambda fact: f"The acceptance ended: {_ACCEPTANCE_ENDS[fact.why]}.",
    drift.DecisionWithdrawn: lambda fact: f"What was decided about it is withdrawn{_quoted((fact.reason,))}.",
    drift.LoketValueKept: _kept,
    drift.KeptValueEntered: _entered,
    drift.KeptValueWithdrawn: lambda fact: (
        f"Loket's value need not be entered in Personio after all{_quoted((fact.reason,))}."
    ),
    drift.DriftAttributed: _attributed,
    drift.PersonHeldOut: lambda fact: f"The next run leaves this person out{_quoted((fact.reason,))}.",
    drift.HoldOutWithdrawn: lambda fact: f"The person takes part in the next run after all{_quoted((fact.reason,))}.",
    drift.HoldOutUsed: lambda _: "A run left this person out as was asked; the next one does not.",
    findings.ValidationCompleted: _validated,
    findings.ValidationRefused: lambda fact: (
        f"A validation of legal entity {fact.legal_entity} concluded nothing, under {fact.reason}: "
        f"{_ended(fact.message)}"
    ),
    findings.FindingOpened: _of_finding,
    findings.FindingChanged: _of_finding,
    findings.FindingResolved: _finding_ended,
    findings.TaskTaken: lambda fact: (
        f"Somebody sees to finding {fact.code}{_on(fact.field)}, until the end of {day(fact.until)}."
    ),
    findings.TaskGivenBack: lambda fact: f"Nobody sees to finding {fact.code}{_on(fact.field)} any more.",
    setup.LoketSignedIn: lambda fact: f"Someone signed in to Loket for client {fact.client_id}.",
    setup.WebhookRegistered: lambda fact: f"Personio was told to report what happens there to {fact.url}.",
    setup.WebhookRemoved: lambda fact: f"Personio was told to report nothing to {fact.url} any more.",
    setup.TenantExamined: lambda fact: (
        f"The setup of legal entity {fact.legal_entity} was examined: {len(fact.results)} checks, "
        f"{sum(one.verdict == 'fault' for one in fact.results)} faults."
    ),
    access.AccessKeyCreated: lambda fact: (
        f"{fact.holder} was given the access key {fact.key_id} as {fact.role} until {day(fact.expires_on)}."
    ),
    access.AccessKeyRevoked: lambda fact: f"The access key {fact.key_id} of {fact.holder} was revoked.",
    access.AccessKeysSealed: lambda fact: (
        f"{len(fact.key_ids)} access keys from before were held against the log and sealed."
    ),
    access.RecordsRead: lambda fact: f"Records were read, masked: {sum(one.times for one in fact.readings)} questions.",
    alert.AlertRaised: _raised,
    alert.ConditionsNoted: lambda fact: (
        f"{len(fact.opened) + len(fact.recovered)} conditions begin or end, which the alert after this one counts."
        if fact.opened or fact.recovered
        else "What stands open was looked at again; nothing was to be told."
    ),
    alert.AlertDelivered: lambda fact: f"Alert {fact.alert} reached {fact.target}.",
    alert.AlertNotDelivered: lambda fact: (
        f"Alert {fact.alert} did not reach {fact.target} (attempt {fact.attempt}: {fact.cause}); it is sent again."
    ),
    alert.AlertDeadLettered: lambda fact: (
        f"Alert {fact.alert} was given up for {fact.target} after {fact.attempts} attempts: {fact.cause}."
    ),
    schedule.JobPlanned: lambda fact: (
        f"{_job(fact)} is planned: {fact.timetable}." if fact.timetable else f"{_job(fact)} is planned no more."
    ),
    schedule.OccurrenceStarted: lambda fact: f"{_job(fact)} planned for {day(fact.business_date)} began.",
    schedule.OccurrenceDone: lambda fact: (
        f"{_job(fact)} planned for {day(fact.business_date)} ended: {fact.outcome.replace('_', ' ')}."
    ),
    schedule.OccurrencePutOff: lambda fact: (
        f"{_job(fact)} planned for {day(fact.business_date)} was put off ({fact.reason}); it is tried again."
    ),
    schedule.OccurrenceMissed: lambda fact: (
        f"{_job(fact)} planned for {day(fact.business_date)} was missed: it had not been done so long after its time."
    ),
    schedule.LoketVersionSeen: lambda fact: (
        f"Loket's data of legal entity {fact.legal_entity} is at version {fact.version}."
    ),
    erasure.ErasureRequested: lambda fact: f"Erasure was requested{_quoted((fact.reason,))}.",
    erasure.ErasureRefused: _erasure_refused,
    erasure.ErasureConfirmed: lambda fact: f"The erasure was confirmed: {_classes(fact.keys)}.",
    erasure.ErasureCompleted: lambda fact: f"Values were erased: {_classes(fact.keys)}. The facts stay.",
    erasure.ErasuresReapplied: lambda fact: (
        f"A restored key store held {len(fact.key_ids)} destroyed keys; they were destroyed again."
    ),
    erasure.HoldPlaced: lambda fact: f"A hold was placed: nothing is erased{_quoted((fact.reason,))}.",
    erasure.HoldReleased: lambda fact: f"The hold was released{_quoted((fact.reason,))}.",
    report.ReportOrdered: lambda fact: (
        f"The overwritten fields of {fact.people} people were ordered as {fact.format},"
        f" {'in clear' if fact.unmasked else 'masked'}{_quoted((fact.reason,)) if fact.unmasked else ''}."
    ),
    report.ReportReleased: lambda fact: f"A second person released the report of legal entity {fact.legal_entity}.",
    custody.LogVerified: lambda fact: (
        f"The log of {fact.size} events was verified{', and its views' if fact.views else ''}: {fact.verdict}."
    ),
    custody.CopiesRestored: lambda fact: (
        f"The copies of {fact.heads} signed heads outside the database were lost, and made again from the database."
    ),
    custody.KeysLost: lambda fact: (
        f"{len(fact.key_ids)} data keys were found to be lost; what they sealed cannot be read any more."
    ),
    custody.EventsTakenOver: lambda fact: (
        f"From event {fact.first} on the log holds events that Tweeluik did not store; before event {fact.size} all of"
        " them count."
    ),
    custody.PeopleNamed: lambda fact: f"The reason of a showing may name {len(fact.people)} people.",
    custody.MorePeopleAsked: lambda fact: (
        f"To open {fact.people} more people's values within a day was asked for{_quoted((fact.reason,))}."
    ),
    custody.MorePeopleAgreed: lambda fact: f"A second person agreed to {fact.asked}.",
    custody.ValuesUnmasked: lambda fact: (
        f"Personal values were shown in clear ({fact.what}{_of_many(fact.employee_numbers)}){_quoted((fact.reason,))}."
    ),
}
