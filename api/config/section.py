"""What every section of the configuration has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A key that is not known is refused, and nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)
