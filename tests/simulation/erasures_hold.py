"""What must hold of erasures: who was erased is nowhere in keys and facts, and no view holds anybody's values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from adapters.log.places import with_personal_changed
from domain.attributes import CODED_ROWS, CONSIDER, EMPLOYEE_NUMBER, ENTRY_DATE, INCOME_NUMBER, retention_of
from domain.events.erasure import ErasureCompleted, ErasureConfirmed, ErasureRequested, HoldPlaced, HoldReleased
from domain.log import Recorded
from domain.personal import Retention
from domain.streams import person_stream
from tests.simulation.office import Office, rows_of, tables
from tests.support.world import TULP

_NO_VALUES = (CONSIDER, EMPLOYEE_NUMBER, ENTRY_DATE, INCOME_NUMBER, "country", "house_number", *CODED_ROWS)
_SHORT = 4  # characters: a short word is looked for as a whole cell, others anywhere


class ErasuresHold:
    def __init__(self, office: Office) -> None:
        self._office = office
        self.seen: Counter[str] = Counter()
        self.values: set[str] = set()  # every personal text that was ever entered in either system
        self._held: set[str] = set()
        self._confirmed: dict[str, int] = {}  # erasure -> position
        self._destroyed: dict[str, str] = {}  # key id -> erasure

    def see(self, event: Recorded) -> Iterator[str]:
        match event.fact:
            case ErasureRequested():
                self.seen["requested"] += 1
            case ErasureConfirmed(erasure=erasure) as fact:
                self._confirmed[erasure] = event.position
                self.seen["retention" if erasure.startswith("retention-") else "confirmed"] += 1
                if fact.person_id in self._held:
                    yield f"{erasure} was confirmed, and {fact.person_id} is held"
                if not fact.keys:
                    yield f"{erasure} was confirmed and erases nothing"
            case HoldPlaced(person_id=person):
                self._held.add(person)
            case HoldReleased(person_id=person):
                self._held.discard(person)
            case ErasureCompleted() as fact:
                self.seen["completed"] += 1
                if {key.key_id for key in fact.keys} & self._destroyed.keys():
                    yield f"{fact.erasure} destroyed a key once more"
                self._destroyed |= {key.key_id: fact.erasure for key in fact.keys}
                yield from self._readable(fact)
                yield from self.in_views()

    def at_any_time(self) -> Iterator[str]:
        for key in sorted(self._office.log.vault.present(frozenset(self._destroyed))):
            yield f"{self._destroyed[key]} is complete, and one of its keys is there"

    def note(self) -> None:
        """Remember the texts that people hold now."""
        for one in self._office.world.people.values():
            self.values |= {v for role, v in one.values.items() if role not in _NO_VALUES and isinstance(v, str)}

    def in_views(self) -> Iterator[str]:
        """Personal texts in rows of views, whoever's."""
        long = [one for one in self.values if len(one) > _SHORT]
        for table in tables():
            cells = {str(cell) for row in rows_of(self._office.wired.views, table) for cell in row if cell}
            found = self.values & cells | {one for one in long if any(one in cell for cell in cells)}
            if found:
                yield f"the view {table} holds {len(found)} personal values"

    def at_rest(self) -> Iterator[str]:
        """Once the periods were applied: whoever left so long ago has no key of what goes first."""
        office, payroll = self._office, self._office.world.payroll
        office.eraser("schedule:retention").apply_retention()
        years, holds = office.settings.retention.hr_years, office.eraser("Bea").book().holds
        for one in (office.world.people[name] for name in office.here()):
            ends = (
                [each.end for each in payroll.employments(TULP, one.number)]
                if one.number in payroll.numbers(TULP)
                else []
            )
            if not ends or None in ends or one.person in holds:
                continue
            if max(ends).replace(year=max(ends).year + years) > office.clock.today():
                continue
            events = office.log.stream(person_stream(one.person))
            for subject in filter(None, {getattr(each.fact, "subject", "") for each in events}):
                if Retention.HR_2Y in {retention for retention, _ in office.log.vault.held(subject)}:
                    yield f"{one.person} left on {max(ends)}, and the first of their keys is there"

    def _readable(self, fact: ErasureCompleted) -> Iterator[str]:
        """Values of the person from before it was confirmed, of the classes that were erased, under whatever key.

        Whoever is hired again before it is complete has new values, under a new key.
        """
        subjects, classes = {key.subject for key in fact.keys}, {key.retention for key in fact.keys}
        log = self._office.log
        before = [
            one for one in log.page(-1, self._confirmed[fact.erasure]) if getattr(one.fact, "subject", "") in subjects
        ]
        for sealed, opened in zip(before, log.vault.opened(before), strict=True):
            readable: list[str] = []

            def note(value: Any, place: str, field: str | None, readable: list[str] = readable) -> Any:
                if isinstance(value, str) and retention_of(field) in classes:
                    readable.append(place)
                return value

            with_personal_changed(opened.fact, note)
            if readable:
                yield f"{fact.erasure} is complete, and {readable[0]} of position {sealed.position} can be read"
