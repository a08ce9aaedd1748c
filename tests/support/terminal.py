"""The real command in a real terminal: what it shows is waited for, answers are typed."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.waiting import PATIENCE


class Terminal:
    """One command with a terminal of its own. `shown` is everything it printed, both streams."""

    def __init__(
        self, command: Path, *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TWEELUIK_", "DISPLAY"))}
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [command, *arguments],
            cwd=folder,
            env={**clean, "TERM": "dumb", "COLUMNS": "200", **(environment or {})},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def expect(self, text: str) -> str:
        """Waits until the text is shown after what was waited for before; answers what came up to its end."""
        deadline = time.monotonic() + PATIENCE
        while (at := self.shown.find(text, self._seen)) < 0:
            assert self._read(deadline), f"{text!r} did not come; shown:\n{self.shown}"
        before = self.shown[self._seen : at + len(text)]
        self._seen = at + len(text)
        return before

    def type(self, line: str) -> None:
        os.write(self._master, line.encode() + b"\n")

    def ended(self) -> int:
        """The exit code, once everything was shown."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self._process.wait(PATIENCE)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        try:
            piece = os.read(self._master, 65536) if ready else b""
        except OSError:  # how Linux says that nobody has the other end any more
            piece = b""
        self.shown += piece.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(piece)
