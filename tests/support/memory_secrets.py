"""A secret store that lives as long as the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.errors import LogUnavailable


class MemorySecrets:
    """Implements `SecretStore`. `closed` cannot be opened for writing; `broken` opens, and fails when it is written."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.closed = False
        self.broken = False
        self._lock = threading.Lock()

    def secret(self, name: str) -> str | None:
        return self.kept.get(name)

    def store_secret(self, name: str, value: str) -> None:
        if self.broken:
            raise LogUnavailable("disk full")
        self.kept[name] = value

    @contextmanager
    def replacing(self, name: str) -> Iterator[Callable[[str], None]]:
        with self._lock:
            if self.closed:
                raise LogUnavailable("the secrets are locked")
            yield lambda value: self.store_secret(name, value)
