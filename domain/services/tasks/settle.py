"""The life of findings: a case opened, changed or ended by whichever run or check sees it first (CHECK-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.events.findings import FindingChanged, FindingOpened, FindingResolved, LookedBy
from domain.log import Fact, StreamId
from domain.planning.decide import Decision, Plan
from domain.planning.finding_ends import ending
from domain.planning.findings import Finding
from domain.records.finding_case import FindingCase, FindingKey, Sight
from domain.services.journal import Journal, Tools, opened_streams
from domain.services.sync.remember import Remembered
from domain.settings import Policy
from domain.snapshots import PersonioSnapshot
from domain.streams import finding_stream
from domain.values import LegalEntityId


@dataclass(frozen=True, slots=True)
class News:
    """What one look added to the cases of its legal entity."""

    opened: tuple[FindingOpened, ...] = ()
    changed: tuple[FindingChanged, ...] = ()
    ended: tuple[FindingResolved, ...] = ()

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> News:
        told = tuple(facts)
        return cls(
            tuple(one for one in told if isinstance(one, FindingOpened)),
            tuple(one for one in told if isinstance(one, FindingChanged)),
            tuple(one for one in told if isinstance(one, FindingResolved)),
        )


def settle(
    journal: Journal, plan: Plan, personio: PersonioSnapshot, remembered: Remembered, policy: Policy, by: LookedBy
) -> None:
    """Record what a look at everyone adds. The views must have seen all that was recorded before it."""
    journal.record_all(news_of(journal, plan, personio, remembered, policy, by))


def news_of(
    journal: Journal, plan: Plan, personio: PersonioSnapshot, remembered: Remembered, policy: Policy, by: LookedBy
) -> dict[StreamId, Sequence[Fact]]:
    """The facts of each case that has news; `journal` knows where each of their streams ends."""
    entity = policy.entity.personio_id
    found = sights(plan, remembered)
    open_rows = {row.key: row.employee_number for row in journal.tools.views.tasks.open(entity)}
    cases = _cases(journal.tools, entity, {*found, *open_rows})
    decisions = {one.person: one for one in plan.decisions}
    people = {one.id: one for one in personio.people}
    facts: dict[StreamId, Sequence[Fact]] = {}
    for key in sorted({*found, *open_rows}, key=lambda one: (one.person, one.code, one.field or "")):
        stream, case = finding_stream(entity, key.person, key.code, key.field), cases[key]
        journal.knows(stream, case.next_version)
        if key in found:
            told = case.sighted(entity, key, found[key], by)
        elif case.open or not case.was_over:  # of a case that is neither an old run tells
            decision = decisions.get(key.person)
            elsewhere = key.person in personio.elsewhere
            end = ending(key.code, key.field, decision, people.get(key.person), policy, elsewhere=elsewhere)
            number = decision.number if decision else open_rows[key]
            told = (case.ended(entity, key, number, end, by),) if end else ()
        else:
            told = ()
        if told:
            facts[stream] = told
    return facts


def sights(plan: Plan, remembered: Remembered) -> Mapping[FindingKey, Sight]:
    """Every finding of the plan; several of one code and field of one person are one, with all their details."""
    found: dict[FindingKey, tuple[Decision, list[Finding]]] = {}
    for decision in plan.decisions:
        for one in decision.findings:
            key = FindingKey(decision.person, one.code.value, one.field)
            found.setdefault(key, (decision, []))[1].append(one)
    return {
        key: Sight(
            decision.number,
            remembered.subject(decision),
            "; ".join(sorted(one.detail for one in findings if one.detail)) or None,
            "; ".join(sorted(one.proposal for one in findings if one.proposal)) or None,
        )
        for key, (decision, findings) in found.items()
    }


def _cases(tools: Tools, entity: LegalEntityId, keys: Iterable[FindingKey]) -> Mapping[FindingKey, FindingCase]:
    streams = {key: finding_stream(entity, key.person, key.code, key.field) for key in keys}
    histories = opened_streams(tools, sorted(streams.values()))
    return {key: FindingCase.of(histories.get(stream, ())) for key, stream in streams.items()}
