"""What became of decisions that were derived again: which of them follow, what is told of it, and what is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from domain.alerts import AlertTarget
from domain.attributes import Role
from domain.errors import LogDamaged
from domain.events.alert import AlertRaised
from domain.events.findings import LookedBy
from domain.events.grounds import DecisionsDerived
from domain.planning.decide import NO_WRITES, Plan, decide
from domain.planning.eligibility import NOT_CONSIDERED
from domain.rules import REVISIONS
from domain.services.journal import Journal
from domain.services.replay.derive import Derived, alarm, derive, derive_what_is_new, record
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import Deviation, Replayed, Verdict, WentOn, replay
from domain.services.sync.report import quiet
from domain.streams import DERIVATIONS
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, RunId
from tests.support.interposed import ProcessDied
from tests.support.offices import Trouble
from tests.support.world import World, facts
from tests.support.world_in_process import InProcess

AT = datetime(2026, 3, 16, 8, tzinfo=UTC)
AGREES, DEVIATES = Verdict.AGREES, Verdict.DEVIATION
SANNE = Deviation(PersonId("11"), EmployeeNumber(4711), DEVIATES, ("write 0 (employee): another record in Loket",))
CALM = Replayed(
    RunId("run-1"), LookedBy.RUN, LegalEntityId("170"), AT, date(2026, 3, 16), 3, {AGREES: 3}, (), (), "1.2",
    WentOn(AGREES),
)  # fmt: skip
APART = replace(
    CALM, name=RunId("run-2"), verdicts={AGREES: 1, DEVIATES: 1, Verdict.ERASED: 1}, differing=(SANNE,), product=""
)
ASTRAY = replace(CALM, name=RunId("run-3"), went_on=WentOn(DEVIATES, ("it wrote although it was stopped",)))
CHECK = replace(CALM, name=RunId("check-4"), look=LookedBy.DRIFT_CHECK, went_on=None)
NOT_COMPARED = replace(CALM, name=RunId("run-5"), went_on=WentOn(Verdict.NOT_KEPT))


@pytest.mark.parametrize(
    ("made", "astray", "follows"),
    [
        (CALM, False, True),
        (APART, False, False),
        (ASTRAY, True, False),
        (CHECK, False, True),
        (NOT_COMPARED, False, True),
    ],
)
def test_a_look_follows_where_every_decision_does_and_how_it_went_on_with_everybody(
    made: Replayed, astray: bool, follows: bool
) -> None:
    assert (made.astray, made.follows, Derived((CALM, made)).follows) == (astray, follows, follows)
    assert made.deviations == (made is APART)


@pytest.mark.parametrize(("verdict", "explained"), [(one, one not in (AGREES, DEVIATES)) for one in Verdict])
def test_only_what_agrees_and_what_deviates_has_no_reason_of_its_own(verdict: Verdict, explained: bool) -> None:
    assert verdict.explained is explained


def test_decisions_and_runs_are_counted_over_all_looks() -> None:
    derived = Derived((CALM, APART, ASTRAY, CHECK))

    assert (derived.decisions, derived.deviations) == (12, 1)
    assert derived.verdicts == {AGREES: 10, Verdict.ERASED: 1, DEVIATES: 1}
    assert derived.runs == {AGREES: 2, DEVIATES: 1}


def test_a_paper_tells_in_one_line_only_what_there_is_to_tell() -> None:
    looks, whole = Derived((CALM, APART, ASTRAY, NOT_COMPARED), ((RunId("run-0"), "too old"),)), Derived((CALM,))

    assert Derived(()).told() == "0 of 0 decisions were derived again from the log and agree"
    assert whole.told() == "3 of 3 decisions were derived again from the log and agree"
    assert looks.told() == (
        "10 of 12 decisions were derived again from the log and agree; erased: 1; "
        "runs and checks that cannot be derived again: 1; 1 DOES NOT FOLLOW from the rules; "
        "runs of which it cannot be said whether they were rightly stopped or not: 1; "
        "runs that did NOT go on as follows from their decisions: 1"
    )


def test_a_program_is_told_every_verdict_and_each_decision_that_does_not_agree() -> None:
    told = Derived((APART, CHECK), ((RunId("run-0"), "too old"),)).as_json()

    nothing = {verdict.value: 0 for verdict in Verdict}
    assert told["verdicts"] == nothing | {"agrees": 4, "erased": 1, "deviation": 1}
    assert (told["runs"], told["deviations"], told["follows"]) == (nothing | {"agrees": 1}, 1, False)
    assert told["not_derivable"] == [{"name": "run-0", "why": "too old"}]
    run, check = told["looks"]
    assert (run["differing"], run["product"]) == (
        [
            {
                "person_id": "11",
                "employee_number": 4711,
                "verdict": "deviation",
                "differences": ["write 0 (employee): another record in Loket"],
            }
        ],
        None,
    )
    assert run["went_on"] == {"verdict": "agrees", "differences": []}
    assert (check["went_on"], check["product"], check["people"], check["look"]) == (None, "1.2", 3, "drift_check")


DAY = date(2026, 3, 15)
OF_SPACES = ("CHECK-1", "DRIFT-2", "WHO-3")
OLGA = (AlertTarget("Olga"),)


@pytest.fixture
def world() -> Iterator[World]:
    one = World(InProcess())
    for name in ("Sanne", "Daan"):
        one.employ(name)
    yield one
    one.close()


def journal(world: World) -> Journal:
    return Journal(tools=world.tools(), actor=Actor("schedule"), correlation="derive-1")


def on_record(world: World) -> list[DecisionsDerived]:
    return list(facts(world.everything(), DecisionsDerived))


def alerts(world: World) -> list[tuple[int, int]]:
    """How many conditions each tells of, and how many it says are over."""
    return [(len(one.opened), len(one.recovered)) for one in facts(world.everything(), AlertRaised)]


def misjudge(world: World, name: str, look: Callable[[World], object] = lambda world: world.run(DAY)) -> None:
    """A look decides about them as if they were not considered."""

    def otherwise(*read: Any, **about: Any) -> Plan:
        plan, person = decide(*read, **about), world.people[name].person
        apart = {one.person: replace(one, left_out=NOT_CONSIDERED, writes=NO_WRITES) for one in plan.decisions}
        return replace(
            plan, decisions=tuple(apart[one.person] if one.person == person else one for one in plan.decisions)
        )

    with pytest.MonkeyPatch.context() as patched:
        for place in ("sync.decided", "drift.check"):
            patched.setattr(f"domain.services.{place}.decide", otherwise)
        look(world)


def test_each_time_only_what_was_decided_since_is_derived_and_counted(world: World) -> None:
    world.run(DAY)
    first_end = world.tools().log.size() - 1
    derive_what_is_new(journal(world), OLGA)
    world.run(DAY + timedelta(days=1))
    world.check(DAY + timedelta(days=1))
    derive_what_is_new(journal(world), OLGA)

    first, second = on_record(world)
    assert (first.first, first.last, first.looks, first.decisions, first.agree) == (0, first_end, 1, 2, 2)
    assert (second.first, second.looks, second.decisions, second.agree) == (first_end + 1, 2, 4, 4)
    for one in (first, second):
        assert (one.deviations, one.deviating, one.runs_astray, one.underivable) == (0, (), 0, 0)
        assert (one.rule_changed, one.erased, one.not_kept) == (0, 0, 0)
    assert alerts(world) == []


def test_a_run_that_may_still_write_waits_for_its_end_with_all_that_came_after_it(world: World) -> None:
    def die() -> None:
        raise ProcessDied

    world.run(DAY)
    begins = world.tools().log.size()
    world.edit("Sanne", Role("street"), "Kade")
    world.hooks().on_writing = die
    world.run(DAY, time(10))
    before = derive_what_is_new(journal(world), OLGA)
    world.run(DAY, time(11))
    after = derive_what_is_new(journal(world), OLGA)

    assert ([one.name for one in before.made], [one.name for one in after.made]) == (["run-1"], ["run-2", "run-3"])
    first, second = on_record(world)
    assert (first.first, first.last, second.first) == (0, begins - 1, begins)


def test_what_does_not_follow_is_an_alert_until_everything_was_derived_anew_and_does(world: World) -> None:
    misjudge(world, "Sanne")
    derived = derive_what_is_new(journal(world), OLGA)
    world.run(DAY, time(10))
    derive_what_is_new(journal(world), OLGA)  # of that run alone, which follows

    fact, _ = on_record(world)
    assert (derived.deviations, fact.deviations, fact.deviating, fact.agree) == (1, 1, ("run-1",), 1)
    assert alerts(world) == [(1, 0)]

    tools = world.tools()
    log = tools.log
    revised = partial(replay, Looks(log, tools.vault), revisions={**REVISIONS, "WHO-3": 9})
    again = Derived(tuple(revised(name) for name in looks_between(log)))
    anew = journal(world)
    anew.knows(DERIVATIONS, len(log.stream(DERIVATIONS)))
    record(anew, again, OLGA, first=0, last=log.size() - 1)
    assert (again.deviations, on_record(world)[-1].rule_changed) == (0, 1)
    assert alerts(world) == [(1, 0), (0, 1)]


def test_whoever_looks_at_a_few_raises_the_alert_alone(world: World) -> None:
    misjudge(world, "Sanne")
    tools = world.tools()

    alarm(journal(world), derive(tools.log, tools.vault, [RunId("run-1")]), OLGA)
    alarm(journal(world), Derived(()), OLGA)

    assert on_record(world) == []
    assert alerts(world) == [(1, 0)]


def test_what_a_check_decided_otherwise_is_told_though_it_did_nothing(world: World) -> None:
    misjudge(world, "Sanne", lambda world: world.check(DAY))
    tools = world.tools()

    (made,) = derive(tools.log, tools.vault, looks_between(tools.log)).made

    (apart,) = made.differing
    assert (apart.person, apart.verdict) == (world.people["Sanne"].person, DEVIATES)
    assert (apart.differences, made.went_on) == (("another decision than the recorded one",), None)


def test_what_was_decided_and_never_sent_is_told_and_no_changed_rule_explains_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.edit("Sanne", Role("street"), "Kade")
    monkeypatch.setattr("domain.services.sync.run.Writer.write", lambda _, decision, *__: (quiet(decision), False))
    world.run(DAY)
    tools = world.tools()

    made = replay(Looks(tools.log, tools.vault), RunId("run-1"), revisions={**REVISIONS, "WHO-3": 9})

    (apart,) = made.differing
    assert (apart.person, apart.verdict) == (world.people["Sanne"].person, DEVIATES)
    assert apart.differences == ("write 0 (employee): derived, and not sent: address.street",)


@pytest.mark.parametrize(
    ("role", "value"), [("street", "Grote\u00a0Markt"), ("postal_code", "1011\u00a0AB"), ("last_name", "Van\u2009Dam")]
)
def test_what_was_decided_before_every_space_was_the_ordinary_one_is_explained(
    world: World, role: str, value: str
) -> None:
    """A postal code was a finding then, and held everybody."""
    world.run(DAY)
    world.edit("Sanne", Role(role), value)
    with pytest.MonkeyPatch.context() as before:
        before.setattr("domain.planning.kinds._OTHER_SPACES", re.compile("(?!)"))
        unchanged = {rule: number for rule, number in REVISIONS.items() if rule not in OF_SPACES}
        before.setattr("domain.services.replay.record.REVISIONS", unchanged)
        world.run(DAY + timedelta(days=1))
    world.run(DAY + timedelta(days=2))
    tools = world.tools()

    first, old, new = derive(tools.log, tools.vault, looks_between(tools.log)).made

    assert [one.verdicts for one in (first, new)] == [{AGREES: 2}, {AGREES: 2}]
    assert [(one.person, one.verdict) for one in old.differing] == [
        (world.people["Sanne"].person, Verdict.RULE_CHANGED)
    ]
    assert (old.follows, old.rules_changed) == (True, OF_SPACES)


def test_a_finding_that_another_rule_raises_today_explains_that_nobody_was_held_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.edit("Sanne", Role("postal_code"), "1011\u00a0AB")
    world.edit("Daan", Role("street"), "Kade")
    world.run(DAY)
    tools = world.tools()

    monkeypatch.setattr("domain.planning.kinds._OTHER_SPACES", re.compile("(?!)"))
    made = replay(Looks(tools.log, tools.vault), RunId("run-1"), revisions={**REVISIONS, "CHECK-1": 9})

    assert [(one.person, one.verdict) for one in made.differing] == [
        (world.people["Sanne"].person, Verdict.RULE_CHANGED)
    ]
    assert made.went_on == WentOn(Verdict.RULE_CHANGED, ("recorded not stopped, derived CHECK-2",))


def test_one_look_that_cannot_be_read_hides_no_other_and_a_damaged_log_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(looks: Looks, name: RunId) -> Replayed:
        if name == "run-1":
            raise reason
        return replay(looks, name)

    world.run(DAY)
    world.run(DAY, time(10))
    world.hr.trouble(Trouble.UNREACHABLE)
    world.run(DAY, time(11))
    tools, told = world.tools(), list[tuple[str, int, int]]()
    monkeypatch.setattr("domain.services.replay.derive.replay", fails)

    reason: Exception = KeyError("Sanne")
    derived = derive(tools.log, tools.vault, [RunId(f"run-{one}") for one in (1, 2, 3)], lambda *one: told.append(one))
    assert dict(derived.unreadable) == {
        "run-1": "it cannot be read by this version (KeyError)",
        "run-3": "run-3 decided about nobody, or was made by a version that did not yet record what decisions stand on",
    }
    assert [one.name for one in derived.made] == ["run-2"]
    assert told == [("deriving decisions", done, 3) for done in range(3)]

    reason = LogDamaged("position 3")
    with pytest.raises(LogDamaged):
        derive(tools.log, tools.vault, [RunId("run-1")])
