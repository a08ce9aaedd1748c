"""What Prometheus is told beside requests: whether runs happen, the log is believed, systems answer, alerts arrive.

All but the calls is how the log stands, so it is the same whichever process does the work; calls are those of this
process. Labels are legal entities, jobs, outcomes, rules, systems and targets: never a person, a number or a key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from adapters import calls
from api.bootstrap import room_for_keys
from api.http.state import Web
from domain.errors import LogNotBelieved, ViewBehind
from domain.planning.findings import Acts
from domain.schedule import INSTALLATION, due, late
from domain.services.alerts.undelivered import GIVEN_UP_AFTER
from domain.services.keep_schedule import standing_jobs
from domain.values import LegalEntityId
from domain.views import View
from domain.views.alerts import DeliveryState
from domain.views.drift import CheckRow
from domain.views.runs import RunRow

_OF_ENTITY: Final = ("legal_entity",)
_OF_JOB: Final = ("legal_entity", "name")  # Prometheus calls what it scrapes a job
_OF_TARGET: Final = ("target",)
_OF_VIEW: Final = ("view",)
_ALERTS: Final = 100  # the newest of each legal entity; older ones reached somebody or were given up long ago
_WAITING: Final = 1000  # deliveries to each target


@dataclass(frozen=True, slots=True, eq=False)
class Measured(Collector):
    """How these legal entities stand at this instant; the installation's own, too, where it is among them."""

    web: Web
    entities: Sequence[str]
    now: datetime

    def registry(self) -> CollectorRegistry:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return registry

    def collect(self) -> Iterator[Metric]:
        """What a view that is behind would tell is left out, and that it is behind is told."""
        yield from self._log()
        yield self._behind()
        for told in (self._runs, self._waiting, self._jobs, self._alerts):
            with suppress(ViewBehind):
                yield from told()
        yield calls_of_this_process()

    def _behind(self) -> Metric:
        behind = self.web.store.views.behind
        stand = _family("tweeluik_view_behind", "1: it cannot follow the log", _OF_VIEW)
        for view in View:
            stand.add_metric([view], view in behind)
        return stand

    @property
    def _employers(self) -> Sequence[LegalEntityId]:
        return [LegalEntityId(one) for one in self.entities if one != INSTALLATION]

    def _log(self) -> Iterator[Metric]:
        log = self.web.store.log
        head = log.newest_head()
        yield _gauge("tweeluik_log_events", "Events in the log", log.size())
        yield _gauge("tweeluik_log_head_events", "Events under the newest signed head", head.size if head else 0)
        yield _gauge("tweeluik_log_believed", "0 while the last verification did not say OK", log.doubt() is None)
        try:
            last = log.last_verdict()
        except LogNotBelieved:
            last = None
        if last is not None and last.ok:
            said = "When the log was last found sound"
            yield _gauge("tweeluik_log_verified_timestamp_seconds", said, last.at.timestamp())
        room = log.room()
        if room is not None:
            yield _gauge(
                "tweeluik_log_room_events", "Events until the end of the partitions that are made", room.events
            )
        late = room is not None and room.late
        yield _gauge("tweeluik_log_room_late", "1: the next partition of the log should be there, and is not", late)
        free = room_for_keys(self.web.settings.log)
        if free is not None:
            yield _gauge("tweeluik_key_store_free_bytes", "Room for the next sign-in of Loket to be kept in", free)

    def _runs(self) -> Iterator[Metric]:
        views = self.web.store.views
        how = "1: how the last ended that was not refused because another was going on"
        status = _family("tweeluik_last_run", how, ("legal_entity", "status", "reason"))
        ended = _family("tweeluik_last_run_timestamp_seconds", "When the last run ended", _OF_ENTITY)
        people = _family(
            "tweeluik_last_run_people", "People by outcome in the last run that told", ("legal_entity", "outcome")
        )
        read = _family("tweeluik_last_read_timestamp_seconds", "When both systems were last read whole", _OF_ENTITY)
        unread = _family("tweeluik_unread", "1: a run or check could not read a system, and none has since", _OF_ENTITY)
        unknown = _family("tweeluik_unknown_outcomes", "Employees with a write that Loket may have taken", _OF_ENTITY)
        for entity in self._employers:
            runs = views.runs.last([entity])[entity]
            check, look = views.drift.last_check(entity), views.tasks.last_look(entity)
            looked = max(
                (at for at in (_read_by(runs.read), _concluded(check), look.at if look else None) if at), default=None
            )
            if runs.ended is not None and runs.ended.ended_at is not None:
                status.add_metric([entity, runs.ended.status.value, runs.ended.reason or ""], 1)
                ended.add_metric([entity], runs.ended.ended_at.timestamp())
            for outcome, number in runs.counted.counts.items() if runs.counted else ():
                people.add_metric([entity, outcome], number)
            if looked is not None:
                read.add_metric([entity], looked.timestamp())
            failed = max((at for at in (_ended(runs.unread), _failed_check(check)) if at), default=None)
            unread.add_metric([entity], failed is not None and (looked is None or failed > looked))
            unknown.add_metric([entity], views.sync_state.unknown(entity))
        yield from (status, ended, people, read, unread, unknown)

    def _waiting(self) -> Iterator[Metric]:
        views = self.web.store.views
        tasks = _family("tweeluik_open_tasks", "Open tasks by who has to act", ("legal_entity", "who"))
        concepts = _family("tweeluik_concept_employees_waiting", "To be completed in Loket", _OF_ENTITY)
        differences = _family("tweeluik_open_differences", "Loket holds another value than Personio", _OF_ENTITY)
        counted, waiting = views.tasks.counts(self._employers), views.sync_state.waiting(self._employers)
        apart = views.drift.counts(self._employers)
        for entity in self._employers:
            for who in Acts:
                tasks.add_metric([entity, who.value], sum(one.count for one in counted[entity] if one.who is who))
            concepts.add_metric([entity], len({one.number for one in waiting[entity]}))
            differences.add_metric([entity], apart[entity].count if entity in apart else 0)
        yield from (tasks, concepts, differences)

    def _jobs(self) -> Iterator[Metric]:
        is_late = _family("tweeluik_job_late", "1: it should have been done by now, the grace included", _OF_JOB)
        waits = _family("tweeluik_job_waiting_seconds", "Since when it could begin, and nobody began", _OF_JOB)
        put_off = _family("tweeluik_job_put_off", "1: it was tried, concluded nothing, and is tried again", _OF_JOB)
        done = _family("tweeluik_job_done_timestamp_seconds", "When it was last done", _OF_JOB)
        rows, grace = (
            standing_jobs(self.web.store.log, self.web.store.views, self.now),
            self.web.settings.schedule.grace,
        )
        for one in self.web.settings.planned():
            row = rows.get(one.key)
            if row is None or one.entity not in self.entities:
                continue
            labels, standing = [one.entity, one.job.value], row.standing
            wanted = due(one, standing, self.now, grace).run
            is_late.add_metric(labels, late(one, standing, self.now, grace))
            waits.add_metric(labels, (self.now - wanted.due_at).total_seconds() if wanted else 0)
            put_off.add_metric(labels, standing.not_before is not None and self.now < standing.not_before)
            if row.done_at is not None:
                done.add_metric(labels, row.done_at.timestamp())
        yield from (is_late, waits, put_off, done)

    def _alerts(self) -> Iterator[Metric]:
        view = self.web.store.views.alerts
        waits = _family("tweeluik_alert_waiting_seconds", "How long the oldest waits to be delivered", _OF_TARGET)
        lost = _family("tweeluik_alerts_given_up", "Of the newest alerts, those that never arrived", _OF_TARGET)
        if INSTALLATION in self.entities:
            oldest: dict[str, datetime] = {}
            for row in view.due(self.now + GIVEN_UP_AFTER, _WAITING):
                oldest[row.target] = min(row.raised_at, oldest.get(row.target, row.raised_at))
            raised = [row.alert for one in self.entities for row in view.raised([one], before=None, limit=_ALERTS)]
            given_up = Counter(row.target for row in view.deliveries(raised) if row.state is DeliveryState.GIVEN_UP)
            for target in self.web.settings.alerts.targets:
                waits.add_metric([target], (self.now - oldest[target]).total_seconds() if target in oldest else 0)
                lost.add_metric([target], given_up[target])
        yield from (waits, lost)


def _read_by(run: RunRow | None) -> datetime | None:
    return min(run.read.personio_at, run.read.loket_at) if run and run.read else None


def _concluded(check: CheckRow | None) -> datetime | None:
    return check.concluded_at if check else None


def _ended(run: RunRow | None) -> datetime | None:
    return run.ended_at if run else None


def _failed_check(check: CheckRow | None) -> datetime | None:
    return check.checked_at if check and not check.completed else None


def calls_of_this_process() -> Metric:
    family = CounterMetricFamily(
        "tweeluik_calls", "Calls of this process, by how they were answered", labels=("system", "answer")
    )
    for (system, answer), number in sorted(calls.counted().items()):
        family.add_metric([system, answer], number)
    return family


def _family(name: str, said: str, labels: Sequence[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, labels=labels)


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(name, said, value=float(value))
