"""What did the log record, by legal entity, person, number, run, actor, kind, field, rule and date?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Protocol

from domain.values import LegalEntityId


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event without its values, which are in the log at `position`."""

    position: int
    recorded_at: datetime
    kind: str  # the stored name
    stream: str
    actor: str
    run: str  # the run or request
    legal_entity: str
    person_id: str | None  # of an event about one person
    employee_number: int | None
    rule: str | None
    effective_on: date | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """All that are given must hold. Instants and days are inclusive."""

    person_id: str | None = None
    employee_number: int | None = None
    run: str | None = None
    field: str | None = None
    rule: str | None = None
    kind: str | None = None
    actor: str | None = None
    recorded_from: datetime | None = None
    recorded_until: datetime | None = None
    effective_from: date | None = None
    effective_until: date | None = None

    @property
    def by_effect(self) -> bool:
        return self.effective_from is not None or self.effective_until is not None

    @property
    def listed(self) -> dict[str, str | int]:
        """Those of what one event can name several of, as far as they are given."""
        given = {name: getattr(self, name) for name in ("field", "person_id", "employee_number")}
        return {name: value for name, value in given.items() if value is not None}

    def as_text(self) -> dict[str, str]:
        """The filters that are given, as text."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) for name, value in given.items() if value is not None}


EXACT = ("run", "rule", "kind", "actor")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries in order; `reached` is how far the log was looked through, None when to its end.

    A page may be short, or empty, and yet not be the last: one question looks at a bounded number of rows.
    """

    entries: tuple[Entry, ...]
    reached: int | None


class RecordedView(Protocol):
    def find(
        self, entities: Sequence[str], filters: Filters, *, after: int = -1, limit: int = 50, before: int | None = None
    ) -> Found:
        """Entries of these legal entities with position > `after` that pass every filter, at most `limit`.

        With `before` the newest first, of those with position < `before`.
        """
        ...

    def entry(self, position: int) -> Entry | None: ...

    def instants(self, entity: LegalEntityId, kinds: Sequence[str], *, before: int, limit: int) -> Sequence[datetime]:
        """When the newest of each of these kinds were recorded, at most so many of each, for whoever chooses a day."""
        ...

    def decisions(self, entities: Sequence[str]) -> Mapping[str, int]:
        """Rule id -> how many entries cite it; a rule that was never exercised is absent."""
        ...
