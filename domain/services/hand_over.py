"""What waits for somebody in one legal entity, put together from what the views and the latest run say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Final

from domain.events.runs import OutcomeRecorded
from domain.four_eyes import CONFIRMED_WITHIN
from domain.log import Log, Vault
from domain.outcomes import Told
from domain.planning.business_date import business_date
from domain.planning.findings import NOTICE_TEXT, NoticeCode
from domain.ports import Clock, Views
from domain.schedule import INSTALLATION, Job, Plans, following, late, outstanding
from domain.services.alerts.raised import standing_since
from domain.services.drift.standing import to_see_to
from domain.services.ends_apart import alerts_of, ends_apart
from domain.values import LegalEntityId
from domain.views.handed import Handed, Noted, lines
from domain.views.handover import Sheet, not_looked_at
from domain.views.runs import OutcomeRow, RunRow
from domain.views.tasks import held

_TRIES: Final = 5


def handover_sheet(entity: LegalEntityId, *, log: Log, vault: Vault, views: Views, clock: Clock, plans: Plans) -> Sheet:
    """As the views stand now: whoever asks has brought them up to date."""
    now = clock.now()
    runs = views.runs.last(entity, good_since=now - CONFIRMED_WITHIN)
    differing = to_see_to(entity, runs.completed, log=log, vault=vault, views=views)
    waiting, alerts = views.tasks.waiting(entity, now), alerts_of([entity], log)
    handed = Handed(
        concepts=views.sync_state.waiting([entity])[entity],
        disagreements=ends_apart(alerts, log)[entity],
        outcomes=tuple(_told(runs.counted, log, views)) if runs.counted else (),
        cases=tuple((one.row, one.case.decided.by if one.case.decided else None) for one in differing.cases),
        foreseen=differing.foreseen,
        to_enter=tuple((one.row, one.kept_by) for one in differing.to_enter),
        tasks=tuple((one, one.holder(business_date(now))) for one in waiting.tasks),
        since=standing_since(alerts[entity]),
        runs=runs,
        seconds=waiting.seconds,
        late=tuple(_late(entity, plans, views, now)),
    )
    return Sheet(
        legal_entity=entity,
        day=business_date(now),
        runs=runs,
        look=waiting.look,
        compared_at=differing.check.concluded_at if differing.check else None,
        lines=lines(handed),
        unseen=not_looked_at(runs, waiting.look, differing.check),
        held=held(waiting.tasks, runs.counted.counts if runs.counted else {}),
        next_run=_next_run(entity, plans, now),
    )


def _late(entity: LegalEntityId, plans: Plans, views: Views, now: datetime) -> Iterator[tuple[Job, datetime]]:
    """Of this legal entity and of the installation, with when the newest of each should have begun."""
    mine = [one for one in plans.planned if one.entity in (entity, INSTALLATION)]
    rows = views.schedule.jobs() if mine else {}
    for one in mine:
        if one.key in rows and late(one, rows[one.key].standing, now, plans.grace):
            yield one.job, outstanding(one.timetable, rows[one.key].standing, now)[-1].due_at


def _next_run(entity: LegalEntityId, plans: Plans, now: datetime) -> datetime | None:
    table = next((one.timetable for one in plans.planned if one.key == (entity, Job.SYNC)), None)
    return following(table, now) if table else None


def handed_over(
    entity: LegalEntityId, size: int, *, log: Log, vault: Vault, views: Views, clock: Clock, plans: Plans
) -> tuple[Sheet, int]:
    """The sheet, and how many events the log had for it; `size` is what the views have surely seen.

    While the log grows meanwhile it is put together again, so that nothing later is on it; of one that never rests the
    last is taken, on which nothing up to there is missing.
    """
    for _ in range(_TRIES):
        told = size
        sheet = handover_sheet(entity, log=log, vault=vault, views=views, clock=clock, plans=plans)
        if (size := log.size()) == told:
            break
        views.catch_up()
    return sheet, told


def _told(run: RunRow, log: Log, views: Views) -> Iterator[tuple[OutcomeRow, tuple[Noted, ...]]]:
    """Those of the run of whom there is something to tell, with what it remarked about them."""
    outcomes = views.runs.noted(run.run_id)
    told = Told(log.at(sorted({each.position for each in outcomes})))
    for row in outcomes:
        fact = told.of(row.position, row.person_id)
        yield row, tuple(_notices(fact)) if fact is not None else ()


def _notices(fact: OutcomeRecorded) -> Iterator[Noted]:
    """A code that only a later version knows is that version's to tell; old facts have no details."""
    for code, detail in zip_longest(fact.notices, fact.details, fillvalue=""):
        if code in NOTICE_TEXT:
            yield Noted(NoticeCode(code), detail)
