"""What a check of the log can find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
class Witnessed:
    """A head, and the witnesses whose cosignatures on it are genuine."""

    size: int
    by: tuple[str, ...]
    at: datetime  # of the earliest of these cosignatures

    def __str__(self) -> str:
        return f"the head of {self.size} events that {' and '.join(self.by)} witnessed at {self.at:%Y-%m-%d %H:%M:%S}Z"


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
            "public_key": self.key,
            "witnessed": None
            if self.witnessed is None
            else {
                "size": self.witnessed.size,
                "by": list(self.witnessed.by),
                "at": self.witnessed.at.isoformat(),
            },
            "checkpoint": None if self.checkpoint is None else self.checkpoint.text,
        }
