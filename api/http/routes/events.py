"""Everything the log recorded, by any filter."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.http.dependencies import Asking, Requires
from api.http.routes.parameters import DEFAULT, Cursor, Filtered, Limit
from api.http.schemas.answers import EventItem, Events
from api.presenters.history import event as event_json
from domain.access import Permission
from domain.events.runs import Unmoved
from domain.outcomes import only_of
from domain.views.history import lines
from domain.views.recorded import Filters
from domain.views.sentences import ENGLISH, Tongue

router = APIRouter(tags=["history"])


@router.get("/events")
def events(
    asking: Annotated[Asking, Depends(Requires(Permission.READ_EVENTS))],
    filters: Filtered,
    legal_entity: Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
    newest_first: Annotated[bool, Query(description="From the end of the log to its beginning")] = False,
) -> Events:
    """What the log recorded, in its order. All filters that are given must hold.

    One question looks at a bounded part of the log: follow `next` while `more` is true. `employee_number` finds what
    names the number; an employee's whole story, with what Personio showed, is their history.
    """
    return told(asking, filters, legal_entity, cursor, limit, newest_first=newest_first)


def told(
    asking: Asking,
    filters: Filters,
    legal_entity: str | None,
    cursor: str | None,
    limit: int,
    *,
    newest_first: bool,
    t: Tongue = ENGLISH,
    facts: bool = True,
) -> Events:
    """As the route tells it, its sentences in any language; without the facts for whoever shows only those."""
    entities = asking.entities(legal_entity)
    question = asking.question(legal_entity=legal_entity, newest_first=newest_first or None, **filters.as_text())
    after = asking.web.cursors.after(question, cursor)
    asking.reads("events", entity=legal_entity or "", number=filters.employee_number)
    start = (asking.seen + 1 if newest_first else -1) if after is None else int(after)
    way = {"before": start} if newest_first else {"after": start}
    found = asking.web.store.views.recorded.find(entities, filters, limit=limit, **way)
    store = asking.web.store
    recorded = store.vault.marked(store.log.at([one.position for one in found.entries]))
    if filters.employee_number is not None or filters.person_id is not None:
        recorded = tuple(only_of(recorded, partial(_passes, filters)))
    known = {event.position: (event, line) for event, line in zip(recorded, lines(recorded, t), strict=True)}
    told_of = (one for one in found.entries if one.position in known)  # a shared event may name the person with another
    items = [EventItem.model_validate(event_json(entry, *known[entry.position], facts=facts)) for entry in told_of]
    last = found.entries[-1].position if found.entries else start
    end = 0 if newest_first else max(last, start, asking.seen)
    reached = found.reached if found.reached is not None else end
    return Events(items=items, next=asking.web.cursors.cursor(question, reached), more=found.reached is not None)


def _passes(filters: Filters, one: Unmoved) -> bool:
    person, number = filters.person_id, filters.employee_number
    return person in (None, one.person_id) and number in (None, one.employee_number)
