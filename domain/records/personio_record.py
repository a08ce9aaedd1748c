"""What the log says about one person in Personio, and what a new observation adds to it (AUD-1, AUD-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from domain.events.catalogue import NAME_OF
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
    PersonNotSeen,
    PersonSeenAgain,
)
from domain.events.values import FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Lost, Opened
from domain.planning.comparison import tidy
from domain.planning.departures import whereabouts
from domain.planning.eligibility import considered, status_word
from domain.settings import Policy
from domain.snapshots import PersonioPerson, PersonioSnapshot
from domain.values import NOT_OBSERVED, FieldPath, LegalEntityId, Observed, PersonId, SubjectRef

NOWHERE_YET: Final = -1  # the position of a fact that is about to be appended


@dataclass(frozen=True, slots=True)
class Known:
    """The value last observed, when that was recorded, and the event that says so."""

    value: Opened
    recorded_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class PersonioRecord:
    """A fold of one person's stream. `values` is by Loket field; `hidden` are fields Personio ceased to show."""

    next_version: int = 0
    subject: SubjectRef | None = None
    gates: GatesObserved | None = None
    values: Mapping[FieldPath, Known] = field(default_factory=dict)
    hidden: frozenset[FieldPath] = frozenset()
    looks: Mapping[LegalEntityId, str] = field(default_factory=dict)  # what the last sweep said that did not see them

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> PersonioRecord:
        """The record after these events, whose personal values were opened."""
        record = cls()
        for recorded in history:
            record = record._after(recorded)
        return record

    def followed_by(self, facts: Iterable[Fact], stream: StreamId, meta: Meta) -> PersonioRecord:
        """The record once these facts, still clear, are appended to its stream."""
        record = self
        for fact in facts:
            record = record._after(Recorded(NOWHERE_YET, stream, record.next_version, NAME_OF[type(fact)], meta, fact))
        return record

    def _after(self, recorded: Recorded) -> PersonioRecord:
        record = replace(self, next_version=recorded.version + 1)
        match recorded.fact:
            case GatesObserved() as gates:
                return replace(record, gates=gates)
            case AttributesObserved(subject=subject, values=values):
                seen = {FieldPath(one.field): _known(one.value, recorded) for one in values}
                visible = {name for name, known in seen.items() if known.value is not NOT_OBSERVED}
                hidden = (self.hidden | (seen.keys() - visible)) - visible
                shown = {name: seen[name] for name in visible}
                return replace(
                    record, subject=SubjectRef(subject), values={**self.values, **shown}, hidden=frozenset(hidden)
                )
            case AttributeChanged(field=name, after=after):
                return replace(record, values={**self.values, FieldPath(name): _known(after, recorded)})
            case AttributeVisibilityChanged(field=name, visible=visible_now):
                changed = {FieldPath(name)}
                return replace(record, hidden=self.hidden - changed if visible_now else self.hidden | changed)
            case PersonNotSeen(legal_entity=entity, answer=answer):
                return replace(record, looks={**self.looks, LegalEntityId(entity): answer})
            case PersonSeenAgain(legal_entity=entity):
                return replace(record, looks=_without(self.looks, entity))
            case PersonLeftEntity(legal_entity=entity):
                return replace(record, gates=None, looks=_without(self.looks, entity))
            case _:
                return record

    def observe_gates(self, person: PersonioPerson, policy: Policy) -> tuple[Fact, ...]:
        """The gates, when they were never recorded or have changed; and that a person who was not seen is back.

        Of somebody in two legal entities each says its own in turn, so that what follows is found under it (WHO-4).
        """
        gates = GatesObserved(
            legal_entity=policy.entity.personio_id,
            status=status_word(person),
            considered=considered(person, policy).value,
            employee_number=person.employee_number,
            income_number=person.income_number,
        )
        again = PersonSeenAgain(legal_entity=policy.entity.personio_id, rule="RUN-7")
        return (
            *((again,) if policy.entity.personio_id in self.looks else ()),
            *(() if gates == self.gates else (gates,)),
        )

    def not_seen(self, person: PersonId, personio: PersonioSnapshot, entity: LegalEntityId) -> tuple[Fact, ...]:
        """What a sweep that did not see the person in the entity adds: a first look, or that it says something else."""
        answer = whereabouts(person, personio)
        if self.looks.get(entity) == answer:
            return ()
        shown_in = personio.elsewhere.get(person)
        return (PersonNotSeen(legal_entity=entity, answer=answer.value, shown_in=shown_in, rule="RUN-7"),)

    def observe_attributes(
        self,
        person: PersonioPerson,
        policy: Policy,
        subject: SubjectRef,
        also: Mapping[FieldPath, Observed] | None = None,
    ) -> tuple[Fact, ...]:
        """What an included person's attributes add: first sights, changes, and changes of what we may see.

        A value that can no longer be opened (erased) counts as never seen. Not observed is never a change of the value.
        `also` are fields without a row in the catalogue: the weekly hours.
        """
        firsts: list[FieldValue] = []
        facts: list[Fact] = []
        shown = {row.field: tidy(person.shown(row.role)) for row in policy.catalogue} | dict(also or {})
        for name, value in shown.items():
            known = self.values.get(name)
            if value is NOT_OBSERVED:
                if known is None and name not in self.hidden:
                    firsts.append(FieldValue(name, value))
                elif name not in self.hidden:
                    facts.append(AttributeVisibilityChanged(field=name, visible=False, rule="EDIT-2"))
                continue
            if name in self.hidden:
                facts.append(AttributeVisibilityChanged(field=name, visible=True, rule="EDIT-2"))
            if known is None or isinstance(known.value, Lost):
                firsts.append(FieldValue(name, value))
            elif known.value != value:
                facts.append(self._changed(name, known, value, subject))
        first = (AttributesObserved(subject=subject, values=tuple(firsts)),) if firsts else ()
        return (*first, *facts)

    def _changed(self, name: FieldPath, known: Known, value: Observed, subject: SubjectRef) -> AttributeChanged:
        return AttributeChanged(
            subject=subject, field=name, before=known.value, after=value, previously_observed_at=known.recorded_at
        )


def _without(looks: Mapping[LegalEntityId, str], entity: str) -> Mapping[LegalEntityId, str]:
    return {one: answer for one, answer in looks.items() if one != entity}


def _known(value: object, recorded: Recorded) -> Known:
    return Known(value, recorded.meta.recorded_at, recorded.reference)  # type: ignore[arg-type]  # opened by then
