"""What it means that Personio leaves an attribute out of an answer (EDIT-2)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.attributes import FIRST_CLASS, Role
from domain.personal import Lost
from domain.planning.blanks import filled, lists_nothing, readable, unseen, vanished, was_emptied, with_blanks
from domain.settings import AbsentIsBlank
from domain.snapshots import PersonioPerson, PersonioSnapshot, Sighting, Sightings
from domain.values import BLANK, NOT_OBSERVED, PersonId

PHONE, EMAIL = Role("phone"), Role("personal_email")
NEVER, ALWAYS, IF_SHOWN = AbsentIsBlank.NEVER, AbsentIsBlank.ALWAYS, AbsentIsBlank.IF_SHOWN


def seen(shown: int, valued: int | None = None, key: str = "dynamic_1") -> Sightings:
    """A sweep of a hundred people in which the phone was shown of so many, and had a value for so many of them."""
    return Sightings(100, attributes={PHONE: Sighting(key, shown, shown if valued is None else valued)})


@pytest.mark.parametrize(
    ("before", "now", "gone"),
    [(4, 2, False), (4, 1, True), (5, 3, False), (5, 2, True), (1, 0, True), (1, 1, False), (0, 0, False)],
)
def test_an_attribute_vanishes_when_less_than_half_of_those_with_a_value_still_show_one(
    before: int, now: int, gone: bool
) -> None:
    assert vanished(seen(now), seen(before)) == ((PHONE,) if gone else ())


def test_an_attribute_that_is_shown_empty_of_most_has_vanished_all_the_same() -> None:
    """Whether it was emptied or only shown empty, a person has to look."""
    assert vanished(seen(shown=10, valued=4), seen(10)) == (PHONE,)


def test_on_the_first_sweep_and_for_another_attribute_in_the_same_role_nothing_has_vanished() -> None:
    assert vanished(seen(0), None) == ()
    assert vanished(seen(1, key="dynamic_2"), seen(10, key="dynamic_1")) == ()
    assert vanished(seen(1), Sightings(100, attributes={EMAIL: Sighting("dynamic_1", 10, 10)})) == ()


def test_an_attribute_is_unseen_until_one_person_shows_it_now_or_in_the_last_accepted_sweep() -> None:
    assert unseen(seen(0), None) == {PHONE}
    assert unseen(seen(0), seen(0)) == {PHONE}
    assert unseen(seen(shown=1, valued=0), None) == frozenset()
    assert unseen(seen(0), seen(shown=1, valued=0)) == frozenset()
    assert unseen(seen(0), seen(9, key="dynamic_2")) == {PHONE}


def test_one_sighting_makes_an_absence_a_blank() -> None:
    assert readable(seen(shown=1, valued=0), None, IF_SHOWN) == {PHONE}
    assert readable(seen(0), None, IF_SHOWN) == frozenset()


def test_what_vanished_is_not_observed_until_somebody_accepts_that_it_was_emptied() -> None:
    assert readable(seen(1), seen(3), IF_SHOWN) == frozenset()
    assert readable(seen(1), seen(2), IF_SHOWN) == {PHONE}
    assert readable(seen(1), seen(3), IF_SHOWN, accepted=True) == {PHONE}
    assert readable(seen(0), seen(3), IF_SHOWN, accepted=True) == {PHONE}


def test_where_an_absence_is_never_a_blank_nobodys_yes_makes_it_one() -> None:
    assert readable(seen(9), None, NEVER, listed={PHONE}, accepted=True) == frozenset()


def test_where_an_absence_is_always_a_blank_the_list_of_readable_attributes_is_enough() -> None:
    assert readable(seen(0), seen(9), ALWAYS, listed={PHONE}) == {PHONE}
    assert readable(seen(1), seen(9), ALWAYS) == {PHONE}
    assert readable(seen(0), seen(9), ALWAYS) == frozenset()


def test_only_what_is_absent_is_made_blank() -> None:
    shown = PersonioPerson(PersonId("1"), None, {PHONE: NOT_OBSERVED, EMAIL: "daan@example.org"})

    assert filled(shown, {PHONE, EMAIL}) is shown  # a value that could not be read stays not observed
    assert filled(PersonioPerson(PersonId("1"), None, {EMAIL: "x"}), {PHONE}).values == {EMAIL: "x", PHONE: BLANK}


def test_what_an_answer_by_id_leaves_out_is_blank_only_where_it_was_blank_before() -> None:
    """A right may be narrowed between the sweep and the question about somebody whom it did not list."""
    listed, asked = (PersonioPerson(PersonId(one), None, {}) for one in ("1", "2"))
    sweep = PersonioSnapshot(datetime(2026, 3, 15, tzinfo=UTC), (listed, asked), asked=frozenset({asked.id}))

    found = with_blanks(sweep, {PHONE, EMAIL}, IF_SHOWN, {asked.id: {EMAIL}}).people

    assert [one.values for one in found] == [{PHONE: BLANK, EMAIL: BLANK}, {EMAIL: BLANK}]
    always = with_blanks(sweep, {PHONE, EMAIL}, ALWAYS, {asked.id: {EMAIL}}).people
    assert [one.values for one in always] == [{PHONE: BLANK, EMAIL: BLANK}] * 2


def test_who_had_three_values_and_took_part_does_not_lose_all_of_them_by_a_blank() -> None:
    assert was_emptied(("a", "b", "c", BLANK), "yes")
    assert was_emptied(("a", "b", "c"), "undecidable")
    assert was_emptied(("a", "b", "c"), None)
    assert not was_emptied(("a", "b", BLANK, Lost.SHREDDED), "yes")
    assert not was_emptied(("a", "b", "c"), "no")


def test_an_attribute_that_is_listed_empty_is_a_profile_that_is_read() -> None:
    own = dict.fromkeys(FIRST_CLASS, "x")

    assert lists_nothing(PersonioPerson(PersonId("1"), None, own))
    assert not lists_nothing(PersonioPerson(PersonId("1"), None, {**own, PHONE: BLANK}))
    assert not lists_nothing(PersonioPerson(PersonId("1"), None, {**own, PHONE: NOT_OBSERVED}))


def test_what_every_person_has_of_their_own_is_never_made_blank() -> None:
    assert filled(PersonioPerson(PersonId("1"), None, {}), FIRST_CLASS).values == {}
