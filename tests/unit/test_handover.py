"""The handover sheet: everything it names is so, and nobody who needs a hand is missing from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attributes import Role
from domain.drift.state import CaseState
from domain.events.drift import Cause
from domain.events.findings import LookedBy
from domain.events.runs import OutcomeRecorded, RunCompleted, RunStarted, SystemsRead
from domain.four_eyes import CONFIRMED_WITHIN
from domain.planning.findings import ACTS, NOTICE_ACTS, WRONG, Acts, FindingCode, NoticeCode
from domain.schedule import INSTALLATION, Job, Planned, Plans, timetable
from domain.services.hand_over import handover_sheet, handover_sheets
from domain.services.keep_schedule import Keeper, NotNow
from domain.streams import run_stream
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.drift import CaseRow, CheckRow, ToEnter
from domain.views.handed import Handed, Line, Noted, lines
from domain.views.handover import UNSEEN, Sheet, Unseen, Verdict, not_looked_at
from domain.views.matters import ABOUT, OF_ACTS, PLACE, Matter, Section
from domain.views.runs import LastRuns, OutcomeRow, RunRow, RunStatus
from domain.views.sync_state import Concept
from domain.views.tasks import Held, LookRow, TaskRow
from domain.views.terminations import EndApart, OnlyIn
from tests.support.scribe import Scribe
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

ENTITY, AT = LegalEntityId("170"), datetime(2026, 3, 16, 9, tzinfo=UTC)
STREET = FieldPath("address.street")
NONE_YET = LastRuns(None, None, None, None, None)
PERSONS = [PersonId(f"30{each}") for each in range(6)]


def test_every_matter_says_who_acts_and_has_its_place() -> None:
    every = {*Matter, *NoticeCode, *Job}

    assert set(ABOUT) == every
    assert {code: one.value for code, one in NOTICE_ACTS.items()} == {
        code: ABOUT[code].who.value for code in NoticeCode
    }
    assert {acts: ABOUT[OF_ACTS[acts]].who.value for acts in Acts} == {acts: acts.value for acts in Acts}
    assert set(WRONG) == set(FindingCode)
    for what, about in ABOUT.items():
        for sentence in (about.do, about.otherwise):
            assert (sentence[:1].isupper(), sentence.endswith(".")) == (True, True), what


def number(person: PersonId) -> EmployeeNumber:
    return EmployeeNumber(int(person) + 1700)


def concept(person: PersonId) -> Concept:
    return Concept(person, number(person))


def apart(person: PersonId, ended_in: OnlyIn) -> EndApart:
    return EndApart(person, number(person), ended_in, None)


def outcome(person: PersonId, outcome: str) -> OutcomeRow:
    return OutcomeRow(person, number(person), outcome, "EDIT-1", 1, ())


def case(person: PersonId, state: CaseState, cause: Cause) -> CaseRow:
    return CaseRow(ENTITY, number(person), STREET, person, state, cause, AT, 1, None, None, None)


def task(person: PersonId, code: FindingCode) -> TaskRow:
    return TaskRow(1, ENTITY, person, number(person), code.value, STREET, AT, "run-1", 1)


some = st.sampled_from(PERSONS)
handed = st.builds(
    Handed,
    concepts=st.lists(st.builds(concept, some), unique_by=lambda one: one.person_id),
    disagreements=st.sets(st.builds(apart, some, st.sampled_from(OnlyIn))),
    outcomes=st.lists(
        st.tuples(
            st.builds(outcome, some, st.sampled_from(["updated", "unchanged", "left_out", "failed", "unknown"])),
            st.lists(st.builds(Noted, st.sampled_from(NoticeCode)), max_size=2).map(tuple),
        ),
        max_size=4,
    ),
    cases=st.lists(
        st.tuples(st.builds(case, some, st.sampled_from(CaseState), st.sampled_from(Cause)), st.none()),
        unique_by=lambda one: one[0].person_id,
    ),
    foreseen=st.sets(st.tuples(some.map(number), st.just(STREET))),
    to_enter=st.just(()),
    tasks=st.lists(st.tuples(st.builds(task, some, st.sampled_from(FindingCode)), st.none()), max_size=4),
    since=st.just({}),
    runs=st.just(NONE_YET),
)


@given(handed)
def test_whoever_needs_a_hand_is_on_the_sheet_and_nobody_else(told: Handed) -> None:
    sheet = [one for one in lines(told) if one.what is not Matter.FIRST_RUN]

    by_acts = {Acts.HR: Section.HR, Acts.PAYROLL: Section.PAYROLL, Acts.OPERATOR: Section.OPERATOR}
    wanted = {
        *((Section.CONCEPTS, one.number) for one in told.concepts),
        *((ABOUT[one.code].section, number(row.person_id)) for row, notices in told.outcomes for one in notices),
        *(
            (Section.NOT_TAKEN, number(row.person_id))
            for row, _ in told.outcomes
            if row.outcome in ("failed", "unknown")
        ),
        *((Section.LOST, one.employee_number) for one, _ in told.cases if one.state is not CaseState.ACCEPTED),
        *((Section.LOST, each) for each, _ in told.foreseen),
        *((by_acts[ACTS[FindingCode(one.code)]], one.employee_number) for one, _ in told.tasks),
    }
    persons = {one.person for one in told.disagreements}
    found = {(one.about.section, one.number) for one in sheet}
    assert {pair for pair in found if pair[0] is not Section.LEAVERS} == {
        pair for pair in wanted if pair[0] is not Section.LEAVERS
    }
    noted = {person for section, person in wanted if section is Section.LEAVERS}
    assert {one.person for one in sheet if one.about.section is Section.LEAVERS} >= persons
    assert {one.number for one in sheet if one.code == "OPEN_EMPLOYMENT_LEFT"} == noted
    order = [(PLACE[one.what], one.number or 0, one.person or "", one.code, one.field or "") for one in sheet]
    assert order == sorted(order)


@pytest.fixture
def world() -> Iterator[World]:
    """Olga is new; Loket ended Jan's employment, whose street differs; Daan has no BSN; Eva's street is typed over."""
    made = World(InProcess())
    for name in ("Sanne", "Jan", "Daan", "Eva"):
        made.employ(name)
    made.run(date(2026, 3, 14))
    made.hire("Olga")
    made.payroll.end_employment(TULP, made.people["Jan"].number, date(2026, 4, 30))
    made.edit("Jan", Role("street"), "Kade")
    made.edit("Daan", Role("bsn"), BLANK)
    made.run(date(2026, 3, 15))
    made.payroll.set_field(TULP, made.people["Eva"].number, STREET, "Achterom")
    made.edit("Sanne", Role("postal_code"), "12 AB")
    made.check(date(2026, 3, 16))
    yield made
    made.close()


def sheet(world: World) -> Sheet:
    tools = world.tools()
    tools.views.catch_up()
    return handover_sheet(ENTITY, log=tools.log, vault=tools.vault, views=tools.views, clock=tools.clock, plans=Plans())


def told(world: World, section: Section) -> list[tuple[str, str, str | None, str]]:
    names = {one.number: name for name, one in world.people.items()}
    return [(names[one.number or 0], one.code, one.field, one.detail) for one in sheet(world).under[section]]


def test_a_day_of_payroll_is_on_one_sheet(world: World) -> None:
    made = sheet(world)

    assert {section: told(world, section) for section in Section if made.under[section]} == {
        Section.CONCEPTS: [("Olga", "JOIN-2", None, "")],
        Section.LEAVERS: [("Jan", "END-2", None, "2026-04-30")],
        Section.BY_HAND: [("Jan", "MANUAL_FOLLOW_UP", None, "address.street")],
        Section.LOST: [("Eva", "DRIFT-3", STREET, "")],
        Section.HR: [
            ("Sanne", "POSTCODE_FORMAT", "address.postalCode", ""),
            ("Olga", "CONCEPT_FOR_LONG_EMPLOYED", None, ""),
            ("Daan", "BSN_BLANK", None, ""),
        ],
    }
    assert (made.run and made.run.run_id, made.compared_at and made.compared_at.day) == ("run-2", 16)
    assert made.look is not None
    assert made.held == Held(1, frozenset({Acts.HR}), 4)
    assert [section for section in Section if made.unseen[section]] == []


def test_what_is_settled_is_gone_from_the_sheet(world: World) -> None:
    world.edit("Sanne", Role("postal_code"), "1234 AB")
    world.payroll.end_employment(TULP, world.people["Jan"].number, None)
    world.edit("Daan", Role("bsn"), "111222333")
    world.run(date(2026, 3, 17))
    world.check(date(2026, 3, 18))

    assert [one.code for one in sheet(world).lines] == ["JOIN-2"]


def test_what_is_planned_and_late_is_on_the_sheets_it_concerns_and_the_next_run_is_told(world: World) -> None:
    entity, tools, early = LegalEntityId("171"), world.tools(), timetable("0 6 * * *")
    sync = Planned(entity, Job.SYNC, timetable("0 8 * * *"))  # it is nine, which is within the two hours
    planned = [
        sync,
        Planned(entity, Job.DRIFT_CHECK, early),
        Planned(INSTALLATION, Job.VERIFY, early),
        Planned(ENTITY, Job.REPORTS, early),
    ]
    Keeper(tools=tools, grace=timedelta(), work=lambda _: NotNow("RUN-7")).adopt(planned)
    plans = Plans((*planned, Planned(entity, Job.LOOK_AHEAD, early)), grace=timedelta(hours=2))  # the last is news
    world.clock.sleep(timedelta(days=2).total_seconds())

    tools.views.catch_up()
    given = {"log": tools.log, "vault": tools.vault, "views": tools.views, "clock": world.clock}
    sheets = handover_sheets([entity, ENTITY], plans=plans, **given)  # type: ignore[arg-type]

    due = early.instant(world.clock.today())  # the newest of two
    late = {
        each: {(one.what, one.since) for one in made.lines if isinstance(one.what, Job)}
        for each, made in sheets.items()
    }
    assert late == {
        entity: {(Job.DRIFT_CHECK, due), (Job.VERIFY, due)},
        ENTITY: {(Job.REPORTS, due), (Job.VERIFY, due)},
    }
    assert sheets[entity].next_run == sync.timetable.instant(world.clock.today() + timedelta(days=1))
    assert sheets[ENTITY].next_run is None


def test_a_notice_that_only_a_later_version_knows_is_left_to_it() -> None:
    with closing(World(InProcess())) as made:
        at, stream = made.clock.now(), run_stream(RunId("run-1"))
        known, later = NoticeCode.MANUAL_FOLLOW_UP.value, "OF_A_LATER_VERSION"
        Scribe(made.tools().log).write(
            stream,
            RunStarted(legal_entity=ENTITY, business_date=at.date()),
            SystemsRead(personio_read_at=at, loket_read_at=at, personio_people=1, loket_employees=1, loket_concepts=0),
            OutcomeRecorded(
                person_id="3007", employee_number=4711, outcome="left_out", reason="END-2", notices=(later, known),
                details=("", "address.street"),
            ),
            RunCompleted(with_errors=False, counts={"left_out": 1}),
            at=at,
        )  # fmt: skip

        assert [(one.code, one.detail) for one in sheet(made).lines if one.number] == [(known, "address.street")]


def looked(
    runs: LastRuns = NONE_YET, *, look: bool = False, check: CheckRow | None = None
) -> dict[Section, tuple[Unseen, ...]]:
    return dict(not_looked_at(runs, LookRow("run-1", LookedBy.RUN, AT, 1) if look else None, check))


def ran(status: RunStatus = RunStatus.COMPLETED, *, only: tuple[int, ...] = ()) -> LastRuns:
    row = RunRow(
        RunId("run-1"), ENTITY, AT.date(), Actor("Marieke"), AT, 1, status, AT, None, None, None, {}, only=only
    )  # fmt: skip
    return LastRuns(row, row, row, None, row if row.completed else None, (row,))


def compared(at: datetime | None, *, completed: bool = True) -> CheckRow:
    return CheckRow("check-1", AT, completed, "check-1" if at else None, at)


EARLIER, LATER = AT - timedelta(hours=1), AT + timedelta(hours=1)


def test_before_anything_was_looked_at_no_heading_says_that_there_is_nothing() -> None:
    unseen = looked()

    assert set(unseen) == set(Section)
    assert [section for section, reasons in unseen.items() if not reasons] == [Section.SECOND]


def test_once_run_and_check_have_looked_every_heading_without_lines_has_nothing() -> None:
    unseen = looked(ran(), look=True, check=compared(LATER))

    assert unseen == dict.fromkeys(Section, ())


@pytest.mark.parametrize(
    ("check", "why"),
    [
        (None, Unseen.NOT_COMPARED),
        (compared(None), Unseen.NOT_COMPARED),
        (compared(EARLIER), Unseen.NOT_COMPARED_SINCE),
        (compared(LATER, completed=False), Unseen.CHECK_UNREAD),
        (compared(None, completed=False), Unseen.CHECK_UNREAD),
    ],
)
def test_differences_and_pay_are_unknown_until_they_were_compared_after_the_last_run(
    check: CheckRow | None, why: Unseen
) -> None:
    unseen = looked(ran(), look=True, check=check)

    assert {section: reasons for section, reasons in unseen.items() if reasons} == {
        Section.LOST: (why,), Section.PAY: (why,),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (RunStatus.BLOCKED, Unseen.RUN_BLOCKED),
        (RunStatus.REFUSED, Unseen.RUN_REFUSED),
        (RunStatus.CUT_OFF, Unseen.RUN_CUT_OFF),
    ],
)
def test_a_run_that_sent_nothing_or_not_all_says_so_under_pay_and_under_what_loket_took(
    status: RunStatus, why: Unseen
) -> None:
    unseen = looked(ran(status), look=True, check=compared(LATER))

    assert {section: reasons for section, reasons in unseen.items() if reasons} == {
        Section.PAY: (why,), Section.NOT_TAKEN: (why,),
    }  # fmt: skip


def test_a_check_without_a_run_sees_tasks_and_concepts_but_no_notices() -> None:
    unseen = looked(look=True, check=compared(LATER))

    assert {section for section, reasons in unseen.items() if not reasons} == {
        Section.SECOND, Section.CONCEPTS, Section.LOST, Section.PAYROLL,
    }  # fmt: skip
    assert {reason for reasons in unseen.values() for reason in reasons} == {Unseen.NO_RUN}


def test_a_pilot_says_nothing_about_the_others() -> None:
    unseen = looked(ran(only=(4711,)), look=True, check=compared(LATER))

    assert {section for section, reasons in unseen.items() if not reasons} == {
        Section.SECOND, Section.CONCEPTS, Section.LOST, Section.PAYROLL,
    }  # fmt: skip
    assert {reason for reasons in unseen.values() for reason in reasons} == {Unseen.PILOT}


def test_every_reason_has_its_text() -> None:
    assert set(UNSEEN) == set(Unseen)


def test_headings_of_tasks_that_hold_the_sync_come_first() -> None:
    made = Sheet(ENTITY, AT.date(), NONE_YET, None, None, (), looked(), Held(2, frozenset({Acts.HR}), 18))

    assert made.sections == (Section.HR, *(one for one in Section if one is not Section.HR))
    assert replace(made, held=None).sections == tuple(Section)


def test_the_same_thing_is_said_once() -> None:
    twice = (outcome(PERSONS[0], "failed"), (Noted(NoticeCode.BSN_BLANK), Noted(NoticeCode.BSN_BLANK)))
    made = lines(Handed((), (), (twice, twice), (), (), (), (), {}, ran()))

    assert [(one.what, one.code) for one in made] == [(Matter.FAILED, "EDIT-1"), (NoticeCode.BSN_BLANK, "BSN_BLANK")]
    assert isinstance(made[0], Line)


def sheet_of(runs: LastRuns, *found: Line, check: CheckRow | None = None, held: Held | None = None) -> Sheet:
    look = LookRow("run-1", LookedBy.RUN, AT, 1) if runs.ended else None
    unseen = not_looked_at(runs, look, check)
    return Sheet(ENTITY, AT.date(), runs, look, check.concluded_at if check else None, found, unseen, held)


BSN, LEAVE = (
    Line(one, PERSONS[0], number(PERSONS[0]), one.value, "")
    for one in (NoticeCode.BSN_BLANK, NoticeCode.ON_LEAVE_LEFT_OUT)
)


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (sheet_of(ran(RunStatus.BLOCKED), held=Held(1, frozenset({Acts.HR}), 4)), Verdict.HELD),
        (sheet_of(replace(ran(), braked=ran(RunStatus.REFUSED).recent)), Verdict.BRAKED),
        (sheet_of(ran(RunStatus.REFUSED)), Verdict.STOPPED),
        (sheet_of(ran(RunStatus.BLOCKED)), Verdict.STOPPED),
        (sheet_of(ran(), BSN), Verdict.WAITS),
        (sheet_of(NONE_YET), Verdict.NEVER),
        (sheet_of(NONE_YET, check=compared(EARLIER)), Verdict.UNSEEN),
        (replace(sheet_of(NONE_YET), look=LookRow("plan-1", LookedBy.VALIDATION, AT, 1)), Verdict.UNSEEN),
        (sheet_of(ran()), Verdict.UNSEEN),
        (sheet_of(ran(only=(4711,)), check=compared(LATER)), Verdict.UNSEEN),
        (sheet_of(ran(), LEAVE, check=compared(EARLIER)), Verdict.CALM),
    ],
)
def test_the_first_sentence_is_of_the_worst_and_calm_only_where_everything_was_looked_at(
    made: Sheet, verdict: Verdict
) -> None:
    assert made.verdict is verdict


@pytest.mark.parametrize(
    ("status", "reason", "what"),
    [
        (RunStatus.REFUSED, "RUN-7", Matter.NOT_READ),
        (RunStatus.REFUSED, "IMPLAUSIBLE_READ", Matter.READ_DOUBTED),
        (RunStatus.REFUSED, "RUN-14", Matter.PLAN_CHANGED),
        (RunStatus.REFUSED, "BRAKE", Matter.RUN_REFUSED),
        (RunStatus.BLOCKED, "CHECK-2", Matter.RUN_BLOCKED),
        (RunStatus.CUT_OFF, None, Matter.RUN_CUT_OFF),
    ],
)
def test_a_run_that_wrote_nothing_or_not_all_waits_for_somebody(
    status: RunStatus, reason: str | None, what: Matter
) -> None:
    row = replace(ran(status).recent[0], reason=reason)
    told = lines(Handed((), (), (), (), (), (), (), {}, LastRuns(row, None, None, None, None, (row,))))

    assert [(one.what, one.at) for one in told] == [(what, row.run_id)]


def test_a_plan_that_the_brake_stopped_waits_a_day_for_anybody_but_whoever_started_it() -> None:
    row = replace(ran(RunStatus.REFUSED).recent[0], reason="BRAKE")
    (told,) = lines(Handed((), (), (), (), (), (), (), {}, LastRuns(row, None, None, None, None, (row,), (row,))))

    assert (told.what, told.asked, told.until) == (Matter.BRAKE, row.actor, AT + CONFIRMED_WITHIN)


def test_what_somebody_decided_about_a_difference_says_who_acts_now() -> None:
    open_, seen, left = (case(PERSONS[0], one, Cause.CHANGED_IN_LOKET) for one in list(CaseState)[:3])
    kept = ToEnter(ENTITY, open_.employee_number, open_.field, AT, 1)

    def told(row: CaseRow, *to_enter: ToEnter) -> list[Matter]:
        found = lines(Handed((), (), (), ((row, None),), (), [(one, "Fatima") for one in to_enter], (), {}, ran()))
        return [one.what for one in found]  # type: ignore[misc]

    assert [told(open_), told(seen), told(left)] == [[Matter.DIFFERS], [Matter.LET_GO], []]
    assert told(open_, kept) == [Matter.TO_ENTER]
