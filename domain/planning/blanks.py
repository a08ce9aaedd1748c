"""A blank in Personio clears the field in Loket (EDIT-2): here is decided what counts as a blank.

From here on a blank is a value like any other: `comparison.differences` finds that Loket holds something else, and the
write makes it null (`Difference.clears`). Where Loket takes no null, `validation` has a finding instead; in a concept
employee only what we wrote is cleared (`writes.filled_in_loket`, JOIN-7); parts of an address or an identity document
go together (`addresses`, `together`); and many clears at once meet the `brake`.

Whether an attribute that Personio leaves out is blank or not observed is the worst possible data-loss fault.
A right to read is given per attribute, never per person. So one sighting in the same complete sweep proves that the
attribute may be read, and whoever does not show it has none. But when fewer than half of those who showed a value in
the last accepted sweep still do, the right was narrowed rather than the data blanked: not observed for all of them.
An answer about one person, asked for after the sweep, is another look: what it leaves out is blank only where it was
blank before. So it is of somebody with at least `MANY` known values of whom no attribute at all is listed any more:
nobody empties a profile at once. One that is listed, be it Consider in NL payroll with No, shows that it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Final

from domain.attributes import FIRST_CLASS, Role
from domain.personal import Opened
from domain.settings import AbsentIsBlank
from domain.snapshots import PersonioPerson, PersonioSnapshot, Sighting, Sightings
from domain.values import BLANK, Answer, PersonId

MANY: Final = 3
_NEVER_SHOWN: Final = Sighting("")


def vanished(now: Sightings, before: Sightings | None) -> tuple[Role, ...]:
    """Attributes of which fewer than half as many people show a value as in the last accepted sweep."""
    return tuple(role for role, one in now.attributes.items() if one.valued * 2 < _before(before, role, one.key).valued)


def unseen(now: Sightings, before: Sightings | None) -> frozenset[Role]:
    """Attributes that nobody has ever shown, as far as is remembered: nothing is known of them, and nothing written."""
    return frozenset(
        role for role, one in now.attributes.items() if not one.shown and not _before(before, role, one.key).shown
    )


def readable(
    now: Sightings,
    before: Sightings | None,
    setting: AbsentIsBlank,
    *,
    listed: Set[Role] = frozenset(),
    accepted: bool = False,
) -> frozenset[Role]:
    """The attributes of which an absence means a blank.

    `listed` are those that Personio's own list of readable attributes names. `accepted`: a person looked, and what
    vanished was really blanked, for everybody perhaps.
    """
    return blank_by(setting, shown(now), frozenset(vanished(now, before)), listed, accepted=accepted)


def shown(now: Sightings) -> frozenset[Role]:
    """Attributes that anybody shows."""
    return frozenset(role for role, one in now.attributes.items() if one.shown)


def blank_by(
    setting: AbsentIsBlank, shown: Set[Role], vanished: Set[Role], listed: Set[Role], *, accepted: bool
) -> frozenset[Role]:
    """`readable`, from what it asks of the sweeps."""
    match setting:
        case AbsentIsBlank.NEVER:
            return frozenset()
        case AbsentIsBlank.ALWAYS:
            return frozenset(shown | listed)
        case AbsentIsBlank.IF_SHOWN:
            return frozenset(shown | vanished if accepted else shown - vanished)


def lists_nothing(person: PersonioPerson) -> bool:
    """Whether not one of the customer's own attributes is listed, empty or not."""
    return person.values.keys() <= set(FIRST_CLASS)


def was_emptied(known: Iterable[Opened], considered: str | None) -> bool:
    """Of somebody of whom nothing is listed, by what the log knows of these attributes.

    Who did not take part does not either now that nothing says so.
    """
    values = sum(isinstance(value, str) for value in known)
    return considered != Answer.NO.value and values >= MANY


def with_blanks(
    personio: PersonioSnapshot, blank: Set[Role], setting: AbsentIsBlank, later: Mapping[PersonId, Set[Role]]
) -> PersonioSnapshot:
    """The sweep with these attributes blank for whoever does not show them.

    `later` are those who were asked for by id after the sweep, when a right may have been narrowed, or were emptied,
    and what was blank of them before: unless an absence always means a blank, what the sweep showed of others proves
    nothing about them.
    """
    known = {} if setting is AbsentIsBlank.ALWAYS else later
    people = (filled(one, blank & known.get(one.id, blank)) for one in personio.people)
    return replace(personio, people=tuple(people))


def filled(person: PersonioPerson, blank: Iterable[Role]) -> PersonioPerson:
    """A value that was shown and could not be read stays not observed."""
    absent = {role: BLANK for role in blank if role not in person.values and role not in FIRST_CLASS}
    return replace(person, values={**person.values, **absent}) if absent else person


def _before(before: Sightings | None, role: Role, key: str) -> Sighting:
    """What was seen of the same attribute; a role that is mapped to another one by now starts anew."""
    known: Mapping[Role, Sighting] = before.attributes if before else {}
    one = known.get(role, _NEVER_SHOWN)
    return one if one.key == key else _NEVER_SHOWN
