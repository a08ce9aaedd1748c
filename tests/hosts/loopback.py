"""Links over loopback: a small TCP proxy of ours for each, where no namespaces are to be had."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tests.hosts.links import Fault, Target

_T = TypeVar("_T")
_HERE: Final = "127.0.0.1"
_CHUNK: Final = 16_384
_SLOW: Final = 0.03  # seconds for each chunk
_AT_ONCE: Final = struct.pack("ii", 1, 0)  # a reset


@dataclass(eq=False)
class _Carried:
    """One connection; `over` once the target has closed it behind the host's back."""

    host: asyncio.StreamWriter
    target: asyncio.StreamWriter
    over: bool = False


@dataclass
class _Link:
    """Of one host to one target, at however many ports."""

    passing: asyncio.Event = field(default_factory=asyncio.Event)
    slow: bool = False
    carried: set[_Carried] = field(default_factory=set)

    def harm(self, fault: Fault) -> None:
        match fault:
            case Fault.CUT:
                self.passing.clear()
            case Fault.SLOW:
                self.slow = True
            case Fault.RESET:
                for one in tuple(self.carried):
                    _reset(one.host)
                    _reset(one.target)
            case Fault.HALF_OPEN:
                self.passing.clear()
                for one in tuple(self.carried):
                    one.over = True
                    _reset(one.target)

    def restore(self) -> None:
        self.slow = False
        for one in tuple(self.carried):
            if one.over:
                _reset(one.host)
        self.passing.set()


class LoopbackLinks:
    """`tests.hosts.links.Links`."""

    kinds = tuple(Fault)
    net = ""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)
        self._links: dict[tuple[str, Target], _Link] = {}
        self._ports: dict[tuple[str, Target, int], int] = {}

    def namespace(self, where: str) -> str:
        return ""

    def listens(self, where: str) -> str:
        return _HERE

    def found(self, host: str, target: Target, port: int) -> tuple[str, int]:
        if (host, target, port) not in self._ports:
            self._ports[host, target, port] = self._asked(self._listen(host, target, port))
        return _HERE, self._ports[host, target, port]

    def harm(self, host: str, target: Target, fault: Fault) -> None:
        self._asked(self._harm(host, target, fault))

    def restore(self) -> None:
        self._asked(self._restore())

    def _asked(self, what: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)

    async def _harm(self, host: str, target: Target, fault: Fault) -> None:
        if (link := self._links.get((host, target))) is not None:
            link.harm(fault)

    async def _restore(self) -> None:
        for link in self._links.values():
            link.restore()

    async def _listen(self, host: str, target: Target, port: int) -> int:
        if (host, target) not in self._links:
            self._links[host, target] = _Link()
            self._links[host, target].passing.set()
        link = self._links[host, target]

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await link.passing.wait()
            try:
                back, there = await asyncio.open_connection(_HERE, port)
            except OSError:
                _reset(writer)
                return
            one = _Carried(writer, there)
            link.carried.add(one)
            with suppress(OSError):
                await asyncio.gather(_pumped(reader, there, link, one), _pumped(back, writer, link, one))
            link.carried.discard(one)

        server = await asyncio.start_server(carry, _HERE, 0, backlog=128)
        return int(server.sockets[0].getsockname()[1])

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def start(self) -> None:
        self._thread.start()


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: _Link, one: _Carried) -> None:
    """Bytes one way, until either end closes; what comes while the link is cut waits, as a sender would send again."""
    try:
        while data := await reader.read(_CHUNK):
            await link.passing.wait()
            if link.slow:
                await asyncio.sleep(_SLOW)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    if one.over:
        return  # the host hears of it when the link is restored
    await link.passing.wait()
    with suppress(OSError, RuntimeError):
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    found = writer.get_extra_info("socket")
    with suppress(OSError):
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()


@contextmanager
def loopback() -> Iterator[LoopbackLinks]:
    links = LoopbackLinks()
    links.start()
    try:
        yield links
    finally:
        links.close()
