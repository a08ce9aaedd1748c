"""Alerts: what people were told, and whether it reached them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.http.dependencies import Asking, Requires
from api.http.problems import not_found
from api.http.routes.parameters import DEFAULT, WORD, Cursor, Limit
from api.http.schemas.answers import Answer
from api.presenters import alerts as present
from domain.access import Permission

router = APIRouter(tags=["alerts"])
Reader = Annotated[Asking, Depends(Requires(Permission.READ_RUNS))]


class Delivery(Answer):
    target: str
    state: str
    attempts: int
    next_at: datetime | None
    cause: str | None


class Alert(Answer):
    alert: str
    legal_entity: str | None
    raised_at: datetime
    about: str
    lines: list[str]
    deliveries: list[Delivery]
    position: int


class Alerts(Answer):
    items: list[Alert]
    next: str
    more: bool


@router.get("/alerts")
def alerts(
    asking: Reader,
    legal_entity: Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Alerts:
    """What was raised, newest first: kinds, counts and field names, never a value."""
    entities = asking.entities(legal_entity)
    question = asking.question(legal_entity=legal_entity)
    after = asking.web.cursors.after(question, cursor)
    asking.reads("alerts", entity=legal_entity or "")
    before = None if after is None else int(after)
    view, log = asking.web.store.views.alerts, asking.web.store.log
    rows = view.raised(entities, before=before, limit=limit)
    last = rows[-1].position if rows else before if before is not None else asking.seen + 1
    return Alerts(
        items=[Alert.model_validate(one) for one in present.alerts(rows, view, log)],
        next=asking.web.cursors.cursor(question, last),
        more=len(rows) == limit,
    )


@router.get("/alerts/{alert}")
def alert(asking: Reader, alert: Annotated[str, Path(min_length=1, max_length=120, pattern=WORD)]) -> Alert:
    """One alert: where the link in a message leads."""
    asking.reads("alert")
    view, log = asking.web.store.views.alerts, asking.web.store.log
    row = view.alert(alert)
    if row is None or not asking.caller.sees(row.legal_entity):
        raise not_found()
    return Alert.model_validate(present.alerts([row], view, log)[0])
