"""Names instead of numbers: for one legal entity and one session, once a reason is on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.idempotency import once
from api.http.routes.parameters import Entity
from api.pages.asking import PageAsking, Signed, form, key_in, sessions
from api.pages.frame import shown
from api.pages.sign_in import within
from domain.access import Permission
from domain.errors import TooManyPeople
from domain.services.reports.names import NAMES, read_names, show_names
from domain.services.reports.unmask import Unmasking
from domain.showings import LONGEST, is_reason
from domain.values import EmployeeNumber, LegalEntityId, trimmed

router = APIRouter()
Shower = Annotated[PageAsking, Depends(Signed(Permission.SHOW_NAMES))]
Anybody = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]  # whatever the log is like
Fields = Annotated[dict[str, str], Depends(form)]


@dataclass(frozen=True, slots=True)
class NamesPage:
    """`wrong` is what to say of the reason: missing; or of the people: `beyond` more than `most`."""

    next: str
    reason: str
    wrong: str | None
    most: int
    beyond: int


def names_of(asking: PageAsking, entity: str, numbers: Iterable[int | None]) -> Mapping[int, str]:
    """By number, of these and of those whose names this session shows; nobody's otherwise."""
    wanted = asking.session.names.get(entity, frozenset()) & {one for one in numbers if one is not None}
    if not wanted or not asking.caller.may(Permission.SHOW_NAMES):
        return {}
    store = asking.web.store
    known = {EmployeeNumber(one) for one in wanted}
    found = read_names(LegalEntityId(entity), known, log=store.log, vault=store.vault, views=store.views)
    return {int(number): name for number, name in found.items()}


@router.get("/e/{entity}/names")
def ask(asking: Shower, entity: Entity, next: str = "/") -> HTMLResponse:
    """What will be on record, and the question why."""
    asking.entity(entity)
    return _page(asking, entity, within(next))


@router.post("/e/{entity}/names")
def show(asking: Shower, entity: Entity, fields: Fields) -> Response:
    """On record first. The form that is sent once more shows nothing once more."""
    legal_entity = asking.entity(entity)
    key, onward, reason = key_in(fields), within(fields.get("next", "/")), trimmed(fields.get("reason", ""))
    if not is_reason(reason):
        return _page(asking, entity, onward, reason=reason[:LONGEST], wrong="reason")
    web, caller = asking.web, asking.caller
    asking.notes("names-shown", entity=entity)

    def make() -> str:
        store = web.store
        store.views.catch_up()
        numbers = show_names(
            legal_entity,
            unmasking=Unmasking(caller.subject, NAMES, reason, web.settings.access.people_a_day),
            log=store.log, vault=store.vault, views=store.views, clock=store.clock,
        )  # fmt: skip
        sessions(asking.request).shows_names(asking.session, entity, numbers)
        return "{}"

    try:
        once(asking, key, reason, make)
    except TooManyPeople as many:
        return _page(asking, entity, onward, reason=reason, wrong="people", beyond=many.beyond)
    return RedirectResponse(onward, 303)


@router.post("/e/{entity}/names/hidden")
def hide(asking: Anybody, entity: Entity, fields: Fields) -> Response:
    """At once; what the browser kept of them is cleared too."""
    asking.entity(entity)
    sessions(asking.request).shows_names(asking.session, entity, ())
    return RedirectResponse(within(fields.get("next", "/")), 303, {"Clear-Site-Data": '"cache"'})


def _page(
    asking: PageAsking, entity: str, onward: str, *, reason: str = "", wrong: str | None = None, beyond: int = 0
) -> HTMLResponse:
    asking.seen = asking.web.store.log.size() - 1
    asking.response.headers["Cache-Control"] = "no-store"
    page = NamesPage(onward, reason, wrong, asking.web.settings.access.people_a_day, beyond)
    answer = shown(asking, "names.html", entity=entity, current="people", page=page)
    answer.status_code = {"reason": 422, "people": 403}.get(wrong or "", 200)
    return answer
