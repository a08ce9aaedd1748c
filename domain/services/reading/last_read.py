"""What the latest run that completed knew of everyone in Loket, for whoever does not read them again (RUN-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.events.grounds import LeftOutJudged
from domain.events.runs import OutcomeRecorded, RunCompleted, RunStarted, SystemsRead
from domain.grounds.case import Case
from domain.log import Recorded
from domain.outcomes import ERRORS, outcomes_in
from domain.planning import eligibility
from domain.planning.findings import NOT_SEEN, NoticeCode
from domain.services.journal import Tools
from domain.services.judged_by import policy_applied
from domain.services.replay.looks import Looks, NotReplayable
from domain.settings import Policy
from domain.snapshots import PersonioPerson
from domain.streams import grounds_stream, loket_stream, run_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class LastRead:
    """The latest run of the legal entity that completed, and what it stood on."""

    run: RunId
    at: datetime  # since when what it did not read itself was known; else when it read
    today: date
    took: timedelta  # until both systems were read
    spared: int = 0  # people it did not read itself
    version: int | None = None  # Loket's newest version number before it read; None: nothing can be held against it
    rights: str = ""  # empty: Loket did not list them
    policy: str | None = None  # the digest of its settings
    product: str = ""  # the version of Tweeluik that read
    serves: bool = False  # every write ended well, and no run has begun since
    cases: Mapping[EmployeeNumber, Case] = field(default_factory=dict)  # of whom nothing was recorded since
    ended: Mapping[PersonId, LeftOutJudged] = field(default_factory=dict)  # left out because Loket has ended them
    follow_up: Mapping[PersonId, str] = field(default_factory=dict)  # what was left to do by hand of each of them
    incomplete: frozenset[PersonId] = frozenset()  # of whom Loket did not show everything (RUN-9)
    prints: Mapping[PersonId, bytes] = field(default_factory=dict)  # of what it decided

    def may_be_repeated(self, policy: Policy, today: date) -> bool:
        """Whether a look of this day under these settings may leave people as this read knew them."""
        return self.serves and self.today == today and self.policy == policy_applied(policy).digest

    def has_ended(self, person: PersonioPerson) -> bool:
        """Whether Loket had ended the employment to which the person's two numbers lead, and still lead."""
        then = self.ended.get(person.id)
        numbers = (person.employee_number, person.income_number)
        return then is not None and (then.employee_number, then.income_number) == numbers


def last_read(tools: Tools, policy: Policy) -> LastRead | None:
    """The run of the last accepted sweep with everything it knew of everyone; None before the first.

    Its `version` is None where nothing may rest on it, and then it knows nothing of anybody.
    To be asked before a run begins: from then on it is one that has begun since. The views must be caught up.
    """
    found, events = _latest(tools, policy) if policy.between_full_reads else (None, ())
    if found is None or found.version is None:
        return found
    try:
        look = Looks(tools.log, tools.vault).look(found.run)
    except NotReplayable:
        return replace(found, version=None)
    outcomes = {PersonId(one.person_id): one for event in events for one in outcomes_in(event.fact)}
    ended = {person for person, one in outcomes.items() if one.reason == eligibility.TERMINATED.rule}
    cases = [one for one in look.grounds.values() if isinstance(one, Case)]
    return replace(
        found,
        product=look.product,
        cases=_still_standing(tools, policy.entity.personio_id, cases, look.standing),
        ended={
            person: one for person, one in look.grounds.items() if isinstance(one, LeftOutJudged) and person in ended
        },
        follow_up={person: _by_hand(outcomes[person]) for person in ended},
        incomplete=frozenset(person for person, one in outcomes.items() if not NOT_SEEN.isdisjoint(one.notices)),
        prints=look.prints,
    )


def latest_run(tools: Tools, policy: Policy) -> LastRead | None:
    """As its own events tell it, without what it knew of anybody. The views must be caught up."""
    return _latest(tools, policy)[0]


def _latest(tools: Tools, policy: Policy) -> tuple[LastRead | None, Sequence[Recorded]]:
    entity = policy.entity.personio_id
    run = tools.views.sync_state.accepted_sweep(entity)
    if run is None:
        return None, ()
    events = tools.log.stream(run_stream(run))
    started = next(((one.meta, one.fact) for one in events if isinstance(one.fact, RunStarted)), None)
    read = next(((one.meta, one.fact) for one in events if isinstance(one.fact, SystemsRead)), None)
    if started is None or read is None:
        return None, ()
    (began, start), (read_at, seen) = started, read
    unread = seen.not_read_again
    well = any(isinstance(one.fact, RunCompleted) and ERRORS.isdisjoint(one.fact.counts) for one in events)
    found = LastRead(
        run,
        unread.since if unread else seen.loket_read_at,
        start.business_date,
        read_at.recorded_at - began.recorded_at,
        unread.people if unread else 0,
        version=seen.version,
        rights=seen.rights,
        policy=start.policy,
        serves=well and not _begun_since(tools, entity, events),
    )
    return found, events


def _by_hand(outcome: OutcomeRecorded) -> str:
    """The fields to be changed in Loket by hand, as an outcome tells them; empty where it tells none (END-2)."""
    told_of = dict(zip(outcome.notices, outcome.details, strict=True))
    return told_of.get(NoticeCode.MANUAL_FOLLOW_UP, "")


def _begun_since(tools: Tools, entity: LegalEntityId, events: Sequence[Recorded]) -> bool:
    after = events[-1].position
    while page := tools.log.page(after, _PAGE):
        if any(isinstance(one.fact, RunStarted) and one.fact.legal_entity == entity for one in page):
            return True
        after = page[-1].position
    return False


def _still_standing(
    tools: Tools, entity: LegalEntityId, cases: Iterable[Case], standing: int
) -> dict[EmployeeNumber, Case]:
    """Without those of whom anything was recorded since: by a write of the run, a check, or anybody."""
    found = {number: case for case in cases if (number := case.person.employee_number) is not None}
    streams = {loket_stream(entity, number): number for number in found}
    of_people = {grounds_stream(entity, case.person.id): number for number, case in found.items()}
    newest = tools.log.newest([*streams, *of_people])
    moved = {(streams | of_people)[stream] for stream, event in newest.items() if event.position >= standing}
    return {number: case for number, case in found.items() if number not in moved}
