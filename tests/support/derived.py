"""What was decided follows from the log: every look on record, derived again, comes out as it was recorded."""

from __future__ import annotations

from domain.events.grounds import EveryoneJudged
from domain.services.journal import Tools
from domain.services.replay.replay import replay
from domain.values import RunId


def deviations(tools: Tools) -> list[str]:
    """One line for every decision that does not follow."""
    return [
        f"{one.look} {one.name}, {each.person}: {'; '.join(each.differences)}"
        for name in looks(tools)
        for one in (replay(tools, name),)
        for each in one.differing
    ]


def looks(tools: Tools) -> list[RunId]:
    """Every run, check and validation on record that decided about anybody."""
    judged = (event.stream for event in tools.log.replay() if isinstance(event.fact, EveryoneJudged))
    return [RunId(one.partition(":")[2]) for one in dict.fromkeys(judged)]
