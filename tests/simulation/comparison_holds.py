"""What is said of a person's fields must be so: the same, or in one system only, as of whoever has just looked.

Judged by what people entered in Personio and by what Loket holds; the log may not know, but never knows wrongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Final

from domain.attributes import CATALOGUE, Attribute
from domain.errors import NotFound
from domain.events.loket import FieldOverwritten
from domain.events.runs import SystemsRead
from domain.log import Recorded
from domain.planning.business_date import business_date
from domain.planning.comparison import same, tidy, written
from domain.services.read_employee import away_since, last_look, read_employee
from domain.values import BLANK, EmployeeNumber, LegalEntityId, Observed
from domain.views.comparison import Compared, Standing, compare
from tests.simulation.office import Office
from tests.support.world import TULP

_ROWS: Final = {str(row.field): row for row in CATALOGUE if not row.is_key}


class ComparisonHolds:
    """`said` counts how often each was said."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.said: Counter[str] = Counter()

    def after_a_look(self, ended: Recorded) -> Iterator[str]:
        """A run or a check of a legal entity has ended just now."""
        entity = self._office.entity(ended)
        for name in sorted(self._office.world.people):
            number = EmployeeNumber(self._office.world.people[name].number)
            for one in self._compared(entity, number):
                if one.field in _ROWS:
                    self.said[one.standing.value] += 1
                    yield from self._judged(name, number, one, ended)

    def _compared(self, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Compared, ...]:
        store, now = self._office.store(), self._office.clock.now()
        store.views.catch_up()
        try:
            events = read_employee(
                entity, number, log=store.log, vault=store.vault, views=store.views, clock=store.clock
            )
        except NotFound:
            return ()
        look = last_look(entity, number, log=store.log, views=store.views, by=now)
        away = away_since(store.views.history.carried(entity, number), log=store.log, by=now)
        return compare(events, as_at=now, on=business_date(now), entity=entity, look=look, away=away)

    def _judged(self, name: str, number: EmployeeNumber, one: Compared, ended: Recorded) -> Iterator[str]:
        row, held, look = _ROWS[one.field], self._held(number, one.field), self._office.reading(ended)
        entered = self._office.world.people[name].values
        read = (each.get(number, {}) for each in (look.truth.values, look.values))
        told = [_as_written(row, values.get(row.role, BLANK)) for values in (entered, *read)]
        holds = [held, tidy(look.truth.held.get((number, row.field), BLANK))]
        alike = [same(row.kind, *each) for each in product(told, holds)]
        if one.standing is Standing.EQUAL and not any(alike) and not self._wrote(one, ended):
            yield f"{one.field} of {number} is called the same (#{one.since}): {told} and {holds}"
        by_hand = one.personio is None and not self._read_everybody(ended)
        if one.standing is Standing.DIFFERS and not by_hand and all(alike):
            yield f"{one.field} of {number} is called other (#{one.since}), and both hold {held}"
        if one.standing is Standing.ONLY_PERSONIO and held is not BLANK:
            yield f"{one.field} of {number} is called in Personio only, and Loket holds {held}"
        if one.standing is Standing.ONLY_LOKET:
            yield f"{one.field} of {number} is called in Loket only, and Personio has such a field"

    def _wrote(self, one: Compared, ended: Recorded) -> bool:
        """Whether the run made it the same itself: somebody may type before its write and after it."""
        since = self._office.log.at([] if one.since is None else [one.since])
        return any(
            isinstance(each.fact, FieldOverwritten) and each.meta.correlation == ended.meta.correlation
            for each in since
        )

    def _read_everybody(self, ended: Recorded) -> bool:
        """Whether it looked for what is left to be done by hand: a run does, of whom it reads (END-2, RUN-15)."""
        read = (one.fact for one in self._office.log.stream(ended.stream) if isinstance(one.fact, SystemsRead))
        return any(one.not_read_again is None for one in read)

    def _held(self, number: EmployeeNumber, name: str) -> Observed:
        payroll = self._office.world.payroll
        if number not in {*payroll.numbers(TULP), *payroll.concepts(TULP)}:
            return BLANK
        return tidy(payroll.field(TULP, number, _ROWS[name].field))


def _as_written(row: Attribute, value: Observed) -> Observed:
    value = tidy(value)
    if not isinstance(value, str):
        return value
    return row.keys.get(value, value) if row.keys else written(row.kind, value)
