"""Who is in the house: the tenants of a folder, each opened when it is first needed and closed when its file goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from structlog.contextvars import bound_contextvars

from adapters.logs import logger
from api.config.settings import Settings
from api.config.tenants import OPERATOR, Folder, OperatorSettings, Tenants
from api.jobs.scheduler import Dispatch
from api.tenants.failing import Failing
from api.tenants.files import SETTLES_AFTER, Files
from api.tenants.opened import Working
from domain.errors import Misconfigured, TweeluikError

AGAIN_AFTER: Final = 15.0  # seconds, before one that could not be opened is tried again
_RESTS: Final = 4  # times as long as usual, at most, while nothing more is due: somebody may act by hand elsewhere
LEAVING: Final = 10.0  # seconds that whoever is being answered has, when a tenant is closed

Open = Callable[[str, Settings, Dispatch], AbstractContextManager[Working]]
"""Called as open(name, settings, dispatch)."""


class Queue(Protocol):
    """Where due work of all tenants waits."""

    def defer(self, tenant: str, entity: str, what: str) -> bool: ...

    def forget(self, tenant: str) -> None: ...

    def looked_lately(self, tenant: str, seconds: float) -> bool: ...

    def looked(self, tenant: str, ago: float, quiet: float) -> None: ...


@dataclass(slots=True)
class Room:
    """One tenant that may run. It is opened once, by whoever comes first, and closed when nobody is in it.

    `asking` counts the requests that are being answered, `doing` whatever must come to its end.
    """

    name: str
    settings: Settings
    asking: int = 0
    doing: int = 0
    leaving: bool = False
    working: Working | None = None
    trouble: str = ""
    tried_at: float = float("-inf")
    closing: ExitStack = field(default_factory=ExitStack)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, open_one: Open, dispatch: Dispatch, *, doing: bool = False) -> Working | None:
        """None for one that could not be opened, or is being closed; `leave` is owed for any other."""
        with self.changed:
            if self.working is None and not self.leaving and time.monotonic() - self.tried_at > AGAIN_AFTER:
                self._open(open_one, dispatch)
        return self.enter_open(doing=doing)

    def enter_open(self, *, doing: bool = False) -> Working | None:
        """As `enter`, and None for one that is not open."""
        with self.changed:
            if self.leaving or self.working is None:
                return None
            self.doing += doing
            self.asking += not doing
            return self.working

    def _open(self, open_one: Open, dispatch: Dispatch) -> None:
        try:
            with bound_contextvars(tenant=self.name):
                self.working = self.closing.enter_context(open_one(self.name, self.settings, dispatch))
            self.trouble = ""
        except TweeluikError as reason:
            self.trouble = f"it cannot be opened: {reason}"
        except Exception as reason:  # noqa: BLE001  one tenant's trouble is no other's; a library's text may quote
            self.trouble = f"it cannot be opened: {type(reason).__name__}"
        self.tried_at = time.monotonic()  # at the end: who waited meanwhile does not try it once more

    def leave(self, *, doing: bool = False) -> None:
        with self.changed:
            self.doing -= doing
            self.asking -= not doing
            self.changed.notify_all()

    def close(self, patience: float = LEAVING) -> None:
        """Nobody comes in any more. Who is being answered has some seconds; what is being done comes to its end."""
        with self.changed:
            self.leaving = True
            self.changed.wait_for(lambda: not self.asking, patience)
            self.changed.wait_for(lambda: not self.doing)
            self.working = None
        with bound_contextvars(tenant=self.name):
            try:
                self.closing.close()
            except Exception as reason:  # noqa: BLE001  it is gone in any case
                logger().error("a tenant was not closed cleanly", kind=type(reason).__name__)


class House:
    """The tenants as their files say at this moment. Shared by threads."""

    def __init__(self, folder: Folder, queue: Queue, open_one: Open, settles_after: float = SETTLES_AFTER) -> None:
        self._files, self._queue, self._open = Files(folder, settles_after), queue, open_one
        self._rooms: dict[str, Room] = {}
        self._tenants = Tenants(OperatorSettings(), {}, {})
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._closing: list[threading.Thread] = []
        self.failing = Failing()

    def refresh(self) -> bool:
        """Look at the folder; whether anything is different. A tenant whose file is broken concerns no other.

        Raises Misconfigured where the operator's file cannot be used at the first look.
        """
        with self._looking:
            if (read := self._files.look()) is None:
                return False
            self._move(read)
            return True

    def _move(self, read: Tenants) -> None:
        """A changed tenant is exchanged at once: the next request or job is the new one's, and opens it.

        The old one is closed beside it, whenever what it does has ended. Until then both have the same log open, as two
        processes may; what is due is looked at by name, so only the new one begins any.
        """
        with self._lock:
            self._tenants = read
            gone = [room for name, room in self._rooms.items() if read.settings.get(name) != room.settings]
            for room in gone:
                del self._rooms[room.name]
            for name, settings in read.settings.items():
                self._rooms.setdefault(name, Room(name, settings))
        for room in gone:
            if room.name not in read.settings and room.name not in read.broken:
                logger().warning("a tenant's file is gone, or names no legal entity: it is closed", tenant=room.name)
            self._queue.forget(room.name)
            self.failing.well(room.name)  # its file may have been what was wrong
        self._close(gone)

    def _close(self, rooms: Iterable[Room]) -> None:
        """Each in a thread of its own, so that none waits for another's work."""
        self._closing = [thread for thread in self._closing if thread.is_alive()]
        for room in rooms:
            self._closing.append(threading.Thread(target=room.close, name="closing"))
            self._closing[-1].start()

    @property
    def operator(self) -> OperatorSettings:
        return self._tenants.operator

    @property
    def hosts(self) -> Mapping[str, str]:
        """By host, canonical, whose own it is, whether that tenant runs or not."""
        return self._tenants.hosts

    @property
    def behind(self) -> Mapping[str, str]:
        """By tenant that runs as its file said before, why it cannot be used as it is now; the operator's own too."""
        own = {OPERATOR: self._files.fault} if self._files.fault else {}
        return {**self._tenants.behind, **own}

    @property
    def names(self) -> tuple[str, ...]:
        """Those that may run."""
        with self._lock:
            return tuple(self._rooms)

    @property
    def troubles(self) -> dict[str, str]:
        """By tenant, in one line why it does not run."""
        with self._lock:
            closed = {name: room.trouble for name, room in self._rooms.items() if room.trouble}
            return {**self._tenants.broken, **closed}

    def open(self) -> tuple[tuple[str, Working], ...]:
        with self._lock:
            return tuple((name, room.working) for name, room in self._rooms.items() if room.working is not None)

    @contextmanager
    def visiting(self, name: str) -> Iterator[Working | None]:
        """One that is open, which is not closed while it is looked at; None for any other. May wait for its opening."""
        room = self.room(name)
        working = None if room is None else room.enter_open()
        try:
            yield working
        finally:
            if room is not None and working is not None:
                room.leave()

    def room(self, name: str) -> Room | None:
        with self._lock:
            return self._rooms.get(name)

    def enter(self, name: str, *, doing: bool = False) -> tuple[Room, Working] | None:
        """For whoever asks a tenant something, or does it; `Room.leave` is owed. May take as long as opening takes."""
        while (room := self.room(name)) is not None:
            working = room.enter(self._open, partial(self._queue.defer, name), doing=doing)
            if working is not None:
                return room, working
            if not room.leaving:
                return None
        return None  # one that leaves was exchanged before, so there is an end to asking again

    @contextmanager
    def inside(self, name: str) -> Iterator[Working]:
        """Raises Misconfigured while it does not run."""
        found = self.enter(name, doing=True)
        if found is None:
            raise Misconfigured(f"the tenant {name} does not run")
        try:
            with bound_contextvars(tenant=name):
                yield found[1]
        finally:
            found[0].leave(doing=True)

    def do(self, name: str, entity: str, what: str) -> None:
        """One piece of scheduled work; what is of a tenant that has gone is nobody's."""
        with suppress(Misconfigured), self.inside(name) as working:
            working.work.do(entity, what)

    def look(self, name: str, working: Working, every: float) -> None:
        """At what is due, unless another process has just done so, or lately, and found that nothing more can be.

        What concerns this machine's own heads is told in any case.
        """
        if self._queue.looked_lately(name, every):
            working.work.tell_integrity()
        else:
            began = time.monotonic()
            quiet = working.scheduler.look()
            self._queue.looked(name, time.monotonic() - began, min(quiet, every * _RESTS))

    def close(self) -> None:
        with self._lock:
            rooms, self._rooms = list(self._rooms.values()), {}
        with self._looking:
            self._close(rooms)
            closing = list(self._closing)
        for thread in closing:
            thread.join()
