"""What a check of the log can find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.log import Checkpoint


class Verdict(StrEnum):
    OK = "OK"
    TAMPERED = "TAMPERED"
    TRUNCATED = "TRUNCATED"
    FORKED = "FORKED"
    STALE = "STALE"
    UNVERIFIABLE = "UNVERIFIABLE"


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
            "age_seconds": None if self.age is None else round(self.age.total_seconds()),
            "checkpoint": None if self.checkpoint is None else self.checkpoint.text,
        }
