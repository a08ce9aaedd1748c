"""Ordering a report, and releasing one that shows several people's values: by another subject (AUD-8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.errors import Misconfigured, NotFound, SecondPersonNeeded
from domain.events.custody import PeopleNamed
from domain.events.report import ReportKind, ReportOrdered, ReportReleased
from domain.four_eyes import SURELY, NamedBy, is_second_person, named_by
from domain.log import Fact, Log, Meta, Pending, Recorded, StreamAppend, Vault
from domain.overwriting import Did
from domain.ports import Clock
from domain.services.reports.unmask import named_people
from domain.showings import LONGEST, SHORTEST, is_reason
from domain.streams import CUSTODY, report_stream
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views.overwritten_fields import OverwrittenFilters
from domain.views.recorded import Filters, RecordedView

GOOD_FOR: Final = timedelta(hours=24)
PLANNED_GOOD_FOR: Final = timedelta(days=35)
"""Of a report that a timetable ordered: until the next one is there."""
FORMATS: Final[Mapping[ReportKind, tuple[str, ...]]] = {
    ReportKind.OVERWRITTEN_FIELDS: ("xlsx", "pdf", "csv", "ndjson"),
    ReportKind.PAY_MUTATIONS: ("pdf", "xlsx", "csv", "json"),
    ReportKind.EVIDENCE: ("zip",),
}
"""Of each kind, the one most people want first."""

_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """What the log says of one order. `order.reason` is sealed."""

    id: str
    order: ReportOrdered
    ordered_by: Actor
    ordered_at: datetime
    released_by: Actor | None

    @property
    def good_until(self) -> datetime:
        return self.ordered_at + (PLANNED_GOOD_FOR if self.planned else GOOD_FOR)

    @property
    def planned(self) -> bool:
        """Whether a timetable ordered it, so that it is for whoever may read the legal entity's people."""
        return named_by(self.ordered_by) is NamedBy.MACHINE

    def for_whom(self, actor: Actor) -> bool:
        """Whether this person may fetch it: who ordered it; of a planned one in clear anybody but who released it."""
        if not self.planned:
            return self.ordered_by == actor
        return self.released_by is None or is_second_person(self.released_by, actor)

    @property
    def kind(self) -> ReportKind:
        return ReportKind(self.order.kind)

    @property
    def waits(self) -> bool:
        return self.order.unmasked and self.released_by is None

    def waits_for(self, actor: Actor) -> bool:
        """Whether this person may release it."""
        return self.waits and is_second_person(self.ordered_by, actor)

    @property
    def filters(self) -> OverwrittenFilters:
        one = self.order
        return OverwrittenFilters(
            entities=(LegalEntityId(one.legal_entity),),
            since=one.since,
            until=one.until,
            number=None if one.wanted_number is None else EmployeeNumber(one.wanted_number),
            field=None if one.wanted_field is None else FieldPath(one.wanted_field),
            run=None if one.wanted_run is None else RunId(one.wanted_run),
            rule=one.wanted_rule,
            cleared=one.wanted_cleared,
            did=None if one.wanted_did is None else Did(one.wanted_did),
        )


def order_report(
    filters: OverwrittenFilters,
    log: Log,
    vault: Vault,
    clock: Clock,
    *,
    report: str,
    actor: Actor,
    format: str,
    people: int,
    log_size: int,
    kind: ReportKind = ReportKind.OVERWRITTEN_FIELDS,
    language: str = "",
    unmask_because: str | None = None,
    named: Collection[str] = (),
) -> ReportOrder:
    """Put an order on record. Raises Misconfigured for one that is to be unmasked without a reason.

    `named` are the subjects of the people whom its reason may name.
    """
    if unmask_because is not None and not is_reason(unmask_because):
        raise Misconfigured(
            f"showing personal values needs a reason of {SHORTEST} to {LONGEST} characters; "
            "it is recorded with your name"
        )
    ordered = ReportOrdered(
        legal_entity=filters.entities[0],
        since=filters.since,
        until=filters.until,
        wanted_number=filters.number,
        wanted_field=filters.field,
        wanted_run=filters.run,
        wanted_rule=filters.rule,
        wanted_cleared=filters.cleared,
        wanted_did=filters.did.value if filters.did else None,
        format=format,
        unmasked=unmask_because is not None,
        people=people,
        log_size=log_size,
        kind=kind.value,
        language=language,
        subject=vault.subject() if unmask_because is not None else "",
        reason=BLANK if unmask_because is None else unmask_because,
        rule="AUD-6" if unmask_because is None else "AUD-8",
    )
    _record(log, clock, actor, report, 0, ordered, *named_people(ordered.subject, named))
    return ordered_report(log, report)


def release_report(log: Log, clock: Clock, *, report: str, actor: Actor) -> ReportOrder:
    """Agree that whoever ordered it sees these values. Raises NotFound, or SecondPersonNeeded for one's own."""
    found = ordered_report(log, report)
    if not found.waits or clock.now() >= found.good_until:
        raise NotFound(f"report {report} does not wait for a second person")
    if not is_second_person(found.ordered_by, actor):
        raise SecondPersonNeeded(f"{report} was ordered by {found.ordered_by}: somebody else has to release it{SURELY}")
    version = len(log.stream(report_stream(report)))
    _record(log, clock, actor, report, version, ReportReleased(legal_entity=found.order.legal_entity, rule="AUD-8"))
    return ordered_report(log, report)


def ordered_report(log: Log, report: str) -> ReportOrder:
    """Raises NotFound for an order that was never made."""
    return _told(report, log.stream(report_stream(report)))


def _told(report: str, events: Sequence[Recorded]) -> ReportOrder:
    if not events or not isinstance(events[0].fact, ReportOrdered):
        raise NotFound(f"there is no report {report}")
    released = next((one.meta.actor for one in events if isinstance(one.fact, ReportReleased)), None)
    first = events[0]
    return ReportOrder(
        id=report,
        order=events[0].fact,
        ordered_by=first.meta.actor,
        ordered_at=first.meta.recorded_at,
        released_by=released,
    )


def standing_reports(
    log: Log, recorded: RecordedView, clock: Clock, entities: Sequence[str]
) -> tuple[ReportOrder, ...]:
    """Everything that was ordered about these legal entities and is still good, oldest first."""
    made = Filters(kind="report.ordered.v1", recorded_from=clock.now() - PLANNED_GOOD_FOR)
    found, after = [], -1
    while True:
        page = recorded.find(entities, made, after=after, limit=_PAGE)
        events = log.streams([report_stream(one.run) for one in page.entries])
        found += [_told(one.run, events[report_stream(one.run)]) for one in page.entries]
        if page.reached is None:
            break
        after = page.reached
    return tuple(one for one in found if clock.now() < one.good_until)


def waiting_reports(
    log: Log, recorded: RecordedView, clock: Clock, entities: Sequence[str], *, actor: Actor
) -> tuple[ReportOrder, ...]:
    """What somebody else ordered about these legal entities and may be released now, oldest first."""
    standing = standing_reports(log, recorded, clock, entities)
    return tuple(one for one in standing if one.waits_for(actor))


def reason_of(log: Log, vault: Vault, report: str) -> str:
    """Why its values are to be shown, in clear: for whoever has to release it, and for the record of the showing."""
    (fact,) = (one.fact for one in vault.opened(log.stream(report_stream(report))[:1]))
    return str(fact.reason) if isinstance(fact, ReportOrdered) and fact.unmasked else ""


def _record(log: Log, clock: Clock, actor: Actor, report: str, version: int, *facts: Fact) -> None:
    """Whom a reason names stands with everybody's, where an erasure looks for it."""
    named = [Pending(one) for one in facts if isinstance(one, PeopleNamed)]
    ours = [Pending(one) for one in facts if not isinstance(one, PeopleNamed)]
    appends = [StreamAppend(report_stream(report), version, ours)]
    if named:
        appends.append(StreamAppend(CUSTODY, len(log.stream(CUSTODY)), named))
    log.append(appends, meta=Meta(recorded_at=clock.now(), actor=actor, correlation=report))
    log.checkpoint()
