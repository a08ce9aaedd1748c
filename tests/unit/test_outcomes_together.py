"""Who of a run has an event of their own, and who shares one because there is no news of them (RUN-4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
import pytest

from adapters.log.mapper import stored
from adapters.log.proof.tree import MAX_ENTRY
from domain.attributes import Role
from domain.events.runs import OutcomeRecorded, OutcomesRecorded, Unmoved
from domain.log import Fact, Meta, StreamId
from domain.naming import people_named
from domain.outcomes import apart, outcome_of, outcomes_in
from domain.planning.acceptance import Acceptance
from domain.planning.decide import Decision, Plan
from domain.planning.findings import Notice, NoticeCode
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Tools
from domain.services.sync.outcomes import TOGETHER, Said, outcome_facts, said_before
from domain.services.sync.remember import Remembered
from domain.services.sync.report import quiet
from domain.streams import loket_stream, person_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, SubjectRef
from tests.support.derived import deviations
from tests.support.world import World, person
from tests.support.world_in_process import InProcess

FIRST, SECOND, THIRD = date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 15)
STREET, CONSIDER = Role("street"), Role("consider_in_nl_payroll")
TULP: Final = LegalEntityId("170")


@pytest.fixture
def world() -> Iterator[World]:
    """Three people whom a run has seen twice without any news."""
    made = World(InProcess())
    for name in ("Sanne", "Daan", "Noor"):
        made.employ(name)
    made.run(FIRST)
    made.run(SECOND)
    yield made
    made.close()


def told(world: World) -> dict[str, str]:
    """How the latest run told of each person: alone, or together with others."""
    run = world.last_report().run_id
    facts = [one.fact for one in world.everything() if one.meta.correlation == run]
    ways = {OutcomeRecorded: "alone", OutcomesRecorded: "together"}
    names = {one.person: name for name, one in world.people.items()}
    found = [(one, type(fact)) for fact in facts for one in outcomes_in(fact)]
    return {names[PersonId(one.person_id)]: ways[how] for one, how in found if how in ways}


def test_everyone_has_an_event_of_their_own_in_their_first_run_and_shares_one_from_then_on() -> None:
    world = World(InProcess())
    world.employ("Sanne")
    world.run(FIRST)
    first = told(world)
    world.employ("Daan")
    world.run(SECOND)

    assert first == {"Sanne": "alone"}
    assert told(world) == {"Sanne": "together", "Daan": "alone"}


@pytest.mark.parametrize(
    "news",
    [
        lambda world: world.edit("Sanne", STREET, "Central Ave"),
        lambda world: world.edit("Sanne", CONSIDER, "No"),
    ],
    ids=["a write", "another outcome"],
)
def test_whoever_has_news_has_an_event_of_their_own(world: World, news: Any) -> None:
    news(world)
    world.run(THIRD)

    assert told(world) == {"Sanne": "alone", "Daan": "together", "Noor": "together"}


def _facts(
    *decisions: Decision, before: dict[PersonId, Said] | None = None, moved: tuple[StreamId, ...] = ()
) -> list[Fact]:
    """What is recorded of people who are all unchanged, and were so before."""
    known = before or {one.person: Said("unchanged", "EDIT-1", *_notices(one), len(one.notices)) for one in decisions}
    people = Remembered({}, {}, {})
    facts = outcome_facts(
        Plan(decisions), map(quiet, decisions), people, entity=TULP, before=known, moved=moved.__contains__
    )
    return list(facts)


def _notices(one: Decision) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(each.code.value for each in one.notices), tuple(each.detail for each in one.notices)


def decision(person: str, number: int | None = None, **more: Any) -> Decision:
    return Decision(PersonId(person), None if number is None else EmployeeNumber(number), None, **more)


@pytest.mark.parametrize("moved", [person_stream(PersonId("a")), loket_stream(TULP, EmployeeNumber(1))])
def test_a_change_that_was_recorded_is_news_though_the_outcome_is_the_same(moved: StreamId) -> None:
    (alone, together) = _facts(decision("a", 1), decision("b", 2), moved=(moved,))

    assert (outcome_of(alone, PersonId("a")) is not None, type(alone)) == (True, OutcomeRecorded)
    assert together == OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=(Unmoved("b", 2),))


def test_a_notice_that_was_not_there_before_is_news_and_one_that_stays_is_not() -> None:
    noticed = decision("a", 1, notices=(Notice(NoticeCode.PAY_TYPE_NOT_SENT, "Crypto"),))
    before = {PersonId("a"): Said("unchanged", "EDIT-1", (), (), 0)}

    (first,) = _facts(noticed, before=before)
    (second,) = _facts(noticed, before={PersonId("a"): Said("unchanged", "EDIT-1", *_notices(noticed), 0)})

    assert isinstance(first, OutcomeRecorded)
    assert isinstance(second, OutcomesRecorded)
    assert second.people[0].notices == ("PAY_TYPE_NOT_SENT",)


def test_how_many_payments_wait_for_a_concept_employee_is_never_told_beside_others() -> None:
    waiting = decision("a", 1, withheld=3)

    (fact,) = _facts(waiting, before={PersonId("a"): Said("unchanged", "EDIT-1", (), (), 0)})

    assert isinstance(fact, OutcomeRecorded)


def test_of_two_people_with_one_number_the_second_has_an_event_of_their_own() -> None:
    """Whoever asks what is said of a number is answered one thing by each event."""
    alone, together = _facts(decision("a", 1), decision("b", 1))

    assert isinstance(alone, OutcomeRecorded)
    assert isinstance(together, OutcomesRecorded)
    assert (alone.person_id, [one.person_id for one in together.people]) == ("b", ["a"])


def test_people_without_a_number_share_an_event() -> None:
    (fact,) = _facts(decision("a"), decision("b"))

    assert [one.person_id for one in outcomes_in(fact)] == ["a", "b"]


def test_many_people_are_told_of_in_several_events_in_the_order_of_the_plan() -> None:
    everyone = [decision(f"p{at}", at) for at in range(2 * TOGETHER + 1)]

    facts = _facts(*everyone)

    assert [len(outcomes_in(one)) for one in facts] == [TOGETHER, TOGETHER, 1]
    assert [one.person_id for fact in facts for one in outcomes_in(fact)] == [one.person for one in everyone]


def test_an_event_ends_before_what_it_says_is_too_long_for_one_entry_of_the_log() -> None:
    long = (Notice(NoticeCode.PAY_TYPE_NOT_SENT, "C" * 9_000),)
    everyone = [decision(f"p{at}", at, notices=long) for at in range(5)]
    longest = decision("q", 9, notices=5 * long)
    before = {one.person: Said("unchanged", "EDIT-1", *_notices(one), 0) for one in (*everyone, longest)}

    facts = _facts(*everyone, before=before)

    assert [len(outcomes_in(one)) for one in facts] == [4, 1]
    assert [len(outcomes_in(one)) for one in _facts(longest, *everyone[:1], before=before)] == [1, 1]
    assert max(len(msgspec.json.encode(one)) for one in facts) < 41_000


def test_what_an_event_says_is_measured_in_bytes_as_it_is_stored() -> None:
    """A hundred people with 200 characters of three bytes each are more than an entry of the log holds."""
    long = (Notice(NoticeCode.PAY_TYPE_NOT_SENT, "件" * 100), Notice(NoticeCode.PAY_TYPE_NOT_SENT, "\u2028" * 100))
    everyone = [decision(f"p{at}", at, notices=long) for at in range(TOGETHER)]
    before = {one.person: Said("unchanged", "EDIT-1", *_notices(one), 0) for one in everyone}
    meta = Meta(recorded_at=datetime(2026, 3, 15, tzinfo=UTC), actor=Actor("system"), correlation="run-1")

    facts = _facts(*everyone, before=before)

    assert sum(len(outcomes_in(one)) for one in facts) == TOGETHER
    assert all(len(stored(StreamId("run:run-1"), 9, meta, one).state) < MAX_ENTRY for one in facts)


def test_what_is_told_together_is_told_apart_as_if_each_had_an_event_of_their_own(world: World) -> None:
    run = world.last_report().run_id
    events = [one for one in world.everything() if one.meta.correlation == run]
    (shared,) = (one for one in events if isinstance(one.fact, OutcomesRecorded))

    each = [one for one in apart(events) if one.position == shared.position]

    assert [type(one.fact) for one in each] == [OutcomeRecorded] * 3
    assert outcome_of(shared.fact, person(world, "Daan")) == each[1].fact
    assert outcome_of(shared.fact, PersonId("nobody")) is None
    assert people_named(shared.fact) == 3


def test_what_a_run_said_is_known_from_the_latest_one_that_came_to_outcomes(world: World) -> None:
    tools = caught_up(world)

    before = said_before(tools, TULP)

    assert before == dict.fromkeys(
        (person(world, one) for one in ("Sanne", "Daan", "Noor")), Said("unchanged", "EDIT-1", (), (), 0)
    )
    assert said_before(tools, LegalEntityId("999")) == {}


def test_nobodys_history_tells_of_anybody_beside_them(world: World) -> None:
    outcomes = [one.fact for one in world.history("Sanne") if outcomes_in(one.fact)]

    assert [getattr(one, "person_id", None) for one in outcomes] == [person(world, "Sanne")] * 2


def test_an_outcome_that_does_not_follow_is_told_though_it_is_shared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*given: Any, **more: Any) -> list[Fact]:
        return [
            msgspec.structs.replace(one, outcome="left_out", reason="WHO-3") for one in outcome_facts(*given, **more)
        ]

    monkeypatch.setattr("domain.services.sync.run.outcome_facts", wrong)
    world.run(THIRD)

    assert told(world) == dict.fromkeys(("Sanne", "Daan", "Noor"), "together")
    assert len(deviations(world.tools())) == 3


@pytest.mark.parametrize("until", [date(2026, 6, 1), date(2026, 12, 1)], ids=["as before", "longer"])
def test_whoever_has_an_accepted_difference_keeps_an_event_of_their_own(until: date) -> None:
    """Their messages are sealed, so that nobody can tell that the day of an acceptance moved since the run before."""
    person, field = PersonId("a"), FieldPath("address.street")
    accepted = decision("a", 1, accepted=(Acceptance(field, "Main St", until),))
    remembered = Remembered({person: PersonioRecord(subject=SubjectRef("s"))}, {}, {})
    said = Said("unchanged", "EDIT-1", (), (), 1)

    (fact,) = outcome_facts(
        Plan((accepted,)), [quiet(accepted)], remembered, entity=TULP, before={person: said},
        moved=set[object]().__contains__,
    )  # fmt: skip

    assert isinstance(fact, OutcomeRecorded)
    assert fact.messages == (f"DRIFT-8: address.street is accepted as it is in Loket until {until}",)


def test_what_a_run_said_before_it_was_cut_off_is_what_was_said_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run after it has nothing to write for Sanne, and still tells of her alone: she was updated before."""

    def killed(**_: Any) -> Fact:
        raise KeyboardInterrupt

    world.edit("Sanne", STREET, "Central Ave")
    with monkeypatch.context() as patched:
        patched.setattr("domain.services.sync.run.RunCompleted", killed)
        with pytest.raises(KeyboardInterrupt):
            world.run(THIRD)
    assert said_before(caught_up(world), TULP)[person(world, "Sanne")].outcome == "updated"
    world.run(THIRD)

    assert told(world) == {"Sanne": "alone", "Daan": "together", "Noor": "together"}


def caught_up(world: World) -> Tools:
    tools = world.tools()
    tools.views.catch_up()
    return tools
