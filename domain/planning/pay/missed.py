"""Pay that Personio lists no more, or less of, and pay of an unknown category that may be that very pay (PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.attributes import GROSS_WAGE
from domain.events.loket import WriteKind
from domain.planning.details import MAY_BE_COMPONENT, MAY_BE_WAGE
from domain.planning.findings import Finding
from domain.planning.pay.case import DAY
from domain.planning.pay.conversion import PayrollPeriod, Wage, recurring_amount, wage
from domain.planning.pay.targets import benefit_field, value_field
from domain.planning.planned import END_DATE, DatedWrite
from domain.settings import AmountBasis
from domain.snapshots import Compensation, CompensationCategory, LoketEmployment, PersonioPerson
from domain.values import BLANK


@dataclass(frozen=True, slots=True)
class Payee:
    """Whose pay it is, and by which periods Loket pays it."""

    person: PersonioPerson
    employment: LoketEmployment
    period: PayrollPeriod | None


@dataclass(frozen=True, slots=True)
class Missed:
    """What one write takes away: pay that began on one of `days`, or ends before it."""

    kind: WriteKind
    component: int | None
    days: tuple[date, date]
    amount: Decimal | None = None  # in Loket; None where it only ends
    left: Decimal = Decimal(0)

    def told(self, name: str) -> str:
        template = MAY_BE_WAGE if self.component is None else MAY_BE_COMPONENT
        return template.format(said=name, number=self.component, day=self.days[0])

    def may_be(self, unknown: Sequence[Compensation], payee: Payee) -> Sequence[Compensation]:
        """Which of `unknown` it may be: by its day, or as the part from that day by which it falls, or by its amount.

        What only ends is paid no more from the next day on, unless it is what begins then; what was paid beside it is
        another. Relabelled pay keeps its amount, but not its day here: of pay that HR moved to before the compensation
        start date our record stays where it was (PAY-4).
        """
        begun = [
            one for one in unknown if self.days[0] <= max(one.takes_effect, payee.employment.start) <= self.days[1]
        ]
        if self.amount is None:
            beside = {one.type_id for one in unknown if one.takes_effect < self.days[0]}
            return [one for one in begun if one.type_id not in beside]
        fall = self.amount - self.left
        by_day = [one for one in begun if not self.left or fall in _sums(one, begun, fall)]
        return [one for one in unknown if one in by_day or self.amount in self._as_sent(one, payee)]

    def _as_sent(self, one: Compensation, payee: Payee) -> set[Decimal]:
        """As Personio writes it, and as pay of this kind is converted for Loket; a wage in either reading (PAY-9)."""
        said = {abs(one.amount)}
        if self.kind is WriteKind.PERIOD_DATA or payee.period is None:
            return said
        if self.component is not None:
            found = recurring_amount(one, payee.period, benefit_field(self.component), deduction=True)
            return said if isinstance(found, Finding) else said | {found[0]}
        salary = replace(one, category=CompensationCategory.FIXED_SALARY)
        wages = [
            wage(salary, payee.person, payee.period, basis) for basis in (AmountBasis.FULL_TIME, AmountBasis.EFFECTIVE)
        ]
        read = [each for found in wages if isinstance(found, Wage) for each in (found.amount, found.own)]
        return said | {each for each in read if each is not None}


def _sums(one: Compensation, several: Iterable[Compensation], most: Decimal) -> set[Decimal]:
    """What it comes to, alone and with any others, up to `most`."""
    sums = {abs(one.amount)}
    for other in several:
        if other is not one:
            sums |= {total for each in sums if (total := each + abs(other.amount)) <= most}
    return sums


def missed(writes: Sequence[DatedWrite]) -> Iterator[Missed]:
    """What the writes take away together: a record that is deleted and added again is only changed."""
    added = {(one.component, one.effective_on): _amounts(one)[1] for one in writes if one.kind.creates}
    for write in writes:
        place, (amount, after) = (write.component, write.effective_on), _amounts(write)
        left = added.get(place, after)
        gone = write.kind.deletes and place not in added
        if not write.kind.creates and (gone or left < amount):
            days = write.reaches if write.kind is WriteKind.PERIOD_DATA else (write.effective_on, write.effective_on)
            yield Missed(write.kind, write.component, days, amount, left)
        for one in write.changes:
            if write.clears and one.field.endswith(END_DATE) and isinstance(one.after, str):
                day = min(date.fromisoformat(one.after), date.max - DAY) + DAY
                yield Missed(write.kind, write.component, (day, day))


def _amounts(write: DatedWrite) -> tuple[Decimal, Decimal]:
    """In Loket before and after; zero where the write has no amount."""
    if write.component is None:
        field = GROSS_WAGE
    elif write.kind is WriteKind.PERIOD_DATA:
        field = value_field(write.component)
    else:
        field = benefit_field(write.component)
    found = next(((one.before, one.after) for one in write.changes if one.field == field), (BLANK, BLANK))
    before, after = (Decimal(one) if isinstance(one, str) else Decimal(0) for one in found)
    return before, after
