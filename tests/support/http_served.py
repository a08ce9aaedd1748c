"""The HTTP API on a port of loopback, on the server that `tweeluik serve` uses, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from api.config.serve import ServeSection
from api.http.connections import Deadlines, server


@contextmanager
def serving(
    app: ASGIApp,
    serve: ServeSection,
    deadlines: Deadlines = Deadlines(),  # noqa: B008
    port: int = 0,
) -> Iterator[int]:
    """Its port."""
    running = server(app, serve, host="127.0.0.1", port=port, deadlines=deadlines)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        thread.join(0.01)
    try:
        yield running.servers[0].sockets[0].getsockname()[1]
    finally:
        running.should_exit = True
        thread.join()
