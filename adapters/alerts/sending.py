"""Sends one message through apprise, in a process of its own that can be ended: what an address answers has no bounds.

Its libraries unpack whatever comes and wait for ever: the process has little memory and one deadline. They resolve
names themselves: each is judged whenever it is resolved, so that the address that was judged is the one that is called.
"""

from __future__ import annotations

import logging
import resource
import signal
import socket
import sys
from collections.abc import Callable, Set
from enum import IntEnum
from typing import Any, Final

from adapters.alerts.addresses import PRIVATE, UNRESOLVED, NotAllowed, check
from domain.grounds.readers import read_json

MEMORY: Final = 256 * 1024 * 1024  # bytes; a message takes some 80 MB, nearly all of it the libraries
_MAIL: Final = ("mailto://", "mailtos://")


class Ended(IntEnum):
    """How it went, as the exit status of the process; anything else is a service that did not accept it."""

    TAKEN = 0
    REFUSED = 10
    UNREADABLE = 11
    UNRESOLVED = 12
    PRIVATE = 13


def main() -> None:
    """Reads the message from standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = read_json(sys.stdin.buffer.read())
    import apprise

    signal.setitimer(signal.ITIMER_REAL, told["seconds"])  # ends this process, also when nobody waits for it any more
    logging.disable(logging.CRITICAL)  # what the library logs may quote the address
    service = apprise.Apprise.instantiate(told["url"])
    sys.exit(Ended.UNREADABLE if service is None else sent(service, told, frozenset(told["private"])))


def sent(service: Any, told: dict[str, Any], private: Set[str]) -> Ended:
    if told["url"].lower().startswith(_MAIL):
        service.notify_format = "text"  # as HTML, which it is by itself, lines run together
    service.redirects = False
    names = _Judged(socket.getaddrinfo, private)
    socket.getaddrinfo = names  # what every library connects by
    try:
        taken = service.notify(body=told["body"], title=told["title"])
    except Exception:  # noqa: BLE001  of any library, at anything that was answered
        taken = False
    return Ended.TAKEN if taken else names.fault or Ended.REFUSED


class _Judged:
    """`socket.getaddrinfo`, to which a host that may not be reached has no address."""

    def __init__(self, resolve: Callable[..., list[Any]], private: Set[str]) -> None:
        self._resolve = resolve
        self._private = private
        self.fault: Ended | None = None

    def __call__(self, host: Any, *where: Any, **how: Any) -> list[Any]:
        try:
            entries = self._resolve(host, *where, **how)
            name = host.decode() if isinstance(host, bytes) else str(host)
            check(name, (str(entry[4][0]) for entry in entries), self._private)
        except NotAllowed:
            self.fault = Ended.PRIVATE
            raise socket.gaierror(socket.EAI_NONAME, PRIVATE) from None
        except (OSError, UnicodeError):
            self.fault = Ended.UNRESOLVED
            raise socket.gaierror(socket.EAI_NONAME, UNRESOLVED) from None
        return entries


if __name__ == "__main__":
    main()
