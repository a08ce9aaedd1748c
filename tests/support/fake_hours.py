"""Working hours in the in-memory Loket: a linked chain by employment, full-time until somebody says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

from domain.attributes import WEEKLY_HOURS
from domain.errors import NotFound
from domain.events.loket import WriteKind
from domain.snapshots import Fetched, HeldHours, WriteAnswer, WriteRequest
from domain.values import BLANK, Observed
from tests.support.fake_records import ACCEPTED, GONE, append, created, place_of, refused, too_early

FULL_TIME = Decimal(40)


class FakeHours:
    """`start_of` tells the first day of an employment."""

    def __init__(self, start_of: Callable[[str], date]) -> None:
        self._start_of = start_of
        self._chains: dict[str, list[HeldHours]] = {}
        self._ids = (f"hours-{number}" for number in count(1))
        self.full_time = FULL_TIME

    def of(self, employment: str) -> list[HeldHours]:
        if employment not in self._chains:
            self._chains[employment] = [self._record(self._start_of(employment), BLANK)]
        return self._chains[employment]

    def held(self, employment: str) -> list[tuple[date, Observed]]:
        """As `of`, without making a record of what nobody has looked at so far."""
        chain = self._chains.get(employment)
        return [(self._start_of(employment), BLANK)] if chain is None else [(one.start, one.weekly) for one in chain]

    # --- the port ---

    def read(self, employments: Set[str], *, since: date, until: date) -> dict[str, tuple[HeldHours, ...]]:
        return {
            one: tuple(each for each in self.of(one) if each.start <= until and (each.end is None or each.end >= since))
            for one in sorted(employments)  # ids are given out on the way: the same in every process
        }

    def fetch(self, target: str) -> Fetched:
        _, chain, place = self._find(target)
        return Fetched({WEEKLY_HOURS: chain[place].weekly}, {})

    def apply(self, request: WriteRequest) -> WriteAnswer:
        target, hours = request.target or "", request.values[WEEKLY_HOURS]
        if isinstance(hours, str) and not Decimal("0.01") <= Decimal(hours) <= Decimal("99.99"):
            return refused("deviatingHoursPerWeek is out of range")
        if request.kind is WriteKind.HOURS:
            try:
                _, chain, place = self._find(target)
            except NotFound:
                return GONE
            chain[place] = self._record(chain[place].start, hours, chain[place])
            return ACCEPTED
        start = request.effective_on
        early = too_early(self.of(target), start)
        if early or start is None:
            return early or refused("startDate is required")
        return created(self.add(target, start, hours).id)

    def owner(self, target: str) -> str | None:
        """The employment a write is about."""
        if target in self._chains:
            return target
        return next((owner for owner, chain in self._chains.items() if target in {one.id for one in chain}), None)

    # --- the payroll administrator ---

    def add(self, employment: str, start: date, hours: Observed) -> HeldHours:
        """A newer record; on the day of the newest that one is changed."""
        chain = self.of(employment)
        if start == chain[-1].start:
            chain[-1] = self._record(start, hours, chain[-1])
            return chain[-1]
        append(chain, self._record(start, hours))
        return chain[-1]

    def hide(self, employment: str) -> None:
        self._chains[employment] = []

    # --- inside ---

    def _record(self, start: date, hours: Observed, old: HeldHours | None = None) -> HeldHours:
        own = Decimal(hours) if isinstance(hours, str) else self.full_time
        made = HeldHours(old.id if old else next(self._ids), start, hours, self.full_time, own=own)
        return replace(made, end=old.end) if old else made

    def _find(self, target: str) -> tuple[str, list[HeldHours], int]:
        for owner, chain in self._chains.items():
            if (place := place_of(chain, target)) is not None:
                return owner, chain, place
        raise NotFound(f"working hours {target} are not in Loket")
