"""What whoever asks for HTML is told of a request that never came to a page, instead of a problem as JSON."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import MEDIA_TYPE, Refused, answer
from api.pages.asking import language_of, session_of
from api.pages.origin import HEADERS
from api.pages.rendering import render
from api.telemetry import API
from domain.grounds.readers import read_json

_NOT_FOUND: Final = 404


class PagesInstead:
    """Around everything: limits, addresses of nothing. What the API itself answers stays as it is."""

    def __init__(self, app: ASGIApp, pages: ASGIApp) -> None:
        self._app, self._pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(f"{API}/") or not asks_for_html(scope):
            await self._app(scope, receive, send)
            return
        refused: Message | None = None
        problem = b""

        async def sending(message: Message) -> None:
            nonlocal refused, problem
            if message["type"] == "http.response.start":
                told = Headers(raw=message["headers"]).get("content-type", "").startswith(MEDIA_TYPE)
                refused = message if told else None
            if refused is None:
                await send(message)
            elif message["type"] == "http.response.body":
                problem += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._tell(scope, refused, problem, receive, send)

        await self._app(scope, receive, sending)

    async def _tell(self, scope: Scope, refused: Message, problem: bytes, receive: Receive, send: Send) -> None:
        """With the headers that were meant; in the language of whoever is signed in where that costs nothing."""
        request = Request({**scope, "app": self._pages})
        if refused["status"] == _NOT_FOUND:
            await run_in_threadpool(session_of, request)
        slug = str(read_json(problem or b"{}").get("type", "")).rpartition(":")[2]
        page = problem_page(request, refused["status"], slug)
        meant = Headers(raw=refused["headers"])
        page.headers.update(
            {name: meant[name] for name in ("retry-after", "x-request-id", "connection") if name in meant}
        )
        await page(scope, receive, send)


def asks_for_html(scope: Scope) -> bool:
    """As every browser does for a page."""
    return "text/html" in Headers(scope=scope).get("accept", "")


def refusal(request: Request, reason: Refused) -> Response:
    """Of a request that no page is asked for: as a page where HTML is asked for."""
    return problem_page(request, reason.status, reason.slug) if asks_for_html(request.scope) else answer(reason)


def problem_page(request: Request, status: int, slug: str) -> HTMLResponse:
    """What went wrong, in words and with what to do; of nobody's role."""
    page = render("problem.html", language_of(request), status=status, slug=slug, session=None, role="")
    return HTMLResponse(
        page, status, {**HEADERS, "Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Cookie"}
    )
