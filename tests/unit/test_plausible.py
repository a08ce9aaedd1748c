"""What is remembered of a sweep, and when a complete read is not believed (RUN-12)."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.log.mapper import stored
from domain.attributes import Role
from domain.events.catalogue import NAME_OF
from domain.log import Fact, Meta, Recorded, StreamId
from domain.planning.plausible import Payees, Sweep
from domain.records.sweep_record import facts_of, sweep_of
from domain.snapshots import Sighting, Sightings
from domain.values import Actor, LegalEntityId, PersonId

TULP = LegalEntityId("170")
META = Meta(recorded_at=datetime(2026, 3, 15, tzinfo=UTC), actor=Actor("Anja"), correlation="run-1")
STREET = Role("street")


def history(facts: tuple[Fact, ...]) -> list[Recorded]:
    return [Recorded(n, StreamId("sweep:run-1"), n, NAME_OF[type(fact)], META, fact) for n, fact in enumerate(facts)]


def test_a_sweep_is_read_back_as_it_was_taken() -> None:
    shown = Sightings(
        4,
        own={"legal_entity": Sighting("legal_entity", 4, 3)},
        attributes={STREET: Sighting("dynamic_1009", 3, 2)},
    )
    payees = Payees(frozenset({PersonId("1"), PersonId("2")}), frozenset({PersonId("3")}))
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
