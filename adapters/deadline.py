"""One deadline for a whole call: connecting, TLS, sending, and an answer that drips, head and body alike.

What httpx calls a timeout is only how long a single read may wait, so a server that sends a byte now and then keeps its
caller for ever. Here every wait on the wire gets at most what is left of the call.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpcore
import httpx
from httpcore import (
    SOCKET_OPTION,
    ConnectError,
    ConnectTimeout,
    NetworkBackend,
    NetworkStream,
    ReadTimeout,
    SyncBackend,
    WriteTimeout,
)

_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """What this thread sends and receives meanwhile comes to an end by then."""
    begun = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(begun)


def timed(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """The same, minding `ends_within`. Each of httpx's transports makes its pool itself, without a way to say this."""
    transport._pool._network_backend = _Timed()
    return transport


class _Timed(NetworkBackend):
    def __init__(self) -> None:
        self._inner = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        left = _left(timeout, ConnectTimeout)
        try:
            return _TimedStream(self._inner.connect_tcp(host, port, left, local_address, socket_options))
        except UnicodeError as cause:  # a part of the name is empty, or too long
            raise ConnectError("the host's name cannot be one") from cause

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _TimedStream(NetworkStream):
    def __init__(self, inner: NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout, ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    until = _until.get()
    if until is None:
        return timeout
    left: Final = until - time.monotonic()
    if left <= 0:
        raise late("the call takes too long")
    return left if timeout is None else min(timeout, left)
