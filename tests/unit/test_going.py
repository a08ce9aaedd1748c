"""How far a run is, as it is told to whoever listens; and that one that was cut off is never said to be going on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import pytest

from api.http import going as module
from api.http.going import followed
from api.presenters.values import Json

READING: Final[Json] = {"phase": "reading Loket", "done": 0, "total": 0}
HALF: Final[Json] = {"phase": "writing to Loket", "done": 22, "total": 44}


def heard(monkeypatch: pytest.MonkeyPatch, told: Iterator[Json | None]) -> list[tuple[Any, Any, Any]]:
    monkeypatch.setattr(module, "TOLD_EVERY", 0.001)
    monkeypatch.setattr(module, "_AT_ONCE", 0.01)

    async def listen() -> list[tuple[Any, Any, Any]]:
        events = followed(lambda: next(told), lambda: {"status": "completed"})
        return [(one.event, one.data, one.id) async for one in events]

    return asyncio.run(listen())


def test_what_moves_is_told_once_and_then_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(monkeypatch, iter([READING, READING, HALF, HALF, None])) == [
        ("progress", READING, "0/0"), ("progress", HALF, "22/44"), ("end", {"status": "completed"}, None)
    ]  # fmt: skip


def test_an_answer_ends_though_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(monkeypatch, iter(lambda: READING, None)) == [("progress", READING, "0/0")]
