"""Ctrl-C: it ends the command wherever it falls, and what it breaks off says nothing about itself.

Python raises it at whatever step it is at. Where nothing can be raised to anybody, in a `__del__` or in a generator
that is closed, it would be lost, and a verification in several processes went on (at 1 of 200 steps). There it comes
once more. What was caught half made, or half closed, then fails in its library's words.
"""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass
from threading import Thread, get_ident
from types import FrameType
from typing import Any, Final

_OUT_OF_THERE: Final = 0.02  # seconds


@dataclass
class _CtrlC:
    """Plain values: it may fall within whatever sets them, and would wait for a lock there for ever."""

    came: bool = False
    lost: bool = False


_ctrl_c: Final = _CtrlC()


def let_interrupts_end_everything() -> None:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell has its background jobs ignore it
        signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = told_unless_interrupted


def leave_interrupts_to_python() -> None:
    """At the end of a process no thread can begin, and whoever tidies up then is broken off by the first one alone."""
    if signal.getsignal(signal.SIGINT) is interrupt:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt(_: int, frame: FrameType | None) -> None:
    _ctrl_c.came = True
    if _tells(frame):
        _once_more()
        return
    _ctrl_c.lost = False
    raise KeyboardInterrupt


def told_unless_interrupted(fault: Any) -> None:
    if fault.exc_type is KeyboardInterrupt and signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        _once_more()
    elif not _ctrl_c.came:
        sys.__unraisablehook__(fault)


def _tells(frame: FrameType | None) -> bool:
    """Whether it falls within what is told of a fault, where it would be lost as well."""
    while frame is not None and frame.f_code is not told_unless_interrupted.__code__:
        frame = frame.f_back
    return frame is not None


def _once_more() -> None:
    if not _ctrl_c.lost:
        _ctrl_c.lost = True
        Thread(target=_until_raised, args=(get_ident(),), daemon=True).start()


def _until_raised(where: int) -> None:
    while True:
        time.sleep(_OUT_OF_THERE)
        handler = signal.getsignal(signal.SIGINT)
        if not _ctrl_c.lost or handler is signal.default_int_handler:
            return
        if handler is not interrupt:  # such as that of a server, which took over meanwhile and hears it once
            _ctrl_c.lost = False
        signal.pthread_kill(where, signal.SIGINT)
