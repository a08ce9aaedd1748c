"""Taking a task for the rest of the day, so that two people do not see to one thing, and giving it back (CHECK-6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.errors import AlreadyTaken, NotFound, StreamMoved
from domain.log import Fact
from domain.planning.business_date import business_date
from domain.records.finding_case import FindingCase
from domain.services.journal import Journal, Tools, opened_streams
from domain.values import Actor, LegalEntityId
from domain.views.tasks import TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Who takes or gives back tasks of which legal entity."""

    entity: LegalEntityId
    actor: Actor
    tools: Tools
    correlation: str

    def take(self, task: int) -> TaskRow:
        """It is theirs until the end of the day; nothing happens where it is already.

        Raises NotFound for a task that is not there or has ended, AlreadyTaken while somebody else has it.
        """
        return self._record(task, self._take)

    def give_back(self, task: int) -> TaskRow:
        """Nobody has it any more; nothing happens where nobody had. Raises as `take` does."""
        return self._record(task, self._give_back)

    def _take(self, row: TaskRow, case: FindingCase, today: date) -> Fact | None:
        if case.holder(today) == self.actor:
            return None
        return case.taken(self.entity, row.key, row.employee_number, until=today)

    def _give_back(self, row: TaskRow, case: FindingCase, today: date) -> Fact | None:
        held = case.holder(today) is not None
        return case.given_back(self.entity, row.key, row.employee_number) if held else None

    def _record(self, task: int, decide: Callable[[TaskRow, FindingCase, date], Fact | None]) -> TaskRow:
        """Decided anew while somebody else moves the case."""
        today = business_date(self.tools.clock.now())
        while True:
            row = self._found(task)
            case = FindingCase.of(opened_streams(self.tools, [row.stream]).get(row.stream, ()))
            holder = case.holder(today)
            if holder is not None and holder != self.actor:
                raise AlreadyTaken(holder)
            fact = decide(row, case, today)
            if fact is None:
                return row
            journal = Journal(tools=self.tools, actor=self.actor, correlation=self.correlation)
            journal.knows(row.stream, case.next_version)
            try:
                journal.record((row.stream, [fact]))
            except StreamMoved:
                continue
            self.tools.log.checkpoint()
            return self._found(task)

    def _found(self, task: int) -> TaskRow:
        self.tools.views.catch_up()
        row = self.tools.views.tasks.task(task)
        if row is None or row.legal_entity != self.entity:
            raise NotFound(f"there is no task {task} in legal entity {self.entity}")
        if row.ended_at is not None:
            raise NotFound(f"task {task} has ended")
        return row
