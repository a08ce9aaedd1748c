"""The command line: data to stdout, progress and messages to stderr, every fault one clear line and an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from api.cli.app import DAMAGED, IN_PROGRESS, UNREADABLE, USAGE, app
from api.cli.interrupts import leave_interrupts_to_python, let_interrupts_end_everything
from api.cli.output import (
    let_stderr_end_nothing,
    printing,
    say,
    stand_in_for_closed_streams,
    take_a_width,
    take_every_character,
)
from domain.errors import (
    LogDamaged,
    Misconfigured,
    NotFound,
    ReadFailed,
    RunAlreadyInProgress,
    TweeluikError,
    ViewsDiffer,
)

_EXITS: Final[tuple[tuple[type[TweeluikError], int], ...]] = (
    (Misconfigured, USAGE),
    (NotFound, USAGE),
    (ReadFailed, UNREADABLE),
    (RunAlreadyInProgress, IN_PROGRESS),
    (LogDamaged, DAMAGED),
    (ViewsDiffer, DAMAGED),
)


_INTERRUPTED: Final = 130
_AT_START: Final = 10_000
"""Objects made before garbage is looked for: what is loaded stays, and searching it again costs a twentieth."""
_LONGEST_PATH: Final = 200
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_UsageError: type[typer.BadParameter] = typer.BadParameter.mro()[2]  # every usage fault; typer does not export it


def main(arguments: list[str] | None = None) -> int:
    """Run one command; every expected fault is one line on stderr and an exit code."""
    take_every_character()
    if place := _not_utf8(sys.argv[1:] if arguments is None else arguments):
        say(f"tweeluik: {place} is not written in UTF-8: use a terminal that is, such as one with LC_ALL=C.UTF-8")
        return USAGE
    if reason := _no_zone(os.environ.get("TZ", "").removeprefix(":")):
        say(f"tweeluik: the variable TZ cannot be used: {reason}; leave it out, or name a zone: TZ=Europe/Amsterdam")
        return USAGE
    try:
        with printing() if "--help" in (arguments or sys.argv) else nullcontext():  # commands do it for what they print
            code = app(arguments, standalone_mode=False, prog_name="tweeluik")
        with printing():
            pass  # a line that a command did not do it for goes out now, and not after everything
    except SystemExit as ended:  # of a library: a shell has its completions, or whoever read along went away
        if not isinstance(ended.__context__, BrokenPipeError):
            return ended.code if isinstance(ended.code, int) else 0
        say(f"tweeluik: the output could not be written: {os.strerror(errno.EPIPE)}")
        return USAGE
    except _UsageError as reason:
        say(_usage(reason))
        return USAGE
    except TweeluikError as reason:
        say(f"tweeluik: {' '.join(str(reason).split())}")
        return next((code for kind, code in _EXITS if isinstance(reason, kind)), USAGE)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except Exception as fault:
        from adapters.database_faults import told

        said = told(fault) or _of_the_machine(fault)
        if said is None:
            raise
        say(f"tweeluik: {said}")
        return USAGE
    if code == _INTERRUPTED:  # which typer makes of Ctrl-C in a command, and says nothing
        say("tweeluik: interrupted; the next command picks up what was left open")
    return code if isinstance(code, int) else 0


def _not_utf8(words: Sequence[str]) -> str:
    """Which word, or which variable of ours, came in bytes that are no text; empty where all are."""
    given = {f"word {number} of the command": word for number, word in enumerate(words, 1)}
    given |= {name: value for name, value in os.environ.items() if name.startswith("TWEELUIK_")}
    return next((place for place, text in given.items() if not _is_text(text)), "")


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_zone(told: str) -> str:
    """Why a library that insists on a local time cannot begin; empty where it can, if only by taking it for UTC."""
    try:
        if told and Path(told).exists():
            with Path(told).open("rb") as file:
                ZoneInfo.from_file(file)
        elif told:
            with suppress(ZoneInfoNotFoundError, ValueError):
                ZoneInfo(told)
    except OSError as reason:
        return reason.strerror or type(reason).__name__
    except ValueError:
        return "that is no file of a time zone"
    return ""


def _of_the_machine(fault: Exception) -> str | None:
    """What is said where the machine refuses: no room for a file, a path that can be none; None for other faults."""
    if not isinstance(fault, OSError) or fault.errno is None:
        return None
    if "No usable temporary directory" in str(fault):
        return "no folder takes temporary files: name one that does with the variable TMPDIR"
    if fault.errno in _NO_ROOM:
        return f"a file could not be written: {os.strerror(fault.errno)}"
    place = "the machine" if fault.filename is None else str(fault.filename)[:_LONGEST_PATH]
    return f"{place} cannot be used: {os.strerror(fault.errno)}"


def _usage(reason: Any) -> str:
    """What was wrong with the words of a command and where to read on; a group alone gets its help."""
    told: str = reason.format_message()
    if type(reason).__name__ == "NoArgsIsHelpError":
        return told
    said = " ".join(told.split()).rstrip(".")
    if said.startswith("No such command") and reason.ctx is not None and reason.ctx.parent is not None:
        said = "no such command"  # the word may be somebody's name: `tweeluik people Jansen`
    return f"tweeluik: {said}; see {reason.ctx.command_path if reason.ctx else 'tweeluik'} --help"


def entry() -> None:
    gc.set_threshold(_AT_START)
    stand_in_for_closed_streams()
    take_a_width()
    let_stderr_end_nothing()
    let_interrupts_end_everything()
    try:
        code = main()
    finally:
        leave_interrupts_to_python()
    sys.exit(code)
