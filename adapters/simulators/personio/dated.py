"""Values that change on a day: entered now, in force on their date, never telling the reader which date that was."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_entered = count()


def business_date(now: datetime) -> date:
    return now.astimezone(AMSTERDAM).date()


def as_date(value: date | str) -> date:
    """A day, also as it arrives in JSON."""
    return value if isinstance(value, date) else date.fromisoformat(value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a history: `visible_at` is the instant from which reads may show it."""

    effective_on: date
    visible_at: datetime
    value: Any
    number: int = field(default_factory=lambda: next(_entered))


@dataclass(slots=True)
class DatedValues:
    """Values by name, each as it was at the beginning plus the entries made since."""

    initial: dict[str, Any]
    _entries: dict[str, list[Entry]] = field(default_factory=dict)

    def at(self, name: str, now: datetime) -> Any:
        """The value in force: the latest effective date wins, for the same date the newest entry."""
        entries = self._entries.get(name)
        visible = [entry for entry in entries if entry.visible_at <= now] if entries else []
        if not visible:
            return self.initial.get(name)
        return max(visible, key=lambda entry: (entry.effective_on, entry.number)).value

    def enter(self, name: str, value: Any, effective_on: date, *, now: datetime, flip_hour: int = 0) -> Entry:
        """Past and present dates show at once, a future one from `flip_hour` in Amsterdam on its day."""
        visible_at = now
        if effective_on > business_date(now):
            visible_at = datetime.combine(effective_on, time(flip_hour), AMSTERDAM).astimezone(UTC)
        return self.enter_at(name, value, effective_on, visible_at)

    def enter_at(self, name: str, value: Any, effective_on: date, visible_at: datetime) -> Entry:
        entry = Entry(effective_on, visible_at, value)
        self._entries.setdefault(name, []).append(entry)
        return entry

    def withdraw(self, name: str, entry: Entry) -> None:
        self._entries[name].remove(entry)
