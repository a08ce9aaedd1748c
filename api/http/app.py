"""The HTTP API as one application; everything it works with is an argument."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from typing import Any, Final

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.config.webhooks import PATH
from api.http import problems
from api.http.connections import most_connections
from api.http.dependencies import NotModified
from api.http.listeners import Listeners
from api.http.middleware import Counted, Limits, Metrics, Rates
from api.http.readiness import Readiness
from api.http.routes import (
    access,
    alerts,
    differences,
    employees,
    entities,
    erasures,
    events,
    handover,
    log,
    long_work,
    more_people,
    operations,
    ordered_reports,
    reports,
    rules,
    runs,
    schedule,
    tasks,
    verifications,
    webhooks,
)
from api.http.schemas.examples import give_examples
from api.http.state import Web
from api.telemetry import Traced
from domain.errors import TweeluikError
from domain.log import warning_about

DESCRIPTION: Final = (
    "What Tweeluik recorded of everything that passed between Personio and Loket, with proofs. Values are masked until "
    "someone with the right shows them with a reason, which is recorded, as all reading is. Every answer carries the "
    "newest signed head of the log in the header Tweeluik-Checkpoint (base64): keep it, and nobody can change what "
    "came before without your noticing. While the log is known to be bad, the header Tweeluik-Warning says so."
)


_VERSIONED: Final = (
    entities, events, employees, runs, tasks, differences, handover, reports, ordered_reports, long_work,
    more_people, erasures, access, alerts, schedule, rules, log, verifications,
)  # fmt: skip
_OTHERS: Final = (operations, webhooks)


def create_app(
    web: Web,
    *,
    within: Callable[[ASGIApp], ASGIApp] | None = None,
    unlimited: tuple[str, ...] = (),
    rates: Rates | None = None,
) -> FastAPI:
    """`within` stands between the API and what every request is held to; paths that begin with `unlimited` are not
    counted; `rates` are counted by whoever counts for several applications.
    """
    app = _bare()
    app.router.routes.extend(_routed().router.routes)
    app.state.web, app.state.metrics, app.state.readiness = web, Metrics(), Readiness(partial(_answers, web))
    app.state.routes = [route for each in (*_VERSIONED, *_OTHERS) for route in each.router.routes]
    problems.install(app)
    app.add_exception_handler(NotModified, _not_modified)  # type: ignore[arg-type]
    described = app.openapi

    def openapi() -> dict[str, Any]:
        schema = described()
        schema["components"]["schemas"].setdefault("Fault", problems.Fault.model_json_schema())
        reference = "#/components/schemas/{model}"
        problem = problems.Problem.model_json_schema(ref_template=reference)
        problem.pop("$defs", None)
        schema["components"]["schemas"]["Problem"] = problem
        give_examples(schema)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
    serve = web.settings.serve
    if within is not None:
        app.add_middleware(within)
    app.add_middleware(Heads, web=web)
    if serve.cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=serve.cors_origins, allow_headers=["Authorization"])
    app.state.rates = rates or Rates(serve.requests_per_minute)
    app.state.listeners = Listeners(most_connections(serve))
    app.add_middleware(
        Limits, rates=app.state.rates, max_body=serve.max_body_bytes, at_once=most_connections(serve),
        free=_free(web, unlimited),
    )  # fmt: skip
    app.add_middleware(Counted, metrics=app.state.metrics)
    app.add_middleware(Traced)
    app.add_middleware(
        CorrelationIdMiddleware, header_name="X-Request-ID", generator=lambda: secrets.token_hex(8), validator=_short
    )
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=serve.trusted_proxies)
    return app


def _bare() -> FastAPI:
    return FastAPI(
        title="Tweeluik", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None, openapi_url=None,
        responses=problems.DOCUMENTED, generate_unique_id_function=_operation_id, redirect_slashes=False,
    )  # fmt: skip


@cache
def _routed() -> FastAPI:
    """For all customers: what the framework works out of the routes at the first request takes a tenth of a second."""
    app = _bare()
    for each in _VERSIONED:
        app.include_router(each.router, prefix="/v1")
    for each in _OTHERS:
        app.include_router(each.router)
    return app


def _answers(web: Web) -> None:
    web.store.log.believed()
    web.store.log.size()
    web.access.key("tw_nobody")


def _free(web: Web, unlimited: tuple[str, ...]) -> Callable[[Scope], bool]:
    """Personio's own deliveries are not slowed down: it takes a 429 for a final answer, and the hint would be lost."""

    def free(scope: Scope) -> bool:
        if scope["path"].startswith(unlimited):
            return True
        if web.intake is None or scope["path"] != PATH:
            return False
        return web.intake.admits(dict(scope["headers"]).get(b"authorization", b""))

    return free


class Heads:
    """Puts the newest signed head on every answer, so that auditors hold heads unasked; a log known to be bad says so.

    And lets nobody keep an answer, on a disk or in a proxy, that does not say itself that it may be kept.
    """

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app, self._web = app, web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                safe = [(b"x-content-type-options", b"nosniff")]
                if all(name != b"cache-control" for name, _ in message["headers"]):
                    safe.append((b"cache-control", b"no-store"))
                if message["status"] < 400 and scope["path"].startswith("/v1/"):
                    safe += await run_in_threadpool(lambda: list(self._about_the_log()))
                message["headers"] = [*message["headers"], *safe]
            await send(message)

        await self._app(scope, receive, with_head if scope["type"] == "http" else send)

    def _about_the_log(self) -> Iterator[tuple[bytes, bytes]]:
        if warning := warning_about(self._web.store.log):
            yield b"tweeluik-warning", warning.encode("ascii", "backslashreplace")
        with suppress(TweeluikError):  # an answer that was found already is better than none
            if head := self._web.checkpoint():
                yield b"tweeluik-checkpoint", base64.b64encode(head.text.encode())


def _not_modified(_: Request, reason: NotModified) -> Response:
    headers = {"ETag": reason.etag, "Cache-Control": "private, no-cache", "Vary": reason.vary}
    return Response(status_code=304, headers=headers)


def _short(request_id: str) -> bool:
    return 8 <= len(request_id) <= 64 and request_id.isascii() and request_id.replace("-", "").isalnum()


def _operation_id(route: APIRoute) -> str:
    return route.name
