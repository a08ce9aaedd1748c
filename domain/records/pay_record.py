"""What the log says about one person's dated pay, on either side, and what a new observation adds (AUD-1, AUD-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias

from domain.attributes import GROSS_WAGE
from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    ChangedBy,
    FieldOverwritten,
    FieldsConfirmed,
    Holding,
    LoketFieldChanged,
    LoketFieldsObserved,
)
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.events.values import FieldValue
from domain.log import Fact, Recorded
from domain.personal import Lost, Opened
from domain.planning.comparison import alike, same
from domain.planning.pay.case import PayMemory
from domain.planning.writes import kinds_of
from domain.values import BLANK, FieldPath, Observed, SubjectRef

Dated: TypeAlias = tuple[FieldPath, date]
"""A pay field and the first day of the record or period it is in."""


@dataclass(frozen=True, slots=True)
class PayRecord:
    """A fold of one stream's dated facts. `ours` needs no opened values.

    `agreed` is, by field, what a run last wrote or saw equal on both sides; differences are judged by it (DRIFT-3).
    """

    values: Mapping[Dated, Opened] = field(default_factory=dict)
    seen_at: Mapping[Dated, datetime] = field(default_factory=dict)
    ours: frozenset[Dated] = frozenset()
    agreed: Mapping[FieldPath, Mapping[date, Opened]] = field(default_factory=dict)
    rebuild: str | None = None  # the unit that was started and is not complete
    removed: Mapping[date, Mapping[FieldPath, Observed]] = field(default_factory=dict)  # by that unit, not yet back

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> PayRecord:
        record, holding = cls(), Holding()
        for recorded in history:
            record = (cls() if holding.ends_with(recorded.fact) else record)._after(recorded)
        return record

    def memory(self, *, unknown: bool) -> PayMemory:
        return PayMemory(self.ours, self.removed, unknown)

    def has_salary(self, *, since: date) -> bool:
        """Whether a salary from that day on or later is on record as still there."""
        return any(
            name == GROSS_WAGE and day >= since and value is not BLANK and not isinstance(value, Lost)
            for (name, day), value in self.values.items()
        )

    def _after(self, recorded: Recorded) -> PayRecord:
        match recorded.fact:
            case ChainRebuildStarted(unit=unit):
                return replace(self, rebuild=unit)
            case ChainRebuildEnded(complete=True):
                return replace(self, rebuild=None, removed={})
            case (AttributesObserved() | LoketFieldsObserved()) as fact if fact.effective_on:
                return self._seen({one.field: one.value for one in fact.values}, fact.effective_on, recorded)
            case (AttributeChanged() | LoketFieldChanged()) as fact if fact.effective_on:
                return self._seen({fact.field: fact.after}, fact.effective_on, recorded)
            case FieldOverwritten() as fact if fact.effective_on:
                return self._seen({fact.field: fact.after}, fact.effective_on, recorded)._written(
                    FieldPath(fact.field), fact.effective_on, fact
                )
            case FieldsConfirmed(fields=names):
                return self._agreed(FieldPath(name) for name in names)
            case _:
                return self

    def _agreed(self, names: Iterable[FieldPath]) -> PayRecord:
        found = {name: {day: value for (one, day), value in self.values.items() if one == name} for name in names}
        return replace(self, agreed={**self.agreed, **{name: days for name, days in found.items() if days}})

    def confirm(self, equal: Iterable[FieldPath], held: Mapping[Dated, Observed]) -> tuple[Fact, ...]:
        """Which of the fields that are equal on both sides were not known to be, as they are now.

        What was in force before the first day shown is no longer looked at: a later wage has taken its place.
        """
        news = []
        for name in sorted(equal):
            kind, known = kinds_of([name])[name], self.agreed.get(name, {})
            shown = {day: value for (one, day), value in held.items() if one == name}
            before = {day: value for day, value in known.items() if value is not BLANK and day >= min(shown)}
            if shown.keys() != before.keys() or not all(alike(kind, before[day], shown[day]) for day in shown):
                news.append(str(name))
        return (FieldsConfirmed(fields=tuple(news), rule="DRIFT-3"),) if news else ()

    def _seen(self, values: Mapping[str, object], day: date, recorded: Recorded) -> PayRecord:
        keys = {(FieldPath(name), day): value for name, value in values.items()}
        return replace(
            self,
            values={**self.values, **keys},  # type: ignore[dict-item]  # opened, where anyone looks at them
            seen_at={**self.seen_at, **dict.fromkeys(keys, recorded.meta.recorded_at)},
        )

    def _written(self, name: FieldPath, day: date, fact: FieldOverwritten) -> PayRecord:
        cleared = fact.after is BLANK
        ours = self.ours - {(name, day)} if cleared else self.ours | {(name, day)}
        agreed = self._agreed([name]).agreed
        if self.rebuild is None or not name.startswith("wage."):
            return replace(self, ours=ours, agreed=agreed)
        here = {key: value for key, value in self.removed.get(day, {}).items() if key != name}
        if cleared and isinstance(fact.before, str):
            here[name] = fact.before
        return replace(self, ours=ours, agreed=agreed, removed={**self.removed, day: here})

    def _gone(self, seen: Mapping[Dated, Observed], whole: Callable[[Dated], bool]) -> dict[Dated, Observed]:
        return {
            key: BLANK for key, known in self.values.items() if key not in seen and known is not BLANK and whole(key)
        }

    def observe_loket(
        self, held: Mapping[Dated, Observed], subject: SubjectRef, whole: Callable[[Dated], bool]
    ) -> tuple[Fact, ...]:
        """Loket's pay at first sight, and what moved without a write of ours; what is gone became blank: by us,
        where it went with a record that we deleted.

        `whole` tells whether this key would be there, had it a value: what was not read is not gone.
        """
        facts: list[Fact] = []
        firsts: dict[date, list[FieldValue]] = {}
        gone = self._gone(held, whole)
        for (name, day), value in {**held, **gone}.items():
            known = self.values.get((name, day))
            if known is None or isinstance(known, Lost):
                firsts.setdefault(day, []).append(FieldValue(name, value))
            elif not same(kinds_of([name])[name], known, value):
                ours = value is BLANK and self.values.get(_amount_beside((name, day))) is BLANK
                facts.append(
                    LoketFieldChanged(
                        subject=subject,
                        field=name,
                        before=known,
                        after=value,
                        changed_by=ChangedBy.OURS if ours else ChangedBy.SOMEONE_ELSE,
                        effective_on=day,
                    )
                )
        seen = (
            LoketFieldsObserved(subject=subject, values=tuple(values), rule="AUD-2", effective_on=day)
            for day, values in sorted(firsts.items())
        )
        return (*seen, *facts)

    def observe_personio(
        self, told: Mapping[Dated, Observed], subject: SubjectRef, whole: Callable[[Dated], bool]
    ) -> tuple[Fact, ...]:
        """Personio's pay at first sight, and what changed or is no longer there (AUD-5)."""
        facts: list[Fact] = []
        firsts: dict[date, list[FieldValue]] = {}
        gone = self._gone(told, whole)
        for (name, day), value in {**told, **gone}.items():
            known = self.values.get((name, day))
            if known is None or isinstance(known, Lost):
                firsts.setdefault(day, []).append(FieldValue(name, value))
            elif known != value:
                facts.append(
                    AttributeChanged(
                        subject=subject,
                        field=name,
                        before=known,
                        after=value,
                        previously_observed_at=self.seen_at[name, day],
                        effective_on=day,
                    )
                )
        seen = (
            AttributesObserved(subject=subject, values=tuple(values), effective_on=day)
            for day, values in sorted(firsts.items())
        )
        return (*seen, *facts)


def _amount_beside(key: Dated) -> Dated:
    """The amount of the same record, which is there or gone with it: where only that is known to be gone, it was we who
    deleted the record, by a write that did not name the rest.
    """
    name, day = key
    return (GROSS_WAGE if name.startswith("wage.") else FieldPath(name.removesuffix(".endDate"))), day
