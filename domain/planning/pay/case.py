"""What pay decisions work with and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeAlias

from domain.planning.findings import Finding, Notice, NoticeCode
from domain.planning.pay.conversion import PayrollPeriod
from domain.planning.planned import DatedWrite
from domain.settings import AmountBasis
from domain.snapshots import Compensation, CompensationCategory, LoketEmployment, LoketPay, PersonioPerson
from domain.values import FieldPath, Observed

DAY: Final = timedelta(days=1)
Served: TypeAlias = frozenset[int | CompensationCategory]
"""The payroll components, and the categories of salary, that anybody has pay for."""


@dataclass(frozen=True, slots=True)
class PayMemory:
    """What the log adds about one employee's pay."""

    ours: frozenset[tuple[FieldPath, date]] = frozenset()  # values we confirmed and have not removed since
    removed: Mapping[date, Mapping[FieldPath, Observed]] = field(default_factory=dict)  # wages an open rebuild deleted
    unknown: bool = False  # a create whose outcome is still unknown: nothing of pay is written (RUN-8)


@dataclass(frozen=True, slots=True)
class PayCase:
    """One final employee's pay, and the compensation start date."""

    person: PersonioPerson
    employment: LoketEmployment
    start_date: date
    period: PayrollPeriod
    held: LoketPay
    memory: PayMemory
    amounts_are: AmountBasis
    today: date

    def begins(self, compensation: Compensation) -> date:
        """A record earlier than the employment starts with the employment (PAY-3)."""
        return max(compensation.takes_effect, self.employment.start)


@dataclass(frozen=True, slots=True)
class PayDecision:
    writes: tuple[DatedWrite, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()


def withdrawn(case: PayCase, writes: Iterable[DatedWrite], field: FieldPath, what: str) -> Iterable[Notice]:
    """What a run of ours sent and Personio no longer has is removed, not closed: never without a word (PAY-10)."""
    for one in writes:
        if one.withdraws and (field, one.effective_on) in case.memory.ours:
            yield Notice(NoticeCode.PAY_WITHDRAWN, f"{what} from {one.effective_on}")


def only_in_loket(key: int, where: str) -> Notice:
    return Notice(NoticeCode.PAY_ONLY_IN_LOKET, f"component {key}, {where}")
