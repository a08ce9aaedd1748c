"""What probes of both systems saw of what their documents leave open; counts, words and names of fields, no values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Count:
    """`seen` of the `of` that were looked at."""

    seen: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"{self.seen} of {self.of}"


class Filters(StrEnum):
    """What became of a list's filters on its second page."""

    KEPT = "kept"
    REFUSED = "refused"  # beside a cursor; the cursor carries them
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The second page of a list that was asked for one at a time; None: there was no second page to see."""

    advances: bool | None = None
    filters: Filters | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What an endpoint's answers say of its limit."""

    per_second: float
    at_once: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys of the older API beside ids of the newer one."""

    same: int = 0
    by_number: int = 0  # differ, but end in the same number
    by_value: int = 0  # of those, confirmed by a value that somebody has under both
    unpaired: int = 0


@dataclass(frozen=True, slots=True)
class WebhookEvents:
    """What Personio lists as having happened of late to people and employments, for the webhook to tell."""

    keys: Mapping[str, int] = field(default_factory=dict)  # how many events have each set of keys in their payload
    nobody: int = 0  # events that name nobody in a form we understand
    newest: datetime | None = None

    @property
    def count(self) -> int:
        return sum(self.keys.values())


@dataclass(frozen=True, slots=True)
class PersonioSights:
    """Each part None or empty where it was not to be seen."""

    empties: Mapping[str, int] = field(default_factory=dict)  # of what v1 shows as null: "left out", "null" or "text"
    pairs: Pairs | None = None
    employments: Mapping[str, Count] = field(default_factory=dict)  # by key; "termination": its parts, of the ended
    without_pay: Count | None = None  # of people with a salary in v1, those without any pay in v2
    cursors: Mapping[str, Cursor] = field(default_factory=dict)  # by list
    limits: Mapping[str, Limit | None] = field(default_factory=dict)  # by endpoint
    future_window: bool | None = None
    long_window: bool | None = None  # of 31 days
    unknown_words: frozenset[str] = frozenset()  # categories and intervals
    fixed_salaries: int | None = None  # types of that category


@dataclass(frozen=True, slots=True)
class LoketSights:
    """What the signed-in user sees of the employer."""

    activities: frozenset[str] | None = None
    employees: int | None = None
    highest_number: int | None = None
    self_service: Count | None = None  # concept employees that the new hire may fill in himself
