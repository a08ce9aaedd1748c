"""Short values are looked for in what a text states, so that the look itself has to be sound."""

from __future__ import annotations

import pytest

from tests.support.stated import stated

BY_CHANCE = [
    "20260315-220144-201a9c",
    "2026-03-15T09:20:10.201Z",
    "2026-03-15 12:01:20+01:00",
    "1b9d6bcd-4201-4b2d-9b5d-ab8dfbbd4bed",
    "af20131201c9c1e0d20161b2a2019dff",
]


@pytest.mark.parametrize("text", BY_CHANCE)
def test_ids_and_times_state_nothing(text: str) -> None:
    assert "201" not in stated(f'{{"id": "{text}", "count": 3}}')


@pytest.mark.parametrize("text", ["loket:170:201", "employee 201", "[201]", "/employees/201/history", "2026-03-201"])
def test_a_number_that_is_said_is_found(text: str) -> None:
    assert "201" in stated(text)
