"""Pay that Personio lists no more, or less of, and other pay that may be that very pay, written anew (PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from domain.attributes import GROSS_WAGE
from domain.events.loket import WriteKind
from domain.planning.details import MAY_BE_COMPONENT, MAY_BE_WAGE
from domain.planning.findings import Finding
from domain.planning.pay.case import DAY, Served
from domain.planning.pay.conversion import PayrollPeriod, Wage, recurring_amount, wage
from domain.planning.pay.targets import benefit_field, value_field
from domain.planning.planned import END_DATE, DatedWrite
from domain.settings import AmountBasis
from domain.snapshots import SALARY, Compensation, CompensationCategory, LoketEmployment, PersonioPerson
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
    remaining: Decimal = Decimal(0)
    again: date | None = None  # from when the plan pays as much more of it: it may only have moved

    def told(self, name: str) -> str:
        template = MAY_BE_WAGE if self.component is None else MAY_BE_COMPONENT
        return template.format(said=name, number=self.component, day=self.days[0])

    def may_be(self, unknown: Sequence[Compensation], payee: Payee) -> Sequence[Compensation]:
        """Which of `unknown` it may be, by the day from which they are paid and by what they come to."""
        begun = self._begun(unknown, payee)
        if self.amount is None:
            return self._goes_on_as(begun, unknown)
        if self.remaining:
            return self._comes_to_the_fall(begun, self.amount, payee)
        alike = [one for one in unknown if self.amount in self._as_sent([one], payee)]
        if self.again is None:
            return self._is_written_anew(begun, alike, unknown)
        return self._is_there_until_paid_again(begun, alike, self.again)

    def _goes_on_as(self, begun: Sequence[Compensation], unknown: Sequence[Compensation]) -> Sequence[Compensation]:
        """It only ends, and is what begins on the next day; what was paid beside it is another."""
        beside = {one.type_id for one in unknown if one.takes_effect < self.days[0]}
        return [one for one in begun if one.type_id not in beside]

    def _comes_to_the_fall(
        self, begun: Sequence[Compensation], amount: Decimal, payee: Payee
    ) -> Sequence[Compensation]:
        """Less of it remains: it is what begins on its day and comes to what is lacking, or to all that it was."""
        lost = {amount, amount - self.remaining}
        return next((each for each in _groups(begun) if not lost.isdisjoint(self._as_sent(each, payee))), ())

    def _is_written_anew(
        self, begun: Sequence[Compensation], alike: Sequence[Compensation], unknown: Sequence[Compensation]
    ) -> Sequence[Compensation]:
        """Nothing of it remains: it is what begins on its day, or has its amount.

        Relabelled pay keeps its amount, but not its day here: of pay that HR moved to before the compensation start
        date our record stays where it was (PAY-4).
        """
        return [one for one in unknown if one in begun or one in alike]

    def _is_there_until_paid_again(
        self, begun: Sequence[Compensation], alike: Sequence[Compensation], again: date
    ) -> Sequence[Compensation]:
        """It is paid again from another day: it is what has its amount and begins on its day, or in between."""
        return [one for one in alike if one in begun or self._until_paid_again(one, again)]

    def _until_paid_again(self, one: Compensation, again: date) -> bool:
        """HR dates what it writes anew a little sooner or later; what begins after that is not what moved."""
        return self.days[0].replace(day=1) <= one.takes_effect < again

    def may_be_renamed(self, others: Iterable[Compensation], payee: Payee, served: Served) -> Sequence[Compensation]:
        """Which of `others`, none of which is sent, it may be under a new name: nobody is `served` under the old one.

        A new name leaves the amount as it was; of what is paid once in a period, that of all of a type, or of several
        types. The day alone tells nothing: pay of one contract mostly has one day.
        """
        alike = [one for one in others if one.category in self._categories and self._goes_to(one) not in served]
        if self.amount is None or self.remaining:
            return self.may_be(alike, payee)
        if self.kind is not WriteKind.PERIOD_DATA:
            return [one for one in alike if self.amount in self._as_sent([one], payee)]
        begun = self._begun(alike, payee)
        types = _types(begun)
        several = (*types, *([*one, *other] for one, other in combinations(types, 2)), begun)
        return next((each for each in several if self.amount in self._as_sent(each, payee)), ())

    @property
    def _categories(self) -> tuple[CompensationCategory, ...]:
        if self.component is None:
            return SALARY
        once = self.kind is WriteKind.PERIOD_DATA
        return (CompensationCategory.ONE_TIME if once else CompensationCategory.RECURRING,)

    def _goes_to(self, one: Compensation) -> int | CompensationCategory:
        return one.category if self.component is None else self.component

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
    yield from _types(several)
    yield several


def _types(several: Sequence[Compensation]) -> list[list[Compensation]]:
    return [[one for one in several if one.type_id == each] for each in dict.fromkeys(one.type_id for one in several)]


def missed(writes: Sequence[DatedWrite]) -> Iterator[Missed]:
    """What the writes take away together: what they lower or delete, and what they end."""
    pay = [one for one in writes if one.kind.pays]
    yield from _moved([*_falls(pay)], [*_gains(pay)])
    for write in pay:
        for one in write.changes:
            if write.clears and one.field.endswith(END_DATE) and isinstance(one.after, str):
                day = min(date.fromisoformat(one.after), date.max - DAY) + DAY
                yield Missed(write.kind, write.component, (day, day))


def _falls(pay: Sequence[DatedWrite]) -> Iterator[Missed]:
    """A record that is deleted and added again is only changed."""
    added = {(_place(one), one.effective_on): _amounts(one)[1] for one in pay if one.kind.creates}
    for write in pay:
        record, (amount, after) = (_place(write), write.effective_on), _amounts(write)
        remaining = added.get(record, after)
        gone = write.kind.deletes and record not in added
        if not write.kind.creates and (gone or remaining < amount):
            once = write.kind is WriteKind.PERIOD_DATA
            days = write.reaches if once else (write.effective_on, write.effective_on)
            yield Missed(write.kind, write.component, days, amount, remaining)


@dataclass(frozen=True, slots=True)
class _Gain:
    """What is paid from its day on, and was not, or was less."""

    place: tuple[bool, int | None]
    amount: Decimal
    day: date
    total: bool = False  # `amount` is what it becomes, not by how much more


def _gains(pay: Sequence[DatedWrite]) -> Iterator[_Gain]:
    """By how much something becomes more; of what runs also to how much."""
    was = {(_place(one), one.effective_on): _amounts(one)[0] for one in pay if not one.kind.creates}
    for one in pay:
        after = _amounts(one)[1]
        gain = after - was.get((_place(one), one.effective_on), Decimal(0))
        if gain > 0:
            yield _Gain(_place(one), gain, one.effective_on)
            if one.kind is not WriteKind.PERIOD_DATA and gain < after:
                yield _Gain(_place(one), after, one.effective_on, total=True)


def _moved(falls: Sequence[Missed], gains: Sequence[_Gain]) -> Iterator[Missed]:
    """Each fall with the nearest gain of as much in its place, which is the gain of no other.

    What is raised to as much is that pay only from a sooner day, as a raise is that HR brings forward.
    """
    pairs = sorted(
        (abs(gain.day - fall.days[0]), number, other)
        for number, fall in enumerate(falls)
        for other, gain in enumerate(gains)
        if fall.amount is not None and gain.place == _place(fall) and gain.amount == fall.amount - fall.remaining
        if not gain.total or gain.day < fall.days[0]
    )
    again: dict[int, int] = {}
    for _, number, other in pairs:
        if number not in again and other not in again.values():
            again[number] = other
    for number, fall in enumerate(falls):
        yield replace(fall, again=gains[again[number]].day) if number in again else fall


def _place(one: DatedWrite | Missed) -> tuple[bool, int | None]:
    """What is paid once, and what runs, may have one component."""
    return one.kind is WriteKind.PERIOD_DATA, one.component


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
