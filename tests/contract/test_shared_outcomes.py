"""Outcomes that share an event are answered by every view as if each had one of their own (RUN-4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.log.open import open_log
from adapters.log.proof.certifying import certify
from domain.errors import NamesOthers, ViewsDiffer
from domain.events.loket import LinkObserved, LinkState, TerminationObserved
from domain.events.personio import AttributesObserved
from domain.events.runs import (
    FindingRaised,
    OutcomeRecorded,
    OutcomesRecorded,
    PayeesSeen,
    RunBlocked,
    RunCompleted,
    RunCutOff,
    Unmoved,
)
from domain.events.values import FieldValue
from domain.services.erase import Eraser
from domain.services.read_employee import read_day, read_employee
from domain.streams import person_stream, run_stream, sweep_stream
from domain.values import Actor, EmployeeNumber, PersonId, RunId
from domain.views.recorded import Filters
from domain.views.runs import Tally, in_full
from domain.views.tasks import TaskFilters
from tests.support.http_api import StandingClock
from tests.support.raw_sql import execute
from tests.support.views_world import (
    JAN,
    JANS,
    LOKET,
    NUMBER,
    OTHER_NUMBER,
    SANNE,
    SANNES,
    STREET,
    TULP,
    World,
    completed,
    gates,
    outcome,
    started,
)

RUN = RunId("run-2")
NOT_SENT = "PAY_TYPE_NOT_SENT"
BOTH = OutcomesRecorded(
    outcome="unchanged", reason="EDIT-1", people=(Unmoved(JAN, OTHER_NUMBER), Unmoved(SANNE, NUMBER))
)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Sanne and Jan were unchanged in two runs; Kim, who had no number yet, and Bo and Wim were left out in both."""
    url = request.getfixturevalue(f"{request.param}_url")
    with closing(open_log(url, keys_url=f"sqlite:///{tmp_path}/keys.db", checkpoints=tmp_path / "heads")) as log:
        world = World(url, log, log.vault)
        world.write(SANNES, gates(), AttributesObserved(subject="s-1", values=(FieldValue(STREET, "Main St"),)))
        world.write(JANS, gates(number=OTHER_NUMBER))
        world.write(person_stream(PersonId("kim")), gates(number=None))
        own = (
            outcome("unchanged", subject="s-1", notices=(NOT_SENT,), details=("Crypto",), messages=("about Crypto",)),
            outcome("unchanged", person_id=JAN, employee_number=OTHER_NUMBER),
            *(outcome("left_out", "WHO-3", person_id=one, employee_number=None) for one in ("kim", "bo", "wim")),
        )
        world.write(run_stream(RunId("run-1")), started(), *own, completed())
        sanne = Unmoved(SANNE, NUMBER, (NOT_SENT,), ("Crypto",), ("about Crypto",))
        unchanged = OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=(sanne, Unmoved(JAN, OTHER_NUMBER)))
        out = OutcomesRecorded(
            outcome="left_out", reason="WHO-3", rule="WHO-3", people=(Unmoved("kim"), Unmoved("bo"), Unmoved("wim"))
        )
        counts = {"unchanged": 2, "left_out": 3}
        ended = RunCompleted(with_errors=False, counts=counts)
        world.write(run_stream(RUN), started(), unchanged, out, ended, run=RUN)
        yield world
        world.views.close()


def shared(world: World) -> list[int]:
    return [one.position for one in world.log.page(-1, 1000) if isinstance(one.fact, OutcomesRecorded)]


def test_a_run_tells_of_everyone_in_full_and_counts_them(world: World) -> None:
    view = world.caught_up().runs
    rows = view.outcomes(RUN)
    sanne, *others = in_full(rows, world.log.at([one.position for one in rows]))

    assert [one.person_id for one in rows] == [SANNE, JAN, "kim", "bo", "wim"]
    assert sanne.messages == (NOT_SENT, "about Crypto")
    assert [one.messages for one in others] == [()] * 4
    row = view.run(RUN)
    assert row is not None
    assert row.tallies == (Tally("left_out", "WHO-3", 3), Tally("unchanged", "EDIT-1", 2))


def test_a_run_that_was_cut_off_among_its_outcomes_is_not_what_was_told_of_everybody(world: World) -> None:
    at = datetime(2026, 3, 16, 8, tzinfo=UTC)
    world.write(run_stream(RunId("run-3")), started(), outcome("updated"), at=at, run=RunId("run-3"))
    world.write(run_stream(RunId("run-3")), RunCutOff(), at=at, run=RunId("run-4"))

    told = world.caught_up().runs.told_of_all(TULP, by=at)

    assert told is not None
    assert (told.run_id, sum(one.people for one in told.tallies)) == (RUN, 5)


def test_pages_of_outcomes_go_on_in_the_middle_of_an_event(world: World) -> None:
    view, left_out = world.caught_up().runs, [Tally("left_out", "WHO-3", 3)]

    first = view.some_outcomes(RUN, left_out, limit=2)
    second = view.some_outcomes(RUN, left_out, after=first[-1].place, limit=2)

    assert [one.person_id for one in (*first, *second)] == ["kim", "bo", "wim"]


def test_the_last_outcome_of_each_person_is_that_of_the_event_they_share(world: World) -> None:
    unchanged, _ = shared(world)

    states = {one.person_id: one.last for one in world.caught_up().sync_state.states(TULP)}

    assert {states[one].position for one in (SANNE, JAN)} == {unchanged}
    assert {(states[one].run_id, states[one].outcome, states[one].reason) for one in (SANNE, JAN)} == {
        (RUN, "unchanged", "EDIT-1")
    }


def test_a_history_tells_what_was_made_of_them_and_of_nobody_else(world: World) -> None:
    world.write(person_stream(PersonId("kim")), gates(number=4799))
    views = world.caught_up()

    def told(number: int) -> list[tuple[str, str]]:
        events = read_employee(
            TULP, EmployeeNumber(number), log=world.log, vault=world.vault, views=views, clock=StandingClock()
        )
        facts = [one.fact for one in events]
        assert not any(isinstance(one, OutcomesRecorded) for one in facts)
        return [(one.person_id, one.reason) for one in facts if isinstance(one, OutcomeRecorded)]

    assert told(NUMBER) == [(SANNE, "EDIT-1")] * 2
    assert told(4799) == [("kim", "WHO-3")] * 2  # from when no number was known yet


def test_a_number_used_anew_tells_of_whoever_carried_it_at_the_time(world: World) -> None:
    """Kim had the number, then another, then none; Bo had it after them, and has none now either."""
    kim, bo, reused = PersonId("kim"), PersonId("bo"), 4805
    for person, number in ((kim, reused), (kim, 4807), (kim, None), (bo, reused), (bo, None)):
        world.write(person_stream(person), gates(number=number))
    both = OutcomesRecorded(outcome="left_out", reason="WHO-3", people=(Unmoved(kim), Unmoved(bo)))
    world.write(run_stream(RunId("run-3")), started(), both, completed(), run=RunId("run-3"))

    assert outcomes_of(world, reused)[-1:] == [(bo, None, "run-3")]
    assert (kim, None, "run-3") not in outcomes_of(world, reused)
    assert outcomes_of(world, 4807)[-1:] == [(kim, None, "run-3")]  # it is theirs until they have another


def test_whoever_has_the_number_is_told_before_whoever_had_it(world: World) -> None:
    kim, bo, reused = PersonId("kim"), PersonId("bo"), 4805
    for person, number in ((kim, reused), (kim, None), (bo, reused)):
        world.write(person_stream(person), gates(number=number))
    both = OutcomesRecorded(outcome="left_out", reason="WHO-3", people=(Unmoved(kim), Unmoved(bo, reused)))
    world.write(run_stream(RunId("run-3")), started(), both, completed(), run=RunId("run-3"))

    assert [person for person, _, run in outcomes_of(world, reused) if run == "run-3"] == [bo]


def outcomes_of(world: World, number: int) -> list[tuple[str, int | None, str]]:
    """Person, number and run of each outcome in the history of a number."""
    events = read_employee(
        TULP, EmployeeNumber(number), log=world.log, vault=world.vault, views=world.caught_up(), clock=StandingClock()
    )
    told = ((one.fact, one.meta.correlation) for one in events)
    return [(fact.person_id, fact.employee_number, run) for fact, run in told if isinstance(fact, OutcomeRecorded)]


def test_why_not_on_a_day_is_answered_for_the_one_who_is_asked_about(world: World) -> None:
    views = world.caught_up()

    _, named = read_day(TULP, OTHER_NUMBER, date(2026, 3, 15), log=world.log, views=views, recorded=views.recorded)

    made = [one.fact for one in named if isinstance(one.fact, OutcomeRecorded)]
    assert [(one.person_id, one.outcome) for one in made] == [(JAN, "unchanged")] * 2


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(person_id="bo", run=RUN), 1),
        (Filters(employee_number=NUMBER, run=RUN), 0),
        (Filters(rule="WHO-3", run=RUN), 1),
        (Filters(kind="sync_run.outcomes_recorded.v1", person_id="bo", rule="WHO-3"), 1),
        (Filters(kind="sync_run.outcomes_recorded.v1", person_id="bo", employee_number=NUMBER), None),
    ],
)
def test_what_is_on_record_of_somebody_is_found(world: World, filters: Filters, found: int | None) -> None:
    entries = world.caught_up().recorded.find([TULP], filters).entries

    assert [one.position for one in entries] == ([] if found is None else [shared(world)[found]])


def test_a_rule_is_counted_once_for_each_person_it_was_applied_to(world: World) -> None:
    assert world.caught_up().recorded.decisions([TULP])["WHO-3"] == 6


def test_no_edited_row_shows_an_event_to_somebody_who_is_not_in_it(world: World) -> None:
    world.caught_up()
    unchanged, _ = shared(world)
    execute(world.url, f"UPDATE recorded_people SET part = replace(part, ' {SANNE} ', ' eve ')")
    execute(world.url, f"UPDATE history_in_runs SET part = replace(part, ':{NUMBER} ', ':5555 ')")
    told = f"replace(people, '{SANNE}', 'eve') WHERE position = {unchanged}"
    execute(world.url, f"UPDATE run_outcomes SET people = {told}")

    with pytest.raises(ViewsDiffer):
        world.views.recorded.find([TULP], Filters(person_id="eve"))
    with pytest.raises(ViewsDiffer):
        world.views.history.positions(TULP, EmployeeNumber(5555))
    with pytest.raises(ViewsDiffer):
        world.views.runs.outcomes(RUN)


def test_nobody_is_said_to_have_carried_a_number_who_did_not(world: World) -> None:
    assert {one.about for one in world.caught_up().history.carried(TULP, NUMBER)} == {SANNES}
    execute(world.url, f"UPDATE person_links SET employee_number = {NUMBER} WHERE person_id = '{JAN}'")

    with pytest.raises(ViewsDiffer):
        world.views.history.carried(TULP, NUMBER)


def test_a_task_of_a_run_from_before_there_were_cases_ends_with_an_outcome_that_is_shared(world: World) -> None:
    found = FindingRaised(person_id=SANNE, employee_number=NUMBER, code="BSN_ELFPROEF")
    blocked = RunBlocked(counts={"blocked": 1}, reason="CHECK-2", message="")
    world.write(run_stream(RunId("run-3")), started(), found, outcome("blocked", "CHECK-2"), blocked)
    open_then = world.caught_up().tasks.tasks(TULP, TaskFilters(), after=-1, limit=10)
    world.write(run_stream(RunId("run-4")), started(), BOTH, completed())

    assert [one.code for one in open_then] == ["BSN_ELFPROEF"]
    assert world.caught_up().tasks.tasks(TULP, TaskFilters(), after=-1, limit=10) == ()


def test_a_certificate_names_others_only_where_that_is_asked_for(world: World) -> None:
    log: Any = world.log
    unchanged, left_out = shared(world)
    world.write(sweep_stream(RUN), PayeesSeen(legal_entity=TULP, salaried=(SANNE, JAN)))

    for position, people in ((unchanged, 2), (left_out, 3), (world.log.size() - 1, 2)):
        with pytest.raises(NamesOthers, match=f"names {people} people"):
            certify(log, position, with_keys=False)
        assert SANNE in str(certify(log, position, with_keys=False, with_others=True)) or position == left_out
    certify(log, 0, with_keys=False)


def test_who_is_judged_and_of_no_news_counts_for_how_long_values_are_kept(world: World) -> None:
    """As a run that had an outcome of their own did: what is kept is counted from the last run that judged them."""
    world.write(LOKET, LinkObserved(state=LinkState.FINAL, person_id=SANNE))
    later = datetime(2028, 3, 15, 9, 30, tzinfo=UTC)
    world.write(run_stream(RunId("run-5")), started(), BOTH, completed(), at=later)
    out = OutcomesRecorded(outcome="left_out", reason="WHO-3", people=(Unmoved(SANNE, NUMBER),))
    much_later = datetime(2031, 3, 15, 9, 30, tzinfo=UTC)
    world.write(run_stream(RunId("run-6")), started(), out, completed(), at=much_later)
    world.write(LOKET, TerminationObserved(employment_id="g", income_number=1, effective_on=date(2026, 5, 31)))
    views, log = world.caught_up(), world.log
    clock = StandingClock()
    clock.instant = much_later
    eraser = Eraser(log, log.vault, views, clock, Actor("system"))  # type: ignore[attr-defined]

    known = eraser._known(SANNE)

    assert known.last_fact == later.date()
