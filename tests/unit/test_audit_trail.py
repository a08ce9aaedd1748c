"""Loket's audit trail: captions are learned from our own writes; what was not learned attributes nothing (DRIFT-7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.drift.audit_trail import AuditEntry, OurWrite, attribute_differences
from domain.drift.differences import Differing
from domain.events.drift import Cause, TrailResult
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


def test_a_caption_that_was_never_learned_attributes_nothing_and_alarms_nobody() -> None:
    assert heard(BY_HAND, writes=()) is TrailResult.NOT_ATTRIBUTABLE
    assert heard(entry(), BY_HAND, one=drift(field=CITY)) is TrailResult.NOT_ATTRIBUTABLE


def test_an_entry_by_our_own_user_is_ours() -> None:
    assert heard(entry(), replace(BY_HAND, performer="us")) is TrailResult.OURS


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
    late = entry(at=NOON + timedelta(hours=1))

    assert heard(late, BY_HAND) is TrailResult.NOT_ATTRIBUTABLE


def test_values_are_joined_as_the_trail_cuts_them_and_a_cleared_value_is_an_empty_one() -> None:
    long = "x" * 300

    assert heard(entry(), replace(BY_HAND, new=long[:250]), one=drift(long)) is TrailResult.SOMEONE_ELSE
    assert heard(entry(), replace(BY_HAND, new=None), one=drift(BLANK)) is TrailResult.SOMEONE_ELSE
