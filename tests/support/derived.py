"""What was decided follows from the log: every look on record, derived again, comes out as it was recorded."""

from __future__ import annotations

from domain.services.journal import Tools
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import replay


def deviations(tools: Tools) -> list[str]:
    """One line for every decision that does not follow."""
    return [
        f"{one.look} {one.name}, {each.person}: {'; '.join(each.differences)}"
        for name in looks_between(tools.log)
        for one in (replay(Looks(tools.log, tools.vault), name),)
        for each in one.differing
    ]
