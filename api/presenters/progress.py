"""Progress on stderr: a bar on a terminal, one line a phase elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from domain.services.journal import Progress as Reporting


@contextmanager
def reporting() -> Iterator[Reporting]:
    """A callback for (phase, done, total); total 0 means that nobody knows it yet."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("starting", total=None)

        def report(phase: str, done: int, total: int) -> None:
            bars.update(task, description=phase, completed=done, total=total or None)

        yield report


def _lines() -> Reporting:
    last = ""

    def report(phase: str, _done: int, _total: int) -> None:
        nonlocal last
        if phase != last:
            last = phase
            print(phase, file=sys.stderr, flush=True)

    return report
