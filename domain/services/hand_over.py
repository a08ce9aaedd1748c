"""The handover sheet of one legal entity, put together from what the views and the latest run say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from domain.alerts import AlertRecord
from domain.events.runs import OutcomeRecorded
from domain.log import Log, Vault
from domain.outcomes import outcome_of
from domain.planning.business_date import business_date
from domain.planning.findings import NoticeCode
from domain.ports import Clock, Views
from domain.services.alerts.raised import SYSTEMS, disagreeing, standing_since
from domain.services.drift.standing import where_they_differ
from domain.services.sync.outcomes import latest_judging
from domain.streams import alert_stream
from domain.values import LegalEntityId, PersonId
from domain.views.handover import OF_NOTICE, Handed, Noted, Sheet, lines
from domain.views.runs import OutcomeRow, RunRow
from domain.views.sync_state import PersonState
from domain.views.terminations import intervals

_AT_ONCE: Final = 500


def handover_sheet(entity: LegalEntityId, *, log: Log, vault: Vault, views: Views, clock: Clock) -> Sheet:
    """As the views stand now: whoever asks has brought them up to date."""
    now = clock.now()
    apart = where_they_differ(entity, log=log, vault=vault, views=views)
    alerts = log.stream(alert_stream(entity, SYSTEMS))
    run, seen = latest_judging(entity, views), intervals(views.terminations.end_dates(entity))
    handed = Handed(
        states=tuple(_everyone(entity, views)),
        disagreements=tuple(disagreeing(AlertRecord.of(alerts))),
        outcomes=tuple(_told(run, log, views)) if run else (),
        cases=tuple((one.row, one.case.decided.by if one.case.decided else None) for one in apart.cases),
        foreseen=apart.foreseen or (),
        to_enter=tuple((one.row, one.kept_by) for one in apart.to_enter),
        tasks=tuple((one, one.holder(business_date(now))) for one in views.tasks.open(entity)),
        ends={one.employee_number: one.end_dates[-1] for one in seen if one.until is None},
        since=standing_since(alerts),
    )
    compared_at = apart.check.concluded_at if apart.check else None
    return Sheet(entity, business_date(now), run, views.tasks.last_look(entity), compared_at, lines(handed))


def _everyone(entity: LegalEntityId, views: Views) -> Iterator[PersonState]:
    after: PersonId | None = None
    while page := views.sync_state.states(entity, after=after, limit=_AT_ONCE):
        yield from page
        after = page[-1].person_id


def _told(run: RunRow, log: Log, views: Views) -> Iterator[tuple[OutcomeRow, tuple[Noted, ...]]]:
    """Everyone of the run with what it remarked about them."""
    outcomes = views.runs.outcomes(run.run_id)
    for start in range(0, len(outcomes), _AT_ONCE):
        part = outcomes[start : start + _AT_ONCE]
        facts = {one.position: one.fact for one in log.at(sorted({each.position for each in part}))}
        for row in part:
            fact = outcome_of(facts[row.position], row.person_id)
            yield row, tuple(_notices(fact)) if fact is not None else ()


def _notices(fact: OutcomeRecorded) -> Iterator[Noted]:
    """A code that only a later version knows is that version's to tell; old facts have no details."""
    for code, detail in zip_longest(fact.notices, fact.details, fillvalue=""):
        if code in OF_NOTICE:
            yield Noted(NoticeCode(code), detail)
