"""The views answer the same on SQLite and PostgreSQL, whatever the order, number and fate of those who fold them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.log.open import open_log
from adapters.projections import parts
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import BULK
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertNotDelivered, AlertRaised, ConditionsNoted
from domain.events.custody import ValuesUnmasked
from domain.events.drift import DriftResolved, PersonHeldOut, Resolved
from domain.events.loket import (
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConfirmedBy,
    LinkObserved,
    LinkState,
    TerminationObserved,
    WriteConfirmed,
    WriteConflicted,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.personio import (
    AttributesObserved,
    AttributeVisibilityChanged,
    PersonLeftEntity,
)
from domain.events.runs import (
    BrakeReleased,
    FindingRaised,
    OutcomesRecorded,
    ReadAccepted,
    RunBlocked,
    RunCompleted,
    RunCutOff,
    RunRefused,
    RunStarted,
    SystemsRead,
    Unmoved,
)
from domain.events.values import FieldValue
from domain.log import Fact, StreamId
from domain.personal import MASK
from domain.services.alerts.undelivered import due_of
from domain.streams import CUSTODY, alert_stream, delivery_stream, loket_stream, person_stream, run_stream
from domain.values import BLANK, EmployeeNumber, LegalEntityId, PersonId, RunId
from domain.views.history import lines
from domain.views.runs import LastRuns, OverwrittenField, Read, RunStatus, Tally, in_full
from domain.views.sync_state import Concept, FieldState, LastOutcome, Linked, PeopleFilters, PersonState
from tests.support.fake_log import FakeLog
from tests.support.scribe import MARCH_15
from tests.support.views_world import (
    IRIS,
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
    changed,
    completed,
    gates,
    intended,
    outcome,
    overwritten,
    started,
)


@pytest.fixture(params=["in process", "sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "in process":
        fake = FakeLog()
        world = World("sqlite://", fake, fake.vault)
        yield world
    else:
        url = request.getfixturevalue(f"{request.param}_url")
        with closing(open_log(url, keys_url=f"sqlite:///{tmp_path}/keys.db", checkpoints=tmp_path / "heads")) as log:
            world = World(url, log, log.vault)
            yield world
    world.views.close()


def test_people_of_an_entity_are_those_it_was_last_seen_with(world: World) -> None:
    world.write(SANNES, gates())
    world.write(JANS, gates(number=None), gates(number=OTHER_NUMBER))
    assert world.caught_up().sync_state.people(TULP) == {SANNE: NUMBER, JAN: OTHER_NUMBER}

    world.write(JANS, PersonLeftEntity(legal_entity=TULP))
    assert world.caught_up().sync_state.people(TULP) == {SANNE: NUMBER}


def test_someone_who_moved_stays_with_the_old_entity_until_its_own_run_has_noticed(world: World) -> None:
    world.write(SANNES, gates(TULP), gates(IRIS, OTHER_NUMBER))
    assert world.caught_up().sync_state.people(TULP) == {SANNE: NUMBER}
    assert world.caught_up().sync_state.people(IRIS) == {SANNE: OTHER_NUMBER}

    world.write(SANNES, PersonLeftEntity(legal_entity=TULP, moved_to=IRIS))
    assert world.caught_up().sync_state.people(TULP) == {}
    assert world.caught_up().sync_state.people(IRIS) == {SANNE: OTHER_NUMBER}


def test_a_number_waits_as_a_concept_until_it_is_final_or_gone_though_its_person_left(world: World) -> None:
    world.write(LOKET, ConceptEmployeeCreated(concept_id="c-1", person_id=SANNE, run_id="run-1"))
    world.write(SANNES, gates(), PersonLeftEntity(legal_entity=TULP))
    assert world.caught_up().sync_state.concepts(TULP) == [NUMBER]
    assert world.caught_up().sync_state.waiting([TULP])[TULP] == (), "nobody who is a member"
    assert world.caught_up().sync_state.concepts(IRIS) == []

    world.write(LOKET, ConceptEmployeeFinalised(concept_id="c-1", employee_id="e-1"))
    assert world.caught_up().sync_state.concepts(TULP) == []


def test_members_wait_as_concepts_in_their_legal_entity(world: World) -> None:
    other = loket_stream(TULP, OTHER_NUMBER)
    world.write(SANNES, gates())
    world.write(JANS, gates(number=OTHER_NUMBER))
    world.write(LOKET, ConceptEmployeeCreated(concept_id="c-1", person_id=SANNE, run_id="run-1"))
    world.write(other, ConceptEmployeeCreated(concept_id="c-2", person_id=JAN, run_id="run-1"))

    waiting = world.caught_up().sync_state.waiting([TULP, IRIS])

    assert set(waiting[TULP]) == {Concept(SANNE, NUMBER), Concept(JAN, OTHER_NUMBER)}
    assert waiting[IRIS] == ()


@pytest.mark.parametrize(
    "final",
    [
        WriteConfirmed(intent="i-1", confirmed_by=ConfirmedBy.READ_BACK),
        WriteRefused(intent="i-1", status=400, subject="s-1"),
        WriteNotSent(intent="i-1", cause="no connection"),
        WriteNotApplied(intent="i-1"),
        WriteConflicted(intent="i-1", subject="s-1", found=(FieldValue(STREET, "Kerkstraat"),)),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_an_intent_is_open_until_its_final_outcome_and_unknown_is_not_one(world: World, final: Fact) -> None:
    world.write(LOKET, intended("i-1"), intended("i-2"))
    world.write(LOKET, WriteOutcomeUnknown(intent="i-1", cause="no answer"))
    assert world.caught_up().sync_state.open_intents(TULP) == [(LOKET, "i-1"), (LOKET, "i-2")]
    assert world.caught_up().sync_state.open_intents(IRIS) == []

    world.write(LOKET, final)
    assert world.caught_up().sync_state.open_intents(TULP) == [(LOKET, "i-2")]


def test_employees_with_an_unknown_write_are_counted_without_those_a_run_is_at(world: World) -> None:
    world.write(run_stream(RunId("run-1")), started())
    world.write(LOKET, intended("i-1"), intended("i-2"))
    of_this_run = world.caught_up().sync_state.unknown(TULP)
    world.write(run_stream(RunId("run-1")), completed(with_errors=True))
    ended = world.caught_up().sync_state.unknown(TULP)
    world.write(run_stream(RunId("run-2")), started())
    world.write(loket_stream(TULP, OTHER_NUMBER), intended("i-3"))
    beside_another = world.caught_up().sync_state.unknown(TULP)

    assert (of_this_run, ended, beside_another) == (0, 1, 1)
    assert world.views.sync_state.unknown(IRIS) == 0


@pytest.mark.parametrize(
    "end",
    [
        completed(),
        RunBlocked(counts={}, reason="CHECK-2", message=""),
        RunRefused(legal_entity=TULP, reason="BRAKE", message=""),
        RunCutOff(),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_a_run_is_open_until_it_ended_in_whatever_way(world: World, end: Fact) -> None:
    world.write(run_stream(RunId("run-1")), started())
    assert world.caught_up().sync_state.open_runs(TULP) == ["run-1"]
    assert world.caught_up().sync_state.open_runs(IRIS) == []

    world.write(run_stream(RunId("run-1")), end, run="run-2")
    assert world.caught_up().sync_state.open_runs(TULP) == []


def test_runs_refused_by_the_brake_are_known_with_fingerprint_and_actor_for_a_while(world: World) -> None:
    braked = RunRefused(legal_entity=TULP, reason="BRAKE", message="12 people would be cleared", fingerprint="ab12")
    world.write(run_stream(RunId("run-1")), started(), braked, at=MARCH_15, actor="Fatima")
    unreadable = RunRefused(legal_entity=TULP, reason="RUN-7", message="Loket could not be read")
    world.write(run_stream(RunId("run-2")), started(), unreadable)

    state = world.caught_up().sync_state
    both = [TULP, IRIS]
    last = world.views.runs.last([TULP], good_since=MARCH_15)[TULP]
    assert [one.run_id for one in last.braked] == ["run-1"]
    assert world.views.runs.last([TULP], good_since=MARCH_15 + timedelta(seconds=1))[TULP].braked == ()
    assert world.views.runs.last([TULP])[TULP].braked == ()
    assert state.braked(both, MARCH_15 - timedelta(hours=24)) == {TULP: [("run-1", "ab12", "Fatima")], IRIS: []}
    assert state.braked(both, MARCH_15) == {TULP: [("run-1", "ab12", "Fatima")], IRIS: []}
    assert state.braked(both, MARCH_15 + timedelta(seconds=1)) == {TULP: [], IRIS: []}


def test_a_confirmation_is_used_up_by_the_run_it_released(world: World) -> None:
    braked = RunRefused(legal_entity=TULP, reason="BRAKE", message="12 people would be cleared", fingerprint="ab12")
    for run in ("run-1", "run-2"):  # stopped twice: both are answered by one confirmation
        world.write(run_stream(RunId(run)), started(), braked, at=MARCH_15, actor="Fatima")
    released = BrakeReleased(fingerprint="ab12", braked_run="run-1")
    world.write(run_stream(RunId("run-3")), started(), released, at=MARCH_15, actor="Bram")
    assert world.caught_up().sync_state.braked([TULP], MARCH_15) == {TULP: []}
    assert world.views.runs.last([TULP], good_since=MARCH_15)[TULP].braked == ()

    world.write(run_stream(RunId("run-4")), started(), braked, at=MARCH_15, actor="Fatima")
    assert world.caught_up().sync_state.braked([TULP], MARCH_15) == {TULP: [("run-4", "ab12", "Fatima")]}


def test_a_doubted_read_is_known_until_somebody_accepted_it(world: World) -> None:
    doubted = RunRefused(legal_entity=TULP, reason="IMPLAUSIBLE_READ", message="", fingerprint="cd34")
    blocked = RunBlocked(counts={}, reason="CHECK-2", message="", fingerprint="ef56")
    world.write(run_stream(RunId("run-1")), started(), doubted, at=MARCH_15, actor="Fatima")
    world.write(run_stream(RunId("run-2")), started(), blocked, at=MARCH_15, actor="Fatima")
    world.write(run_stream(RunId("run-3")), started(), RunBlocked(counts={}, reason="CHECK-2", message=""))
    state = world.caught_up().sync_state
    assert state.doubted(TULP, MARCH_15) == [("run-1", "cd34", "Fatima"), ("run-2", "ef56", "Fatima")]
    assert state.doubted(TULP, MARCH_15 + timedelta(seconds=1)) == []

    accepted = ReadAccepted(fingerprint="cd34", refused_run="run-1")
    world.write(run_stream(RunId("run-4")), started(), accepted, at=MARCH_15, actor="Bram")
    assert world.caught_up().sync_state.doubted(TULP, MARCH_15) == [("run-2", "ef56", "Fatima")]


def test_the_sweep_to_be_held_against_is_of_the_last_run_that_completed_or_was_accepted(world: World) -> None:
    assert world.caught_up().sync_state.accepted_sweep(TULP) is None
    for run, *ending in (
        ("run-1", completed()),
        ("run-2", completed(with_errors=True)),
        ("run-3", RunBlocked(counts={}, reason="CHECK-2", message="")),
        ("run-4", RunRefused(legal_entity=TULP, reason="IMPLAUSIBLE_READ", message="", fingerprint="cd34")),
        ("run-5", RunCutOff()),
    ):
        world.write(run_stream(RunId(run)), started(), *ending)
    assert world.caught_up().sync_state.accepted_sweep(TULP) == "run-2"
    assert world.caught_up().sync_state.accepted_sweep(IRIS) is None

    blocked = RunBlocked(counts={}, reason="CHECK-2", message="")
    world.write(run_stream(RunId("run-6")), started(), ReadAccepted(fingerprint="cd34", refused_run="run-4"), blocked)
    assert world.caught_up().sync_state.accepted_sweep(TULP) == "run-6"


def test_an_entity_has_completed_a_run_with_or_without_errors_but_not_when_blocked(world: World) -> None:
    world.write(run_stream(RunId("run-1")), started(), RunBlocked(counts={}, reason="CHECK-2", message=""))
    assert not world.caught_up().sync_state.has_completed_run(TULP)

    world.write(run_stream(RunId("run-2")), started(), completed(with_errors=True))
    assert world.caught_up().sync_state.has_completed_run(TULP)
    assert not world.caught_up().sync_state.has_completed_run(IRIS)


def test_the_state_of_a_person_has_the_link_and_the_last_outcome_of_this_entity(world: World) -> None:
    world.write(SANNES, gates(TULP), gates(IRIS, OTHER_NUMBER))
    world.write(LOKET, LinkObserved(state=LinkState.UNLINKED, person_id=SANNE))
    created = ConceptEmployeeCreated(run_id="run-1", person_id=SANNE, concept_id="guid-concept")
    (concept,) = world.write(LOKET, created)
    world.write(run_stream(RunId("run-1")), started(TULP), outcome("concept_created", "MATCH-3"))
    world.write(run_stream(RunId("run-2")), started(TULP))
    (last,) = world.write(run_stream(RunId("run-2")), outcome("unchanged"))
    world.write(run_stream(RunId("run-3")), started(IRIS), outcome("left_out", "WHO-1", employee_number=None))

    assert world.caught_up().sync_state.states(TULP) == (
        PersonState(
            SANNE, NUMBER, LinkState.CONCEPT, "guid-concept",
            LastOutcome(RunId("run-2"), "unchanged", "EDIT-1", last, last), linked_at=concept,
        ),
    )  # fmt: skip
    assert [state.link for state in world.caught_up().sync_state.states(IRIS)] == [None]


def test_a_termination_shows_in_the_link_state_and_keeps_the_loket_id(world: World) -> None:
    world.write(SANNES, gates())
    world.write(LOKET, LinkObserved(state=LinkState.FINAL, person_id=SANNE, loket_id="guid"))
    world.write(LOKET, TerminationObserved(employment_id="guid-2", income_number=1, effective_on=date(2026, 6, 30)))
    (state,) = world.caught_up().sync_state.states(TULP)
    assert (state.link, state.loket_id, state.last) == (LinkState.TERMINATED, "guid", None)


def test_states_come_in_pages_that_meet_everyone_once(world: World) -> None:
    world.write(person_stream(PersonId("nobody")), gates(number=None))
    for person in range(7):
        world.write(person_stream(PersonId(f"30{person}")), gates(number=4700 - person))
    state = world.caught_up().sync_state
    seen: list[PersonState] = []
    while page := state.states(TULP, after=seen[-1].place if seen else None, limit=3):
        seen += page
    assert [one.person_id for one in seen] == ["nobody", *(f"30{person}" for person in reversed(range(7)))]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (PeopleFilters(), ["new", "301", "302", "303", "304"]),
        (PeopleFilters(outcome="left_out"), ["301", "302"]),
        (PeopleFilters(outcome="left_out", reason="WHO-3"), ["301"]),
        (PeopleFilters(reason="EDIT-1"), ["303", "304"]),
        (PeopleFilters(link=Linked.CONCEPT), ["303"]),
        (PeopleFilters(link=Linked.FINAL), ["304"]),
        (PeopleFilters(link=Linked.NONE), ["new", "301", "302"]),
        (PeopleFilters(outcome="unchanged", link=Linked.CONCEPT), ["303"]),
        (PeopleFilters(outcome="unchanged", link=Linked.NONE), []),
    ],
    ids=str,
)
def test_people_are_asked_for_by_what_became_of_them_and_by_their_link(
    world: World, filters: PeopleFilters, found: list[str]
) -> None:
    world.write(person_stream(PersonId("new")), gates(number=None))
    told = {"301": ("left_out", "WHO-3"), "302": ("left_out", "END-2"), "303": ("unchanged", "EDIT-1")}
    run = run_stream(RunId("run-1"))
    world.write(run, started())
    for person, (made, reason) in (told | {"304": told["303"]}).items():
        world.write(person_stream(PersonId(person)), gates(number=int(person)))
        world.write(run, outcome(made, reason, person_id=person, employee_number=int(person)))
    for number, link in ((302, LinkState.UNLINKED), (303, LinkState.CONCEPT), (304, LinkState.FINAL)):
        stream = loket_stream(TULP, EmployeeNumber(number))
        world.write(stream, LinkObserved(state=link, person_id=str(number), loket_id="guid"))

    assert [one.person_id for one in world.caught_up().sync_state.states(TULP, filters)] == found


def test_since_when_is_told_by_the_first_run_of_those_that_say_the_same(world: World) -> None:
    world.write(SANNES, gates())
    world.write(run_stream(RunId("run-0")), started(IRIS), outcome("left_out", "WHO-3"))
    world.write(run_stream(RunId("run-1")), started(), outcome("unchanged"))
    begun, since = world.write(run_stream(RunId("run-2")), started(), outcome("left_out", "WHO-3"))
    state = world.caught_up().sync_state
    new = [bool(state.states(TULP, PeopleFilters(new_since=place))) for place in (begun, since)]
    world.write(run_stream(RunId("run-3")), started(), outcome("left_out", "WHO-3"))

    (found,) = world.caught_up().sync_state.states(TULP)

    assert (found.since, new) == (since, [True, False])


def test_the_latest_value_of_a_field_is_found_and_a_hidden_field_keeps_its_place(world: World) -> None:
    values = (FieldValue(STREET, "Main St"), FieldValue("address.city", BLANK))
    (first,) = world.write(SANNES, AttributesObserved(subject="s-1", values=values))
    (latest,) = world.write(SANNES, changed())
    world.write(SANNES, AttributeVisibilityChanged(field=STREET, visible=False))
    world.write(SANNES, AttributeVisibilityChanged(field="address.country", visible=False))

    (jans,) = world.write(JANS, changed())

    assert world.caught_up().sync_state.fields([SANNES, JANS, "person:9999"]) == {
        SANNES: {
            STREET: FieldState(latest, visible=False),
            "address.city": FieldState(first, visible=True),
            "address.country": FieldState(None, visible=False),
        },
        JANS: {STREET: FieldState(jans, visible=True)},
    }


# --- the history of an employee ----------------------------------------------------------------------------------


def test_a_history_joins_the_number_the_person_who_carries_it_and_what_runs_said(world: World) -> None:
    expected = [
        *world.write(SANNES, gates(number=None)),  # before the number was known: it is the same person
        *world.write(SANNES, gates()),
        *world.write(LOKET, LinkObserved(state=LinkState.FINAL, person_id=SANNE)),
    ]
    world.write(run_stream(RunId("run-1")), started())
    expected += world.write(
        run_stream(RunId("run-1")), FindingRaised(person_id=SANNE, employee_number=NUMBER, code="X")
    )
    expected += world.write(run_stream(RunId("run-1")), outcome(), outcome(employee_number=None))
    expected += world.write(
        CUSTODY,
        ValuesUnmasked(subject="s-1", what="history", legal_entity=TULP, employee_number=NUMBER, reason="question"),
    )
    expected += world.write(StreamId(f"hold:{TULP}:{NUMBER}"), PersonHeldOut(subject="s-1", reason="a dispute"))
    resolved = DriftResolved(how=Resolved.PUT_BACK)
    expected += world.write(StreamId(f"drift:{TULP}:{NUMBER}:{STREET}"), resolved)
    world.write(JANS, gates(number=OTHER_NUMBER), changed())
    world.write(run_stream(RunId("run-1")), outcome(person_id=JAN, employee_number=OTHER_NUMBER), completed())

    history = world.caught_up().history
    assert history.positions(TULP, NUMBER) == tuple(expected)
    assert history.positions(IRIS, NUMBER) == ()
    assert history.positions(TULP, EmployeeNumber(99)) == ()


def test_a_person_who_changed_number_is_in_each_history_only_while_carrying_it(world: World) -> None:
    before = world.write(SANNES, gates(), changed())
    blanked = world.write(SANNES, gates(number=None), changed())
    after = world.write(SANNES, gates(number=OTHER_NUMBER), changed())

    history = world.caught_up().history
    assert history.positions(TULP, NUMBER) == (*before, *blanked)
    assert history.positions(TULP, OTHER_NUMBER) == after


def test_a_move_ends_the_history_in_the_old_entity_with_the_leaving_its_run_noticed(world: World) -> None:
    before = world.write(SANNES, gates(TULP))
    after = world.write(SANNES, gates(IRIS, OTHER_NUMBER))
    left = world.write(SANNES, PersonLeftEntity(legal_entity=TULP, moved_to=IRIS))
    world.write(run_stream(RunId("run-1")), started(TULP))
    left_out = world.write(run_stream(RunId("run-1")), outcome("left_out", "WHO-1"))

    history = world.caught_up().history
    assert history.positions(TULP, NUMBER) == (*before, *left, *left_out)
    assert history.positions(IRIS, OTHER_NUMBER) == (*after, *left)


def test_the_same_number_in_another_entity_is_another_employee(world: World) -> None:
    world.write(run_stream(RunId("run-1")), started(TULP))
    world.write(run_stream(RunId("run-2")), started(IRIS))
    tulp = world.write(run_stream(RunId("run-1")), outcome())
    iris = world.write(run_stream(RunId("run-2")), outcome(person_id=JAN))
    assert world.caught_up().history.positions(TULP, NUMBER) == tulp
    assert world.caught_up().history.positions(IRIS, NUMBER) == iris


@pytest.mark.parametrize("part", [1, 7, 4_096])
def test_a_history_comes_in_pages_that_add_up_to_the_whole(
    world: World, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", part)  # however many runs a row tells of
    run = run_stream(RunId("run-1"))
    world.write(run, started())
    expected: list[int] = []
    for _ in range(4):
        expected += world.write(SANNES, gates(), changed())
        expected += world.write(LOKET, overwritten())
        expected += world.write(run, outcome(), FindingRaised(person_id=SANNE, employee_number=NUMBER, code="X"))
        history = world.caught_up().history
    paged: list[int] = []
    while page := history.positions(TULP, NUMBER, after=paged[-1] if paged else -1, limit=3):
        paged += page
    assert paged == expected
    assert history.positions(TULP, NUMBER) == tuple(expected)


def test_a_history_reads_in_clear_only_what_was_opened(world: World) -> None:
    world.write(SANNES, gates(), changed())
    world.write(LOKET, overwritten())
    events = world.log.at(world.caught_up().history.positions(TULP, NUMBER))

    masked = [line.sentence for line in lines(events)]
    opened = [line.sentence for line in lines(world.vault.opened(events))]

    told_in = "first seen on 15 March 2026, effective date not told by Personio"
    assert masked[1] == f"Street in Personio went from {MASK} to {MASK}, {told_in}."
    assert opened[1] == f'Street in Personio went from "Main St" to "Central Ave", {told_in}.'
    assert opened[2] == (
        f'Street was overwritten in Loket: "Main St" became "Central Ave"; {told_in}, retroactive: unknown.'
    )


# --- runs --------------------------------------------------------------------------------------------------------


def test_a_run_tells_how_it_began_and_ended(world: World) -> None:
    (position,) = world.write(run_stream(RunId("run-1")), started(), actor="schedule:nightly")
    (running,) = world.caught_up().runs.runs(TULP)
    assert (running.status, running.ended_at, running.counts) == (RunStatus.IN_PROGRESS, None, {})

    later = MARCH_15 + timedelta(minutes=2)
    world.write(run_stream(RunId("run-1")), completed(with_errors=True), at=later)

    run = world.caught_up().runs.run(RunId("run-1"))
    assert run is not None
    assert run == replace(running, status=RunStatus.COMPLETED_WITH_ERRORS, ended_at=later, counts={"updated": 1})
    assert (run.legal_entity, run.business_date, run.actor) == (TULP, date(2026, 3, 15), "schedule:nightly")
    assert (run.started_at, run.position) == (MARCH_15, position)
    assert world.views.runs.run(RunId("run-2")) is None


def test_a_run_refused_before_it_could_start_is_listed_as_well(world: World) -> None:
    world.write(run_stream(RunId("run-1")), RunRefused(legal_entity=TULP, reason="RUN-9", message="no right"))
    (run,) = world.caught_up().runs.runs(TULP)
    assert (run.status, run.reason, run.business_date) == (RunStatus.REFUSED, "RUN-9", None)
    assert run.started_at == run.ended_at == MARCH_15


def test_the_last_run_of_each_kind_is_known_whatever_came_after_it(world: World) -> None:
    at = {"personio_read_at": MARCH_15, "loket_read_at": MARCH_15}
    read = SystemsRead(**at, personio_people=9, loket_employees=9, loket_concepts=0)
    for run, *facts in (
        ("read", started(), read, completed()),
        ("blocked", started(), RunBlocked(counts={"blocked": 1}, reason="CHECK-2", message="")),
        ("empty", started(), RunCompleted(with_errors=False, counts={})),
        ("unread", started(), RunRefused(legal_entity=TULP, reason="RUN-7", message="")),
        ("setup", RunRefused(legal_entity=TULP, reason="RUN-9", message="")),
        ("door", RunRefused(legal_entity=TULP, reason="RUN-3", message="")),
        ("on", started()),
    ):
        world.write(run_stream(RunId(run)), *facts)
    runs = world.caught_up().runs

    both = runs.last(
        [IRIS, *(LegalEntityId(f"{number}") for number in range(600)), TULP]
    )  # more than go into a question
    last = both[TULP]

    found = {one.run_id for one in runs.runs(TULP)}
    assert len(found) == 7
    assert [one and one.run_id for one in (last.ended, last.counted, last.read, last.unread, last.completed)] == [
        "setup", "blocked", "read", "unread", "empty",
    ]  # fmt: skip
    assert [one.run_id for one in last.recent] == ["on", "door", "setup", "unread", "empty"]
    assert both[IRIS] == LastRuns(None, None, None, None, None)


def test_the_newest_run_of_each_legal_entity_is_asked_for_at_once(world: World) -> None:
    for number in range(4):
        world.write(run_stream(RunId(f"run-{number}")), started(TULP if number % 2 else IRIS), completed())
    runs = world.caught_up().runs

    newest = runs.newest([TULP, IRIS, LegalEntityId("999")])

    assert newest == {TULP: runs.run(RunId("run-3")), IRIS: runs.run(RunId("run-2"))}
    assert runs.newest([]) == {}


def test_a_handover_sheet_is_told_of_those_alone_of_whom_there_is_something_to_tell(world: World) -> None:
    run = run_stream(RunId("run-1"))
    results = enumerate(("updated", "failed", "unknown"))
    outcomes = [outcome(result, person_id=f"300{nth}") for nth, result in results]
    noticed = outcome(person_id="3009", notices=("BSN_BLANK",), details=("",))
    together = OutcomesRecorded(
        outcome="unchanged", reason="EDIT-1", people=(
            Unmoved("3010", 4710, ("BSN_BLANK",), ("",)), Unmoved("3011", 4711),
        ),
    )  # fmt: skip
    world.write(run, started(), *outcomes, noticed, together, completed())
    runs = world.caught_up().runs

    noted = runs.noted([RunId("run-1")])[RunId("run-1")]

    assert [(one.person_id, one.outcome) for one in noted] == [
        ("3001", "failed"), ("3002", "unknown"), ("3009", "updated"), ("3010", "unchanged"),
    ]  # fmt: skip
    assert set(noted) <= set(runs.outcomes(RunId("run-1")))


def test_runs_come_newest_first_in_pages_of_one_entity_or_all(world: World) -> None:
    for number in range(6):
        world.write(run_stream(RunId(f"run-{number}")), started(TULP if number % 2 else IRIS), completed())
    runs = world.caught_up().runs
    assert [run.run_id for run in runs.runs(limit=2)] == ["run-5", "run-4"]
    first = runs.runs(TULP, limit=2)
    assert [run.run_id for run in first] == ["run-5", "run-3"]
    assert [run.run_id for run in runs.runs(TULP, before=first[-1].position)] == ["run-1"]


def test_an_outcome_is_told_with_its_messages_and_overwritten_fields(world: World) -> None:
    world.write(run_stream(RunId("run-1")), started())
    world.write(LOKET, overwritten())
    world.write(
        run_stream(RunId("run-1")),
        outcome(subject="s-1", messages=("Loket warned about Central Ave",)),
        outcome("left_out", "WHO-2", person_id=JAN, employee_number=None, notices=("ON_LEAVE_LEFT_OUT",)),
    )
    world.write(run_stream(RunId("run-2")), started(), outcome("unchanged"))

    rows = world.caught_up().runs.outcomes(RunId("run-1"))
    events = world.log.at([position for row in rows for position in row.positions])
    sanne, jan = in_full(rows, world.vault.opened(events))

    assert (sanne.row.outcome, sanne.row.reason, sanne.row.employee_number) == ("updated", "EDIT-1", NUMBER)
    assert sanne.messages == ("Loket warned about Central Ave",)
    assert sanne.overwritten == (OverwrittenField(STREET, "Main St", "Central Ave", RunId("run-1")),)
    assert (jan.row.person_id, jan.row.outcome, jan.messages, jan.overwritten) == (
        JAN,
        "left_out",
        ("ON_LEAVE_LEFT_OUT",),
        (),
    )


def test_everyone_of_a_run_is_counted_once_by_outcome_and_rule(world: World) -> None:
    run = run_stream(RunId("run-1"))
    world.write(run, started(), outcome("unchanged"))
    world.caught_up()  # and the rest in a later page
    world.write(run, *(outcome("unchanged", person_id=f"p{at}") for at in range(2)), outcome(person_id=JAN))
    world.write(run, outcome("unchanged", "EDIT-2", person_id="p9"), completed())

    row = world.caught_up().runs.run(RunId("run-1"))

    assert row is not None
    assert row.tallies == (
        Tally("unchanged", "EDIT-1", 3),
        Tally("unchanged", "EDIT-2", 1),
        Tally("updated", "EDIT-1", 1),
    )


def test_some_outcomes_of_a_run_come_in_pages_with_what_was_overwritten(world: World) -> None:
    run = RunId("run-1")
    world.write(run_stream(run), started())
    world.write(LOKET, overwritten())
    world.write(run_stream(run), *(outcome("unchanged", person_id=f"p{at}") for at in range(5)), outcome())
    world.write(run_stream(RunId("run-2")), started(), outcome("unchanged"))
    view, unchanged = world.caught_up().runs, [Tally("unchanged", "EDIT-1", 5)]

    first = view.some_outcomes(run, unchanged, limit=3)
    second = view.some_outcomes(run, unchanged, after=first[-1].place, limit=3)

    assert [one.person_id for one in (*first, *second)] == [f"p{at}" for at in range(5)]
    (written,) = view.some_outcomes(run, [Tally("updated", "EDIT-1", 1)])
    assert written == view.outcomes(run)[-1]
    assert written.overwritten
    assert view.some_outcomes(run, []) == ()


def test_a_run_tells_what_it_was_given_and_what_it_read(world: World) -> None:
    read = SystemsRead(
        personio_read_at=MARCH_15, loket_read_at=MARCH_15, personio_people=60, loket_employees=44, loket_concepts=2
    )
    begun = RunStarted(legal_entity=TULP, business_date=date(2026, 3, 15), plan="7f3a", only=(4711,))
    refused = RunRefused(legal_entity=TULP, reason="RUN-14", message="another plan", plan_now="91c2")
    world.write(run_stream(RunId("run-1")), begun, read, refused)

    row = world.caught_up().runs.run(RunId("run-1"))

    assert row is not None
    assert (row.plan, row.plan_now, row.only) == ("7f3a", "91c2", (4711,))
    assert row.read == Read(MARCH_15, MARCH_15, 60, 44, 2)


def test_rebuilding_says_how_far_it_is(world: World) -> None:
    for _ in range(10):
        world.write(SANNES, *(gates() for _ in range(BULK // 10)))
    world.write(LOKET, overwritten())
    heard: list[tuple[str, int, int]] = []
    world.views.rebuild(lambda view, done, total: heard.append((view, done, total)))
    views = len(PROJECTIONS)
    assert heard[:2] == [("views", done, BULK + 1) for done in (BULK, BULK + 1)]
    assert heard[2:] == [("indexes", done, views) for done in range(1, views + 1)]


def test_what_waits_to_be_delivered_is_read_from_the_log_as_the_view_has_it(world: World) -> None:
    alerts, later = alert_stream(TULP, "systems"), MARCH_15 + timedelta(hours=1)
    world.write(alerts, ConditionsNoted(legal_entity=TULP))
    for alert in ("first", "second"):
        targets = ("desk", "hook", "mail", "tickets")
        world.write(alerts, AlertRaised(alert=alert, legal_entity=TULP, about="check-1", targets=targets))
    for target, end in (
        ("desk", ()),
        ("hook", (AlertDelivered(alert="first", target="hook", attempt=2),)),
        ("mail", (AlertDeadLettered(alert="first", target="mail", attempts=2, cause="HTTP 503"),)),
    ):
        failed = AlertNotDelivered(alert="first", target=target, attempt=1, cause="HTTP 503", next_at=later)
        world.write(delivery_stream("first", target), failed, *end)

    waiting = {now: due_of(world.log, alerts, now) for now in (MARCH_15 - timedelta(1), MARCH_15, later)}

    assert [len(rows) for rows in waiting.values()] == [0, 5, 6]
    for now, rows in waiting.items():
        assert tuple(rows) == tuple(world.caught_up().alerts.due(now, 100))
