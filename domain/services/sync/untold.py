"""What runs that were cut off overwrote, and nobody was told: the next run of the entity that ends tells it (RUN-8).

A run tells of its writes when it ends, and one that was cut off never did. What it wrote is on record all the same: by
the run itself, or by the one that read its last write back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.events.loket import FieldOverwritten
from domain.personal import Personal
from domain.planning.details import FIELDS_OF_RUN, WRITTEN_BEFORE, WRITTEN_EARLIER
from domain.services.journal import Tools
from domain.values import FieldPath, LegalEntityId, PersonId, RunId, one_or_many
from domain.views.overwritten_fields import OverwrittenFilters, OverwrittenRow
from domain.views.runs import REFUSED_AT_THE_DOOR, RunRow, RunStatus

_UNENDED: Final = (RunStatus.CUT_OFF, RunStatus.IN_PROGRESS)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Untold:
    """One field that an earlier run overwrote, and where the log holds it. `before` and `after` are clear values."""

    position: int
    run_id: RunId
    person: PersonId
    field: FieldPath
    before: Personal
    after: Personal
    effective_on: date | None


def untold(tools: Tools, entity: LegalEntityId, own: RunId) -> tuple[Untold, ...]:
    """In the order of the log, without what the run `own` overwrote itself."""
    tools.views.catch_up()
    since = _since(_runs(tools, entity))
    if since is None:
        return ()
    places = [row.position for row in _rows(tools, entity, since) if row.run_id != own]
    events = tools.vault.opened(tools.log.at(places))
    return tuple(_untold(one.position, one.fact) for one in events if isinstance(one.fact, FieldOverwritten))


def told_of(earlier: Sequence[Untold]) -> str | None:
    """One line for the result of the run as a whole; None when there is nothing to tell."""
    if not earlier:
        return None
    counted = Counter(one.run_id for one in earlier)
    runs = (one_or_many(FIELDS_OF_RUN, count).format(run=run, number=count) for run, count in counted.items())
    return WRITTEN_BEFORE.format(said="; ".join(runs))


def told_of_person(earlier: Iterable[Untold]) -> tuple[str, ...]:
    """One line for each earlier run that wrote about a person."""
    counted = Counter(one.run_id for one in earlier)
    return tuple(one_or_many(WRITTEN_EARLIER, count).format(number=count, run=run) for run, count in counted.items())


def _since(newest_first: Iterator[RunRow]) -> int | None:
    """Where the first run begins that no run has told of: the one after the last that ended and held the entity."""
    first = None
    for row in newest_first:
        if row.status in _UNENDED:
            first = row.position
        elif row.reason != REFUSED_AT_THE_DOOR:
            break
    return first


def _runs(tools: Tools, entity: LegalEntityId) -> Iterator[RunRow]:
    before = None
    while page := tools.views.runs.runs(entity, before=before):
        yield from page
        before = page[-1].position


def _rows(tools: Tools, entity: LegalEntityId, since: int) -> Iterator[OverwrittenRow]:
    asked, below = OverwrittenFilters(entities=(entity,), since=date.min, until=date.max), tools.log.size()
    after = since
    while page := tools.views.overwritten_fields.rows(asked, below=below, after=after, limit=_AT_ONCE):
        yield from page
        after = page[-1].position


def _untold(position: int, fact: FieldOverwritten) -> Untold:
    run, person, field = RunId(fact.run_id), PersonId(fact.person_id), FieldPath(fact.field)
    return Untold(position, run, person, field, fact.before, fact.after, fact.effective_on)
