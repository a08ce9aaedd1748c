"""Ctrl-C: it ends the command wherever it falls, and what it breaks off says nothing about itself.

Python raises it at whatever step it is at. Where nothing can be raised to anybody, in a `__del__` or in a generator
that is closed, it would be lost, and a verification in several processes went on (at 1 of 200 steps). There it comes
once more. What was caught half made, or half closed, then fails in its library's words.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any, Final

_OUT_OF_THERE: Final = 0.02  # seconds
_came: Final = threading.Event()


def let_interrupts_end_everything() -> None:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell has its background jobs ignore it
        signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = told_unless_interrupted


def interrupt(*_: object) -> None:
    _came.set()
    raise KeyboardInterrupt


def told_unless_interrupted(fault: Any) -> None:
    if fault.exc_type is KeyboardInterrupt:
        again = threading.Timer(_OUT_OF_THERE, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
        again.daemon = True
        again.start()
    elif not _came.is_set():
        sys.__unraisablehook__(fault)
