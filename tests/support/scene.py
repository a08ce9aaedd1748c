"""What a scenario remembers between its steps: the world, and who was spoken of last."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.events.runs import RunStarted
from domain.log import Recorded
from domain.rules import REVISIONS
from domain.services.replay.known_earlier import Exposure
from domain.services.replay.replay import Replayed
from domain.services.replay.what_if import WhatIf
from domain.services.sync.report import PersonOutcome
from domain.values import FieldPath, Observed, PersonId
from tests.support.world import World


@dataclass(slots=True)
class Scene:
    world: World
    last: str = ""
    deleted: set[str] = field(default_factory=set)  # in Personio, of the others
    confirmed: str | None = None  # the fingerprint that was used last
    last_pay: str = ""  # id of the compensation spoken of last
    salaries: dict[str, str] = field(default_factory=dict)  # by name, the id of the salary given last
    refused: Exception | None = None  # why the last decision of a person was not taken
    earlier: tuple[Recorded, ...] = ()  # the log before the last run
    misjudged: bool = False  # a run of the scenario decided otherwise than the rules say
    revisions: dict[str, int] = field(default_factory=lambda: {**REVISIONS})  # with those raised since
    replayed: dict[str, Replayed] = field(default_factory=dict)  # every run, check and validation, derived again
    otherwise: WhatIf | None = None  # what other settings would have made of the last run
    exposure: Exposure | None = None  # what would have come of it, had it been known earlier
    size_before: int = 0  # of the log, before that was asked
    rows_before: dict[str, list[str]] = field(default_factory=dict)  # of every view, before a rebuild

    def who(self, whose: str) -> str:
        """The name in "Sanne's"; "her" and "his" are whoever was spoken of last."""
        if whose.casefold() not in ("her", "his"):
            self.last = whose.removesuffix("'s")
        return self.last

    def person(self, whose: str) -> PersonId:
        person = self.world.people[self.who(whose)].person
        assert person is not None, f"{self.last} is not in Personio"
        return person

    def result(self, whose: str) -> PersonOutcome:
        """The one outcome of someone in the last run."""
        found = self.world.outcomes(self.person(whose))
        assert len(found) == 1, f"{self.last} appears {len(found)} times in the result"
        return found[0]

    def messages(self, whose: str) -> str:
        return "\n".join(self.result(whose).messages)

    def type_into_loket(self, name: str, path: FieldPath, value: Observed) -> None:
        one = self.world.people[name]
        self.world.payroll.set_field(one.entity, one.number, path, value)

    def started(self) -> list[RunStarted]:
        return [one.fact for one in self.world.everything() if isinstance(one.fact, RunStarted)]
