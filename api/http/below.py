"""An application below a path: it is written as if it were at the root of its host, and every address is made here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BASE: Final = "tweeluik.base"
"""In the scope of a request: what the addresses of the application begin with, as browsers and clients see them."""

_ADDRESS: Final = re.compile(rb'(\s(?:href|src|action|formaction|data-follow)=")/(?!/)')
_COOKIE: Final = re.compile(rb"(__Host-)?([^=;\s]+)=")
_COOKIES_PATH: Final = re.compile(rb"(;\s*path=)(/[^;]*)", re.IGNORECASE)
_HTML: Final = b"text/html"


class Below:
    """Everything that `app` answers leads to below `base`: links, forms, redirects and cookies.

    That is done once, to what leaves, so that no page has to think of it and none can forget to. A text of somebody's
    cannot be taken for an address: templates escape the quotes that an address stands in. Cookies have the base in
    their names, and those of another base never reach the application.
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`scope` names a path below the base."""
        if scope["type"] != "http" or not self._base:
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._base) or "/"
        headers = list(_own_cookies(scope["headers"], _suffix(self._base.encode())))
        inner = {**scope, "path": path, "raw_path": path.encode(), "headers": headers, BASE: self._base}
        leaving = _Leaving(send, self._base.encode(), whole=scope["method"] != "HEAD")
        await self._app(inner, receive, leaving)


def is_below(base: str, path: str) -> bool:
    """`/t/tulp` and `/t/tulp/e/170` are below `/t/tulp`, and `/t/tulpen` is not."""
    return path == base or path.startswith(f"{base}/")


def _suffix(base: bytes) -> bytes:
    """Of the names of cookies. No dot is in a base, so one never ends like another."""
    return base.replace(b"/", b".")


def _own_cookies(headers: Iterable[tuple[bytes, bytes]], suffix: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As the application named them; a browser takes `__Host-` only for the root, so there it is `__Secure-`."""
    for name, value in headers:
        if name != b"cookie":
            yield name, value
            continue
        pairs = (one.strip().partition(b"=") for one in value.split(b";"))
        own = ((each.removesuffix(suffix), given) for each, _, given in pairs if each.endswith(suffix))
        told = [each.replace(b"__Secure-", b"__Host-", 1) + b"=" + given for each, given in own]
        if told:
            yield name, b"; ".join(told)


class _Leaving:
    """`send`, with the base put in front of every address; a page is held until it is whole."""

    def __init__(self, send: Send, base: bytes, *, whole: bool) -> None:
        self._send, self._base, self._has_body = send, base, whole
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, self._header(name, value)) for name, value in message["headers"]]
            message = {**message, "headers": headers}
            if any(name == b"content-type" and value.startswith(_HTML) for name, value in headers):
                self._start = message
                return
        elif self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body", False):
                return
            start, self._start = self._start, None
            page = _ADDRESS.sub(rb"\g<1>" + self._base + b"/", self._page)
            await self._send({**start, "headers": self._with_length(start["headers"], len(page))})
            await self._send({"type": "http.response.body", "body": page})
            return
        await self._send(message)

    def _header(self, name: bytes, value: bytes) -> bytes:
        if name == b"location" and value.startswith(b"/") and not value.startswith((b"//", self._base + b"/")):
            return self._base + value
        if name == b"set-cookie":
            value = _COOKIE.sub(self._cookies_name, value, count=1)
            return _COOKIES_PATH.sub(lambda found: found[1] + self._base + found[2].rstrip(b"/"), value)
        return value

    def _cookies_name(self, found: re.Match[bytes]) -> bytes:
        return (b"__Secure-" if found[1] else b"") + found[2] + _suffix(self._base) + b"="

    def _with_length(self, headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
        """Of an answer to HEAD nobody knows how long its page would have been."""
        others = [(name, value) for name, value in headers if name != b"content-length"]
        return [*others, (b"content-length", str(length).encode())] if self._has_body else others
