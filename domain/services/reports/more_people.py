"""Asking to open more people's values within a day than one person may, and agreeing to it: another subject (AUD-8)."""

from __future__ import annotations

from domain.errors import Misconfigured, NotFound, SecondPersonNeeded
from domain.events.custody import MorePeopleAgreed, MorePeopleAsked
from domain.four_eyes import SURELY, is_second_person, spelt
from domain.log import Fact, Log, Meta, Pending, StreamAppend, Vault
from domain.ports import Clock
from domain.showings import MorePeople, more_people
from domain.streams import CUSTODY
from domain.values import Actor, LegalEntityId, trimmed

MOST_AT_ONCE = 100_000


def ask_for_more(
    log: Log, vault: Vault, clock: Clock, *, actor: Actor, entity: LegalEntityId, people: int, reason: str
) -> MorePeople:
    """Good for 24 hours once somebody agreed. Raises Misconfigured without a reason or a number."""
    if not trimmed(reason):
        raise Misconfigured("asking to open more people's values needs a reason; it is recorded with your name")
    if not 1 <= people <= MOST_AT_ONCE:
        raise Misconfigured(f"ask for 1 to {MOST_AT_ONCE} people")
    asked = MorePeopleAsked(legal_entity=entity, people=people, subject=vault.subject(), reason=reason, rule="AUD-8")
    version = _record(log, clock, actor, asked)
    return more_people(log.stream(CUSTODY))[f"more-{version}"]


def agree_to_more(log: Log, clock: Clock, *, actor: Actor, asked: str) -> MorePeople:
    """Raises NotFound for what does not wait, and SecondPersonNeeded for one's own."""
    found = waiting_for_more(log, clock).get(asked)
    if found is None:
        raise NotFound(f"{asked} does not wait for a second person")
    if not is_second_person(found.asked_by, actor):
        raise SecondPersonNeeded(f"{asked} was asked for by {found.asked_by}: somebody else has to agree{SURELY}")
    _record(log, clock, actor, MorePeopleAgreed(asked=asked, legal_entity=found.legal_entity, rule="AUD-8"))
    return more_people(log.stream(CUSTODY))[asked]


def waiting_for_more(log: Log, clock: Clock) -> dict[str, MorePeople]:
    """By id, oldest first."""
    now = clock.now()
    asked = more_people(log.stream(CUSTODY))
    return {name: one for name, one in asked.items() if one.agreed_by is None and now < one.good_until}


def good_now(log: Log, clock: Clock, actor: Actor) -> dict[str, MorePeople]:
    """What somebody agreed to of what this person asked for, by id, oldest first, while it counts."""
    now = clock.now()
    asked = more_people(log.stream(CUSTODY))
    return {
        name: one
        for name, one in asked.items()
        if one.agreed_by is not None and spelt(one.asked_by) == spelt(actor) and now < one.good_until
    }


def why_more(vault: Vault, asked: MorePeople) -> str:
    """The reason in clear, for whoever has to agree."""
    (opened,) = vault.opened([asked.recorded])
    return str(opened.fact.reason) if isinstance(opened.fact, MorePeopleAsked) else ""


def _record(log: Log, clock: Clock, actor: Actor, fact: Fact) -> int:
    version = len(log.stream(CUSTODY))
    meta = Meta(recorded_at=clock.now(), actor=actor, correlation="more-people")
    log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
    log.checkpoint()
    return version
