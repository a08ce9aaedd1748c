"""One sync run of one legal entity: claim, read, record, decide, gate, brake, write, confirm, seal (RUN-1 to RUN-9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from domain.errors import ClaimLost, Misconfigured, ReadFailed, RunAlreadyInProgress, StreamMoved
from domain.events.findings import LookedBy
from domain.events.runs import (
    BrakeReleased,
    FindingRaised,
    LimitPassed,
    ReadAccepted,
    RunBlocked,
    RunCompleted,
    RunRefused,
    RunStarted,
    SizeBeside,
)
from domain.four_eyes import CONFIRMED_WITHIN
from domain.log import Fact
from domain.outcomes import ERRORS
from domain.planning.brake import Braked, fingerprint, limits_passed, released_by
from domain.planning.business_date import business_date
from domain.planning.decide import Plan
from domain.planning.details import (
    ACCEPT_HIDDEN,
    ACCEPT_READ,
    BRAKED,
    MOVED_MEANWHILE,
    OTHER_PLAN,
    TAKEN_OVER,
)
from domain.planning.gates import Gates, Stop, nobody_has, stopped_by
from domain.planning.plausible import IMPLAUSIBLE_READ, Beside
from domain.planning.rights import forbidden, missing, not_allowed
from domain.records.sweep_record import facts_of
from domain.services.alerts.raised import Alerts, after_refusal, after_run, record_told
from domain.services.drift.cases import settle_after_run
from domain.services.journal import Journal, Progress, Tools, no_progress, told_to
from domain.services.judged_by import judged_by
from domain.services.reading.last_read import LastRead, last_read
from domain.services.reading.observe import (
    Observation,
    disbelief,
    look_again,
    observe,
    sizes_beside,
)
from domain.services.reading.read_pay import ask_once_more
from domain.services.reading.versions_believed import doubt_versions
from domain.services.replay.record import Judging, record_grounds
from domain.services.sync import recover
from domain.services.sync.decided import Decided, decided
from domain.services.sync.outcomes import Said, outcome_facts, said_before
from domain.services.sync.pay_start import confirmation_of, start_date_moved
from domain.services.sync.read_told import not_shown, systems_read
from domain.services.sync.record_observation import news_of, record_looks, record_observation
from domain.services.sync.remember import Remembered, remember
from domain.services.sync.report import (
    PersonOutcome,
    RunReport,
    RunStatus,
    blocked,
    left_out,
    not_attempted,
    quiet,
    summary,
    with_earlier,
)
from domain.services.sync.stopped import stopped_facts
from domain.services.sync.untold import Untold, told_of, untold
from domain.services.sync.view_held import hold_accepted, hold_runs, hold_stopped, hold_unfinished
from domain.services.sync.write import Writer
from domain.services.tasks.settle import settle
from domain.services.telling import record_overtaken
from domain.settings import Policy
from domain.streams import run_stream, sweep_stream
from domain.values import Actor, EmployeeNumber, PersonId, RunId
from domain.views import JUDGED_BY

_NO_SIZES: Final[Mapping[str, Beside]] = {}


def run_sync(
    policy: Policy,
    tools: Tools,
    *,
    actor: Actor,
    run_id: RunId,
    confirm: str | None = None,
    accept_read: str | None = None,
    only_if: str | None = None,
    progress: Progress = no_progress,
) -> RunReport:
    """One run. Everything it did is in the log when it returns; what it could not do is in the report.

    `confirm` is the fingerprint of a plan that the brake stopped for another actor, `accept_read` that of a read which
    was not believed for another actor (RUN-12), `only_if` that of the only plan it may write (RUN-14).
    Systems that cannot be read, and faults in the setup, are refusals (RUN-7, RUN-9); raises LogDamaged when the log
    must not be appended to: what the run builds on is verified before it does anything (LOG-2).
    """
    tools = replace(tools, log=tools.log.proven(by=actor, at=tools.clock.now()))
    journal = Journal(tools=tools, actor=actor, correlation=run_id)
    run = _Run(policy, tools, journal, run_id, confirm, accept_read, only_if, progress)
    try:
        with tools.claims.claim(policy.entity.personio_id, run_id) as claim:
            run.journal.hold(claim)
            run.progress = told_to(progress, claim.tell)
            return run.claimed_undisturbed()
    except RunAlreadyInProgress as reason:
        return run.refused_entry(reason)
    except ClaimLost:
        return run.report(RunStatus.REFUSED, reason="RUN-3", message=TAKEN_OVER)


@dataclass(slots=True)
class _Run:
    policy: Policy
    tools: Tools
    journal: Journal
    run_id: RunId
    confirm: str | None
    accept_read: str | None
    only_if: str | None
    progress: Progress

    @property
    def today(self) -> date:
        return self._today or business_date(self.tools.clock.now())

    _today: date | None = None
    _last: LastRead | None = None
    _accepted: ReadAccepted | None = None
    _writing: bool = False
    _before: Mapping[PersonId, Said] = field(default_factory=dict)  # what the run before this one said of everyone
    _earlier: tuple[Untold, ...] = ()  # what runs that were cut off overwrote (RUN-8)

    def claimed_undisturbed(self) -> RunReport:
        """The run; a person whom another entity's run recorded at the same moment ends it, closed and explained.

        From the first write on it is no refusal any more: then the run stays open, for the next one to close (RUN-8).
        """
        try:
            return self.claimed()
        except StreamMoved as moved:
            if self._writing:
                raise
            return self._refused("RUN-2", MOVED_MEANWHILE.format(said=moved))

    def claimed(self) -> RunReport:
        entity = self.policy.entity.personio_id
        self.tools.views.catch_up(*JUDGED_BY)
        hold_runs(self.tools, entity)
        recover.close_open_runs(self.journal, self.policy)
        self._last = last_read(self.tools, self.policy)
        self._today = business_date(self.tools.clock.now())
        only = tuple(sorted(self.policy.only or ()))
        policy = judged_by(self.journal, self.policy)
        self._before = said_before(self.tools, entity)
        self._record(
            RunStarted(legal_entity=entity, business_date=self._today, plan=self.only_if, only=only, policy=policy)
        )
        unfinished = recover.mark_unknown(self.journal, self.policy)
        widened = start_date_moved(self.journal, self.policy, self.confirm)
        if widened:
            return self._refused("PAY-2", widened, confirmation_of(self.policy))
        try:
            observation = self._observe(unfinished)
        except (ReadFailed, Misconfigured) as reason:
            return self._not_read(reason)
        self.progress("deciding", 0, 0)
        if observation.doubts:
            return self._disbelieved(observation)
        recover.settle(self.journal, unfinished, observation.loket)
        self._look_for_earlier()
        remembered = remember(self.tools, self.policy, observation.personio, observation.loket)
        hold_unfinished(unfinished, remembered, entity)
        try:
            found = self._decided(observation, remembered, unfinished)
        except (ReadFailed, Misconfigured) as reason:
            return self._not_read(reason)
        observation, memory, plan = found.observation, found.memory, found.plan
        if observation.doubts:
            return self._disbelieved(observation)
        self._record_read(observation)
        doubt_versions(self.journal, self.policy, observation)
        hold_accepted(self.tools, self.policy, plan, memory)
        try:
            ask_once_more(self.tools, self.policy, observation.pay, plan)
        except (ReadFailed, Misconfigured) as reason:
            return self._not_read(reason)
        news = found.news or news_of(self.journal, observation, plan, remembered, self.policy)
        remembered = record_observation(self.journal, news, remembered)
        first = not self.tools.views.sync_state.has_completed_run(entity)
        gates = Gates(first, forbidden(observation.access.activities))
        judging = Judging(LookedBy.RUN, self.run_id, self.policy, policy, self.today, gates)
        record_grounds(self.journal, judging, observation, plan, memory, remembered)
        record_overtaken(self.journal, remembered.made_of)
        report, ending = self._gated_and_written(plan, remembered, observation, gates)
        self.progress("closing", 0, 0)
        if ending is not None:  # a run that was refused judges no case (RUN-13)
            self._settle_cases(observation, plan, remembered, report)
        self._settle_findings(observation, plan, remembered)
        self._end(ending, plan, report)
        self.tools.log.checkpoint()
        self.tools.views.catch_up()
        return report

    def refused_entry(self, reason: RunAlreadyInProgress) -> RunReport:
        """Somebody else's run holds the entity: on record, without touching anything of it (RUN-3)."""
        entity = self.policy.entity.personio_id
        self._record(RunRefused(legal_entity=entity, reason="RUN-3", message=str(reason), rule="RUN-3"))
        return self.report(RunStatus.REFUSED, reason="RUN-3", message=str(reason), held_by=reason.held_by)

    def _settle_cases(self, observation: Observation, plan: Plan, remembered: Remembered, report: RunReport) -> None:
        wrote = report.status in (RunStatus.COMPLETED, RunStatus.COMPLETED_WITH_ERRORS)
        both = (observation.personio, observation.loket)
        settle_after_run(self.journal, both, plan, remembered, self.policy, today=self.today, wrote=wrote)

    def _settle_findings(self, observation: Observation, plan: Plan, remembered: Remembered) -> None:
        """Whoever checks meanwhile has told what moved: the next look finds it as it is then."""
        self.tools.views.catch_up()
        with suppress(StreamMoved):
            settle(self.journal, plan, observation.personio, remembered, self.policy, LookedBy.RUN)

    def _observe(self, unfinished: recover.Unfinished) -> Observation:
        """Read both systems; a create of an earlier run that is not to be seen is looked for a few seconds (RUN-8)."""
        numbers = unfinished.numbers
        observation = observe(
            self.tools,
            self.policy,
            self.today,
            self.progress,
            numbers,
            agreed=self._agreed,
            since=self._last,
            whole=False,
        )
        waited = 0.0
        while waited < recover.POLL_SECONDS and recover.awaits_create(unfinished, observation.loket):
            self.tools.clock.sleep(recover.POLL_INTERVAL)
            waited += recover.POLL_INTERVAL
            observation = self._look_again(observation, numbers)
        return observation

    def _look_again(
        self,
        before: Observation,
        also: frozenset[EmployeeNumber],
        but: frozenset[EmployeeNumber] = frozenset(),
    ) -> Observation:
        self._accepted = None
        return look_again(self.tools, self.policy, self.today, before, also, agreed=self._agreed, but=but)

    def _decided(self, observation: Observation, remembered: Remembered, unfinished: recover.Unfinished) -> Decided:
        """By this read, or by another one where that leaves too much to the last (RUN-15)."""

        def look(before: Observation, but: frozenset[EmployeeNumber]) -> Observation:
            return self._look_again(before, unfinished.numbers, but)

        return decided(self.journal, self.policy, self.today, observation, remembered, look)

    def _record_read(self, observation: Observation) -> None:
        seen = [systems_read(observation), *((self._accepted,) if self._accepted else ())]
        sweep = facts_of(observation.measure, self.policy.entity.personio_id)
        self.journal.record((run_stream(self.run_id), seen), (sweep_stream(self.run_id), sweep))

    def _agreed(self, print_of_read: str) -> bool:
        """Whether this actor accepts a read that was not believed for somebody else; on record beside the sweep."""
        since = self.tools.clock.now() - CONFIRMED_WITHIN
        doubted = self.tools.views.sync_state.doubted(self.policy.entity.personio_id, since)
        refused_run = released_by(doubted, print_of_read, self.journal.actor, self.accept_read)
        if refused_run is not None:
            self._hold_stopped(refused_run, print_of_read)
            self._accepted = ReadAccepted(fingerprint=print_of_read, refused_run=refused_run, rule="RUN-12")
        return refused_run is not None

    def _hold_stopped(self, run: str, print_: str) -> None:
        hold_stopped(self.tools.log, self.policy.entity.personio_id, RunId(run), print_, self.journal.actor)

    def _not_read(self, reason: ReadFailed | Misconfigured) -> RunReport:
        """A system did not answer completely (RUN-7), or may not be read as the setup is (RUN-9)."""
        return self._refused("RUN-9" if isinstance(reason, Misconfigured) else "RUN-7", str(reason))

    def _disbelieved(self, observation: Observation) -> RunReport:
        """Complete, and not believed: nothing is concluded, and a second person may look and accept it (RUN-12)."""
        self._record_read(observation)
        remembered = remember(self.tools, self.policy, observation.personio, observation.loket)
        record_looks(self.journal, observation, remembered, self.policy.entity.personio_id)
        print_of_read = observation.fingerprint
        how = ACCEPT_READ.format(plan=print_of_read)
        message = "; ".join(filter(None, (disbelief(observation), not_shown(observation), how)))
        return self._refused(IMPLAUSIBLE_READ, message, print_of_read, sizes_beside(observation))

    def _end(self, ending: Fact | None, plan: Plan, report: RunReport) -> None:
        """A refusal has been recorded before."""
        if ending is not None:
            self._close(ending, lambda: after_run(self.journal, self.policy, plan, report))

    def _close(self, ending: Fact, alerts: Callable[[], Alerts]) -> None:
        """The run's end and what people are to hear of it."""
        record_told(self.journal, run_stream(self.run_id), [ending], alerts)

    def _gated_and_written(
        self, plan: Plan, remembered: Remembered, observation: Observation, gates: Gates
    ) -> tuple[RunReport, Fact | None]:
        """The report, and the fact that ends the run; None when it was refused, and has ended."""
        print_of_plan = fingerprint(plan, self.tools.vault)
        match stopped_by(plan, self.policy, gates, wanted=self.only_if, print_of_plan=print_of_plan):
            case Stop.NUMBER_OF_NOBODY as stop:
                return self._refused(stop, nobody_has(plan, self.policy) or ""), None
            case Stop.FINDINGS:
                return self._blocked(plan, remembered, observation)
            case Stop.RIGHTS as stop:
                return self._refused(stop, not_allowed(missing(plan.kinds, observation.access.activities))), None
            case Stop.ANOTHER_PLAN:
                return self._another_plan(print_of_plan), None
            case Stop.BRAKE if not self._released(print_of_plan):
                return self._braked(plan, print_of_plan, first=gates.first_run), None
            case _:
                return self._written(plan, remembered)

    def _released(self, print_of_plan: str) -> bool:
        """Whether this actor lets the plan pass that the brake stopped for somebody else (RUN-13)."""
        since, entity = self.tools.clock.now() - CONFIRMED_WITHIN, self.policy.entity.personio_id
        braked = self.tools.views.sync_state.braked([entity], since)[entity]
        braked_run = released_by(braked, print_of_plan, self.journal.actor, self.confirm)
        if braked_run is not None:
            self._hold_stopped(braked_run, print_of_plan)
            self._record(BrakeReleased(fingerprint=print_of_plan, braked_run=braked_run))
        return braked_run is not None

    def _blocked(self, plan: Plan, remembered: Remembered, observation: Observation) -> tuple[RunReport, Fact]:
        """Findings hold everybody: nothing is written (CHECK-2). What vanished may be accepted (EDIT-2, PAY-14)."""
        everyone = [left_out(one, one.left_out) if one.left_out else blocked(one) for one in plan.decisions]
        outcomes = [with_earlier(one, self._earlier) for one in everyone]
        findings = [
            FindingRaised(
                person_id=decision.person,
                employee_number=decision.number,
                code=finding.code.value,
                field=finding.field,
                subject=remembered.subject(decision) or "",
                text=finding.proposal if remembered.subject(decision) else None,
                rule="CHECK-1",
            )
            for decision in plan.decisions
            for finding in decision.findings
        ]
        message = "; ".join((summary(plan.decisions), *plan.remarks, *self._told_of_earlier()))
        hidden = not_shown(observation)
        print_of_read = observation.fingerprint if hidden else None
        if print_of_read:
            message += f". {hidden}; {ACCEPT_HIDDEN.format(plan=print_of_read)}"
        report = self.report(
            RunStatus.BLOCKED, outcomes=outcomes, reason="CHECK-2", message=message, fingerprint=print_of_read
        )
        self._record_all([*findings, *self._outcome_facts(plan, outcomes, remembered)])
        ending = RunBlocked(
            counts=report.counts, reason="CHECK-2", message=message, fingerprint=print_of_read, rule="CHECK-2"
        )
        return report, ending

    def _braked(self, plan: Plan, print_of_plan: str, *, first: bool) -> RunReport:
        found = Braked.of(plan, first_run=first)
        message = BRAKED.format(
            people=found.included, clearing=found.clearing, creating=found.creating, writes=plan.writes,
            plan=print_of_plan,
        )  # fmt: skip
        self._record_all(stopped_facts(plan))
        limits = limits_passed(plan, self.policy.brake, first_run=first)
        return self._refused("BRAKE", message, print_of_plan, limits=limits)

    def _another_plan(self, print_of_plan: str) -> RunReport:
        """Somebody looked at one plan, and this is another: nobody has agreed to it (RUN-14)."""
        message = OTHER_PLAN.format(plan=self.only_if, now=print_of_plan)
        return self._refused("RUN-14", message, plan_now=print_of_plan)

    def _written(self, plan: Plan, remembered: Remembered) -> tuple[RunReport, Fact]:
        """Person by person; one person's failure does not stop the others (RUN-5), a silent Loket does."""
        self._writing = True
        writer = Writer(self.journal, self.policy, self.run_id)
        outcomes: dict[str, PersonOutcome] = {}
        silent = 0
        todo = [one for one in plan.decisions if one.writes]
        for done, decision in enumerate(todo):
            self.progress("writing to Loket", done, len(todo))
            if silent >= _SILENCES:
                outcomes[decision.person] = not_attempted(decision)
                continue
            subject = remembered.subject(decision)
            assert subject is not None  # every included person was given one when observed
            outcome, fell_silent = writer.write(
                decision, subject, remembered.person(decision.person), remembered.held(decision).rebuild
            )
            silent = silent + 1 if fell_silent else 0
            outcomes[decision.person] = outcome
        everyone = [
            with_earlier(
                outcomes.get(one.person) or (left_out(one, one.left_out) if one.left_out else quiet(one)), self._earlier
            )
            for one in plan.decisions
        ]
        with_errors = any(one.outcome in ERRORS for one in everyone) or any(one.incomplete for one in plan.decisions)
        status = RunStatus.COMPLETED_WITH_ERRORS if with_errors else RunStatus.COMPLETED
        report = self.report(
            status, outcomes=everyone, message="; ".join((*plan.remarks, *self._told_of_earlier())) or None
        )
        self._record_all(self._outcome_facts(plan, everyone, remembered))
        return report, RunCompleted(with_errors=with_errors, counts=report.counts, message=report.message)

    def _outcome_facts(self, plan: Plan, outcomes: Iterable[PersonOutcome], remembered: Remembered) -> list[Fact]:
        return outcome_facts(
            plan,
            outcomes,
            remembered,
            entity=self.policy.entity.personio_id,
            before=self._before,
            moved=self.journal.has_appended_to,
        )

    def _refused(
        self,
        reason: str,
        message: str,
        fingerprint: str | None = None,
        sizes: Mapping[str, Beside] = _NO_SIZES,
        plan_now: str | None = None,
        limits: tuple[LimitPassed, ...] = (),
    ) -> RunReport:
        self._look_for_earlier()
        message = "; ".join((message, *self._told_of_earlier()))
        refused = RunRefused(
            legal_entity=self.policy.entity.personio_id,
            reason=reason,
            message=message,
            fingerprint=fingerprint,
            sizes=tuple(SizeBeside(what, *beside) for what, beside in sizes.items()),
            plan_now=plan_now,
            limits=limits,
            rule={"BRAKE": None, IMPLAUSIBLE_READ: "RUN-12"}.get(reason, reason),
        )
        self._close(refused, lambda: after_refusal(self.journal, self.policy, reason, self._earlier))
        self.tools.log.checkpoint()
        self.tools.views.catch_up()
        report = self.report(RunStatus.REFUSED, reason=reason, message=message, fingerprint=fingerprint)
        return replace(report, sizes=sizes)

    def report(
        self,
        status: RunStatus,
        *,
        outcomes: Iterable[PersonOutcome] = (),
        reason: str | None = None,
        message: str | None = None,
        held_by: str | None = None,
        fingerprint: str | None = None,
    ) -> RunReport:
        entity = self.policy.entity.personio_id
        return RunReport(
            self.run_id,
            entity,
            self.today,
            status,
            tuple(outcomes),
            reason,
            message,
            held_by,
            fingerprint,
            earlier=self._earlier,
        )

    def _look_for_earlier(self) -> None:
        self._earlier = untold(self.tools, self.policy.entity.personio_id, self.run_id)

    def _told_of_earlier(self) -> tuple[str, ...]:
        told = told_of(self._earlier)
        return (told,) if told else ()

    def _record(self, fact: Fact) -> None:
        self.journal.record((run_stream(self.run_id), [fact]))

    def _record_all(self, facts: Sequence[Fact]) -> None:
        for start in range(0, len(facts), _BATCH):
            self.journal.record((run_stream(self.run_id), facts[start : start + _BATCH]))


_SILENCES: Final = 3  # people in a row for whom Loket gave no answer at all: it counts as unreachable
_BATCH: Final = 400
