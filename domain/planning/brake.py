"""The brake on mass clears: a run that would blank many people's fields stops until a second person confirms it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from domain.four_eyes import is_second_person
from domain.log import Vault
from domain.planning.comparison import Difference
from domain.planning.decide import Plan
from domain.settings import Brake
from domain.values import Absence, Actor, Observed

CONFIRMED_WITHIN: Final = timedelta(hours=24)


def braking(plan: Plan, brake: Brake, *, first_run: bool) -> bool:
    """Both limits on clears exceeded, or the share of people written, which never applies to an entity's first run."""
    included = plan.included
    clearing = sum(1 for one in included if one.clears)
    if clearing > brake.clears_people and Decimal(clearing) > brake.clears_share * len(included):
        return True
    if brake.writes_share is None or first_run or not included:
        return False
    writing = sum(1 for one in included if one.writes)
    return Decimal(writing) > brake.writes_share * len(included)


def fingerprint(plan: Plan, vault: Vault) -> str:
    """Names exactly what a plan would write, without letting anyone guess the values from it."""
    said = [
        [one.person, one.number, [[write.kind, write.target, _changes(write.changes)] for write in one.writes]]
        for one in plan.decisions
        if one.writes
    ]
    return vault.keyed_digest("plan", json.dumps(said, ensure_ascii=False).encode())[:32]


def _changes(changes: tuple[Difference, ...]) -> list[list[object]]:
    return [
        [
            one.field,
            _plain(one.before),
            _plain(one.after),
            *([one.effective_on.isoformat()] if one.effective_on else []),
        ]
        for one in changes
    ]


def _plain(value: Observed) -> object:
    return value.value if isinstance(value, Absence) else value


def released_by(
    braked: Iterable[tuple[str, str, str]], print_of_plan: str, actor: Actor, confirm: str | None
) -> str | None:
    """The braked run this actor may release: the same plan, stopped for someone else. None otherwise.

    `braked` are (run id, fingerprint, actor) of the runs the brake stopped within the last 24 hours.
    """
    if confirm != print_of_plan:
        return None
    others = (run for run, print_, who in braked if print_ == print_of_plan and is_second_person(Actor(who), actor))
    return next(others, None)
