"""Erasing people: asked for by one privacy officer, confirmed by another; and holds, which keep everything (AUD-9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import documented, not_found
from api.http.routes.parameters import REASON
from api.http.schemas.answers import Answer
from api.presenters import erasures as present
from api.tasks.erase import eraser
from domain.access import Permission
from domain.four_eyes import is_second_person
from domain.records.erasure_book import ErasureState
from domain.services.erase import Eraser
from domain.values import PersonId

router = APIRouter(tags=["erasure"])
Officer = Annotated[Asking, Depends(Requires(Permission.ERASE))]
_ID: Final = r"^[A-Za-z0-9_-]{1,120}$"
_CONFLICT: Final = documented({409: "Nothing may be erased now, or the key is in use"})


class AboutPerson(BaseModel):
    """Whom it is about and why; the reason is sealed with the person's own keys."""

    model_config = ConfigDict(extra="forbid", strict=True)

    person_id: str = Field(description="Personio's person id", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    reason: str = Field(min_length=1, max_length=500, pattern=REASON)


class Because(BaseModel):
    """Why; the reason is sealed with the person's own keys."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(min_length=1, max_length=500, pattern=REASON)


class Agreed(BaseModel):
    """Nothing to choose: what is agreed to is the request as it stands."""

    model_config = ConfigDict(extra="forbid")


class RestrictedClass(Answer):
    retention_class: str = Field(alias="class")
    why: str = Field(description="legal_period, employed or hold")
    until: date | None = Field(description="The first day it may go; null where no day is known yet")


class ErasureAnswer(Answer):
    erasure: str
    person_id: str
    state: str = Field(description="requested, confirmed (the keys are being destroyed) or completed")
    requested_by: str
    requested_at: datetime
    restricted: list[RestrictedClass] = Field(description="What must be kept, as last judged: it is restricted")
    erased: list[str] = Field(description="The classes whose keys are, or are being, destroyed")


class Erasures(Answer):
    erasures: list[ErasureAnswer]
    holds: list[str] = Field(description="Personio ids of the people of whom nothing is erased")


class Hold(Answer):
    person_id: str
    held: bool


@router.get("/erasures")
def erasures(asking: Officer) -> Erasures:
    """Every erasure and every hold, of people whose legal entities the caller sees."""
    asking.reads("erasures")
    ours = _ours(asking)
    book = ours.book()
    sees = _visible(asking, ours)
    shown = [one for one in book.erasures.values() if sees(one.person)]
    return Erasures.model_validate(present.erasures(shown, filter(sees, book.holds)))


@router.post("/erasures", status_code=201, response_model=ErasureAnswer, responses=_CONFLICT)
def request_erasure(asking: Officer, body: AboutPerson, idempotency_key: IdempotencyKey) -> Response:
    """Ask to erase a person. What a legal period or a hold keeps is refused at once, with the reason and the day.

    The rest goes when somebody else confirms. An open request for the same person is answered, not repeated.
    """
    ours, person = _ours(asking), _person(asking, body.person_id)
    return _once(asking, idempotency_key, body, lambda: present.erasure(ours.request(person, body.reason)), 201)


@router.get("/erasures/{erasure}")
def erasure(asking: Officer, erasure: Annotated[str, Path(pattern=_ID)]) -> ErasureAnswer:
    """One erasure, and how far it is."""
    asking.reads("erasure")
    found = _ours(asking).book().erasures.get(erasure)
    if found is None:
        raise not_found()
    _person(asking, found.person)
    return ErasureAnswer.model_validate(present.erasure(found))


@router.post("/erasures/{erasure}/confirmation", response_model=ErasureAnswer, responses=_CONFLICT)
def confirm_erasure(
    asking: Officer, erasure: Annotated[str, Path(pattern=_ID)], body: Agreed, idempotency_key: IdempotencyKey
) -> Response:
    """Agree to what another subject asked for, judged afresh, and carry it out.

    One's own request is a 403 whichever key is used; 409 if all of it must be kept for now.
    """
    ours = _ours(asking)
    found = ours.book().erasures.get(erasure)
    if found is None:
        raise not_found()
    _person(asking, found.person)
    return _once(asking, idempotency_key, body, lambda: present.erasure(ours.confirm(erasure)), 200)


@router.post("/holds", status_code=201, response_model=Hold, responses=_CONFLICT)
def hold(asking: Officer, body: AboutPerson, idempotency_key: IdempotencyKey) -> Response:
    """Keep everything of a person until the hold is released, whatever was asked for and whatever period ends."""
    person = _person(asking, body.person_id)

    def make() -> dict[str, Any]:
        _ours(asking).hold(person, body.reason)
        return present.hold(person, held=True)

    return _once(asking, idempotency_key, body, make, 201)


@router.post("/holds/{person_id}/release", response_model=Hold, responses=_CONFLICT)
def release_hold(
    asking: Officer,
    person_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
    body: Because,
    idempotency_key: IdempotencyKey,
) -> Response:
    """End a hold."""
    person = _person(asking, person_id)

    def make() -> dict[str, Any]:
        _ours(asking).release(person, body.reason)
        return present.hold(person, held=False)

    return _once(asking, idempotency_key, body, make, 200)


def waiting_for(asking: Asking) -> int:
    """How many requests wait for the caller to confirm them."""
    ours = _ours(asking)
    sees, subject = _visible(asking, ours), asking.caller.subject
    asked = (one for one in ours.book().erasures.values() if one.state is ErasureState.REQUESTED)
    return sum(1 for one in asked if sees(one.person) and is_second_person(one.requested_by, subject))


def _ours(asking: Asking) -> Eraser:
    return eraser(asking.web.settings, asking.web.store, asking.caller.subject)


def _person(asking: Asking, person: str) -> PersonId:
    """The person, if the log knows them and the caller sees every legal entity they were in; a 404 otherwise."""
    if not _visible(asking, _ours(asking))(PersonId(person)):
        raise not_found()
    return PersonId(person)


def _visible(asking: Asking, ours: Eraser) -> Callable[[PersonId], bool]:
    def visible(person: PersonId) -> bool:
        entities = ours.entities(person)
        return bool(entities) and all(asking.caller.sees(one) for one in entities)

    return visible


def _once(asking: Asking, key: str, body: BaseModel, make: Callable[[], dict[str, Any]], status: int) -> Response:
    def answer() -> str:
        made = make()
        model = ErasureAnswer if "erasure" in made else Hold
        return model.model_validate(made).model_dump_json(by_alias=True)

    return Response(once(asking, key, body.model_dump_json(), answer), status, media_type="application/json")
