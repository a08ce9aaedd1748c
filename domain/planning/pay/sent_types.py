"""Which pay is sent, and to which payroll component (PAY-2, PAY-15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.planning.pay.case import Served
from domain.planning.pay.conversion import NOT_FOR_CONCEPTS
from domain.settings import ComponentKind, PayComponent, Policy
from domain.snapshots import SALARY, TYPE, Compensation, CompensationCategory, Paid, PayType, UnreadablePay


def is_enabled(pay: Compensation | UnreadablePay | PayType, policy: Policy) -> bool:
    """Whether the entity sends this type: by category, type id or name; unless said, salary and what is mapped."""
    types = policy.entity.compensation_types
    if types is None:
        return pay.category in SALARY or component_of(pay, policy) is not None
    return not types.isdisjoint({pay.category.value, pay.type_id, pay.type_name})


def must_be_clear(pay: UnreadablePay, policy: Policy) -> bool:
    """Whether it would be sent if it could be read, as far as anybody can tell."""
    return is_enabled(pay, policy) or (TYPE in pay.faults and may_be_any(pay, policy))


def may_be_any(pay: Compensation | UnreadablePay, policy: Policy) -> bool:
    """Of a category that is not told, or not documented: it may be salary, unless every type that is sent is named."""
    types = policy.entity.compensation_types
    named = types is not None and types.isdisjoint({*CompensationCategory, pay.type_id, pay.type_name})
    return pay.category is CompensationCategory.OTHER and not named


def types_not_sent(paid: Iterable[Paid], policy: Policy) -> list[str]:
    """The types of which a person has pay that goes nowhere, each once: nobody else says that it is not sent (PAY-15).

    Disabled by an explicit list, or without one simply not mapped.
    """
    start = policy.entity.compensation_start_date
    return sorted(
        {
            one.compensation.type_name or one.compensation.type_id
            for one in paid
            if start is not None and not is_enabled(one.compensation, policy) and not over_before(one, start)
        }
    )


def served(types: Iterable[PayType], policy: Policy) -> Served:
    """What pay of these types goes to."""
    sent = [one for one in types if is_enabled(one, policy)]
    components = {found.key for one in sent if (found := component_of(one, policy))}
    return frozenset({one.category for one in sent if one.category in SALARY} | components)


def component_of(pay: Compensation | UnreadablePay | PayType, policy: Policy) -> PayComponent | None:
    components = policy.pay.components
    return components.get(pay.type_id) or components.get(pay.type_name)


def fits(pay: Compensation, component: PayComponent) -> bool:
    """A one-time type cannot go to a component for recurring pay, nor the other way round; other categories nowhere."""
    if pay.category not in NOT_FOR_CONCEPTS:
        return False
    return component.kind is ComponentKind.DEDUCTION or component.kind.value.upper() == pay.category.value


def over_before(one: Paid, start_date: date) -> bool:
    """Over before the compensation start date."""
    once = one.compensation.category is CompensationCategory.ONE_TIME
    last = one.compensation.effective_from if once else one.until
    return last is not None and last < start_date


def by_component(
    enabled: Iterable[Paid], category: CompensationCategory, policy: Policy
) -> dict[PayComponent, list[Paid]]:
    found: dict[PayComponent, list[Paid]] = {}
    for one in enabled:
        component = component_of(one.compensation, policy)
        if one.compensation.category is category and component is not None and fits(one.compensation, component):
            found.setdefault(component, []).append(one)
    return found


def mapped_components(policy: Policy) -> frozenset[int]:
    """Components that pay is mapped to: a type disabled later leaves what exists in Loket (PAY-2)."""
    types = policy.entity.compensation_types
    return frozenset(
        component.key
        for name, component in policy.pay.components.items()
        if types is None or name in types or not types.isdisjoint(_categories(component))
    )


def _categories(component: PayComponent) -> frozenset[str]:
    if component.kind is ComponentKind.DEDUCTION:
        return frozenset({CompensationCategory.RECURRING.value, CompensationCategory.ONE_TIME.value})
    return frozenset({component.kind.value.upper()})
