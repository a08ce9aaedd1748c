"""The section `[access]` of the configuration: how much one person may see before somebody else has to agree."""

from __future__ import annotations

from pydantic import Field

from api.config.section import Section
from domain.showings import MOST_A_DAY


class AccessSection(Section):
    people_a_day: int = Field(default=MOST_A_DAY, ge=1)
