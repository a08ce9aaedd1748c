"""Who holds a claim: a process on a host, and whether it is still there.

A question to the log claims nothing, and does not load what looks at processes.
"""

from __future__ import annotations

import functools
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import psutil

_TOLERANCE: Final = (
    2.0  # seconds; only Linux tells the start of a process without the clock, which is corrected at times
)
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_START_TICKS: Final = 19  # field 22 of proc(5), counted after the name, which may hold spaces and brackets
_PROCESS_IDS: Final = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Holder:
    host: str
    pid: int
    pid_started: float  # seconds since this host's boot on Linux, epoch seconds elsewhere

    @property
    def is_gone(self) -> bool:
        """Whether this host can tell that the process ended; never of a process elsewhere."""
        if self.host != this_host():
            return False
        import psutil

        try:
            process = psutil.Process(self.pid)
            ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
            return ended or _started(process) > self.pid_started + _TOLERANCE  # the pid was given out again
        except psutil.NoSuchProcess:
            return True


def this_process() -> Holder:
    import psutil

    process = psutil.Process()
    return Holder(this_host(), process.pid, _started(process))


def _started(process: psutil.Process) -> float:
    """When it began. On Linux by the kernel's count since the boot, which no correction of the clock moves."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        return int(fields.split()[_START_TICKS]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return float(process.create_time())


@functools.cache
def this_host() -> str:
    """Where process ids mean the same: the host's name, its boot, and on Linux the container's own process ids."""
    parts = [platform.node()]
    if _BOOT_ID.exists():
        parts.append(_BOOT_ID.read_text().strip())
    if _PROCESS_IDS.exists():
        parts.append(os.readlink(_PROCESS_IDS))
    return " ".join(parts)
