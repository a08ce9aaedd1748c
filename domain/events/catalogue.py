"""The event catalogue: one frozen type per fact, each with a stored name and version that never change.

Names say what happened, subject first. A changed shape is a new type with the next version; old types stay readable for
ever (tests/golden keeps one stored example of each). Personal values are marked by their type, `Personal`: they are
sealed for `subject`, in the retention class of the `field` beside them.
"""

from __future__ import annotations

from typing import Final

from domain.events.access import AccessKeyCreated, AccessKeyRevoked, RecordsRead
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertNotDelivered, AlertRaised, ConditionsNoted
from domain.events.custody import LogVerified, ValuesUnmasked
from domain.events.drift import (
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
from domain.events.erasure import (
    ErasureCompleted,
    ErasureConfirmed,
    ErasureRefused,
    ErasureRequested,
    ErasuresReapplied,
    HoldPlaced,
    HoldReleased,
)
from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    CompensationStartDateMoved,
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConceptEmployeeGone,
    FieldOverwritten,
    FieldsConfirmed,
    LinkObserved,
    LoketFieldChanged,
    LoketFieldsObserved,
    PayConverted,
    ProcessedPeriodAffected,
    TerminationObserved,
    TerminationReversed,
    TerminationSuperseded,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
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
    BrakeReleased,
    FindingRaised,
    OutcomeRecorded,
    RunBlocked,
    RunCompleted,
    RunCutOff,
    RunRefused,
    RunStarted,
    SystemsRead,
)
from domain.events.schedule import (
    JobPlanned,
    LoketVersionSeen,
    OccurrenceDone,
    OccurrenceMissed,
    OccurrencePutOff,
    OccurrenceStarted,
)
from domain.events.setup import LoketSignedIn, TenantExamined, WebhookRegistered, WebhookRemoved
from domain.log import Fact

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
