"""The layer in front of a simulated API: records each request and plays the fault that waits for it."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.simulators.wire.faults import Fault, FaultKind, FaultQueue
from adapters.simulators.wire.requests import RecordedRequest, RequestLog
from adapters.simulators.wire.server import close_connection, reset_connection

log = logging.getLogger("simulators")

DELAY = "simulator.delay"
"""Scope key: seconds after which the effect of this write may be seen by reads."""

_STATUS = {
    FaultKind.REFUSE: 400,
    FaultKind.RATE_LIMITED: 429,
    FaultKind.UNAVAILABLE: 503,
    FaultKind.SERVER_ERROR_BEFORE: 500,
    FaultKind.SERVER_ERROR_AFTER: 500,
    FaultKind.FAILED_PART: 200,
    FaultKind.UNAUTHORIZED: 401,
    FaultKind.FORBIDDEN: 403,
}
_NOT_APPLIED = _STATUS.keys() - {FaultKind.SERVER_ERROR_AFTER} | {FaultKind.RESET_BEFORE, FaultKind.TIMEOUT_BEFORE}
_DROPPED = {FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER}
_HELD_BACK = {FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.SLOW}


class Dialect(Protocol):
    """How the simulated API words what a fault says."""

    def error(self, kind: FaultKind, messages: Sequence[str]) -> object:
        """The JSON body for a fault that replaces the answer."""

    def warned(self, body: object, messages: Sequence[str]) -> object:
        """A successful JSON body with warnings added."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, held until it is known whether the client may have it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def carrying(self, body: bytes, content_type: bytes = b"application/json") -> "Answer":
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in (b"content-length", b"content-type"))
        return replace(
            self, body=body, headers=(*kept, (b"content-type", content_type), (b"content-length", b"%d" % len(body)))
        )


class FaultLayer:
    """ASGI middleware; the application behind it answers in one piece, so that an answer can be withheld whole."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        faults: FaultQueue,
        requests: RequestLog,
        dialect: Dialect,
        now: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._faults = faults
        self._requests = requests
        self._dialect = dialect
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole_body(receive)
        fault = self._faults.take(scope["method"], scope["path"])
        record = self._record(scope, body, fault)
        kind = fault.kind if fault else None
        answer = await self._answer(scope, body, fault)
        if fault and kind in _HELD_BACK:
            await _hold(receive, fault.seconds)
        if kind in _DROPPED:
            reset_connection(scope)
            return
        record.status = answer.status
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        if kind is FaultKind.TRUNCATED:
            await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
            close_connection(scope)
            return
        await send({"type": "http.response.body", "body": answer.body})

    def _record(self, scope: Scope, body: bytes, fault: Fault | None) -> RecordedRequest:
        record = RecordedRequest(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode(),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
            fault=fault.kind if fault else None,
            at=self._now(),
        )
        self._requests.requests.append(record)
        return record

    async def _answer(self, scope: Scope, body: bytes, fault: Fault | None) -> Answer:
        if fault is None:
            return await _apply(self._app, scope, body)
        if fault.kind in _NOT_APPLIED:
            return self._error(fault)
        if fault.kind is FaultKind.DELAYED_VISIBILITY:
            scope[DELAY] = fault.seconds
        answer = await _apply(self._app, scope, body)
        if fault.kind is FaultKind.SERVER_ERROR_AFTER:
            return self._error(fault)
        if fault.kind is FaultKind.NOT_JSON:
            return replace(answer, status=200).carrying(b"<html><body>One moment please</body></html>", b"text/html")
        if fault.kind is FaultKind.WARNING and answer.status < 300:
            content = json.loads(answer.body) if answer.body else None
            return answer.carrying(json.dumps(self._dialect.warned(content, fault.messages)).encode())
        return answer

    def _error(self, fault: Fault) -> Answer:
        body = json.dumps(self._dialect.error(fault.kind, fault.messages)).encode()
        answer = Answer(_STATUS.get(fault.kind, 500), (), b"").carrying(body)
        wait = fault.retry_after
        if wait is None and fault.kind is FaultKind.UNAVAILABLE:
            wait = 1
        if wait is None:
            return answer
        until = (
            format_datetime(datetime.now(UTC) + timedelta(seconds=wait), usegmt=True) if fault.as_date else str(wait)
        )
        return replace(answer, headers=(*answer.headers, (b"retry-after", until.encode())))


async def _apply(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    status, headers, parts = 500, (), list[bytes]()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def collect(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], tuple(message.get("headers", ()))
        else:
            parts.append(message.get("body", b""))

    try:
        await app(scope, receive, collect)
    except Exception:
        log.exception("the simulator itself failed at %s %s", scope["method"], scope["path"])
        raise
    return Answer(status, headers, b"".join(parts))


async def _whole_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _hold(receive: Receive, seconds: float) -> None:
    """Waits, but not longer than the client does."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return
