"""What leaves a command for people and machines: streams that take every character, texts that cannot steer a terminal.

Everything a command prints passes here, and every file it writes. Values come from two foreign systems: a name may hold
an escape sequence, a session may speak ISO-8859-1, a disk may be full. None of that may end in a traceback, least of
all after a write to Loket.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

import typer
from rich.console import Console

from domain.errors import CannotWrite

_NARROWEST: Final = 20  # characters
_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_STEERING: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]|\r(?!\n)"
)
"""Control characters but tab and line end, line and paragraph separators, and what turns the direction of text."""


def printable(text: str) -> str:
    """The text with every character that could steer a terminal written as its code, such as \\u001b."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def printable_data(data: Any) -> Any:
    """The same for every text in data that is ready for JSON, keys included."""
    match data:
        case str():
            return printable(data)
        case dict():
            return {printable_data(key): printable_data(value) for key, value in data.items()}
        case list() | tuple():
            return [printable_data(each) for each in data]
        case _:
            return data


def as_json_text(data: Any, *, indent: int | None = 2) -> str:
    """JSON that cannot steer a terminal either: the escapes are JSON's own, so nothing is lost."""
    return printable(json.dumps(data, ensure_ascii=False, indent=indent))


def stand_in_for_closed_streams() -> None:
    """A stream that was closed at the start is None, and the next file that is opened, a database, gets its number.

    Nothing can be read from what stands in for it; what is printed is not taken, and told as any other such output.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            setattr(sys, name, open(descriptor, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115


class _Unheard(io.TextIOWrapper):
    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            super().flush()


def let_stderr_end_nothing() -> None:
    """It only tells: a full disk, a pipe that was closed or a terminal that is gone ends neither run nor server."""
    told = cast(io.TextIOWrapper, sys.stderr)
    how = told.encoding, told.errors
    sys.stderr = _Unheard(told.detach(), *how, line_buffering=True)


def take_every_character() -> None:
    """What the session's encoding cannot show is replaced, instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream.isatty() else "backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def take_a_width() -> None:
    """Nothing can be read in a table that is narrower than this: then it is as wide as where nobody told a width."""
    for name in ("COLUMNS", "LINES"):
        if not re.fullmatch("0*[1-9][0-9]{0,8}", os.environ.get(name, "1")):
            del os.environ[name]
    if shutil.get_terminal_size().columns < _NARROWEST:
        os.environ["COLUMNS"] = "80"


class Tables(Console):
    """The console that tables are printed on: what a value says in brackets or between colons is only its text."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))  # told as every output that is not taken


def tables(out: TextIO | None = None) -> Tables:
    out = out or sys.stdout
    return Tables(file=out, soft_wrap=not out.isatty(), highlight=False, markup=False, emoji=False)


def say(text: str) -> None:
    """One message for the person at the terminal, on stderr; never data."""
    with suppress(OSError, ValueError):  # whoever closed stderr does not want to read it
        print(printable(text), file=sys.stderr, flush=True)


@contextmanager
def printing() -> Iterator[None]:
    """For what is printed to stdout. Raises CannotWrite when nobody takes it: a closed pipe, a full disk."""
    try:
        yield
        sys.stdout.flush()
    except OSError as reason:
        _forget_stdout()
        raise CannotWrite(f"the output could not be written: {_why(reason)}") from None


@contextmanager
def data_out(out: Path | None) -> Iterator[TextIO]:
    """Where texts of a report go: the file, or stdout, as UTF-8 in both cases; a terminal gets them printable."""
    if out is not None:
        with whole_file(out) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    with printing():
        if not isinstance(sys.stdout, io.TextIOWrapper):
            yield sys.stdout
        elif sys.stdout.isatty():
            yield cast(TextIO, _Terminal(sys.stdout))
        else:
            sys.stdout.flush()
            stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
            try:
                yield stream
            finally:
                stream.detach()


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A draft beside `out`, readable by its owner only, that takes its place when the block ends well.

    Raises CannotWrite with one line when the place takes no file; then nothing is left of it. A device or a pipe is
    written to as it is.
    """
    try:
        if out.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if out.exists() and not out.is_file():
            yield out
            return
        place = out.resolve()
        if place.exists() and not place.stat().st_mode & _WRITABLE:
            raise PermissionError(errno.EACCES, "the file there is read-only")
        draft = place.with_name(f".{secrets.token_hex(8)}.part")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield draft
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as reason:
        raise CannotWrite(f"{out} cannot be written: {_why(reason)}") from None


@contextmanager
def own_folder(out: Path) -> Iterator[Path]:
    """A folder for files that only their owner may read, made where it is missing. Raises CannotWrite."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield out
    except OSError as reason:
        raise CannotWrite(f"{out} cannot be written: {_why(reason)}") from None


_SUFFIXES: Final = ("json", "csv", "xlsx", "pdf", "ndjson", "zip")


def format_for(out: Path | None, said: Mapping[str, str], offered: Collection[str]) -> str:
    """The one format that the options and the name of the file ask for; empty when nothing does.

    `said`: what each option names, empty where it was not given. Raises BadParameter when they contradict each other.
    """
    asked = {option: name for option, name in said.items() if name}
    for option, name in asked.items():
        if name not in offered:
            raise typer.BadParameter(f"{option} is {_either(offered)}, not {name}")
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    if out and suffix in _SUFFIXES:
        if suffix not in offered:
            raise typer.BadParameter(f"{out.name} ends in .{suffix}, and what is written there is {_either(offered)}")
        asked[f"--out {out.name}"] = suffix
    if len(set(asked.values())) > 1:
        listed = " and ".join(f"{option} asks for {name}" for option, name in asked.items())
        raise typer.BadParameter(f"{listed}: leave one of them out")
    return next(iter(asked.values()), "")


def _either(names: Collection[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last


def print_data(
    context: typer.Context, as_json: bool, output: str, data: dict[str, Any], table: Callable[[Console, Any], None]
) -> None:
    if output not in ("table", "json"):
        raise typer.BadParameter(f"--format is table or json, not {output}")
    with printing():
        if as_json or context.obj.as_json or output == "json":
            print(as_json_text(data))
        else:
            table(tables(), printable_data(data))


class _Terminal(io.TextIOBase):
    """A text stream on a terminal: what is written to it cannot steer it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(printable(text))

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return True


def _why(reason: OSError) -> str:
    return reason.strerror or type(reason).__name__


def _forget_stdout() -> None:
    """Nothing more goes out, not at the end of the process either."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
