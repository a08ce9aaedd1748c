"""What the end of a run or check adds to the alerts, to be appended together with that end: the log is the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Final

from domain.alerts import MOST, AlertRecord, AlertTarget, Seen
from domain.drift.case import DriftCase
from domain.drift.state import CaseState
from domain.errors import StreamMoved
from domain.events.alert import AlertKind, AlertRaised, Condition, ConditionsNoted, Happened
from domain.events.drift import TrailResult
from domain.log import Fact, Recorded, StreamId
from domain.overwriting import Did, did
from domain.planning.comparison import Difference
from domain.planning.decide import Plan
from domain.planning.findings import NoticeCode
from domain.planning.matching import Concept
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.schedule import Job
from domain.services.drift.cases import cases_of
from domain.services.journal import Journal
from domain.services.sync.report import Outcome, RunReport, RunStatus
from domain.services.sync.untold import Untold
from domain.settings import Policy
from domain.streams import alert_stream, drift_stream
from domain.values import LegalEntityId, PersonId
from domain.views.overwriting import AboutToBeOverwritten
from domain.views.terminations import OnlyIn, terminations

Alerts = Mapping[StreamId, tuple[Fact, ...]]

SYSTEMS: Final = "systems"  # runs and checks: they hold the legal entity, and one ends what the other began
_STANDING: Final = frozenset(
    {
        AlertKind.DRIFT,
        AlertKind.UNEXPLAINED_CHANGE,
        AlertKind.CONCEPT_WAITING,
        AlertKind.TERMINATION_DISAGREEMENT,
        AlertKind.IMPLAUSIBLE_READ,
        AlertKind.PAY_ONLY_IN_LOKET,
        AlertKind.TASK_OPEN_LONG,
    }
)
"""Whoever has read both systems sees these."""


def record_told(journal: Journal, stream: StreamId, facts: Sequence[Fact], alerts: Callable[[], Alerts]) -> None:
    """What happened and what people are to hear of it, all or nothing.

    Anew while an alert moves under it: whoever delivers alerts does so at any moment.
    """
    while True:
        try:
            journal.record((stream, facts), *alerts().items())
        except StreamMoved as moved:
            if moved.stream == stream:
                raise
        else:
            return


def after_run(journal: Journal, policy: Policy, plan: Plan, report: RunReport) -> Alerts:
    """At the end of a run that could judge everyone."""
    created = {one.person for one in report.outcomes if one.outcome is Outcome.CONCEPT_CREATED}
    standing = _standing(journal, policy, plan, created)
    if report.status is RunStatus.BLOCKED:
        judged, found = {AlertKind.RUN_BLOCKED}, {*_findings(plan)}
    else:
        judged = {AlertKind.RUN_BLOCKED, AlertKind.UNKNOWN_OUTCOME}
        unknown = (one.person for one in report.outcomes if one.outcome is Outcome.UNKNOWN)
        found = {Condition(AlertKind.UNKNOWN_OUTCOME, one) for one in unknown}
    own = [change for one in report.outcomes for change in one.overwritten]
    judges = frozenset() if policy.only else standing.judged | judged  # a pilot says nothing about the others
    seen = Seen(judges, standing.open | found, standing.known, tuple(_happened((*own, *report.earlier))))
    return _facts(journal, policy, SYSTEMS, seen)


def after_refusal(journal: Journal, policy: Policy, reason: str, earlier: Iterable[Untold] = ()) -> Alerts:
    """A run that was refused judges nothing, and says why it was (RUN-7, RUN-9, RUN-12, the brake).

    Whoever gave it another plan is told there and then: that is no alarm (RUN-14). It also tells what runs before it
    overwrote that were cut off (RUN-8). A check, or a planned look ahead, whose read is not believed says why.
    """
    disbelieved = reason == IMPLAUSIBLE_READ
    kind, key = (AlertKind.IMPLAUSIBLE_READ, "read") if disbelieved else (AlertKind.RUN_BLOCKED, f"run/{reason}")
    refused = frozenset[Condition]() if reason == "RUN-14" else frozenset({Condition(kind, key, reason)})
    return _facts(journal, policy, SYSTEMS, Seen(frozenset(), refused, happened=tuple(_happened(earlier))))


def after_check(journal: Journal, policy: Policy, plan: Plan) -> Alerts:
    """At the end of a drift check: what is pending, left out or accepted is no alarm (DRIFT-3, DRIFT-5, DRIFT-8)."""
    return _facts(journal, policy, SYSTEMS, _standing(journal, policy, plan))


def after_look_ahead(journal: Journal, policy: Policy, edits: Iterable[AboutToBeOverwritten]) -> Alerts:
    """The day before a planned run: what was typed into Loket and will be erased (DRIFT-4)."""
    kind, entity = AlertKind.ABOUT_TO_BE_OVERWRITTEN, policy.entity.personio_id
    found = {
        Condition(kind, drift_stream(entity, one.edit.number, one.edit.field), one.edit.field): one.state
        for one in edits
    }
    known = frozenset(one for one, state in found.items() if state is CaseState.ACKNOWLEDGED)
    return _facts(journal, policy, Job.LOOK_AHEAD.value, Seen(frozenset({kind}), frozenset(found) - known, known))


def stands(
    journal: Journal,
    entity: LegalEntityId,
    source: str,
    kind: AlertKind,
    what: str | None,
    targets: tuple[AlertTarget, ...],
) -> Alerts:
    """The one condition of a source: it is there, or it is over when `what` is None."""
    found = frozenset() if what is None else frozenset({Condition(kind, source, what)})
    return _alerts(journal, entity, source, Seen(frozenset({kind}), found), targets)


def of_reports(
    journal: Journal, entity: LegalEntityId, kinds: Iterable[str], targets: tuple[AlertTarget, ...]
) -> Alerts:
    """Reports that a timetable ordered: where they are is told, never what is in them."""
    made = tuple(sorted(kinds))
    happened = (Happened(AlertKind.REPORT_MADE, len(made), made),)
    return _alerts(journal, entity, Job.REPORTS.value, Seen(frozenset(), happened=happened), targets)


def of_derivations(
    journal: Journal, found: Iterable[Condition], targets: Iterable[AlertTarget], *, every: bool
) -> Alerts:
    """Decisions that do not follow from the rules (AUD-11). Whoever derived `every` one can say what is over."""
    judged = frozenset({AlertKind.DECISION_DEVIATES}) if every else frozenset[AlertKind]()
    return _alerts(journal, LegalEntityId(""), "derivations", Seen(judged, frozenset(found)), tuple(targets))


def _facts(journal: Journal, policy: Policy, source: str, seen: Seen) -> Alerts:
    return _alerts(journal, policy.entity.personio_id, source, seen, policy.alert_targets)


def _alerts(
    journal: Journal, entity: LegalEntityId, source: str, seen: Seen, targets: tuple[AlertTarget, ...]
) -> Alerts:
    stream = alert_stream(entity, source)
    record = AlertRecord.of(journal.tools.log.stream(stream))
    journal.knows(stream, record.next_version)
    now = journal.tools.clock.now()
    facts = record.after(seen, now, source=source, entity=entity, about=journal.correlation, targets=targets)
    return {stream: facts} if facts else {}


def _standing(journal: Journal, policy: Policy, plan: Plan, created: Set[PersonId] = frozenset()) -> Seen:
    """What whoever has read both systems sees; someone who decided about a case need not hear of it again."""
    journal.tools.views.catch_up()  # this look has just opened and ended cases
    entity = policy.entity.personio_id
    cases = {
        Condition(kind, drift_stream(entity, number, name), name): one.state
        for (number, name), one in cases_of(journal.tools, entity).open
        for kind in _kinds(one)
    }
    known = frozenset(one for one, state in cases.items() if state is not CaseState.OPEN)
    concepts = {one.person for one in plan.included if isinstance(one.link, Concept)} | created
    waiting = {Condition(AlertKind.CONCEPT_WAITING, one) for one in concepts}
    disagreeing = {*_disagreements(journal, policy, plan)}
    lonely = {*_only_in_loket(plan)}
    long = {*_open_long(journal, policy)}
    return Seen(_STANDING, (frozenset(cases) - known) | waiting | disagreeing | lonely | long, known)


def _kinds(case: DriftCase) -> Iterator[AlertKind]:
    """A change of which neither our log nor Loket's audit trail knows anything is more than drift (DRIFT-7)."""
    yield AlertKind.DRIFT
    if case.attributed and case.attributed[0] is TrailResult.NO_ENTRY:
        yield AlertKind.UNEXPLAINED_CHANGE


def _disagreements(journal: Journal, policy: Policy, plan: Plan) -> Iterator[Condition]:
    found = terminations(plan, journal.tools.views.terminations.end_dates(policy.entity.personio_id))
    for one in found.disagreements:
        key = f"{_ENDS[one.ended_in]}/{one.person}"
        yield Condition(AlertKind.TERMINATION_DISAGREEMENT, key, one.ended_in.rule)


_ENDS: Final = {OnlyIn.LOKET: "ended in Loket", OnlyIn.PERSONIO: "open in Loket"}


def disagreeing(record: AlertRecord) -> Iterator[tuple[PersonId, OnlyIn]]:
    """On whose end of employment the systems disagree, as the alerts stand: the latest run or check saw it."""
    for one in sorted(record.open | record.held, key=lambda one: one.key):
        if (told := _disagreement(one)) is not None:
            yield told


def standing_since(alerts: Iterable[Recorded]) -> Mapping[tuple[PersonId, OnlyIn | None], datetime]:
    """When it was last told anew that a concept employee waits (None), or that the end of an employment differs."""
    found: dict[tuple[PersonId, OnlyIn | None], datetime] = {}
    for event in alerts:
        for one in event.fact.opened if isinstance(event.fact, AlertRaised | ConditionsNoted) else ():
            told = (PersonId(one.key), None) if one.kind is AlertKind.CONCEPT_WAITING else _disagreement(one)
            if told is not None:
                found[told] = event.meta.recorded_at
    return found


def _disagreement(one: Condition) -> tuple[PersonId, OnlyIn] | None:
    told, _, person = one.key.partition("/")
    ends = {said: ended for ended, said in _ENDS.items()}
    known = one.kind is AlertKind.TERMINATION_DISAGREEMENT and told in ends
    return (PersonId(person), ends[told]) if known else None


def _only_in_loket(plan: Plan) -> Iterator[Condition]:
    """Pay that is left as it is because neither Personio nor our log knows of it (PAY-3, PAY-10)."""
    for decision in plan.included:
        for one in decision.notices:
            if one.code is NoticeCode.PAY_ONLY_IN_LOKET:
                key = f"{decision.person}/{one.detail}"
                yield Condition(AlertKind.PAY_ONLY_IN_LOKET, key, "component" if "component" in one.detail else "wage")


def _open_long(journal: Journal, policy: Policy) -> Iterator[Condition]:
    """Tasks that nobody has done for so many days that they are told once more."""
    if not policy.tasks_open_days:
        return
    now = journal.tools.clock.now()
    for row in journal.tools.views.tasks.open(policy.entity.personio_id):
        if row.age(now) >= policy.tasks_open_days:
            what = f"{row.code} {row.field}" if row.field else row.code
            yield Condition(AlertKind.TASK_OPEN_LONG, f"{row.person_id}/{what}", what)


def _findings(plan: Plan) -> Iterator[Condition]:
    for decision in plan.decisions:
        for one in decision.findings:
            what = f"{one.code} {one.field}" if one.field else f"{one.code}"
            yield Condition(AlertKind.RUN_BLOCKED, f"{decision.person}/{what}", what)


def _happened(changes: Iterable[Difference | Untold]) -> Iterator[Happened]:
    """What a run took from Loket; a field that was blank before was only filled."""
    fields: dict[Did, list[str]] = {}
    for one in changes:
        fields.setdefault(did(one.before, one.after), []).append(one.field)
    for kind, what in ((AlertKind.OVERWRITTEN, Did.OVERWRITTEN), (AlertKind.CLEARED, Did.CLEARED)):
        if lost := fields.get(what):
            named = lost if len(lost) <= MOST else {*lost}  # each once: how many of each has no room
            yield Happened(kind, len(lost), tuple(sorted(named)))
