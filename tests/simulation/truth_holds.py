"""What must hold whatever part of the truth both systems show: nothing is concluded from what is only hidden.

Judged by what people did, and by what the writes of the product did to Loket; by no decision of the product's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from domain.attributes import CATALOGUE, GROSS_WAGE, Role
from domain.events.drift import DriftChecked
from domain.events.loket import ChangedBy, LoketFieldChanged
from domain.events.personio import AttributeChanged, PersonLeftEntity
from domain.events.runs import RunBlocked, RunCompleted, RunStarted
from domain.log import Recorded
from domain.planning.comparison import tidy
from domain.streams import person_stream
from domain.values import BLANK, FieldPath, LegalEntityId, Observed
from tests.simulation.office import EMPLOYEES, Accepted, Office
from tests.simulation.people import WAGE, People
from tests.simulation.settings import BICYCLE, COMPONENT
from tests.simulation.watched import Benefits, Earned, Truth, Wages
from tests.support.world import TULP

_ROLES: Final = {path: row.role for row in CATALOGUE for path in (row.field, row.concept) if path}
_KEYS: Final = {row.field for row in CATALOGUE if row.is_key}  # never written
_SWEEPS: Final = 2  # that it takes to have left (RUN-7)
_AHEAD: Final = (timedelta(), timedelta(days=20))


class TruthHolds:
    def __init__(self, office: Office, people: People) -> None:
        self._office, self._people = office, people
        self._completed: Earned | None = None  # what the newest run read, unless it is still writing or failed
        office.wired.personio.truth = self._truth

    def see(self, event: Recorded) -> Iterator[str]:
        if isinstance(event.fact, RunCompleted | RunBlocked | DriftChecked):
            yield from self._implausible(event)
        match event.fact:
            case PersonLeftEntity():
                yield from self._left(event)
            case AttributeChanged():
                yield from self._blanked(event)
            case LoketFieldChanged(changed_by=ChangedBy.SOMEONE_ELSE):
                yield from self._by_nobody(event)
            case RunStarted():
                self._completed = None
            case RunCompleted(with_errors=False):
                self._completed = self._office.reading(event).truth.earned

    def after_a_step(self) -> Iterator[str]:
        """What writes took away that Personio has, when it was read and now."""
        done = self._office.wired.loket.done
        for number in done.hired:
            yield f"a concept employee was made for {number}, who is an employee"
        for one in done.cleared:
            role = _ROLES.get(one.path)
            if role is not None and self._valued(one.number, role, one.truth):
                yield f"{one.path} of {one.number} was cleared, and Personio has it"
        done.hired.clear()
        done.cleared.clear()
        if self._completed is not None:
            yield from self._unpaid(self._completed)
            self._completed = None

    def at_rest(self) -> Iterator[str]:
        yield from self._unpaid(self._office.wired.watch.reading.truth.earned)

    def _truth(self) -> Truth:
        """A sweep begins."""
        values = {one.number: dict(one.values) for one in self._office.world.people.values()}
        return Truth(values, self._held(), self._now_earned())

    def _held(self) -> dict[tuple[int, FieldPath], Observed]:
        payroll = self._office.world.payroll
        numbers = {*payroll.numbers(TULP), *payroll.concepts(TULP)}
        return {(one, path): payroll.field(TULP, one, path) for one in numbers for path in _ROLES}

    def _now_earned(self) -> Earned:
        days = [self._office.clock.today() + ahead for ahead in _AHEAD]
        return {
            (self._office.world.people[name].number, kind, day): self._people.paid(name, kind, day)
            for name in self._office.here()
            for kind in (WAGE, BICYCLE)
            for day in days
        }

    def _left(self, event: Recorded) -> Iterator[str]:
        assert isinstance(event.fact, PersonLeftEntity)
        entity = LegalEntityId(event.fact.legal_entity)
        since = self._office.left.get((entity, self._names()[event.stream]))
        if since is None:
            yield f"{event.stream} is recorded as having left, and is there"
        elif self._office.wired.personio.sweeps[entity] - since < _SWEEPS:
            yield f"{event.stream} is recorded as having left after one sweep"

    def _implausible(self, event: Recorded) -> Iterator[str]:
        """A conclusion from a read that showed of nobody what the one before showed of most (RUN-12)."""
        reading = self._office.reading(event)
        nowhere = {*reading.hidden, *([] if reading.employees else [EMPLOYEES])}
        for what in sorted(nowhere & self._accepted(event).usual):
            yield f"{event.stream} concluded from a read that showed no {what}"

    def _blanked(self, event: Recorded) -> Iterator[str]:
        """A value that is on record as gone from Personio."""
        (opened,) = self._office.log.vault.opened([event])
        fact = opened.fact
        assert isinstance(fact, AttributeChanged)
        name = self._names()[event.stream]
        if fact.after is BLANK and self._stands(name, FieldPath(fact.field), fact.effective_on, event):
            yield f"{fact.field} of {event.stream} is recorded as gone, and Personio has it"

    def _by_nobody(self, event: Recorded) -> Iterator[str]:
        """Whatever a write of ours took along was moved by us."""
        assert isinstance(event.fact, LoketFieldChanged)
        number, field = int(event.stream.split(":")[2]), FieldPath(event.fact.field)
        by_hand = (number, field) in self._people.typed or {(number, field), (number, None)} & self._people.touched
        if not by_hand and field not in _KEYS:
            yield f"{field} of {number} is recorded as changed by someone else in Loket, and nobody did"

    def _stands(self, name: str, path: FieldPath, since: date | None, event: Recorded) -> bool:
        """Whether Personio has it, and fewer than half as many show a value as in the last read that was believed."""
        one = self._office.world.people[name]
        if since is None:
            truth, role = self._office.reading(event).truth, _ROLES[path]
            shown, before = self._office.reading(event).valued, self._accepted(event).valued
            return self._valued(one.number, role, truth) and shown.get(role, 0) * 2 < before.get(role, 0)
        entered = path == GROSS_WAGE and self._people.entered(name, WAGE, since)
        return entered and one.person in self._office.salaried

    def _accepted(self, event: Recorded) -> Accepted:
        return self._office.accepted.get(self._office.entity(event), Accepted())

    def _valued(self, number: int, role: Role, truth: Truth) -> bool:
        """Whether the value of when the sweep began is there still: another one may have come after a blank."""
        now = {one.number: one.values for one in self._office.world.people.values()}.get(number, {})
        before = truth.values.get(number, {}).get(role)
        return isinstance(before, str) and isinstance(tidy(before), str) and now.get(role) == before

    def _names(self) -> dict[str, str]:
        return {person_stream(self._office.id(name)): name for name in self._office.world.people}

    def _unpaid(self, before: Earned) -> Iterator[str]:
        """Pay that Loket held before the run wrote and does not hold now, though it runs on in Personio."""
        payroll, now = self._office.world.payroll, self._now_earned()
        for number, (wages, benefits) in self._office.wired.loket.done.paid.items():
            if all(one.end for one in self._office.employments(number)):
                continue
            after = payroll.wages(TULP, number), payroll.benefits(TULP, number)
            for (whose, kind, day), earned in before.items():
                runs_on = whose == number and earned and now.get((number, kind, day))
                if runs_on and _pays(wages, benefits, kind, day) and not _pays(*after, kind, day):
                    yield f"the {kind} of {number} for {day} was ended, and runs on in Personio"
        self._office.wired.loket.done.paid.clear()


def _pays(wages: Wages, benefits: Benefits, kind: str, day: date) -> bool:
    if kind == WAGE:
        return any(start <= day and (one.end is None or one.end >= day) for start, one in wages.items())
    return any(
        component == COMPONENT and start <= day and (one.end is None or one.end >= day)
        for (component, start), one in benefits.items()
    )
