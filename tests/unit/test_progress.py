"""While both systems are read, a terminal shows counts and an end time; a pipe gets one line a phase."""

from __future__ import annotations

import io
import re

import pytest
from rich.progress import Progress

from adapters.counted import COUNTED
from adapters.transport import fan_out
from api.progress import _Counts, _Ends, reporting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def read_twenty_people() -> None:
    with reporting() as report:
        report("reading Personio", 0, 0)
        fan_out(lambda _: None, range(20))


def test_reading_counts_what_is_done_and_of_how_many_once_all_have_begun() -> None:
    told: list[tuple[int, int]] = []
    token = COUNTED.set(lambda done, total: told.append((done, total)))
    try:
        assert fan_out(str, range(5)) == ["0", "1", "2", "3", "4"]
    finally:
        COUNTED.reset(token)

    assert told[-1] == (5, 5)
    assert sorted(told) == told
    assert {total for _, total in told} <= {0, 5}


def test_a_terminal_shows_the_counts_of_people_beside_the_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TERM": "xterm", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    shown, before = Terminal(), COUNTED.get()
    monkeypatch.setattr("sys.stderr", shown)

    read_twenty_people()

    assert re.search("reading Personio.*20 of 20", shown.getvalue())
    assert COUNTED.get() is before


def test_a_pipe_gets_the_phase_and_no_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.StringIO()
    monkeypatch.setattr("sys.stderr", piped)

    read_twenty_people()

    assert piped.getvalue() == "reading Personio\n"


def test_the_end_is_told_by_how_fast_it_went_and_not_before_anybody_knows_of_how_many() -> None:
    seconds = 0.0
    bars = Progress(get_time=lambda: seconds)
    task = bars.add_task("reading Loket", total=None)

    def shown() -> tuple[str, str]:
        return _Counts().render(bars.tasks[0]).plain, _Ends().render(bars.tasks[0]).plain

    before = shown()
    for done in (10, 20):
        seconds += 1
        bars.update(task, completed=done)
    unknown = shown()
    bars.update(task, total=100)
    for done in (30, 40):
        seconds += 1
        bars.update(task, completed=done)

    assert (before, unknown) == (("", ""), ("20 so far", ""))
    assert shown()[0] == "40 of 100"
    assert re.fullmatch(r"until about \d\d:\d\d:\d\d", shown()[1])
