"""Counts every step at which this process tells the outside something, and ends it with `kill -9` at a chosen one.

Steps are the requests to both systems (before sending; of writes also when the last byte has left, and when the answer
is there), every append to the log (before, rows in but not committed, committed but not yet acknowledged), every
checkpoint (outside and inside), keys and secrets, views, and the claim.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.log.proof.checkpoints import Copies
from adapters.postgres.claims import PostgresClaims
from adapters.postgres.key_store import PostgresHeldSecret, PostgresKeyStore
from adapters.postgres.log_recorder import PostgresLogRecorder
from adapters.postgres.view_store import PostgresViewStore
from adapters.sqlite.claims import SqliteClaims
from adapters.sqlite.key_store import SqliteHeldSecret, SqliteKeyStore
from adapters.sqlite.log_recorder import SqliteLogRecorder
from adapters.sqlite.view_store import SqliteViewStore
from tests.support.full_disks import fill_up

_ID: Final = re.compile(r"/[0-9a-f-]{36}(?=/|$)|/\d+(?=/|$)")
_OF_KEYS: Final = ("add", "add_secret", "store_secret", "destroy", "wipe")
_CALLS: Final[tuple[tuple[type, str], ...]] = (
    *((one, "insert_checkpoint") for one in (SqliteLogRecorder, PostgresLogRecorder)),
    (Copies, "append"),
    *((one, name) for one in (SqliteKeyStore, PostgresKeyStore) for name in _OF_KEYS),
    *((one, "store") for one in (SqliteHeldSecret, PostgresHeldSecret)),
    *((one, "advance") for one in (SqliteViewStore, PostgresViewStore)),
    *((one, name) for one in (SqliteClaims, PostgresClaims) for name in ("take", "release")),
)


class Cuts:
    """Installed once in a process of its own; `cut` is the number of the step that is the last, 0 for none.

    With `after`, steps are numbered from the one that follows when so many have had this in their names.

    `stop` is what happens there: SIGKILL, or SIGSTOP for a process that stands still until somebody lets it go on; None
    fills the disk, and the process goes on.

    Written as it goes, and there after a kill: `steps`, one line for each step; `acknowledged`, one line for every
    append that the log said was stored: size of the log after it, and a digest of each event's bytes.
    """

    def __init__(
        self, folder: Path, cut: int, stop: signal.Signals | None = signal.SIGKILL, *, after: tuple[str, int] = ("", 0)
    ) -> None:
        self._cut = cut
        self._stop = stop
        self._what, self._times = after
        self._passed = 0
        self._count = 0
        self._lock = threading.Lock()
        self._steps = os.open(folder / "steps", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._acknowledged = os.open(folder / "acknowledged", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def install(self) -> None:
        for owner, name in _CALLS:
            self._around(owner, name)
        for recorder in (SqliteLogRecorder, PostgresLogRecorder):
            self._append(recorder)
        self._http()

    def step(self, what: str) -> None:
        with self._lock:
            self._count += 1
            with suppress(OSError):  # the disk may be full
                os.write(self._steps, f"{self._count} {what}\n".encode())
            if not self._due(what):
                return
            if self._stop is None:
                fill_up()
            else:
                os.kill(os.getpid(), self._stop)
                if self._stop is signal.SIGKILL:
                    signal.pause()

    def _due(self, what: str) -> bool:
        if self._times:
            self._times -= self._what in what
            return False
        self._passed += 1
        return self._passed == self._cut

    def _around(self, owner: type, name: str) -> None:
        call: Callable[..., Any] = getattr(owner, name)
        what = f"{owner.__name__.removeprefix('Sqlite').removeprefix('Postgres')}.{name}"

        def stepped(*given: Any, **named: Any) -> Any:
            self.step(f"before {what}")
            answer = call(*given, **named)
            self.step(f"after {what}")
            return answer

        setattr(owner, name, stepped)

    def _append(self, recorder: Any) -> None:
        append, insert = recorder.append, recorder._insert

        def inserted(this: Any, cursor: Any, rows: Any, fence: Any) -> Any:
            edge = insert(this, cursor, rows, fence)
            self.step("append, rows in but not committed")
            return edge

        def appended(this: Any, rows: Any, fence: Any = None) -> Any:
            self.step(f"before append of {', '.join(sorted({row.topic for row in rows}))}")
            edge = append(this, rows, fence)
            self.step("append, committed but not acknowledged")
            digests = " ".join(hashlib.sha256(row.state).hexdigest() for row in rows)
            os.write(self._acknowledged, f"{edge.size} {digests}\n".encode())
            return edge

        recorder._insert, recorder.append = inserted, appended

    def _http(self) -> None:
        send, step = httpx.HTTPTransport.handle_request, self.step

        def sent(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            what = f"{request.method} {_ID.sub('/…', request.url.path)}"
            step(f"before {what}")
            if request.method == "GET":
                return send(self, request)

            def trace(event: str, _: Any) -> None:
                if event == "http11.send_request_body.complete":
                    step(f"sent {what}")

            request.extensions = {**request.extensions, "trace": trace}
            response = send(self, request)
            raw = b"".join(response.iter_raw())  # as it came, packed or not; then its connection is free again
            response.stream = httpx.ByteStream(raw)
            step(f"answered {what}")
            return response

        httpx.HTTPTransport.handle_request = sent  # type: ignore[method-assign]
