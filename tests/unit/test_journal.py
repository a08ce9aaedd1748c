"""Appending in the name of one actor: whole or not at all, in parts that fit, and under the claim that is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import ClaimLost, StreamMoved
from domain.events.setup import PolicyApplied
from domain.log import Pending, StreamAppend, StreamId
from domain.services.journal import Journal
from domain.services.judged_by import judged_by
from domain.streams import policy_stream
from domain.values import Actor, RunId
from tests.support.log_site import gates
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

SANNE, DAAN = StreamId("person:11"), StreamId("person:12")


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    yield made
    made.close()


def journal(world: World, actor: str = "Anna") -> Journal:
    return Journal(tools=world.tools(), actor=Actor(actor), correlation="run-1")


def lengths(world: World, *streams: StreamId) -> list[int]:
    return [len(world.tools().log.stream(one)) for one in streams]


def test_each_record_follows_what_this_journal_appended_before(world: World) -> None:
    ours = journal(world)

    assert ours.record((SANNE, [gates(1)]), (DAAN, ())) == world.tools().log.stream(SANNE)
    assert [event.version for event in ours.record((SANNE, [gates(2), gates(3)]))] == [1, 2]
    assert [ours.has_appended_to(one) for one in (SANNE, DAAN)] == [True, False]
    assert ours.record((DAAN, ())) == ()


def test_what_is_decided_by_a_stream_that_moved_is_refused_and_what_has_happened_is_not(world: World) -> None:
    ours = journal(world)
    journal(world, "Bas").record((SANNE, [gates(1), gates(2)]))

    with pytest.raises(StreamMoved):
        ours.record((SANNE, [gates(3)]))
    (happened,) = ours.record_happened(SANNE, [Pending(gates(4), None)])
    with pytest.raises(StreamMoved):  # it was decided by the stream as it was read
        ours.record((SANNE, [gates(5)]))

    assert (happened.version, happened.meta.actor) == (2, "Anna")
    (alone,) = ours.record_happened(DAAN, [Pending(gates(6), None)])
    assert [alone.version, *(one.version for one in ours.record((DAAN, [gates(7)])))] == [0, 1]


@pytest.mark.parametrize(
    ("facts_of_each", "parts"), [((250, 250), [500]), ((250, 251), [250, 251]), ((499, 1, 1), [500, 1])]
)
def test_many_facts_are_appended_in_parts_of_five_hundred_of_which_one_stream_stays_whole(
    world: World, monkeypatch: pytest.MonkeyPatch, facts_of_each: Sequence[int], parts: list[int]
) -> None:
    log, appended = world.tools().log, list[int]()
    append = log.append

    def counted(appends: Sequence[StreamAppend], **about: Any) -> Any:
        appended.append(sum(len(one.facts) for one in appends))
        return append(appends, **about)

    monkeypatch.setattr(log, "append", counted)
    journal(world).record_all({StreamId(f"person:{at}"): [gates(1)] * many for at, many in enumerate(facts_of_each)})

    assert appended == parts


def test_whoever_holds_a_claim_writes_and_appends_until_it_is_lost(world: World) -> None:
    ours, claims = journal(world), world.tools().claims
    ours.still_ours()  # nothing is held
    with claims.claim(TULP.personio_id, RunId("run-1")) as claim:
        ours.hold(claim)
        ours.still_ours()
        ours.record((SANNE, [gates(1)]))
        claims.holder_died(TULP.personio_id)  # type: ignore[attr-defined]
        with claims.claim(TULP.personio_id, RunId("other")):
            with pytest.raises(ClaimLost):
                ours.still_ours()
            with pytest.raises(ClaimLost):
                ours.record((SANNE, [gates(2)]))

    assert lengths(world, SANNE) == [1]


def test_settings_are_put_on_record_once_for_each_change_and_not_for_what_judges_nobody(world: World) -> None:
    policy = world.policy()
    changed = replace(policy, rules=replace(policy.rules, bic_required=True))
    elsewhere = replace(policy, only=frozenset(), tasks_open_days=9)

    said = [judged_by(journal(world), one) for one in (policy, policy, elsewhere, changed, policy)]

    applied = facts(world.everything(), PolicyApplied)
    assert said[0] == said[1] == said[2] == said[4] != said[3]
    assert [one.digest for one in applied] == [said[0], said[3], said[4]]


def test_settings_that_somebody_else_records_at_the_same_moment_are_on_record_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, policy = world.tools().log, world.policy()
    append = log.append

    def other_one_first(*what: Any, **about: Any) -> Any:
        monkeypatch.setattr(log, "append", append)
        judged_by(journal(world, "Bas"), policy)
        return append(*what, **about)

    monkeypatch.setattr(log, "append", other_one_first)
    judged_by(journal(world), policy)

    assert lengths(world, policy_stream(TULP.personio_id)) == [1]
