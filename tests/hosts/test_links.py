"""The links of the trial of several hosts do to a connection what they say, and its checker sees runs that overlap."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

import pytest

from domain.events.runs import RunStarted
from domain.log import Meta, Recorded
from tests.hosts.hold import overlapping
from tests.hosts.links import WORKERS, Fault, Links, Target, within
from tests.hosts.loopback import loopback
from tests.hosts.namespaces import namespaces, why_not
from tests.support.waiting import until

Linked: TypeAlias = tuple[Links, Callable[[], socket.socket]]
"""Links, and a new connection of the host to its target."""

HOST: Final = WORKERS[0]
_TIMED_OUT: Final = 124


@contextmanager
def echo() -> Iterator[int]:
    """A server on loopback that sends back what it is sent; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                while data := connection.recv(100):
                    connection.sendall(data)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def linked() -> Iterator[Linked]:
    with loopback() as links, echo() as port:
        yield links, lambda: socket.create_connection(links.found(HOST, Target.DATABASE, port), timeout=30)


def said(connection: socket.socket, word: bytes) -> bytes:
    """What comes back; nothing where nothing does in a while."""
    connection.settimeout(0.3)
    connection.sendall(word)
    return heard(connection)


def heard(connection: socket.socket) -> bytes:
    try:
        return connection.recv(100)
    except TimeoutError:
        return b"(silence)"


def test_what_is_sent_over_a_link_that_was_cut_comes_when_it_is_restored(linked: Linked) -> None:
    links, connect = linked
    with connect() as connection:
        before = said(connection, b"one")
        links.harm(HOST, Target.DATABASE, Fault.CUT)
        meanwhile = said(connection, b"two")
        links.harm(HOST, Target.WITNESS, Fault.CUT)  # another link
        links.restore()
        connection.settimeout(30)
        after = heard(connection)

    assert (before, meanwhile, after) == (b"one", b"(silence)", b"two")


def test_a_link_that_is_slowed_carries_everything(linked: Linked) -> None:
    links, connect = linked
    with connect() as connection:
        links.harm(HOST, Target.DATABASE, Fault.SLOW)
        connection.sendall(b"one")
        connection.settimeout(30)
        assert heard(connection) == b"one"


def test_a_reset_ends_a_connection_at_once_and_a_new_one_is_made(linked: Linked) -> None:
    links, connect = linked
    with connect() as old:
        said(old, b"one")
        links.harm(HOST, Target.DATABASE, Fault.RESET)
        old.settimeout(30)
        with pytest.raises(ConnectionError):
            heard(old)
    with connect() as new:
        assert said(new, b"two") == b"two"


def test_a_host_hears_of_a_half_open_connection_only_later(linked: Linked) -> None:
    links, connect = linked
    with connect() as old:
        said(old, b"one")
        links.harm(HOST, Target.DATABASE, Fault.HALF_OPEN)
        meanwhile = said(old, b"two")
        links.restore()
        old.settimeout(30)
        with suppress(ConnectionError):
            assert heard(old) == b""
    with connect() as new:
        assert said(new, b"three") == b"three"

    assert meanwhile == b"(silence)"


def passes(links: Links, host: str, target: Target) -> bool:
    """Whether anything comes back from there, were it a refusal."""
    asked = ["timeout", "1", "bash", "-c", f"exec 3<>/dev/tcp/{links.listens(target)}/9"]
    return subprocess.run([*within(links.namespace(host)), *asked], capture_output=True).returncode != _TIMED_OUT


def test_over_namespaces_nothing_passes_a_link_that_was_cut() -> None:
    if reason := why_not():
        pytest.skip(f"the trial of several hosts is tried over loopback alone: {reason}")
    with namespaces() as links:
        ways = [passes(links, HOST, each) for each in Target]
        links.harm(HOST, Target.DATABASE, Fault.CUT)
        links.harm(HOST, Target.WITNESS, Fault.SLOW)
        cut = [passes(links, HOST, each) for each in Target]
        links.restore()
        until(lambda: all(passes(links, HOST, each) for each in Target), "the link")

    assert (ways, cut) == ([True] * 3, [False, True, True])


def test_a_run_that_records_something_after_the_next_one_began_is_seen() -> None:
    def event(position: int, run: str, fact: object) -> Recorded:
        meta = Meta(recorded_at=datetime(2026, 3, 2, tzinfo=UTC), actor="schedule:sync", correlation=run)
        return Recorded(position=position, stream=f"run:{run}", version=0, name="", meta=meta, fact=fact)

    def began(run: str) -> RunStarted:
        return RunStarted(legal_entity="170", business_date=date(2026, 3, 2))

    one_after_the_other = [
        event(0, "a", began("a")),
        event(1, "a", None),
        event(2, "b", began("b")),
        event(3, "b", None),
    ]
    together = [event(0, "a", began("a")), event(1, "b", began("b")), event(2, "a", None)]

    assert [*overlapping(one_after_the_other)] == []
    assert [*overlapping(together)] == ["a recorded something at 2, and b had begun at 1"]
