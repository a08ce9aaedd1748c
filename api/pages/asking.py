"""Who asks for a page, and whether they may: a session in a cookie, and a permission that every page declares."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import parse_qs

from fastapi import Query, Request, Response
from pydantic import BeforeValidator

from adapters.access.code_flow import CodeFlow
from adapters.access.sessions import LINK, Session, Sessions
from api.days import day
from api.http.dependencies import Asking
from api.http.going import Going, going_on
from api.http.listeners import WHO
from api.http.middleware import by_address
from api.http.problems import Refused
from api.http.state import Web
from api.languages import DUTCH, LANGUAGES
from api.pages import words
from api.pages.made_up import MadeUp
from api.pages.rendering import edition
from domain.access import Caller, Permission, Role
from domain.errors import LogNotBelieved
from domain.ports import Clock
from domain.values import Actor, LegalEntityId

_FIELDS: Final = 60  # of a form
ENDING: Final = timedelta(minutes=10)
"""Before its end a session is warned of on every page that is loaded."""

_ACTING: Final = (Permission.VALIDATE, Permission.PREVIEW, Permission.START_RUN)
_KEY: Final = re.compile(r"[a-f0-9]{32}")
FILE: Final = "tweeluik.file"
"""In the scope of a request: which file of a list is wanted instead of its page."""


@dataclass(slots=True)
class Site:
    """Where the pages are, and the secret of the one-time link of a server on this machine, until it was used."""

    origin: str
    base: str = ""  # what every path begins with, where several installations share a host
    link: str | None = None  # None: a server for others; empty: it was used
    made_at: float = 0.0
    whose: tuple[Actor, Role] | None = None  # who signs in by the link
    flow: CodeFlow | None = None  # None: nobody signs in at a provider
    made_up: MadeUp | None = None  # of the demo only
    clock: Clock | None = None  # that sessions live by; None: the log's
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def by_tls(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def cookie(self) -> str:
        """The prefix makes a browser refuse it from anyone but this host, by TLS."""
        return "__Host-tweeluik" if self.by_tls else "tweeluik"

    @property
    def address(self) -> str:
        return self.origin + self.base

    def caller_by_link(self, server: str) -> Caller:
        """Whoever started the server, who may read its configuration anyway."""
        assert self.whose is not None
        return Caller(*self.whose, None, f"{LINK}{server}")


class SignInFirst(Exception):
    """Nobody is signed in, or not any more."""


@dataclass(slots=True)
class PageAsking(Asking):
    """One page for somebody who is signed in. However many questions it asks, it is put on record once."""

    session: Session = None  # type: ignore[assignment]  # the fields before it have defaults
    language: str = DUTCH
    noted: bool = False
    clear: bool = False
    looks: int = 50  # a second click is answered as the first one is
    asked_what_goes_on: bool = False
    going: Going | None = None

    def notes(self, what: str, *, entity: str = "", number: int | None = None) -> None:
        if not self.noted:
            self.noted = True
            Asking.notes(self, f"page {what}", entity=entity, number=number)

    def fresh(self, *, media: str = "", clear: bool = False) -> None:
        """No browser keeps a page of a session that shows names, nor one of which a question was answered in clear."""
        self.clear = self.clear or clear or bool(self.session.names)
        Asking.fresh(self, media=media, clear=self.clear)

    def moves(self) -> bool:
        return self.goes_on(self.request.path_params.get("entity")) is not None

    def goes_on(self, entity: str | None) -> Going | None:
        """The run of the legal entity that has not ended, which every page of it tells of; asked once a page."""
        if not self.asked_what_goes_on:
            self.asked_what_goes_on = True
            mine = entity is not None and entity in self.web.entities and self.caller.sees(entity)
            self.going = going_on(self.web, LegalEntityId(str(entity))) if mine else None
        return self.going

    @property
    def file(self) -> str:
        """Which file of the list is wanted instead of the page; empty for the page."""
        return str(self.request.scope.get(FILE, ""))

    @property
    def believed(self) -> bool:
        try:
            self.web.store.log.believed()
        except LogNotBelieved:
            return False
        return True

    def offers(self, permission: Permission) -> bool:
        """Whether a page has the form: nobody acts on a log that is not believed."""
        return self.caller.may(permission) and self.believed

    def opens(self, page: str) -> bool:
        """Whether the caller may see the page of this address, as it is written where the page is made."""
        return self.caller.may(self.request.app.state.permissions[page])

    def _digest(self, media: str) -> str:
        made_up: MadeUp | None = self.request.app.state.site.made_up
        ending = self.now >= self.session.ends_at - ENDING
        session = [self.session.row.digest[:12], self.session.row.names, ending, self.now.hour]  # a job may be late now
        held = [media, self.language, *session, edition(), self.believed, self.file]
        if any(map(self.caller.may, _ACTING)):
            held.append(secrets.token_hex(8))  # a form has its key once: the page with it is never the same again
        if made_up is not None:
            held += [made_up.chapter, *made_up.stops]
        return Asking._digest(self, " ".join(map(str, held)))


class Signed:
    """The dependency that lets somebody with this permission through."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request, response: Response) -> PageAsking:
        session = session_of(request)
        if session is None:
            raise SignInFirst
        state = request.app.state
        state.rates.give_back(by_address(request.scope))
        request.scope[WHO] = who = session.caller.counted_as
        state.rates.spend(who)
        if not session.caller.may(self.permission):
            raise Refused(403, "not-permitted", "your role does not permit this")
        web: Web = state.web
        if request.method not in ("GET", "HEAD") and self.permission not in (Permission.PUBLIC, Permission.VERIFY):
            web.store.log.believed()  # signing out, choosing a language and verifying the log are possible without
        return PageAsking(
            web, session.caller, request, response, web.store.clock.now(), session=session, language=session.language
        )


def permissions(routes: Iterable[Any]) -> Mapping[str, Permission]:
    """What each page asks of whoever opens it, by its address: the menu offers what they may see, and nothing else."""
    return {
        route.path: one.call.permission
        for route in routes
        if "GET" in route.methods
        for one in route.dependant.dependencies
        if isinstance(one.call, Signed)
    }


def sessions(request: Request) -> Sessions:
    web: Web = request.app.state.web
    clock = request.app.state.site.clock or web.store.clock
    return Sessions(web.access, web.keys, clock, request.app.state.made_links, web.tell_edited_rows)


def session_of(request: Request) -> Session | None:
    """Who the cookie says is signed in; looked up once a request."""
    known: Session | bool | None = request.scope.get("tweeluik.session", False)
    if isinstance(known, bool):
        secret = request.cookies.get(request.app.state.site.cookie, "")
        known = sessions(request).session(secret) if secret else None
        request.scope["tweeluik.session"] = known
    return known


def language_of(request: Request) -> str:
    """Of whoever is signed in; else the one they asked for in the address, else what their browser prefers."""
    session = request.scope.get("tweeluik.session") or None
    if session is not None:
        return str(session.language)
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else words.preferred(request.headers.get("accept-language", ""))


def key_in(fields: Mapping[str, str]) -> str:
    """The Idempotency-Key that was made with the form, so that a double click is one act."""
    key = fields.get("idempotency_key", "")
    if not _KEY.fullmatch(key):
        raise Refused(400, "unreadable-body", "the form cannot be read")
    return key


async def form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    try:
        found = parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise Refused(400, "unreadable-body", "the form cannot be read") from None
    if any(len(values) > 1 for values in found.values()):
        raise Refused(400, "repeated", "each field of a form is sent once")
    return {name: value for name, (value,) in found.items()}


def _typed(given: object) -> object:
    return day(given) if isinstance(given, str) and given.strip() else given


TypedDay = Annotated[date | Literal[""] | None, BeforeValidator(_typed), Query()]
"""A day in the address of a page, as a form sends it; empty where the field was left so."""
