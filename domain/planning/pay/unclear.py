"""When nothing can be said about somebody's pay in one of the systems: then nothing of it is written or compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from domain.attributes import GROSS_WAGE, WAGE_FIELDS
from domain.planning.employments import employed_elsewhere
from domain.planning.findings import Finding, FindingCode
from domain.planning.pay.case import Served
from domain.planning.pay.missed import Payee, missed
from domain.planning.pay.sent_types import is_enabled, may_be_any
from domain.planning.pay.targets import benefit_field, value_field
from domain.planning.planned import DatedWrite
from domain.settings import Policy
from domain.snapshots import (
    SALARY,
    TYPE,
    Compensation,
    CompensationCategory,
    HeldPay,
    LoketPay,
    Paid,
    PersonioPerson,
    UnreadablePay,
)
from domain.values import NOT_OBSERVED, Absence, FieldPath

UNCLEAR: Final = frozenset(
    {
        FindingCode.PAY_NOT_VISIBLE,
        FindingCode.PAY_NOT_READABLE,
        FindingCode.PAY_CATEGORY_UNKNOWN,
        FindingCode.PAY_TYPE_RENAMED,
        FindingCode.PAY_ENTITY_NOT_SHOWN,
    }
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


def maybe_written_anew(
    writes: Sequence[DatedWrite],
    payee: Payee,
    paid: Iterable[Paid],
    unreadable: Iterable[UnreadablePay],
    served: Served,
    policy: Policy,
) -> tuple[Finding, ...]:
    """What a plan would take away, and Personio may only have written anew: in a category that we do not know, under a
    new name, or so that nobody can read its type (PAY-10).

    A new name of a type is everybody's: where somebody is paid under the old one, this person's pay was corrected.
    """
    taken = list(missed(writes))
    everything = [one.compensation for one in paid]
    several = [one for one in everything if may_be_any(one, policy)]
    unsent = [one for one in everything if not is_enabled(one, policy)]
    unknown = [each.told(_name(one)) for each in taken for one in each.may_be(several, payee)]
    renamed = [each.told(_name(one)) for each in taken for one in each.may_be_renamed(unsent, payee, served)]
    garbled = [f"{_name(one)}: {TYPE}" for one in unreadable if taken and may_be_any(one, policy)]
    return (
        *(Finding(FindingCode.PAY_CATEGORY_UNKNOWN, None, name) for name in dict.fromkeys(unknown)),
        *(Finding(FindingCode.PAY_TYPE_RENAMED, None, name) for name in dict.fromkeys(renamed)),
        *(Finding(FindingCode.PAY_NOT_READABLE, None, name) for name in dict.fromkeys(garbled)),
    )


def pay_not_read(pay: LoketPay, employment: str, policy: Policy) -> tuple[FieldPath, ...]:
    """Pay that Loket lists without its amount, or in a form that nobody documents, and that a run would look at."""
    start_date, mapped = policy.entity.compensation_start_date, {one.key for one in policy.pay.components.values()}
    if start_date is None:
        return ()
    at_start, chain = pay.wage_at_start.get(employment), pay.wages.get(employment, ())
    wages = [*([at_start] if at_start else []), *(one for one in chain if one.start >= start_date)]
    paid = [one for one in pay.benefits.get(employment, ()) if one.component in mapped]
    hidden = [name for one in wages for name in WAGE_FIELDS if _is_hidden(one, name)]
    hidden += [name for one in paid if one.component and _is_hidden(one, name := benefit_field(one.component))]
    hidden += [
        value_field(one.component)
        for one in pay.values.get(employment, ())
        if one.component in mapped and one.value is NOT_OBSERVED
    ]
    return tuple(dict.fromkeys(hidden))


def _is_hidden(one: HeldPay, name: FieldPath) -> bool:
    return one.fields.get(name, NOT_OBSERVED) is NOT_OBSERVED


def _name(one: Compensation | UnreadablePay) -> str:
    return one.type_name or one.type_id or "without a type"


def _field(category: CompensationCategory) -> FieldPath | None:
    return GROSS_WAGE if category in SALARY else None
