"""Erasing people: one privacy officer asks, another one confirms; what must be kept and until when; and holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.http.problems import Refused
from api.http.routes import erasures as asked
from api.http.routes.erasures import AboutPerson, Agreed, Because, Erasures
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.frame import shown
from api.pages.listing import Listing, as_json
from api.presenters.values import Json
from domain.access import Permission
from domain.errors import MustBeKept, SecondPersonNeeded
from domain.four_eyes import is_second_person
from domain.showings import LONGEST
from domain.values import Actor, trimmed

router = APIRouter()
Officer = Annotated[PageAsking, Depends(Signed(Permission.ERASE))]
Fields = Annotated[dict[str, str], Depends(form)]
Erasure = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,120}$")]
Person = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Wrong = Literal["person", "reason", "second", "kept"]
_NUMBER: Final = 64  # characters of a person id
_COLUMNS: Final = (
    "section", "erasure", "person_id", "state", "requested_by", "requested_at", "restricted", "erased",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErasuresPage:
    """`waiting` may be confirmed by whoever reads. `wrong` is what to say of the form that was sent."""

    found: Erasures
    waiting: frozenset[str]
    act: str
    person: str
    reason: str
    wrong: Wrong | None
    may_act: bool


@router.get("/erasures")
def erasures(asking: Officer) -> HTMLResponse:
    return _page(asking)


@router.post("/erasures")
def ask(asking: Officer, fields: Fields) -> Response:
    """To erase somebody, or to hold everything of them: once, however often the form is sent."""
    key, person, reason = key_in(fields), trimmed(fields.get("person", "")), trimmed(fields.get("reason", ""))
    act = "hold" if fields.get("act") == "hold" else "erase"
    try:
        body = AboutPerson(person_id=person, reason=reason)
    except ValidationError as reasons:
        wrong: Wrong = "person" if reasons.errors()[0]["loc"][0] == "person_id" else "reason"
        return _page(asking, act=act, person=person[:_NUMBER], reason=reason[:LONGEST], wrong=wrong)
    try:
        (asked.hold if act == "hold" else asked.request_erasure)(asking, body, key)
    except Refused as refusal:
        if refusal.status != 404:
            raise
        return _page(asking, act=act, person=person, reason=reason, wrong="person")
    return RedirectResponse("/erasures", 303)


@router.post("/erasures/{erasure}/confirmation")
def confirm(asking: Officer, erasure: Erasure, fields: Fields) -> Response:
    """Agree to what somebody else asked for; what a period or a hold keeps is told."""
    try:
        asked.confirm_erasure(asking, erasure, Agreed(), key_in(fields))
    except SecondPersonNeeded:
        return _page(asking, wrong="second")
    except MustBeKept:
        return _page(asking, wrong="kept")
    return RedirectResponse("/erasures", 303)


@router.post("/erasures/holds/{person}/release")
def release(asking: Officer, person: Person, fields: Fields) -> Response:
    key, reason = key_in(fields), trimmed(fields.get("reason", ""))
    try:
        body = Because(reason=reason)
    except ValidationError:
        return _page(asking, wrong="reason")
    asked.release_hold(asking, person, body, key)
    return RedirectResponse("/erasures", 303)


_STATUS: Final[dict[Wrong, int]] = {"person": 422, "reason": 422, "second": 403, "kept": 409}


def _page(
    asking: PageAsking, *, act: str = "erase", person: str = "", reason: str = "", wrong: Wrong | None = None
) -> HTMLResponse:
    found = asked.erasures(asking)
    if wrong is not None:
        asking.response.headers["Cache-Control"] = "no-store"
    mine = asking.caller.subject
    page = ErasuresPage(
        found=found,
        waiting=frozenset(
            one.erasure
            for one in found.erasures
            if one.state == "requested" and is_second_person(Actor(one.requested_by), mine)
        ),
        act=act,
        person=person,
        reason=reason,
        wrong=wrong,
        may_act=asking.offers(Permission.ERASE),
    )
    listing = Listing("erasures", _COLUMNS, lambda: _rows(found), lambda _: {})
    answer = shown(asking, "erasures.html", entity=None, current="erasures", page=page, listing=listing)
    answer.status_code = 200 if wrong is None else _STATUS[wrong]
    return answer


def _rows(found: Erasures) -> Iterator[Json]:
    yield from ({**as_json(one), "section": "erasures"} for one in found.erasures)
    yield from ({"section": "holds", "person_id": one} for one in found.holds)
