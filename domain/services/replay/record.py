"""Putting on record what everybody is judged by, so that a decision can be derived again from the log (AUD-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from domain.events.findings import LookedBy
from domain.events.grounds import EntityJudged, EveryoneJudged, LeftOutJudged, NotSeenJudged, PersonJudged
from domain.grounds.case import Case, Cases, Grounds, Looked, shared_of
from domain.grounds.coding import shared_text, written
from domain.grounds.prints import NOT_KEPT, bits, packed, print_of
from domain.log import Fact, Recorded, StreamId
from domain.planning.decide import Decision, Memory, Plan
from domain.planning.gates import Gates
from domain.rules import REVISIONS, RULES
from domain.services.journal import Journal
from domain.services.reading.observe import Observation
from domain.services.sync.remember import Remembered
from domain.settings import Policy
from domain.streams import check_stream, grounds_stream, run_stream
from domain.values import LegalEntityId, PersonId, RunId

_PEOPLE: Final = 400  # of one event, or facts of one append
_LARGEST: Final = 40_000  # bytes of a stored case: sealed and in base64 it still fits


@dataclass(frozen=True, slots=True)
class Judging:
    """One look at everybody: by whom, under which settings, for which day."""

    look: LookedBy
    name: RunId  # of the run, check or validation
    policy: Policy
    digest: str  # of the settings
    today: date
    gates: Gates | None = None  # of a run

    @property
    def stream(self) -> StreamId:
        return run_stream(self.name) if self.look is LookedBy.RUN else check_stream(self.name)

    @property
    def entity(self) -> LegalEntityId:
        return self.policy.entity.personio_id


def record_grounds(
    journal: Journal, judging: Judging, observation: Observation, plan: Plan, memory: Memory, remembered: Remembered
) -> None:
    """What changed since the last look of a run or check, and what was decided.

    A validation claims nothing, so that a run may be at work beside it: what it saw goes to its own stream. Of whom the
    log knows nothing yet, and who is only validated, nothing is kept: nobody could erase it.
    """
    looked = _looked(observation, memory)
    cases = Cases.of(looked, judging.policy)
    found = {one.person: _fact(journal, judging, cases.of_person(one), one, remembered) for one in plan.decisions}
    before = observation.last.sightings if observation.last else None
    shared = shared_text(shared_of(looked, before, accepted=observation.accepted))
    begun = journal.tools.log.size()
    _record(journal, judging, {person: fact for person, fact in found.items() if fact is not None}, shared, list(found))
    alone = judging.look is not LookedBy.VALIDATION  # a run may have recorded something beside a validation
    standing = journal.tools.log.size() if alone else begun
    vault = journal.tools.vault
    unread = observation.unread.numbers
    facts = [
        EveryoneJudged(
            legal_entity=judging.entity,
            look=judging.look,
            business_date=judging.today,
            policy=judging.digest,
            standing=standing,
            prints=packed(NOT_KEPT if found[one.person] is None else print_of(one, vault) for one in part),
            unread=bits(one.number in unread for one in part),
            only=tuple(sorted(judging.policy.only or ())),
            revisions=dict(REVISIONS),
            rules=len(RULES),
            product=judging.policy.product,
            first_run=judging.gates.first_run if judging.gates else None,
            forbidden=tuple(sorted(judging.gates.forbidden)) if judging.gates else (),
            rule="AUD-11",
        )
        for part in _parts(plan.decisions) or [()]
    ]
    journal.record((judging.stream, facts))


def _looked(observation: Observation, memory: Memory) -> Looked:
    return Looked(
        observation.personio,
        observation.shown,
        observation.loket,
        observation.compensations,
        memory,
        observation.blank_before,
    )


def _fact(
    journal: Journal, judging: Judging, grounds: Grounds, decision: Decision, remembered: Remembered
) -> PersonJudged | LeftOutJudged | NotSeenJudged | None:
    """As it is stored; None where it cannot be kept.

    Where the number may lead to somebody else, their data must not lie under this person's key (AUD-9).
    """
    if not isinstance(grounds, Case):
        known = remembered.person(decision.person).next_version > 0
        return grounds if known or judging.look is not LookedBy.VALIDATION else None
    if decision.identity_uncertain:
        return None
    subject, stored = remembered.subject(decision), written(grounds, judging.policy.catalogue)
    if subject is None or len(stored.data) > _LARGEST:
        return None
    return PersonJudged(
        legal_entity=judging.entity,
        person_id=decision.person,
        subject=subject,
        digest=journal.tools.vault.mac("grounds", stored.data)[:32],
        case=stored.text,
        passing=stored.passing,
        rule="AUD-11",
    )


def _record(
    journal: Journal,
    judging: Judging,
    found: Mapping[PersonId, PersonJudged | LeftOutJudged | NotSeenJudged],
    shared: str,
    people: Sequence[PersonId],
) -> None:
    streams = {grounds_stream(judging.entity, person): fact for person, fact in found.items()}
    everybody = grounds_stream(judging.entity)
    standing = journal.tools.log.newest([*streams, everybody])
    digest = journal.tools.vault.mac("grounds", "\n".join((shared, *people)).encode())[:32]
    news: dict[StreamId, list[Fact]] = {
        stream: [fact] for stream, fact in streams.items() if not _same(standing.get(stream), fact)
    }
    last = standing.get(everybody)
    if last is None or not isinstance(last.fact, EntityJudged) or last.fact.digest != digest:
        news[everybody] = [
            EntityJudged(
                legal_entity=judging.entity,
                digest=digest,
                shared=shared if first == 0 else "",
                people=tuple(part),
                rule="AUD-11",
            )
            for first, part in enumerate(_parts(people) or [()])
        ]
    if judging.look is LookedBy.VALIDATION:
        own: list[Fact] = [fact for facts in news.values() for fact in facts]
        for part in _parts(own):
            journal.record((judging.stream, part))
        return
    for stream in news:
        journal.knows(stream, standing[stream].version + 1 if stream in standing else 0)
    journal.record_all(news)


def _same(standing: Recorded | None, fact: Fact) -> bool:
    if standing is None:
        return False
    if isinstance(fact, PersonJudged):
        known = standing.fact
        return isinstance(known, PersonJudged) and (known.digest, known.subject) == (fact.digest, fact.subject)
    return standing.fact == fact


_One = TypeVar("_One")


def _parts(several: Sequence[_One]) -> list[Sequence[_One]]:
    return [several[start : start + _PEOPLE] for start in range(0, len(several), _PEOPLE)]
