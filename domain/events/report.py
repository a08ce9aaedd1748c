"""Facts of one ordered report, stream `report:<id>`; their stored names stand in `domain.events.catalogue`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.log import Fact
from domain.personal import Personal


class ReportKind(StrEnum):
    """What can be ordered of a legal entity and a period."""

    OVERWRITTEN_FIELDS = "overwritten_fields"
    PAY_MUTATIONS = "pay_mutations"
    EVIDENCE = "evidence"


class ReportOrdered(Fact, frozen=True, kw_only=True):
    """Someone wants the report of this filter, as the log of this size tells it; unmasked, somebody else releases it.

    Before there were several kinds, it was of overwritten fields. `language` is empty where a report has none. The file
    is not kept: it is made of the log whenever it is fetched. `wanted_*` is the filter.
    """

    legal_entity: str
    since: date
    until: date
    wanted_number: int | None = None
    wanted_field: str | None = None
    wanted_run: str | None = None
    wanted_rule: str | None = None
    wanted_cleared: bool | None = None
    wanted_did: str | None = None
    format: str
    unmasked: bool
    people: int
    log_size: int
    kind: str = ReportKind.OVERWRITTEN_FIELDS.value
    language: str = ""
    subject: str = ""
    reason: Personal


class ReportReleased(Fact, frozen=True, kw_only=True):
    """A second person agreed that these people's values are shown to whoever ordered them."""

    legal_entity: str
