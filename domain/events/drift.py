"""The facts of drift checks and drift cases; their stored names stand in `domain.events.catalogue` with all the others.

A case is one person's field: stream `drift:<legal entity>:<employee number>:<field>`, from first seen to resolved and,
should the same field differ again, on to its next opening (DRIFT-4, DRIFT-6).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from domain.log import Fact
from domain.personal import Personal


class Cause(StrEnum):
    """Who left the value that our last run confirmed (DRIFT-3)."""

    CHANGED_IN_LOKET = "changed_in_loket"
    BOTH_CHANGED = "both_changed"
    WRITE_NOT_LANDED = "write_not_landed"
    NEVER_SYNCED = "never_synced"
    PENDING = "pending_in_personio"  # only Personio moved: the next run sends it; never a case


class Resolved(StrEnum):
    """How a case ended (DRIFT-4)."""

    OVERWRITTEN = "overwritten_by_run"
    PUT_BACK = "put_back_in_loket"
    PERSONIO_MOVED = "moved_in_personio"
    LEFT_OUT = "person_left_out"


class AcceptanceEnd(StrEnum):
    EXPIRED = "expired"
    PERSONIO_CHANGED = "changed_in_personio"


class TrailResult(StrEnum):
    """What Loket's own audit trail says about a difference (DRIFT-7)."""

    OURS = "ours"  # an entry by our own Loket user
    SOMEONE_ELSE = "someone_else"
    NO_ENTRY = "no_entry"  # changed without a trace in either system: an alarm
    NOT_ATTRIBUTABLE = "not_attributable"  # which caption means this field was never learned


# --- drift_check: stream check:<check id> ------------------------------------------------------------------------


class DriftChecked(Fact, frozen=True, kw_only=True):
    """Both sides were read completely and compared; the counts are of people (compared, left out) and of fields."""

    legal_entity: str
    personio_read_at: datetime
    loket_read_at: datetime
    compared: int
    drift: int
    pending: int
    accepted: int
    not_compared: int
    left_out: int
    notes: tuple[str, ...] = ()
    policy: str | None = None  # digest of the settings that everybody was judged by (AUD-10)


class DriftCheckRefused(Fact, frozen=True, kw_only=True):
    """A side could not be read completely, so that nothing was concluded (DRIFT-6)."""

    legal_entity: str
    reason: str
    message: str


class WaitingField(msgspec.Struct, frozen=True, gc=False):
    """One field of one person that only Personio changed."""

    employee_number: int
    field: str


class WaitingSeen(Fact, frozen=True, kw_only=True):
    """What the check saw waiting in Personio for the next run: no drift (DRIFT-3). Of many fields in several events."""

    legal_entity: str
    fields: tuple[WaitingField, ...]


# --- drift_case --------------------------------------------------------------------------------------------------


class DriftOpened(Fact, frozen=True, kw_only=True):
    """A difference was seen for the first time. `personio` is the value Loket should hold, in written form."""

    person_id: str
    subject: str
    field: str
    cause: Cause
    personio: Personal
    loket: Personal


class DriftMoved(Fact, frozen=True, kw_only=True):
    """The case was open already and its values or its cause are others now; no news for anyone who knows of it."""

    person_id: str
    subject: str
    field: str
    cause: Cause
    personio: Personal
    loket: Personal


class DriftReopened(Fact, frozen=True, kw_only=True):
    """The field differs again after its case was resolved, or anew after it was acknowledged or accepted."""

    person_id: str
    subject: str
    field: str
    cause: Cause
    personio: Personal
    loket: Personal


class DriftResolved(Fact, frozen=True, kw_only=True):
    how: Resolved
    run_id: str | None = None  # of the run that overwrote it


class DriftAcknowledged(Fact, frozen=True, kw_only=True):
    """Someone knows of it and lets the next run overwrite the Loket value."""

    subject: str
    reason: Personal


class DriftAccepted(Fact, frozen=True, kw_only=True):
    """Neither written nor alerted until that day has passed or Personio changes the value (DRIFT-8)."""

    subject: str
    field: str
    personio: Personal  # the value beside which Loket's was accepted
    until: date
    reason: Personal


class AcceptanceEnded(Fact, frozen=True, kw_only=True):
    why: AcceptanceEnd


class DriftAttributed(Fact, frozen=True, kw_only=True):
    """What Loket's audit trail says about this difference; evidence, not proof."""

    subject: str
    field: str
    result: TrailResult
    by: Personal  # a name, where an entry gives one
    origin: str = ""  # user, automatic, collective or import, in Loket's words
    changed_at: datetime | None = None


class LoketValueKept(Fact, frozen=True, kw_only=True):
    """The Loket value is the right one: it is to be entered in Personio by hand."""

    subject: str
    field: str
    value: Personal
    reason: Personal


class KeptValueEntered(Fact, frozen=True, kw_only=True):
    """Personio shows the value that was kept: the to-do is done."""


class DecisionWithdrawn(Fact, frozen=True, kw_only=True):
    """The acknowledgement or acceptance of this difference holds no more: the next run judges it as it was before."""

    subject: str
    reason: Personal


class KeptValueWithdrawn(Fact, frozen=True, kw_only=True):
    """The value of Loket that was kept need not be entered in Personio after all."""

    subject: str
    reason: Personal


# --- holding a person out of one run: stream hold:<legal entity>:<employee number> -------------------------------


class PersonHeldOut(Fact, frozen=True, kw_only=True):
    """The next run that writes leaves this person out (DRIFT-8)."""

    subject: str
    reason: Personal


class HoldOutWithdrawn(Fact, frozen=True, kw_only=True):
    """The person takes part in the next run after all."""

    subject: str
    reason: Personal


class HoldOutUsed(Fact, frozen=True, kw_only=True):
    """That run has been: the person is back in the next one."""

    run_id: str
