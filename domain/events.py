"""The event catalogue: one frozen type per fact, each with a stored name and version that never change.

Names say what happened, subject first. A changed shape is a new type with the next version; old types stay readable for
ever (tests/golden keeps one stored example of each). Personal values are marked by their type, `Personal`: they are
sealed for `subject`, in the retention class of the `field` beside them.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from domain.access_events import AccessKeyCreated, AccessKeyRevoked, RecordsRead
from domain.alert_events import (
    AlertDeadLettered,
    AlertDelivered,
    AlertNotDelivered,
    AlertRaised,
    ConditionsNoted,
)
from domain.contact_events import LoketSignedIn, TenantExamined, WebhookRegistered, WebhookRemoved
from domain.drift_events import (
    AcceptanceEnded,
    DriftAccepted,
    DriftAcknowledged,
    DriftChecked,
    DriftCheckRefused,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    DriftResolved,
    DriftWitnessed,
    HoldOutUsed,
    KeptValueEntered,
    LoketValueKept,
    PersonHeldOut,
)
from domain.erasure_events import (
    ErasureCompleted,
    ErasureConfirmed,
    ErasureRefused,
    ErasureRequested,
    ErasuresReapplied,
    HoldPlaced,
    HoldReleased,
)
from domain.log import Fact
from domain.personal import Personal
from domain.report_events import ReportOrdered, ReportReleased
from domain.schedule_events import (
    JobPlanned,
    LoketVersionSeen,
    OccurrenceDone,
    OccurrenceMissed,
    OccurrencePutOff,
    OccurrenceStarted,
)


class FieldValue(msgspec.Struct, frozen=True):
    """What one system showed for one field. On the Personio side, too, the field is the Loket path it travels to."""

    field: str
    value: Personal


class FieldChange(msgspec.Struct, frozen=True):
    """One field of a write: what Loket held and what it is to hold."""

    field: str
    before: Personal
    after: Personal


# --- personio_record: stream person:<person id> ------------------------------------------------------------------


class GatesObserved(Fact, frozen=True, kw_only=True):
    """What decides whether a person is synced; recorded at first sight and at every change (WHO-1 to WHO-5)."""

    legal_entity: str
    status: str | None  # employment status as Personio says it; None when not observed
    considered: str  # yes, no, undecidable
    employee_number: int | None
    income_number: int | None


class AttributesObserved(Fact, frozen=True, kw_only=True):
    """An included person's attributes at first sight."""

    subject: str
    values: tuple[FieldValue, ...]


class AttributeChanged(Fact, frozen=True, kw_only=True):
    """An attribute differs from the previous observation; nobody claims who changed it or when (AUD-5)."""

    subject: str
    field: str
    before: Personal
    after: Personal
    previously_observed_at: datetime


class AttributeVisibilityChanged(Fact, frozen=True, kw_only=True):
    """Personio began or ceased to show us an attribute. It is not a change of its value (EDIT-2)."""

    field: str
    visible: bool


class PersonLeftEntity(Fact, frozen=True, kw_only=True):
    """A complete sweep no longer assigns the person to the legal entity."""

    legal_entity: str
    moved_to: str | None = None


# --- loket_record: stream loket:<legal entity>:<employee number> -------------------------------------------------


class LinkState(StrEnum):
    """Where a number stands in Loket (rulebook 3.1)."""

    UNLINKED = "unlinked"
    CONCEPT = "concept"
    FINAL = "final"
    TERMINATED = "terminated"


class LinkObserved(Fact, frozen=True, kw_only=True):
    """The number was found as a concept employee, a final employee, or no longer; recorded when that changes."""

    state: LinkState
    person_id: str
    loket_id: str | None = None  # GUID of the employee or concept
    employment_id: str | None = None


class LoketFieldsObserved(Fact, frozen=True, kw_only=True):
    """Loket's values of the supported fields at first sight, read before anything was written (AUD-2)."""

    subject: str
    values: tuple[FieldValue, ...]


class ChangedBy(StrEnum):
    """Who moved a Loket value between two observations."""

    OURS = "ours"
    SOMEONE_ELSE = "someone_else"


class LoketFieldChanged(Fact, frozen=True, kw_only=True):
    """A Loket value moved since we last saw it, other than by a write of ours that is already on record."""

    subject: str
    field: str
    before: Personal
    after: Personal
    changed_by: ChangedBy


class FieldsConfirmed(Fact, frozen=True, kw_only=True):
    """A run saw both systems hold the same in these fields; recorded when that is news. With the confirmed writes it
    says what later differences are judged against (DRIFT-3); the value is the one Loket showed."""

    fields: tuple[str, ...]


class TerminationObserved(Fact, frozen=True, kw_only=True):
    """The linked employment has an end date, or another one than before; effective_on is that date (END-2, AUD-7)."""

    employment_id: str
    income_number: int


class TerminationReversed(Fact, frozen=True, kw_only=True):
    """The end date is gone again: reinstated (END-2)."""

    employment_id: str
    income_number: int


class TerminationSuperseded(Fact, frozen=True, kw_only=True):
    """The person went on in another employment; the ended one stays ended (EMPL-3, AUD-7)."""

    employment_id: str  # the one that runs now
    income_number: int


class WriteKind(StrEnum):
    """What is written; each is one request to Loket."""

    EMPLOYEE = "employee"
    BSN = "citizenservicenumber"
    PAYMENT = "paymentinformationsepa"
    PAYMENT_CREATED = "paymentinformationsepa_created"
    CONCEPT_CREATED = "conceptemployee_created"
    CONCEPT = "conceptemployee"
    CONCEPT_BSN = "conceptemployee_citizenservicenumber"
    WAGE = "wages"
    WAGE_CREATED = "wages_created"
    WAGE_DELETED = "wages_deleted"
    BENEFIT = "benefitsanddeductions"
    BENEFIT_CREATED = "benefitsanddeductions_created"
    BENEFIT_DELETED = "benefitsanddeductions_deleted"
    PERIOD_DATA = "payrollperioddata"

    @property
    def creates(self) -> bool:
        """A create can never be repeated blindly: absence proves nothing (RUN-8)."""
        return self.value.endswith("_created")

    @property
    def deletes(self) -> bool:
        return self.value.endswith("_deleted")

    @property
    def of_concept(self) -> bool:
        return self.value.startswith("conceptemployee")

    @property
    def pays(self) -> bool:
        """Pay of a final employee; its facts carry the day they hold from (PAY-3)."""
        return self.value.startswith(("wages", "benefitsanddeductions", "payrollperioddata"))


class WriteIntended(Fact, frozen=True, kw_only=True):
    """Durable before the request leaves: what will be written, and what was there (RUN-8, AUD-2)."""

    intent: str
    run_id: str
    person_id: str
    kind: WriteKind
    target: str | None  # GUID of the thing replaced; None when it is to be created
    subject: str
    changes: tuple[FieldChange, ...]


class ConfirmedBy(StrEnum):
    ANSWER = "answer and read-back"
    READ_BACK = "read-back"  # the answer was lost; Loket was read again and holds the wanted values


class WriteConfirmed(Fact, frozen=True, kw_only=True):
    intent: str
    confirmed_by: ConfirmedBy
    target: str | None = None  # GUID of what was created
    subject: str = ""
    warnings: tuple[Personal, ...] = ()


class WriteRefused(Fact, frozen=True, kw_only=True):
    """Loket said no; the person's other writes go on (RUN-5, RUN-6)."""

    intent: str
    status: int
    subject: str
    messages: tuple[Personal, ...] = ()


class WriteNotSent(Fact, frozen=True, kw_only=True):
    """The request never reached Loket: no connection, or its pacing budget was spent."""

    intent: str
    cause: str


class WriteOutcomeUnknown(Fact, frozen=True, kw_only=True):
    """No readable answer: it may or may not have been applied. Ended later by one of the other outcomes (RUN-8)."""

    intent: str
    cause: str


class WriteNotApplied(Fact, frozen=True, kw_only=True):
    """A read-back found the old values; the write may be planned anew (RUN-8)."""

    intent: str


class WriteConflicted(Fact, frozen=True, kw_only=True):
    """A read-back found neither the old nor the wanted value: it is recorded and judged by the next run (RUN-8)."""

    intent: str
    subject: str
    found: tuple[FieldValue, ...]


class FieldOverwritten(Fact, frozen=True, kw_only=True):
    """A Loket value was replaced by a confirmed write; a blank after is a cleared field (RETRO-2, AUD-3)."""

    run_id: str
    intent: str
    person_id: str
    subject: str
    field: str
    before: Personal
    after: Personal


class ConceptEmployeeCreated(Fact, frozen=True, kw_only=True):
    run_id: str
    person_id: str
    concept_id: str


class ConceptEmployeeFinalised(Fact, frozen=True, kw_only=True):
    """The payroll administrator completed the concept (JOIN-3, JOIN-6)."""

    concept_id: str
    employee_id: str


class ConceptEmployeeGone(Fact, frozen=True, kw_only=True):
    """The concept we remember is in neither list any more (MATCH-3)."""

    concept_id: str


class PayConverted(Fact, frozen=True, kw_only=True):
    """How an intended amount came about: Personio's amount, the hours and periods used, and the rounding (PAY-9)."""

    intent: str
    subject: str
    field: str
    amount: Personal  # as Personio has it: the person's effective amount
    interval: str
    weekly_hours: Personal  # BLANK where hours do not matter
    full_time_hours: Personal
    periods_a_year: int
    rounding: str


class ProcessedPeriodAffected(Fact, frozen=True, kw_only=True):
    """A pay write reaches into a payroll period that has already been run; Loket decides what it does (PAY-12)."""

    intent: str
    run_id: str
    period: str


class ChainRebuildStarted(Fact, frozen=True, kw_only=True):
    """Later records are deleted and all are added again in order, as one unit; effective_on is where it begins (PAY-8).

    The intents of the unit are named after it.
    """

    unit: str
    run_id: str
    person_id: str
    chain: str
    steps: int


class ChainRebuildEnded(Fact, frozen=True, kw_only=True):
    """A unit was finished, by its own run or a later one; `complete` is false when it stopped on the way (PAY-8)."""

    unit: str
    run_id: str
    done: int
    complete: bool


# --- sync_run: stream run:<run id> -------------------------------------------------------------------------------


class CompensationStartDateMoved(Fact, frozen=True, kw_only=True):
    """The line in the sand of a legal entity, at first sight or moved; effective_on is where it is now (PAY-2).

    In a stream of the entity's own: `pay:<legal entity>`.
    """

    legal_entity: str
    before: date | None = None


class RunStarted(Fact, frozen=True, kw_only=True):
    legal_entity: str
    business_date: date


class SystemsRead(Fact, frozen=True, kw_only=True):
    """Both sides were read completely (RUN-2, RUN-7)."""

    personio_read_at: datetime
    loket_read_at: datetime
    personio_people: int
    loket_employees: int
    loket_concepts: int
    notes: tuple[str, ...] = ()  # optional endpoints and rights that were missing; never a value


class FindingRaised(Fact, frozen=True, kw_only=True):
    """A fact that blocks the run until fixed or the person is excluded (CHECK-1, CHECK-2). `rule` is a rule id."""

    person_id: str
    employee_number: int | None
    code: str
    field: str | None = None
    subject: str = ""
    text: Personal | None = None


class OutcomeRecorded(Fact, frozen=True, kw_only=True):
    """The one outcome of one person in this run (RUN-4)."""

    person_id: str
    employee_number: int | None
    outcome: str
    reason: str
    subject: str = ""
    messages: tuple[Personal, ...] = ()  # of an included person: they may quote values
    notices: tuple[str, ...] = ()  # of a person left out: codes only


class RunCompleted(Fact, frozen=True, kw_only=True):
    with_errors: bool
    counts: dict[str, int]


class RunBlocked(Fact, frozen=True, kw_only=True):
    counts: dict[str, int]
    reason: str
    message: str


class RunRefused(Fact, frozen=True, kw_only=True):
    """The run ended without a decision about anyone: unreadable systems, a fault in the setup, or the brake."""

    legal_entity: str
    reason: str
    message: str
    fingerprint: str | None = None


class BrakeReleased(Fact, frozen=True, kw_only=True):
    """A second person confirmed the plan of a braked run."""

    fingerprint: str
    braked_run: str


class RunCutOff(Fact, frozen=True, kw_only=True):
    """The run's process died; the next command found it and closed it."""


# --- custody: stream custody, what was done with the log itself --------------------------------------------------


class LogVerified(Fact, frozen=True, kw_only=True):
    size: int
    verdict: str


class ValuesUnmasked(Fact, frozen=True, kw_only=True):
    """Personal values were shown in clear; recorded before they left (AUD-8)."""

    subject: str
    what: str
    legal_entity: str
    employee_number: int | None
    reason: Personal


STORED_NAMES: Final[dict[str, type[Fact]]] = {
    "personio_record.gates_observed.v1": GatesObserved,
    "personio_record.attributes_observed.v1": AttributesObserved,
    "personio_record.attribute_changed.v1": AttributeChanged,
    "personio_record.attribute_visibility_changed.v1": AttributeVisibilityChanged,
    "personio_record.person_left_entity.v1": PersonLeftEntity,
    "loket_record.link_observed.v1": LinkObserved,
    "loket_record.fields_observed.v1": LoketFieldsObserved,
    "loket_record.field_changed.v1": LoketFieldChanged,
    "loket_record.fields_confirmed.v1": FieldsConfirmed,
    "loket_record.termination_observed.v1": TerminationObserved,
    "loket_record.termination_reversed.v1": TerminationReversed,
    "loket_record.termination_superseded.v1": TerminationSuperseded,
    "loket_record.write_intended.v1": WriteIntended,
    "loket_record.write_confirmed.v1": WriteConfirmed,
    "loket_record.write_refused.v1": WriteRefused,
    "loket_record.write_not_sent.v1": WriteNotSent,
    "loket_record.write_outcome_unknown.v1": WriteOutcomeUnknown,
    "loket_record.write_not_applied.v1": WriteNotApplied,
    "loket_record.write_conflicted.v1": WriteConflicted,
    "loket_record.field_overwritten.v1": FieldOverwritten,
    "loket_record.concept_employee_created.v1": ConceptEmployeeCreated,
    "loket_record.concept_employee_finalised.v1": ConceptEmployeeFinalised,
    "loket_record.concept_employee_gone.v1": ConceptEmployeeGone,
    "loket_record.pay_converted.v1": PayConverted,
    "loket_record.processed_period_affected.v1": ProcessedPeriodAffected,
    "loket_record.chain_rebuild_started.v1": ChainRebuildStarted,
    "loket_record.chain_rebuild_ended.v1": ChainRebuildEnded,
    "legal_entity.compensation_start_date_moved.v1": CompensationStartDateMoved,
    "sync_run.started.v1": RunStarted,
    "sync_run.systems_read.v1": SystemsRead,
    "sync_run.finding_raised.v1": FindingRaised,
    "sync_run.outcome_recorded.v1": OutcomeRecorded,
    "sync_run.completed.v1": RunCompleted,
    "sync_run.blocked.v1": RunBlocked,
    "sync_run.refused.v1": RunRefused,
    "sync_run.brake_released.v1": BrakeReleased,
    "sync_run.cut_off.v1": RunCutOff,
    "drift_check.completed.v1": DriftChecked,
    "drift_check.refused.v1": DriftCheckRefused,
    "drift_case.opened.v1": DriftOpened,
    "drift_case.moved.v1": DriftMoved,
    "drift_case.reopened.v1": DriftReopened,
    "drift_case.resolved.v1": DriftResolved,
    "drift_case.acknowledged.v1": DriftAcknowledged,
    "drift_case.accepted.v1": DriftAccepted,
    "drift_case.acceptance_ended.v1": AcceptanceEnded,
    "drift_case.value_kept.v1": LoketValueKept,
    "drift_case.kept_value_entered.v1": KeptValueEntered,
    "drift_case.witnessed.v1": DriftWitnessed,
    "hold_out.ordered.v1": PersonHeldOut,
    "hold_out.used.v1": HoldOutUsed,
    "erasure.requested.v1": ErasureRequested,
    "erasure.refused.v1": ErasureRefused,
    "erasure.confirmed.v1": ErasureConfirmed,
    "erasure.completed.v1": ErasureCompleted,
    "erasure.reapplied.v1": ErasuresReapplied,
    "erasure.hold_placed.v1": HoldPlaced,
    "erasure.hold_released.v1": HoldReleased,
    "custody.log_verified.v1": LogVerified,
    "custody.values_unmasked.v1": ValuesUnmasked,
    "custody.loket_signed_in.v1": LoketSignedIn,
    "custody.webhook_registered.v1": WebhookRegistered,
    "custody.webhook_removed.v1": WebhookRemoved,
    "examination.tenant_examined.v1": TenantExamined,
    "access.key_created.v1": AccessKeyCreated,
    "access.key_revoked.v1": AccessKeyRevoked,
    "access.records_read.v1": RecordsRead,
    "report.ordered.v1": ReportOrdered,
    "report.released.v1": ReportReleased,
    "alert.raised.v1": AlertRaised,
    "alert.conditions_noted.v1": ConditionsNoted,
    "alert.delivered.v1": AlertDelivered,
    "alert.not_delivered.v1": AlertNotDelivered,
    "alert.dead_lettered.v1": AlertDeadLettered,
    "schedule.job_planned.v1": JobPlanned,
    "schedule.occurrence_started.v1": OccurrenceStarted,
    "schedule.occurrence_done.v1": OccurrenceDone,
    "schedule.occurrence_put_off.v1": OccurrencePutOff,
    "schedule.occurrence_missed.v1": OccurrenceMissed,
    "schedule.loket_version_seen.v1": LoketVersionSeen,
}
"""Every stored name there is. Entries are added, never changed or removed."""

NAME_OF: Final[dict[type[Fact], str]] = {fact: name for name, fact in STORED_NAMES.items()}
