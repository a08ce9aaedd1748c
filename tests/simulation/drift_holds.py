"""What must hold of drift cases: each opens once, closes once when the difference is gone, and tells the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.attributes import CATALOGUE, CONSIDER, Role
from domain.drift.state import CaseState
from domain.events.drift import DriftAcknowledged, DriftMoved, DriftOpened, DriftReopened, DriftResolved
from domain.events.loket import (
    ConceptEmployeeFinalised,
    FieldsConfirmed,
    WriteConfirmed,
    WriteIntended,
    seen_to_land,
)
from domain.log import Recorded
from domain.planning.comparison import tidy
from domain.streams import loket_stream
from domain.values import BLANK, EmployeeNumber, FieldPath
from tests.simulation.office import Office
from tests.simulation.people import REQUIRED
from tests.simulation.settings import EDITED
from tests.support.world import TULP

_FIELDS = {row.field: row.role for row in CATALOGUE if row.role in EDITED}
_ADDRESS = tuple(map(Role, ("street", "house_number", "postal_code", "city", "country")))


class DriftHolds:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._open: dict[str, bool] = {}
        self._acknowledged: set[str] = set()
        self._completed: set[str] = set()
        self._intended: dict[str, WriteIntended] = {}
        self._sent: set[tuple[str, str]] = set()

    def see(self, event: Recorded) -> Iterator[str]:
        match event.fact:
            case DriftOpened():
                if event.stream in self._open:
                    yield f"{event.stream} was opened for the first time, twice"
                self._open[event.stream] = True
            case DriftReopened():
                if self._open.get(event.stream) is not False and event.stream not in self._acknowledged:
                    yield f"{event.stream} was opened again and had not ended"
                self._open[event.stream] = True
                self._acknowledged.discard(event.stream)
            case DriftAcknowledged():
                self._acknowledged.add(event.stream)  # until it moves
            case DriftMoved():
                if not self._open.get(event.stream):
                    yield f"{event.stream} moved and is not open"
            case DriftResolved():
                if not self._open.get(event.stream):
                    yield f"{event.stream} ended and was not open"
                self._open[event.stream] = False
                self._acknowledged.discard(event.stream)
            case ConceptEmployeeFinalised():
                self._completed.add(event.stream)
            case WriteIntended(intent=intent) as fact:
                self._intended[intent] = fact
            case WriteConfirmed(intent=intent) as fact if intent in self._intended:
                seen = seen_to_land(fact, self._intended[intent])  # nothing of a create without an answer
                self._sent.update((event.stream, one.field) for one in seen)
            case FieldsConfirmed(fields=fields):
                self._sent.update((event.stream, one) for one in fields)

    def after_a_check(self, typed: Mapping[tuple[int, FieldPath], str], emptied: set[Role]) -> Iterator[str]:
        """`typed` is what the payroll administrator last entered, by number and field.

        Of what was `emptied` for most people at once a blank is not believed before somebody says so.
        """
        office = self._office
        office.wired.views.catch_up()
        rows = office.wired.views.drift.cases(TULP.personio_id)
        cases = {(one.employee_number, one.field) for one in rows}
        for row in rows:
            role = _FIELDS.get(FieldPath(row.field))
            if role in emptied or (role in _ADDRESS and emptied.intersection(_ADDRESS)):
                continue
            if row.state is CaseState.ACCEPTED and row.until is not None and row.until < office.clock.today():
                yield f"{row.stream} was accepted until {row.until}, and still is"
        for one in (office.world.people[name] for name in office.here()):
            if one.number not in office.world.payroll.numbers(TULP) or not self._compared(one.number, one.values):
                continue
            whole = all(one.values[role] is not BLANK for role in _ADDRESS)
            for name, role in _FIELDS.items():
                if role in _ADDRESS and not whole:
                    continue  # an address is one decision, and half of one a finding
                if role in emptied and one.values[role] is BLANK:
                    continue
                want, held = tidy(one.values[role]), tidy(office.world.payroll.field(TULP, one.number, name))
                is_open = (one.number, name) in cases
                if is_open and want == held:
                    yield f"{name} of {one.number} is equal in both systems, and its case is open"
                if self._goes_first(one.number, name):
                    continue
                if not is_open and want != held and held == typed.get((one.number, name)):
                    yield f"{name} of {one.number} was typed into Loket, and no case is open"

    def _goes_first(self, number: int, field: FieldPath) -> bool:
        """Whether no run has sent it since the concept employee was completed (JOIN-6)."""
        stream = loket_stream(TULP.personio_id, EmployeeNumber(number))
        return stream in self._completed and (stream, field) not in self._sent

    def _compared(self, number: int, values: dict[Role, object]) -> bool:
        """Included, and nobody doubts who it is."""
        payroll = self._office.world.payroll
        rows = {row.role: row.field for row in CATALOGUE}
        both = [(values[role], payroll.field(TULP, number, rows[role])) for role in REQUIRED]
        known = all(ours == theirs and ours is not BLANK for ours, theirs in both)
        running = any(one.end is None for one in self._office.employments(number))
        return known and running and values[CONSIDER] == "Yes"
