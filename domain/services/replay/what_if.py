"""What other settings would have made of the same data, beside what was decided (AUD-12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from domain.attributes import Role
from domain.errors import Misconfigured
from domain.events.findings import LookedBy
from domain.events.grounds import LeftOutJudged
from domain.grounds.readers import converted, read_json
from domain.planning.brake import braking
from domain.planning.comparison import Difference
from domain.planning.decide import Decision, Plan
from domain.planning.planned import DatedWrite, PlannedWrite
from domain.services.journal import Progress
from domain.services.replay.looks import Look
from domain.services.sync.report import planned_outcome
from domain.settings import Policy
from domain.snapshots import PeriodSpan
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId

TRIED: Final = timedelta(days=90)
"""How far back other settings are tried, where nobody says otherwise."""

NOT_KNOWN: Final = "would_take_part"
"""The outcome of somebody of whom only the gates are kept: what would be written of them, nobody can say."""


@dataclass(frozen=True, slots=True)
class WouldWrite:
    """One field of one write. `period` is the payroll period its day lies in, where pay has one."""

    kind: str
    change: Difference
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What became of one person under one policy. The values in `writes` are clear: mask them before they leave."""

    outcome: str
    reason: str
    findings: tuple[str, ...] = ()
    writes: tuple[WouldWrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """One person whom the two policies make something else of."""

    person: PersonId
    number: EmployeeNumber | None
    then: Side
    other: Side


@dataclass(frozen=True, slots=True)
class Totals:
    """One look as a whole, in people, but for `writes` and the writes of pay by payroll period."""

    included: int
    left_out: int
    with_findings: int
    blocked: bool
    braked: bool  # by the limits for an entity that has completed a run
    writing: int
    clearing: int
    creating: int
    writes: int
    pay: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One look under the settings of then and under others."""

    name: RunId
    look: LookedBy
    entity: LegalEntityId
    today: date
    then: Totals
    other: Totals
    apart: tuple[Apart, ...]
    never_read: tuple[Role, ...]  # attributes that the others map, and of which nobody's value was read then
    pay_unknown: bool  # the others ask for pay that was not read then
    words_unknown: bool  # the others take other words for yes, and of who was left out only yes or no is kept
    lost: int  # people who cannot be judged again


def what_if(look: Look, policy: Policy) -> WhatIf:
    """What this policy would have made of the look. Raises Misconfigured where it is about another legal entity."""
    if policy.entity.personio_id != look.entity:
        raise Misconfigured(f"{look.name} is about legal entity {look.entity}, not {policy.entity.personio_id}")
    then, other = look.decide(), look.decide(policy)
    known, first_run = look.known(other), look.gates is not None and look.gates.first_run
    unknown = {one.person for one in other.decisions} - {one.person for one in known.decisions}
    sides, others = _sides(then, look.shared.periods), _sides(known, look.shared.periods)
    others |= {person: Side(NOT_KNOWN, "") for person in unknown}
    numbers = {one.person: one.number for one in (*other.decisions, *then.decisions)}
    read = {row.role: look.policy.read_from.get(row.role) for row in look.policy.catalogue}
    return WhatIf(
        look.name,
        look.look,
        look.entity,
        look.today,
        _totals(then, look.policy, look.shared.periods, first_run=first_run),
        replace(
            _totals(known, policy, look.shared.periods, first_run=first_run),
            included=sum(1 for one in other.decisions if one.included),
        ),
        tuple(
            Apart(person, numbers[person], sides[person], others[person])
            for person in sides
            if sides[person] != others[person]
        ),
        tuple(
            row.role
            for row in policy.catalogue
            if row.role not in read or policy.read_from.get(row.role) != read[row.role]
        ),
        _asks_for_more_pay(look.policy, policy),
        policy.rules.truthy != look.policy.rules.truthy
        and any(isinstance(one, LeftOutJudged) for one in look.grounds.values()),
        len(look.prints) - len(look.grounds),
    )


def _sides(plan: Plan, periods: Sequence[PeriodSpan]) -> dict[PersonId, Side]:
    held = plan.blocked
    return {one.person: _side(one, held, periods) for one in plan.decisions}


def each_otherwise(looks: Sequence[Look], policy: Callable[[Look], Policy], progress: Progress) -> list[WhatIf]:
    """Each look under the policy that is given for it."""
    found = []
    for done, look in enumerate(looks):
        progress("deciding anew", done, len(looks))
        found.append(what_if(look, policy(look)))
    return found


def _side(decision: Decision, held: bool, periods: Sequence[PeriodSpan]) -> Side:
    outcome = planned_outcome(decision, held=held)
    writes = () if held else tuple(one for write in decision.writes for one in _would_write(write, periods))
    findings = tuple(f"{one.code} {one.field or ''}".strip() for one in decision.findings)
    return Side(outcome.outcome.value, outcome.reason, findings, writes)


def _would_write(write: PlannedWrite, periods: Sequence[PeriodSpan]) -> Iterable[WouldWrite]:
    day = write.effective_on if isinstance(write, DatedWrite) else None
    period = next((one.name for one in periods if day is not None and one.first <= day <= one.last), None)
    return (WouldWrite(write.kind.value, change, period) for change in write.changes)


def _totals(plan: Plan, policy: Policy, periods: Sequence[PeriodSpan], *, first_run: bool) -> Totals:
    pay = Counter(
        one.period or "outside the known periods"
        for decision in plan.included
        for write in decision.writes
        if write.kind.pays
        for one in _would_write(write, periods)
    )
    return Totals(
        included=len(plan.included),
        left_out=sum(1 for one in plan.decisions if not one.included),
        with_findings=sum(1 for one in plan.decisions if one.findings),
        blocked=plan.blocked,
        braked=not plan.blocked and braking(plan, policy.brake, first_run=first_run),
        writing=0 if plan.blocked else sum(1 for one in plan.included if one.writes),
        clearing=0 if plan.blocked else sum(1 for one in plan.included if one.clears),
        creating=0 if plan.blocked else sum(1 for one in plan.included if one.creates),
        writes=0 if plan.blocked else plan.writes,
        pay={} if plan.blocked else dict(sorted(pay.items())),
    )


def _asks_for_more_pay(then: Policy, other: Policy) -> bool:
    """Whether pay is wanted from an earlier day, or for the first time; or further ahead."""
    before, wanted = then.entity.compensation_start_date, other.entity.compensation_start_date
    earlier = wanted is not None and (before is None or wanted < before)
    return earlier or (wanted is not None and other.pay.months_ahead > then.pay.months_ahead)


def with_settings(policy: Policy, settings: Iterable[str]) -> Policy:
    """The policy with each of these, written `rules.leave_counts_as_active=true`; paths as in `tweeluik settings`.

    Raises Misconfigured for a path that there is not, and for a value that does not fit.
    """
    document: dict[str, Any] = read_json(msgspec.json.encode(policy))
    for text in settings:
        path, found, value = text.partition("=")
        *parts, last = path.strip().split(".")
        place = document
        for part in parts:
            place = place.get(part, {}) if isinstance(place, dict) else {}
        if not found or not isinstance(place, dict) or last not in place:
            raise Misconfigured(f"{text}: write section.setting=value, with a path that `tweeluik settings` shows")
        place[last] = _value(value.strip())
    try:
        return converted(document, Policy)
    except msgspec.ValidationError as reason:
        raise Misconfigured(f"{', '.join(settings)}: {reason}") from None


def _value(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        return text
