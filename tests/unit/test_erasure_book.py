"""Erasures and holds as their one stream tells them: what is open, what may never be there again, who is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.erasure import KeptClass, WhyKept
from domain.events.erasure import (
    DestroyedKey,
    ErasureCompleted,
    ErasureConfirmed,
    ErasureRefused,
    ErasureRequested,
    HoldPlaced,
    HoldReleased,
)
from domain.events.loket import EmployeeSeen
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Retention
from domain.records.erasure_book import Erasure, ErasureBook, ErasureState, destroyed_keys
from domain.values import Actor, PersonId

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
SANNE, DAAN = PersonId("11"), PersonId("12")
FISCAL, HR = Retention.FISCAL_7Y, Retention.HR_2Y
KEYS, OTHER_KEYS = (DestroyedKey("s-1", HR, "key-1"),), (DestroyedKey("s-2", HR, "key-2"),)
WHY, ANOTHER = list(WhyKept)[:2]


def asked(erasure: str = "e-1", person: PersonId = SANNE) -> Fact:
    return ErasureRequested(erasure=erasure, person_id=person, subject="s", reason="left")


def refused(why: WhyKept = WHY, retention: Retention = FISCAL, until: date | None = None) -> Fact:
    return ErasureRefused(erasure="e-1", person_id=SANNE, retention=retention, why=why, until=until)


def confirmed(erasure: str = "e-1", person: str = SANNE, keys: tuple[DestroyedKey, ...] = KEYS) -> Fact:
    return ErasureConfirmed(erasure=erasure, person_id=person, keys=keys)


def completed(keys: tuple[DestroyedKey, ...] = KEYS) -> Fact:
    return ErasureCompleted(erasure="e-1", person_id=SANNE, keys=keys)


def history(*facts: Fact) -> Iterator[Recorded]:
    for place, fact in enumerate(facts):
        meta = Meta(recorded_at=MONDAY + timedelta(days=place), actor=Actor(f"actor-{place}"), correlation="c")
        yield Recorded(place, StreamId("erasures"), place, "", meta, fact)


def book(*facts: Fact) -> ErasureBook:
    return ErasureBook.of(history(*facts))


def test_a_request_is_open_until_a_second_person_confirms_it() -> None:
    request, done = book(asked(), asked("e-2", DAAN)), book(asked(), confirmed())

    assert request.open_for(SANNE) == Erasure("e-1", SANNE, Actor("actor-0"), MONDAY)
    assert request.open_for(PersonId("13")) is None
    assert (request.next_version, request.unfinished, request.honoured) == (2, (), ())
    assert done.open_for(SANNE) is None
    (unfinished,) = done.unfinished
    assert (unfinished.state, unfinished.keys, unfinished.requested_by) == (ErasureState.CONFIRMED, KEYS, "actor-0")


def test_only_an_erasure_that_was_carried_out_is_honoured() -> None:
    done = book(asked(), confirmed(), completed((*KEYS, *OTHER_KEYS)))

    assert (done.unfinished, done.honoured) == ((), (*KEYS, *OTHER_KEYS))
    assert done.erasures["e-1"].state is ErasureState.COMPLETED
    assert (
        book(asked(), confirmed(), completed(), asked("e-2", DAAN), confirmed("e-2", DAAN, OTHER_KEYS)).honoured == KEYS
    )
    assert book(asked(), EmployeeSeen(loket_id="guid-1")) == replace(book(asked()), next_version=2)


def test_an_erasure_that_a_retention_period_began_was_asked_for_by_whoever_carried_it_out() -> None:
    (begun,) = book(confirmed("e-9", "", OTHER_KEYS)).unfinished

    assert (begun.id, begun.person, begun.requested_by, begun.keys) == ("e-9", "", "actor-0", OTHER_KEYS)


def test_of_each_class_that_is_kept_the_last_reason_counts() -> None:
    until = date(2030, 1, 1)
    kept = book(asked(), refused(), refused(retention=HR), refused(ANOTHER, until=until)).erasures["e-1"].kept

    assert kept == (KeptClass(HR, WHY, None), KeptClass(FISCAL, ANOTHER, until))


def test_a_hold_stands_until_it_is_released() -> None:
    placed = [HoldPlaced(person_id=one, subject="s", reason="a dispute") for one in (SANNE, DAAN)]
    released = HoldReleased(person_id=SANNE, subject="s", reason="settled")

    assert book(*placed).holds == {SANNE, DAAN}
    assert book(*placed, released).holds == {DAAN}
    assert book(*placed, released).next_version == 3


def test_a_key_may_never_be_used_again_from_the_confirmation_on() -> None:
    assert destroyed_keys(history(asked(), refused())) == frozenset()
    assert destroyed_keys(history(asked(), confirmed())) == {"key-1"}
    assert destroyed_keys(history(completed(OTHER_KEYS), confirmed())) == {"key-1", "key-2"}
