"""How a pay write names what it is about, and what Loket holds there (PAY-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from domain.attributes import WEEKLY_HOURS
from domain.events.loket import WriteIntended, WriteKind
from domain.snapshots import HeldHours, HeldPay, LoketPay
from domain.values import BLANK, FieldPath, Observed

RECURRING: Final = "benefitsanddeductions"
ONE_TIME: Final = "payrollperioddata"
WAGE_EXTRAS: Final = tuple(
    FieldPath(f"wage.{leaf}")
    for leaf in (
        "netWage",
        "netWageType",
        "payScale",
        "payGrade",
        "applyPayGrade",
        "employerCosts",
        "employerCostsType",
    )
)
"""Fields of a wage outside the supported set: kept, and carried over when a chain is rebuilt (PAY-8)."""


def benefit_field(component: int) -> FieldPath:
    return FieldPath(f"{RECURRING}.{component}")


def benefit_end(component: int) -> FieldPath:
    return FieldPath(f"{RECURRING}.{component}.endDate")


def value_field(component: int) -> FieldPath:
    return FieldPath(f"{ONE_TIME}.{component}")


def value_target(employment: str, period: tuple[int, int], component: int) -> str:
    return f"{employment}/{period[0]}/{period[1]}/{component}"


def value_target_parts(target: str) -> tuple[str, tuple[int, int], int]:
    """(employment, (year, period number), payroll component)."""
    employment, year, number, component = target.split("/")
    return employment, (int(year), int(number)), int(component)


def held_pay(intended: WriteIntended, pay: LoketPay) -> Mapping[FieldPath, Observed] | None:
    """The fields of the record an intent is about, None when it is not there."""
    target = intended.target or ""
    match intended.kind:
        case WriteKind.WAGE | WriteKind.WAGE_DELETED:
            return _with_id(pay.wages, target)
        case WriteKind.BENEFIT | WriteKind.BENEFIT_DELETED:
            return _with_id(pay.benefits, target)
        case WriteKind.HOURS:
            return next((_hours(one) for chain in pay.hours.values() for one in chain if one.id == target), None)
        case WriteKind.HOURS_CREATED:
            chain = pay.hours.get(target, ())
            return next((_hours(one) for one in chain if one.start == intended.effective_on), None)
        case WriteKind.WAGE_CREATED:
            return _starting(pay.wages.get(target, ()), intended.effective_on, None)
        case WriteKind.BENEFIT_CREATED:
            component = int(intended.changes[0].field.split(".")[1])
            return _starting(pay.benefits.get(target, ()), intended.effective_on, component)
        case _:
            employment, period, component = value_target_parts(target)
            values = pay.values.get(employment, ())
            held = [one.value for one in values if (one.period, one.component) == (period, component)]
            return {value_field(component): held[0] if held else BLANK}


def _hours(one: HeldHours) -> Mapping[FieldPath, Observed]:
    return {WEEKLY_HOURS: one.weekly}


def _with_id(chains: Mapping[str, tuple[HeldPay, ...]], target: str) -> Mapping[FieldPath, Observed] | None:
    return next((one.fields for chain in chains.values() for one in chain if one.id == target), None)


def _starting(
    records: Iterable[HeldPay], start: date | None, component: int | None
) -> Mapping[FieldPath, Observed] | None:
    return next((one.fields for one in records if one.start == start and one.component == component), None)
