"""Where a case of drift stands, for whoever reads views of cases and decides nothing."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """All but resolved are open."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
