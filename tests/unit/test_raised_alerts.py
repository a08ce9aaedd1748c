"""What a run and a check add to the alerts: what began, what is over, and what happened, each told when it is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.alerts import AlertRecord, AlertTarget
from domain.attributes import Role
from domain.drift.differences import Differing
from domain.drift.state import CaseState
from domain.errors import StreamMoved
from domain.events.alert import AlertKind, AlertRaised, Condition, ConditionsNoted
from domain.events.drift import Cause
from domain.events.loket import WriteIntended
from domain.events.runs import RunStarted
from domain.log import Fact, StreamId
from domain.personal import Retention
from domain.services.alerts import raised
from domain.services.alerts.raised import SYSTEMS, after_look_ahead, disagreeing, of_derivations, record_told
from domain.services.journal import Journal
from domain.services.sync.report import RunStatus
from domain.streams import alert_stream, run_stream
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, PersonId, RunId, SubjectRef
from domain.views.overwriting import AboutToBeOverwritten
from domain.views.terminations import terminations
from tests.support.fake_vault import FakeVault
from tests.support.offices import Trouble
from tests.support.scribe import Scribe
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

STREET = FieldPath("address.street")
PHONE = FieldPath("contactInformation.phoneNumber")
DAY = date(2026, 3, 15)
Told = tuple[list[str], list[str], list[str]]


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess(), pay_from=date(2026, 1, 1))
    made.employ("Sanne")
    made.run(DAY)
    yield made
    made.close()


def told(world: World) -> list[Told]:
    """Of every alert so far: what begins, what is over, what happened."""
    facts = [one.fact for one in world.tools().log.page(-1, 10_000) if isinstance(one.fact, AlertRaised)]
    return [
        (
            [f"{each.kind} {each.what}" for each in one.opened],
            [f"{each.kind} {each.what}" for each in one.recovered],
            [f"{each.kind} {each.count} {' '.join(each.what)}" for each in one.happened],
        )
        for one in facts
    ]


def test_a_value_that_is_changed_in_loket_is_told_by_the_check_and_its_end_by_the_run(world: World) -> None:
    world.payroll.set_field(TULP, world.people["Sanne"].number, STREET, "Third Rd")

    world.check(date(2026, 3, 16))
    world.check(date(2026, 3, 16))
    world.run(date(2026, 3, 17))

    assert told(world) == [
        (["drift address.street"], [], []),
        ([], ["drift address.street"], ["overwritten 1 address.street"]),
    ]


def test_a_difference_that_somebody_acknowledged_is_told_no_more(world: World) -> None:
    number = world.people["Sanne"].number
    world.payroll.set_field(TULP, number, STREET, "Third Rd")
    world.check(date(2026, 3, 16))

    world.deciding("known").acknowledge(EmployeeNumber(number), STREET)
    world.check(date(2026, 3, 17))

    assert told(world) == [(["drift address.street"], [], [])]


def test_a_concept_employee_waits_until_it_is_completed(world: World) -> None:
    daan = world.hire("Daan")
    world.run(date(2026, 3, 16))
    world.check(date(2026, 3, 17))
    world.payroll.finalise(TULP, daan.number)
    world.check(date(2026, 3, 18))

    begun, over = told(world)
    assert begun[0] == over[1]
    assert len(begun[0]) == 1
    assert begun[0][0].startswith("concept")


def test_each_reason_that_holds_a_run_is_told_and_is_over_with_the_next_run_that_is_not_held(world: World) -> None:
    world.edit("Sanne", Role("last_name"), BLANK)
    world.run(date(2026, 3, 16))
    world.check(date(2026, 3, 16))
    world.edit("Sanne", Role("last_name"), "Visser")
    world.run(date(2026, 3, 17))

    reason = ["run_blocked REQUIRED_FIELD_BLANK personalDetails.lastName"]
    assert [one[:2] for one in told(world)] == [(reason, []), ([], reason)]


def test_a_refused_run_says_why_and_ends_nothing(world: World) -> None:
    world.payroll.set_field(TULP, world.people["Sanne"].number, STREET, "Third Rd")
    world.check(date(2026, 3, 16))
    world.hr.trouble(Trouble.UNREACHABLE)
    world.run(date(2026, 3, 17))

    assert told(world) == [(["drift address.street"], [], []), (["run_blocked RUN-7"], [], [])]


def test_a_run_that_was_refused_leaves_the_case_of_whoever_it_leaves_out_as_its_alert_is(world: World) -> None:
    number = world.people["Sanne"].number
    world.payroll.set_field(TULP, number, STREET, "Third Rd")
    world.check(date(2026, 3, 16))
    world.payroll.end_employment(TULP, number, date(2026, 3, 31))

    def cases() -> list[CaseState]:
        return [one.state for one in world.tools().views.drift.cases(TULP.personio_id)]

    report = world.run(date(2026, 3, 17), only_if="another plan")
    assert report is not None
    assert (report.status, cases()) == (RunStatus.REFUSED, [CaseState.OPEN])
    assert told(world)[-1][1] == []

    world.check(date(2026, 3, 18))
    assert cases() == []
    assert told(world)[-1][1] == ["drift address.street"]


def test_what_a_run_clears_is_told_apart_from_what_it_overwrites_and_what_it_fills_is_not_told(world: World) -> None:
    world.edit("Sanne", Role("phone"), BLANK)
    world.edit("Sanne", Role("street"), "Central Ave")
    world.edit("Sanne", Role("house_number_addition"), "b")

    world.run(date(2026, 3, 16))

    (one,) = told(world)
    assert one[2] == ["overwritten 1 address.street", "cleared 1 contactInformation.phoneNumber"]


@pytest.mark.parametrize(("most", "named"), [(2, "address.street address.street"), (1, "address.street")])
def test_fields_are_named_as_often_as_they_were_overwritten_or_once_each_where_they_are_too_many(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int, named: str
) -> None:
    world.employ("Tim")
    world.run(date(2026, 3, 16))
    for name in ("Sanne", "Tim"):
        world.edit(name, Role("street"), "Central Ave")
    monkeypatch.setattr(raised, "MOST", most)
    world.run(date(2026, 3, 17))

    assert told(world)[-1][2] == [f"overwritten 2 {named}"]


def test_of_what_is_about_to_be_overwritten_only_what_nobody_has_acknowledged_is_told(world: World) -> None:
    journal = Journal(tools=world.tools(), actor=Actor("schedule:look_ahead"), correlation="look-1")
    edits = [
        AboutToBeOverwritten(
            Differing(PersonId("3007"), EmployeeNumber(4711), field, Cause.CHANGED_IN_LOKET, "a", "b"),
            world.clock.now(),
            state,
        )
        for field, state in ((STREET, CaseState.OPEN), (PHONE, CaseState.ACKNOWLEDGED))
    ]

    journal.record(
        *after_look_ahead(journal, replace(world.policy(), alert_targets=(AlertTarget("desk"),)), edits).items()
    )

    assert [one[0] for one in told(world)] == [[f"about_to_be_overwritten {STREET}"]]


def test_a_pilot_says_nothing_about_the_others(world: World) -> None:
    other = world.employ("Tim")
    world.run(date(2026, 3, 16))
    world.payroll.set_field(TULP, other.number, STREET, "Third Rd")
    world.check(date(2026, 3, 17))

    world.run(date(2026, 3, 18), only=frozenset({EmployeeNumber(world.people["Sanne"].number)}))

    assert told(world) == [(["drift address.street"], [], [])]


def test_pay_that_only_loket_has_is_told_as_a_wage_or_a_component(world: World) -> None:
    world.payroll.add_wage(TULP, world.people["Sanne"].number, date(2026, 2, 1), Decimal(3000))
    person = world.people["Sanne"].person
    assert person is not None
    world.hr.set_salary(
        person, Decimal(3000), "MONTHLY", hours=(Decimal(40), Decimal(40)), effective_from=date(2026, 3, 1)
    )

    world.check(date(2026, 3, 16))

    assert [entry for one in told(world) for entry in one[0] if entry.startswith("pay")] == ["pay_only_in_loket wage"]


def test_an_end_of_employment_on_one_side_only_is_a_disagreement(world: World) -> None:
    world.payroll.end_employment(TULP, world.people["Sanne"].number, date(2026, 3, 31))
    world.check(date(2026, 4, 2))

    assert [entry for one in told(world) for entry in one[0] if "END" in entry] == ["termination_disagreement END-2"]


def test_a_person_in_personio_who_left_while_loket_goes_on_is_one_too(world: World) -> None:
    person = world.people["Sanne"].person
    assert person is not None
    world.hr.set_status(person, "INACTIVE")
    world.check(date(2026, 4, 2))

    assert [entry for one in told(world) for entry in one[0] if "END" in entry] == ["termination_disagreement END-3"]


def stands(world: World, day: date) -> list[tuple[str, str]]:
    """What `terminations` lists, and what the alerts say stands open: the same."""
    seen = world.look(day)
    assert seen is not None
    tools = world.tools()
    listed = terminations(seen.plan, tools.views.terminations.end_dates(seen.entity)).disagreements
    alerts = AlertRecord.of(tools.log.stream(alert_stream(TULP.personio_id, SYSTEMS)))
    from_listed = sorted((one.person, one.ended_in.rule) for one in listed)
    assert sorted((person, ended.rule) for person, ended in disagreeing(alerts)) == from_listed
    return from_listed


def test_terminations_lists_every_disagreement_that_an_alert_counts(world: World) -> None:
    tim = world.employ("Tim")
    world.run(date(2026, 3, 16))
    world.payroll.end_employment(TULP, world.people["Sanne"].number, date(2026, 3, 31))
    assert tim.person is not None
    world.hr.set_status(tim.person, "INACTIVE")
    world.check(date(2026, 4, 2))

    listed = stands(world, date(2026, 4, 2))

    assert listed == sorted([(str(world.people["Sanne"].person), "END-2"), (tim.person, "END-3")])
    (begun,) = [one[0] for one in told(world) if one[0]]
    assert len(begun) == len(listed)


def test_when_both_have_ended_it_nothing_is_listed_and_the_alert_is_over(world: World) -> None:
    sanne = world.people["Sanne"]
    world.payroll.end_employment(TULP, sanne.number, date(2026, 3, 31))
    world.check(date(2026, 4, 2))
    assert sanne.person is not None
    world.hr.set_status(sanne.person, "INACTIVE")
    world.check(date(2026, 4, 3))

    assert stands(world, date(2026, 4, 3)) == []
    assert told(world)[-1][1] == ["termination_disagreement END-2"]


def test_finalising_a_concept_employee_is_no_drift_however_often_it_is_checked_before_the_first_run(
    world: World,
) -> None:
    daan = world.hire("Daan")
    world.run(date(2026, 3, 16))
    world.payroll.finalise(TULP, daan.number)

    for day in (17, 18):
        found = world.check(date(2026, 3, day))
        assert found is not None
        assert found.verdict.drift == ()
        assert {one.field for one in found.verdict.pending} == {"contactInformation.businessEmailAddress"}
    assert not any("drift" in entry for one in told(world) for entry in one[0])


def test_what_somebody_types_into_loket_after_the_first_run_is_drift_again(world: World) -> None:
    daan = world.hire("Daan")
    world.run(date(2026, 3, 16))
    world.payroll.finalise(TULP, daan.number)
    world.run(date(2026, 3, 17))
    world.payroll.set_field(TULP, daan.number, STREET, "Third Rd")

    found = world.check(date(2026, 3, 18))

    assert found is not None
    assert [one.field for one in found.verdict.drift] == [STREET]


def test_an_edit_stays_drift_when_the_value_that_was_synced_is_erased_by_now(world: World) -> None:
    daan = world.hire("Daan")
    world.run(date(2026, 3, 16))
    world.payroll.finalise(TULP, daan.number)
    world.payroll.set_field(TULP, daan.number, PHONE, "030 555 0100")
    tools = world.tools()
    written = [one.fact for one in tools.log.page(-1, 10_000) if isinstance(one.fact, WriteIntended)]
    assert isinstance(tools.vault, FakeVault)
    tools.vault.destroy(SubjectRef(written[-1].subject), Retention.HR_2Y)

    found = world.check(date(2026, 3, 17))

    assert found is not None
    assert {one.field: one.cause for one in found.verdict.drift} == {PHONE: Cause.NEVER_SYNCED}


def test_what_completion_changed_of_ours_is_drift_as_any_edit_by_hand(world: World) -> None:
    daan = world.hire("Daan")
    world.run(date(2026, 3, 16))
    world.payroll.finalise(TULP, daan.number)
    world.payroll.set_field(TULP, daan.number, STREET, "Third Rd")

    found = world.check(date(2026, 3, 17))

    assert found is not None
    assert [one.field for one in found.verdict.drift] == [STREET]


def test_whoever_stops_a_run_while_it_tells_is_heard_and_an_alert_that_moves_is_told_anew(world: World) -> None:
    tools, stream, alerts = world.tools(), run_stream(RunId("run-9")), alert_stream(TULP.personio_id, SYSTEMS)
    started = RunStarted(legal_entity=TULP.personio_id, business_date=DAY)
    noted = ConditionsNoted(
        legal_entity=TULP.personio_id, held=(Condition(AlertKind.DRIFT, "drift:170:4711:address.street", STREET),)
    )
    Scribe(tools.log).write_all({stream: (started,), alerts: (noted,)})
    journal = Journal(tools=tools, actor=Actor("Anna"), correlation="run-9")
    journal.knows(stream, 1)
    tries: list[int] = []

    def told() -> dict[StreamId, tuple[Fact, ...]]:
        tries.append(len(tries))
        journal.knows(alerts, tries[-1])
        return {alerts: (noted,)}

    record_told(journal, stream, [started], told)
    journal.knows(stream, 1)
    with pytest.raises(StreamMoved):
        record_told(journal, stream, [started], told)

    assert [len(tools.log.stream(one)) for one in (stream, alerts)] == [2, 2]


def test_only_who_derived_every_decision_says_that_a_deviation_is_over(world: World) -> None:
    journal = Journal(tools=world.tools(), actor=Actor("schedule:derive"), correlation="derived")
    deviates = Condition(AlertKind.DECISION_DEVIATES, "170/3007", "EDIT-1")
    counts = []
    for found, every in (([deviates], False), ([], False), ([], True), ([], True)):
        journal.record(*of_derivations(journal, found, [AlertTarget("desk")], every=every).items())
        world.clock.sleep(timedelta(days=1).total_seconds())
        counts.append(len(told(world)))

    assert counts == [1, 1, 2, 2]


def test_somebody_on_notice_whose_last_day_is_the_same_in_both_systems_is_no_disagreement(world: World) -> None:
    """Personio shows them as Active until that day is over; of another day, or none, somebody has to hear."""
    sanne, jan, mo = (world.people.get(name) or world.employ(name) for name in ("Sanne", "Jan", "Mo"))
    world.run(date(2026, 3, 16))
    for one, last_day in ((sanne, date(2026, 4, 30)), (jan, date(2026, 5, 31)), (mo, None)):
        assert one.person is not None
        world.payroll.end_employment(TULP, one.number, date(2026, 4, 30))
        if last_day:
            world.hr.terminate(one.person, last_day)
    world.run(date(2026, 3, 20))

    assert stands(world, date(2026, 3, 20)) == [(one.person, "END-2") for one in (jan, mo)]
    assert sanne.person is not None
    world.hr.terminate(sanne.person, date(2026, 5, 15))
    world.run(date(2026, 3, 23))
    assert (sanne.person, "END-2") in stands(world, date(2026, 3, 23))
