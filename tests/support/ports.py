"""A port for a server that cannot choose one itself, or that has to come back at the same address."""

from __future__ import annotations

import fcntl
import socket
import tempfile
from pathlib import Path
from typing import IO, Final

_LOWEST: Final = 20_000
_held: list[IO[str]] = []  # until this process ends


def free_port() -> int:
    """One that nobody else gets while this process lives.

    A port that the kernel gave and that was let go may be given to somebody else a moment later. These lie below the
    range it gives from, and a lock for each keeps other test processes away.
    """
    for port in range(_LOWEST, _first_given()):
        lock = (Path(tempfile.gettempdir()) / f"tweeluik-tests-port-{port}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
        else:
            _held.append(lock)
            return port
    raise RuntimeError("no port is free")


def _first_given() -> int:
    """The first port the kernel gives by itself."""
    given = Path("/proc/sys/net/ipv4/ip_local_port_range")
    return int(given.read_text().split()[0]) if given.exists() else 32_768
