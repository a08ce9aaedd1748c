"""What a plan would have written that the brake stopped: who and which fields, for whoever is to agree (RUN-13)."""

from __future__ import annotations

from typing import Final

from domain.events.runs import PlanStopped, StoppedPerson
from domain.log import fitting
from domain.planning.decide import Decision, Plan

_TOGETHER: Final = 400  # people in one event


def stopped_facts(plan: Plan) -> list[PlanStopped]:
    people = (_stopped(one) for one in plan.decisions if one.writes)
    return [PlanStopped(people=part, rule="RUN-13") for part in fitting(people, _TOGETHER)]


def _stopped(one: Decision) -> StoppedPerson:
    fields = dict.fromkeys(change.field for write in one.writes for change in write.changes)
    cleared = dict.fromkeys(
        change.field
        for write in one.writes
        if write.clears
        for change in write.changes
        if change.clears or write.kind.pays  # of pay that ends, all that ends with it
    )
    return StoppedPerson(one.person, one.number, tuple(fields), tuple(cleared), created=one.creates)
