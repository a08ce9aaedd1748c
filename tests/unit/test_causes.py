"""Who left a value that differs: judged by what a run last confirmed, and by a write that did not land (DRIFT-3)."""

from __future__ import annotations

import pytest

from domain.attributes import Kind
from domain.drift.differences import cause
from domain.events.drift import Cause
from domain.personal import Lost
from domain.records.loket_record import Attempt, LoketRecord
from domain.values import FieldPath

STREET = FieldPath("address.street")
OLD, NEW, OTHER = "Main St", "Central Ave", "Third Rd"


def told(personio: str, loket: str, *, confirmed: object = OLD, attempt: Attempt | None = None) -> Cause:
    record = LoketRecord(
        confirmed={} if confirmed is None else {STREET: confirmed},  # type: ignore[dict-item]
        attempted={} if attempt is None else {STREET: attempt},
    )
    return cause(record, STREET, Kind.TEXT, personio, loket)


@pytest.mark.parametrize(
    ("personio", "loket", "why"),
    [
        (NEW, OLD, Cause.PENDING),
        (OLD, NEW, Cause.CHANGED_IN_LOKET),
        (NEW, OTHER, Cause.BOTH_CHANGED),
    ],
)
def test_the_side_that_left_the_confirmed_value_is_the_cause(personio: str, loket: str, why: Cause) -> None:
    assert told(personio, loket) is why


@pytest.mark.parametrize("confirmed", [None, Lost.SHREDDED, Lost.UNREADABLE])
def test_without_a_confirmed_value_that_can_be_read_nobody_left_one(confirmed: object) -> None:
    assert told(NEW, OLD, confirmed=confirmed) is Cause.NEVER_SYNCED


@pytest.mark.parametrize(
    ("personio", "loket", "why"),
    [
        (NEW, OLD, Cause.WRITE_NOT_LANDED),
        (OTHER, OLD, Cause.PENDING),  # Personio moved on: what was attempted is wanted no more
        (NEW, OTHER, Cause.BOTH_CHANGED),  # somebody changed Loket since
    ],
)
def test_a_write_that_did_not_land_explains_only_the_difference_it_was_to_end(
    personio: str, loket: str, why: Cause
) -> None:
    assert told(personio, loket, attempt=Attempt(OLD, NEW)) is why
