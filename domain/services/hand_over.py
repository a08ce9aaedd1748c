"""What waits for somebody in legal entities, put together from what the views and the latest run say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from domain.schedule import INSTALLATION, Job, Key, Plans, following, late, outstanding
from domain.services.alerts.raised import standing_since
from domain.services.drift.standing import to_see_to
from domain.services.ends_apart import alerts_of, ends_apart
from domain.services.keep_schedule import standing_jobs
from domain.values import LegalEntityId, RunId
from domain.views.handed import Handed, Noted, lines
from domain.views.handover import Sheet, not_looked_at
from domain.views.runs import OutcomeRow
from domain.views.schedule import ScheduleRow
from domain.views.tasks import held

_TRIES: Final = 5


def handover_sheet(entity: LegalEntityId, *, log: Log, vault: Vault, views: Views, clock: Clock, plans: Plans) -> Sheet:
    return handover_sheets([entity], log=log, vault=vault, views=views, clock=clock, plans=plans)[entity]


def handover_sheets(
    entities: Sequence[LegalEntityId], *, log: Log, vault: Vault, views: Views, clock: Clock, plans: Plans
) -> Mapping[LegalEntityId, Sheet]:
    """Of each, as the views stand now: whoever asks has brought them up to date. Several cost no more questions."""
    now = clock.now()
    last = views.runs.last(entities, good_since=now - CONFIRMED_WITHIN)
    differing = to_see_to({one: last[one].completed for one in entities}, log=log, vault=vault, views=views)
    waiting, alerts = views.tasks.waiting(entities, now), alerts_of(entities, log)
    concepts, apart = views.sync_state.waiting(entities), ends_apart(alerts, log)
    told = _told([one.counted.run_id for one in last.values() if one.counted], log, views)
    jobs = standing_jobs(log, views, now) if plans.planned else {}

    def sheet(entity: LegalEntityId) -> Sheet:
        runs, differs, waits = last[entity], differing[entity], waiting[entity]
        handed = Handed(
            concepts=concepts[entity],
            disagreements=apart[entity],
            outcomes=told[runs.counted.run_id] if runs.counted else (),
            cases=differs.cases,
            foreseen=differs.foreseen,
            to_enter=tuple((one.row, one.kept_by) for one in differs.to_enter),
            tasks=tuple((one, one.holder(business_date(now))) for one in waits.tasks),
            since=standing_since(alerts[entity]),
            runs=runs,
            seconds=waits.seconds,
            late=tuple(_late(entity, plans, jobs, now)),
        )
        return Sheet(
            legal_entity=entity,
            day=business_date(now),
            runs=runs,
            look=waits.look,
            compared_at=differs.check.concluded_at if differs.check else None,
            lines=lines(handed),
            unseen=not_looked_at(runs, waits.look, differs.check),
            held=held(waits.tasks, runs.counted.counts if runs.counted else {}),
            next_run=_next_run(entity, plans, now),
        )

    return {one: sheet(one) for one in entities}


def _late(
    entity: LegalEntityId, plans: Plans, jobs: Mapping[Key, ScheduleRow], now: datetime
) -> Iterator[tuple[Job, datetime]]:
    """Of this legal entity and of the installation, with when the newest of each should have begun."""
    for one in plans.planned:
        mine = one.entity in (entity, INSTALLATION) and one.key in jobs
        if mine and late(one, jobs[one.key].standing, now, plans.grace):
            yield one.job, outstanding(one.timetable, jobs[one.key].standing, now)[-1].due_at


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


def _told(
    runs: Collection[RunId], log: Log, views: Views
) -> Mapping[RunId, tuple[tuple[OutcomeRow, tuple[Noted, ...]], ...]]:
    """Of each run those of whom there is something to tell, with what it remarked about them."""
    outcomes = views.runs.noted(runs)
    told = Told(log.at(sorted({one.position for each in outcomes.values() for one in each})))

    def noted(row: OutcomeRow) -> tuple[Noted, ...]:
        fact = told.of(row.position, row.person_id)
        return tuple(_notices(fact)) if fact is not None else ()

    return {run: tuple((row, noted(row)) for row in rows) for run, rows in outcomes.items()}


def _notices(fact: OutcomeRecorded) -> Iterator[Noted]:
    """A code that only a later version knows is that version's to tell; old facts have no details."""
    for code, detail in zip_longest(fact.notices, fact.details, fillvalue=""):
        if code in NOTICE_TEXT:
            yield Noted(NoticeCode(code), detail)
