"""Putting on record what a run made of everyone: people of whom there is no news share an event (RUN-4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from domain.events.runs import EarlierOverwrite, OutcomeRecorded, OutcomesRecorded, Unmoved
from domain.log import Fact, StreamId, fitting
from domain.outcomes import outcomes_in
from domain.planning.decide import Decision, Plan
from domain.ports import Views
from domain.services.journal import Tools
from domain.services.sync.remember import Remembered
from domain.services.sync.report import Outcome, PersonOutcome
from domain.streams import loket_stream, person_stream
from domain.values import LegalEntityId, PersonId
from domain.views.runs import RunRow

TOGETHER: Final = 100  # people of one event: whoever reads the history of one of them reads the others' with it
_RUNS: Final = 20


class Said(NamedTuple):
    """What a run said of somebody, as far as it is told without opening anything."""

    outcome: str
    reason: str
    notices: tuple[str, ...]
    details: tuple[str, ...]
    messages: int

    @classmethod
    def by(cls, fact: OutcomeRecorded) -> Said:
        return cls(fact.outcome, fact.reason, fact.notices, fact.details, len(fact.messages))


def said_before(tools: Tools, entity: LegalEntityId) -> Mapping[PersonId, Said]:
    """What the latest run that came to outcomes said of everyone, and what runs that were cut off after it said since.

    The views are at the head of the log.
    """
    runs = list(_since_judging(entity, tools.views))
    if not (runs and runs[-1].counts):
        return {}
    positions = sorted({one.position for run in runs for one in tools.views.runs.outcomes(run.run_id)})
    told = (one for event in tools.log.at(positions) for one in outcomes_in(event.fact))
    return {PersonId(one.person_id): Said.by(one) for one in told}


def _since_judging(entity: LegalEntityId, views: Views) -> Iterator[RunRow]:
    """The runs that told of anybody, newest first, down to the latest that came to an outcome for everyone."""
    before = None
    while page := views.runs.runs(entity, before=before, limit=_RUNS):
        for one in page:
            if one.tallies or one.counts:
                yield one
            if one.counts:
                return
        before = page[-1].position


def outcome_facts(
    plan: Plan,
    outcomes: Iterable[PersonOutcome],
    remembered: Remembered,
    *,
    entity: LegalEntityId,
    before: Mapping[PersonId, Said],
    moved: Callable[[StreamId], bool],
) -> list[Fact]:
    """One outcome for everyone. `moved`: whether this run recorded anything in a stream.

    Messages of included people are sealed, they may quote values; of a person left out only codes are kept. Who is
    unchanged or left out as in the run before, and of whom nothing was recorded, shares an event with others.
    """
    own: list[Fact] = []
    numbers: set[int | None] = set()  # of whoever shares an event: whoever asks for a number is told of one person
    together: dict[tuple[str, str, str | None], list[Unmoved]] = {}
    for decision, one in zip(plan.decisions, outcomes, strict=True):
        fact = _fact(decision, one, remembered)
        streams = [person_stream(one.person), *([] if one.number is None else [loket_stream(entity, one.number)])]
        news = before.get(one.person) != Said.by(fact) or any(map(moved, streams))
        if news or not _plain(decision, one) or (one.number is not None and one.number in numbers):
            own.append(fact)
        else:
            numbers.add(one.number)
            quiet = Unmoved(one.person, one.number, fact.notices, fact.details, one.messages if fact.messages else ())
            together.setdefault((fact.outcome, fact.reason, fact.rule), []).append(quiet)
    shared = (
        OutcomesRecorded(outcome=outcome, reason=reason, people=part, rule=rule)
        for (outcome, reason, rule), people in together.items()
        for part in fitting(people, TOGETHER)
    )
    return [*own, *shared]


def _fact(decision: Decision, one: PersonOutcome, remembered: Remembered) -> OutcomeRecorded:
    subject = remembered.subject(decision) if decision.included else None
    return OutcomeRecorded(
        person_id=one.person,
        employee_number=one.number,
        outcome=one.outcome.value,
        reason=one.reason,
        subject=subject or "",
        messages=one.messages if subject else (),
        notices=tuple(notice.code.value for notice in decision.notices),
        details=tuple(notice.detail for notice in decision.notices),
        earlier=tuple(EarlierOverwrite(each.position, each.field, each.run_id) for each in one.earlier),
        rule=one.reason if decision.left_out else None,
    )


def _plain(decision: Decision, one: PersonOutcome) -> bool:
    """Whether all there is to say names codes, fields and days only, so that nothing in it has to be sealed.

    How many payments wait for a concept employee is no value either, but is nobody else's to read. Until when somebody
    accepted a difference is told by a sealed message only, so that it cannot be held against the run before.
    """
    quiet = one.outcome in (Outcome.UNCHANGED, Outcome.LEFT_OUT)
    return quiet and not (decision.findings or decision.withheld or decision.accepted or one.earlier)
