"""What decisions stand on: once for each change, sealed for one person, and no more of anybody than may be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from domain.attributes import BSN, LAST_NAME, Role
from domain.errors import NotFound
from domain.events.grounds import EntityJudged, EveryoneJudged, LeftOutJudged, PersonJudged
from domain.events.setup import PolicyApplied
from domain.events.values import FieldValue
from domain.grounds.coding import read, written
from domain.grounds.prints import NOT_KEPT, unpacked
from domain.personal import Lost
from domain.planning.eligibility import TERMINATED, TERMINATED_BESIDE_A_NEWER
from domain.services.replay.looks import Looks, looks_between, policy_at, told_together
from domain.services.replay.replay import Verdict, replay
from domain.streams import grounds_stream
from domain.values import RunId
from tests.support.fake_log import FakeLog
from tests.support.log_site import META, to
from tests.support.offices import Trouble
from tests.support.world import TULP, TULP_SHOPS, World, facts
from tests.support.world_in_process import InProcess

DAY: Final = date(2026, 3, 15)
STORED: Final = Path(__file__).parents[1] / "golden" / "case.json"


@pytest.fixture
def world() -> Iterator[World]:
    one = World(InProcess())
    for name in ("Sanne", "Daan", "Joris"):
        one.employ(name)
    yield one
    one.close()


def grounds(world: World) -> list[object]:
    kinds = (PersonJudged, LeftOutJudged, EntityJudged, EveryoneJudged)
    return [event.fact for event in world.news() if isinstance(event.fact, kinds)]


def test_what_stayed_the_same_is_recorded_once_and_what_changed_once_more(world: World) -> None:
    """After the second run the log also remembers that they are employees."""
    world.run(DAY)
    first = grounds(world)
    world.run(DAY)
    world.run(DAY)
    second = grounds(world)
    world.edit("Sanne", Role("street"), "Central Ave")
    world.run(DAY)
    third = grounds(world)

    assert [type(one).__name__ for one in first] == ["PersonJudged"] * 3 + ["EntityJudged", "EveryoneJudged"]
    assert [type(one).__name__ for one in second] == ["EveryoneJudged"]
    assert [type(one).__name__ for one in third] == ["PersonJudged", "EveryoneJudged"]


@pytest.mark.parametrize("parts", [1, 2, 4, 5, 9])
@pytest.mark.parametrize("earlier", [[], [("first", 3), ("second", 1)]])
def test_of_what_is_told_of_everybody_again_and_again_only_the_newest_is_read(
    earlier: list[tuple[str, int]], parts: int
) -> None:
    log, stream = FakeLog(), grounds_stream(TULP.personio_id)
    told = [*earlier, ("first", parts)]
    parted = [EntityJudged(legal_entity="170", digest=digest) for digest, several in told for _ in range(several)]
    log.append([to(stream, 0, *parted)], meta=META)

    found = told_together(log, log.newest([stream])[stream])

    assert tuple(found) == log.stream(stream)[-parts:]


def test_a_look_of_the_past_stands_on_what_was_told_then(world: World) -> None:
    world.run(DAY)
    world.employ("Lotte")
    world.run(DAY)

    looks = [Looks(world.tools().log, world.tools().vault).look(RunId(f"run-{one}")) for one in (1, 2)]

    assert [len(one.prints) for one in looks] == [3, 4]


def test_of_whoever_is_left_out_only_the_gates_are_kept(world: World) -> None:
    world.hr.set_status(world.people["Daan"].person, "LEAVE")
    world.run(DAY)

    (gates,) = facts(world.everything(), LeftOutJudged)
    assert (gates.status, gates.considered, gates.employee_number) == ("LEAVE", "yes", world.people["Daan"].number)
    assert len(facts(world.everything(), PersonJudged)) == 2


def test_data_of_somebody_else_never_lies_under_a_persons_key(world: World) -> None:
    """The number leads to an employee of another name and BSN: whose data that is, nobody knows."""
    world.edit("Sanne", BSN, "123456782")
    world.edit("Sanne", LAST_NAME, "Anders")
    world.run(DAY)

    (look,) = (Looks(world.tools().log, world.tools().vault).look(name) for name in looks_between(world.tools().log))
    sanne = world.people["Sanne"].person
    assert sanne is not None
    assert sanne not in look.grounds
    assert look.prints[sanne] == NOT_KEPT
    made = replay(Looks(world.tools().log, world.tools().vault), look.name)
    assert made.verdicts == {Verdict.AGREES: 2, Verdict.NOT_KEPT: 1}


def test_a_validation_beside_runs_says_in_its_own_stream_what_it_saw(world: World) -> None:
    world.run(DAY)
    world.edit("Sanne", Role("street"), "Central Ave")
    world.validate(DAY)

    streams = {event.stream for event in world.everything() if isinstance(event.fact, PersonJudged)}
    assert len(streams) == 4
    assert len([one for one in streams if one.startswith("check:")]) == 1


def test_of_whom_the_log_knows_nothing_yet_a_validation_keeps_nothing(world: World) -> None:
    world.run(DAY)
    for name in ("Lotte", "Tim"):
        world.employ(name)
    tim, lotte = (world.people[name].person for name in ("Tim", "Lotte"))
    assert tim
    world.hr.set_status(tim, "LEAVE")

    world.validate(DAY)

    assert lotte not in {one.person_id for one in facts(world.everything(), PersonJudged)}
    assert facts(world.everything(), LeftOutJudged) == []
    tools = world.tools()
    derived = replay(Looks(tools.log, tools.vault), looks_between(tools.log)[-1])
    assert derived.verdicts == {Verdict.AGREES: 3, Verdict.NOT_KEPT: 2}


def test_what_is_too_large_for_an_event_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.services.replay.record._LARGEST", 10)
    world.run(DAY)

    tools = world.tools()
    derived = replay(Looks(tools.log, tools.vault), RunId("run-1"))
    assert (facts(world.everything(), PersonJudged), derived.verdicts) == ([], {Verdict.AGREES: 0, Verdict.NOT_KEPT: 3})


def test_every_decision_has_six_bytes_in_the_order_of_the_people(world: World) -> None:
    world.run(DAY)

    (everyone,), (entity,) = facts(world.everything(), EveryoneJudged), facts(world.everything(), EntityJudged)
    prints = unpacked(everyone.prints)
    assert [len(one) for one in prints] == [6] * len(entity.people)
    assert len(set(prints)) == 3


def test_a_legal_entity_of_nobody_is_judged_too(world: World) -> None:
    world.run(DAY, entity=TULP_SHOPS)

    (name,) = looks_between(world.tools().log)
    assert replay(Looks(world.tools().log, world.tools().vault), name).people == 0


def test_what_was_decided_is_found_by_place_time_and_legal_entity(world: World) -> None:
    world.run(DAY)
    world.run(DAY + timedelta(days=1), entity=TULP_SHOPS)
    log, (first, second) = world.tools().log, (RunId("run-1"), RunId("run-2"))
    one, other = [event for event in world.everything() if isinstance(event.fact, EveryoneJudged)]

    assert looks_between(log) == [first, second]
    assert looks_between(log, one.position, one.position) == looks_between(log, 0, one.position) == [first]
    assert looks_between(log, 0, one.position - 1) == []
    assert looks_between(log, other.position) == [second]
    assert looks_between(log, other.position + 1, other.position) == []
    assert looks_between(log, since=other.meta.recorded_at) == [second]
    assert looks_between(log, until=other.meta.recorded_at) == [first]
    assert looks_between(log, entities=[TULP.personio_id]) == [first]
    assert looks_between(log, entities=[]) == []


def test_looks_of_one_legal_entity_are_told_or_why_there_is_none(world: World) -> None:
    world.run(DAY)
    world.run(DAY + timedelta(days=1), entity=TULP_SHOPS)
    world.check(DAY + timedelta(days=2))
    first, second, third = (RunId(one) for one in ("run-1", "run-2", "check-3"))
    tools = world.tools()
    looks = Looks(tools.log, tools.vault)
    begun = looks.look(third).first

    assert [one.name for one in looks.those([first, second, third], TULP.personio_id)] == [first, third]
    assert (looks.latest(TULP.personio_id).name, looks.latest(TULP.personio_id, begun - 1).name) == (third, first)
    with pytest.raises(NotFound, match="the log has no run, check or validation run-9"):
        looks.look(RunId("run-9"))
    with pytest.raises(NotFound, match=r"of legal entity 170 among these can be derived again$"):
        looks.those([second], TULP.personio_id)


def test_why_nothing_can_be_derived_again_is_told_where_there_is_nothing_else(world: World) -> None:
    world.run(DAY)
    world.hr.trouble(Trouble.UNREACHABLE)
    world.run(DAY + timedelta(days=1))
    tools = world.tools()
    looks, nobody = Looks(tools.log, tools.vault), RunId("run-2")

    assert [one.name for one in looks.those([nobody, RunId("run-1")], TULP.personio_id)] == ["run-1"]
    with pytest.raises(NotFound, match="can be derived again: run-2 decided about nobody"):
        looks.those([nobody], TULP.personio_id)


def test_settings_are_those_that_were_in_force_at_a_place_of_the_log(world: World) -> None:
    world.run(DAY)
    world.pay_from = date(2026, 1, 1)
    world.run(DAY + timedelta(days=1))
    log, entity = world.tools().log, TULP.personio_id
    one, other = [event.position for event in world.everything() if isinstance(event.fact, PolicyApplied)]

    found = [policy_at(log, entity, place).entity.compensation_start_date for place in (one, other - 1, other)]

    assert found == [None, None, date(2026, 1, 1)]
    with pytest.raises(NotFound):
        policy_at(log, entity, one - 1)


def test_a_case_comes_back_as_it_was_written_and_contact_data_stands_apart(world: World) -> None:
    world.pay_from = date(2026, 1, 1)
    world.run(DAY)
    tools = world.tools()
    look = Looks(tools.log, tools.vault).look(looks_between(tools.log)[0])
    case = look.grounds[look.prints and next(iter(look.prints))]
    assert not isinstance(case, LeftOutJudged)

    stored = written(case, look.policy.catalogue)  # type: ignore[arg-type]

    assert read(stored.text, stored.passing) == case
    assert {one.field for one in stored.passing} >= {"contactInformation.emailAddress", "personalDetails.placeOfBirth"}
    assert not any(str(one.value) in stored.text for one in stored.passing if "@" in str(one.value))


def test_a_case_of_which_contact_data_was_erased_cannot_be_read() -> None:
    assert read(STORED.read_text(encoding="utf-8"), [FieldValue("x", Lost.SHREDDED)] * 20) is None


def test_a_case_that_was_stored_once_is_read_for_ever() -> None:
    """Written on 28 November 2026; a change of shape is a new event."""
    case = read(STORED.read_text(encoding="utf-8"), [FieldValue("x", "kept elsewhere")] * 20)

    assert case is not None
    assert (case.person.id, case.person.employee_number, case.known.completed) == ("3001", 4711, False)
    assert [one.number for one in case.employees] == [4711]
    assert len(case.held) == 1


@pytest.mark.parametrize("newer", [False, True])
def test_whether_a_newer_employment_runs_beside_one_that_loket_ended_is_kept(world: World, newer: bool) -> None:
    """It is told beside the reason why somebody is left out (EMPL-2)."""
    number = world.people["Joris"].number
    world.payroll.end_employment(TULP, number, date(2026, 2, 28))
    if newer:
        world.payroll.add_employment(TULP, number, 2, date(2026, 3, 1), iban="")
    world.run(DAY)

    plan = Looks(world.tools().log, world.tools().vault).look(RunId("run-1")).decide()

    assert [one.left_out for one in plan.decisions if one.left_out] == [
        TERMINATED_BESIDE_A_NEWER if newer else TERMINATED
    ]
