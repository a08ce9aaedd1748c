"""Alerts by mail and chat, through apprise."""

from __future__ import annotations

import logging
from collections.abc import Callable, Set
from concurrent.futures import Future
from datetime import datetime
from threading import Thread
from typing import Final

from adapters.alerts.addresses import NotAllowed, reachable
from domain.services.alerts.deliver import Post

SCHEMAS: Final = frozenset({"mailto", "mailtos", "slack", "workflows", "msteams", "gchat", "matrix", "matrixs"})
"""What may be named: others run programs, write files, or post to any address (a webhook does that, signed)."""

_OWN_HOST: Final = frozenset({"mailto", "mailtos", "matrix", "matrixs"})  # the others go to their provider only
_MAIL: Final = frozenset({"mailto", "mailtos"})
_NAME: Final = "apprise"
_DEADLINE: Final = 60.0  # seconds for one message; the libraries behind apprise only limit each wait


class MailAndChat:
    """One apprise address, such as mailtos://user:password@mail.example.org?to=payroll@example.org."""

    def __init__(self, url: str, private: Set[str]) -> None:
        self._url = url
        self._private = private

    def send(self, post: Post, at: datetime) -> str | None:  # noqa: ARG002  the protocol's
        import apprise  # takes most of a second

        logging.getLogger(_NAME).setLevel(logging.CRITICAL)  # what it logs may quote the address
        service = apprise.Apprise.instantiate(self._url)
        if service is None:
            return "apprise cannot read the target's url"
        if self._url.partition("://")[0].lower() in _MAIL:
            service.notify_format = apprise.NotifyFormat.TEXT  # as HTML, which it is by itself, lines run together
        service.redirects = False  # a host that may be reached could name one that may not
        try:
            if self._url.partition("://")[0].lower() in _OWN_HOST:
                host = getattr(service, "smtp_host", None) or service.host
                reachable(host, service.port or 443, self._private)
        except NotAllowed as reason:
            return str(reason)
        try:
            taken = _within(_DEADLINE, lambda: service.notify(body=post.text, title=post.title))
        except TimeoutError:
            return "the service did not come to an end"
        return None if taken else "the service did not accept it"


def _within(seconds: float, notify: Callable[[], bool | None]) -> bool | None:
    """Raises TimeoutError; what hangs is left to a thread that keeps nothing from ending."""
    told: Future[bool | None] = Future()

    def work() -> None:
        try:
            told.set_result(notify())
        except BaseException as reason:  # noqa: BLE001  raised again where it is waited for
            told.set_exception(reason)

    Thread(target=work, name="message", daemon=True).start()
    return told.result(seconds)
