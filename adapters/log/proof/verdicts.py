"""What a check of the log can find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.log import Checkpoint
from domain.planning.business_date import time_told


class Verdict(StrEnum):
    OK = "OK"
    TAMPERED = "TAMPERED"
    TRUNCATED = "TRUNCATED"
    FORKED = "FORKED"
    STALE = "STALE"
    KEYS_DIFFER = "KEYS_DIFFER"  # the log is sound, and the key store is not the one that belongs to it
    VIEWS_DIFFER = "VIEWS_DIFFER"  # the log is sound, and a view is not what comes of it
    UNVERIFIABLE = "UNVERIFIABLE"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A head, and the witnesses whose cosignatures on it are genuine."""

    size: int
    by: tuple[str, ...]
    at: datetime  # of the earliest of these cosignatures

    def __str__(self) -> str:
        return (
            f"the head of {self.size} events that {' and '.join(self.by)} witnessed at {time_told(self.at)} (Amsterdam)"
        )


@dataclass(frozen=True, slots=True)
class ViewDifference:
    """The first place where a view is not what the events make of it. It repeats nothing that no event made."""

    view: str
    folded_to: int  # the last position the view says it has seen
    what: str  # "the row is missing", "the row differs in legal_entity", "a row was made by no event"
    table: str = ""
    key: tuple[tuple[str, str | int | bool | None], ...] = ()  # (column, value) of the row; empty if no event made it
    position: int | None = None  # of the event that the row is about, where it names one

    def __str__(self) -> str:
        table = f", table {self.table}" if self.table else ""
        key = f" ({', '.join(f'{name} {value}' for name, value in self.key)})" if self.key else ""
        return f"view {self.view}{table}: {self.what}{key}"

    def as_json(self) -> dict[str, object]:
        return {
            "view": self.view,
            "table": self.table or None,
            "what": self.what,
            "key": dict(self.key),
            "position": self.position,
            "folded_to": self.folded_to,
        }


@dataclass(frozen=True, slots=True)
class KeysHeld:
    """The key store held against the log. Pairs are (key id, position of the first event that needs it)."""

    needed: int  # keys that values of the log were sealed with, those of erased people included
    gone: tuple[tuple[str, int], ...] = ()  # and no erasure destroyed it
    exchanged: tuple[tuple[str, int], ...] = ()  # it is there, and does not open what it sealed
    back: tuple[str, ...] = ()  # an erasure destroyed it

    @property
    def ok(self) -> bool:
        return not (self.gone or self.exchanged or self.back)

    def __str__(self) -> str:
        found = (
            (len(self.gone), "gone without an erasure"),
            (len(self.exchanged), "exchanged for another"),
            (len(self.back), "back after an erasure (`tweeluik erase --reapply` destroys it again)"),
        )
        told = ", ".join(f"{count} {what}" for count, what in found if count)
        return f"keys that the log needs: {self.needed}; {told}"

    def as_json(self) -> dict[str, object]:
        return {
            "needed": self.needed,
            "gone": [key_id for key_id, _ in self.gone],
            "exchanged": [key_id for key_id, _ in self.exchanged],
            "back": list(self.back),
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """One verdict and its place. Positions are inclusive; where one event is meant, `first` and `last` are the same."""

    verdict: Verdict
    size: int  # events that were there and checked
    reason: str
    first: int | None = None
    last: int | None = None
    age: timedelta | None = None
    checkpoint: Checkpoint | None = None  # the newest signed head the log agrees with
    witnessed: Witnessed | None = None  # the newest of those that a witness we believe cosigned
    key: str = ""  # what the checkpoints are signed with
    keys: KeysHeld | None = None  # None: not compared
    views: tuple[ViewDifference, ...] | None = None  # of each view that differs, the first row; None: not compared
    since: int = 0  # events before it were not looked at again
    whole_at: datetime | None = None  # when they were, in the last good verification of everything

    @property
    def ok(self) -> bool:
        return self.verdict is Verdict.OK

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"

    def as_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict.value,
            "reason": self.reason,
            "position": self.first,
            "to": self.last,
            "size": self.size,
            "since": self.since,
            "whole_at": None if self.whole_at is None else self.whole_at.isoformat(),
            "age_seconds": None if self.age is None else round(self.age.total_seconds()),
            "public_key": self.key,
            "witnessed": None
            if self.witnessed is None
            else {
                "size": self.witnessed.size,
                "by": list(self.witnessed.by),
                "at": self.witnessed.at.isoformat(),
            },
            "checkpoint": None if self.checkpoint is None else self.checkpoint.text,
            "keys": None if self.keys is None else self.keys.as_json(),
            "views": None if self.views is None else [one.as_json() for one in self.views],
        }
