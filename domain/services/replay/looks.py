"""The looks at everybody that are on record: what each stood on, read from the log alone (AUD-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Final

import msgspec

from domain.errors import NotFound
from domain.events.findings import LookedBy
from domain.events.grounds import EntityJudged, EveryoneJudged, LeftOutJudged, NotSeenJudged, PersonJudged
from domain.events.setup import PolicyApplied
from domain.grounds.case import Grounds, Shared
from domain.grounds.coding import read, shared_read
from domain.grounds.inputs import Everybody, under
from domain.grounds.prints import NOT_KEPT, unpacked
from domain.log import Fact, Log, Recorded, Vault
from domain.planning.decide import Plan
from domain.settings import Policy
from domain.streams import check_stream, grounds_stream, policy_stream, run_stream
from domain.values import LegalEntityId, PersonId, RunId

_PAGE: Final = 500


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
    product: str
    prints: Mapping[PersonId, bytes]  # of everybody who was decided about, in order
    grounds: Mapping[PersonId, Grounds]
    lost: frozenset[PersonId]  # of whom something was erased
    shared: Shared
    first: int  # positions of its first event and the last that was read
    last: int

    def decide(self, policy: Policy | None = None) -> Plan:
        """What today's code makes of it; under other settings where they are given, for the same pilot."""
        chosen = self.policy if policy is None else replace(policy, only=self.policy.only)
        return Everybody.of(self.grounds.values(), self.shared).decide(chosen, today=self.today)


class NotReplayable(NotFound):
    """A run that decided about nobody, or whose grounds are not in the log."""


def look_of(log: Log, vault: Vault, name: RunId) -> Look:
    """The look of this run, check or validation. Raises NotFound, or NotReplayable with the reason."""
    events = log.stream(run_stream(name)) or log.stream(check_stream(name))
    if not events:
        raise NotFound(f"the log has no run, check or validation {name}")
    judged = [event for event in events if isinstance(event.fact, EveryoneJudged)]
    if not judged:
        raise NotReplayable(
            f"{name} decided about nobody, or was made by a version that did not yet record what decisions stand on"
        )
    return _look(log, vault, name, events, judged)


def looks_between(
    log: Log, first: int = 0, last: int | None = None, *, since: datetime | None = None, until: datetime | None = None
) -> list[RunId]:
    """Every run, check and validation of these positions, and times, that decided about anybody; oldest first."""
    found: dict[RunId, None] = {}
    after, end = first - 1, log.size() - 1 if last is None else last
    while after < end and (page := log.page(after, _PAGE)):
        after = page[-1].position
        judged = (
            event
            for event in page
            if isinstance(event.fact, EveryoneJudged)
            and event.position <= end
            and (since is None or event.meta.recorded_at >= since)
            and (until is None or event.meta.recorded_at < until)
        )
        found.update((RunId(event.stream.partition(":")[2]), None) for event in judged)
    return list(found)


def _look(log: Log, vault: Vault, name: RunId, events: Sequence[Recorded], judged: Sequence[Recorded]) -> Look:
    facts = [event.fact for event in judged if isinstance(event.fact, EveryoneJudged)]
    told = facts[0]
    entity = LegalEntityId(told.legal_entity)
    own = [event for event in events if isinstance(event.fact, PersonJudged | LeftOutJudged | NotSeenJudged)]
    whose = [event for event in events if isinstance(event.fact, EntityJudged)]
    shared, people = _everybody(whose or _standing(log.stream(grounds_stream(entity)), told.standing))
    prints = dict(zip(people, (each for one in facts for each in unpacked(one.prints)), strict=True))
    grounds, lost = _grounds(log, vault, entity, [one for one in people if prints[one] != NOT_KEPT], own, told.standing)
    return Look(
        name,
        told.look,
        entity,
        judged[0].meta.recorded_at,
        told.business_date,
        under(_policy(log, entity, told.policy), told.only),
        told.revisions,
        told.product,
        prints,
        grounds,
        lost,
        shared,
        events[0].position,
        events[-1].position,
    )


def _standing(events: Sequence[Recorded], before: int) -> Sequence[Recorded]:
    """The newest that were on record before this position; of what is told in several events all of them."""
    earlier = [event for event in events if event.position < before]
    if not earlier or not isinstance(earlier[-1].fact, EntityJudged):
        return earlier[-1:]
    digest = earlier[-1].fact.digest
    parts = takewhile(lambda event: isinstance(event.fact, EntityJudged) and event.fact.digest == digest, earlier[::-1])
    return list(parts)[::-1]


def _everybody(events: Sequence[Recorded]) -> tuple[Shared, list[PersonId]]:
    facts = [event.fact for event in events if isinstance(event.fact, EntityJudged)]
    return shared_read(facts[0].shared), [PersonId(one) for fact in facts for one in fact.people]


def _grounds(
    log: Log,
    vault: Vault,
    entity: LegalEntityId,
    people: Sequence[PersonId],
    own: Sequence[Recorded],
    before: int,
) -> tuple[dict[PersonId, Grounds], frozenset[PersonId]]:
    streams = {grounds_stream(entity, one): one for one in people}
    recorded = log.streams(list(streams))
    newest = {person: _standing(recorded.get(stream, ()), before) for stream, person in streams.items()}
    chosen = {person: events[-1] for person, events in newest.items() if events}
    chosen |= {PersonId(event.fact.person_id): event for event in own}  # type: ignore[attr-defined]  # all three have it
    found: dict[PersonId, Grounds] = {}
    lost: set[PersonId] = set()
    opened = dict(zip(chosen, vault.opened(list(chosen.values())), strict=True))
    for person in people:
        grounds = _read(opened[person].fact)
        if grounds is None:
            lost.add(person)
        else:
            found[person] = grounds
    return found, frozenset(lost)


def _read(fact: Fact) -> Grounds | None:
    """As `decide` needs it; None where something was erased."""
    match fact:
        case LeftOutJudged() | NotSeenJudged():
            return fact
        case PersonJudged(case=str() as text, passing=passing):
            return read(text, passing)
        case _:
            return None


def _policy(log: Log, entity: LegalEntityId, digest: str) -> Policy:
    for event in reversed(log.stream(policy_stream(entity))):
        if isinstance(event.fact, PolicyApplied) and event.fact.digest == digest:
            return msgspec.json.decode(event.fact.policy, type=Policy)
    raise NotReplayable(f"the settings {digest[:12]} are not on record")
