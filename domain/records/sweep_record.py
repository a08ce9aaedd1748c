"""What the log says about a sweep: its sizes, what was shown, and who had pay (RUN-12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from domain.attributes import Role
from domain.events.runs import KeyShown, PayeesSeen, SweepTaken
from domain.log import Fact, Recorded, fitting
from domain.planning.plausible import Payees, Sweep
from domain.snapshots import Sighting, Sightings
from domain.values import LegalEntityId, PersonId

_MOST: Final = 1_000  # people one event names


def facts_of(sweep: Sweep, entity: LegalEntityId) -> tuple[Fact, ...]:
    """The sweep as it is stored, in as many events as its people take."""
    shown = sweep.sightings
    taken = SweepTaken(
        legal_entity=entity,
        people=sweep.people,
        employees=sweep.employees,
        paid=None if sweep.payees is None else len(sweep.payees.everyone),
        swept=shown.swept,
        own=tuple(KeyShown(one.key, one.shown, one.valued) for one in shown.own.values()),
        attributes=tuple(KeyShown(one.key, one.shown, one.valued, role) for role, one in shown.attributes.items()),
        rule="RUN-12",
    )
    payees = sweep.payees or Payees()
    return (
        taken,
        *(PayeesSeen(legal_entity=entity, salaried=part, rule="RUN-12") for part in _parts(payees.salaried)),
        *(PayeesSeen(legal_entity=entity, otherwise=part, rule="RUN-12") for part in _parts(payees.otherwise)),
        *(PayeesSeen(legal_entity=entity, earlier=part, rule="RUN-12") for part in _parts(payees.earlier)),
    )


def sweep_of(history: Iterable[Recorded]) -> Sweep | None:
    """The sweep in a `sweep:` stream; None when the run took none, or an earlier version of this product took it."""
    taken: SweepTaken | None = None
    salaried: set[PersonId] = set()
    otherwise: set[PersonId] = set()
    earlier: set[PersonId] = set()
    for recorded in history:
        match recorded.fact:
            case SweepTaken() as fact:
                taken = fact
            case PayeesSeen() as fact:
                salaried.update(map(PersonId, fact.salaried))
                otherwise.update(map(PersonId, fact.otherwise))
                earlier.update(map(PersonId, fact.earlier))
    if taken is None:
        return None
    return Sweep(
        people=taken.people,
        employees=taken.employees,
        payees=None if taken.paid is None else Payees(frozenset(salaried), frozenset(otherwise), frozenset(earlier)),
        sightings=Sightings(
            swept=taken.swept,
            own={one.key: _sighting(one) for one in taken.own},
            attributes={Role(one.role): _sighting(one) for one in taken.attributes},
        ),
    )


def _sighting(one: KeyShown) -> Sighting:
    return Sighting(one.key, shown=one.shown, valued=one.valued)


def _parts(people: Iterable[PersonId]) -> Iterator[tuple[PersonId, ...]]:
    return fitting(sorted(people), _MOST)
