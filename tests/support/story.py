"""Years of runs at an invented company, as facts: everything that happens to people, in plausible order and numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from domain.attributes import CATALOGUE
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertKind, AlertNotDelivered, AlertRaised, Condition
from domain.events.drift import (
    Cause,
    DecisionWithdrawn,
    DriftAcknowledged,
    DriftChecked,
    DriftMoved,
    DriftOpened,
    DriftResolved,
    HoldOutUsed,
    HoldOutWithdrawn,
    KeptValueEntered,
    KeptValueWithdrawn,
    LoketValueKept,
    PersonHeldOut,
    Resolved,
    WaitingField,
    WaitingSeen,
)
from domain.events.findings import (
    FindingChanged,
    FindingEnd,
    FindingOpened,
    FindingResolved,
    LookedBy,
    TaskGivenBack,
    TaskTaken,
    ValidationCompleted,
)
from domain.events.loket import (
    ChangedBy,
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConfirmedBy,
    FieldOverwritten,
    LinkObserved,
    LinkState,
    LoketFieldChanged,
    LoketFieldsObserved,
    ProcessedPeriodAffected,
    TerminationObserved,
    TerminationReversed,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
)
from domain.events.report import ReportOrdered, ReportReleased
from domain.events.runs import (
    FindingRaised,
    OutcomeRecorded,
    OutcomesRecorded,
    RunBlocked,
    RunCompleted,
    RunCutOff,
    RunRefused,
    RunStarted,
    Unmoved,
)
from domain.events.schedule import (
    JobPlanned,
    LoketVersionSeen,
    OccurrenceDone,
    OccurrenceMissed,
    OccurrencePutOff,
    OccurrenceStarted,
)
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, StreamId
from domain.personal import Personal
from domain.schedule import Job, schedule_stream
from domain.streams import (
    alert_stream,
    check_stream,
    delivery_stream,
    drift_stream,
    finding_stream,
    hold_stream,
    loket_stream,
    person_stream,
    report_stream,
    run_stream,
)
from domain.values import BLANK, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId

Facts: TypeAlias = dict[StreamId, tuple[Fact, ...]]

ENTITIES: Final = (LegalEntityId("170"), LegalEntityId("171"))
FIELDS: Final = [str(row.field) for row in CATALOGUE]
START: Final = datetime(2024, 1, 2, 6, 0, tzinfo=UTC)


def story(*, people: int, runs: int, seed: int = 1, together: bool = True) -> Iterator[tuple[datetime, str, Facts]]:
    """(recorded at, run id, facts of one append), run after run; the same for the same arguments.

    `together`: people of whom a run has no news share an event.
    """
    company = _Company(random.Random(seed), people, together=together)
    for number in range(runs):
        entity = ENTITIES[number % 2]
        at = START + timedelta(hours=12 * number)
        run = RunId(f"run-{number}")
        for facts in company.run(entity, run, at.date()):
            yield at, run, facts
        if number % 7 == 3:
            report = report_stream(f"report-{number}")
            yield at, run, {report: (ordered_in_clear(entity, at.date()),)}
            if number % 2:
                yield at, run, {report: (ReportReleased(legal_entity=entity),)}


def ordered_in_clear(entity: LegalEntityId, day: date) -> ReportOrdered:
    return ReportOrdered(
        legal_entity=entity, since=day, until=day, format="csv", unmasked=True, people=2, log_size=1,
        subject="subject-of-a-report", reason="asked for by the accountant",
    )  # fmt: skip


class _Company:
    def __init__(self, dice: random.Random, people: int, *, together: bool) -> None:
        self._dice, self._together = dice, together
        self._before: dict[LegalEntityId, set[PersonId]] = {}  # who was unchanged in the run before
        self._entity = {PersonId(str(3000 + n)): ENTITIES[n % 2] for n in range(people)}
        self._watch = random.Random(people)  # of the drift checks, so that the runs are what they were without them
        self._seen: set[tuple[str, str]] = set()
        self._intents = self._version = 0

    def run(self, entity: LegalEntityId, run: RunId, day: date) -> Iterator[Facts]:
        mine = run_stream(run)
        if self._dice.random() < 0.04:
            refusal = RunRefused(
                legal_entity=entity, reason="BRAKE", message="too many clears", fingerprint=f"fp-{run}"
            )
            yield {mine: (RunStarted(legal_entity=entity, business_date=day), refusal)}
            return
        yield {mine: (RunStarted(legal_entity=entity, business_date=day),)}
        blocked = self._dice.random() < 0.05
        counts: dict[str, int] = {}
        before, self._before[entity] = self._before.get(entity, set()), set()
        quiet: list[Unmoved] = []
        for person in [person for person, where in self._entity.items() if where == entity]:
            facts = self._person(entity, person, run, blocked=blocked)
            outcome = facts[mine][-1]
            assert isinstance(outcome, OutcomeRecorded)
            counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
            if outcome.outcome == "unchanged":
                self._before[entity].add(person)
            if outcome.outcome == "unchanged" and facts.keys() == {mine} and person in before and self._together:
                quiet.append(Unmoved(person, None if int(person) % 5 == 4 else outcome.employee_number))
            else:
                yield facts
        if quiet:
            yield {mine: (OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=tuple(quiet)),)}
        if blocked:
            yield {mine: (RunBlocked(counts=counts, reason="CHECK-2", message="findings"),)}
        elif self._dice.random() < 0.03:
            yield {mine: (RunCutOff(),)}
        else:
            yield {mine: (RunCompleted(with_errors=self._dice.random() < 0.2, counts=counts),)}
        yield self._check(entity, run)

    def _check(self, entity: LegalEntityId, run: RunId) -> Facts:
        """A drift check after the run: a case that opens or goes on, someone held out, and the check itself."""
        person = self._watch.choice(list(self._entity))
        number, field = EmployeeNumber(int(person) + 1700), FieldPath(self._watch.choice(FIELDS[:6]))
        told = {
            "person_id": person,
            "subject": f"s-{person}",
            "field": field,
            "personio": "Dorpsstraat",
            "loket": "Plein",
        }
        life = (
            DriftOpened(cause=Cause.CHANGED_IN_LOKET, **told),
            DriftMoved(cause=Cause.BOTH_CHANGED, **told),
            DriftAcknowledged(subject=told["subject"], reason="known"),
            DecisionWithdrawn(subject=told["subject"], reason="a mistake"),
            LoketValueKept(subject=told["subject"], field=field, value="Plein", reason="moved"),
            KeptValueWithdrawn(subject=told["subject"], reason="a mistake"),
            LoketValueKept(subject=told["subject"], field=field, value="Plein", reason="moved"),
            DriftResolved(how=Resolved.OVERWRITTEN, run_id=run),
            KeptValueEntered(),
        )
        hold = PersonHeldOut(subject=told["subject"], reason="closing")
        let_in = HoldOutWithdrawn(subject=told["subject"], reason="closed")
        counts = dict.fromkeys(("compared", "drift", "pending", "accepted", "not_compared", "left_out"), 1)
        at = START
        return {
            drift_stream(entity, number, field): life[: self._watch.randint(1, len(life))],
            hold_stream(entity, number): (hold, let_in, hold, HoldOutUsed(run_id=run))[: self._watch.randint(1, 4)],
            check_stream(RunId(f"check-{run}")): (
                WaitingSeen(legal_entity=entity, fields=(WaitingField(number, field),)),
                DriftChecked(legal_entity=entity, personio_read_at=at, loket_read_at=at, **counts),
            ),
            **self._validation(entity, run),
            **self._planned(entity, run),
            **self._alert(entity, run),
        }

    def _validation(self, entity: LegalEntityId, run: RunId) -> Facts:
        """A validation after it: a finding that a run has told of, or a new one, and how far its life goes."""
        person = self._watch.choice(list(self._entity))
        code = self._watch.choice(("BSN_ELFPROEF", "POSTCODE_FORMAT"))
        field = None if code == "BSN_ELFPROEF" else FieldPath("address.postalCode")
        told = {"legal_entity": entity, "person_id": person, "employee_number": int(person) + 1700, "code": code}
        seen = {**told, "field": field, "seen_by": LookedBy.VALIDATION}
        life: tuple[Fact, ...] = (
            FindingOpened(subject=f"s-{person}", detail="a detail", **seen),
            TaskTaken(until=START.date(), field=field, **told),
            FindingChanged(subject=f"s-{person}", proposal="1234 AB", **seen),
            TaskGivenBack(field=field, **told),
            FindingResolved(how=FindingEnd.NOT_FOUND, **seen),
        )
        counts: dict[str, int] = dict.fromkeys(("people", "included", "opened", "changed", "ended"), 1)
        completed = ValidationCompleted(
            legal_entity=entity, business_date=START.date(), personio_read_at=START, loket_read_at=START,
            left_out={"WHO-3": 1}, findings={code: 1}, notices={}, fingerprint="f", **counts,
        )  # fmt: skip
        return {
            finding_stream(entity, person, code, field): life[: self._watch.randint(1, len(life))],
            check_stream(RunId(f"validation-{run}")): (completed,),
        }

    def _planned(self, entity: LegalEntityId, run: RunId) -> Facts:
        """The check was a planned one: begun, and done, put off or missed; and the version that Loket gave."""
        of = {"legal_entity": entity, "job": Job.DRIFT_CHECK.value}
        day = {**of, "business_date": START.date()}
        begun = OccurrenceStarted(due_at=START, **day)
        ways = (
            (JobPlanned(timetable="30 6 * * *", **of), begun, OccurrenceDone(outcome="no_drift", **day)),
            (begun, OccurrencePutOff(reason="Unreachable", until=START + timedelta(minutes=15), **day)),
            (OccurrenceMissed(due_at=START, **day),),
        )
        self._version += 1
        seen = LoketVersionSeen(legal_entity=entity, version=self._version, reference=f"check-{run}")
        return {
            schedule_stream(entity, Job.DRIFT_CHECK): self._watch.choice(ways),
            StreamId(f"schedule:{entity}:loket_poll"): (seen,),
        }

    def _alert(self, entity: LegalEntityId, run: RunId) -> Facts:
        """What the check found is told to two targets, of whom one may not take it."""
        alert = f"alert-{run}"
        sent = {"alert": alert, "target": "desk"}
        failed = AlertNotDelivered(attempt=1, cause="HTTP 503", next_at=START, **sent)
        ways = (
            (AlertDelivered(attempt=1, **sent),),
            (failed, AlertDelivered(attempt=2, **sent)),
            (failed, AlertDeadLettered(attempts=2, cause="HTTP 503", **sent)),
        )
        found = (Condition(AlertKind.DRIFT, f"drift:{entity}:4711:address.street", "address.street"),)
        raised = AlertRaised(
            alert=alert, legal_entity=entity, about=f"check-{run}", opened=found, targets=("desk", "tickets")
        )
        return {
            alert_stream(entity, "systems"): (raised,),
            delivery_stream(alert, "desk"): self._watch.choice(ways),
        }

    def _person(self, entity: LegalEntityId, person: PersonId, run: RunId, *, blocked: bool) -> Facts:
        number = EmployeeNumber(int(person) + 1700)
        theirs, loket = person_stream(person), loket_stream(entity, number)
        facts: dict[StreamId, list[Fact]] = {theirs: [], loket: [], run_stream(run): []}
        if (entity, person) not in self._seen:
            self._seen.add((entity, person))
            self._first_sight(entity, person, number, facts)
        if blocked and self._dice.random() < 0.5:
            facts[run_stream(run)].append(
                FindingRaised(person_id=person, employee_number=number, code="BSN_ELFPROEF", subject=f"s-{person}")
            )
        outcome, reason = ("blocked", "CHECK-2") if blocked else ("unchanged", "EDIT-1")
        if not blocked and self._dice.random() < 0.3:
            outcome, reason = self._write(person, run, facts[theirs], facts[loket])
        if self._dice.random() < 0.05:
            self._mishap(entity, person, facts[theirs], facts[loket])
        facts[run_stream(run)].append(
            OutcomeRecorded(
                person_id=person,
                employee_number=number,
                outcome=outcome,
                reason=reason,
                subject=f"s-{person}",
                messages=("a message that quotes Central Ave",) if outcome == "failed" else (),
            )
        )
        return {stream: tuple(ours) for stream, ours in facts.items() if ours}

    def _first_sight(
        self, entity: LegalEntityId, person: PersonId, number: EmployeeNumber, facts: dict[StreamId, list[Fact]]
    ) -> None:
        values = tuple(FieldValue(field, f"{field} of {person}") for field in FIELDS)
        facts[person_stream(person)] += [
            GatesObserved(
                legal_entity=entity, status="ACTIVE", considered="yes", employee_number=number, income_number=1
            ),
            AttributesObserved(subject=f"s-{person}", values=values),
        ]
        state = self._dice.choice([LinkState.FINAL, LinkState.FINAL, LinkState.UNLINKED])
        facts[loket_stream(entity, number)] += [
            LinkObserved(state=state, person_id=person, loket_id=f"guid-{person}"),
            LoketFieldsObserved(subject=f"s-{person}", values=values),
        ]

    def _write(self, person: PersonId, run: RunId, theirs: list[Fact], loket: list[Fact]) -> tuple[str, str]:
        self._intents += 1
        intent, field, subject = f"intent-{self._intents}", self._dice.choice(FIELDS), f"s-{person}"
        before: Personal = "Main St"
        after: Personal = self._dice.choice(("Central Ave", "Dorpsstraat", BLANK))
        theirs.append(
            AttributeChanged(subject=subject, field=field, before=before, after=after, previously_observed_at=START)
        )
        loket.append(
            WriteIntended(
                intent=intent,
                run_id=run,
                person_id=person,
                kind=WriteKind.EMPLOYEE,
                target=f"guid-{person}",
                subject=subject,
                changes=(FieldChange(field, before, after),),
            )
        )
        chance = self._dice.random()
        if chance < 0.04:
            loket.append(WriteRefused(intent=intent, status=400, subject=subject, messages=("code 83",)))
            return "failed", "RUN-5"
        if chance < 0.06:
            loket.append(WriteNotSent(intent=intent, cause="no connection"))
            return "failed", "RUN-5"
        if chance < 0.12:
            loket.append(WriteOutcomeUnknown(intent=intent, cause="no answer"))
            if chance < 0.10:
                found = (FieldValue(field, "Kerkstraat"),)
                settled = (WriteNotApplied(intent=intent), WriteConflicted(intent=intent, subject=subject, found=found))
                loket.append(settled[chance < 0.08])
            return "unknown", "RUN-8"
        if self._intents % 7 == 0:
            loket.append(ProcessedPeriodAffected(intent=intent, run_id=run, period="2026-02"))
        loket += [
            WriteConfirmed(intent=intent, confirmed_by=ConfirmedBy.ANSWER, subject=subject),
            FieldOverwritten(
                run_id=run,
                intent=intent,
                person_id=person,
                subject=subject,
                field=field,
                before=before,
                after=after,
                rule="RETRO-2",
            ),
        ]
        return "updated", "EDIT-1"

    def _mishap(self, entity: LegalEntityId, person: PersonId, theirs: list[Fact], loket: list[Fact]) -> None:
        field, subject = self._dice.choice(FIELDS), f"s-{person}"
        match self._dice.randrange(6):
            case 0:
                theirs.append(AttributeVisibilityChanged(field=field, visible=self._dice.random() < 0.5))
            case 1:
                elsewhere = ENTITIES[1 - ENTITIES.index(entity)]
                theirs.append(PersonLeftEntity(legal_entity=entity, moved_to=elsewhere))
                self._entity[person] = elsewhere
                self._seen.discard((entity, person))
            case 2:
                loket.append(TerminationObserved(employment_id="guid", income_number=1, effective_on=date(2026, 3, 31)))
            case 3:
                loket.append(TerminationReversed(employment_id="guid", income_number=1))
            case 4:
                loket += [
                    ConceptEmployeeCreated(run_id="", person_id=person, concept_id="concept"),
                    ConceptEmployeeFinalised(concept_id="concept", employee_id=f"guid-{person}"),
                ]
            case _:
                by = ChangedBy.SOMEONE_ELSE
                loket.append(
                    LoketFieldChanged(subject=subject, field=field, before="Main St", after="Plein", changed_by=by)
                )
