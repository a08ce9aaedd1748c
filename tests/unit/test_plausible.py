"""What is remembered of a sweep, and when a complete read is not believed (RUN-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.log.mapper import stored
from domain.attributes import Role
from domain.events.catalogue import NAME_OF
from domain.log import Fact, Meta, Recorded, StreamId
from domain.planning.plausible import Doubt, Payees, Sweep, doubts, falls, fingerprint
from domain.records.sweep_record import facts_of, sweep_of
from domain.settings import Plausible
from domain.snapshots import Sighting, Sightings
from domain.values import Actor, LegalEntityId, PersonId
from tests.support.fake_vault import FakeVault

TULP = LegalEntityId("170")
META = Meta(recorded_at=datetime(2026, 3, 15, tzinfo=UTC), actor=Actor("Anja"), correlation="run-1")
STREET = Role("street")
LIMITS = Plausible()


def history(facts: tuple[Fact, ...]) -> list[Recorded]:
    return [Recorded(n, StreamId("sweep:run-1"), n, NAME_OF[type(fact)], META, fact) for n, fact in enumerate(facts)]


def test_a_sweep_is_read_back_as_it_was_taken() -> None:
    shown = Sightings(
        4,
        own={"legal_entity": Sighting("legal_entity", 4, 3)},
        attributes={STREET: Sighting("dynamic_1009", 3, 2)},
    )
    payees = Payees(frozenset({PersonId("1"), PersonId("2")}), frozenset({PersonId("3")}), frozenset({PersonId("4")}))
    for sweep in (Sweep(3, 5, payees, shown), Sweep(3, 5, None, shown), Sweep(3, 5, Payees())):
        assert sweep_of(history(facts_of(sweep, TULP))) == sweep


def test_a_run_that_took_no_sweep_has_none_to_be_held_against() -> None:
    assert sweep_of(()) is None


def test_a_sweep_of_very_many_people_is_stored_in_events_that_fit_the_log() -> None:
    everyone = frozenset(PersonId(str(10_000_000 + n)) for n in range(12_345))
    sweep = Sweep(12_345, 12_345, Payees(everyone, frozenset()))
    facts = facts_of(sweep, TULP)
    assert all(len(stored(StreamId("sweep:run-1"), 0, META, fact).state) < 65_535 for fact in facts)
    assert sweep_of(history(facts)) == sweep


def people(many: int, first: int = 0) -> frozenset[PersonId]:
    return frozenset(PersonId(str(one)) for one in range(first, first + many))


def paid(many: int) -> Sweep:
    """Everyone of them with a salary, beside a hundred people and employees."""
    return Sweep(100, 100, Payees(people(many)))


def shows(swept: int, **shown: int) -> Sweep:
    """A hundred people here, and of how many of the tenant's some of Personio's own keys were shown."""
    return Sweep(100, 100, sightings=Sightings(swept, {key: Sighting(key, many, many) for key, many in shown.items()}))


@pytest.mark.parametrize(
    ("before", "now", "fallen"),
    [
        (30, 24, False),  # more than five, and exactly a fifth
        (29, 23, True),
        (6, 1, False),  # five of six
        (6, 0, True),
        (25, 20, False),  # exactly a fifth, and five
        (13, 8, False),
        (13, 7, True),
        (1, 0, True),
        (0, 0, False),
        (7, 7, False),
        (7, 9, False),
    ],
)
def test_a_fall_is_doubted_that_exceeds_both_limits_or_leaves_nothing(before: int, now: int, fallen: bool) -> None:
    assert falls(before, now, LIMITS) is fallen

    of_people = doubts(Sweep(now, 100), Sweep(before, 100), LIMITS)
    of_employees = doubts(Sweep(100, now), Sweep(100, before), LIMITS)
    of_pay = doubts(paid(now), paid(before), LIMITS)  # nobody is payable: Active people are another question

    assert of_people == ((Doubt("people", before, now),) if fallen else ())
    assert of_employees == ((Doubt("employees", before, now),) if fallen else ())
    assert of_pay == ((Doubt("paid", before, now),) if fallen else ())


def test_the_limits_are_the_customers() -> None:
    assert not falls(13, 7, Plausible(fall_people=6))
    assert not falls(13, 7, Plausible(fall_share=Decimal("0.5")))
    assert falls(100, 99, Plausible(fall_people=0, fall_share=Decimal(0)))


def test_before_the_first_sweep_nothing_is_doubted() -> None:
    assert doubts(Sweep(0, 0, Payees()), None, LIMITS, payable=people(9)) == ()


def test_of_a_first_sweep_only_that_a_legal_entity_is_shown_of_nobody_is_doubted() -> None:
    (found,) = doubts(shows(40, legal_entity=0, status=0), None, LIMITS)
    assert (found, found.text) == (Doubt("legal_entity", 0, 0), "Personio shows legal_entity of nobody")
    assert doubts(shows(40, legal_entity=1, status=0), None, LIMITS) == ()
    assert doubts(shows(0, legal_entity=0), None, LIMITS) == ()  # a tenant without people shows nothing of anybody


def test_who_left_on_two_looks_is_no_part_of_a_fall() -> None:
    before, now = Sweep(13, 100, Payees(people(13))), Sweep(7, 100, Payees(people(7, first=6)))

    assert [one.what for one in doubts(now, before, LIMITS)] == ["people", "paid"]
    assert doubts(now, before, LIMITS, left=people(6)) == ()


def test_the_only_person_who_left_leaves_nothing_to_be_doubted() -> None:
    assert doubts(Sweep(0, 5, Payees()), Sweep(1, 5, Payees(people(1))), LIMITS, left=people(1)) == ()


def test_pay_that_one_of_two_sweeps_did_not_read_says_nothing() -> None:
    unread = Sweep(100, 100, None)

    assert doubts(unread, paid(50), LIMITS, payable=people(50)) == ()
    assert doubts(paid(0), unread, LIMITS, payable=people(50)) == ()


@pytest.mark.parametrize(
    ("salaried", "shown", "doubted"),
    [(4, 2, False), (4, 1, True), (5, 3, False), (5, 2, True), (3, 2, False), (3, 1, True), (2, 1, False)],
)
def test_pay_is_doubted_when_less_than_half_of_those_with_a_salary_show_any(
    salaried: int, shown: int, doubted: bool
) -> None:
    last, now = paid(salaried), Sweep(100, 100, Payees(otherwise=people(shown)))

    found = doubts(now, last, LIMITS, payable=people(salaried))

    assert found == ((Doubt("salaried", salaried, shown),) if doubted else ())


def test_who_is_no_longer_to_be_paid_does_not_count_among_those_without_pay() -> None:
    assert doubts(paid(1), paid(4), LIMITS, payable=people(1)) == ()
    assert doubts(paid(1), paid(4), LIMITS, payable=people(2)) == ()  # half of the two who are
    assert doubts(paid(1), paid(4), LIMITS, payable=people(3)) == (Doubt("salaried", 3, 1),)


def test_who_had_only_an_allowance_does_not_count_among_those_with_a_salary() -> None:
    last = Sweep(100, 100, Payees(people(2), people(4, first=2)))

    assert doubts(Sweep(100, 100, Payees(people(1))), last, LIMITS, payable=people(6)) == ()


def test_a_key_that_was_shown_of_most_and_is_shown_of_none_is_doubted() -> None:
    assert doubts(shows(40, status=0), shows(40, status=21), LIMITS) == (Doubt("status", 21, 0),)
    assert doubts(shows(40, status=0), shows(40, status=20), LIMITS) == ()  # exactly half is not most
    assert doubts(shows(40, status=1), shows(40, status=40), LIMITS) == ()
    assert doubts(shows(40), shows(40, status=40), LIMITS) == ()  # not counted at all, by an older version


def test_every_doubt_is_told_at_once() -> None:
    now, last = Sweep(3, 0, Payees()), Sweep(20, 20, Payees(people(20)))

    assert [one.what for one in doubts(now, last, LIMITS)] == ["people", "employees", "paid"]


def test_a_read_is_named_by_its_sizes_and_by_what_it_does_not_show() -> None:
    vault = FakeVault()
    attributes = Sightings(7, attributes={STREET: Sighting("dynamic_1009", 3, 2)})
    now = Sweep(7, 13, Payees(people(5)), attributes)
    found = (Doubt("people", 13, 7),)

    same = Sweep(7, 13, Payees(people(5, first=50)), attributes)
    name = fingerprint(now, found, (STREET,), vault)
    others = {
        fingerprint(Sweep(6, 13, Payees(people(5)), attributes), found, (STREET,), vault),
        fingerprint(Sweep(7, 12, Payees(people(5)), attributes), found, (STREET,), vault),
        fingerprint(Sweep(7, 13, Payees(people(4)), attributes), found, (STREET,), vault),
        fingerprint(Sweep(7, 13, None, attributes), found, (STREET,), vault),
        fingerprint(now, (Doubt("people", 14, 7),), (STREET,), vault),
        fingerprint(now, found, (), vault),
    }

    assert fingerprint(same, found, (STREET,), vault) == name
    assert name not in others
    assert len(others) == 6


def test_a_month_without_anybodys_pay_is_doubted_from_two_people_on_and_on_a_first_sweep_too() -> None:
    for last in (None, paid(2)):
        assert doubts(replace(paid(2), unpaid=2), last, LIMITS) == (Doubt("paid_each_month", 2, 0),)
        assert doubts(replace(paid(2), unpaid=1), last, LIMITS) == ()
