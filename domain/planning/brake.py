"""The brake: a run that would clear or create for unusually many people waits for a second person (RUN-13)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.events.runs import LimitPassed
from domain.four_eyes import is_second_person
from domain.log import Vault
from domain.planning.comparison import Difference
from domain.planning.decide import Decision, Plan
from domain.settings import Brake
from domain.values import Absence, Actor, Observed, PersonId

MANY: Final = 100  # included people, from which on a share tells more than a number
FEWEST: Final = Decimal(3)
SHARE_OF_FEW: Final = Decimal("0.30")


class Braking(StrEnum):
    """What a plan may do for so many people without a second person, and for no more."""

    CLEARS = "clears"
    CREATES = "creates"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Braked:
    """How many people of those included a plan would touch, in the ways that are braked."""

    included: int
    clearing: int  # with a field blanked, or pay deleted or ended that no newer amount follows
    creating: int  # who would become concept employees; on an entity's first run only those long employed
    writing: int

    @classmethod
    def of(cls, plan: Plan, *, first_run: bool) -> Braked:
        included = plan.included
        return cls(
            len(included),
            sum(1 for one in included if one.clears),
            sum(1 for one in included if one.creates and (one.long_employed or not first_run)),
            sum(1 for one in included if one.writes),
        )


def braking(plan: Plan, brake: Brake, *, first_run: bool) -> bool:
    return bool(limits_passed(plan, brake, first_run=first_run))


def limits_passed(plan: Plan, brake: Brake, *, first_run: bool) -> tuple[LimitPassed, ...]:
    """Too many clears or creates; or too many people written, which never applies to an entity's first run."""
    found = Braked.of(plan, first_run=first_run)
    many = found.included
    asked = [
        (Braking.CLEARS, found.clearing, _most(many, brake.clears_people, brake.clears_share)),
        (Braking.CREATES, found.creating, _most(many, brake.creates_people, brake.creates_share)),
    ]
    if brake.writes_share is not None and not first_run:
        asked.append((Braking.WRITES, found.writing, int(brake.writes_share * many)))
    return tuple(LimitPassed(what.value, people, most, many) for what, people, most in asked if people > most)


def _most(included: int, limit: int, share: Decimal) -> int:
    """From 100 included people on both limits must be exceeded; below, 30 % of them: at least 3, at most `limit`."""
    if included >= MANY:
        return max(limit, int(share * included))
    return int(min(Decimal(limit), max(FEWEST, SHARE_OF_FEW * included)))


def fingerprint(plan: Plan, vault: Vault) -> str:
    """Names exactly what a plan would write, without letting anyone guess the values from it."""
    return _digest([_written(one) for one in plan.decisions if one.writes], vault)


def fingerprints(plan: Plan, vault: Vault) -> Mapping[PersonId, str]:
    """The same for each person something would be written for: two plans differ where these do."""
    return {one.person: _digest(_written(one), vault) for one in plan.decisions if one.writes}


def _digest(said: list[object], vault: Vault) -> str:
    return vault.keyed_digest("plan", json.dumps(said, ensure_ascii=False).encode())[:32]


def _written(one: Decision) -> list[object]:
    return [one.person, one.number, [[write.kind, write.target, _changes(write.changes)] for write in one.writes]]


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
