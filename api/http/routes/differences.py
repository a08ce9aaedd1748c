"""What people decide about differences between the systems, and what is still to be entered in Personio by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import documented
from api.http.routes.parameters import REASON, WORD, AsAt, Day, Entity, Number, aware
from api.http.schemas.answers import Answer
from api.http.schemas.drift import DriftItem, ToEnter
from api.identifiers import new_run_id
from api.presenters import drift as present
from domain.access import Permission
from domain.grounds.readers import read_json
from domain.services.drift.human_decisions import Deciding, extend
from domain.services.drift.standing import Differences, still_to_enter, where_they_differ
from domain.services.journal import Journal
from domain.settings import Policy
from domain.values import EmployeeNumber, FieldPath

router = APIRouter(prefix="/legal-entities/{entity}", tags=["differences"])
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Decider = Annotated[Asking, Depends(Requires(Permission.DECIDE))]
_Why = Annotated[str, Field(min_length=1, max_length=500, pattern=REASON)]
_FieldName = Annotated[str, Field(min_length=1, max_length=200, pattern=WORD)]
_DECISION: Final[dict[str, Any]] = {
    "responses": documented(
        {409: "Somebody decided about it at the same moment, or the key is in use", 422: "It may not be decided"}
    )
}


class Decision(BaseModel):
    """About which fields of the person, and why: it is kept with the decision, sealed."""

    model_config = ConfigDict(extra="forbid")

    fields: list[_FieldName] = Field(min_length=1, max_length=50)
    reason: _Why


class Acceptance(Decision):
    until: Day | None = Field(default=None, description="The last day; 30 days from today if left out")


class Extension(BaseModel):
    """The reason that stands is kept unless there is a new one."""

    model_config = ConfigDict(extra="forbid")

    fields: list[_FieldName] = Field(min_length=1, max_length=50)
    until: Day | None = Field(default=None, description="The last day; 30 days from today if left out")
    reason: _Why | None = None


class Because(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: _Why


class Decided(Answer):
    """The open differences of the person as they stand now."""

    legal_entity: str
    employee_number: int
    items: list[DriftItem]


class HeldOutNow(Answer):
    legal_entity: str
    employee_number: int
    held_out: bool


@router.get("/to-enter")
def to_enter(asking: People, entity: Entity, as_at: AsAt = None) -> ToEnter:
    """The values of Loket that somebody kept, and that are still to be entered in Personio, oldest first (DRIFT-4).

    `as_at` gives those that were to be entered at that instant.
    """
    legal_entity, by = asking.entity(entity), aware(as_at, "query.as_at")
    asking.reads("to-enter", entity=entity)
    store = asking.web.store
    found = still_to_enter(legal_entity, log=store.log, vault=store.vault, views=store.views, by=by)
    return ToEnter.model_validate(present.kept_values(entity, found))


def kept(entity: str, found: Differences) -> ToEnter:
    return ToEnter.model_validate(present.kept_values(entity, found.to_enter))


@router.post("/employees/{number}/differences/acknowledged", response_model=Decided, **_DECISION)
def acknowledge(
    asking: Decider, entity: Entity, number: Number, body: Decision, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """You know of these differences, and let the next run overwrite Loket's values (DRIFT-6)."""
    act = _deciding(body.reason, Deciding.acknowledge, *_about(number, body.fields))
    return _decided(asking, entity, number, body, idempotency_key, act)


@router.post("/employees/{number}/differences/accepted", response_model=Decided, **_DECISION)
def accept(
    asking: Decider, entity: Entity, number: Number, body: Acceptance, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """Leave Loket's values as they are for a time, where the legal entity allows it; never those of pay (DRIFT-8)."""
    act = _deciding(body.reason, partial(Deciding.accept, until=body.until), *_about(number, body.fields))
    return _decided(asking, entity, number, body, idempotency_key, act)


@router.post("/employees/{number}/differences/extended", response_model=Decided, **_DECISION)
def extend_acceptance(
    asking: Decider, entity: Entity, number: Number, body: Extension, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """Leave accepted values as they are until another day, for the reason that stands or a new one."""
    about = _about(number, body.fields)

    def act(policy: Policy, journal: Journal) -> None:
        extend(policy, journal, *about, until=body.until, reason=body.reason or "")

    return _decided(asking, entity, number, body, idempotency_key, act)


@router.post("/employees/{number}/differences/kept", response_model=Decided, **_DECISION)
def keep(
    asking: Decider, entity: Entity, number: Number, body: Decision, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """Loket's values are the right ones: they go to the list of what is to be entered in Personio (DRIFT-4)."""
    act = _deciding(body.reason, Deciding.keep, *_about(number, body.fields))
    return _decided(asking, entity, number, body, idempotency_key, act)


@router.post("/employees/{number}/differences/withdrawn", response_model=Decided, **_DECISION)
def withdraw(
    asking: Decider, entity: Entity, number: Number, body: Decision, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """Take back what was decided about these differences, and what of them was to be entered in Personio."""
    act = _deciding(body.reason, Deciding.withdraw, *_about(number, body.fields))
    return _decided(asking, entity, number, body, idempotency_key, act)


@router.post("/employees/{number}/hold-out", response_model=HeldOutNow, **_DECISION)
def hold_out(
    asking: Decider, entity: Entity, number: Number, body: Because, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """Leave this person out of the next run that writes, and of that one only, where the legal entity allows it."""
    act = _deciding(body.reason, Deciding.hold_out, EmployeeNumber(number))
    return _held_out(asking, entity, number, body, idempotency_key, act, held=True)


@router.post("/employees/{number}/hold-out/withdrawn", response_model=HeldOutNow, **_DECISION)
def let_in(
    asking: Decider, entity: Entity, number: Number, body: Because, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """The person who was held out takes part in the next run after all."""
    act = _deciding(body.reason, Deciding.let_in, EmployeeNumber(number))
    return _held_out(asking, entity, number, body, idempotency_key, act, held=False)


_Act = Callable[[Policy, Journal], object]


def _deciding(reason: str, decide: Callable[..., object], *about: object) -> _Act:
    """One of the ways to decide, for this reason."""
    return lambda policy, journal: decide(Deciding(policy, journal, reason), *about)


def _about(number: int, fields: list[str]) -> tuple[Any, ...]:
    return EmployeeNumber(number), *map(FieldPath, fields)


def _decided(asking: Asking, entity: str, number: int, body: BaseModel, key: str, act: _Act) -> JSONResponse:
    legal_entity = asking.entity(entity)

    def make() -> str:
        policy = _recorded(asking, entity, number, act)
        store = asking.web.store
        store.views.catch_up()
        found = where_they_differ(legal_entity, log=store.log, vault=store.vault, views=store.views)
        theirs = [present.difference(one, policy) for one in found.cases if one.row.employee_number == number]
        items = [DriftItem.model_validate(one) for one in theirs]
        return Decided(legal_entity=entity, employee_number=number, items=items).model_dump_json()

    return JSONResponse(read_json(once(asking, key, body.model_dump_json(), make)))


def _held_out(
    asking: Asking, entity: str, number: int, body: BaseModel, key: str, act: _Act, *, held: bool
) -> JSONResponse:
    asking.entity(entity)

    def make() -> str:
        _recorded(asking, entity, number, act)
        return HeldOutNow(legal_entity=entity, employee_number=number, held_out=held).model_dump_json()

    return JSONResponse(read_json(once(asking, key, body.model_dump_json(), make)))


def _recorded(asking: Asking, entity: str, number: int, act: _Act) -> Policy:
    web, policy = asking.web, asking.web.settings.policy(entity)
    asking.notes("decision", entity=entity, number=number)
    with web.tools() as tools:
        correlation = f"decision-{new_run_id(tools.clock.now())}"
        act(policy, Journal(tools=tools, actor=asking.caller.subject, correlation=correlation))
    return policy
