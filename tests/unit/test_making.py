"""Files that are written beside the answering, in a thread of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import count
from threading import Event
from typing import BinaryIO

import pytest

from api.http.background_files import Making, Stopped, chunks


@pytest.fixture
def making() -> Iterator[Making]:
    one = Making()
    yield one
    one.close()


def file(content: bytes) -> BinaryIO:
    out: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  the making closes it
    out.write(content)
    out.flush()
    return out


def content(of: BinaryIO) -> bytes:
    return b"".join(chunks(of))


def test_nobody_waits_for_a_file_and_it_is_made_once(making: Making) -> None:
    go, made = Event(), list[str]()

    def make() -> BinaryIO:
        go.wait()
        made.append("once")
        return file(b"Main St")

    early = making.ready("report-1", make)
    go.set()
    contents = [content(making.file("report-1", make)) for _ in range(2)]

    assert (early, making.ready("report-1", make)) == (False, True)
    assert contents == [b"Main St", b"Main St"]
    assert made == ["once"]


def test_several_readers_do_not_disturb_each_other(making: Making) -> None:
    long = bytes(200_000)
    made = making.file("report-1", lambda: file(long))
    one, other = chunks(made), chunks(made)

    halves = [next(one), next(other)]

    assert b"".join([halves[0], *one]) == b"".join([halves[1], *other]) == long


def test_what_failed_is_told_once_and_then_made_anew(making: Making) -> None:
    failures = iter([OSError("no space left")])

    def make() -> BinaryIO:
        for failure in failures:
            raise failure
        return file(b"made")

    with pytest.raises(OSError, match="no space"):
        making.file("report-1", make)

    assert content(making.file("report-1", make)) == b"made"


def test_of_many_files_the_oldest_goes_though_whoever_reads_it_reads_on(making: Making) -> None:
    first = making.file("report-0", lambda: file(b"first"))
    reader = chunks(first)
    for number in range(1, 9):
        making.file(f"report-{number}", lambda: file(b"later"))

    again = making.file("report-0", lambda: file(b"made anew"))

    assert b"".join(reader) == b"first"
    assert content(again) == b"made anew"
    first.close()


def test_the_end_of_the_process_waits_for_no_file(making: Making) -> None:
    begun, ended = Event(), list[str]()

    def make() -> BinaryIO:
        try:
            for _ in making.until_stopped(count()):
                begun.set()
        except Stopped:
            ended.append("stopped")
            raise
        raise AssertionError("there is no end to what is counted")

    making.ready("report-1", make)
    begun.wait()
    making.close()

    assert ended == ["stopped"]
