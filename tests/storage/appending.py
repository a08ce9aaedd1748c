"""One process that appends to a log until it may not, and says after how many events; the disk is bad on purpose."""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from domain.errors import LogUnavailable
from tests.support.log_site import META, LogSite, gates, to
from tests.support.processes import in_a_fork

ROUNDS = 2


def appended(site: LogSite, rounds: int = ROUNDS) -> dict[str, Any]:
    """Two events an append; how many there are as far as was acknowledged, and what stopped it."""
    told, reason = 0, ""
    try:
        with site.open() as log:
            told = log.size()
            for _ in range(rounds):
                log.append([to("a", told, gates(told), gates(told + 1))], meta=META)
                told += 2
            log.checkpoint()
    except LogUnavailable as failure:
        reason = str(failure)
    return {"told": told, "reason": reason}


def with_failing_writes(folder: Path) -> None:
    """Preloaded with the shim: each write of an appending process fails in turn."""
    shim = ctypes.CDLL(None)
    counted = in_a_fork(lambda: _armed(shim, -1, folder / "counted"))["writes"]
    for nth in range(1, counted + 1):
        case = in_a_fork(lambda nth=nth: _armed(shim, nth, folder / str(nth)))  # type: ignore[misc]
        print(json.dumps({"nth": nth, **case}), flush=True)


def _armed(shim: ctypes.CDLL, nth: int, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    site = LogSite.at(f"sqlite:///{folder}/log.db", folder)
    before = appended(site, 2)["told"]
    shim.arm(ctypes.c_long(nth))
    told = appended(site)
    return {"before": before, **told, "writes": int(shim.writes_seen())}


def with_files_no_larger(folder: Path, size: int) -> dict[str, Any]:
    """What a full disk looks like to SQLite: no file grows beyond this size."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    return appended(LogSite.at(f"sqlite:///{folder}/log.db", folder), 40)


if __name__ == "__main__":
    with_failing_writes(Path(sys.argv[1]))
