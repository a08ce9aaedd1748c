"""When nothing can be said about somebody's pay in Personio: then nothing of it is written, ended or compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.attributes import GROSS_WAGE
from domain.planning.employments import employed_elsewhere
from domain.planning.findings import Finding, FindingCode
from domain.snapshots import SALARY, TYPE, Compensation, CompensationCategory, PersonioPerson, UnreadablePay
from domain.values import Absence, FieldPath

UNCLEAR: Final = frozenset(
    {FindingCode.PAY_NOT_VISIBLE, FindingCode.PAY_NOT_READABLE, FindingCode.PAY_ENTITY_NOT_SHOWN}
)
"""Findings after which nothing is concluded about any of the person's pay."""


def unclear(
    person: PersonioPerson, paid: Iterable[Compensation], unreadable: Iterable[UnreadablePay]
) -> tuple[Finding, ...]:
    """Of pay that would be sent: what makes no sense (RUN-7), and what may be another legal entity's (WHO-4)."""
    garbled = (
        Finding(FindingCode.PAY_NOT_READABLE, _field(one.category), f"{_name(one)}: {', '.join(one.faults)}")
        for one in unreadable
    )
    homeless = (
        Finding(FindingCode.PAY_ENTITY_NOT_SHOWN, _field(one.category), _name(one))
        for one in paid
        if employed_elsewhere(person) and isinstance(one.legal_entity, Absence)
    )
    return tuple(dict.fromkeys((*garbled, *homeless)))


def untold(several: Iterable[Compensation | UnreadablePay]) -> tuple[Finding, ...]:
    """Of pay that may be anything, where something would be taken away that it may be (PAY-10)."""
    return tuple(dict.fromkeys(Finding(FindingCode.PAY_NOT_READABLE, None, f"{_name(one)}: {TYPE}") for one in several))


def _name(one: Compensation | UnreadablePay) -> str:
    return one.type_name or one.type_id or "without a type"


def _field(category: CompensationCategory) -> FieldPath | None:
    return GROSS_WAGE if category in SALARY else None
