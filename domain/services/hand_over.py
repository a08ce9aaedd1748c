"""The handover sheet of one legal entity, put together from what the views and the latest run say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from domain.events.runs import OutcomeRecorded
from domain.log import Log, Vault
from domain.outcomes import Told
from domain.planning.business_date import business_date
from domain.planning.findings import NoticeCode
from domain.ports import Clock, Views
from domain.services.alerts.raised import standing_since
from domain.services.drift.standing import to_see_to
from domain.services.ends_apart import alerts_of, ends_apart
from domain.values import LegalEntityId
from domain.views.handover import OF_NOTICE, Handed, Noted, Sheet, lines, not_looked_at
from domain.views.runs import OutcomeRow, RunRow
from domain.views.tasks import held

_TRIES: Final = 5


def handover_sheet(entity: LegalEntityId, *, log: Log, vault: Vault, views: Views, clock: Clock) -> Sheet:
    """As the views stand now: whoever asks has brought them up to date."""
    now, runs = clock.now(), views.runs.last(entity)
    cases, to_enter, foreseen = to_see_to(entity, runs.completed, log=log, vault=vault, views=views)
    waiting, check = views.tasks.waiting(entity, now), views.drift.last_check(entity)
    alerts = alerts_of([entity], log)
    handed = Handed(
        concepts=views.sync_state.waiting([entity])[entity],
        disagreements=ends_apart(alerts, log)[entity],
        outcomes=tuple(_told(runs.counted, log, views)) if runs.counted else (),
        cases=tuple((one.row, one.case.decided.by if one.case.decided else None) for one in cases),
        foreseen=foreseen,
        to_enter=tuple((one.row, one.kept_by) for one in to_enter),
        tasks=tuple((one, one.holder(business_date(now))) for one in waiting.tasks),
        since=standing_since(alerts[entity]),
    )
    return Sheet(
        legal_entity=entity,
        day=business_date(now),
        run=runs.counted,
        look=waiting.look,
        compared_at=check.concluded_at if check else None,
        lines=lines(handed),
        unseen=not_looked_at(runs, waiting.look, check),
        held=held(waiting.tasks, runs.counted.counts if runs.counted else {}),
    )


def handed_over(
    entity: LegalEntityId, size: int, *, log: Log, vault: Vault, views: Views, clock: Clock
) -> tuple[Sheet, int]:
    """The sheet, and how many events the log had for it; `size` is what the views have surely seen.

    While the log grows meanwhile it is put together again, so that nothing later is on it; of one that never rests the
    last is taken, on which nothing up to there is missing.
    """
    for _ in range(_TRIES):
        told, sheet = size, handover_sheet(entity, log=log, vault=vault, views=views, clock=clock)
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
        if code in OF_NOTICE:
            yield Noted(NoticeCode(code), detail)
