"""A chain rebuilt as one recorded unit: started before its first step, ended complete or not (PAY-8)."""

from __future__ import annotations

from domain.attributes import GROSS_WAGE
from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    PayConverted,
    Placed,
    ProcessedPeriodAffected,
    RecordPlaced,
    WriteIntended,
)
from domain.log import Fact
from domain.planning.decide import Decision
from domain.planning.details import REBUILT, REBUILT_IN_PART
from domain.planning.pay.conversion import ROUNDING
from domain.planning.planned import DatedWrite, PlannedWrite
from domain.services.sync.written import PersonWritten
from domain.values import BLANK, RunId


def unit_of(decision: Decision, planned: PlannedWrite, run_id: RunId) -> str | None:
    """The name of the unit a step belongs to; its intents are named after it."""
    chain = _rebuilt_by(planned)
    return None if chain is None else _unit(decision, chain, run_id)


def started(decision: Decision, planned: PlannedWrite, done: PersonWritten, run_id: RunId) -> tuple[Fact, ...]:
    """To be recorded before the first step of a rebuild."""
    chain = _rebuilt_by(planned)
    if chain is None or done.of_chain(chain):
        return ()
    steps = _rebuilds(decision)[chain]
    return (
        ChainRebuildStarted(
            unit=_unit(decision, chain, run_id),
            run_id=run_id,
            person_id=decision.person,
            chain=chain,
            steps=len(steps),
            effective_on=min(one.effective_on for one in steps),
            rule="PAY-8",
        ),
    )


def ended(
    decision: Decision, done: PersonWritten, run_id: RunId, unfinished: str | None
) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """How far each rebuild that was begun came, and that an earlier run's is finished; with what is told of it.

    `unfinished` is the unit an earlier run left: what is written to its chain now completes it.
    """
    facts: list[Fact] = []
    told: list[str] = []
    for chain, steps in _rebuilds(decision).items():
        if not done.of_chain(chain):
            continue  # Loket had fallen silent before its first step
        landed = done.landed(chain)
        complete = landed == len(steps)
        unit = _unit(decision, chain, run_id)
        facts.append(ChainRebuildEnded(unit=unit, run_id=run_id, done=landed, complete=complete, rule="PAY-8"))
        if not complete:
            told.append(REBUILT_IN_PART.format(chain=chain, landed=landed, steps=len(steps)))
    dated = [one for one in decision.writes if isinstance(one, DatedWrite)]
    chains = {one.chain.name: sum(1 for each in dated if each.chain == one.chain) for one in dated if one.chain}
    pays = any(one.kind.pays for one in dated)
    if unfinished and pays and all(done.landed(chain) == steps for chain, steps in chains.items()):
        told.append(REBUILT)
        if not _rebuilds(decision):
            landed = sum(chains.values())
            facts.append(ChainRebuildEnded(unit=unfinished, run_id=run_id, done=landed, complete=True, rule="PAY-8"))
    return tuple(facts), tuple(told)


def _rebuilt_by(planned: PlannedWrite) -> str | None:
    """The chain that this is a step of rebuilding."""
    chain = planned.chain if isinstance(planned, DatedWrite) else None
    return chain.name if chain and chain.rebuild else None


def _unit(decision: Decision, chain: str, run_id: RunId) -> str:
    return f"{run_id}-{decision.person}-{chain.replace(' ', '_')}"


def _rebuilds(decision: Decision) -> dict[str, list[DatedWrite]]:
    """The steps of each chain that is rebuilt, in order."""
    steps: dict[str, list[DatedWrite]] = {}
    for one in decision.writes:
        if isinstance(one, DatedWrite) and one.chain is not None and one.chain.rebuild:
            steps.setdefault(one.chain.name, []).append(one)
    return steps


def dated_facts(planned: PlannedWrite, intended: WriteIntended, run_id: RunId) -> tuple[Fact, ...]:
    """What is recorded beside an intent: how an amount came about, where a dated value goes, what it reaches into."""
    facts: list[Fact] = []
    made = planned.conversion
    fields = {one.field for one in intended.changes}
    if made is not None and (isinstance(planned, DatedWrite) or GROSS_WAGE in fields):
        facts.append(
            PayConverted(
                intent=intended.intent,
                subject=intended.subject,
                field=GROSS_WAGE if GROSS_WAGE in fields else intended.changes[0].field,
                amount=format(made.amount, "f"),
                interval=made.interval,
                weekly_hours=BLANK if made.weekly_hours is None else format(made.weekly_hours, "f"),
                full_time_hours=BLANK if made.full_time_hours is None else format(made.full_time_hours, "f"),
                periods_a_year=made.periods_a_year,
                rounding=ROUNDING,
                parts=tuple(format(each, "f") for each in made.parts),
                amounts_are=made.amounts_are,
                rule="PAY-9" if made.amounts_are is not None else "PAY-11",
                effective_on=intended.effective_on,
            )
        )
    if planned.kind.of_hours:
        placed = Placed.NEW_RECORD if planned.kind.creates else Placed.NEWEST_IN_PLACE
        facts.append(
            RecordPlaced(
                intent=intended.intent, run_id=run_id, placed=placed, rule="RETRO-2", effective_on=intended.effective_on
            )
        )
    facts += [
        ProcessedPeriodAffected(
            intent=intended.intent, run_id=run_id, period=name, rule="PAY-12", effective_on=intended.effective_on
        )
        for name in (planned.processed if isinstance(planned, DatedWrite) else ())
    ]
    return tuple(facts)
