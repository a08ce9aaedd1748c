"""Where the two systems differ: what the next run overwrites, what waits, what was decided, and deciding about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ValidationError

from api.days import iso
from api.http.problems import not_found
from api.http.routes import differences as decided
from api.http.routes import long_work as ordered
from api.http.routes import reports as asked
from api.http.routes.parameters import Entity, Number
from api.http.schemas.drift import Drift, DriftItem, ToEnterItem
from api.pages.asking import PageAsking, Signed, TypedDay, form, key_in
from api.pages.frame import next_run, shown
from api.pages.listing import Listing, as_json
from api.pages.names import names_of
from api.pages.proof.then import Asked, by, kept, of_runs
from api.pages.showing import showing_of
from api.presenters.drift import in_both
from api.presenters.values import Json
from domain.access import Permission
from domain.drift.case import DriftCase
from domain.drift.state import CaseState
from domain.events.drift import DriftChecked
from domain.planning.business_date import business_date
from domain.services.drift.human_decisions import ACCEPTED_FOR
from domain.streams import drift_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, trimmed

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
Decider = Annotated[PageAsking, Depends(Signed(Permission.DECIDE))]
Checker = Annotated[PageAsking, Depends(Signed(Permission.CHECK_DRIFT))]
Fields = Annotated[dict[str, str], Depends(form)]
_AGES: Final = ((0, 1), (2, 7), (8, 30), (31, None))
_LONGEST: Final = 500  # characters of a reason
_MEANT: Final = "field:"
"""Begins the name of a box that says that a field is meant too."""


class Decision(StrEnum):
    """What can be decided on a page."""

    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    EXTEND = "extend"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    HOLD_OUT = "hold-out"
    LET_IN = "let-in"

    @property
    def of_fields(self) -> bool:
        return self not in (Decision.HOLD_OUT, Decision.LET_IN)

    @property
    def until_a_day(self) -> bool:
        return self in (Decision.ACCEPT, Decision.EXTEND)


@dataclass(frozen=True, slots=True)
class Aged:
    """How many differences are so many days old; `days` is None for more than the first number."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """`standing` is what the next run overwrites, `left` what it leaves as it is; `next_run` is the planned one."""

    found: Drift
    standing: tuple[DriftItem, ...]
    left: tuple[DriftItem, ...]
    to_enter: tuple[ToEnterItem, ...]
    ages: tuple[Aged, ...]
    next_run: datetime | None
    holding: int
    allowed: bool
    may_decide: bool
    may_check: bool
    asked: Asked
    kept: str  # in the address of every person

    @property
    def compared(self) -> bool:
        """Whether there is anything to say: a check came to an end, or a run saw differences before one did."""
        found = self.found
        told = found.items or self.to_enter or found.waiting or found.foreseen
        return found.checked_at is not None or bool(told)

    @property
    def lost(self) -> int:
        return len(self.standing) + len(self.found.foreseen or ())

    @property
    def unread(self) -> bool:
        return self.found.completed is False


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """`fields` can be meant, those of `meant` are; `wrong` is what to say of the form: fields, reason or until."""

    decision: str
    number: int
    fields: tuple[DriftItem | ToEnterItem, ...]
    values: Mapping[str, Json]  # of these fields in both systems; masked, unless a reason to see them is on record
    may_show: bool
    meant: frozenset[str]
    reason: str
    until: str
    today: date
    wrong: str | None
    needs_reason: bool
    of_fields: bool
    until_a_day: bool


@router.get("/e/{entity}/differences")
def differences(asking: Reader, entity: Entity, as_at: TypedDay = None) -> Response:
    """As they stand, or stood at the end of a day: nobody decides about those."""
    day = as_at or None
    then = by(asking, day)
    known = asked.differing(asking, entity, then)
    found, to_enter = asked.told(asking, entity, known, then), decided.kept(entity, known).items
    legal_entity, views = LegalEntityId(entity), asking.web.store.views
    page = DifferencesPage(
        found=found,
        standing=tuple(one for one in found.items if one.state != CaseState.ACCEPTED),
        left=tuple(one for one in found.items if one.state == CaseState.ACCEPTED),
        to_enter=tuple(to_enter),
        ages=tuple(_aged(found.items, then or asking.now)),
        next_run=next_run(asking, legal_entity) if then is None else None,
        holding=len({one.person_id for one in views.tasks.open(legal_entity)}) if then is None else 0,
        allowed=asking.web.settings.policy(entity).entity.allow_accepted_drift,
        may_decide=asking.offers(Permission.DECIDE) and then is None,
        may_check=asking.offers(Permission.CHECK_DRIFT) and then is None,
        asked=of_runs(asking, entity, day, DriftChecked),
        kept=urlencode(kept(day)),
    )
    told = (*found.items, *to_enter, *(found.waiting or ()), *(found.foreseen or ()), *found.held_out)
    named = partial(names_of, asking, entity)
    listing = Listing("differences", _COLUMNS, lambda: _rows(page), named)
    names = named(one.employee_number for one in told)
    return shown(
        asking, "differences.html", entity=entity, current="differences", page=page, names=names, listing=listing
    )


@router.post("/e/{entity}/differences/checks")
def check(asking: Checker, entity: Entity, fields: Fields) -> Response:
    """Order a drift check, once however often the form is sent."""
    accepted = ordered.check(asking, entity, ordered.Ordered(), key_in(fields))
    work = accepted.headers["location"].rpartition("/")[2]
    return RedirectResponse(f"/e/{entity}/differences/checks/{work}", 303)


@router.get("/e/{entity}/differences/checks/{work}")
def checked(asking: Checker, entity: Entity, work: ordered.WorkId) -> Response:
    """How far it is; once it is done, what it found stands on the page of differences."""
    asking.entity(entity)
    told = ordered.checked(asking, work)
    if told.legal_entity != entity:
        raise not_found()
    if told.status == "done":
        return RedirectResponse(f"/e/{entity}/differences", 303)
    asking.seen = asking.web.store.log.size() - 1
    asking.web.store.views.catch_up()
    return shown(asking, "difference_check.html", entity=entity, current="differences", told=told)


@router.get("/e/{entity}/differences/{number}/{decision}")
def ask(
    asking: Decider,
    entity: Entity,
    number: Number,
    decision: Decision,
    field: Annotated[str | None, Query(max_length=200)] = None,
) -> HTMLResponse:
    """What the decision will do, and the question why."""
    until = (business_date(asking.now) + ACCEPTED_FOR).isoformat()
    return _asked(asking, entity, number, decision, meant=frozenset([field] if field else []), until=until)


@router.post("/e/{entity}/differences/{number}/{decision}")
def decide(asking: Decider, entity: Entity, number: Number, decision: Decision, fields: Fields) -> Response:
    """On record once, however often the form is sent; then back to the differences, which show it."""
    asking.entity(entity)
    key, reason, until = key_in(fields), trimmed(fields.get("reason", "")), iso(fields.get("until", ""))
    meant = [name.removeprefix(_MEANT) for name in fields if name.startswith(_MEANT)]
    wrong = None
    try:
        body = _body(decision, meant, reason, until)
        if decision.until_a_day and date.fromisoformat(until) < business_date(asking.now):
            wrong = "until"
    except ValidationError as reasons:
        wrong = str(reasons.errors()[0]["loc"][0])
    if wrong is not None:
        reason, until = reason[:_LONGEST], until[:10]
        return _asked(asking, entity, number, decision, meant=frozenset(meant), until=until, reason=reason, wrong=wrong)
    _ACTS[decision][1](asking, entity, number, body, key)
    return RedirectResponse(f"/e/{entity}/differences#n{number}", 303)


_ACTS: Final[Mapping[Decision, tuple[type[BaseModel], Callable[..., object]]]] = {
    Decision.ACKNOWLEDGE: (decided.Decision, decided.acknowledge),
    Decision.ACCEPT: (decided.Acceptance, decided.accept),
    Decision.EXTEND: (decided.Extension, decided.extend_acceptance),
    Decision.KEEP: (decided.Decision, decided.keep),
    Decision.WITHDRAW: (decided.Decision, decided.withdraw),
    Decision.HOLD_OUT: (decided.Because, decided.hold_out),
    Decision.LET_IN: (decided.Because, decided.let_in),
}
"""What the API takes for each, and what it does."""


def _body(decision: Decision, meant: Sequence[str], reason: str, until: str) -> BaseModel:
    given: Json = {"reason": reason or None if decision is Decision.EXTEND else reason}
    if decision.of_fields:
        given["fields"] = list(meant)
    if decision.until_a_day:
        given["until"] = until
    return _ACTS[decision][0](**given)


def _asked(
    asking: PageAsking,
    entity: str,
    number: int,
    decision: Decision,
    *,
    meant: frozenset[str],
    until: str,
    reason: str = "",
    wrong: str | None = None,
) -> HTMLResponse:
    showing = showing_of(asking, entity, number)
    fields = tuple(_candidates(asking, entity, number, decision))
    if showing is not None:
        asking.fresh(clear=True)
    known = {one.field for one in fields}
    if decision.of_fields and (not fields or meant - known):
        raise not_found()
    if not decision.of_fields and number not in _people(asking, entity, decision):
        raise not_found()
    page = DecisionPage(
        decision=decision.value,
        number=number,
        fields=fields,
        values=_values(asking, entity, number, fields, unmask=showing is not None),
        may_show=asking.offers(Permission.UNMASK) and showing is None and decision.of_fields,
        meant=meant or frozenset(known if len(known) == 1 else ()),
        reason=reason,
        until=until,
        today=business_date(asking.now),
        wrong=wrong,
        needs_reason=decision is not Decision.EXTEND,
        of_fields=decision.of_fields,
        until_a_day=decision.until_a_day,
    )
    names = names_of(asking, entity, [number])
    answer = shown(
        asking, "decision.html", entity=entity, current="differences", page=page, names=names, showing=showing
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _candidates(asking: PageAsking, entity: str, number: int, decision: Decision) -> Iterator[DriftItem | ToEnterItem]:
    """Of the person's differences those about which this can be decided now."""
    found = asked.drift(asking, entity).items
    theirs = [one for one in found if one.employee_number == number]
    entered = [one for one in decided.to_enter(asking, entity).items if one.employee_number == number]
    match decision:
        case Decision.ACKNOWLEDGE:
            yield from (one for one in theirs if one.state != CaseState.ACKNOWLEDGED)
        case Decision.ACCEPT:
            yield from (one for one in theirs if one.may_be_accepted and one.state != CaseState.ACCEPTED)
        case Decision.EXTEND:
            yield from (one for one in theirs if one.state == CaseState.ACCEPTED)
        case Decision.KEEP:
            yield from (one for one in theirs if not one.kept)
        case Decision.WITHDRAW:
            yield from (one for one in theirs if one.decided_by or one.kept)
            yield from (one for one in entered if one.field not in {each.field for each in theirs})


def _values(
    asking: PageAsking, entity: str, number: int, fields: Sequence[DriftItem | ToEnterItem], *, unmask: bool
) -> Mapping[str, Json]:
    store = asking.web.store
    streams = {drift_stream(LegalEntityId(entity), EmployeeNumber(number), FieldPath(one.field)): one for one in fields}
    open_ = store.vault.opened if unmask else store.vault.marked
    found = store.log.streams(list(streams))
    return {one.field: in_both(DriftCase.of(open_(found[at])), unmask=unmask) for at, one in streams.items()}


def _people(asking: PageAsking, entity: str, decision: Decision) -> frozenset[int]:
    """Who can be held out of the next run, or let in again."""
    found = asked.drift(asking, entity)
    if decision is Decision.LET_IN:
        return frozenset(one.employee_number for one in found.held_out)
    if not asking.web.settings.policy(entity).entity.allow_accepted_drift:
        return frozenset()
    numbers = asking.web.store.views.sync_state.people(LegalEntityId(entity)).values()
    return frozenset(one for one in numbers if one is not None)


def _aged(found: Sequence[DriftItem], now: datetime) -> Iterator[Aged]:
    days = [(business_date(now) - business_date(one.since)).days for one in found]
    for first, last in _AGES:
        yield Aged(first, last, sum(1 for one in days if one >= first and (last is None or one <= last)))


_COLUMNS: Final = (
    "section", "employee_number", "field", "label", "personio", "loket", "cause", "since", "trail", "trail_at", "state",
    "until", "decided_by", "decided_at",
)  # fmt: skip


def _rows(page: DifferencesPage) -> Iterator[Json]:
    """Everything the page lists, by its sections."""
    yield from ({**as_json(one), "section": "next_run_overwrites"} for one in page.standing)
    yield from ({**as_json(one), "section": "next_run_clears"} for one in page.found.foreseen or ())
    yield from ({**as_json(one), "section": "waits_in_personio"} for one in page.found.waiting or ())
    yield from ({**as_json(one), "section": "left_as_it_is"} for one in page.left)
    for one in page.to_enter:
        told = {"decided_by": one.kept_by, "decided_at": one.kept_at.isoformat()}
        yield {**as_json(one), **told, "section": "enter_in_personio"}
    for held in page.found.held_out:
        told = {"decided_by": held.held_out_by, "decided_at": held.held_out_at.isoformat()}
        yield {**as_json(held), **told, "section": "held_out"}
