"""What the log says about one finding of one person, and what a look at it adds (CHECK-5, CHECK-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from domain.events.findings import (
    FindingChanged,
    FindingOpened,
    FindingResolved,
    LookedBy,
    TaskGivenBack,
    TaskTaken,
)
from domain.log import Fact, Recorded
from domain.personal import Lost, Opened
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, SubjectRef

if TYPE_CHECKING:
    from domain.planning.finding_ends import Ended


@dataclass(frozen=True, slots=True)
class FindingKey:
    """What tells one finding of a legal entity from another."""

    person: PersonId
    code: str
    field: FieldPath | None


@dataclass(frozen=True, slots=True)
class Sight:
    """A finding as one look finds it. Of somebody without a subject neither text is kept."""

    number: EmployeeNumber | None
    subject: SubjectRef | None
    detail: str | None
    proposal: str | None


@dataclass(frozen=True, slots=True)
class FindingCase:
    """A fold of one case's stream. Runs from before there were cases told of findings in their own streams alone."""

    next_version: int = 0
    open: bool = False
    was_over: bool = False  # once at least
    detail: Opened | None = None
    proposal: Opened | None = None
    taken_by: Actor | None = None
    taken_until: date | None = None

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> FindingCase:
        """The case after these events, whose personal values were opened."""
        case = cls()
        for recorded in history:
            case = replace(case._after(recorded), next_version=recorded.version + 1)
        return case

    def _after(self, recorded: Recorded) -> FindingCase:
        match recorded.fact:
            case FindingOpened(detail=detail, proposal=proposal):
                return replace(self, open=True, detail=detail, proposal=proposal)  # type: ignore[arg-type]
            case FindingChanged(detail=detail, proposal=proposal):
                return replace(self, detail=detail, proposal=proposal)  # type: ignore[arg-type]
            case FindingResolved():
                return replace(self, open=False, was_over=True, taken_by=None, taken_until=None)
            case TaskTaken(until=until):
                return replace(self, taken_by=recorded.meta.actor, taken_until=until)
            case TaskGivenBack():
                return replace(self, taken_by=None, taken_until=None)
            case _:
                return self

    def holder(self, today: date) -> Actor | None:
        """Who sees to it today."""
        return self.taken_by if self.taken_until is not None and self.taken_until >= today else None

    def sighted(self, entity: LegalEntityId, key: FindingKey, sight: Sight, by: LookedBy) -> tuple[Fact, ...]:
        """What a look adds that found it: nothing when it is known and as it was."""
        quoted = sight.subject is not None
        detail, proposal = (sight.detail, sight.proposal) if quoted else (None, None)
        told = {
            **_about(entity, key, sight.number),
            "seen_by": by,
            "subject": sight.subject or "",
            "detail": detail,
            "proposal": proposal,
            "rule": "CHECK-5",
        }
        if not self.open:
            return (FindingOpened(again=self.was_over, **told),)  # type: ignore[arg-type]
        same = _as_before(self.detail, detail) and _as_before(self.proposal, proposal)
        return () if same else (FindingChanged(**told),)  # type: ignore[arg-type]

    @staticmethod
    def ended(
        entity: LegalEntityId, key: FindingKey, number: EmployeeNumber | None, end: Ended, by: LookedBy
    ) -> FindingResolved:
        told = _about(entity, key, number)
        return FindingResolved(how=end.how, seen_by=by, rule=end.rule or "CHECK-5", **told)  # type: ignore[arg-type]

    @staticmethod
    def taken(entity: LegalEntityId, key: FindingKey, number: EmployeeNumber | None, until: date) -> TaskTaken:
        return TaskTaken(until=until, rule="CHECK-6", **_about(entity, key, number))  # type: ignore[arg-type]

    @staticmethod
    def given_back(entity: LegalEntityId, key: FindingKey, number: EmployeeNumber | None) -> TaskGivenBack:
        return TaskGivenBack(rule="CHECK-6", **_about(entity, key, number))  # type: ignore[arg-type]


def _about(entity: LegalEntityId, key: FindingKey, number: EmployeeNumber | None) -> dict[str, object]:
    return {
        "legal_entity": entity,
        "person_id": key.person,
        "employee_number": number,
        "code": key.code,
        "field": key.field,
    }


def _as_before(known: Opened | None, now: str | None) -> bool:
    """What was erased, or was never to be read, is no reason to tell it again."""
    return known == now or isinstance(known, Lost)
