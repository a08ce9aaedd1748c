"""Salary as a chain of wage records (PAY-3, PAY-4, PAY-8, PAY-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from domain.attributes import GROSS_WAGE, WAGE_FIELDS
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference, differences
from domain.planning.details import FROM, SALARY_FROM, SALARY_UNTIL, WAGE_FROM, WAGE_ON
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import DAY, PayCase, PayDecision, withdrawn
from domain.planning.pay.chain import WantedPay, left_alone, steps, stood_until
from domain.planning.pay.in_line import InLine
from domain.planning.pay.kept import Kept, kept
from domain.planning.pay.on_a_day import differ, known_wages, latest, running_on, wage_on
from domain.planning.pay.targets import WAGE_EXTRAS
from domain.planning.pay.votes import is_shown, reading_of, readings
from domain.planning.planned import Chain, DatedWrite
from domain.snapshots import Compensation, HeldPay, Paid
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed

WAGES: Final = "wages"
_APPLY_PAY_GRADE: Final = FieldPath("wage.applyPayGrade")


@dataclass(frozen=True, slots=True)
class _Target:
    """What Personio's salaries come to. `settled`: undecided amounts by their day, and the record that equals each."""

    wanted: tuple[WantedPay, ...] = ()
    settled: Mapping[date, HeldPay] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def wages(case: PayCase, line: InLine) -> PayDecision:
    """The writes that make Loket's wages equal to Personio's salaries from the compensation start date on."""
    salaries = line.salaries
    starts = _by_start(case, salaries)
    target = _target(case, {day: several for day, several in starts.items() if day >= case.start_date})
    notices = [*_older(case, starts), *_ended(case, salaries)]
    notices += [Notice(NoticeCode.SALARY_BESIDE_ANOTHER, SALARY_FROM.format(day=day)) for day in line.left_out]
    unclear = (Finding(FindingCode.PAY_AMBIGUOUS, GROSS_WAGE, FROM.format(day=day)) for day in line.ambiguous)
    if findings := (*unclear, *target.findings):
        return PayDecision(findings=findings, notices=tuple(notices))
    settled = {one.id for one in target.settled.values()}

    def ours(one: HeldPay) -> bool:
        sent = (GROSS_WAGE, one.start) in case.memory.ours and one.id not in settled
        return sent and (bool(target.wanted) or bool(running_on(case, salaries, one.start)))

    held = [one for one in case.held.wages.get(case.employment.id, ()) if one.start >= case.start_date]
    first = target.wanted[0].start if target.wanted else date.max
    stay, chain = left_alone(held, first, ours)
    sooner = _kept(case, salaries, [one for one in chain if one.start < first])
    lonely = (one for one in stay if one.id not in settled)
    notices += [Notice(NoticeCode.PAY_ONLY_IN_LOKET, WAGE_FROM.format(day=one.start)) for one in lonely]
    if sooner.told and not any(one.code is NoticeCode.PAY_DIFFERS_AT_START_DATE for one in notices):
        day = sooner.wanted[0].start
        notices.append(Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, WAGE_FROM.format(day=day)))
    writes = _writes(case, chain, (*sooner.wanted, *target.wanted))
    if _unsettled(writes, target.settled):
        finding = Finding(FindingCode.AMOUNT_BASIS_UNDECIDED, GROSS_WAGE)
        return PayDecision(findings=(finding,), notices=tuple(notices))
    return PayDecision(writes, (), (*notices, *withdrawn(case, writes, GROSS_WAGE, "wage")))


def _by_start(case: PayCase, salaries: Iterable[Paid]) -> dict[date, tuple[Compensation, ...]]:
    """The salaries that take over on each day: of those from before the employment the latest (PAY-3)."""
    found: dict[date, list[Compensation]] = {}
    for one in salaries:
        found.setdefault(case.begins(one.compensation), []).append(one.compensation)
    return {day: latest(several) for day, several in found.items()}


def _kept(case: PayCase, salaries: Sequence[Paid], records: Sequence[HeldPay]) -> Kept:
    """Those whose salary Personio has since before the compensation start date (PAY-3, PAY-4)."""
    rest = wage_on(case.held, case.employment.id, records[0].start - DAY) if records else None

    def wanted(one: HeldPay) -> WantedPay | None:
        several = running_on(case, salaries, one.start)
        if not several:
            return None
        shown = {name: value for name in WAGE_FIELDS if isinstance(value := one.fields.get(name), str)}
        as_it_is = WantedPay(one.start, shown)
        possible = readings(several[0], case.person, case.period, case.amounts_are)
        if differ(several) or isinstance(possible, Finding):
            return as_it_is
        basis = reading_of(one, possible) or reading_of(rest, possible) or case.amounts_are
        decided = possible.get(basis)
        if decided is None or (decided.unscaled() is None and not one.full_time):
            return as_it_is
        return WantedPay(one.start, decided.fields(), None, decided.conversion, decided.unscaled())

    def holds(one: HeldPay, target: WantedPay) -> bool:
        whole = is_shown(one) and target.fields.keys() >= WAGE_FIELDS.keys()
        return whole and not _differences(one, target)

    return kept(records, rest, wanted, holds)


def _target(case: PayCase, starts: Mapping[date, Sequence[Compensation]]) -> _Target:
    wanted: list[WantedPay] = []
    settled: dict[date, HeldPay] = {}
    findings: list[Finding] = []
    for day, several in sorted(starts.items()):
        if differ(several):
            findings.append(Finding(FindingCode.PAY_AMBIGUOUS, GROSS_WAGE, FROM.format(day=day)))
            continue
        possible = readings(several[0], case.person, case.period, case.amounts_are)
        held = wage_on(case.held, case.employment.id, day)
        if isinstance(possible, Finding):
            findings.append(possible)
            continue
        decided = possible.get(case.amounts_are)
        if decided is None:  # which amount it is, is not known: only what Loket holds already can be believed (PAY-9)
            basis = reading_of(held, possible)
            if held is None or basis is None:
                findings.append(Finding(FindingCode.AMOUNT_BASIS_UNDECIDED, GROSS_WAGE))
                continue
            settled[day] = held
            decided = possible[basis]
        if decided.unscaled() is None and held is not None and held.start == day and not held.full_time:
            findings.append(Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, GROSS_WAGE))
        elif day not in settled or settled[day].start == day:
            wanted.append(WantedPay(day, decided.fields(), None, decided.conversion, decided.unscaled()))
    return _Target(tuple(wanted), settled, tuple(findings))


def _unsettled(writes: Iterable[DatedWrite], settled: Mapping[date, HeldPay]) -> bool:
    """Whether a write would change what holds on a day whose amount is undecided and stands in Loket already."""
    return any(held.start <= write.effective_on <= day for day, held in settled.items() for write in writes)


def _writes(case: PayCase, held: Sequence[HeldPay], wanted: Sequence[WantedPay]) -> tuple[DatedWrite, ...]:
    todo = steps(held, wanted)
    again = {one.start for one in todo.add}
    rebuild = bool(todo.delete)
    ends = {one.start: after.start - DAY for one, after in pairwise(wanted)}
    newest = max((one.start for one in wanted), default=date.min)
    deletes = [_delete(one, readded=one.start in again, followed=one.start < newest) for one in todo.delete]
    changes = [_change(one, target, ends, rebuild=rebuild) for one, target in todo.keep]
    creates = [
        _create(
            case,
            one,
            _in_place_of(case, one.start),
            {} if rebuild else _stood(case, one.start, wanted),
            ends,
            rebuild=rebuild,
        )
        for one in todo.add
    ]
    return (*deletes, *(one for one in changes if one), *creates)


def _delete(one: HeldPay, *, readded: bool, followed: bool) -> DatedWrite:
    changes = tuple(
        Difference(name, value, BLANK, one.start)
        for name in (*WAGE_FIELDS, *WAGE_EXTRAS)
        if isinstance(value := one.fields.get(name, NOT_OBSERVED), str) and (name, value) != (_APPLY_PAY_GRADE, "false")
    )
    return DatedWrite(
        kind=WriteKind.WAGE_DELETED,
        target=one.id,
        changes=changes,
        effective_on=one.start,
        chain=Chain(WAGES, rebuild=True),
        readded=readded,
        followed=followed,
        reaches=(one.start, date.max),
    )


def _differences(one: HeldPay, target: WantedPay) -> Sequence[Difference]:
    """A wage that Loket does not scale by hours takes the person's own amount, so nothing is scaled twice (PAY-9)."""
    fields = target.fields if one.full_time or target.unscaled is None else target.unscaled
    return differences(WAGE_FIELDS.items(), fields, one.fields)


def _change(one: HeldPay, target: WantedPay, ends: Mapping[date, date], *, rebuild: bool) -> DatedWrite | None:
    found = _differences(one, target)
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
    before_it: tuple[Mapping[FieldPath, Observed], bool],
    stood: Mapping[FieldPath, Observed],
    ends: Mapping[date, date],
    *,
    rebuild: bool,
) -> DatedWrite:
    """A new record, in the place of what `stood` until it; {} where that is told to go by itself, as in a rebuild.

    It keeps what is none of ours of the one `before_it`, such as a net wage: a raise does not end that (WHAT-3). Where
    that one stands, nothing takes the place of anything in these.
    """
    fields, stands = before_it
    kept = {
        name: value
        for name in WAGE_EXTRAS
        if isinstance(value := fields.get(name, BLANK), str) and name != _APPLY_PAY_GRADE
    }
    before = {one.field: one.before for one in differences(WAGE_FIELDS.items(), target.fields, stood)}
    if stands and not rebuild:
        before |= kept
    changes = tuple(
        Difference(name, before.get(name, BLANK), value, target.start)
        for name, value in {**target.fields, **kept}.items()
    )
    return DatedWrite(
        kind=WriteKind.WAGE_CREATED,
        target=case.employment.id,
        changes=changes,
        effective_on=target.start,
        chain=Chain(WAGES, rebuild=rebuild),
        conversion=target.conversion,
        reaches=(target.start, ends.get(target.start, date.max)),
    )


def _in_place_of(case: PayCase, day: date) -> tuple[Mapping[FieldPath, Observed], bool]:
    """(the record that Loket holds on a day, or held until an open rebuild removed it, whether it stands)."""
    stand = {one.start: one.fields for one in known_wages(case.held, case.employment.id)}
    known = {**case.memory.removed, **stand}
    latest = max((start for start in known if start <= day), default=None)
    return ({}, False) if latest is None else (known[latest], latest in stand)


def _stood(case: PayCase, day: date, wanted: Sequence[WantedPay]) -> Mapping[FieldPath, Observed]:
    return stood_until(day, known_wages(case.held, case.employment.id), wanted)


def _older(case: PayCase, starts: Mapping[date, Sequence[Compensation]]) -> Iterable[Notice]:
    """A salary from before the line that differs from Loket on that day is told, never changed (PAY-4)."""
    earlier = [day for day in starts if day < case.start_date]
    held = case.held.wage_at_start.get(case.employment.id)
    if not earlier or case.start_date in starts or held is None or held.start >= case.start_date:
        return
    several = starts[max(earlier)]
    possible = readings(several[0], case.person, case.period, case.amounts_are)
    if differ(several) or (not isinstance(possible, Finding) and reading_of(held, possible) is None):
        yield Notice(NoticeCode.PAY_DIFFERS_AT_START_DATE, WAGE_ON.format(day=case.start_date))


def _ended(case: PayCase, salaries: Iterable[Paid]) -> Iterable[Notice]:
    for one in salaries:
        if one.until is not None and one.until >= case.start_date:
            yield Notice(NoticeCode.PAY_ENDED_IN_PERSONIO, SALARY_UNTIL.format(day=one.until))
