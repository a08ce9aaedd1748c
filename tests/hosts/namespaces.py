"""Links as those between machines: each host and target is a network namespace, each link a pair of interfaces.

A cut is a cable that is pulled: nothing comes back, not even a refusal. It needs a Linux that lets us make namespaces.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from tests.hosts.links import HOSTS, MIDDLE, Fault, Target, within

_NET: Final = f"10.{64 + os.getpid() % 128}"  # two trials at once are beside each other
_SLOW: Final = (
    ("netem", "delay", "40ms", "10ms"),
    ("tbf", "rate", "256kbit", "burst", "8kb", "latency", "2s"),  # of a kernel that has no netem
)


def why_not() -> str:
    """What keeps us from making namespaces; empty where nothing does."""
    if shutil.which("ip") is None or shutil.which("tc") is None:
        return "ip and tc are not installed"
    try:
        _ip("netns", "add", f"{_name('try')}")
        _ip("netns", "del", f"{_name('try')}")
    except subprocess.CalledProcessError as reason:
        return f"no network namespace can be made: {reason.stderr.strip()}"
    return ""


class NamespaceLinks:
    """`tests.hosts.links.Links`."""

    kinds = (Fault.CUT, Fault.SLOW)
    net = f"{_NET}.0.0/16"

    def __init__(self) -> None:
        self._harmed: set[tuple[str, Target]] = set()

    def make(self) -> None:
        for number, target in enumerate(Target, start=1):
            _made(target)
            _ip("-n", _name(target), "link", "add", "bridge", "type", "bridge")
            _ip("-n", _name(target), "addr", "add", f"{_NET}.{number}.1/24", "dev", "bridge")
            _ip("-n", _name(target), "link", "set", "bridge", "up")
        for place, host in enumerate((*HOSTS, MIDDLE)):
            if host != MIDDLE:
                _made(host)
            for target in Target:
                self._lay(host, target, f"{_at(target, place)}/24")

    def _lay(self, host: str, target: Target, address: str) -> None:
        near, far = _near(host, target), _far(host)
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", _name(target))
        _ip("-n", _name(target), "link", "set", far, "master", "bridge", "up")
        at = () if host == MIDDLE else ("-n", _name(host))
        if host != MIDDLE:
            _ip("link", "set", near, "netns", _name(host))
        _ip(*at, "addr", "add", address, "dev", near)
        _ip(*at, "link", "set", near, "up")

    def namespace(self, where: str) -> str:
        return "" if where == MIDDLE else _name(where)

    def listens(self, where: str) -> str:
        if where == MIDDLE:
            return _at(Target.SYSTEMS, len(HOSTS))
        return f"{_NET}.{list(Target).index(where) + 1}.1"

    def found(self, host: str, target: Target, port: int) -> tuple[str, int]:
        return self.listens(target), port

    def harm(self, host: str, target: Target, fault: Fault) -> None:
        self._harmed.add((host, target))
        if fault is Fault.CUT:
            _ip("-n", _name(target), "link", "set", _far(host), "down")
            return
        for way in _SLOW:
            with suppress(subprocess.CalledProcessError):
                _ran(*within(_name(host)), "tc", "qdisc", "replace", "dev", _near(host, target), "root", *way)
                return

    def restore(self) -> None:
        for host, target in self._harmed:
            _ip("-n", _name(target), "link", "set", _far(host), "up")
            with suppress(subprocess.CalledProcessError):  # where it was not slowed
                _ran(*within(_name(host)), "tc", "qdisc", "del", "dev", _near(host, target), "root")
        self._harmed.clear()

    def remove(self) -> None:
        """Interfaces go with the namespaces that they are in."""
        for each in (*Target, *HOSTS):
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "del", _name(each))


@contextmanager
def namespaces() -> Iterator[NamespaceLinks]:
    links = NamespaceLinks()
    try:
        links.make()
        yield links
    finally:
        links.remove()


def _at(target: Target, place: int) -> str:
    return f"{_NET}.{list(Target).index(target) + 1}.{10 + place}"


def _made(where: str) -> None:
    _ip("netns", "add", _name(where))
    _ip("-n", _name(where), "link", "set", "lo", "up")


def _name(where: str) -> str:
    return f"tw{os.getpid()}-{where}"


def _near(host: str, target: Target) -> str:
    """Of at most 15 characters, the longest name that an interface may have."""
    return f"t{os.getpid() % 100_000}{target[:2]}{host[0]}{host[-1]}"


def _far(host: str) -> str:
    return f"to-{host}"


def _ip(*arguments: str) -> None:
    _ran("ip", *arguments)


def _ran(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
