"""Gives every request to the tenant whose address it names, and to nobody's where there is no such tenant.

What a tenant does not know looks like what does not exist: a name that no tenant has is answered by an application like
theirs, to which nobody has a key. So no answer, and no limit, tells a stranger which tenants there are (BUREAU-1).

A host is a tenant's own, the operator's or nobody's, however it is spelled. Names below `/t/` are found at the
operator's alone; what a machine asks of the server is answered at every host but a tenant's.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.config.hosts import canonical
from api.config.webhooks import PATH as WEBHOOKS
from api.http.below import Below
from api.http.problems import Refused, answer, not_found
from api.tenants.house import House, Room
from api.tenants.opened import Working

_BELOW: Final = re.compile(r"/t/([a-z0-9-]{1,40})(?=/|$)")  # nothing that means something in a page or a header
PATIENCE: Final = 2.0  # seconds that a request waits for its tenant to be opened by another
_OPENERS: Final = 8
_LOOKED_EVERY: Final = 0.02  # seconds
_OPERATORS: Final = frozenset({"/healthz", "/readyz", "/metrics", "/queue"})
"""What concerns the server and no tenant: asked by machines, which know it by number or by a name inside a cluster."""

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Dispatcher:
    """`nobody` answers for every tenant that does not exist, `operation` what the operator asks."""

    def __init__(self, house: House, nobody: ASGIApp, operation: ASGIApp) -> None:
        self._house, self._nobody, self._operation = house, nobody, operation
        self._opening: set[str] = set()
        self._openers = CapacityLimiter(_OPENERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        host = canonical(next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1"))
        own = self._house.hosts.get(host)
        found = _BELOW.match(scope["path"])
        if own is not None:
            await self._ask(own, "", scope, receive, send)
        elif scope["path"] in _OPERATORS:
            await self._operation(scope, receive, send)
        elif found is None or not self._is_operators(host):
            await answer(not_found())(scope, receive, send)
        else:
            name = "" if found[1] in self._house.hosts.values() else found[1]  # whoever has a host is found there alone
            await self._ask(name, found[0], scope, receive, send)

    def _is_operators(self, host: str) -> bool:
        return host in _THIS_MACHINE or host in self._house.operator.own_hosts

    async def _ask(self, name: str, base: str, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].removeprefix(base) in _OPERATORS:
            await answer(not_found())(scope, receive, send)
            return
        try:
            found = await self._entered(name)
        except TimeoutError:
            busy = Refused(503, "log-unavailable", "log unavailable", headers={"Retry-After": "5"})
            await answer(busy)(scope, receive, send)
            return
        if found is None and not base:  # at a host of its own, which everybody knows to be a customer's
            away = Refused(503, "not-available", "not available now", headers={"Retry-After": "60"})
            await answer(away)(scope, receive, send)
            return
        if found is None:
            await Below(self._nobody, base)(scope, receive, Strange(scope, base, send))
            return
        room, working = found
        try:
            with bound_contextvars(tenant=name):
                assert working.app is not None
                await working.app(scope, receive, Strange(scope, base, send))
        finally:
            room.leave()

    async def _entered(self, name: str) -> tuple[Room, Working] | None:
        """One that is open already needs no thread; who meets an exchange waits for the new one.

        Each tenant is opened for one request at a time, in threads that answer nothing else: one whose database hangs
        keeps no other from being answered. Raises TimeoutError for who has waited long enough.
        """
        until = time.monotonic() + PATIENCE
        while (room := self._house.room(name)) is not None:
            if room.working is not None and (working := room.enter_open()) is not None:
                return room, working
            if name not in self._opening:
                return await self._opened(name)
            if time.monotonic() > until:
                raise TimeoutError
            await asyncio.sleep(_LOOKED_EVERY)
        return None

    async def _opened(self, name: str) -> tuple[Room, Working] | None:
        self._opening.add(name)
        try:
            return await to_thread.run_sync(self._house.enter, name, limiter=self._openers)
        finally:
            self._opening.discard(name)


class Strange:
    """`send`, in which a credential that does not count here is told what it would be told of nobody: not found.

    Whoever shows none is asked for one, wherever that is. Personio's deliveries are no exception to either.
    """

    def __init__(self, scope: Scope, base: str, send: Send) -> None:
        headers = [name for name, _ in scope["headers"]]
        webhook = scope["path"].removeprefix(base) == WEBHOOKS
        self._shown, self._send = b"authorization" in headers or webhook, send
        self._instead: JSONResponse | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 401 and self._shown:
            self._instead = answer(not_found())
            told = dict(self._instead.raw_headers)
            kept = [(name, each) for name, each in message["headers"] if name not in {*told, b"www-authenticate"}]
            message = {**message, "status": 404, "headers": [*kept, *told.items()]}
        elif message["type"] == "http.response.body" and self._instead is not None:
            message = {**message, "body": bytes(self._instead.body), "more_body": False}
        await self._send(message)
