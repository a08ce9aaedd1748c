"""The result of a run: one outcome for every person of the legal entity (RUN-4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from domain.outcomes import Outcome as Outcome  # it is told the same way by the log
from domain.planning.comparison import Difference
from domain.planning.decide import Decision
from domain.planning.details import ACCEPTED, CONCEPT_CONFIRMATION, NOT_ATTEMPTED, WITHHELD
from domain.planning.eligibility import LeftOut
from domain.planning.matching import Concept, Unlinked
from domain.planning.plausible import Beside
from domain.services.sync.untold import Untold, told_of_person
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId, people_by, so_many
from domain.views.runs import RunStatus as RunStatus  # a run's status is told the same way by the views

REASON: Final[Mapping[Outcome, str]] = {
    Outcome.UPDATED: "EDIT-1",
    Outcome.UNCHANGED: "EDIT-1",
    Outcome.CONCEPT_CREATED: "MATCH-3",
    Outcome.CONCEPT_UPDATED: "MATCH-3",
    Outcome.BLOCKED: "CHECK-2",
    Outcome.FAILED: "RUN-5",
    Outcome.UNKNOWN: "RUN-8",
}
"""The rule behind an outcome; a person left out or blocked by a finding of their own names that one instead."""


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """What a run did about one person. All but the first four hold clear values: mask them before they leave."""

    person: PersonId
    number: EmployeeNumber | None
    outcome: Outcome
    reason: str
    overwritten: tuple[Difference, ...] = ()
    messages: tuple[str, ...] = ()
    earlier: tuple[Untold, ...] = ()  # overwritten by runs that were cut off, and told with this one


@dataclass(frozen=True, slots=True)
class RunReport:
    run_id: RunId
    entity: LegalEntityId
    business_date: date
    status: RunStatus
    outcomes: tuple[PersonOutcome, ...] = ()
    reason: str | None = None
    message: str | None = None
    held_by: str | None = None
    fingerprint: str | None = None
    sizes: Mapping[str, Beside] = field(default_factory=dict)  # of a read that is not believed (RUN-12)
    earlier: tuple[Untold, ...] = ()  # of everyone, also of people who have no outcome in this run

    @property
    def counts(self) -> dict[str, int]:
        """How many people had each outcome; together everyone (RUN-4)."""
        return dict(sorted(Counter(one.outcome.value for one in self.outcomes).items()))


def with_earlier(one: PersonOutcome, earlier: Iterable[Untold]) -> PersonOutcome:
    """The outcome with what runs that were cut off overwrote of this person (RUN-8)."""
    ours = tuple(each for each in earlier if each.person == one.person)
    return replace(one, earlier=ours, messages=(*one.messages, *told_of_person(ours))) if ours else one


def messages(decision: Decision) -> tuple[str, ...]:
    """Everything to say about a person before any write: findings, notices, the concept's confirmation; code first."""
    reason = decision.left_out
    return (
        *(finding.text for finding in decision.findings),
        *((f"{reason.rule} {reason.label}: {reason.hint}",) if reason and reason.hint else ()),
        *(notice.text for notice in decision.notices),
        *((CONCEPT_CONFIRMATION,) if isinstance(decision.link, Concept) and decision.included else ()),
        *(ACCEPTED.format(field=one.field, day=one.until) for one in decision.accepted),
        *((WITHHELD.format(said=decision.withheld),) if decision.withheld else ()),
    )


def left_out(decision: Decision, reason: LeftOut) -> PersonOutcome:
    return PersonOutcome(decision.person, decision.number, Outcome.LEFT_OUT, reason.rule, (), messages(decision))


def blocked(decision: Decision) -> PersonOutcome:
    """Held by a finding of their own, or by someone else's (CHECK-2)."""
    reason = decision.findings[0].code.value if decision.findings else REASON[Outcome.BLOCKED]
    return PersonOutcome(decision.person, decision.number, Outcome.BLOCKED, reason, (), messages(decision))


def quiet(decision: Decision) -> PersonOutcome:
    """Nothing to write: unchanged; a concept that was not touched still carries its confirmation (JOIN-2)."""
    outcome = (
        Outcome.UNKNOWN if decision.unknown_create else Outcome.FAILED if decision.failed_fields else Outcome.UNCHANGED
    )
    return PersonOutcome(decision.person, decision.number, outcome, REASON[outcome], (), messages(decision))


def not_attempted(decision: Decision) -> PersonOutcome:
    told = (*messages(decision), NOT_ATTEMPTED)
    return PersonOutcome(decision.person, decision.number, Outcome.FAILED, "RUN-5", (), told)


def planned_outcome(decision: Decision, *, held: bool) -> PersonOutcome:
    """The outcome a sync would have for this person, were every write confirmed."""
    if decision.left_out:
        return left_out(decision, decision.left_out)
    if held:
        return blocked(decision)
    calm = quiet(decision)
    if not decision.writes:
        return calm
    concept = any(one.kind.value.startswith("conceptemployee") for one in decision.writes)
    outcome = (
        Outcome.CONCEPT_CREATED
        if creates_concept(decision)
        else Outcome.CONCEPT_UPDATED
        if concept
        else Outcome.UPDATED
    )
    return PersonOutcome(
        decision.person, decision.number, outcome, "MATCH-3" if concept else "EDIT-1", (), messages(decision)
    )


def summary(decisions: Iterable[Decision]) -> str:
    """One line for a blocked run: every finding and how many people have it (EDIT-2, CHECK-4)."""
    counted = people_by(((one.code, one.field) for one in decision.findings) for decision in decisions)
    parts = [
        f"{code}{f' {field}' if field else ''}: {so_many(count, 'person', 'people')}"
        for (code, field), count in counted.most_common()
    ]
    return "; ".join(parts)


def creates_concept(decision: Decision) -> bool:
    return isinstance(decision.link, Unlinked) and bool(decision.writes)
