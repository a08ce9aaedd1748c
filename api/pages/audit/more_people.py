"""Opening more people's values within a day than one person may: asked for here, and agreed to by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.http.problems import not_found
from api.http.routes import more_people as asked
from api.http.routes.more_people import Agreed, MorePeopleAnswer, Wanted
from api.http.routes.parameters import Entity
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.frame import shown
from domain.access import Permission
from domain.errors import SecondPersonNeeded
from domain.showings import LONGEST
from domain.values import trimmed, whole_number

router = APIRouter()
Wanting = Annotated[PageAsking, Depends(Signed(Permission.SHOW_NAMES))]
Agreeing = Annotated[PageAsking, Depends(Signed(Permission.UNMASK))]
Fields = Annotated[dict[str, str], Depends(form)]
_NUMBER: Final = 7  # digits of a number of people


@dataclass(frozen=True, slots=True)
class MorePeoplePage:
    """`waiting` of this legal entity, `mine` asked for by whoever reads, `agreed` what they may use of it now.

    `wrong` is people, reason or second.
    """

    waiting: tuple[MorePeopleAnswer, ...]
    agreed: tuple[MorePeopleAnswer, ...]
    mine: frozenset[str]
    most: int
    people: str
    reason: str
    wrong: str | None
    may_ask: bool
    may_agree: bool
    may_report: bool


@router.get("/e/{entity}/more-people")
def more_people(
    asking: Wanting, entity: Entity, people: Annotated[str, Query(pattern=r"^[0-9]{0,7}$")] = ""
) -> HTMLResponse:
    """`people`: how many, where the page that was refused to them knew."""
    return _page(asking, entity, people=people)


@router.post("/e/{entity}/more-people")
def ask(asking: Wanting, entity: Entity, fields: Fields) -> Response:
    """Good for a day, once somebody else agreed."""
    asking.entity(entity)
    key, people, reason = key_in(fields), trimmed(fields.get("people", "")), trimmed(fields.get("reason", ""))
    try:
        body = Wanted(legal_entity=entity, people=whole_number(people) or 0, reason=reason)
    except ValidationError as reasons:
        wrong = str(reasons.errors()[0]["loc"][0])
        return _page(asking, entity, people=people[:_NUMBER], reason=reason[:LONGEST], wrong=wrong, status=422)
    asked.ask_for_more_people(asking, body, key)
    return RedirectResponse(f"/e/{entity}/more-people", 303)


@router.post("/e/{entity}/more-people/{more}/agreement")
def agree(
    asking: Agreeing, entity: Entity, more: Annotated[str, Path(pattern=r"^more-[0-9]{1,12}$")], fields: Fields
) -> Response:
    key = key_in(fields)
    asking.entity(entity)
    if more not in {one.asked for one in _waiting(asking, entity)}:
        raise not_found()
    try:
        asked.agree_to_more_people(asking, more, Agreed(), key)
    except SecondPersonNeeded:
        return _page(asking, entity, wrong="second", status=403)
    return RedirectResponse(f"/e/{entity}/more-people", 303)


def _waiting(asking: PageAsking, entity: str) -> tuple[MorePeopleAnswer, ...]:
    return tuple(one for one in asked.more_people_waiting(asking).items if one.legal_entity == entity)


def _page(
    asking: PageAsking, entity: str, *, people: str = "", reason: str = "", wrong: str | None = None, status: int = 200
) -> HTMLResponse:
    asking.entity(entity)
    found = asked.more_people_waiting(asking)
    waiting, agreed = (tuple(one for one in all if one.legal_entity == entity) for all in (found.items, found.agreed))
    asking.seen = asking.web.store.log.size() - 1
    page = MorePeoplePage(
        waiting=waiting,
        agreed=agreed,
        mine=frozenset(one.asked for one in waiting if one.asked_by == asking.caller.subject),
        most=asking.web.settings.access.people_a_day,
        people=people,
        reason=reason,
        wrong=wrong,
        may_ask=asking.offers(Permission.SHOW_NAMES),
        may_agree=asking.offers(Permission.UNMASK),
        may_report=asking.opens("/e/{entity}/reports"),
    )
    current = "reports" if page.may_report else "people"
    answer = shown(asking, "more_people.html", entity=entity, current=current, page=page)
    answer.status_code = status
    return answer
