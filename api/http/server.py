"""`tweeluik serve`: the HTTP API on a port, and a thread that seals a head every minute if there is anything new."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import structlog
import uvicorn

from adapters.access.open import open_access
from adapters.access.tokens import Provider, fetched
from adapters.hints.open import open_hints
from api.bootstrap import Store, open_store, open_tools
from api.config.settings import Settings
from api.http.app import create_app
from api.http.state import Web
from api.jobs.scheduler import scheduling
from api.jobs.webhook_follower import following, intake
from domain.errors import TweeluikError

SEALED_EVERY: Final = 60.0  # seconds


@contextmanager
def open_web(settings: Settings, store: Store | None = None) -> Iterator[Web]:
    """Everything the API works with. At the end runs are waited for, and what was read is put on record."""
    with ExitStack() as closing:
        if store is None:
            store = closing.enter_context(open_store(settings))
        access = open_access(settings.log.keys)
        closing.callback(access.close)
        opened = store
        web = Web(settings, opened, access, _provider(settings), lambda: open_tools(settings, opened))
        closing.callback(web.seal)
        closing.callback(web.reports.close)
        if settings.personio.webhooks.enabled:
            web.hints = open_hints(settings.log.url)
            closing.callback(web.hints.close)
            web.intake = intake(settings, web.hints, opened.clock)
        try:
            yield web
        finally:
            for run in web.runs:
                run.join()


def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Until stopped."""
    with open_web(settings) as web, _sealing(web), following(web), scheduling(settings, web.store):
        host, port = host or settings.serve.host, settings.serve.port if port is None else port
        print(f"serving at http://{host}:{port}, described at /docs; stop with Ctrl-C", file=sys.stderr)
        uvicorn.run(
            create_app(web), host=host, port=port,
            log_level="warning", access_log=False, server_header=False, date_header=True,
        )  # fmt: skip


@contextmanager
def _sealing(web: Web, every: float = SEALED_EVERY) -> Iterator[None]:
    stopped = threading.Event()

    def seal() -> None:
        while not stopped.wait(every):
            try:
                web.seal()
            except TweeluikError as reason:  # the next minute tries again; /readyz tells meanwhile
                structlog.get_logger().error("no head was sealed", kind=type(reason).__name__)

    thread = threading.Thread(target=seal, name="sealing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _provider(settings: Settings) -> Provider | None:
    section = settings.oidc
    if section is None:
        return None
    return Provider(
        issuer=section.issuer,
        audience=section.audience,
        algorithms=tuple(section.algorithms),
        roles_claim=section.roles_claim,
        entities_claim=section.entities_claim,
        subject_claim=section.subject_claim,
        fetch=fetched(section.jwks_url),
    )
