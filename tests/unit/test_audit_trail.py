"""Loket's audit trail: captions are learned from our own writes; what was not learned attributes nothing (DRIFT-7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.drift.audit_trail import AuditEntry, OurWrite, attribute_differences, our_writes
from domain.drift.differences import Differing
from domain.events.drift import Cause, TrailResult
from domain.personal import Lost
from domain.records.loket_record import LoketRecord, Overwrite
from domain.values import BLANK, EmployeeNumber, FieldPath, Observed, PersonId

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SANNE, DAAN = EmployeeNumber(4711), EmployeeNumber(4712)
STREET, CITY = FieldPath("address.street"), FieldPath("address.city")
STRAAT, PLAATS = ("Werknemer", "Straatnaam"), ("Werknemer", "Woonplaats")


def entry(
    number: EmployeeNumber = DAAN, new: str | None = "Central Ave", old: str | None = "Main St", **more: object
) -> AuditEntry:
    one = AuditEntry(number, STRAAT, old, new, "Gebruiker", "us", "Koppeling T.", NOON)
    return replace(one, **more)  # type: ignore[arg-type]


def write(field: FieldPath = STREET, before: str = "Main St", after: str = "Central Ave") -> OurWrite:
    return OurWrite(DAAN, field, before, after, NOON, "run-1")


def drift(loket: Observed = "Harbour Rd", field: FieldPath = STREET) -> Differing:
    return Differing(PersonId("1"), SANNE, field, Cause.CHANGED_IN_LOKET, "Main St", loket)


def heard(*entries: AuditEntry, writes: tuple[OurWrite, ...] = (write(),), one: Differing | None = None) -> TrailResult:
    one = one or drift()
    return attribute_differences([one], writes, entries).attributions[one.number, one.field].result


BY_HAND = entry(SANNE, "Harbour Rd", performer="pb", name="Bakker P.", at=NOON + timedelta(days=3))


def test_a_change_that_the_trail_knows_from_someone_else_is_theirs() -> None:
    said = attribute_differences([drift()], [write()], [entry(), BY_HAND]).attributions[SANNE, STREET]

    assert (said.result, said.entry) == (TrailResult.SOMEONE_ELSE, BY_HAND)


def test_a_change_in_neither_record_is_an_alarm_once_the_caption_is_known() -> None:
    assert heard(entry()) is TrailResult.NO_ENTRY
    assert heard(entry(), replace(BY_HAND, new="Station Sq")) is TrailResult.NO_ENTRY
    assert heard(entry(), replace(BY_HAND, new=None)) is TrailResult.NO_ENTRY


def test_what_was_changed_later_in_another_field_hides_nothing() -> None:
    city = replace(BY_HAND, caption=PLAATS, new="Delft", at=BY_HAND.at + timedelta(days=1))

    assert heard(entry(), BY_HAND, city) is TrailResult.SOMEONE_ELSE


def test_a_caption_that_was_never_learned_attributes_nothing_and_alarms_nobody() -> None:
    assert heard(BY_HAND, writes=()) is TrailResult.NOT_ATTRIBUTABLE
    assert heard(entry(), BY_HAND, one=drift(field=CITY)) is TrailResult.NOT_ATTRIBUTABLE


def test_an_entry_by_our_own_user_is_ours() -> None:
    assert heard(entry(), replace(BY_HAND, performer="us")) is TrailResult.OURS


@pytest.mark.parametrize("performer", ["pb", None])
def test_whoever_our_writes_do_not_name_for_certain_is_somebody_else(performer: str | None) -> None:
    """Neither a write beside a clerk's own change of the same value, nor a caption of two fields, says who we are."""
    clerk = {"performer": performer, "name": "Bakker P."}
    delft, gouda = write(CITY, "Utrecht", "Delft"), replace(write(CITY, "Leiden", "Gouda"), number=SANNE)
    floor, unit = write(FieldPath("address.floor"), "1", "2"), write(FieldPath("address.unit"), "3", "4")
    also = ("Werknemer", "Toevoeging")
    trail = [
        entry(),
        entry(SANNE, "Gouda", "Leiden", caption=PLAATS),
        entry(new="Delft", old="Utrecht", caption=PLAATS),
        entry(new="Delft", old="Utrecht", caption=PLAATS, **clerk),
        entry(new="2", old="1", caption=also, **clerk),
        entry(new="4", old="3", caption=also, **clerk),
        replace(BY_HAND, performer=performer),
    ]

    assert heard(*trail, writes=(write(), delft, gouda, floor, unit)) is TrailResult.SOMEONE_ELSE
    unnamed = entry(performer=None)
    assert heard(unnamed, replace(BY_HAND, performer=None)) is TrailResult.SOMEONE_ELSE


def test_a_caption_that_was_taught_two_fields_means_nothing() -> None:
    twice = (write(), write(CITY, "Utrecht", "Delft"))

    assert heard(entry(), entry(new="Delft", old="Utrecht"), BY_HAND, writes=twice) is TrailResult.NOT_ATTRIBUTABLE


def test_two_entries_that_fit_one_write_teach_nothing() -> None:
    assert heard(entry(), entry(caption=PLAATS), BY_HAND) is TrailResult.NOT_ATTRIBUTABLE


def test_a_write_of_ours_that_the_trail_does_not_know_is_missing() -> None:
    lost = replace(write(after="Station Sq"), number=SANNE)
    said = attribute_differences([drift()], [write(), lost], [entry()])

    assert said.confirmed == (write(),)
    assert said.missing == (lost,)


def test_an_entry_long_before_or_after_our_write_is_not_of_it() -> None:
    after, before = (entry(at=NOON + sign * timedelta(minutes=10)) for sign in (1, -1))
    late = entry(at=NOON + timedelta(minutes=10, seconds=1))

    assert heard(after, BY_HAND) is heard(before, BY_HAND) is TrailResult.SOMEONE_ELSE
    assert heard(late, BY_HAND) is TrailResult.NOT_ATTRIBUTABLE


@pytest.mark.parametrize("values", [{"old": "Side St"}, {"new": "Station Sq"}, {"old": None}])
def test_an_entry_of_other_values_than_ours_is_not_of_our_write(values: dict[str, str | None]) -> None:
    assert heard(entry(**values), BY_HAND) is TrailResult.NOT_ATTRIBUTABLE  # type: ignore[arg-type]


def test_a_write_whose_values_were_erased_teaches_nothing() -> None:
    erased = replace(write(), before=Lost.SHREDDED, after=Lost.SHREDDED)

    assert heard(entry(), BY_HAND, writes=(erased,)) is TrailResult.NOT_ATTRIBUTABLE


def test_our_writes_are_looked_for_from_a_moment_on() -> None:
    moments = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(days=1)]
    overwritten = [Overwrite("run-1", place, "Main St", "Central Ave", at) for place, at in enumerate(moments)]
    records = {
        EmployeeNumber(place): LoketRecord(overwritten={STREET: one}) for place, one in enumerate(overwritten, 1)
    }

    assert our_writes(records, NOON) == (
        OurWrite(EmployeeNumber(2), STREET, "Main St", "Central Ave", NOON, "run-1"),
        OurWrite(EmployeeNumber(3), STREET, "Main St", "Central Ave", moments[2], "run-1"),
    )


def test_values_are_joined_as_the_trail_cuts_them_and_a_cleared_value_is_an_empty_one() -> None:
    long = "x" * 300

    assert heard(entry(), replace(BY_HAND, new=long[:250]), one=drift(long)) is TrailResult.SOMEONE_ELSE
    assert heard(entry(), replace(BY_HAND, new=None), one=drift(BLANK)) is TrailResult.SOMEONE_ELSE
