"""A secret store that lives as long as the test."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any


class MemorySecrets:
    """Implements `SecretStore`; `broken` refuses to store."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.broken = False
        self._lock = threading.Lock()

    def secret(self, name: str) -> str | None:
        return self.kept.get(name)

    def store_secret(self, name: str, value: str) -> None:
        if self.broken:
            raise OSError("disk full")
        self.kept[name] = value

    def refreshing(self, name: str) -> AbstractContextManager[Any]:
        return self._lock
