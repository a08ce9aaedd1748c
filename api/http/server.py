"""`tweeluik serve`: the HTTP API on a port, and a thread that seals a head every minute if there is anything new."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from starlette.types import ASGIApp

from adapters.access.sealed import SealedAccess
from adapters.hints.store import HintStore
from adapters.logs import logger
from api.bootstrap import Store, identity_provider, open_access_keys, open_hint_store, open_store, open_tools
from api.config.settings import Settings
from api.http.app import create_app
from api.http.connections import server
from api.http.state import Tokens, Web
from api.http.webhook_intake import intake
from api.jobs.scheduler import scheduling
from api.jobs.webhook_follower import following
from domain.errors import LogNotBelieved, Misconfigured, TweeluikError

SEALED_EVERY: Final = 60.0  # seconds


@contextmanager
def open_web(
    settings: Settings,
    store: Store | None = None,
    *,
    access: SealedAccess | None = None,
    provider: Tokens | None = None,
    hints: HintStore | None = None,
) -> Iterator[Web]:
    """Everything the API works with. At the end runs are waited for, and what was read is put on record.

    A log that is not believed is served for reading; whatever else is asked is answered with 503 until it is believed.
    """
    with ExitStack() as closing:
        opened = closing.enter_context(open_store(settings, reading=True)) if store is None else store
        if access is None:
            access = closing.enter_context(open_access_keys(settings, opened))
        if hints is None and settings.personio.webhooks.enabled:
            hints = closing.enter_context(open_hint_store(settings))
        web = Web(
            settings, opened, access, provider or identity_provider(settings), lambda: open_tools(settings, opened),
            hints=hints, intake=None if hints is None else intake(settings, hints, opened.clock),
        )  # fmt: skip
        closing.callback(web.seal)
        closing.callback(web.reports.close)
        try:
            yield web
        finally:
            for run in web.runs:
                run.join()


def serve(
    settings: Settings, host: str | None, port: int | None, application: Callable[[Web], ASGIApp] = create_app
) -> None:
    """Until stopped. Raises Misconfigured, before anything is begun, where the address is taken or not our own."""
    host, port = host or settings.serve.host, settings.serve.port if port is None else port
    with (
        listening(host, port) as sockets,
        open_web(settings) as web,
        sealing(web),
        following(settings, web.store, web.hints),
        scheduling(settings, web.store),
    ):
        try:
            web.store.log.believed()
        except LogNotBelieved as reason:
            print(f"tweeluik: {reason}", file=sys.stderr)
        print(f"serving at http://{host}:{port}, described at /docs; stop with Ctrl-C", file=sys.stderr)
        with suppress(KeyboardInterrupt):  # raised once more after everything was answered
            server(application(web), settings.serve, host=host, port=port).run(sockets)


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """At every address that the host has."""
    with ExitStack() as opened:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            sockets = [
                opened.enter_context(socket.create_server(address[:2], family=family))
                for family, address in dict.fromkeys((one[0], one[4]) for one in found)
            ]
        except (OSError, UnicodeError) as cause:  # the second for a host that can be none
            said = str(getattr(cause, "strerror", "no name of a host")).partition(" (while")[0]
            raise Misconfigured(f"cannot listen on {host}:{port}: {said}") from cause
        yield sockets


@contextmanager
def sealing(web: Web, every: float = SEALED_EVERY) -> Iterator[None]:
    stopped = threading.Event()

    def seal() -> None:
        while not stopped.wait(every):
            try:
                web.seal()
            except TweeluikError as reason:  # the next minute tries again; /readyz tells meanwhile
                logger().error("no head was sealed", kind=type(reason).__name__)

    thread = threading.Thread(target=seal, name="sealing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
