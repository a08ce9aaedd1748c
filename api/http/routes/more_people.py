"""Opening more people's values within a day than one person may: asked for, and agreed to by another (AUD-8)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import documented, not_found
from api.http.routes.parameters import REASON
from api.http.schemas.answers import Answer
from domain.access import Permission
from domain.services.reports.more_people import (
    MOST_AT_ONCE,
    agree_to_more,
    ask_for_more,
    good_now,
    waiting_for_more,
    why_more,
)
from domain.showings import MorePeople

router = APIRouter(prefix="/more-people", tags=["reports"])
Wanting = Annotated[Asking, Depends(Requires(Permission.SHOW_NAMES))]  # values may be names
Agreeing = Annotated[Asking, Depends(Requires(Permission.UNMASK))]
_CONFLICT: Final = documented({409: "Agreed meanwhile, or the key is in use"})


def _whole(given: object) -> object:
    """A JSON number without a fraction is an integer, 25.0 too."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


class Wanted(BaseModel):
    """How many people more, of which legal entity, and why; the reason is sealed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    legal_entity: str = Field(min_length=1, max_length=64)
    people: Annotated[int, BeforeValidator(_whole)] = Field(ge=1, le=MOST_AT_ONCE)
    reason: str = Field(min_length=1, max_length=500, pattern=REASON)


class Agreed(BaseModel):
    """Nothing to choose: what is agreed to is what was asked for."""

    model_config = ConfigDict(extra="forbid")


class MorePeopleAnswer(Answer):
    asked: str = Field(description="Its id")
    legal_entity: str
    people: int
    asked_by: str
    agreed_by: str | None
    good_until: datetime
    reason: str | None = Field(description="Told while it waits for a second person")


class MorePeopleWaiting(Answer):
    items: list[MorePeopleAnswer]
    agreed: list[MorePeopleAnswer] = Field(description="What the caller asked for, and may use now")


@router.get("")
def more_people_waiting(asking: Wanting) -> MorePeopleWaiting:
    """What waits for a second person, of the caller's legal entities, oldest first; who may not agree: their own.

    And what somebody agreed to of what the caller asked for, while it counts.
    """
    asking.notes("more-people")
    asking.response.headers["Cache-Control"] = "no-store"
    store = asking.web.store
    waiting = waiting_for_more(store.log, store.clock).values()
    theirs = [one for one in waiting if _concerns(asking, one)]
    agreed = good_now(store.log, store.clock, asking.caller.subject).values()
    return MorePeopleWaiting(
        items=[_answer(one, why_more(store.vault, one)) for one in theirs],
        agreed=[_answer(one) for one in agreed if asking.caller.sees(one.legal_entity)],
    )


@router.post("", status_code=201, response_model=MorePeopleAnswer, responses=_CONFLICT)
def ask_for_more_people(asking: Wanting, body: Wanted, idempotency_key: IdempotencyKey) -> Response:
    """Ask to open more people's values of a legal entity than one person opens within a day; good for 24 hours."""
    entity, store = asking.entity(body.legal_entity), asking.web.store

    def make() -> str:
        made = ask_for_more(
            store.log, store.vault, store.clock, actor=asking.caller.subject, entity=entity, people=body.people,
            reason=body.reason,
        )  # fmt: skip
        return _answer(made).model_dump_json()

    return Response(once(asking, idempotency_key, body.model_dump_json(), make), 201, media_type="application/json")


@router.post("/{asked}/agreement", response_model=MorePeopleAnswer, responses=_CONFLICT)
def agree_to_more_people(
    asking: Agreeing,
    asked: Annotated[str, Path(pattern=r"^more-[0-9]{1,12}$")],
    body: Agreed,
    idempotency_key: IdempotencyKey,
) -> Response:
    """Agree that whoever asked opens so many people's values more: another subject, never another key."""
    store = asking.web.store

    def make() -> str:
        found = waiting_for_more(store.log, store.clock).get(asked)
        if found is None or not asking.caller.sees(found.legal_entity):
            raise not_found()
        return _answer(
            agree_to_more(store.log, store.clock, actor=asking.caller.subject, asked=asked)
        ).model_dump_json()

    return Response(once(asking, idempotency_key, body.model_dump_json(), make), media_type="application/json")


def _concerns(asking: Asking, one: MorePeople) -> bool:
    agrees, asked = asking.caller.may(Permission.UNMASK), one.asked_by == asking.caller.subject
    return asking.caller.sees(one.legal_entity) and (agrees or asked)


def _answer(one: MorePeople, reason: str | None = None) -> MorePeopleAnswer:
    return MorePeopleAnswer(
        asked=one.id,
        legal_entity=one.legal_entity,
        people=one.people,
        asked_by=one.asked_by,
        agreed_by=one.agreed_by,
        good_until=one.good_until,
        reason=reason,
    )
