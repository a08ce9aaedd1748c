"""Who may do what over the API: roles, what each permits, and the caller of one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.values import Actor


class Permission(StrEnum):
    PUBLIC = "public"  # no credential: health, the description of the API
    READ_LOG = "read_log"  # heads and hashes, which tell nothing of anybody
    READ_RULES = "read_rules"
    READ_RUNS = "read_runs"
    READ_PEOPLE = "read_people"  # people, their history and state, masked
    READ_EVENTS = "read_events"  # everything on record, whoever and whatever it is about, masked
    READ_REPORTS = "read_reports"  # what runs overwrote, pay mutations, evidence; masked
    PROVE = "prove"  # proofs of single events
    VERIFY = "verify"  # have the whole log verified
    READ_ENTRIES = "read_entries"  # every legal entity's stored entries: never for part of them
    START_RUN = "start_run"
    CHECK_DRIFT = "check_drift"
    PREVIEW = "preview"  # plans: both systems are read, nothing is written; people only with READ_PEOPLE
    VALIDATE = "validate"  # look again whether there are tasks, and take one
    DECIDE = "decide"  # about one employee: a difference, a hold-out, that Loket really removed them
    UNMASK = "unmask"
    SHOW_NAMES = "show_names"  # on pages: names and nothing else
    MEASURE = "measure"  # metrics
    ERASE = "erase"
    REVIEW_ACCESS = "review_access"


class Role(StrEnum):
    AUDITOR = "auditor"
    PAYROLL_ADMIN = "payroll_admin"
    OPERATOR = "operator"
    PRIVACY_OFFICER = "privacy_officer"
    HR = "hr"


_EVERYONE: Final = frozenset({Permission.PUBLIC, Permission.READ_RULES})
PERMITTED: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.AUDITOR: _EVERYONE
        | {
            Permission.READ_LOG,
            Permission.READ_RUNS,
            Permission.READ_PEOPLE,
            Permission.READ_EVENTS,
            Permission.READ_REPORTS,
            Permission.PROVE,
            Permission.VERIFY,
            Permission.READ_ENTRIES,
            Permission.REVIEW_ACCESS,
        },
        Role.PAYROLL_ADMIN: _EVERYONE
        | {
            Permission.READ_LOG,
            Permission.READ_RUNS,
            Permission.READ_PEOPLE,
            Permission.READ_EVENTS,
            Permission.READ_REPORTS,
            Permission.PROVE,
            Permission.VERIFY,
            Permission.START_RUN,
            Permission.CHECK_DRIFT,
            Permission.PREVIEW,
            Permission.VALIDATE,
            Permission.DECIDE,
            Permission.UNMASK,
            Permission.SHOW_NAMES,
        },
        Role.OPERATOR: _EVERYONE
        | {
            Permission.READ_LOG,
            Permission.READ_RUNS,
            Permission.PREVIEW,
            Permission.START_RUN,
            Permission.MEASURE,
            Permission.VERIFY,
        },
        Role.PRIVACY_OFFICER: _EVERYONE
        | {
            Permission.READ_LOG,
            Permission.READ_PEOPLE,
            Permission.READ_EVENTS,
            Permission.ERASE,
            Permission.REVIEW_ACCESS,
        },
        Role.HR: _EVERYONE | {Permission.READ_RUNS, Permission.READ_PEOPLE, Permission.VALIDATE, Permission.SHOW_NAMES},
    }
)


class KeyStanding(StrEnum):
    """What an access key is worth: one that is VALID counts, no other does."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNSEALED = "not sealed yet"  # from before rows had a MAC; `keys seal` holds it against the log once
    UNFINISHED = "not on record"  # written by us, and the log does not know it: giving it was cut off
    PLANTED = "planted"  # neither written by us nor known to the log
    CHANGED = "changed in the store"
    DIFFERENT = "other than on record"
    REVIVED = "revoked on record"  # its row says that it still counts
    MISSING = "missing from the store"


EDITED: Final = frozenset(
    {KeyStanding.PLANTED, KeyStanding.CHANGED, KeyStanding.DIFFERENT, KeyStanding.REVIVED, KeyStanding.MISSING}
)
"""Somebody wrote to the key store past us, or it came from a backup: an alert."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: one subject with one role. `entities` None means all; two keys of one person are one subject."""

    subject: Actor
    role: Role
    entities: frozenset[str] | None
    credential: str  # the key's id, or the token's issuer: for the review of access

    @property
    def counted_as(self) -> str:
        """Whose requests count together, with the key itself and in however many sessions that it began."""
        return f"{self.credential} {self.subject}"

    def may(self, permission: Permission) -> bool:
        everything = self.entities is None or permission is not Permission.READ_ENTRIES
        return permission in PERMITTED[self.role] and everything

    def sees(self, entity: str) -> bool:
        """Whether this legal entity exists for the caller; what concerns the log itself only for those who see all."""
        return self.entities is None or entity in self.entities
