"""Deciding by what was read, until nothing new rests on anybody who was not read again (RUN-15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from domain.grounds.prints import print_of
from domain.planning.decide import Decision, Memory, Plan, decide
from domain.planning.eligibility import HELD_OUT
from domain.services.drift.cases import with_decided
from domain.services.journal import Journal
from domain.services.reading.observe import Observation
from domain.services.sync.record_observation import News, news_of
from domain.services.sync.remember import Remembered
from domain.settings import Policy
from domain.streams import loket_stream
from domain.values import EmployeeNumber


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about everybody, and by which read. `news`: what it adds to the log, where that was worked out.

    A read with doubts is the last one: nothing is to be concluded from what was decided by it (RUN-12).
    """

    observation: Observation
    memory: Memory
    plan: Plan
    news: News | None = None


def decided(
    journal: Journal,
    policy: Policy,
    today: date,
    observation: Observation,
    remembered: Remembered,
    look_again: Callable[[Observation, frozenset[EmployeeNumber]], Observation],
) -> Decided:
    """Whoever was not read again, and of whom something new would be decided, written or recorded, is read first.

    What changed since the last read need not be in either system: somebody may have decided about a difference.
    Nothing is recorded here; `look_again` may raise ReadFailed or Misconfigured.
    """
    remembers = with_decided(journal.tools, policy, remembered)
    while True:
        memory = replace(remembers, follow_up=observation.unread.follow_up)
        plan = decide(observation.personio, observation.loket, observation.compensations, memory, policy, today=today)
        if observation.doubts or observation.unread.since is None:
            return Decided(observation, memory, plan)
        news = news_of(journal, observation, plan, remembered, policy)
        again = _resting_on_the_last_read(journal, policy, observation, plan, news)
        if not again:
            return Decided(observation, memory, plan, news)
        observation = look_again(observation, again)


def _resting_on_the_last_read(
    journal: Journal, policy: Policy, observation: Observation, plan: Plan, news: News
) -> frozenset[EmployeeNumber]:
    """Who was not read again although not everything about them is as the last read left it."""
    unread, last = observation.unread.numbers, observation.asked.last
    before = last.prints if last else {}

    def is_new(number: EmployeeNumber, one: Decision) -> bool:
        if one.writes or news.facts.get(loket_stream(policy.entity.personio_id, number)):
            return True
        return one.left_out in (None, HELD_OUT) and print_of(one, journal.tools.vault) != before.get(one.person)

    return frozenset(one.number for one in plan.decisions if one.number in unread and is_new(one.number, one))
