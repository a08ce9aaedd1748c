"""Processes of our own that look at a log beside the one that judges it: each at its share of ranges and of views.

Their word counts only where they found all as it should be; whatever else they found, or could not read, is looked at
again by the one that judges. So the verdict, its words and its place are those of one process. One that is gone before
it was done leaves no verdict. On PostgreSQL all see the same instant; on SQLite each sees what was committed when it
first read, and events that are there already are never written again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import cycle, islice
from threading import Thread
from types import TracebackType
from typing import Final, Protocol, Self

import msgspec

from adapters.log.proof.ranges import RANGE, Sound, looked_at
from adapters.log.sealing.event_macs import EventMacs
from adapters.log.stored import open_stored
from adapters.projections.comparing import shares, sound_views
from adapters.projections.register import PROJECTIONS
from domain.errors import LogUnavailable
from domain.grounds.readers import reader

MOST: Final = 4
_WORTH: Final = 200_000  # events: below, starting a process costs more than it saves
_RANGE: Final[msgspec.json.Decoder[Sound | None]] = reader(Sound | None)  # type: ignore[arg-type]
_GONE: Final = "a process of the verification ended before it was done: no verdict; verify again"


class Order(msgspec.Struct, frozen=True):
    """What one process does."""

    url: str
    snapshot: str
    starts: tuple[int, ...]  # of its ranges
    width: int
    signed: tuple[int, ...]
    mac_key: bytes | None
    macs_since: int
    views: tuple[str, ...]


class Readable(Protocol):
    def snapshot(self) -> str: ...


class Processes:
    """`adapters.log.proof.ranges.Beside`, for one verification of the log `stored`, which is open at this URL.

    `count`: how many; None for as many as pay, by the size of the log and of the machine. One looks at nothing.
    """

    def __init__(
        self, url: str, stored: Readable, count: int | None = None, *, views: bool = True, width: int = RANGE
    ) -> None:
        self.width = width
        self._url, self._stored, self._count, self._with_views = url, stored, count, views
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def look(self, signed: Sequence[int], macs: EventMacs | None) -> Iterator[Sound | None] | None:
        self._end()  # those of an earlier look, which judged by other MACs
        size = max(signed, default=0)
        count = _that_pay(size) if self._count is None else self._count
        if count < 2:
            return None
        starts = range(0, size - size % self.width, self.width)
        key, since = macs.as_now() if macs else (None, 0)
        views = shares(PROJECTIONS, count) if self._with_views else [[]] * count
        for number, share in enumerate(views):
            self._start(
                Order(
                    self._url, self._stored.snapshot(), tuple(starts[number::count]), self.width, tuple(signed),
                    key, since, tuple(each.name for each in share),
                )
            )  # fmt: skip
        return self._ranges(len(starts))

    def _ranges(self, count: int) -> Iterator[Sound | None]:
        for process in islice(cycle(self._running), count):
            yield (found := _RANGE.decode(_answer(process)))
            if found is None:
                self._end()
                return

    def sound_views(self) -> Mapping[str, int]:
        """The views that are what the events make, and the last event that each had seen; none where nobody looked."""
        found: dict[str, int] = {}
        for process in self._running if self._with_views else ():
            found |= reader(dict[str, int]).decode(_answer(process))
        return found

    def _start(self, order: Order) -> None:
        try:
            process = subprocess.Popen(  # noqa: S603  our own module, by the interpreter that runs this
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # the same code as here
                start_new_session=True,  # who interrupts the command interrupts this process, which ends the others
            )
        except OSError as cause:
            raise LogUnavailable(_GONE) from cause
        self._running.append(process)
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # gone already: told when it is asked
            process.stdin.write(msgspec.json.encode(order) + b"\n")
            process.stdin.flush()

    def _end(self) -> None:
        for process in self._running:
            process.kill()
            process.communicate()
        self._running = []


def _answer(process: subprocess.Popen[bytes]) -> bytes:
    """The next one of a process. Raises LogUnavailable."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.endswith(b"\n"):
        raise LogUnavailable(_GONE)
    return line


def _that_pay(size: int) -> int:
    return min(MOST, len(os.sched_getaffinity(0))) if size >= _WORTH else 1


def main() -> None:
    """One of the processes: an order comes in as a line, each answer goes out as one."""
    order = reader(Order).decode(sys.stdin.buffer.readline())
    Thread(target=_end_with_the_other, daemon=True).start()
    macs = None
    if order.mac_key is not None:
        macs = EventMacs(order.mac_key, order.macs_since, lambda: order.macs_since)
    signed = frozenset(order.signed)
    with open_stored(order.url, order.snapshot) as stored:
        for start in order.starts:
            _say(looked_at(stored, start, start + order.width, signed, macs))
        views = [each for each in PROJECTIONS if each.name in order.views]
        _say(sound_views(stored, stored.count(), views) if views else {})


def _say(found: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
    sys.stdout.buffer.flush()


def _end_with_the_other() -> None:
    """Nobody asks any more when the one that judges is gone, however it ended."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
