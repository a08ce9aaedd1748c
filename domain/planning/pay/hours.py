"""Working hours on both sides: whether the part-time factors agree, and sending the hours first (PAY-13, RETRO-2).

Loket scales a full-time wage by its own working hours. A wage is right only where they say the same as Personio's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from domain.attributes import WEEKLY_HOURS, Kind
from domain.events.loket import WriteKind
from domain.planning import matching
from domain.planning.comparison import Difference, differences
from domain.planning.details import SALARY_FROM, WAGE_FROM
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.pay.case import PayDecision
from domain.planning.pay.conversion import hours_of
from domain.planning.pay.on_a_day import clear_salary_on, hours_on, salary_on
from domain.planning.planned import Chain, DatedKind, DatedWrite
from domain.settings import Policy, WeeklyHours
from domain.snapshots import (
    Compensation,
    CompensationCategory,
    HeldHours,
    LoketEmployment,
    LoketSnapshot,
    Paid,
    PersonioPerson,
    PersonioSnapshot,
)
from domain.values import NOT_OBSERVED, Observed

_NOT_READ: Final = Notice(NoticeCode.NOT_READ_IN_LOKET, WEEKLY_HOURS)
TOLERANCE: Final = Decimal("0.005")  # between two part-time factors
_LEAST, _MOST = Decimal("0.01"), Decimal("99.99")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Hours:
    """What a person works a week, and what a full week is."""

    weekly: Decimal
    full_time: Decimal

    @property
    def factor(self) -> Decimal:
        return self.weekly / self.full_time


def told_hours(salary: Compensation | None, person: PersonioPerson) -> Hours | None:
    """Personio's hours: those of the compensation where it carries them, else the employment's; None: not shown."""
    weekly, full_time = hours_of(salary, person)
    return Hours(weekly, full_time) if weekly and full_time else None


def held_hours(record: HeldHours | None) -> Hours | None:
    """Loket's hours by which a salary is scaled; None: not shown, or 0, which is none there as in Personio."""
    held = _with_full_week(record)
    return held if held and held.weekly else None


def _with_full_week(record: HeldHours | None) -> Hours | None:
    weekly = _hours_a_week(record)
    return Hours(weekly, record.full_time) if record and weekly is not None and record.full_time else None


def _hours_a_week(record: HeldHours | None) -> Decimal | None:
    """Loket's own sum, else the person's hours, 0 as well, else a full week of the shift; None: not shown."""
    if record is None or record.weekly is NOT_OBSERVED:
        return None
    return record.own or (Decimal(record.weekly) if isinstance(record.weekly, str) else record.full_time)


@dataclass(frozen=True, slots=True)
class HoursCase:
    """One final employee's hours. `salaries` are the enabled fixed and hourly ones, `chain` is Loket's, oldest first.

    `day` is the business date, or the first day of an employment that has yet to begin.
    """

    person: PersonioPerson
    employment: LoketEmployment
    salaries: Sequence[Paid]
    chain: Sequence[HeldHours]
    setting: WeeklyHours
    day: date

    @property
    def told(self) -> Hours | None:
        return told_hours(salary_on(self.salaries, self.day), self.person)

    @property
    def in_force(self) -> HeldHours | None:
        return hours_on(self.chain, self.day)

    @property
    def held(self) -> Hours | None:
        return _with_full_week(self.in_force)

    @property
    def not_read(self) -> bool:
        """They would be sent, and Loket shows none that they could differ from (RUN-9)."""
        return self.would_be_sent and held_weekly(self.chain, self.day) is NOT_OBSERVED

    @property
    def compared(self) -> bool:
        """Whether the hours a week are held against each other: other ones only where Loket shows a full week."""
        return self.equal or (self.told is not None and self.held is not None)

    @property
    def would_be_sent(self) -> bool:
        return self.setting is WeeklyHours.SEND and self.told is not None

    @property
    def equal(self) -> bool:
        """Both sides show the same hours a week."""
        told, held = self.told, _hours_a_week(self.in_force)
        return told is not None and held is not None and _written(told.weekly) == _written(held)

    @property
    def to_send(self) -> Hours | None:
        """Personio's, where a full week is the same on both sides: elsewhere equal hours would make factors differ."""
        told, held = self.told, self.held
        same = told is not None and held is not None and told.full_time == held.full_time
        return told if same and self.setting is WeeklyHours.SEND else None

    def starts(self) -> dict[date, Paid]:
        """The salary that takes over on each day, an earlier one with the employment (PAY-3)."""
        ordered = sorted(self.salaries, key=lambda one: (_from(one), one.compensation.id))
        return {max(_from(one), self.employment.start): one for one in ordered}


def decide_hours(case: HoursCase, wages: Sequence[DatedWrite]) -> PayDecision:
    """The hours to send before `wages`, the planned writes of their chain, and what is to be said of both factors."""
    if case.setting is WeeklyHours.IGNORE:
        return PayDecision()
    told = case.to_send
    writes, findings = _sent(case, told, wages) if told else ((), ())
    written = frozenset(one.effective_on for one in wages if not one.kind.deletes)
    apart, hidden = _compared(case, written, writes)
    blocking = [] if told else sorted(written & apart)
    findings += tuple(
        Finding(FindingCode.PART_TIME_FACTOR_DIFFERS, WEEKLY_HOURS, WAGE_FROM.format(day=day)) for day in blocking
    )
    notices = []
    if apart and not blocking:
        notices.append(_of_salaries(NoticeCode.PART_TIME_FACTOR_DIFFERS, apart))
    if case.not_read:
        notices.append(_NOT_READ)
    elif not case.compared and (hidden or case.would_be_sent):
        notices.append(Notice(NoticeCode.HOURS_NOT_COMPARED))
    elif hidden:
        notices.append(_of_salaries(NoticeCode.PART_TIME_FACTOR_UNKNOWN, hidden))
    return PayDecision(writes, findings, tuple(notices))


def _of_salaries(code: NoticeCode, days: Iterable[date]) -> Notice:
    return Notice(code, ", ".join(SALARY_FROM.format(day=day) for day in sorted(days)))


def not_compared(notices: Iterable[Notice]) -> NoticeCode | None:
    """What was said of hours that were not held against each other; None: they were, or nobody looks at them."""
    return next((one.code for one in notices if one in (_NOT_READ, Notice(NoticeCode.HOURS_NOT_COMPARED))), None)


@dataclass(frozen=True, slots=True)
class Factors:
    """How many people with a fixed salary have the same part-time factor on both sides, and how many do not."""

    same: int = 0
    differing: int = 0
    hidden: int = 0  # one side shows no hours


def factors(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy, *, on: date) -> Factors:
    """Everyone with a fixed salary, and an employment in Loket, on that day; nobody where hours are not read."""
    counted: Counter[bool | None] = Counter()
    for person in personio.people:
        link = matching.match(person, loket, policy, {}, {})
        salary = clear_salary_on(personio.paid.get(person.id, ()), on)
        if not isinstance(link, matching.FinalLink) or salary is None or not _scaled(salary):
            continue
        told = told_hours(salary, person)
        held = held_hours(hours_on(loket.pay.hours.get(link.employment.id, ()), on))
        counted[None if told is None or held is None else _alike(told, held)] += 1
    return Factors(counted[True], counted[False], counted[None])


def hours_told(case: HoursCase) -> Observed:
    """What Personio says somebody works a week on the case's day, in the form that Loket is sent."""
    return NOT_OBSERVED if case.told is None else _written(case.told.weekly)


def held_weekly(chain: Iterable[HeldHours], day: date) -> Observed:
    """What Loket holds as the person's own hours on a day; BLANK: a full week of the shift."""
    record = hours_on(chain, day)
    return NOT_OBSERVED if record is None else _in_writing(record)


def _compared(case: HoursCase, written: Set[date], sent: Sequence[DatedWrite]) -> tuple[Set[date], Set[date]]:
    """The first days of fixed salaries whose factors differ, and of those of which one side does not show it.

    Looked at are every wage that is written, on the day it starts, and every salary in force from the business date
    on. Hours that are sent count from the day their record starts.
    """
    starts = case.starts()
    apart, hidden = set[date](), set[date]()
    for start, one in starts.items():
        salary = one.compensation
        if not _scaled(salary) or salary.amount == 0:
            continue
        follows = min((day for day in starts if day > start), default=date.max)
        if start not in written and (follows <= case.day or (one.until is not None and one.until < case.day)):
            continue
        day = start if start in written else max(start, case.day)
        told = told_hours(salary, case.person)
        held = case.told if any(each.effective_on <= day for each in sent) else held_hours(hours_on(case.chain, day))
        if told is None or held is None:
            hidden.add(start)
        elif not _alike(told, held):
            apart.add(start)
    return apart, hidden


def _sent(
    case: HoursCase, told: Hours, wages: Sequence[DatedWrite]
) -> tuple[tuple[DatedWrite, ...], tuple[Finding, ...]]:
    """One write, where the hours of the business date differ; it opens the unit of the wages it comes before."""
    weekly, newest = _written(told.weekly), case.chain[-1]
    if case.equal:
        return (), ()
    if not _LEAST <= Decimal(weekly) <= _MOST:
        return (), (Finding(FindingCode.HOURS_RANGE, WEEKLY_HOURS),)
    unit = wages[0].chain if wages else Chain("working hours")
    if case.day > newest.start:
        change = Difference(WEEKLY_HOURS, _in_writing(newest), weekly)
        return (_write(WriteKind.HOURS_CREATED, case.employment.id, change, case.day, unit),), ()
    found = differences([(WEEKLY_HOURS, Kind.MONEY)], {WEEKLY_HOURS: weekly}, {WEEKLY_HOURS: _in_writing(newest)})
    return tuple(_write(WriteKind.HOURS, newest.id, one, newest.start, unit) for one in found), ()


def _write(kind: DatedKind, target: str, change: Difference, starts: date, unit: Chain | None) -> DatedWrite:
    return DatedWrite(
        kind=kind,
        target=target,
        changes=(change,),
        effective_on=starts,
        reaches=(starts, date.max),
        chain=unit,
    )


def _scaled(salary: Compensation) -> bool:
    """Loket scales a fixed salary by hours; hourly pay is taken as it is."""
    return salary.category is CompensationCategory.FIXED_SALARY


def _alike(told: Hours, held: Hours) -> bool:
    return abs(told.factor - held.factor) <= TOLERANCE


def _in_writing(record: HeldHours) -> Observed:
    return _written(Decimal(record.weekly)) if isinstance(record.weekly, str) else record.weekly


def _written(hours: Decimal) -> str:
    return f"{hours.quantize(_CENT, ROUND_HALF_UP):.2f}"


def _from(one: Paid) -> date:
    return one.compensation.takes_effect
