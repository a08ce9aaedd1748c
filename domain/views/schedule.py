"""What is planned, what became of it, and which version of Loket's data was last checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.schedule import Key, Standing
from domain.values import LegalEntityId


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One job of one legal entity; the installation's own have the empty entity."""

    standing: Standing
    started: date | None  # the business date that was last begun
    done_at: datetime | None
    outcome: str
    reference: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    next_version: int  # of the stream


class ScheduleView(Protocol):
    def jobs(self) -> Mapping[Key, ScheduleRow]:
        """Every job that was ever planned."""
        ...

    def job(self, key: Key) -> ScheduleRow | None:
        """One of them."""
        ...

    def version(self, entity: LegalEntityId) -> VersionRow | None:
        """The last version number of Loket's data that was followed, if any."""
        ...
