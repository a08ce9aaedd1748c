"""One drift check of one legal entity: claim, read, record, compare, settle the cases (DRIFT-1 to DRIFT-6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from domain.drift.audit_trail import AuditTrailAnswer
from domain.drift.differences import Differing, Verdict, judge
from domain.errors import ImplausibleRead, Misconfigured, ReadFailed, StreamMoved
from domain.events.drift import DriftChecked, DriftCheckRefused, WaitingField, WaitingSeen
from domain.events.findings import LookedBy
from domain.log import Fact, fitting
from domain.planning.business_date import business_date
from domain.planning.decide import Plan, decide
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.services.alerts.raised import Alerts, after_check, after_refusal, record_told
from domain.services.drift.ask_audit_trail import ask_audit_trail
from domain.services.drift.cases import Key, Look, cases_of, record_endings, record_sightings, with_decided
from domain.services.journal import Journal, Progress, Tools, no_progress
from domain.services.judged_by import judged_by
from domain.services.reading.last_read import last_read
from domain.services.reading.observe import Observation, believed, observe
from domain.services.reading.read_pay import ask_once_more
from domain.services.reading.versions_believed import doubt_versions
from domain.services.replay.record import Judging, record_grounds
from domain.services.sync.record_observation import news_of, record_observation
from domain.services.sync.remember import Remembered, remember
from domain.services.sync.view_held import hold_accepted, hold_runs
from domain.services.tasks.settle import settle
from domain.services.telling import record_overtaken
from domain.settings import Policy
from domain.streams import check_stream, loket_stream
from domain.values import Actor, LegalEntityId, RunId
from domain.views import JUDGED_BY
from domain.views.drift import CaseRow

_NAMED: Final = 500  # fields in one event
NO_TRAIL: Final = "Loket's audit trail cannot be read: who changed a value there is not known"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What one check found. The differences hold clear values: mask them before they leave."""

    check_id: RunId
    entity: LegalEntityId
    personio_read_at: datetime
    loket_read_at: datetime
    verdict: Verdict
    cases: Mapping[Key, CaseRow]  # of every difference that is drift
    notes: tuple[str, ...] = ()
    trail: AuditTrailAnswer | None = None  # None: nothing drifted, or Loket's audit trail cannot be read

    def since(self, one: Differing) -> datetime:
        """When this difference was first seen, by this check or an earlier one."""
        case = self.cases.get((one.number, one.field))
        return case.opened_at if case else self.loket_read_at


def check_drift(
    policy: Policy, tools: Tools, *, actor: Actor, check_id: RunId, progress: Progress = no_progress
) -> DriftReport:
    """Compare everyone once. It holds the legal entity meanwhile: half of a run would look like drift.

    Raises RunAlreadyInProgress, and ReadFailed or Misconfigured when nothing could be concluded, which is on record;
    and LogDamaged or ViewsDiffer, as a run does.
    """
    tools = replace(tools, log=tools.log.proven(by=actor, at=tools.clock.now()))
    journal = Journal(tools=tools, actor=actor, correlation=check_id)
    entity = policy.entity.personio_id
    with tools.claims.claim(entity, check_id) as claim:
        journal.fence = claim.fence
        tools.views.catch_up(*JUDGED_BY)
        hold_runs(tools, entity)
        digest = judged_by(journal, policy)
        today = business_date(tools.clock.now())
        try:
            observation = believed(observe(tools, policy, today, progress, since=last_read(tools, policy)))
            doubt_versions(journal, policy, observation)
            remembered = remember(tools, policy, observation.personio, observation.loket)
            memory = replace(with_decided(tools, policy, remembered), held_out=frozenset())
            plan = decide(
                observation.personio, observation.loket, observation.compensations, memory, policy, today=today
            )
            hold_accepted(tools, policy, plan, memory)
            ask_once_more(tools, policy, observation.pay, plan)
        except (ReadFailed, Misconfigured) as reason:
            disbelieved = isinstance(reason, ImplausibleRead)
            rule = "RUN-12" if disbelieved else "RUN-9" if isinstance(reason, Misconfigured) else "RUN-7"
            why = IMPLAUSIBLE_READ if disbelieved else rule
            refused = DriftCheckRefused(legal_entity=entity, reason=why, message=str(reason), rule=rule)
            record_told(journal, check_stream(check_id), [refused], partial(_refusal_told, journal, policy, why))
            tools.log.checkpoint()
            raise
        progress("comparing", 0, 0)
        news = news_of(journal, observation, _settled(plan, remembered), remembered, policy, confirming=False)
        remembered = record_observation(journal, news, remembered)
        judging = Judging(LookedBy.DRIFT_CHECK, check_id, policy, digest, today)
        record_grounds(journal, judging, observation, plan, memory, remembered)
        record_overtaken(journal, remembered.made_of)
        people = {one.id: one for one in observation.personio.people}
        verdict = judge(plan, people, observation.loket, remembered, policy)
        trail = ask_audit_trail(tools, policy, verdict.drift, remembered) if verdict.drift else None
        _record_cases(journal, Look(plan, people, observation.loket, verdict, policy, today), remembered, trail)
        tools.views.catch_up()
        with suppress(StreamMoved):  # a validation has told just now
            settle(journal, plan, observation.personio, remembered, policy, LookedBy.DRIFT_CHECK)
        told = [*_waiting(entity, verdict), _checked(policy, observation, verdict, digest)]
        record_told(journal, check_stream(check_id), told, partial(after_check, journal, policy, plan))
        tools.log.checkpoint()
        tools.views.catch_up()
    cases = {(one.employee_number, one.field): one for one in tools.views.drift.cases(entity)}
    return DriftReport(
        check_id,
        entity,
        observation.personio.read_at,
        observation.loket.read_at,
        verdict,
        cases,
        (*observation.notes, *((NO_TRAIL,) if verdict.drift and trail is None else ())),
        trail,
    )


def _refusal_told(journal: Journal, policy: Policy, why: str) -> Alerts:
    return after_refusal(journal, policy, why) if why == IMPLAUSIBLE_READ else {}


def _settled(plan: Plan, remembered: Remembered) -> Plan:
    """Without those whose last write has an unknown outcome: the next run reads it back before it judges (RUN-8)."""
    decisions = (
        one if one.number is None or not remembered.number(one.number).open_intents else replace(one, link=None)
        for one in plan.decisions
    )
    return Plan(tuple(decisions))


def _record_cases(journal: Journal, look: Look, remembered: Remembered, trail: AuditTrailAnswer | None) -> None:
    """Endings first: what was overwritten and differs once more is a case that opens again."""
    tools, entity = journal.tools, look.policy.entity.personio_id
    records = {loket_stream(entity, number): record for number, record in remembered.numbers.items()}
    record_endings(journal, cases_of(tools, entity), look, records)
    seen = [(one.number, one.field) for one in look.verdict.drift]
    subjects = {one.person: remembered.subject(one) for one in look.plan.included}
    record_sightings(journal, cases_of(tools, entity, seen), look, subjects, trail)


def _waiting(entity: LegalEntityId, verdict: Verdict) -> Iterator[Fact]:
    fields = [WaitingField(one.number, one.field) for one in verdict.pending]
    for part in fitting(fields, _NAMED):
        yield WaitingSeen(legal_entity=entity, fields=part, rule="DRIFT-3")


def _checked(policy: Policy, observation: Observation, verdict: Verdict, digest: str) -> Fact:
    return DriftChecked(
        legal_entity=policy.entity.personio_id,
        personio_read_at=observation.personio.read_at,
        loket_read_at=observation.loket.read_at,
        compared=verdict.compared,
        drift=len(verdict.drift),
        pending=len(verdict.pending),
        accepted=len(verdict.accepted),
        not_compared=len(verdict.not_compared),
        left_out=len(verdict.left_out),
        notes=observation.notes,
        policy=digest,
        rule="DRIFT-1",
    )
