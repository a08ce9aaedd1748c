"""Webhooks against the real server in a process of its own: a flood, and a server that is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.simulators.company.generate import Situation
from tests.support.served import Served, envelope, pour, served

A_SECOND, SECONDS = 500, 2.0
ANSWERED = {202, 503}  # kept, or to be sent again


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as one:
        yield one


def test_a_flood_of_duplicates_is_answered_and_costs_one_read(server: Served) -> None:
    """Two seconds here; bench/webhooks.py pours for ten, and judges how soon each is answered."""
    someone = server.running.company.of(Situation.IN_BOTH)[0].person_id
    server.start()
    server.running.personio.log.clear()

    poured = pour(server.port, [envelope(someone)], a_second=A_SECOND, seconds=SECONDS)
    server.waits_until_read(someone)

    assert poured.statuses.total() == A_SECOND * SECONDS
    assert poured.statuses[202] > 0
    assert poured.statuses.keys() <= ANSWERED
    assert server.reads() == 2  # the person and its employments, once


def test_what_was_stored_before_a_kill_is_read_after_the_restart(server: Served) -> None:
    someone = server.running.company.of(Situation.IN_BOTH)[0].person_id
    server.start()
    server.running.personio.withdraw_right("persons")  # however long the kill takes, nobody is read before it
    answered = server.deliver(envelope(someone)).status_code
    server.kill()
    read_before = server.reads()
    server.running.personio.restore_right("persons")

    server.start()
    server.waits_until_read(someone)

    assert (answered, read_before, server.reads()) == (202, 0, 2)
