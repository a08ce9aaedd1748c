"""Who asks, and whether they may: API keys and bearer tokens, and a permission that every route declares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adapters.access.keys import PREFIX
from adapters.access.store import Noted
from api.http.below import BASE
from api.http.listeners import WHO
from api.http.middleware import by_address
from api.http.problems import Refused, invalid_request, not_found, unknown_name
from api.http.state import Web
from domain.access import EDITED, Caller, KeyStanding, Permission
from domain.errors import NotFound
from domain.planning.business_date import business_date
from domain.services.reports.unmask import Unmasking
from domain.showings import LONGEST, SHORTEST, is_reason
from domain.values import LegalEntityId, trimmed
from domain.views.runs import RunRow, run_named
from domain.whose import NO_ENTITY

_bearer: Final = HTTPBearer(
    auto_error=False, description="An API key (`tweeluik keys create`) or a token of the configured OpenID provider"
)
_READING: Final = ("GET", "HEAD")  # works on a log that is not believed too
REASON: Final = "Tweeluik-Reason"
_TOLD: Final = 8  # unknown parameters


class NotModified(Exception):
    """The caller has this answer already."""

    def __init__(self, etag: str, vary: str) -> None:
        super().__init__("not modified")
        self.etag, self.vary = etag, vary


@dataclass(slots=True)
class Asking:
    """One request of a caller who may ask it."""

    web: Web
    caller: Caller
    request: Request
    response: Response
    now: datetime
    seen: int = -1  # the last position that every view had surely seen when it was asked
    looks: int = 0  # how often to look for the answer of the first of two equal requests, before the second is refused

    @property
    def base(self) -> str:
        """What the address of every answer begins with, where the application is not at the root of its host."""
        return str(self.request.scope.get(BASE, ""))

    def entity(self, entity: str) -> LegalEntityId:
        """The legal entity, if it is configured and the caller's; as if it did not exist otherwise."""
        if entity not in self.web.entities or not self.caller.sees(entity):
            raise not_found()
        return LegalEntityId(entity)

    def entities(self, only: str | None = None) -> tuple[str, ...]:
        """The legal entities to look in; what concerns the log itself is for those who see every entity."""
        if only is not None:
            return (self.entity(only),)
        seen = [one for one in self.web.entities if self.caller.sees(one)]
        return (NO_ENTITY, *seen) if self.caller.entities is None else tuple(seen)

    def run_named(self, word: str) -> RunRow:
        """The run of this id, or the only one the caller sees whose id begins so; Ambiguous for several."""
        try:
            return run_named(self.web.store.views.runs, word, self.caller.entities)
        except NotFound:
            raise not_found() from None

    def question(self, **filters: object) -> str:
        """What a cursor of this request is good for."""
        scope = None if self.caller.entities is None else sorted(self.caller.entities)
        said = {name: str(value) for name, value in filters.items() if value is not None}
        return json.dumps([self.request.url.path, said, scope], sort_keys=True)

    def reads(
        self, what: str, *, entity: str = "", number: int | None = None, media: str = "", clear: bool = False
    ) -> None:
        """Put the question on record, bring the views to the head of the log, and stop if nothing has changed.

        `media` is the type of the answer where the caller's Accept chose it; one in `clear` is kept by nobody, and so
        is never the same as one that the caller has.
        """
        self.notes(what, entity=entity, number=number)
        self.fresh(media=media, clear=clear)

    def fresh(self, *, media: str = "", clear: bool = False) -> None:
        """Bring the views to the head of the log, and stop if nothing has changed; as `reads`, which is on record."""
        size = self.web.store.log.size()
        self.seen = size - 1
        self.web.store.views.catch_up()
        if clear or self.moves():
            self.response.headers["Cache-Control"] = "no-store"
            return
        etag = f'"{size}.{self._digest(media)}"'
        self.response.headers["ETag"] = etag
        self.response.headers["Cache-Control"] = "private, no-cache"
        self.response.headers["Vary"] = vary = "Authorization, Accept" if media else "Authorization"
        if etag in [one.strip() for one in self.request.headers.get("if-none-match", "").split(",")]:
            raise NotModified(etag, vary)

    def moves(self) -> bool:
        """Whether the answer may change while the log stands still."""
        return False

    def notes(self, what: str, *, entity: str = "", number: int | None = None) -> None:
        """Put the question on record."""
        caller = self.caller
        noted = Noted(self.now.isoformat(), caller.subject, caller.role.value, caller.credential, what, entity, number)
        self.web.access.note(noted)

    def unmasking(self, what: str, permission: Permission = Permission.UNMASK) -> Unmasking:
        """Who looks at what and why; refused without the permission or a reason (AUD-8)."""
        shown = "names" if permission is Permission.SHOW_NAMES else "personal values"
        if not self.caller.may(permission):
            raise Refused(403, "not-permitted", f"your role may not see {shown}")
        reason = trimmed(self.request.headers.get(REASON, ""))
        if not is_reason(reason):
            wanted = f"a reason of {SHORTEST} to {LONGEST} characters in the header {REASON}"
            raise Refused(422, "reason-missing", f"showing {shown} needs {wanted}")
        return Unmasking(self.caller.subject, what, reason, self.web.settings.access.people_a_day)

    def _digest(self, media: str) -> str:
        scope = None if self.caller.entities is None else sorted(self.caller.entities)
        said = [str(self.request.url.query), self.request.url.path, self.caller.role.value, scope,
                str(business_date(self.now)), media]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


class Requires:
    """The dependency that lets a caller with this permission through."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        response: Response,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Asking:
        web: Web = request.app.state.web
        now = web.store.clock.now()
        caller = _caller(web, credentials)
        if caller is None:
            raise Refused(
                401, "not-authenticated", "a valid API key or token is required", headers={"WWW-Authenticate": "Bearer"}
            )
        request.app.state.rates.give_back(by_address(request.scope))
        request.scope[WHO] = who = caller.counted_as
        request.app.state.rates.spend(who)
        if not caller.may(self.permission):
            raise Refused(403, "not-permitted", "your role does not permit this")
        _refuse_unknown_parameters(request)
        if request.method not in _READING and self.permission is not Permission.VERIFY:
            web.store.log.believed()
        return Asking(web, caller, request, response, now)


def _refuse_unknown_parameters(request: Request) -> None:
    """A misspelt filter would otherwise find more than was asked for, and nobody would notice."""
    known = _query_names(request.scope["route"])
    if unknown := [name for name in request.query_params if name not in known]:
        raise invalid_request([unknown_name("query", name, known) for name in dict.fromkeys(unknown[:_TOLD])])


def _query_names(route: Any) -> frozenset[str]:
    def walk(dependant: Any) -> Iterator[str]:
        yield from (one.alias for one in dependant.query_params)
        for each in dependant.dependencies:
            yield from walk(each)

    return frozenset(walk(route.dependant))


def _caller(web: Web, credentials: HTTPAuthorizationCredentials | None) -> Caller | None:
    if credentials is None:
        return None
    text = credentials.credentials
    if text.startswith(PREFIX):
        found = web.keys.caller(text)
        if isinstance(found, KeyStanding):
            if found in EDITED:
                web.tell_edited_rows()
            return None
        return found
    return web.provider.caller(text) if web.provider is not None else None


class Public:
    """Declares that a route needs no credential."""

    permission = Permission.PUBLIC

    async def __call__(self) -> None:
        """Nothing to check, and so no thread is waited for."""


def permission_of(route: Any) -> Permission | None:
    """What a route declares; None for one that forgot, which a test refuses."""
    declared = [
        dependency.call.permission
        for dependency in route.dependant.dependencies
        if isinstance(dependency.call, Requires | Public)
    ]
    return declared[0] if len(declared) == 1 else None
