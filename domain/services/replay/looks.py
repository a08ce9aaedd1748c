"""The looks at everybody that are on record: what each stood on, read from the log alone (AUD-11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Final

from domain.errors import NotFound
from domain.events.drift import DriftChecked
from domain.events.findings import LookedBy, ValidationCompleted
from domain.events.grounds import EntityJudged, EveryoneJudged, LeftOutJudged, NotSeenJudged, PersonJudged
from domain.events.loket import WriteKind
from domain.events.runs import RunBlocked, RunCompleted
from domain.events.setup import PolicyApplied
from domain.grounds.case import Grounds, Shared
from domain.grounds.coding import read, shared_read
from domain.grounds.inputs import Everybody, under
from domain.grounds.prints import NOT_KEPT, marks_in, unpacked
from domain.grounds.readers import reader
from domain.log import Fact, Log, Recorded, StreamId, Vault
from domain.planning.decide import Plan
from domain.planning.gates import Gates
from domain.settings import Policy
from domain.streams import check_stream, grounds_stream, policy_stream, run_stream
from domain.values import LegalEntityId, PersonId, RunId

_PAGE: Final = 500
_JUDGED: Final = (EveryoneJudged, RunCompleted, RunBlocked, DriftChecked, ValidationCompleted)
"""What only somebody records who has decided about everybody; versions before this one recorded no grounds."""


@dataclass(frozen=True, slots=True)
class Look:
    """One run, check or validation that decided about everybody, and what its decisions stood on."""

    name: RunId
    look: LookedBy
    entity: LegalEntityId
    at: datetime
    today: date
    policy: Policy
    revisions: Mapping[str, int]
    rules: int  # how many there were
    product: str
    prints: Mapping[PersonId, bytes]  # of everybody who was decided about, in order
    grounds: Mapping[PersonId, Grounds]
    lost: frozenset[PersonId]  # of whom something was erased
    shared: Shared
    gates: Gates | None  # of a run, where they are on record
    first: int  # positions of its first event and the last that was read
    last: int
    standing: int = 0  # what was on record before this position was judged by
    unread: frozenset[PersonId] = frozenset()  # of whom Loket was not asked again (RUN-15)

    def decide(self, policy: Policy | None = None) -> Plan:
        """What today's code makes of it; under other settings where they are given, for the same pilot."""
        chosen = self.policy if policy is None else replace(policy, only=self.policy.only)
        return Everybody.of(self.grounds.values(), self.shared).decide(chosen, today=self.today)

    def known(self, plan: Plan) -> Plan:
        """Without those who would take part and of whom only the gates are kept: they can hold nobody."""
        stand_ins = {person for person, one in self.grounds.items() if isinstance(one, LeftOutJudged)}
        kept = (one for one in plan.decisions if not (one.included and one.person in stand_ins))
        return replace(plan, decisions=tuple(kept))


class NotReplayable(NotFound):
    """A run that decided about nobody, or whose grounds are not in the log."""


@dataclass(slots=True)
class Looks:
    """Reads looks; what stood for several of them is read and opened once. It answers for the log as it is now."""

    log: Log
    vault: Vault
    _cases: dict[StreamId, tuple[int, Grounds | None]] = field(default_factory=dict)  # the last one that was opened
    _entities: dict[LegalEntityId, tuple[Recorded, ...]] = field(default_factory=dict)
    _policies: dict[str, Policy] = field(default_factory=dict)

    def look(self, name: RunId) -> Look:
        """The look of this run, check or validation. Raises NotFound, or NotReplayable with the reason."""
        events = self.log.stream(run_stream(name)) or self.log.stream(check_stream(name))
        if not events:
            raise NotFound(f"the log has no run, check or validation {name}")
        judged = [(event, event.fact) for event in events if isinstance(event.fact, EveryoneJudged)]
        if not judged:
            raise NotReplayable(
                f"{name} decided about nobody, or was made by a version that did not yet record what decisions stand on"
            )
        first, told = judged[0]
        entity = LegalEntityId(told.legal_entity)
        whose = [event for event in events if isinstance(event.fact, EntityJudged)]
        shared, people = _everybody(whose or self._standing(entity, told.standing))
        prints = dict(zip(people, (each for _, one in judged for each in unpacked(one.prints)), strict=True))
        kept = [one for one in people if prints[one] != NOT_KEPT]
        own = {
            PersonId(event.fact.person_id): event
            for event in events
            if isinstance(event.fact, PersonJudged | LeftOutJudged | NotSeenJudged)
        }
        grounds = self._grounds(entity, kept, own, told.standing)
        return Look(
            name,
            told.look,
            entity,
            first.meta.recorded_at,
            told.business_date,
            under(self._policy(entity, told.policy), told.only),
            told.revisions,
            told.rules,
            told.product,
            prints,
            {person: each for person, each in grounds.items() if each is not None},
            frozenset(person for person, each in grounds.items() if each is None),
            shared,
            None if told.first_run is None else Gates(told.first_run, frozenset(map(WriteKind, told.forbidden))),
            events[0].position,
            events[-1].position,
            told.standing,
            frozenset(one for one, marked in zip(people, _unread(one for _, one in judged), strict=True) if marked),
        )

    def those(self, names: Iterable[RunId], entity: str) -> list[Look]:
        """Those of the legal entity that can be derived again. Raises NotFound when none of them can."""
        found, why = [], ""
        for name in names:
            try:
                look = self.look(name)
            except NotReplayable as reason:
                why = f": {reason}"
            else:
                found += [look] if look.entity == entity else []
        if not found:
            none = f"no run, check or validation of legal entity {entity} among these can be derived again"
            raise NotFound(none + why)
        return found

    def latest(self, entity: str, last: int | None = None) -> Look:
        """The newest one of the legal entity, up to that position. Raises NotFound."""
        return self.those(looks_between(self.log, 0, last, entities=[entity])[-1:], entity)[0]

    def _grounds(
        self, entity: LegalEntityId, people: Sequence[PersonId], own: Mapping[PersonId, Recorded], before: int
    ) -> dict[PersonId, Grounds | None]:
        """Of each of these people what stood before that position, or what the look saw itself; None: erased."""
        streams = {grounds_stream(entity, one): one for one in people}
        stood = self.log.newest(list(streams), before=before)
        unread = [event for event in stood.values() if self._cases.get(event.stream, (None,))[0] != event.position]
        for event in self.vault.opened(unread):
            self._cases[event.stream] = event.position, _read(event.fact)
        found: dict[PersonId, Grounds | None] = {
            person: self._cases[stream][1] if stream in stood else None for stream, person in streams.items()
        }
        seen = self.vault.opened(list(own.values())) if own else ()
        return found | {person: _read(event.fact) for person, event in zip(own, seen, strict=True)}

    def _standing(self, entity: LegalEntityId, before: int) -> Sequence[Recorded]:
        """What was told of everybody last before that position.

        Of the newest look only that is read: it is told anew whenever somebody comes or goes.
        """
        stream = grounds_stream(entity)
        if entity not in self._entities:
            last = self.log.newest([stream]).get(stream)
            if last is not None and last.position < before:
                return told_together(self.log, last)
            self._entities[entity] = self.log.stream(stream)
        return _standing(self._entities[entity], before)

    def _policy(self, entity: LegalEntityId, digest: str) -> Policy:
        if digest not in self._policies:
            stream = policy_stream(entity)
            newest = tuple(self.log.newest([stream]).values())
            standing = any(isinstance(one.fact, PolicyApplied) and one.fact.digest == digest for one in newest)
            for event in newest if standing else self.log.stream(stream):
                if isinstance(event.fact, PolicyApplied):
                    self._policies[event.fact.digest] = reader(Policy).decode(event.fact.policy)
        if digest not in self._policies:
            raise NotReplayable(f"the settings {digest[:12]} are not on record")
        return self._policies[digest]


def told_together(log: Log, last: Recorded) -> Sequence[Recorded]:
    """The last event of its stream, and those before it that tell the same with it; the rest is not read."""
    back, end = 1, last.version + 1
    while True:
        first = max(0, end - back)
        told = _standing(log.parts({last.stream: range(first, end)})[last.stream])
        if first == 0 or len(told) < back:
            return told
        back *= 4


def policy_at(log: Log, entity: LegalEntityId, position: int) -> Policy:
    """The settings that were in force at this position of the log. Raises NotFound."""
    facts = [event.fact for event in log.stream(policy_stream(entity)) if event.position <= position]
    if not facts or not isinstance(facts[-1], PolicyApplied):
        raise NotFound(f"at position {position} no settings of legal entity {entity} were on record")
    return reader(Policy).decode(facts[-1].policy)


def looks_between(
    log: Log,
    first: int = 0,
    last: int | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    entities: Collection[str] | None = None,
) -> list[RunId]:
    """Every run, check and validation that decided about anybody, oldest first.

    Of these positions (both inside) and times (`until` outside), and of these legal entities; None: of all.
    """
    found: dict[StreamId, None] = {}
    after, end = first - 1, log.size() - 1 if last is None else last
    while after < end and (page := log.page(after, _PAGE)):
        after = page[-1].position
        for event in page:
            at = event.meta.recorded_at
            asked = (since is None or at >= since) and (until is None or at < until) and event.position <= end
            new = asked and isinstance(event.fact, _JUDGED) and event.stream not in found
            if new and (entities is None or _entity(log, event) in entities):
                found[event.stream] = None
    return [RunId(stream.partition(":")[2]) for stream in found]


def _entity(log: Log, event: Recorded) -> str:
    """Whose it is; the end of a run does not say it, its beginning does."""
    said = getattr(event.fact, "legal_entity", None) or getattr(log.stream(event.stream)[0].fact, "legal_entity", "")
    return str(said)


def _unread(judged: Iterable[EveryoneJudged]) -> list[bool]:
    return [marked for one in judged for marked in marks_in(one.unread, len(unpacked(one.prints)))]


def _standing(events: Sequence[Recorded], before: int | None = None) -> Sequence[Recorded]:
    """The newest that were on record before this position; of what is told in several events all of them."""
    judged = [
        (event, event.fact.digest)
        for event in events
        if isinstance(event.fact, EntityJudged) and (before is None or event.position < before)
    ]
    together = takewhile(lambda one: one[1] == judged[-1][1], reversed(judged))
    return [event for event, _ in together][::-1]


def _everybody(events: Sequence[Recorded]) -> tuple[Shared, list[PersonId]]:
    facts = [event.fact for event in events if isinstance(event.fact, EntityJudged)]
    return shared_read(facts[0].shared), [PersonId(one) for fact in facts for one in fact.people]


def _read(fact: Fact) -> Grounds | None:
    """As `decide` needs it; None where something was erased."""
    match fact:
        case LeftOutJudged() | NotSeenJudged():
            return fact
        case PersonJudged(case=str() as text, passing=passing):
            return read(text, passing)
        case _:
            return None
