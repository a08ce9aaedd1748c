"""Facts about alerts. What is raised, and how it was delivered, never holds a personal value: kinds, counts, fields.

Streams: `alerts:<legal entity>:<source>` for what was raised, `delivery:<alert>:<target>` for each way it was to go.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.log import Fact


class AlertKind(StrEnum):
    """What an alert is about. Overwriting, clearing and reports happen; the others begin and end."""

    DRIFT = "drift"
    UNEXPLAINED_CHANGE = "unexplained_change"
    RUN_BLOCKED = "run_blocked"
    CONCEPT_WAITING = "concept_waiting"
    ABOUT_TO_BE_OVERWRITTEN = "about_to_be_overwritten"
    TERMINATION_DISAGREEMENT = "termination_disagreement"
    UNKNOWN_OUTCOME = "unknown_outcome"
    LOG_INTEGRITY = "log_integrity"
    OVERWRITTEN = "overwritten"
    CLEARED = "cleared"
    CHECK_MISSED = "check_missed"
    IMPLAUSIBLE_READ = "implausible_read"
    PAY_ONLY_IN_LOKET = "pay_only_in_loket"
    KEY_STORE_EDITED = "key_store_edited"
    TASK_OPEN_LONG = "task_open_long"
    DECISION_DEVIATES = "decision_deviates"
    LOKET_VERSIONS = "loket_versions"
    REPORT_MADE = "report_made"
    VIEW_BEHIND = "view_behind"


class Condition(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Something that wants attention until it is over. `key` tells it from others of its kind."""

    kind: AlertKind
    key: str
    what: str = ""  # a Loket field, a finding code, a rule: what may be said of it


class Happened(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Something that is over when it is told."""

    kind: AlertKind
    count: int
    what: tuple[str, ...] = ()


class Unlisted(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Conditions that are too many for one event: listed in the `ConditionsNoted` before it, counted here."""

    kind: AlertKind
    what: dict[str, int]  # how many of each, as `Condition.what` says it
    recovered: bool = False


class AlertRaised(Fact, frozen=True, kw_only=True):
    """One message about one legal entity and one check; recorded with what it tells of, all or nothing."""

    alert: str  # its stable id
    legal_entity: str  # empty: the installation
    about: str  # the run, check or planned job
    opened: tuple[Condition, ...] = ()
    recovered: tuple[Condition, ...] = ()
    happened: tuple[Happened, ...] = ()
    targets: tuple[str, ...] = ()  # whom it is to reach
    unlisted: tuple[Unlisted, ...] = ()


class ConditionsNoted(Fact, frozen=True, kw_only=True):
    """What is not told by itself: `held` was over only lately and waits for a second look, `dropped` is known or gone.

    `opened` and `recovered` are told by the alert that follows, which has no room to list them.
    """

    legal_entity: str
    held: tuple[Condition, ...] = ()
    dropped: tuple[Condition, ...] = ()
    opened: tuple[Condition, ...] = ()
    recovered: tuple[Condition, ...] = ()


class AlertDelivered(Fact, frozen=True, kw_only=True):
    """The target took it."""

    alert: str
    target: str
    attempt: int


class AlertNotDelivered(Fact, frozen=True, kw_only=True):
    """The target did not take it, or nobody knows; it is sent again with the same id."""

    alert: str
    target: str
    attempt: int
    cause: str
    next_at: datetime


class AlertDeadLettered(Fact, frozen=True, kw_only=True):
    """Given up: somebody has to look at the target."""

    alert: str
    target: str
    attempts: int
    cause: str
