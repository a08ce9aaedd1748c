"""What each planned job does; the command line does the same by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar, assert_never

from adapters.logs import logger
from api.bootstrap import Store, loket_client, open_tools
from api.config.settings import Settings
from api.identifiers import new_run_id
from api.tasks.deliver_alerts import deliver_due, tell_integrity
from api.tasks.erase import eraser
from api.tasks.report_kinds import order_planned
from api.tasks.verify import verify_as_planned, verify_log
from api.telemetry import traced
from domain.errors import ImplausibleRead, LogDamaged, LogNotBelieved, StreamMoved, TweeluikError
from domain.events.alert import AlertKind
from domain.fairness import ALERTS
from domain.planning.business_date import business_date
from domain.planning.gates import Stop
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.schedule import Job, Key, Planned
from domain.services.alerts.raised import Alerts, after_look_ahead, after_refusal, of_reports, stands
from domain.services.drift.check import check_drift
from domain.services.drift.poll_loket import POLLING, follow_loket
from domain.services.journal import Journal, Tools
from domain.services.keep_schedule import Concluded, Keeper, NotNow
from domain.services.replay.derive import derive_what_is_new
from domain.services.sync.preview import preview
from domain.services.sync.report import RunStatus
from domain.services.sync.run import run_sync
from domain.settings import Policy
from domain.values import Actor, LegalEntityId, RunId

LOKET_POLL: Final = "loket_poll"

Connect: TypeAlias = Callable[[Settings, Store], AbstractContextManager[Tools]]
Deliver: TypeAlias = Callable[[Settings, Store], int]
Done = TypeVar("Done", bound=Concluded | NotNow)


@dataclass(frozen=True, slots=True)
class ScheduledWork:
    """Everything a process needs to do any job of the schedule, from any thread."""

    settings: Settings
    store: Store
    tools: Tools  # to keep the schedule with; each piece of work opens its own
    connect: Connect = open_tools  # to both systems
    deliver: Deliver = deliver_due  # alerts, to their targets

    def keeper(self) -> Keeper:
        return Keeper(tools=self.tools, grace=self.settings.schedule.grace, work=self._work, alerts=self._alerts)

    def do(self, entity: str, what: str) -> None:
        """One planned job if it is due, one poll of Loket, or what alerts wait, of all legal entities.

        Trouble is logged, and seen again at the next look.
        """
        try:
            self.store.log.believed()
            if what == LOKET_POLL:
                self._poll(entity)
            elif what == ALERTS:
                self.deliver(self.settings, self.store)
            elif (planned := self.plan().get((LegalEntityId(entity), Job(what)))) is not None:
                self.keeper().run(planned)
        except TweeluikError as reason:
            if isinstance(reason, LogDamaged):
                self._not_believed(reason)
            logger().error(
                "scheduled work failed", legal_entity=entity, phase=what, kind=type(reason).__name__, cause=str(reason)
            )

    def tell_integrity(self) -> None:
        """Whoever wants to know hears that the log did not verify, and later that it does; nobody hears it twice."""
        tell_integrity(self.settings, self.store.clock.now())

    def _not_believed(self, reason: LogDamaged) -> None:
        """Damage that somebody ran into is verified at once, so that it stops every other process too."""
        with suppress(TweeluikError):  # the log does not even answer: that is told elsewhere
            if not isinstance(reason, LogNotBelieved):
                verify_log(self.settings, actor=Actor("system"), clock=self.store.clock)
            self.tell_integrity()

    def plan(self) -> dict[Key, Planned]:
        return {one.key: one for one in self.settings.planned()}

    def _work(self, planned: Planned) -> Concluded | NotNow:
        actor = planned.job.actor
        match planned.job:
            case Job.VERIFY:
                return self._verify(actor)
            case Job.RETENTION:
                return self._erase(actor)
            case Job.DERIVE:
                return self._derive(actor)
            case Job.REPORTS:
                return self._reports(planned.entity, actor)
            case Job.SYNC:
                return self._connected(planned, self._sync)
            case Job.DRIFT_CHECK:
                return self._connected(planned, self._check)
            case Job.LOOK_AHEAD:
                return self._connected(planned, self._look_ahead)
            case unknown:
                assert_never(unknown)

    def _connected(self, planned: Planned, do: Callable[[Policy, Tools, Actor], Done]) -> Done:
        """A job that asks both systems."""
        policy = self.settings.policy(planned.entity)
        with self.connect(self.settings, self.store) as tools:
            return do(policy, tools, planned.job.actor)

    def _alerts(self, journal: Journal, planned: Planned, missed: bool) -> Alerts:
        """A job that did not run is an alert, and over when it has run."""
        source, what = f"missed-{planned.job}", planned.job.value if missed else None
        return stands(
            journal, planned.entity, source, AlertKind.CHECK_MISSED, what, self.settings.alerts.alert_targets()
        )

    def _sync(self, policy: Policy, tools: Tools, actor: Actor) -> Concluded | NotNow:
        run_id = new_run_id(self.store.clock.now())
        with traced("sync run", policy.entity.personio_id, run_id) as progress:
            report = run_sync(policy, tools, actor=actor, run_id=run_id, progress=progress)
        if report.status is not RunStatus.REFUSED:
            return Concluded(report.status.value, report.run_id)
        if report.reason == Stop.BRAKE:
            return Concluded("braked", report.run_id)
        return NotNow(report.reason or "refused")

    def _look_ahead(self, policy: Policy, tools: Tools, actor: Actor) -> Concluded:
        """Nobody reads what it says, so a read that is not believed is an alert, as that of a run is (RUN-12)."""
        day = business_date(tools.clock.now())
        journal = Journal(tools=tools, actor=actor, correlation=f"look-ahead-{day}")
        try:
            seen = preview(policy, tools)
        except ImplausibleRead:
            with suppress(StreamMoved):  # a run or a check at this very moment tells its own
                journal.record(*after_refusal(journal, policy, IMPLAUSIBLE_READ).items())
            raise
        journal.record(*after_look_ahead(journal, policy, seen.overwriting).items())
        return Concluded("values_to_be_overwritten" if seen.overwriting else "nothing_to_be_overwritten")

    def _check(self, policy: Policy, tools: Tools, actor: Actor) -> Concluded:
        check_id = RunId(f"check-{new_run_id(self.store.clock.now())}")
        with traced("drift check", policy.entity.personio_id, check_id) as progress:
            report = check_drift(policy, tools, actor=actor, check_id=check_id, progress=progress)
        return Concluded("drift" if report.verdict.drift else "no_drift", check_id)

    def _verify(self, actor: Actor) -> Concluded:
        self.store.log.join()
        verify_as_planned(self.settings, actor=actor, clock=self.store.clock)
        self.tell_integrity()
        self.store.log.believed()
        with suppress(TweeluikError):  # what is wrong with it the next start says
            eraser(self.settings, self.store, actor).try_to_finish()
        return Concluded("sound")

    def _erase(self, actor: Actor) -> Concluded:
        erased = eraser(self.settings, self.store, actor).apply_retention()
        return Concluded("erased" if erased else "nothing_to_erase")

    def _derive(self, actor: Actor) -> Concluded:
        journal = Journal(tools=self.tools, actor=actor, correlation=new_run_id(self.store.clock.now()))
        derived = derive_what_is_new(journal, self.settings.alerts.alert_targets())
        return Concluded("all_agree" if derived.follows else "deviations")

    def _reports(self, entity: LegalEntityId, actor: Actor) -> Concluded:
        """Those of the month before; whoever wants to know is told where they are."""
        section = next(one.schedule for one in self.settings.legal_entity if one.personio_id == entity)
        journal = Journal(tools=self.tools, actor=actor, correlation=f"reports-{business_date(self.store.clock.now())}")
        ordered = order_planned(
            self.store, entity, section.report_kinds, actor=actor, language=section.report_language,
            reason=section.report_in_clear_because or None,
        )  # fmt: skip
        kinds = [one.kind.value for one in ordered]
        journal.record(*of_reports(journal, entity, kinds, self.settings.alerts.alert_targets()).items())
        return Concluded("ordered", ordered[-1].id if ordered else "")

    def _poll(self, entity: str) -> None:
        policy = self.settings.policy(entity)
        with (
            closing(loket_client(self.settings, self.store)) as loket,
            open_tools(self.settings, self.store, loket=loket) as tools,
        ):
            follow_loket(
                policy.entity,
                tools,
                loket,
                lambda: RunId(self._check(policy, tools, POLLING).reference),
            )
