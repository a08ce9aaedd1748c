"""The values of one person in clear: for a quarter of an hour, on their pages alone, once a reason is on record.

What is shown is shown because the log says so: the cookie names the event of the showing, and counts only for whoever
asked, in the session they asked in, for the person they asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.http.idempotency import once
from api.http.problems import not_found
from api.http.routes.parameters import Entity, Number
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.people import page_of
from api.pages.showing import COOKIE, SHOWN, SHOWN_FOR
from api.pages.sign_in import within
from domain.access import Permission
from domain.errors import TooManyPeople
from domain.services.reports.unmask import Unmasking, record_unmasking
from domain.showings import LONGEST, is_reason
from domain.values import EmployeeNumber, trimmed

router = APIRouter()
Shower = Annotated[PageAsking, Depends(Signed(Permission.UNMASK))]
Anybody = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]  # whatever the log is like
Fields = Annotated[dict[str, str], Depends(form)]


@router.post("/e/{entity}/people/{number}/values")
def show(asking: Shower, entity: Entity, number: Number, fields: Fields) -> Response:
    """On record first. Without a reason the page comes back with what was typed."""
    legal_entity = asking.entity(entity)
    key, reason = key_in(fields), trimmed(fields.get("reason", ""))
    onward = _page(entity, number, fields)
    if not is_reason(reason):
        return page_of(asking, entity, number, reason=reason[:LONGEST], wrong="reason", status=422)
    store = asking.web.store
    store.views.catch_up()
    if not store.views.history.positions(legal_entity, EmployeeNumber(number), limit=1):
        raise not_found()
    asking.notes("values-shown", entity=entity, number=number)

    def make() -> str:
        unmasking = Unmasking(asking.caller.subject, SHOWN, reason, asking.web.settings.access.people_a_day)
        return str(
            record_unmasking(
                store.log, store.vault, store.clock,
                unmasking=unmasking, entity=legal_entity, number=EmployeeNumber(number),
            )
        )  # fmt: skip

    try:
        position = once(asking, key, reason, make)
    except TooManyPeople:
        return page_of(asking, entity, number, reason=reason, wrong="people", status=403)
    answer = RedirectResponse(onward, 303)
    site = asking.request.app.state.site
    for path in _places(entity, number):
        answer.set_cookie(
            COOKIE, f"{position}.{asking.session.row.digest}", max_age=int(SHOWN_FOR.total_seconds()),
            path=path, secure=site.by_tls, httponly=True, samesite="strict",
        )  # fmt: skip
    return answer


@router.post("/e/{entity}/people/{number}/values/hidden")
def hide(asking: Anybody, entity: Entity, number: Number, fields: Fields) -> Response:
    """At once; what the browser kept is cleared too."""
    asking.entity(entity)
    answer = RedirectResponse(_page(entity, number, fields), 303, {"Clear-Site-Data": '"cache"'})
    site = asking.request.app.state.site
    for path in _places(entity, number):
        answer.delete_cookie(COOKIE, path=path, secure=site.by_tls, httponly=True, samesite="strict")
    return answer


def _places(entity: str, number: int) -> tuple[str, str]:
    """Of the person: their page, and where one decides about their differences."""
    return f"/e/{entity}/people/{number}", f"/e/{entity}/differences/{number}"


def _page(entity: str, number: int, fields: Mapping[str, str]) -> str:
    """The page as it was looked at, where it is one of theirs; else their own."""
    asked, places = within(fields.get("next", "")), _places(entity, number)
    theirs = asked.partition("?")[0] == places[0] or asked.startswith(tuple(f"{one}/" for one in places))
    return asked if theirs else places[0]
