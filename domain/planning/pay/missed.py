"""Pay that Personio lists no more, or less of, and pay of an unknown category that may be that very pay (PAY-10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

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
    moved: bool = False  # the plan pays as much more of it from another day

    def told(self, name: str) -> str:
        template = MAY_BE_WAGE if self.component is None else MAY_BE_COMPONENT
        return template.format(said=name, number=self.component, day=self.days[0])

    def may_be(self, unknown: Sequence[Compensation], payee: Payee) -> Sequence[Compensation]:
        """Which of `unknown` it may be: where less is left of it, what begins on its day and comes to the fall; where
        nothing is, what begins on its day or has its amount; where it is paid from another day, what does both.

        What only ends is paid no more from the next day on, unless it is what begins then; what was paid beside it is
        another. Relabelled pay keeps its amount, but not its day here: of pay that HR moved to before the compensation
        start date our record stays where it was (PAY-4).
        """
        begun = self._begun(unknown, payee)
        if self.amount is None:
            beside = {one.type_id for one in unknown if one.takes_effect < self.days[0]}
            return [one for one in begun if one.type_id not in beside]
        if self.left:
            lost = {self.amount, self.amount - self.left}
            return next((each for each in _groups(begun) if not lost.isdisjoint(self._as_sent(each, payee))), ())
        alike = [one for one in unknown if self.amount in self._as_sent([one], payee)]
        return [one for one in unknown if (one in begun) + (one in alike) > self.moved]

    def _begun(self, several: Sequence[Compensation], payee: Payee) -> list[Compensation]:
        first, last = self.days
        return [one for one in several if first <= max(one.takes_effect, payee.employment.start) <= last]

    def _as_sent(self, several: Sequence[Compensation], payee: Payee) -> set[Decimal]:
        """What they come to: as Personio writes them, and as pay of this kind is converted for Loket."""
        return {sum(each, Decimal(0)) for each in zip(*(self._ways(one, payee) for one in several), strict=False)}

    def _ways(self, one: Compensation, payee: Payee) -> tuple[Decimal, ...]:
        """A wage in either reading (PAY-9)."""
        said = abs(one.amount)
        if self.kind is WriteKind.PERIOD_DATA or payee.period is None:
            return (said,)
        if self.component is not None:
            found = recurring_amount(one, payee.period, benefit_field(self.component), deduction=True)
            return (said, said if isinstance(found, Finding) else found[0])
        salary = replace(one, category=CompensationCategory.FIXED_SALARY)
        wages = [
            wage(salary, payee.person, payee.period, basis) for basis in (AmountBasis.FULL_TIME, AmountBasis.EFFECTIVE)
        ]
        read = [each for found in wages if isinstance(found, Wage) for each in (found.amount, found.own)]
        return (said, *(each for each in read if each is not None))


def _groups(several: Sequence[Compensation]) -> Iterator[Sequence[Compensation]]:
    """Each alone, any two, all of a type, and all: among many small amounts, some come to any sum."""
    yield from ([one] for one in several)
    yield from combinations(several, 2)
    for type_id in dict.fromkeys(one.type_id for one in several):
        yield [one for one in several if one.type_id == type_id]
    yield several


def missed(writes: Sequence[DatedWrite]) -> Iterator[Missed]:
    """What the writes take away together.

    A record that is deleted and added again is only changed, and what is paid of the same component from another day
    is only moved.
    """
    added = {(one.component, one.effective_on): _amounts(one)[1] for one in writes if one.kind.creates}
    gains = Counter(_gains(writes))
    for write in writes:
        place, (amount, after) = (write.component, write.effective_on), _amounts(write)
        left = added.get(place, after)
        gone = write.kind.deletes and place not in added
        if not write.kind.creates and (gone or left < amount):
            days = write.reaches if write.kind is WriteKind.PERIOD_DATA else (write.effective_on, write.effective_on)
            moved = gains[write.component, amount - left] > 0
            gains[write.component, amount - left] -= moved
            yield Missed(write.kind, write.component, days, amount, left, moved)
        for one in write.changes:
            if write.clears and one.field.endswith(END_DATE) and isinstance(one.after, str):
                day = min(date.fromisoformat(one.after), date.max - DAY) + DAY
                yield Missed(write.kind, write.component, (day, day))


def _gains(writes: Sequence[DatedWrite]) -> Iterator[tuple[int | None, Decimal]]:
    """By how much something begins, or becomes more, where it was not or was less."""
    was = {(one.component, one.effective_on): _amounts(one)[0] for one in writes if not one.kind.creates}
    for one in writes:
        gain = _amounts(one)[1] - was.get((one.component, one.effective_on), Decimal(0))
        if gain > 0:
            yield one.component, gain


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
