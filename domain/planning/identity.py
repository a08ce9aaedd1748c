"""Whether an employee number leads to someone else: the guard beside a match on numbers alone (MATCH-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from domain.attributes import BSN, CITIZEN_SERVICE_NUMBER, DATE_OF_BIRTH, LAST_NAME, Kind
from domain.planning.comparison import comparable, same, tidy
from domain.planning.details import BSN_OF
from domain.planning.findings import Finding, FindingCode
from domain.planning.matching import Concept, FinalLink, Link, Terminated, Unresolved
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, LoketSnapshot, PersonioPerson
from domain.values import EmployeeNumber, FieldPath

BsnHolders: TypeAlias = Mapping[str, tuple[LoketEmployee, ...]]
"""Employees by their BSN as it is compared, as far as BSNs were read."""

_TELLING: Final = (BSN, DATE_OF_BIRTH, LAST_NAME)
_NUMBER: Final = FieldPath("employeeNumber")


def bsn_holders(loket: LoketSnapshot) -> BsnHolders:
    """Who holds which BSN in Loket."""
    found: dict[str, tuple[LoketEmployee, ...]] = {}
    for one in loket.employees.values():
        value = tidy(one.value(CITIZEN_SERVICE_NUMBER))
        if isinstance(value, str):
            bsn = comparable(Kind.BSN, value)
            found[bsn] = (*found.get(bsn, ()), one)
    return found


def mismatch(person: PersonioPerson, link: Link, holders: BsnHolders, policy: Policy) -> tuple[Finding, ...]:
    """The number finds someone who is probably somebody else, whether or not an employment was found (MATCH-1)."""
    held = _found(link)
    if held is None or not policy.rules.identity_guard:
        return ()
    other = _held_by_another(person, held, holders, policy)
    if other is not None:
        return (Finding(FindingCode.IDENTITY_MISMATCH, _NUMBER, BSN_OF.format(number=other)),)
    return (Finding(FindingCode.IDENTITY_MISMATCH, _NUMBER),) if is_somebody_else(person, held, policy) else ()


def asks_others(person: PersonioPerson, link: Link, policy: Policy) -> bool:
    """Whether `mismatch` hangs on the BSNs of others."""
    held, mine = _found(link), tidy(person.value(BSN))
    if held is None or not policy.rules.identity_guard or not isinstance(mine, str):
        return False
    own = tidy(held.value(CITIZEN_SERVICE_NUMBER))
    return not same(Kind.BSN, own, mine)


def _found(link: Link) -> LoketEmployee | LoketConcept | None:
    match link:
        case FinalLink(employee=employee) | Terminated(employee=employee) | Unresolved(employee=employee):
            return employee
        case Concept(concept=concept):
            return concept
        case _:
            return None


def is_somebody_else(person: PersonioPerson, held: LoketEmployee | LoketConcept, policy: Policy) -> bool:
    """Whether two of the telling attributes are known on both sides and differ; one alone is an ordinary correction."""
    differing = 0
    for row in policy.catalogue:
        if row.role in _TELLING:
            mine, theirs = tidy(person.value(row.role)), tidy(held.value(row.field))
            differing += isinstance(mine, str) and isinstance(theirs, str) and not same(row.kind, mine, theirs)
    return differing >= 2


def _held_by_another(
    person: PersonioPerson, held: LoketEmployee | LoketConcept, holders: BsnHolders, policy: Policy
) -> EmployeeNumber | None:
    """The other number under which Loket holds the person's BSN: twins whose numbers were swapped differ in no more.

    Beside a blank BSN under the own number only someone still employed counts: who is hired again under a new number
    has the same BSN twice.
    """
    mine = tidy(person.value(BSN))
    if not isinstance(mine, str) or all(row.role != BSN for row in policy.catalogue):
        return None
    own = tidy(held.value(CITIZEN_SERVICE_NUMBER))
    if same(Kind.BSN, own, mine):
        return None
    others = holders.get(comparable(Kind.BSN, mine), ())
    running = [one for one in others if any(each.end is None for each in one.employments)]
    return next((one.number for one in (others if isinstance(own, str) else running)), None)
