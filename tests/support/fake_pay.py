"""Pay in the in-memory Loket: wages as a linked chain, benefits per component, values per period; what it refuses."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import count

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.errors import NotFound
from domain.events.loket import WriteKind
from domain.planning.pay.targets import WAGE_EXTRAS, benefit_end, benefit_field, value_field, value_target_parts
from domain.snapshots import (
    Fetched,
    HeldPay,
    HeldValue,
    LoketPay,
    PeriodSpan,
    WriteAnswer,
    WriteRequest,
)
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed
from tests.support.fake_records import ACCEPTED, GONE, append, created, place_of, refused, too_early
from tests.support.offices import PayHeld

_OUT_OF_RANGE = "value is out of range"


@dataclass(slots=True)
class _Pay:
    wages: list[HeldPay] = field(default_factory=list)
    benefits: list[HeldPay] = field(default_factory=list)
    values: dict[tuple[int, tuple[int, int]], Decimal] = field(default_factory=dict)


class FakePay:
    """By employment id. `start_of` tells the first day of an employment."""

    def __init__(self, start_of: Callable[[str], date]) -> None:
        self._start_of = start_of
        self._pay: dict[str, _Pay] = {}
        self._ids = (f"pay-{number}" for number in count(1))
        self.approved: set[tuple[int, int]] = set()
        self.listed = True  # else of each employment only that it has what is in force

    def of(self, employment: str) -> _Pay:
        return self._pay.setdefault(employment, _Pay())

    # --- the port ---

    def read(
        self,
        employments: Set[str],
        *,
        wages: Set[str],
        components: Set[str],
        mapped: Set[int],
        since: date,
        until: date,
        known: Mapping[str, tuple[HeldPay, ...]],
    ) -> LoketPay:
        days = (since, until)
        components = components | {
            one for one in employments for held in self.of(one).benefits if held.component in mapped and _on(held, days)
        }
        wages = wages | {one for one in employments if any(since <= held.start <= until for held in self.of(one).wages)}
        chains = {one: self._shown(self.of(one).wages, days) for one in wages}
        at_start = {
            one: held for one in employments for held in chains.get(one, self.of(one).wages) if _on(held, (since,))
        }
        return LoketPay(
            wages={one: known.get(one, chain) for one, chain in chains.items()},
            wage_at_start=at_start,
            benefits={one: self._shown(self.of(one).benefits, days) for one in components},
            values={
                one: tuple(HeldValue(at, key, str(value)) for (key, at), value in self.of(one).values.items())
                for one in components
            },
            periods=tuple(
                PeriodSpan(
                    year,
                    month,
                    date(year, month, 1),
                    date(year, month, monthrange(year, month)[1]),
                    (year, month) in self.approved,
                )
                for year in (2025, 2026, 2027)
                for month in range(1, 13)
            ),
        )

    def _shown(self, records: Iterable[HeldPay], days: Iterable[date]) -> tuple[HeldPay, ...]:
        if self.listed:
            return tuple(records)
        return tuple(replace(one, fields=dict.fromkeys(one.fields, NOT_OBSERVED)) for one in records if _on(one, days))

    def fetch(self, kind: WriteKind, target: str) -> Fetched:
        if kind is WriteKind.PERIOD_DATA:
            employment, period, component = value_target_parts(target)
            value = self.of(employment).values.get((component, period))
            return Fetched({value_field(component): BLANK if value is None else str(value)}, {})
        _, chain, place = self._find(target)
        return Fetched(chain[place].fields, {})

    def apply(self, request: WriteRequest) -> WriteAnswer:
        target = request.target or ""
        match request.kind:
            case WriteKind.WAGE_CREATED | WriteKind.BENEFIT_CREATED:
                return self._create(self.of(target), target, request)
            case WriteKind.PERIOD_DATA:
                employment, period, component = value_target_parts(target)
                value = request.values[value_field(component)]
                self.of(employment).values.pop((component, period), None)
                if isinstance(value, str):
                    self.of(employment).values[component, period] = Decimal(value)
                return ACCEPTED
        try:
            pay, chain, place = self._find(target)
        except NotFound:
            return GONE
        if not request.kind.deletes:
            return self._change(chain, place, request)
        if chain is pay.wages:
            if place != len(chain) - 1:
                return refused("only the newest record can be deleted")
            if place:
                chain[place - 1] = replace(chain[place - 1], end=None)
        del chain[place]
        return ACCEPTED

    def owner(self, target: str) -> str | None:
        """The employment a write is about."""
        if "/" in target:
            return value_target_parts(target)[0]
        for employment, pay in self._pay.items():
            if target == employment or target in {one.id for one in (*pay.wages, *pay.benefits)}:
                return employment
        return None

    # --- the payroll administrator ---

    def add_wage(self, employment: str, start: date, amount: Decimal, more: Mapping[str, object]) -> None:
        fields = {
            FieldPath(f"wage.{name}"): str(value) for name, value in more.items() if name != "isGrossWageFullTime"
        }
        full_time = more.get("isGrossWageFullTime") is not False
        wage = self._wage(start, {GROSS_WAGE: f"{amount:.2f}", GROSS_WAGE_TYPE: "1", **fields})
        append(self.of(employment).wages, replace(wage, full_time=full_time))

    def end(self, employment: str, day: date | None) -> None:
        """Ending an employment cuts its wages (Loket API 7)."""
        wages = self.of(employment).wages
        wages[:] = [one if one.start > (day or date.max) else replace(one, end=one.end or day) for one in wages]

    def set_wage(self, employment: str, start: date, amount: Decimal) -> None:
        wages = self.of(employment).wages
        place = next(place for place, one in enumerate(wages) if one.start == start)
        wages[place] = replace(wages[place], fields={**wages[place].fields, GROSS_WAGE: f"{amount:.2f}"})

    def add_benefit(
        self, employment: str, component: int, start: date, amount: Decimal, end: date | None = None
    ) -> None:
        self.of(employment).benefits.append(self._benefit(component, start, end, f"{amount:.2f}"))

    def wages(self, employment: str) -> dict[date, PayHeld]:
        return {one.start: _held(one) for one in self.of(employment).wages}

    def benefits(self, employment: str) -> dict[tuple[int, date], PayHeld]:
        return {
            (one.component, one.start): PayHeld(Decimal(str(one.fields[benefit_field(one.component)])), one.end)
            for one in self.of(employment).benefits
            if one.component is not None
        }

    # --- inside ---

    def _create(self, pay: _Pay, employment: str, request: WriteRequest) -> WriteAnswer:
        start = request.effective_on
        if start is None or start < self._start_of(employment):
            return refused("startDate is before the start of the employment")
        if request.kind is WriteKind.WAGE_CREATED:
            wage = self._wage(start, request.values)
            if not _in_range(wage.fields[GROSS_WAGE], "999999.99"):
                return refused(_OUT_OF_RANGE)
            if early := too_early(pay.wages, start):
                return early
            append(pay.wages, wage)
            return created(wage.id)
        assert request.component is not None
        told = request.values.get(benefit_end(request.component), BLANK)
        end = date.fromisoformat(told) if isinstance(told, str) else None
        added = self._benefit(request.component, start, end, str(request.values[benefit_field(request.component)]))
        if not _in_range(added.fields[benefit_field(request.component)], "99999.99"):
            return refused(_OUT_OF_RANGE)
        if any(_overlap(added, one) for one in pay.benefits if one.component == added.component):
            return refused("the period overlaps another one of this payrollComponent")
        pay.benefits.append(added)
        return created(added.id)

    def _change(self, chain: list[HeldPay], place: int, request: WriteRequest) -> WriteAnswer:
        one = chain[place]
        changed = replace(one, fields={**one.fields, **request.values})
        if one.component is not None:
            told = changed.fields[benefit_end(one.component)]
            changed = replace(changed, end=date.fromisoformat(told) if isinstance(told, str) else None)
            if any(_overlap(changed, each) for each in chain if each is not one and each.component == one.component):
                return refused("the period overlaps another one of this payrollComponent")
        chain[place] = changed
        return ACCEPTED

    def _wage(self, start: date, values: Mapping[FieldPath, Observed]) -> HeldPay:
        blank: dict[FieldPath, Observed] = dict.fromkeys((GROSS_WAGE, GROSS_WAGE_TYPE, *WAGE_EXTRAS), BLANK)
        return HeldPay(next(self._ids), start, blank | dict(values))

    def _benefit(self, component: int, start: date, end: date | None, amount: str) -> HeldPay:
        fields: dict[FieldPath, Observed] = {
            benefit_field(component): amount,
            benefit_end(component): BLANK if end is None else end.isoformat(),
        }
        return HeldPay(next(self._ids), start, fields, end, component=component)

    def _find(self, target: str) -> tuple[_Pay, list[HeldPay], int]:
        for pay, chain in self._chains():
            if (place := place_of(chain, target)) is not None:
                return pay, chain, place
        raise NotFound(f"pay record {target} is not in Loket")

    def _chains(self) -> Iterator[tuple[_Pay, list[HeldPay]]]:
        return ((pay, chain) for pay in self._pay.values() for chain in (pay.wages, pay.benefits))


def _held(one: HeldPay) -> PayHeld:
    more = {path.removeprefix("wage."): one.fields[path] for path in WAGE_EXTRAS if isinstance(one.fields[path], str)}
    hourly = one.fields[GROSS_WAGE_TYPE] == "2"
    return PayHeld(Decimal(str(one.fields[GROSS_WAGE])), one.end, hourly, more)


def _overlap(one: HeldPay, other: HeldPay) -> bool:
    return one.start <= (other.end or date.max) and other.start <= (one.end or date.max)


def _in_range(value: Observed, most: str) -> bool:
    return isinstance(value, str) and Decimal("0.01") <= Decimal(value) <= Decimal(most)


def _on(held: HeldPay, days: Iterable[date]) -> bool:
    return any(held.start <= day and (held.end is None or held.end >= day) for day in days)
