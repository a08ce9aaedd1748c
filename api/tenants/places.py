"""No two tenants have one database open, however their files spell it: the databases themselves are asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TypeAlias

from adapters.log.where import sqlite_path
from api.bootstrap import database_identity
from api.config.settings import Settings
from domain.errors import Misconfigured

if TYPE_CHECKING:  # a command that only compares files opens no tenant
    from api.jobs.scheduler import Dispatch
    from api.tenants.opened import Working

Open: TypeAlias = "Callable[[str, Settings, Dispatch], AbstractContextManager[Working]]"


class OneDatabaseEach:
    """`open_one`, refused to whoever comes to a database that another tenant has open.

    What files say is compared beforehand (`api.config.tenants`); two names of one host are told apart by nobody but it.
    """

    def __init__(self, open_one: Open, identity: Callable[[str], str | None] | None = None) -> None:
        self._open_one, self._identity = open_one, identity or database_identity
        self._held: list[tuple[str, str]] = []  # database and tenant: a tenant that is exchanged holds its own twice
        self._lock = threading.Lock()

    @contextmanager
    def __call__(self, name: str, settings: Settings, dispatch: Dispatch) -> Iterator[Working]:
        """Raises Misconfigured, which names both."""
        held = [(one, name) for one in databases(settings, self._identity)]
        with self._lock:
            for one, _ in held:
                other = next((whose for each, whose in self._held if each == one and whose != name), None)
                if other is not None:
                    raise Misconfigured(f"{' and '.join(sorted((name, other)))} name the same database: {one}")
            self._held += held
        try:
            with self._open_one(name, settings, dispatch) as working:
                yield working
        finally:
            with self._lock:
                for each in held:
                    self._held.remove(each)


def databases(settings: Settings, identity: Callable[[str], str | None]) -> frozenset[str]:
    """Those of the log and the keys that are on a server and say which they are."""
    urls = {settings.log.url, settings.log.keys}
    return frozenset(found for url in urls if url and sqlite_path(url) is None and (found := identity(url)) is not None)
