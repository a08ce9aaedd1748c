"""Every HTTP call to the outside goes through here: no redirect, an end to each answer, the machine's proxies named.

A server that goes wrong must not hurt us: an answer may be small on the wire and huge when unpacked, or drip for hours,
head or body. What the machine sets for everybody (proxies, certificates) is honoured, or refused in one line that
names it.
"""

from __future__ import annotations

import os
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.deadline import ends_within, timed
from adapters.environment import certificates, proxies, variable, without_proxy
from domain.errors import Misconfigured

MOST_BYTES: Final = 32 * 1024 * 1024  # of one answer, unpacked; a page of either system has some hundred KB
DEADLINE: Final = 120.0  # seconds for one request and its answer, from connecting to the last byte
_KEYS: Final = "SSLKEYLOGFILE"
_PACKED: Final = ("gzip", "x-gzip", "deflate")
_UNPACKED_AT_ONCE: Final = 1 << 20  # bytes


class AnswerTooLarge(httpx.DecodingError):
    """The server sends more than an answer can be, or does not come to an end."""


class Outgoing(httpx.Client):
    """`httpx.Client` with these limits. Raises Misconfigured when a variable of the environment cannot be honoured.

    An answer is complete and unpacked before anybody sees it, one that is only asked again after a 401 too.
    """

    def __init__(
        self,
        *,
        limits: httpx.Limits = httpx.Limits(),  # noqa: B008  immutable
        environment: bool = True,
        most_bytes: int = MOST_BYTES,
        deadline: float = DEADLINE,
        **how: Any,
    ) -> None:
        context = _certificates()

        def bounded(proxy: httpx.Proxy | None = None) -> httpx.BaseTransport:
            transport = httpx.HTTPTransport(verify=context, limits=limits, trust_env=False, proxy=proxy)
            return _Bounded(transport, most_bytes, deadline)

        mounts = dict(_proxies(bounded)) if environment else {}
        try:
            super().__init__(
                transport=bounded(), mounts=mounts, trust_env=False, follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())), **how,
            )  # fmt: skip
        except httpx.InvalidURL:
            raise Misconfigured(
                "an address names a host or port that cannot be one: correct the configuration"
            ) from None
        self.headers["Accept-Encoding"] = "gzip"

    def build_request(self, *what: Any, **how: Any) -> httpx.Request:
        """Raises ConnectError for an address that cannot be one."""
        try:
            return super().build_request(*what, **how)
        except httpx.InvalidURL as cause:
            raise httpx.ConnectError("the address cannot be one") from cause


class _Bounded(httpx.BaseTransport):
    def __init__(self, inner: httpx.HTTPTransport, most_bytes: int, deadline: float) -> None:
        self._inner = timed(inner)
        self._most_bytes = most_bytes
        self._deadline = deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with ends_within(self._deadline):
            response = self._inner.handle_request(request)
            try:
                content = b"".join(self._at_most(_unpacked(response, self._most_bytes)))
            finally:
                response.close()
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_WIRE]
        bounded = httpx.Response(response.status_code, headers=headers, content=content, extensions=response.extensions)
        bounded.encoding = "utf-8"  # the server's own word may name any codec of Python, one that unpacks too
        return bounded

    def close(self) -> None:
        self._inner.close()

    def _at_most(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for part in parts:
            size += len(part)
            if size > self._most_bytes:
                raise AnswerTooLarge(f"more than {self._most_bytes} bytes")
            yield part


def _unpacked(response: httpx.Response, most_bytes: int) -> Iterator[bytes]:
    """The body in pieces of a bounded size. What is packed twice was not asked for, and is refused unread."""
    assert isinstance(response.stream, httpx.SyncByteStream)
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from response.stream
        return
    if coding not in _PACKED:
        raise httpx.DecodingError("the answer is packed in a way that was not asked for")
    unpacking, received = zlib.decompressobj(zlib.MAX_WBITS | 32), 0
    for part in response.stream:
        received += len(part)
        if received > most_bytes:
            raise AnswerTooLarge(f"more than {most_bytes} bytes")
        while part and not unpacking.eof:
            try:
                yield unpacking.decompress(part, _UNPACKED_AT_ONCE)
            except zlib.error as cause:
                raise httpx.DecodingError("the answer cannot be unpacked") from cause
            part = unpacking.unconsumed_tail
    if received and not unpacking.eof:
        raise httpx.DecodingError("the packed answer is cut short")


_OF_THE_WIRE: Final = ("content-encoding", "content-length", "transfer-encoding")


def _certificates() -> ssl.SSLContext:
    name, named = certificates() or ("the certificates' package", None)
    try:
        return _loaded(named, named.stat().st_mtime_ns if named else 0, os.environ.get(_KEYS))
    except OSError as cause:  # SSLError is one
        if cause.filename is not None and cause.filename == os.environ.get(_KEYS):
            raise Misconfigured(f"{_KEYS} names a file that cannot be written: correct it or unset it") from None
        raise Misconfigured(f"{name} names certificates that cannot be read: correct it or unset it") from None


@lru_cache(maxsize=2)
def _loaded(named: Path | None, _changed: int, _keys: str | None) -> ssl.SSLContext:
    """One for every client until the environment names another, or the file is a new one: loading takes 25 ms."""
    if named is None:
        return httpx.create_ssl_context(trust_env=False)
    return ssl.create_default_context(capath=named) if named.is_dir() else ssl.create_default_context(cafile=named)


def _proxies(
    transport: Callable[[httpx.Proxy | None], httpx.BaseTransport],
) -> Iterator[tuple[str, httpx.BaseTransport | None]]:
    found, hosts = proxies(), without_proxy()
    if "*" in hosts or not found:
        return
    for scheme, address in found.items():
        yield f"{scheme}://", _proxy(address, scheme, transport)
    for host in hosts:
        yield from _direct(host)


def _proxy(
    address: str, scheme: str, transport: Callable[[httpx.Proxy | None], httpx.BaseTransport]
) -> httpx.BaseTransport:
    try:
        return transport(httpx.Proxy(address))
    except (ValueError, ImportError, httpx.InvalidURL):  # a scheme it does not know, or needs a package for
        raise Misconfigured(
            f"{variable(scheme)} names a proxy that cannot be used: give an http:// address or unset it"
        ) from None


def _direct(host: str) -> Iterator[tuple[str, None]]:
    """The patterns of a host that is reached without a proxy; a network is passed over, no name matches it."""
    if (address := _address(host)) is not None:
        yield f"all://[{address}]" if ":" in address else f"all://{address}", None
    elif "://" in host:
        raise _no_host()
    elif not _is_network(host):
        name = host.lstrip("*").lstrip(".").split(":")[0]
        for pattern in (f"all://{name}", f"all://*.{name}"):
            yield _sound(pattern), None


def _sound(pattern: str) -> str:
    try:
        httpx.URL(pattern)
    except httpx.InvalidURL:
        raise _no_host() from None
    return pattern


def _no_host() -> Misconfigured:
    return Misconfigured(f"{variable('no')} names a host that cannot be one: correct it or unset it")


def _address(host: str) -> str | None:
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return None


def _is_network(host: str) -> bool:
    try:
        ip_network(host, strict=False)
    except ValueError:
        return "/" in host or host.count(":") > 1
    return True
