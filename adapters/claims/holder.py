"""Who holds a claim: a process on a host, and whether it is still there."""

from __future__ import annotations

import functools
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_START_TOLERANCE: Final = 2.0  # seconds; the start of a process is told in clock time, which is corrected now and then
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_PROCESS_IDS: Final = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Holder:
    host: str
    pid: int
    pid_started: float  # epoch seconds

    @property
    def is_gone(self) -> bool:
        """Whether this host can tell that the process ended; never of a process elsewhere."""
        if self.host != this_host():
            return False
        try:
            process = psutil.Process(self.pid)
            ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
            return ended or process.create_time() > self.pid_started + _START_TOLERANCE  # the pid was given out again
        except psutil.NoSuchProcess:
            return True


def this_process() -> Holder:
    process = psutil.Process()
    return Holder(this_host(), process.pid, process.create_time())


@functools.cache
def this_host() -> str:
    """Where process ids mean the same: the host's name, its boot, and on Linux the container's own process ids."""
    parts = [platform.node()]
    if _BOOT_ID.exists():
        parts.append(_BOOT_ID.read_text().strip())
    if _PROCESS_IDS.exists():
        parts.append(os.readlink(_PROCESS_IDS))
    return " ".join(parts)
