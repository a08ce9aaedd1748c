"""Where a final employee's pay differs from Personio's, and who moved it (DRIFT-1, DRIFT-3, PAY-3, PAY-5).

Pay is kept equal from the compensation start date on, future records included, so every day from there on is compared.
What differs is what the plan would write: plan, run and check cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE, WAGE_FIELDS, WEEKLY_HOURS, Kind
from domain.events.drift import Cause
from domain.personal import Lost, Opened
from domain.planning.comparison import alike, same, written
from domain.planning.findings import FindingCode
from domain.planning.pay.targets import ONE_TIME, RECURRING, benefit_end, value_field
from domain.planning.pay.unclear import UNCLEAR
from domain.planning.writes import kinds_of
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import Dated, PayRecord
from domain.settings import Policy
from domain.snapshots import LoketPay
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed

if TYPE_CHECKING:  # a question to the log needs nothing that decides
    from domain.planning.decide import Decision

PAY_FINDINGS: Final = frozenset(
    {
        FindingCode.AMOUNT_RANGE,
        FindingCode.AMOUNT_NOT_CONVERTIBLE,
        FindingCode.AMOUNT_BASIS_UNDECIDED,
        FindingCode.COMPENSATION_NOT_MAPPED,
        FindingCode.PAY_AMBIGUOUS,
        *UNCLEAR,
    }
)


class PayDifference(NamedTuple):
    """The earliest day on which the field differs, and both values there."""

    field: FieldPath
    day: date
    personio: Observed
    loket: Observed


def is_pay(field: FieldPath) -> bool:
    return field in WAGE_FIELDS or field.startswith((f"{RECURRING}.", f"{ONE_TIME}."))


def goes_with_pay(field: FieldPath) -> bool:
    """Pay, and the weekly hours by which Loket scales it (PAY-13)."""
    return is_pay(field) or field == WEEKLY_HOURS


def held_pay_values(held: LoketPay, employment: str, policy: Policy) -> dict[Dated, Observed]:
    """What Loket shows of one employment from the compensation start date on, and the wage in force on that day."""
    start_date = policy.entity.compensation_start_date
    if start_date is None:
        return {}
    mapped = {one.key for one in policy.pay.components.values()}
    found: dict[Dated, Observed] = {}
    at_start = held.wage_at_start.get(employment)
    for wage in (*held.wages.get(employment, ()), *([at_start] if at_start else [])):
        if wage.start >= start_date or wage is at_start:
            found |= {(name, wage.start): value for name, value in wage.fields.items() if isinstance(value, str)}
    for one in held.benefits.get(employment, ()):
        if one.component in mapped and one.start >= start_date:
            found |= {(name, one.start): value for name, value in one.fields.items() if isinstance(value, str)}
            if one.end is not None and one.component is not None:
                found[benefit_end(one.component), one.start] = one.end.isoformat()
    first_days = {(span.year, span.number): span.first for span in held.periods}
    for value in held.values.get(employment, ()):
        day = first_days.get(value.period)
        if value.component in mapped and day is not None and day >= start_date and value.value is not NOT_OBSERVED:
            found[value_field(value.component), day] = value.value
    return found


def pay_differences(decision: Decision, held: Mapping[Dated, Observed]) -> Iterator[PayDifference]:
    """The pay fields that hold something else, on some day, once the decision's writes have been made."""
    after = dict(held)
    for write in decision.writes:
        for change in write.changes:
            if change.effective_on is not None:
                after[change.field, change.effective_on] = change.after
    days = sorted((day, name) for name, day in after if is_pay(name))
    told: set[FieldPath] = set()
    for day, name in days:
        kind, want, holds = kinds_of([name])[name], _in_force(after, name, day), _in_force(held, name, day)
        if name not in told and not same(kind, want, holds):
            told.add(name)
            yield PayDifference(
                name, day, *(written(kind, one) if isinstance(one, str) else one for one in (want, holds))
            )


def _in_force(values: Mapping[Dated, Observed], name: FieldPath, day: date) -> Observed:
    """An amount holds until the next record; the value of one period, and a last day, stand by themselves."""
    if name.startswith(f"{ONE_TIME}.") or name.endswith(".endDate"):
        return values.get((name, day), BLANK)
    days = [one for field, one in values if field == name and one <= day and values[field, one] is not BLANK]
    return values[name, max(days)] if days else BLANK


def pay_cause(
    one: PayDifference, held: Mapping[Dated, Observed], record: LoketRecord, pay: PayRecord, since: date
) -> Cause:
    """Who left what our last run wrote or saw equal; a write that did not land explains it first (DRIFT-3)."""
    kind = kinds_of([one.field])[one.field]
    attempt = record.attempt(one.field)
    if attempt and alike(kind, attempt.after, one.personio):
        return Cause.WRITE_NOT_LANDED
    agreed = pay.agreed.get(one.field)
    if agreed is None:
        return Cause.NEVER_SYNCED
    known: dict[date, Opened] = {day: value for day, value in agreed.items() if value is not BLANK and day >= since}
    shown = {day: value for (name, day), value in held.items() if name == one.field and day >= since}
    if known.keys() == shown.keys() and all(alike(kind, known[day], shown[day]) for day in shown):
        return Cause.PENDING
    readable = {(one.field, day): value for day, value in agreed.items() if not isinstance(value, Lost)}
    wanted_then = _in_force(readable, one.field, one.day)
    return Cause.CHANGED_IN_LOKET if alike(kind, wanted_then, one.personio) else Cause.BOTH_CHANGED


def held_of_case(
    name: FieldPath, seen: Opened, held: LoketPay, employment: str, policy: Policy
) -> tuple[Kind, Observed] | None:
    """What Loket holds in a field that was `seen` to differ: that value while any day has it, else the latest.

    None when pay is not synced; NOT_OBSERVED when Loket was not asked.
    """
    if policy.entity.compensation_start_date is None:
        return None
    kind = kinds_of([name])[name]
    chain = held.wages if name.startswith("wage.") else held.benefits
    if employment not in chain:
        return kind, NOT_OBSERVED
    values = [value for (one, _), value in held_pay_values(held, employment, policy).items() if one == name]
    still = (value for value in values if alike(kind, seen, value))
    return kind, next(still, values[-1] if values else BLANK)


def equal_pay(
    decision: Decision, told: Iterable[Dated], held: Mapping[Dated, Observed], since: date
) -> frozenset[FieldPath]:
    """The pay fields that Personio tells and that nothing has to be written to."""
    if decision.findings or decision.pay_not_read:
        return frozenset()
    differing = {one.field for one in pay_differences(decision, held)}
    names = {name for name, day in told if day >= since}
    companions = {GROSS_WAGE_TYPE} if GROSS_WAGE in names else set()
    return frozenset((names | companions) - differing) & frozenset(name for name, _ in held)
