"""What workers do of the tenants' work, and what is left to the server: a log that is a file is on one machine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from structlog.contextvars import bound_contextvars

from adapters.log.where import sqlite_path
from adapters.logs import logger
from api.config.settings import Settings
from api.config.tenants import File, Folder, OperatorSettings, Tenants
from api.jobs.fair_lanes import FairLanes
from api.tenants.house import House, Queue, Room
from domain.fairness import InQueue

if TYPE_CHECKING:
    from adapters.jobs.shared import SharedQueue

_LEFT: Final = "its log is on SQLite: the server does its work, and workers leave it alone"
_log = logger(__name__)


def is_file(settings: Settings) -> bool:
    """Whether the log is a file, which is on one machine."""
    return sqlite_path(settings.log.url) is not None


class WorkersFolder(Folder):
    """The tenants that a worker may run, on whatever machine it is."""

    def tenants(self, operator: OperatorSettings, files: Mapping[str, File]) -> Tenants:
        found = super().tenants(operator, files)
        left = {name for name, one in found.settings.items() if is_file(one)}
        return replace(
            found,
            settings={name: one for name, one in found.settings.items() if name not in left},
            broken={**found.broken, **dict.fromkeys(left, _LEFT)},
        )


class BesideWorkers:
    """A server's queue: what workers may do waits in the one they share, and the rest in this process."""

    def __init__(self, shared: SharedQueue, here: FairLanes, room: Callable[[str], Room | None]) -> None:
        self._shared, self._here, self._room = shared, here, room

    def _is_here(self, tenant: str) -> bool:
        room = self._room(tenant)
        return room is not None and is_file(room.settings)

    def defer(self, tenant: str, entity: str, what: str) -> bool:
        """Raises QueueUnavailable."""
        return (self._here if self._is_here(tenant) else self._shared).defer(tenant, entity, what)

    def forget(self, tenant: str) -> None:
        self._here.forget(tenant)
        self._shared.forget(tenant)

    def looked_lately(self, tenant: str, seconds: float) -> bool:
        return not self._is_here(tenant) and self._shared.looked_lately(tenant, seconds)

    def looked(self, tenant: str, ago: float, quiet: float) -> None:
        if not self._is_here(tenant):
            self._shared.looked(tenant, ago, quiet)

    @property
    def away(self) -> str:
        return self._shared.away

    def standings(self) -> Sequence[InQueue]:
        """Raises QueueUnavailable."""
        shared = (one for one in self._shared.standings() if not self._is_here(one.tenant))
        return sorted((*self._here.standings(), *shared), key=lambda one: one.tenant)


class Here:
    """What one worker takes: work of the tenants that are open in it. Why it runs one not, it says once."""

    def __init__(self, house: House, queue: Queue) -> None:
        self._house, self._queue = house, queue
        self._said: dict[str, str] = {}

    def tenants(self) -> Collection[str]:
        return {name for name, _ in self._house.open()}

    def tell(self) -> None:
        goes_on = {name: f"its file cannot be used: {why}" for name, why in self._house.behind.items()}
        troubles = {**goes_on, **self._house.troubles}
        for name in troubles.keys() - {name for name, why in self._said.items() if troubles.get(name) == why}:
            left = name not in goes_on
            said = "a tenant's work is left to others" if left else "a tenant goes on as its file said before"
            _log.warning(said, tenant=name, cause=troubles[name])
        self._said = troubles

    def do(self, tenant: str, entity: str, what: str) -> None:
        """One piece of work, which comes to its end whatever becomes of its tenant's file.

        It waits again where its tenant was closed a moment ago and has not gone.
        """
        found = self._house.enter(tenant, doing=True)
        if found is None:
            _log.warning("work is not done: its tenant is not open here", tenant=tenant, legal_entity=entity, job=what)
            if tenant in self._house.names:
                self._queue.defer(tenant, entity, what)
            return
        room, working = found
        try:
            with bound_contextvars(tenant=tenant):
                working.work.do(entity, what)
        finally:
            room.leave(doing=True)
