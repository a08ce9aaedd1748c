"""Differences that are left alone for a time because someone accepted them (DRIFT-8).

The one place: a person's accepted attributes are hidden before anything is compared for writing, and a hidden value is
neither written nor drift. Validation and the record of what was observed see the person whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.personal import Lost, Opened
from domain.planning import addresses
from domain.planning.comparison import alike
from domain.planning.writes import wanted, wanted_value
from domain.settings import Policy
from domain.snapshots import PersonioPerson
from domain.values import NOT_OBSERVED, FieldPath, Observed


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Loket's value of a field, accepted beside this Personio value up to and including that day."""

    field: FieldPath
    personio: Opened
    until: date

    def expired(self, today: date) -> bool:
        return today > self.until


def overtaken(acceptance: Acceptance, person: PersonioPerson, policy: Policy) -> bool:
    """Whether Personio changed the value since. A value that cannot be opened or seen any more overtakes nothing."""
    for row in policy.catalogue:
        if acceptance.field in (row.field, row.concept):
            value = wanted_value(row, person)
            readable = value is not NOT_OBSERVED and not isinstance(acceptance.personio, Lost)
            return readable and not alike(row.kind, acceptance.personio, value)
    return True


def in_force(
    acceptances: Iterable[Acceptance],
    person: PersonioPerson,
    held: Mapping[FieldPath, Observed],
    policy: Policy,
    today: date,
) -> tuple[Acceptance, ...]:
    """The acceptances that hold for this person today; none where the entity does not allow them."""
    if not policy.entity.allow_accepted_drift:
        return ()
    holding = tuple(one for one in acceptances if not one.expired(today) and not overtaken(one, person, policy))
    return (*holding, *_rest_of_the_address(holding, person, held, policy))


def _rest_of_the_address(
    holding: tuple[Acceptance, ...], person: PersonioPerson, held: Mapping[FieldPath, Observed], policy: Policy
) -> tuple[Acceptance, ...]:
    """Where one side has no address at all, whoever accepts a part of it accepts it whole: Loket takes no half."""
    parts = {one.field: one for one in holding if one.field in addresses.ADDRESS_PARTS}
    want = wanted(person, policy, concept=False) if parts else {}
    if not parts or not addresses.on_one_side_only(want, held):
        return ()
    until = max(one.until for one in parts.values())
    rest = (part for part in addresses.ADDRESS_PARTS if part in want and part not in parts)
    return tuple(Acceptance(part, want[part], until) for part in rest)


def leaving(person: PersonioPerson, accepted: Iterable[Acceptance], policy: Policy) -> PersonioPerson:
    """The person without the attributes whose Loket value is accepted."""
    fields = {one.field for one in accepted}
    if not fields:
        return person
    hidden = {row.role for row in policy.catalogue if row.field in fields or row.concept in fields}
    return replace(person, values={role: value for role, value in person.values.items() if role not in hidden})
