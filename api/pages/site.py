"""The pages as an application of their own, beside the API and behind the same limits."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cache, partial
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.database_faults import DATABASE_ERRORS
from adapters.log.verify_page.page import NAME
from api.days import NoDay
from api.http.app import create_app
from api.http.dependencies import NotModified
from api.http.middleware import Rates
from api.http.problems import Refused, not_found, refused
from api.http.state import Web
from api.pages import (
    ahead,
    checks,
    differences,
    handover,
    kept,
    leavers,
    names,
    people,
    runs,
    sign_in,
    static,
    tasks,
    today,
    values,
)
from api.pages.asking import FILE, SignInFirst, Site, form, language_of, permissions, session_of
from api.pages.audit import access, erasures, more_people, operation, overwritten, reports, rules
from api.pages.instead import PagesInstead, refusal
from api.pages.listing import page_of
from api.pages.origin import HEADERS, TLS_ONLY, called_by_our_name, from_our_pages
from api.pages.proof import event, recorded, saved, sound
from api.pages.rendering import render
from api.pages.running import following, plan, starting
from domain.errors import TweeluikError

_OURS: Final = (
    "",
    "e",
    "sign-in",
    "sign-out",
    "me",
    "kept",
    "static",
    NAME,
    "log",
    "proof",
    "rules",
    "access",
    "erasures",
    "operation",
)
"""First words of the addresses of pages; everything else is the API's."""

_LISTS: Final = ("/e/", "/log", "/rules", "/access", "/erasures")
STATIC: Final = "/static/"
_ROUTERS: Final = tuple(part.router for part in (
    sign_in, kept, static, today, tasks, checks, people, values, names, runs, leavers, differences, ahead, handover,
    plan, starting, following, saved, recorded, event, sound,
    overwritten, reports, more_people, rules, access, erasures, operation,
))  # fmt: skip


def application(web: Web, site: Site, more: Sequence[APIRouter] = (), *, rates: Rates | None = None) -> FastAPI:
    """The API and the pages, and `more` of them."""
    pages = pages_app(web, site, more)
    app = create_app(web, within=partial(Divided, pages=pages, site=site), unlimited=(STATIC,), rates=rates)
    pages.state.rates, pages.state.listeners, app.state.pages = app.state.rates, app.state.listeners, pages
    app.add_middleware(PagesInstead, pages=pages)
    return app


def pages_app(web: Web, site: Site, more: Sequence[APIRouter] = ()) -> FastAPI:
    app = _bare()
    app.state.web, app.state.site, app.state.made_links = web, site, secrets.token_hex(8)
    app.router.routes.extend(_routed().router.routes)
    for router in more:
        app.include_router(router)
    app.state.routes = [route for router in (*_ROUTERS, *more) for route in router.routes]
    app.state.permissions = permissions(app.state.routes)
    app.add_exception_handler(SignInFirst, _sign_in)
    app.add_exception_handler(NotModified, _not_modified)
    app.add_exception_handler(Refused, _told)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(TweeluikError, lambda request, reason: _told(request, refused(reason)))
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, lambda request, _: _told(request, Refused(503, "log-unavailable", "")))
    app.add_exception_handler(Exception, lambda request, _: _told(request, Refused(500, "fault", "")))
    return app


def _bare() -> FastAPI:
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)


@cache
def _routed() -> FastAPI:
    """One for all customers, as of the API."""
    app = _bare()
    for router in _ROUTERS:
        app.include_router(router)
    return app


class Divided:
    """Gives pages to the pages and everything else to the API; what every page is held to is held here.

    A cookie means nothing to the API, and a bearer token nothing to the pages.
    """

    def __init__(self, app: ASGIApp, pages: ASGIApp, site: Site) -> None:
        self._api, self._pages, self._site = app, pages, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._api(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if self._site.link is not None and not called_by_our_name(headers, self._site.origin):
            foreign = Refused(400, "foreign-name", "this server answers to its own name only")
            await refusal(Request(scope), foreign)(scope, receive, send)
            return
        page, file = page_of(scope["path"])
        if page.split("/")[1] not in _OURS:
            await self._api(scope, receive, send)
            return
        if file and page.startswith(_LISTS):
            scope = {**scope, "path": page, "raw_path": page.encode(), FILE: file}
        answer = partial(self._with_headers, send)
        if scope["method"] not in ("GET", "HEAD") and not from_our_pages(headers, self._site.origin):
            foreign = Refused(403, "foreign-form", "this form was not sent from a page of ours")
            await refusal(Request(scope), foreign)(scope, receive, answer)
            return
        await self._pages(scope, receive, answer)

    async def _with_headers(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            held = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                held[name] = value
            if self._site.by_tls:
                held["Strict-Transport-Security"] = TLS_ONLY
        await send(message)


async def _sign_in(request: Request, _: Exception) -> Response:
    """Where they were going is kept for afterwards, and what they typed."""
    if request.method == "POST":
        answer, fields = RedirectResponse(f"/sign-in?next={kept.ADDRESS}", 303), await form(request)
        if kept.keep(request, answer, fields):
            return answer
        path = kept.page_of_form(request, request.url.path, fields)
    else:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(path)}" if path != "/" else ""
    return RedirectResponse(f"/sign-in{onward}", 303)


def _not_modified(_: Request, reason: Exception) -> Response:
    assert isinstance(reason, NotModified)
    headers = {"ETag": reason.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    return Response(status_code=304, headers=headers)


def _unreadable(request: Request, reason: Exception) -> Response:
    """An address that no page has; but a day is typed, and whoever mistypes it is told."""
    assert isinstance(reason, RequestValidationError)
    mistyped = any(isinstance(one.get("ctx", {}).get("error"), NoDay) for one in reason.errors())
    return _told(request, Refused(422, "no-day", "") if mistyped else not_found())


def _of_framework(request: Request, reason: Exception) -> Response:
    assert isinstance(reason, HTTPException)
    return _told(request, not_found() if reason.status_code == 404 else Refused(reason.status_code, "refused", ""))


def _told(request: Request, reason: Exception) -> Response:
    """What went wrong, in words and with what to do; never what was sent."""
    assert isinstance(reason, Refused)
    session = session_of(request) if reason.status < 500 else None
    page = render(
        "problem.html", language_of(request), status=reason.status, slug=reason.slug, session=session,
        role=session.caller.role.value if session else "",
    )  # fmt: skip
    return HTMLResponse(page, reason.status, dict(reason.headers or {}))
