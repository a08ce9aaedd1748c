"""Ctrl-C ends a command wherever it falls, and its half-made things keep quiet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.waiting import PATIENCE, let_pass

FALLS = """
import signal, sys
signal.signal(signal.SIGINT, signal.{handler})
from api.cli.interrupts import let_interrupts_end_everything
let_interrupts_end_everything()

class OfALibrary:
    def __init__(self, *, half_made):
        if half_made:
            signal.raise_signal(signal.SIGINT)
        self.pool = []

    def __del__(self):
        self.pool.clear()
        {fault}

def rows():
    try:
        yield 1
    finally:
        signal.raise_signal(signal.SIGINT)

def whole():
    OfALibrary(half_made=False)

def half_made():
    OfALibrary(half_made=True)

def closed():
    next(rows())

def told():
    sys.__unraisablehook__ = lambda fault: signal.raise_signal(signal.SIGINT)
    OfALibrary(half_made=False)

try:
    {where}()
    sys.stdin.read()
    print("went on")
except KeyboardInterrupt:
    print("ended")
"""
IN_DEL = "signal.raise_signal(signal.SIGINT)"


def falls(
    where: str, fault: str = IN_DEL, *, handler: str = "default_int_handler", closes: bool = False
) -> Iterator[str]:
    """What the process says of itself, and what it says of a fault; its input ends only where it `closes`."""
    code = FALLS.format(where=where, fault=fault, handler=handler)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        if closes:
            process.stdin.close()
        yield process.stdout.read()
        yield process.stderr.read()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("where", "fault"),
    [("whole", IN_DEL), ("closed", IN_DEL), ("half_made", IN_DEL), ("told", "raise OSError('no room')")],
)
def test_it_ends_what_waits_for_another_also_where_python_would_lose_it(where: str, fault: str) -> None:
    """As a library's pool of connections is lost, as rows are closed, as the pool is made, as its fault is told."""
    assert list(falls(where, fault)) == ["ended\n", ""]


TIDIES = """
import atexit, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from api.cli.interrupts import leave_interrupts_to_python, let_interrupts_end_everything
let_interrupts_end_everything()
for place in range(3):
    atexit.register(print, "tidied up")
atexit.register(signal.raise_signal, signal.SIGINT)
leave_interrupts_to_python()
"""


def test_at_the_end_of_a_process_it_breaks_off_nothing_but_what_it_falls_in() -> None:
    """A thread that would raise it once more could not begin there, and would be waited for."""
    ended = subprocess.run([sys.executable, "-c", TIDIES], capture_output=True, text=True, check=True, timeout=PATIENCE)

    assert ended.stdout.splitlines() == ["tidied up"] * 3


TAKEN_OVER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from api.cli.interrupts import let_interrupts_end_everything
let_interrupts_end_everything()

class OfALibrary:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def served(*_):
    print("heard", flush=True)

OfALibrary()
signal.signal(signal.SIGINT, served)
sys.stdin.read()
"""


def test_a_server_that_took_over_meanwhile_hears_what_was_lost_before_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TAKEN_OVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "heard\n"
        let_pass(0.2)
        process.stdin.close()
        assert process.stdout.read() == ""


def test_any_other_fault_of_an_end_is_told() -> None:
    said, of_the_fault = falls("whole", "raise OSError('no room')", closes=True)

    assert (said, "OSError: no room" in of_the_fault) == ("went on\n", True)


def test_a_command_in_the_background_ignores_it_as_its_shell_told_it() -> None:
    assert list(falls("whole", handler="SIG_IGN", closes=True)) == ["went on\n", ""]
