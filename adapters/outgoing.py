"""Every HTTP call to the outside goes through here: no redirect, an end to each answer, the machine's proxies named.

A server that goes wrong must not hurt us: an answer may be small on the wire and huge when unpacked, or drip for hours.
What the machine sets for everybody (proxies, certificates) is honoured, or refused in one line that names it.
"""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.request import getproxies

import httpx

from domain.errors import Misconfigured

MOST_BYTES: Final = 32 * 1024 * 1024  # of one answer, unpacked; a page of either system has some hundred KB
DEADLINE: Final = 120.0  # seconds for one answer, from the request to the last byte
_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class AnswerTooLarge(httpx.DecodingError):
    """The server sends more than an answer can be, or does not come to an end."""


class Outgoing(httpx.Client):
    """`httpx.Client` with these limits. Raises Misconfigured when a variable of the environment cannot be honoured."""

    def __init__(
        self,
        *,
        limits: httpx.Limits = httpx.Limits(),  # noqa: B008  immutable
        environment: bool = True,
        most_bytes: int = MOST_BYTES,
        deadline: float = DEADLINE,
        **how: Any,
    ) -> None:
        self._most_bytes = most_bytes
        self._deadline = deadline
        context = _certificates()
        mounts = dict(_proxies(context, limits)) if environment else {}
        super().__init__(
            verify=context, mounts=mounts, limits=limits, trust_env=False, follow_redirects=False, **how
        )  # fmt: skip

    def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        until = time.monotonic() + self._deadline
        response = super().send(request, **{**how, "stream": True})
        try:
            content = self._content(response, until)
        finally:
            response.close()
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_WIRE]
        return httpx.Response(
            response.status_code, headers=headers, content=content, request=response.request,
            extensions=response.extensions,
        )  # fmt: skip

    def _content(self, response: httpx.Response, until: float) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._most_bytes:
                raise AnswerTooLarge(f"more than {self._most_bytes} bytes", request=response.request)
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer does not come to an end", request=response.request)
        return b"".join(parts)


_OF_THE_WIRE: Final = ("content-encoding", "content-length", "transfer-encoding")


def _certificates() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError:  # SSLError is one
        names = " or ".join(name for name in _CERTIFICATES if os.environ.get(name)) or "the certificates' package"
        raise Misconfigured(f"{names} names certificates that cannot be read: correct it or unset it") from None


def _proxies(context: ssl.SSLContext, limits: httpx.Limits) -> Iterator[tuple[str, httpx.BaseTransport | None]]:
    found = getproxies()
    hosts = [host.strip() for host in found.get("no", "").split(",")]
    if "*" in hosts:
        return
    for scheme, pattern in {"http": "http://", "https": "https://", "all": "all://"}.items():
        if address := found.get(scheme):
            yield pattern, _proxy(address, scheme, context, limits)
    if any(scheme in found for scheme in ("http", "https", "all")):
        for host in hosts:
            yield from _direct(host)


def _proxy(address: str, scheme: str, context: ssl.SSLContext, limits: httpx.Limits) -> httpx.BaseTransport:
    address = address if "://" in address else f"http://{address}"
    try:
        return httpx.HTTPTransport(verify=context, limits=limits, proxy=httpx.Proxy(address))
    except (ValueError, ImportError, httpx.InvalidURL):  # a scheme it does not know, or needs a package for
        raise Misconfigured(
            f"{_variable(scheme, os.environ)} names a proxy that cannot be used: give an http:// address or unset it"
        ) from None


def _variable(scheme: str, environment: Mapping[str, str]) -> str:
    name = f"{scheme}_proxy"
    return name if environment.get(name) else name.upper()


def _direct(host: str) -> Iterator[tuple[str, None]]:
    """The patterns of a host that is reached without a proxy; a network is passed over, no name matches it."""
    if not host:
        return
    if (address := _address(host)) is not None:
        yield f"all://[{address}]" if ":" in address else f"all://{address}", None
    elif not _is_network(host):
        name = host.lstrip("*").lstrip(".").split(":")[0]
        yield f"all://{name}", None
        yield f"all://*.{name}", None


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
