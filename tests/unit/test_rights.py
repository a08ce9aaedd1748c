"""Which rights the planned writes need, which are surely missing, and when nothing can be told (RUN-9)."""

from __future__ import annotations

import pytest

from domain.events.loket import WriteKind
from domain.planning.rights import ALWAYS_USED, NEEDED, READS, missing, not_allowed, readable

EVERYTHING = frozenset(one.name for each in (READS, *NEEDED.values()) for one in each)


@pytest.mark.parametrize("kind", WriteKind)
def test_every_kind_of_write_names_what_it_needs_and_misses_it(kind: WriteKind) -> None:
    needed = {one.name for one in NEEDED[kind]}

    lacking = missing({kind}, EVERYTHING - needed)

    assert {one.name for one in lacking} == needed != set()
    assert missing({kind}, EVERYTHING) == ()
    assert missing(set(WriteKind) - {kind}, EVERYTHING - needed) == ()


def test_an_activity_is_named_by_its_operation_and_by_no_other_kind_of_write() -> None:
    verbs = {"create": "Post", "delete": "Delete", "upsert": "Patch", "replace": "Put"}
    for kind, activities in NEEDED.items():
        does = "upsert" if kind is WriteKind.PERIOD_DATA else "create" if kind.creates else "replace"
        does = "delete" if kind.deletes else does
        assert all(one.name.startswith(verbs[does]) for one in activities), kind
    names = [one.name for activities in NEEDED.values() for one in activities]
    assert len(names) == len(set(names))


def test_letters_are_no_matter() -> None:
    assert missing(WriteKind, {one.swapcase() for one in EVERYTHING}) == ()


@pytest.mark.parametrize(
    "granted",
    [
        None,
        frozenset(),
        frozenset({"Beheer beloningen", "Raadplegen dienstverbanden"}),
        EVERYTHING - {ALWAYS_USED.name} - {one.name for one in NEEDED[WriteKind.WAGE]},
    ],
)
def test_a_list_without_the_activity_that_every_sync_uses_proves_nothing(granted: frozenset[str] | None) -> None:
    """It is written in other words, or not at all: somebody who reads employees has the right to read them."""
    assert not readable(granted)
    assert missing(WriteKind, granted) == ()


def test_a_refusal_names_the_activity_loket_s_own_right_and_whom_to_ask() -> None:
    kinds = {WriteKind.WAGE, WriteKind.EMPLOYEE}
    told = not_allowed(missing(kinds, frozenset({ALWAYS_USED.name})))

    assert "PutEmployeeByEmployeeId, PutWageByWageId (usually within the right 'Beheer beloningen')" in told
    assert "ask whoever manages Loket users" in told
