"""A chain rebuilt as one recorded unit: started before its first step, ended complete or not (PAY-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    PayConverted,
    ProcessedPeriodAffected,
    WriteIntended,
)
from domain.log import Fact, StreamId
from domain.planning.decide import Decision
from domain.planning.pay.conversion import ROUNDING
from domain.planning.writes import PlannedWrite
from domain.services.journal import Journal
from domain.values import BLANK, RunId


@dataclass(slots=True)
class Rebuilds:
    """The units of one person's writes. `stopped` gathers the chains that must wait for the next run."""

    journal: Journal
    stream: StreamId
    run_id: RunId
    decision: Decision
    unfinished: str | None  # the unit an earlier run left: what is written to its chain now completes it
    messages: list[str]
    stopped: dict[str, int]
    _done: dict[str, int] = field(default_factory=dict)

    def unit_of(self, planned: PlannedWrite) -> str | None:
        """The name of the unit a step belongs to; its intents are named after it."""
        if not planned.rebuild:
            return None
        return f"{self.run_id}-{self.decision.person}-{planned.chain.replace(' ', '_')}"

    def begin(self, planned: PlannedWrite) -> None:
        unit = self.unit_of(planned)
        if unit is None or planned.chain in self._done:
            return
        self._done[planned.chain] = 0
        steps = self._steps(planned.chain)
        first = min(one.effective_on for one in steps if one.effective_on)
        self._record(
            ChainRebuildStarted(
                unit=unit,
                run_id=self.run_id,
                person_id=self.decision.person,
                chain=planned.chain,
                steps=len(steps),
                effective_on=first,
                rule="PAY-8",
            )
        )

    def step(self, planned: PlannedWrite, *, landed: bool) -> None:
        if not planned.chain:
            return
        if landed:
            self._done[planned.chain] = self._done.get(planned.chain, 0) + 1
        else:
            self.stopped[planned.chain] = self._done.get(planned.chain, 0)

    def end(self) -> None:
        """Say how far each unit came, and that an earlier one is finished."""
        for chain in dict.fromkeys(one.chain for one in self.decision.writes if one.rebuild):
            steps = self._steps(chain)
            done = self._done.get(chain, 0)
            complete = done == len(steps)
            unit = self.unit_of(steps[0]) or ""
            self._record(ChainRebuildEnded(unit=unit, run_id=self.run_id, done=done, complete=complete, rule="PAY-8"))
            if not complete:
                self.messages.append(
                    f"PAY-8: the {chain} were rebuilt for {done} of {len(steps)} steps only; the next run finishes it"
                )
        if self.unfinished and not self.stopped and any(one.kind.pays for one in self.decision.writes):
            self.messages.append("PAY-8: a rebuild that an earlier run began is finished")
            if not any(one.rebuild for one in self.decision.writes):
                ended = ChainRebuildEnded(
                    unit=self.unfinished, run_id=self.run_id, done=sum(self._done.values()), complete=True, rule="PAY-8"
                )
                self._record(ended)

    def _steps(self, chain: str) -> Sequence[PlannedWrite]:
        return [one for one in self.decision.writes if one.rebuild and one.chain == chain]

    def _record(self, fact: Fact) -> None:
        self.journal.record((self.stream, [fact]))


def pay_facts(planned: PlannedWrite, intended: WriteIntended, run_id: RunId) -> tuple[Fact, ...]:
    """What is recorded beside the intent of a pay write: how its amount came about, and what it reaches into."""
    facts: list[Fact] = []
    made = planned.conversion
    if made is not None:
        facts.append(
            PayConverted(
                intent=intended.intent,
                subject=intended.subject,
                field=intended.changes[0].field,
                amount=format(made.amount, "f"),
                interval=made.interval,
                weekly_hours=BLANK if made.weekly_hours is None else format(made.weekly_hours, "f"),
                full_time_hours=BLANK if made.full_time_hours is None else format(made.full_time_hours, "f"),
                periods_a_year=made.periods_a_year,
                rounding=ROUNDING,
                rule="PAY-9" if made.weekly_hours is not None else "PAY-11",
                effective_on=intended.effective_on,
            )
        )
    facts += [
        ProcessedPeriodAffected(
            intent=intended.intent, run_id=run_id, period=name, rule="PAY-12", effective_on=intended.effective_on
        )
        for name in planned.processed
    ]
    return tuple(facts)
