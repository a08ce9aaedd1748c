"""Salary as a chain of wage records (PAY-3, PAY-4, PAY-8, PAY-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE, Kind
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference, differences
from domain.planning.findings import Finding, Notice, NoticeCode
from domain.planning.pay.case import DAY, PayCase, PayDecision
from domain.planning.pay.chain import WantedPay, steps
from domain.planning.pay.conversion import Wage, wage
from domain.planning.pay.targets import WAGE_EXTRAS
from domain.planning.planned import Chain, DatedWrite
from domain.snapshots import Compensation, HeldPay, Paid
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed

WAGES: Final = "wages"
_FIELDS: Final = ((GROSS_WAGE, Kind.MONEY), (GROSS_WAGE_TYPE, Kind.TEXT))
_APPLY_PAY_GRADE: Final = FieldPath("wage.applyPayGrade")


def wages(case: PayCase, salaries: Sequence[Paid]) -> PayDecision:
    """The writes that make Loket's wages equal to Personio's salaries from the compensation start date on."""
    starts = _by_start(case, salaries)
    wanted, findings = _wanted(case, {day: one for day, one in starts.items() if day >= case.start_date})
    notices = [*_older(case, starts), *_ended(case, salaries)]
    held = [one for one in case.held.wages.get(case.employment.id, ()) if one.start >= case.start_date]
    if findings:
        return PayDecision(findings=findings, notices=tuple(notices))
    if not wanted:
        lonely = tuple(Notice(NoticeCode.PAY_ONLY_IN_LOKET, f"wage from {one.start}") for one in held)
        return PayDecision(notices=(*notices, *lonely))
    return PayDecision(_writes(case, held, wanted), (), tuple(notices))


def _by_start(case: PayCase, salaries: Iterable[Paid]) -> dict[date, Compensation]:
    """The salary that takes over on each day; of several for one day the newest."""
    ordered = sorted(salaries, key=lambda one: (one.compensation.effective_from or date.min, one.compensation.id))
    return {case.begins(one.compensation.effective_from): one.compensation for one in ordered}


def _wanted(case: PayCase, starts: Mapping[date, Compensation]) -> tuple[tuple[WantedPay, ...], tuple[Finding, ...]]:
    converted = {day: wage(one, case.person, case.period) for day, one in sorted(starts.items())}
    findings = tuple(one for one in converted.values() if isinstance(one, Finding))
    return tuple(_record(day, one) for day, one in converted.items() if isinstance(one, Wage)), findings


def _record(day: date, one: Wage) -> WantedPay:
    fields = {name: str(value) for name, value in one.fields().items()}
    unscaled = None if one.hourly else fields | {GROSS_WAGE: f"{one.effective:.2f}"}
    return WantedPay(day, fields, conversion=one.conversion, unscaled=unscaled)


def _writes(case: PayCase, held: Sequence[HeldPay], wanted: Sequence[WantedPay]) -> tuple[DatedWrite, ...]:
    todo = steps(held, wanted)
    again = {one.start for one in todo.add}
    rebuild = bool(todo.delete)
    extras = {one.start: one.fields for one in todo.delete}
    ends = {one.start: after.start - DAY for one, after in pairwise(wanted)}
    deletes = [_delete(one, readded=one.start in again) for one in todo.delete]
    changes = [_change(one, target, ends, rebuild=rebuild) for one, target in todo.keep]
    creates = [
        _create(case, one, extras.get(one.start) or case.memory.removed.get(one.start) or {}, ends, rebuild=rebuild)
        for one in todo.add
    ]
    return (*deletes, *(one for one in changes if one), *creates)


def _delete(one: HeldPay, *, readded: bool) -> DatedWrite:
    changes = tuple(
        Difference(name, value, BLANK, one.start)
        for name in (GROSS_WAGE, GROSS_WAGE_TYPE, *WAGE_EXTRAS)
        if isinstance(value := one.fields.get(name, NOT_OBSERVED), str) and (name, value) != (_APPLY_PAY_GRADE, "false")
    )
    return DatedWrite(
        kind=WriteKind.WAGE_DELETED,
        target=one.id,
        changes=changes,
        effective_on=one.start,
        chain=Chain(WAGES, rebuild=True),
        readded=readded,
        reaches=(one.start, date.max),
    )


def _change(one: HeldPay, target: WantedPay, ends: Mapping[date, date], *, rebuild: bool) -> DatedWrite | None:
    """A wage that Loket does not scale by hours takes the person's own amount, so nothing is scaled twice (PAY-9)."""
    fields = target.fields if one.full_time or target.unscaled is None else target.unscaled
    found = differences(_FIELDS, fields, one.fields)
    if not found:
        return None
    changes = [Difference(each.field, each.before, each.after, one.start) for each in found]
    if one.fields.get(_APPLY_PAY_GRADE) == "true":  # else Loket would put the pay scale's amount in its place
        changes.append(Difference(_APPLY_PAY_GRADE, "true", "false", one.start))
    return DatedWrite(
        kind=WriteKind.WAGE,
        target=one.id,
        changes=tuple(changes),
        effective_on=one.start,
        chain=Chain(WAGES, rebuild=rebuild),
        conversion=target.conversion,
        reaches=(one.start, ends.get(one.start, date.max)),
    )


def _create(
    case: PayCase,
    target: WantedPay,
    before: Mapping[FieldPath, Observed],
    ends: Mapping[date, date],
    *,
    rebuild: bool,
) -> DatedWrite:
    """A new record; one that stood here before the rebuild keeps what is none of ours (WHAT-3)."""
    kept = {
        name: value
        for name in WAGE_EXTRAS
        if isinstance(value := before.get(name, BLANK), str) and name != _APPLY_PAY_GRADE
    }
    changes = tuple(Difference(name, BLANK, value, target.start) for name, value in {**target.fields, **kept}.items())
    return DatedWrite(
        kind=WriteKind.WAGE_CREATED,
        target=case.employment.id,
        changes=changes,
        effective_on=target.start,
        chain=Chain(WAGES, rebuild=rebuild),
        conversion=target.conversion,
        reaches=(target.start, ends.get(target.start, date.max)),
    )


def _older(case: PayCase, starts: Mapping[date, Compensation]) -> Iterable[Notice]:
    """A salary from before the line that differs from Loket on that day is told, never changed (PAY-4)."""
    earlier = [day for day in starts if day < case.start_date]
    held = case.held.wage_at_start.get(case.employment.id)
    if not earlier or case.start_date in starts or held is None or held.start >= case.start_date:
        return
    here = wage(starts[max(earlier)], case.person, case.period)
    if isinstance(here, Finding):
        return
    record = _record(max(earlier), here)
    fields = record.fields if held.full_time or record.unscaled is None else record.unscaled
    if differences(_FIELDS, fields, held.fields):
        yield Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, f"wage on {case.start_date}")


def _ended(case: PayCase, salaries: Iterable[Paid]) -> Iterable[Notice]:
    for one in salaries:
        if one.until is not None and one.until >= case.start_date:
            yield Notice(NoticeCode.PAY_ENDED_IN_PERSONIO, f"salary until {one.until}")
