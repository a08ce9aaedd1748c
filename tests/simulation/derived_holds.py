"""Every decision follows from the log: right after the run, check or validation that made it, and at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from domain.events.drift import DriftChecked
from domain.events.findings import ValidationCompleted
from domain.events.grounds import EveryoneJudged
from domain.events.runs import RunBlocked, RunCompleted, RunCutOff, RunRefused
from domain.log import Recorded
from domain.services.replay.looks import Looks
from domain.services.replay.replay import replay
from domain.values import RunId
from tests.simulation.office import Office
from tests.support.derived import deviations, not_following

_ENDS: Final = DriftChecked | ValidationCompleted | RunCompleted | RunBlocked | RunRefused | RunCutOff


class DerivedHolds:
    """Who decided about everybody; `made` counts the decisions that were derived again."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._judged: set[str] = set()
        self.made = 0

    def after_a_step(self, new: Sequence[Recorded]) -> Iterable[str]:
        """Of whoever has come to an end; a run that was cut off as far as it came."""
        self._judged |= {event.stream for event in new if isinstance(event.fact, EveryoneJudged)}
        tools = self._office.world.tools()
        for stream in dict.fromkeys(event.stream for event in new if isinstance(event.fact, _ENDS)):
            if stream in self._judged:
                made = replay(Looks(tools.log, tools.vault), RunId(stream.partition(":")[2]))
                self.made += made.people
                yield from (f"{line} does not follow" for line in not_following(made))

    def at_rest(self) -> Iterable[str]:
        """With everything that was erased since."""
        return deviations(self._office.world.tools())
