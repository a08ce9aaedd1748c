"""What every request is held to before anything else looks at it: size, depth and rate; and how it is counted."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog
from asgi_correlation_id import correlation_id
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import Refused, answer
from api.telemetry import known_method

MAX_DEPTH: Final = 16
_CALLERS: Final = 10_000  # remembered at most


class Metrics:
    """Labels are routes, methods and status codes: never a person, a number or a key."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tweeluik_http_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram("tweeluik_http_seconds", "Time to answer", ["route"], registry=self.registry)
        self.size = Gauge("tweeluik_log_events", "Events in the log", registry=self.registry)


class Counted:
    """Counts and logs each request by its route, never by its path, which may name people."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            spent = time.perf_counter() - began
            method = known_method(scope)
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(spent)
            structlog.get_logger().info(
                "answered", method=method, route=route, status=status, seconds=round(spent, 4),
                request_id=correlation_id.get(),
            )  # fmt: skip


class Limits:
    """Refuses what is too much: 429 by credential or address, 413 by size, 400 by depth."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        per_minute: int,
        max_body: int,
        free: Callable[[Scope], bool] = lambda _: False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`free` tells which requests may come at any rate."""
        self._app, self._max_body, self._free = app, max_body, free
        self._rate, self._burst, self._monotonic = per_minute / 60, float(per_minute), monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            if not self._free(scope):
                self._spend(_who(scope))
            body = await self._body(receive)
        except Refused as reason:
            await answer(reason)(scope, receive, send)
            return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    def _spend(self, who: str) -> None:
        now = self._monotonic()
        left, since = self._buckets.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        if len(self._buckets) >= _CALLERS:
            self._buckets.popitem(last=False)
        self._buckets[who] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            wait = {"Retry-After": str(int((1 - left) / self._rate) + 1)}
            raise Refused(429, "too-many-requests", "slow down", headers=wait)

    async def _body(self, receive: Receive) -> bytes:
        body: bytes = b""
        while True:
            message = await receive()
            part: bytes = message.get("body", b"")
            body += part
            if len(body) > self._max_body:
                raise Refused(413, "too-large", f"a body may have at most {self._max_body} bytes")
            if not message.get("more_body", False):
                break
        if _depth(body) > MAX_DEPTH:
            raise Refused(400, "too-deep", f"a body may be nested at most {MAX_DEPTH} deep")
        return body


def _who(scope: Scope) -> str:
    credential = dict(scope["headers"]).get(b"authorization")
    if credential:
        return hashlib.sha256(credential).hexdigest()
    return str((scope.get("client") or ("",))[0])


def _depth(body: bytes) -> int:
    """How deep the JSON nests, counted without reading it; brackets in text count, which only errs on the safe side."""
    depth = deepest = 0
    for byte in body:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
