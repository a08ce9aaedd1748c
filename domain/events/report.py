"""Facts of one ordered report, stream `report:<id>`; their stored names stand in `domain.events.catalogue`."""

from __future__ import annotations

from datetime import date

from domain.log import Fact
from domain.personal import Personal


class ReportOrdered(Fact, frozen=True, kw_only=True):
    """Someone wants the report of this filter, as the log of this size tells it; unmasked, somebody else releases it.

    The file is not kept: it is made of the log whenever it is fetched. `wanted_*` is the filter.
    """

    legal_entity: str
    since: date
    until: date
    wanted_number: int | None = None
    wanted_field: str | None = None
    wanted_run: str | None = None
    wanted_rule: str | None = None
    wanted_cleared: bool | None = None
    format: str
    unmasked: bool
    people: int
    log_size: int
    subject: str = ""
    reason: Personal


class ReportReleased(Fact, frozen=True, kw_only=True):
    """A second person agreed that these people's values are shown to whoever ordered them."""

    legal_entity: str
