"""Connections that cost nothing to hold: what a client owes has an end, and who has owed longest makes room.

uvicorn ends what is idle between two requests. A head or a body that never comes, an answer that nobody takes, and how
many connections there are, it leaves to a proxy, which nobody has to have.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
import struct
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import chain
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.logs import logger
from api.config.serve import ServeSection

RESERVED: Final = 96  # file descriptors for databases, files and what systems are asked meanwhile
BACKLOG: Final = 64  # connections that the system may hand over at once, before the first is looked at
LONGEST_HEAD: Final = 16_384  # bytes
_BETWEEN: Final = len(": \r\n")
LEAVING: Final = 30  # seconds that requests at work get when the server is stopped
LISTENS: Final = "tweeluik.listens"
"""In the state of a request whose answer tells of events: whoever listens asks again when the connection ends."""

_TOLD_EVERY: Final = 60.0  # seconds
_LOOK_AFTER: Final = 10_000  # objects that were made and are not gone

_log = logger(__name__)


class Owed(StrEnum):
    """What the client has to do before anything goes on."""

    HEAD = "head"
    BODY = "body"
    TAKE = "take"  # the answer, out of a full buffer
    NEXT = "next"  # another request, or none; uvicorn itself ends that


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds; they begin with the debt and not with the last byte, so dripping gains nothing."""

    head: float = 10.0
    body: float = 30.0
    take: float = 60.0

    def of(self, owed: Owed) -> float | None:
        return {Owed.HEAD: self.head, Owed.BODY: self.body, Owed.TAKE: self.take}.get(owed)


class Door:
    """Counts the connections of one server. Not shared by threads: a server has one loop."""

    def __init__(self, serve: ServeSection, deadlines: Deadlines = Deadlines()) -> None:
        self.deadlines = deadlines
        self.most = most_connections(serve)
        self._most_of_one = serve.max_connections_per_address
        self._proxies = [ip_network(each) for each in serve.trusted_proxies]
        self._owing: dict[Guarded, None] = {}  # in the order in which they began to
        self._all: dict[Guarded, None] = {}  # in the order in which they came
        self._inside: Counter[str] = Counter()
        self._refused, self._told_at = 0, float("-inf")

    def enter(self, connection: Guarded) -> bool:
        """Whether there is room: made, if need be, by ending the connection that has owed something longest.

        Where none owes anything, one that listens to events is ended.
        """
        who = connection.who
        crowd = self._inside[who] >= self._most_of_one and not self._is_proxy(who)
        if (crowd and not self._end_one(who)) or (self._inside.total() >= self.most and not self._end_one(None)):
            self._refused += 1
            self._tell(connection.loop.time())
            return False
        self._inside[who] += 1
        self._all[connection] = None
        return True

    def leave(self, connection: Guarded) -> None:
        self._inside -= Counter([connection.who])
        self._all.pop(connection, None)

    def owes(self, connection: Guarded, owed: Owed | None) -> None:
        self._owing.pop(connection, None)
        if owed is not None:
            self._owing[connection] = None

    def _end_one(self, who: str | None) -> bool:
        may_end = chain(self._owing, (each for each in self._all if each.listens))
        found = next((each for each in may_end if who is None or each.who == who), None)
        if found is not None:
            found.end()
        return found is not None

    def _is_proxy(self, who: str) -> bool:
        address = ip_network(who).network_address if who else None
        return address is not None and any(address in each for each in self._proxies)

    def _tell(self, now: float) -> None:
        if now - self._told_at > _TOLD_EVERY:
            _log.warning("connections refused", since_the_last_line=self._refused, at_most=self.most)
            self._refused, self._told_at = 0, now


def most_connections(serve: ServeSection) -> int:
    """As configured, or as many as the process may have files open, less what the work itself needs."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return serve.max_connections
    return max(1, min(serve.max_connections, files - RESERVED - BACKLOG))


def network_of(host: str) -> str:
    """Whom an address counts as: of IPv6 the network, since whoever has one chooses among 2**64 addresses of it."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((int(address) >> 64 << 64, 64)))
    return str(address)


class _Bounded(h11.Connection):
    """h11 measures a head while it is incomplete; this one measures what came at once, too."""

    def next_event(self) -> Any:
        event = super().next_event()
        headers = getattr(event, "headers", ())
        size = len(getattr(event, "target", b"")) + sum(len(name) + len(value) + _BETWEEN for name, value in headers)
        if size > LONGEST_HEAD:
            raise h11.RemoteProtocolError("the head is too long", error_status_hint=431)
        return event


class Guarded(H11Protocol):
    """uvicorn's own protocol, with an end to whatever the client owes."""

    def __init__(self, door: Door, /, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self.conn = _Bounded(h11.SERVER, LONGEST_HEAD)
        self._door = door
        self._owed: Owed | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._entered = False

    @cached_property
    def who(self) -> str:
        return network_of(self.client[0]) if self.client else ""

    @property
    def listens(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete and LISTENS in cycle.scope.get("state", {})

    def end(self) -> None:
        if self._owed is Owed.TAKE:  # else the system goes on offering what is in its own buffer
            at_once = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._leave()
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._entered = self._door.enter(self)
        if self._entered:
            self._look()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def _leave(self) -> None:
        if self._entered:
            self._entered = False
            self._door.leave(self)
        self._note(None)

    def _look(self) -> None:
        owed = self._owes()
        if owed is not self._owed and self._entered:
            self._note(owed)

    def _note(self, owed: Owed | None) -> None:
        self._owed = owed
        self._door.owes(self, owed)
        if self._timer is not None:
            self._timer.cancel()
        seconds = self._door.deadlines.of(owed) if owed else None
        self._timer = None if seconds is None else self.loop.call_later(seconds, self.end)

    def _owes(self) -> Owed | None:
        if self.transport.is_closing() or self.flow.write_paused:
            return Owed.TAKE
        if self.conn.their_state is h11.SEND_BODY:
            return Owed.BODY
        if self.conn.their_state is h11.IDLE:
            return Owed.HEAD if self.cycle is None or self.conn.trailing_data[0] else Owed.NEXT
        return None


def server(
    app: ASGIApp, serve: ServeSection, *, host: str, port: int, deadlines: Deadlines = Deadlines()
) -> uvicorn.Server:
    """Headers of proxies are believed by the application alone, where the configuration names the proxy."""
    settled()
    config = uvicorn.Config(
        app, host=host, port=port, http=partial(Guarded, Door(serve, deadlines)),  # type: ignore[arg-type]
        backlog=BACKLOG, h11_max_incomplete_event_size=LONGEST_HEAD, timeout_graceful_shutdown=LEAVING,
        proxy_headers=False, ws="none", log_level="warning", access_log=False, server_header=False,
    )  # fmt: skip
    return uvicorn.Server(config)


def settled() -> None:
    """What is here before the first request stays, and is not looked through for garbage again: that takes 0.1 s of
    whatever request it falls into. What a request makes is mostly gone with it: looking after every 700 objects, as
    Python does, costs a page of long lists a tenth, and now and then a request 20 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER)
