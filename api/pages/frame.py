"""What is around every page: whose it is, the menu, what goes on, and as of which event it all is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from fastapi.responses import HTMLResponse

from api.config.systems import PERSON
from api.http.going import Going
from api.http.routes.erasures import waiting_for as erasures_waiting
from api.pages.asking import ENDING, PageAsking
from api.pages.listing import Listing, addresses, file_of
from api.pages.made_up import MadeUp
from api.pages.rendering import render
from api.pages.showing import Showing
from api.pages.words import N_
from domain.access import Permission
from domain.schedule import Job, following
from domain.values import LegalEntityId

_PAGES: Final = (
    ("", N_("Today")),
    ("tasks", N_("Tasks")),
    ("people", N_("People")),
    ("plan", N_("Plan")),
    ("runs", N_("Runs")),
    ("differences", N_("Differences")),
    ("overwritten", N_("Overwritten")),
    ("leavers", N_("Leavers")),
)
_MORE: Final = (("ahead", N_("Ahead")), ("handover", N_("Handover")), ("reports", N_("Reports")))
_EVERYWHERE: Final = (
    ("log", N_("Log")),
    ("proof", N_("Proof")),
    ("rules", N_("Rules")),
    ("access", N_("Access")),
    ("erasures", N_("Erasures")),
    ("operation", N_("Operation")),
)
"""Pages of no one legal entity, which stand behind the others. Who may see a page is said where it is made."""
_OF_AN_ENTITY: Final = frozenset(page for page, _ in (*_PAGES, *_MORE))
_BASE: Final = "/e/{entity}"
_HEAD: Final = 12  # characters of a root that are shown


@dataclass(frozen=True, slots=True)
class Linked:
    """A name that leads somewhere; `current` is where we are."""

    word: str
    address: str
    current: bool = False
    waits: int = 0  # how much there waits for whoever reads


@dataclass(frozen=True, slots=True)
class Frame:
    """`entity` is None on a page of several legal entities; `size` and `head` say as of when it is."""

    who: str
    role: str
    entity: str | None
    entities: tuple[Linked, ...]
    menu: tuple[Linked, ...]
    more: tuple[Linked, ...]  # the rest of the menu, folded
    size: int
    head: tuple[str, int] | None  # the newest that is signed: how its root begins, and how many events it covers
    doubt: str | None  # what the last verification found; None while the log is believed
    going: Going | None  # the run that has not ended
    origin: str
    path: str  # to come back to
    names: bool | None  # whether they are shown; None for whoever may not see them, or of no one legal entity
    showing: Showing | None  # of one person's values, on their page
    now: datetime
    until: datetime  # when the session ends at the latest
    made_up: MadeUp | None
    next_run: datetime | None  # of the legal entity, where one is planned
    may_plan: bool
    may_prove: bool
    may_see_runs: bool
    may_see_people: bool
    may_read_proof: bool
    web_url: str | None = None  # of one person in Personio

    def in_personio(self, person_id: str) -> str | None:
        """Where a browser finds somebody in Personio; None where nobody has said where."""
        return self.web_url and self.web_url.replace(PERSON, quote(person_id, safe=""))

    @property
    def name(self) -> str:
        """Of whoever reads, without the role where that stands behind it: the page says the role beside it."""
        return self.who.removesuffix(f" ({self.role})")

    @property
    def ending(self) -> bool:
        """Whether somebody who goes on reading should sign in again first."""
        return self.now >= self.until - ENDING


def first_page(asking: PageAsking, entity: str) -> str:
    """Where somebody begins who may not see what there is to do today."""
    page = next((page for page, _ in (*_PAGES, *_MORE) if page and asking.opens(f"{_BASE}/{page}")), None)
    return f"/e/{entity}/{page}" if page else "/me"


def framed(
    asking: PageAsking, entity: str | None, current: str, *, showing: Showing | None = None, path: str | None = None
) -> Frame:
    """After the page asked its question: as of the same event."""
    web, caller = asking.web, asking.caller
    names = web.settings.entity_names()
    mine = [one for one in web.entities if caller.sees(one)]
    home = entity if entity is not None or len(mine) != 1 else mine[0]
    onward = current if current in _OF_AN_ENTITY else ""
    near = partial(_links, asking, None if home is None else f"/e/{home}", current, _BASE)
    head = web.checkpoint()
    everywhere = _links(asking, "", current, "", _EVERYWHERE)
    if caller.may(Permission.ERASE):
        to_confirm = erasures_waiting(asking)
        everywhere = tuple(replace(one, waits=to_confirm if one.address == "/erasures" else 0) for one in everywhere)
    return Frame(
        who=caller.subject,
        role=caller.role.value,
        entity=entity,
        entities=tuple(Linked(names[one], f"/e/{one}/{onward}".rstrip("/"), one == entity) for one in mine),
        menu=near(_PAGES),
        more=(*near(_MORE), *everywhere),
        size=asking.seen + 1,
        head=None if head is None else (head.root.hex()[:_HEAD], head.size),
        doubt=None if asking.believed else asking.web.store.log.doubt() or "",
        going=asking.goes_on(entity),
        origin=asking.request.app.state.site.address,
        path=path or _address(asking),
        names=_names(asking, entity),
        showing=showing,
        now=asking.now,
        until=asking.session.ends_at,
        made_up=asking.request.app.state.site.made_up,
        may_plan=asking.opens(f"{_BASE}/plan"),
        may_prove=asking.opens("/proof/{position}"),
        may_see_runs=asking.opens(f"{_BASE}/runs/{{run_id}}"),
        may_see_people=asking.opens(f"{_BASE}/people"),
        may_read_proof=asking.opens("/proof"),
        web_url=asking.web.settings.personio.web_url,
        next_run=None if entity is None else next_run(asking, LegalEntityId(entity)),
    )


def next_run(asking: PageAsking, entity: LegalEntityId) -> datetime | None:
    """When the next one is planned."""
    planned = next((one for one in asking.web.settings.planned() if one.key == (entity, Job.SYNC)), None)
    return following(planned.timetable, asking.now) if planned else None


def _links(
    asking: PageAsking, base: str | None, current: str, within: str, pages: Iterable[tuple[str, str]]
) -> tuple[Linked, ...]:
    """To those of the pages that the caller may see; none while no legal entity is chosen."""
    return tuple(
        Linked(word, f"{base}/{page}".rstrip("/"), page == current)
        for page, word in pages
        if base is not None and asking.opens(f"{within}/{page}".rstrip("/"))
    )


def _names(asking: PageAsking, entity: str | None) -> bool | None:
    if entity is None or not asking.caller.may(Permission.SHOW_NAMES):
        return None
    return entity in asking.session.names or (None if not asking.believed else False)


def _address(asking: PageAsking) -> str:
    url = asking.request.url
    return f"{url.path}?{url.query}" if url.query and asking.request.method in ("GET", "HEAD") else url.path


def shown(
    asking: PageAsking,
    template: str,
    *,
    entity: str | None,
    current: str,
    showing: Showing | None = None,
    path: str | None = None,
    listing: Listing | None = None,
    **content: Any,
) -> HTMLResponse:
    """The page, under the headers that `asking.reads` chose. `path`: where it is, if that is not its address.

    `listing` is what it lists: as a file instead of the page, where the address asks for one.
    """
    headers = {**asking.response.headers, "Vary": "Cookie"}
    headers.pop("content-length", None)
    if asking.file:
        return file_of(listing, asking, entity, headers)
    files = addresses(asking) if listing is not None else {}
    frame = framed(asking, entity, current, showing=showing, path=path)
    page = render(template, asking.language, frame=frame, files=files, **content)
    return HTMLResponse(page, headers=headers)
