"""What every request is held to before anything else looks at it: size, depth, rate; and how it is counted."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from asgi_correlation_id import correlation_id
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.logs import logger
from api.http.connections import LISTENS, network_of
from api.http.problems import ENDLESS, MOST_DIGITS, Refused, answer
from api.telemetry import API, known_method, route_of
from domain.grounds.readers import read_json

MAX_DEPTH: Final = 16
HEALTH: Final = ("/healthz", "/readyz")
"""Answered whatever else is going on, and however often."""

_API: Final = f"{API}/"
_SINGLE: Final = (b"content-type", b"idempotency-key", b"tweeluik-reason")
_CALLERS: Final = 10_000  # remembered at most
# A text that does not end counts too: so nothing is looked at twice.
_TEXT: Final = re.compile(rb'"(?:[^"\\]+|\\.)*"?', re.DOTALL)
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_ENDLESS: Final = object()
_LEFT: Final = 499  # what nginx writes for a client that did not wait for an answer
_KEPT_FREE: Final = 8  # of so many connections one is not for work


class Metrics:
    """Labels are routes, methods and status codes: never a person, a number or a key."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tweeluik_http_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram("tweeluik_http_seconds", "Time to answer", ["route"], registry=self.registry)


class Counted:
    """Counts and logs each request by its route, never by its path, which may name people."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), _LEFT

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            route = route_of(scope)
            spent = time.perf_counter() - began
            method = known_method(scope)
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(spent)
            logger().info(
                "answered", method=method, route=route, status=status, seconds=round(spent, 4),
                request_id=correlation_id.get(),
            )  # fmt: skip


class Rates:
    """So many requests a minute for each caller; a caller is whoever the name says. Shared by threads."""

    def __init__(self, per_minute: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._monotonic = per_minute / 60, float(per_minute), monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # and since when
        self._lock = threading.Lock()

    def spend(self, who: str) -> None:
        """Raises Refused (429)."""
        with self._lock:
            left = self._now_left(who)
            if left < 1:
                self._keep(who, left)
                wait = {"Retry-After": str(int((1 - left) / self._rate) + 1)}
                raise Refused(429, "too-many-requests", "slow down", headers=wait)
            self._keep(who, left - 1)

    def give_back(self, who: str) -> None:
        with self._lock:
            self._keep(who, min(self._burst, self._now_left(who) + 1))

    def _now_left(self, who: str) -> float:
        now = self._monotonic()
        left, since = self._left.get(who, (self._burst, now))
        return min(self._burst, left + (now - since) * self._rate)

    def _keep(self, who: str, left: float) -> None:
        self._left[who] = (left, self._monotonic())
        self._left.move_to_end(who)
        while len(self._left) > _CALLERS:
            self._left.popitem(last=False)


@dataclass(slots=True)
class _Work:
    """One request's; `over` when what is left of it is waiting for events."""

    over: bool = False


class Limits:
    """Refuses what is too much: 503 by what is under way, 429 by address, 413 by size, 400 by depth.

    By address every request counts until it proves whose it is; from then on it counts by its key
    (`api.http.dependencies`). So a guess costs whatever credential was invented for it, and colleagues behind one
    address do not slow each other down.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rates: Rates,
        max_body: int,
        at_once: int,
        free: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        """`free` tells which requests may come at any rate; `at_once` is how many connections there may be."""
        self._app, self._rates, self._max_body, self._free = app, rates, max_body, free
        self._most = at_once - max(1, at_once // _KEPT_FREE) if at_once > 1 else 1
        self._at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH:
            await self._app(scope, receive, send)
            return
        try:
            body = await self._admitted(scope, receive)
            self._check_room()
        except Refused as reason:
            await answer(reason)(scope, receive, send)
            return
        if body is None:
            return
        work = _Work()
        self._at_work += 1
        try:
            await self._app(scope, _once(body, receive), self._off_work(scope, send, work))
        finally:
            self._at_work -= not work.over

    def _check_room(self) -> None:
        if self._at_work >= self._most:
            raise Refused(503, "busy", "too many requests are being answered", headers={"Retry-After": "1"})

    def _off_work(self, scope: Scope, send: Send, work: _Work) -> Send:
        """`send`, in which nobody works: a client that takes its answer slowly keeps no other from being answered.

        Nor does one that listens to events, from the start of its answer on: hardly anything is done for it, and its
        connection is ended when another needs it.
        """

        async def sending(message: Message) -> None:
            self._at_work -= not work.over
            if _tells_events(message):
                work.over = scope.setdefault("state", {})[LISTENS] = True
            try:
                await send(message)
            finally:
                self._at_work += not work.over

        return sending

    async def _admitted(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; None when the client left before that was sent, and nothing of it counts."""
        self._check_room()
        if not self._free(scope):
            self._rates.spend(by_address(scope))
        _refuse_ambiguous(scope)
        body: bytes = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._max_body:
                raise Refused(413, "too-large", f"a body may have at most {self._max_body} bytes")
            if not message.get("more_body", False):
                break
        if _depth(body) > MAX_DEPTH:
            raise Refused(400, "too-deep", f"a body may be nested at most {MAX_DEPTH} deep")
        if scope["path"].startswith(_API):
            scope[ENDLESS] = _refuse_ambiguous_body(body)
        return body


def _tells_events(message: Message) -> bool:
    headers = dict(message.get("headers", ()))
    return bool(headers.get(b"content-type", b"").startswith(b"text/event-stream"))


def _refuse_ambiguous(scope: Scope) -> None:
    """What a proxy before us may read otherwise than we do is read by nobody. Raises Refused."""
    names = [name for name, _ in scope["headers"]]
    if names.count(b"authorization") > 1:
        raise Refused(400, "two-credentials", "a request has one header Authorization")
    chunks, closing = b"transfer-encoding" in names, {"Connection": "close"}
    if chunks and b"content-length" in names:
        raise Refused(400, "two-lengths", "a body has a length or comes in chunks, never both", headers=closing)
    if chunks and scope["http_version"] == "1.0":
        raise Refused(400, "chunks-in-1.0", "HTTP/1.0 knows no chunks", headers=closing)
    if any(name == b"content-encoding" and value != b"identity" for name, value in scope["headers"]):
        raise Refused(400, "packed", "a body is sent as it is, without a Content-Encoding")
    twice = next((name for name in _SINGLE if names.count(name) > 1), None)
    if twice is not None:
        raise Refused(400, "repeated", f"a request has one header {twice.decode().title()}")
    asked = [name for name, _ in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)]
    if len(set(asked)) < len(asked):
        raise Refused(400, "repeated", "each parameter of a question is given once")


def _refuse_ambiguous_body(body: bytes) -> tuple[str | int, ...] | None:
    """Where there is a number that nobody reads, and None for most. Raises Refused.

    Of JSON whose names repeat every reader takes another one. What is no JSON is told where it is read, but for a null
    byte: some readers take such bytes for UTF-16 or UTF-32.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Refused(400, "not-utf-8", "a body is UTF-8")
    try:
        said = read_json(text, object_pairs_hook=_named_once, parse_int=_read)
    except ValueError:
        return None
    return next(_endless(said), None)


def _read(digits: str) -> object:
    return _ENDLESS if len(digits) > MOST_DIGITS else int(digits)


def _endless(said: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where there are numbers that were not read."""
    if said is _ENDLESS:
        yield place
    for name, each in said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ():
        yield from _endless(each, (*place, name))


def _named_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise Refused(400, "repeated", "each name in an object of the body is given once")
    return dict(pairs)


def _once(body: bytes, receive: Receive) -> Receive:
    """`receive` with the body that was read already in front."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def by_address(scope: Scope) -> str:
    """Who asks, before it is known who that is."""
    return f"address {network_of(str((scope.get('client') or ('',))[0]))}"


def _depth(body: bytes) -> int:
    """How deep the JSON nests, counted without reading it: brackets in text neither open nor close anything."""
    depth = deepest = 0
    for byte in _TEXT.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth = depth + 1 if byte in b"[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
