"""A session whose row lies in the key store counts only where the log does not speak against it (AUD-8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.events.access import SignedIn, SignedInBy, SignedOut
from domain.log import Fact, Meta, Recorded, StreamId
from domain.records.session_book import SessionBook, SessionStanding
from domain.streams import session_stream
from domain.values import Actor

NINE = datetime(2026, 3, 15, 9, tzinfo=UTC)
MINE, OTHERS = "a" * 64, "b" * 64
BEGAN = SignedIn(role="auditor", legal_entities=(), by=SignedInBy.KEY, credential="key-1", ends_at=NINE)


def book(*facts: Fact) -> SessionBook:
    """In which these are on record of the first session, and the other has begun."""
    meta = Meta(recorded_at=NINE, actor=Actor("Anna"), correlation="")
    told = {MINE: facts, OTHERS: (BEGAN,)}
    streams = {
        session_stream(one): tuple(Recorded(at, StreamId(one), at, "", meta, fact) for at, fact in enumerate(those))
        for one, those in told.items()
    }
    return SessionBook.of(streams)


@pytest.mark.parametrize(
    ("facts", "written", "standing"),
    [
        ((BEGAN,), True, None),
        ((BEGAN,), False, SessionStanding.CHANGED),
        ((), False, SessionStanding.PLANTED),
        ((SignedOut(),), False, SessionStanding.PLANTED),
        ((BEGAN, SignedOut()), True, SessionStanding.REVIVED),
        ((BEGAN, SignedOut()), False, SessionStanding.CHANGED),
    ],
)
def test_a_row_that_was_planted_changed_or_came_back_is_refused(
    facts: tuple[Fact, ...], written: bool, standing: SessionStanding | None
) -> None:
    assert book(*facts).refusal(MINE, written=written) is standing
    assert book(*facts).refusal(OTHERS, written=True) is None


def test_the_row_of_a_session_that_ended_within_a_minute_may_be_there_still() -> None:
    known = book(BEGAN, SignedOut())

    assert known.ending(MINE, NINE + timedelta(seconds=59))
    assert not known.ending(MINE, NINE + timedelta(minutes=1))
    assert not known.ending(OTHERS, NINE)
