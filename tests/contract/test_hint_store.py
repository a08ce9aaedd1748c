"""Hints are kept until they are worked off, on both databases, and never longer than they are of use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from adapters.hints.open import open_hints
from adapters.hints.store import LONGEST_WAIT, HintStore
from adapters.log.where import sqlite_path
from domain.errors import LogUnavailable
from domain.hints import OVERFLOW, Hint
from domain.values import PersonId
from tests.support.raw_sql import execute

NOW = datetime(2026, 3, 15, 9, 12, 44, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SANNE = Hint("digest-1", "person.updated", PersonId("3007"), NOW, NOW + SECOND)
DAAN = Hint("digest-2", "employment.updated", PersonId("3008"), NOW, NOW + 2 * SECOND)


@pytest.fixture
def hints(log_url: str) -> Iterator[HintStore]:
    with closing(open_hints(log_url)) as store:
        yield store


def test_a_hint_waits_across_a_restart_oldest_first(log_url: str, hints: HintStore) -> None:
    hints.keep([DAAN])
    hints.keep([SANNE])

    with closing(open_hints(log_url)) as again:
        assert again.waiting(10) == [SANNE, DAAN]
        assert again.waiting(1) == [SANNE]
        assert (again.how_many_wait(), again.last_received()) == (2, DAAN.received_at)


def test_a_duplicate_changes_nothing_even_of_a_hint_that_was_worked_off(hints: HintStore) -> None:
    hints.keep([SANNE])
    hints.settle([SANNE], NOW)

    hints.keep([replace(SANNE, received_at=NOW + 9 * SECOND)])

    assert hints.waiting(10) == []
    assert hints.known([SANNE.digest, DAAN.digest]) == {SANNE.digest}


def test_whom_a_hint_named_is_forgotten_once_it_was_worked_off(log_url: str, hints: HintStore) -> None:
    hints.keep([SANNE])
    hints.settle([SANNE], NOW)

    assert execute(log_url, "SELECT person_id FROM personio_hints") == [("",)]


def test_what_arrives_while_everybody_is_read_again_waits_for_the_next_time(hints: HintStore) -> None:
    first = SANNE.too_many()
    hints.keep([first])
    hints.keep([replace(first, received_at=NOW + 5 * SECOND)])
    hints.settle([first], NOW)

    (waiting,) = hints.waiting(10)

    assert (waiting.digest, waiting.received_at) == (OVERFLOW, NOW + 5 * SECOND)


def test_a_ping_is_received_and_leads_to_nothing(hints: HintStore) -> None:
    hints.keep([replace(SANNE, kind="ping", person=PersonId(""))])

    assert (hints.how_many_wait(), hints.last_received()) == (0, SANNE.received_at)


def test_only_what_was_worked_off_long_ago_is_dropped(hints: HintStore) -> None:
    hints.keep([SANNE, DAAN])
    hints.settle([SANNE], NOW)

    hints.forget(NOW + SECOND)

    assert hints.known([SANNE.digest, DAAN.digest]) == {DAAN.digest}


def test_a_note_is_replaced_by_the_next_one(hints: HintStore) -> None:
    assert hints.noted("gaps") is None
    hints.note("gaps", NOW, "3 missed")
    hints.note("gaps", NOW + SECOND, "0 missed")

    assert hints.noted("gaps") == (NOW + SECOND, "0 missed")


def test_a_database_that_somebody_else_holds_is_given_up_in_time_for_personio(log_url: str, hints: HintStore) -> None:
    with ExitStack() as held:
        if (path := sqlite_path(log_url)) is not None:
            held.enter_context(closing(sqlite3.connect(path, isolation_level=None))).execute("BEGIN IMMEDIATE")
        else:
            held.enter_context(psycopg.connect(log_url)).execute("LOCK TABLE personio_hints IN EXCLUSIVE MODE")
        with pytest.raises(LogUnavailable):
            hints.keep([SANNE])

    assert LONGEST_WAIT < 1.0
    hints.keep([SANNE])
    assert hints.how_many_wait() == 1
