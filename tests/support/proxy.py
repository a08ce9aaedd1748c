"""A TCP proxy that lets something happen to the nth request it recognises: before it is passed on, or to its answer."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from tests.support.waiting import let_pass

_REQUEST: Final = re.compile(rb"(GET|PUT|POST|PATCH|DELETE) (\S+) HTTP/1.1\r\n")
_RESET: Final = struct.pack("ii", 1, 0)
_CHUNK: Final = 65_536


class Toxic(StrEnum):
    REFUSE = "refuse"  # no new connection either, until told otherwise
    LATENCY = "latency"  # passed on late
    BANDWIDTH = "bandwidth"  # passed on a few bytes at a time, slowly
    SLOW_CLOSE = "slow_close"  # cut, and closed only after a while
    TIMEOUT = "timeout"  # nothing more, and nothing is closed
    RESET = "reset"
    SLICER = "slicer"  # passed on in very small pieces
    CUT = "cut"  # the first `size` bytes, then the end


@dataclass(frozen=True, slots=True)
class Mishap:
    """`applied`: the request is passed on first, and only its answer suffers."""

    toxic: Toxic
    method: str
    path: str  # a regular expression
    applied: bool
    nth: int = 1
    times: int = 1
    size: int = 20


@dataclass(slots=True)
class Proxy:
    """In front of one server; `url` is known once it serves."""

    target: str
    mishaps: list[Mishap] = field(default_factory=list)
    played: list[Mishap] = field(default_factory=list)
    url: str = ""
    _seen: dict[int, int] = field(default_factory=dict)
    _refusing: bool = False
    _over: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def serving(self) -> Iterator[Proxy]:
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        try:
            yield self
        finally:
            self._over = True
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def heal(self) -> None:
        self.mishaps.clear()
        self._refusing = False

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self._refusing:
                _reset(client)
                continue
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """One connection, request by request: our clients never send one before the last was answered."""
        where = urlsplit(self.target)
        with client, socket.create_connection((where.hostname or "", where.port or 0)) as server, suppress(OSError):
            while not self._over:
                request = _message(client)
                if not request:
                    return
                mishap = self._mishap(request)
                if mishap is None or mishap.applied:
                    server.sendall(request)
                elif not self._suffers(mishap, request, client, server):
                    return
                answer = _message(server)
                if mishap is None or not mishap.applied:
                    client.sendall(answer)
                elif not self._suffers(mishap, answer, client, client):
                    return

    def _mishap(self, request: bytes) -> Mishap | None:
        found = _REQUEST.match(request)
        method, path = (part.decode() for part in found.groups()) if found else ("", "")
        with self._lock:
            for number, one in enumerate(self.mishaps):
                if one.method != method or not re.search(one.path, path):
                    continue
                self._seen[number] = self._seen.get(number, 0) + 1
                if one.nth <= self._seen[number] < one.nth + one.times:
                    self.played.append(one)
                    return one
        return None

    def _suffers(self, mishap: Mishap, data: bytes, client: socket.socket, receiver: socket.socket) -> bool:
        """Plays it on these bytes; whether the connection can go on."""
        match mishap.toxic:
            case Toxic.LATENCY:
                let_pass(0.2)
                receiver.sendall(data)
            case Toxic.BANDWIDTH:
                for start in range(0, len(data), 512):
                    receiver.sendall(data[start : start + 512])
                    let_pass(0.02)
            case Toxic.SLICER:
                for start in range(0, len(data), 7):
                    receiver.sendall(data[start : start + 7])
            case Toxic.TIMEOUT:
                while client.recv(_CHUNK):
                    pass
                return False
            case Toxic.SLOW_CLOSE | Toxic.CUT:
                receiver.sendall(data[: mishap.size])
                let_pass(0.3 if mishap.toxic is Toxic.SLOW_CLOSE else 0.0)
                return False
            case Toxic.REFUSE | Toxic.RESET:
                self._refusing = mishap.toxic is Toxic.REFUSE
                _reset(client)
                return False
        return True


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


def _message(source: socket.socket) -> bytes:
    """One whole HTTP message; empty when the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = source.recv(_CHUNK)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        more = source.recv(_CHUNK)
        if not more:
            return data
        data += more
        missing -= len(more)
    return data
