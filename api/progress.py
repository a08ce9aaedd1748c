"""Progress on stderr: on a terminal a bar with counts and when it ends, one line a phase elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from adapters.counted import COUNTED
from domain.planning.business_date import local
from domain.services.journal import Progress as Reporting


@contextmanager
def reporting(begin: str = "starting") -> Iterator[Reporting]:
    """A callback for (phase, done, total); total 0 means that nobody knows it yet. A terminal shows `begin` first.

    While both systems are read, a terminal shows how many people, or records of theirs, have been.
    """
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), _Counts(), _Ends())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(begin, total=None)

        def report(phase: str, done: int, total: int) -> None:
            if phase != bars.tasks[0].description or done < bars.tasks[0].completed:
                bars.reset(
                    task, total=None, description=phase
                )  # another list: how long the last took says nothing of it
            bars.update(task, completed=done, total=total or None)

        told = COUNTED.set(lambda done, total: report(bars.tasks[0].description, done, total))
        try:
            yield report
        finally:
            COUNTED.reset(told)


class _Counts(ProgressColumn):
    """112 of 340; nothing before the first."""

    def render(self, task: Task) -> Text:
        done = int(task.completed)
        return Text(f"{done} of {int(task.total)}" if task.total else f"{done} so far" if done else "")


class _Ends(ProgressColumn):
    """When this phase will probably end, by how fast it has gone so far."""

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        if not task.total or left is None or task.finished:
            return Text("")
        return Text(f"until about {local(datetime.now(UTC) + timedelta(seconds=left)):%H:%M:%S}")


def _lines() -> Reporting:
    last = ""

    def report(phase: str, _done: int, _total: int) -> None:
        nonlocal last
        if phase != last:
            last = phase
            print(phase, file=sys.stderr, flush=True)

    return report
