"""What a sync would do, with nothing written and nothing recorded: plan, validation and the list of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain.drift.differences import judge
from domain.errors import NotFound
from domain.events.runs import LimitPassed
from domain.planning.brake import Braked, fingerprint, fingerprints, limits_passed
from domain.planning.business_date import business_date
from domain.planning.decide import Memory, Plan
from domain.planning.gates import nobody_has
from domain.planning.rights import missing, not_allowed
from domain.services.drift.ask_audit_trail import ask_audit_trail
from domain.services.journal import Journal, Progress, Tools, no_progress
from domain.services.judged_by import policy_applied
from domain.services.reading.last_read import last_read
from domain.services.reading.observe import Observation, believed, look_again, observe
from domain.services.reading.read_pay import ask_once_more
from domain.services.sync.decided import decided
from domain.services.sync.remember import Remembered, remember
from domain.services.sync.view_held import hold_accepted
from domain.settings import Policy
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId
from domain.views.overwriting import AboutToBeOverwritten, about_to_be_overwritten

AHEAD: Final = (
    "another business date moves only what the systems show ahead: pay, entry and end dates; "
    "Personio hides the future of every other attribute"
)
_NOBODY: Final = Actor("")  # a preview records nothing


@dataclass(frozen=True, slots=True)
class Preview:
    """The decisions about everyone, what a sync would write, and the plan's fingerprint."""

    entity: LegalEntityId
    business_date: date
    plan: Plan
    fingerprint: str
    fingerprints: Mapping[PersonId, str]  # of what would be written for each person
    limits: tuple[LimitPassed, ...]  # of the brake
    braked: Braked
    elsewhere: Mapping[PersonId, LegalEntityId | None]  # people of other legal entities: left out by WHO-1
    notes: tuple[str, ...]
    overwriting: tuple[AboutToBeOverwritten, ...]  # edits by hand in Loket that a sync would erase
    settings: str  # digest of those that everybody was judged by; a run records them under it (AUD-10)

    @property
    def braking(self) -> bool:
        return bool(self.limits)


@dataclass(frozen=True, slots=True)
class Looked:
    """A preview, and what it was made from."""

    preview: Preview
    observation: Observation
    remembered: Remembered
    memory: Memory


def preview(policy: Policy, tools: Tools, *, on: date | None = None, progress: Progress = no_progress) -> Preview:
    """What `look` sees."""
    return look(policy, tools, on=on, progress=progress).preview


def look(policy: Policy, tools: Tools, *, on: date | None = None, progress: Progress = no_progress) -> Looked:
    """Read both systems and decide, exactly as a run would (RUN-2).

    `on` moves the business date; only facts whose future the systems show (pay, entry dates) can differ then.
    Raises ReadFailed or Misconfigured, a read that is not believed among them: whoever asked is told, and nobody else;
    NotFound for a pilot of a number that nobody has (RUN-10); ViewsDiffer where the views hide what somebody accepted.
    """
    tools.views.catch_up()
    today = on or business_date(tools.clock.now())
    entity = policy.entity.personio_id
    since = last_read(tools, policy)
    observation = believed(observe(tools, policy, today, progress, since=since, whole=False))
    remembered = remember(tools, policy, observation.personio, observation.loket)
    journal = Journal(tools=tools, actor=_NOBODY, correlation="")

    def again(before: Observation, but: frozenset[EmployeeNumber]) -> Observation:
        return believed(look_again(tools, policy, today, before, frozenset(), but=but))

    found = decided(journal, policy, today, observation, remembered, again)
    observation, memory, plan = found.observation, found.memory, found.plan
    hold_accepted(tools, policy, plan, memory)
    if nobody := nobody_has(plan, policy):
        raise NotFound(nobody)
    ask_once_more(tools, policy, observation.pay, plan)
    people = {one.id: one for one in observation.personio.people}
    verdict = judge(plan, people, observation.loket, remembered, policy)
    first = not tools.views.sync_state.has_completed_run(entity)
    edits = about_to_be_overwritten(plan, verdict, tools.views.drift.cases(entity))
    seen = Preview(
        entity,
        today,
        plan,
        fingerprint(plan, tools.vault),
        fingerprints(plan, tools.vault),
        limits_passed(plan, policy.brake, first_run=first),
        Braked.of(plan, first_run=first),
        observation.personio.elsewhere,
        (*((AHEAD,) if on else ()), *_refusals(plan, observation.access.activities), *observation.notes, *plan.remarks),
        _with_authors(edits, tools, policy, remembered),
        policy_applied(policy).digest,
    )
    return Looked(seen, observation, remembered, memory)


def _refusals(plan: Plan, activities: frozenset[str] | None) -> tuple[str, ...]:
    lacking = missing(plan.kinds, activities)
    return (f"a sync is refused (RUN-9): {not_allowed(lacking)}",) if lacking else ()


def _with_authors(
    edits: tuple[AboutToBeOverwritten, ...], tools: Tools, policy: Policy, remembered: Remembered
) -> tuple[AboutToBeOverwritten, ...]:
    """With who made each edit in Loket, where its audit trail tells us (DRIFT-7)."""
    trail = ask_audit_trail(tools, policy, [one.edit for one in edits], remembered) if edits else None
    if trail is None:
        return edits
    found = trail.attributions
    return tuple(replace(one, attribution=found.get((one.edit.number, one.edit.field))) for one in edits)
