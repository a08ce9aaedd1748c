"""What was done with the log itself: stream custody."""

from __future__ import annotations

from domain.log import Fact
from domain.personal import Personal


class LogVerified(Fact, frozen=True, kw_only=True):
    size: int
    verdict: str
    views: bool = False  # every view was held against it too; before that could be done, none was


class ValuesUnmasked(Fact, frozen=True, kw_only=True):
    """Personal values were shown in clear; recorded before they left (AUD-8)."""

    subject: str
    what: str
    legal_entity: str
    employee_number: int | None
    reason: Personal
