"""Large files, written beside the answering: one at a time, without a name, held by this process and nobody else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import BinaryIO, Final, TypeVar

_HELD: Final = 8  # files; the oldest goes first, and is closed once nobody reads it
_CHUNK: Final = 1 << 16
_T = TypeVar("_T")


class Stopped(Exception):
    """The process ends before the file was complete."""


@dataclass(slots=True)
class Making:
    """What is wanted again is there; in another process, or after a restart, it is made anew."""

    _files: dict[str, Future[BinaryIO]] = field(default_factory=dict)
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "reports"))
    _stopped: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def ready(self, name: str, make: Callable[[], BinaryIO]) -> bool:
        """Whether the file of this name is there; begun now if it was not."""
        begun = self._begun(name, make)
        return begun.done() and self._waited_for(name, begun) is not None

    def file(self, name: str, make: Callable[[], BinaryIO]) -> BinaryIO:
        """The file of this name, waited for. What failed is told once, by either of the two, and then begun anew."""
        return self._waited_for(name, self._begun(name, make))

    def until_stopped(self, lines: Iterable[_T]) -> Iterator[_T]:
        """The same lines; whoever writes them is interrupted when the process ends."""
        for line in lines:
            if self._stopped.is_set():
                raise Stopped
            yield line

    def close(self) -> None:
        self._stopped.set()
        self._worker.shutdown(cancel_futures=True)
        for one in self._files.values():
            if not one.cancelled() and one.exception() is None:
                one.result().close()
        self._files.clear()

    def _begun(self, name: str, make: Callable[[], BinaryIO]) -> Future[BinaryIO]:
        with self._lock:
            if name not in self._files:
                while len(self._files) >= _HELD:
                    del self._files[next(iter(self._files))]
                self._files[name] = self._worker.submit(make)
            return self._files[name]

    def _waited_for(self, name: str, made: Future[BinaryIO]) -> BinaryIO:
        try:
            return made.result()
        except BaseException:
            with self._lock:
                if self._files.get(name) is made:
                    del self._files[name]
            raise


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Its bytes from the beginning, whoever else reads it."""
    at = 0
    while chunk := os.pread(file.fileno(), _CHUNK, at):
        yield chunk
        at += len(chunk)
