"""Between hosts and what they need: links that are cut, slowed, reset and restored, whatever they are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol


class Target(StrEnum):
    """What a host needs."""

    DATABASE = "database"
    SYSTEMS = "systems"  # Personio, Loket, and who is told of alerts
    WITNESS = "witness"


class Fault(StrEnum):
    """What happens to one link."""

    CUT = "cut"  # nothing passes, and nobody is told
    SLOW = "slowed"
    RESET = "reset"  # every connection ends at once, a new one is made
    HALF_OPEN = "half open"  # the target has closed every connection, and the host has not heard of it


SERVERS: Final = ("server-1", "server-2")
WORKERS: Final = ("worker-1", "worker-2", "worker-3")
MIDDLE: Final = "middle"  # who starts and judges everything: no link of theirs is harmed
HOSTS: Final = (*SERVERS, *WORKERS)


def within(namespace: str) -> tuple[str, ...]:
    """What a command begins with that is to run there."""
    return ("ip", "netns", "exec", namespace) if namespace else ()


class Links(Protocol):
    """Every host with a link to every target."""

    kinds: tuple[Fault, ...]
    """Those that can be made of these links."""

    def namespace(self, where: str) -> str:
        """In which this host or target is; empty where there is none."""
        ...

    net: str
    """The network of all addresses; empty for loopback."""

    def listens(self, where: str) -> str:
        """The address at which a target listens, or who is in the middle: there they are found from the middle, too."""
        ...

    def found(self, host: str, target: Target, port: int) -> tuple[str, int]:
        """Where this host finds what listens at this port of a target; of the systems, that is the middle, too."""
        ...

    def harm(self, host: str, target: Target, fault: Fault) -> None: ...

    def restore(self) -> None:
        """Every link."""
        ...
