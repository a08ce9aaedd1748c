"""The life of drift cases: opened by checks, resolved by whoever sees the difference gone (DRIFT-4, DRIFT-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from domain.attributes import Kind
from domain.drift.audit_trail import AuditTrailAnswer
from domain.drift.case import DriftCase
from domain.drift.differences import Verdict, compared, judge
from domain.drift.pay import goes_with_pay, held_of_case, is_pay
from domain.errors import StreamMoved
from domain.events.drift import HoldOutUsed, KeptValueEntered
from domain.log import Fact, StreamId
from domain.planning.acceptance import Acceptance, overtaken
from domain.planning.comparison import alike, same, tidy
from domain.planning.decide import Decision, Memory, Plan
from domain.planning.eligibility import HELD_OUT, NOT_IN_PILOT
from domain.planning.matching import Concept, FinalLink
from domain.planning.writes import kinds_of, wanted
from domain.records.loket_record import LoketRecord, Overwrite, held_fields
from domain.services.journal import Journal, Tools, opened_streams
from domain.services.sync.remember import Remembered
from domain.services.sync.view_held import held_out
from domain.services.telling import opened_telling
from domain.settings import Policy
from domain.snapshots import LoketSnapshot, PersonioPerson, PersonioSnapshot
from domain.streams import drift_case_of, drift_stream, hold_stream, loket_stream
from domain.values import NOT_OBSERVED, EmployeeNumber, FieldPath, LegalEntityId, Observed, PersonId, SubjectRef

Key = tuple[EmployeeNumber, FieldPath]


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases of one entity by number and field: every open one, and whichever else was asked for."""

    entity: LegalEntityId
    by_key: Mapping[Key, DriftCase] = field(default_factory=dict)

    def case(self, number: EmployeeNumber, name: FieldPath) -> DriftCase:
        return self.by_key.get((number, name), DriftCase())

    @property
    def open(self) -> tuple[tuple[Key, DriftCase], ...]:
        return tuple((key, one) for key, one in self.by_key.items() if one.open)


@dataclass(frozen=True, slots=True)
class Look:
    """One complete look at both systems, and what the comparison came to."""

    plan: Plan
    people: Mapping[PersonId, PersonioPerson]
    loket: LoketSnapshot
    verdict: Verdict
    policy: Policy
    today: date


def cases_of(tools: Tools, entity: LegalEntityId, also: Iterable[Key] = ()) -> Cases:
    """The open cases, those with a to-do, and those of `also`, which may have been resolved or not be there yet."""
    streams = {one.stream for one in tools.views.drift.unsettled(entity)}
    streams |= {drift_stream(entity, number, name) for number, name in also}
    folded = {stream: DriftCase.of(events) for stream, events in opened_streams(tools, sorted(streams)).items()}
    return Cases(entity, {drift_case_of(stream)[1:]: case for stream, case in folded.items()})


def with_decided(tools: Tools, policy: Policy, remembered: Remembered) -> Memory:
    """What is remembered, with what people have decided about differences, where the entity allows that (DRIFT-8)."""
    entity, memory = policy.entity.personio_id, remembered.memory()
    if not policy.entity.allow_accepted_drift:
        return memory
    accepted: dict[EmployeeNumber, tuple[Acceptance, ...]] = {}
    for (number, _), case in cases_of(tools, entity).open:
        if case.acceptance is not None:
            accepted[number] = (*accepted.get(number, ()), case.acceptance)
    return replace(memory, accepted=accepted, held_out=held_out(tools.log, entity, remembered.numbers))


def record_sightings(
    journal: Journal,
    cases: Cases,
    look: Look,
    subjects: Mapping[PersonId, SubjectRef | None],
    trail: AuditTrailAnswer | None = None,
) -> None:
    """What a check adds about the differences it sees; nothing about one that is known and as it was."""
    facts: dict[StreamId, list[Fact]] = {}
    for one in look.verdict.drift:
        case = cases.case(one.number, one.field)
        subject = case.subject or subjects.get(one.person)
        assert subject is not None  # every included person was given one when observed
        seen = case.sighted(one, kinds_of([one.field])[one.field], subject)
        found = trail.attributions.get((one.number, one.field)) if trail else None
        attributed = case.attribution(one.field, found, subject, anew=bool(seen)) if found else ()
        facts[_known(journal, cases, one.number, one.field)] = [*seen, *attributed]
    journal.record_all(facts)


def record_endings(journal: Journal, cases: Cases, look: Look, records: Mapping[StreamId, LoketRecord]) -> None:
    """Acceptances that are over, cases whose difference is gone, and kept values that Personio has taken over.

    `records` are as of now: a run has written since it looked. What could not be compared concludes nothing (DRIFT-6).
    """
    decisions = {one.number: one for one in look.plan.decisions if one.number is not None}
    apart = {(one.number, one.field) for one in look.verdict.not_compared}
    differing = {(one.number, one.field) for one in look.verdict.drift}
    facts: dict[StreamId, list[Fact]] = {}
    for (number, name), case in cases.by_key.items():
        decision = decisions.get(number)
        if decision is not None and decision.pay_undecided and goes_with_pay(name):
            continue
        ended: tuple[Fact, ...]
        if not case.open:
            ended = () if decision is None else _entered(case, name, decision, look)
        elif decision is None or decision.left_out not in (None, HELD_OUT, NOT_IN_PILOT):
            ended = (case.left_out(),)
        elif decision.left_out is not None or not compared(decision) or (number, name) in apart:
            ended = case.acceptance_over(look.today, overtaken=False)  # a last day passes, whatever can be read
        else:
            overwrite = records.get(loket_stream(cases.entity, number), LoketRecord()).overwritten.get(name)
            ended = _ending(case, name, decision, look, overwrite, differs=(number, name) in differing)
            ended = (*ended, *_entered(case, name, decision, look))
        facts[_known(journal, cases, number, name)] = list(ended)
    journal.record_all(facts)


def _ending(
    case: DriftCase, name: FieldPath, decision: Decision, look: Look, overwrite: Overwrite | None, *, differs: bool
) -> tuple[Fact, ...]:
    overwritten = overwrite is not None and overwrite.position > case.opened_position
    held = _held(case, name, decision, look)
    person = look.people[decision.person]
    over: tuple[Fact, ...] = ()
    if case.acceptance is not None:
        over = case.acceptance_over(look.today, overtaken=overtaken(case.acceptance, person, look.policy))
        if not over and held is not None:  # it was left out of the comparison
            want = wanted(person, look.policy, concept=isinstance(decision.link, Concept)).get(name, NOT_OBSERVED)
            differs = not same(held[0], held[1], want)
    if held is None and not overwritten:
        return (*over, case.left_out())  # the field is not synced any more
    if (differs or (held and held[1] is NOT_OBSERVED)) and not overwritten:
        return over
    kind, value = held or (Kind.TEXT, NOT_OBSERVED)
    return (*over, case.gone(kind, value, overwrite))


def _entered(case: DriftCase, name: FieldPath, decision: Decision, look: Look) -> tuple[Fact, ...]:
    """Personio shows the value someone kept: nothing is left to be entered."""
    person = look.people.get(decision.person)
    if case.kept is None or person is None or not decision.included:
        return ()
    kind = kinds_of([name])[name]
    want: Observed = NOT_OBSERVED
    if not goes_with_pay(name):
        want = wanted(person, look.policy, concept=isinstance(decision.link, Concept)).get(name, NOT_OBSERVED)
    elif not any((one.number, one.field) == (decision.number, name) for one in look.verdict.apart):
        held = _held(replace(case, loket=case.kept), name, decision, look)  # equal on both sides: Loket's is Personio's
        want = held[1] if held else NOT_OBSERVED
    return (KeptValueEntered(rule="DRIFT-4"),) if alike(kind, case.kept, want) else ()


def _held(case: DriftCase, name: FieldPath, decision: Decision, look: Look) -> tuple[Kind, Observed] | None:
    """What Loket holds in the case's field now; None when the field is not among those that are synced."""
    link, loket = decision.link, look.loket
    if is_pay(name) and isinstance(link, FinalLink):
        return held_of_case(name, case.loket, loket.pay, link.employment.id, look.policy)
    if is_pay(name) and isinstance(link, Concept):
        return kinds_of([name])[name], tidy(link.concept.value(name))
    return held_fields(link, loket, look.policy).get(name) if link else None


def _known(journal: Journal, cases: Cases, number: EmployeeNumber, name: FieldPath) -> StreamId:
    stream = drift_stream(cases.entity, number, name)
    journal.knows(stream, cases.case(number, name).next_version)
    return stream


def settle_after_run(
    journal: Journal,
    observed: tuple[PersonioSnapshot, LoketSnapshot],
    plan: Plan,
    remembered: Remembered,
    policy: Policy,
    *,
    today: date,
    wrote: bool,
) -> None:
    """What a run has put right, and the hold-outs it used; a case someone else is at is left to the next look."""
    tools, entity = journal.tools, policy.entity.personio_id
    cases = cases_of(tools, entity)
    if cases.by_key:
        people = {one.id: one for one in observed[0].people}
        verdict = judge(plan, people, observed[1], remembered, policy)
        streams = sorted({loket_stream(entity, number) for (number, _), _ in cases.open})
        records = {stream: LoketRecord.of(events) for stream, events in opened_telling(tools, streams).items()}
        with suppress(StreamMoved):
            record_endings(journal, cases, Look(plan, people, observed[1], verdict, policy, today), records)
    if wrote:
        _use_hold_outs(journal, plan, entity)


def _use_hold_outs(journal: Journal, plan: Plan, entity: LegalEntityId) -> None:
    for decision in plan.decisions:
        if decision.left_out == HELD_OUT and decision.number is not None:
            stream = hold_stream(entity, decision.number)
            journal.knows(stream, len(journal.tools.log.stream(stream)))
            with suppress(StreamMoved):
                journal.record((stream, [HoldOutUsed(run_id=journal.correlation, rule="DRIFT-8")]))
