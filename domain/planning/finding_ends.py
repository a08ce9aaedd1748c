"""Whether a finding that a look does not find any more is over, and why (CHECK-5).

What could not be looked at concludes nothing: a person outside a pilot or not seen by one sweep, an attribute that
Personio does not show, pay of which nothing can be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.attributes import EMPLOYEE_NUMBER, INCOME_NUMBER, Role
from domain.events.findings import FindingEnd
from domain.planning.eligibility import HELD_OUT, NOT_IN_PILOT, NOT_SEEN, OUTSIDE
from domain.planning.findings import OF_PAY, FindingCode
from domain.planning.matching import NotVisible, UnderAnotherNumber, Unresolved
from domain.settings import Policy
from domain.snapshots import PersonioPerson
from domain.values import NOT_OBSERVED, FieldPath

if TYPE_CHECKING:
    from domain.planning.decide import Decision


@dataclass(frozen=True, slots=True)
class Ended:
    """`rule` is the one that leaves the person out."""

    how: FindingEnd
    rule: str | None = None


def ending(
    code: str,
    field: FieldPath | None,
    decision: Decision | None,
    person: PersonioPerson | None,
    policy: Policy,
    *,
    elsewhere: bool,
) -> Ended | None:
    """How a finding ended that is not found now; None when nothing can be said, so that it stays as it was.

    `decision` is None for somebody whom the legal entity neither has nor had; `elsewhere` when another one has them.
    """
    if decision is None:
        return Ended(FindingEnd.LEFT_OUT, OUTSIDE.rule) if elsewhere else Ended(FindingEnd.GONE)
    if decision.left_out in (NOT_IN_PILOT, NOT_SEEN):
        return None
    if decision.left_out is not None and decision.left_out != HELD_OUT:
        return Ended(FindingEnd.LEFT_OUT, decision.left_out.rule)
    unseen = person is not None and any(person.value(role) is NOT_OBSERVED for role in _read_from(code, field, policy))
    return None if unseen or _not_looked_at(code, decision) else Ended(FindingEnd.NOT_FOUND)


def _not_looked_at(code: str, decision: Decision) -> bool:
    no_employment = isinstance(decision.link, Unresolved | NotVisible | UnderAnotherNumber)
    return code in OF_PAY and (decision.pay_undecided or no_employment)


def _read_from(code: str, field: FieldPath | None, policy: Policy) -> tuple[Role, ...]:
    """The attributes that a finding on this field is found in; none for the finding that one of them is not shown."""
    if code == FindingCode.ATTRIBUTE_NOT_READABLE:
        return ()
    rows = tuple(row.role for row in policy.catalogue if row.field == field)
    own = tuple(role for role in policy.rules.mandatory if FieldPath(role) == field)  # wanted, and not sent anywhere
    return rows or own or tuple(role for path, role in _KEYS.items() if path == field)


_KEYS: Final = {FieldPath("employeeNumber"): EMPLOYEE_NUMBER, FieldPath("incomeRelationshipNumber"): INCOME_NUMBER}
