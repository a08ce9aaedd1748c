"""Every line of Today says what waits, who does what about it, and what happens if nobody does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from api.http.routes.handover import MatterItem
from api.languages import DUTCH, ENGLISH
from api.pages.frame import Frame
from api.pages.rendering import render
from api.pages.today import TodayPage, ToDo
from api.presenters.held import in_order, verdict_sentence
from api.presenters.matters import matters
from domain.planning.findings import Acts, NoticeCode
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.handed import Line
from domain.views.handover import Sheet, Verdict
from domain.views.matters import ABOUT, Matter, Section, What
from domain.views.runs import LastRuns, RunRow, RunStatus
from domain.views.tasks import Held

AT = datetime(2026, 3, 18, 8, tzinfo=UTC)
FRAME = Frame(
    who="Marieke (payroll_admin)", role="payroll_admin", entity="170", entities=(), menu=(), more=(), size=1, head=None,
    doubt=None, going=None, origin="", path="/e/170", names=None, showing=None, now=AT, until=AT.replace(hour=23),
    made_up=None, next_run=None, may_plan=True, may_prove=True, may_see_runs=True, may_see_people=True,
    may_read_proof=True,
)  # fmt: skip
RUN = RunRow(
    RunId("run-1"), LegalEntityId("170"), AT.date(), Actor("Marieke"), AT, 1, RunStatus.COMPLETED, AT, None, None, None,
    {"unchanged": 3},
)  # fmt: skip
RUNS = LastRuns(RUN, RUN, RUN, None, RUN, (RUN,))
QUIET = Sheet(LegalEntityId("170"), AT.date(), RUNS, None, AT, (), dict.fromkeys(Section, ()))


def line(what: What, nth: int = 0) -> Line:
    return Line(what, PersonId(f"30{nth}"), EmployeeNumber(4711 + nth), "RUN-1", "", since=AT - timedelta(days=3))


FULL = replace(QUIET, lines=tuple(line(what, nth) for what in ABOUT for nth in range(3)))


def shown(sheet: Sheet, language: str = ENGLISH, frame: Frame = FRAME) -> str:
    found = [MatterItem.model_validate(one) for one in matters(sheet, language)]
    told = tuple(ToDo(one, f"/e/170/{one.section}") for one in found)
    wanted = tuple(one for one in told if not one.of.to_know)
    known = tuple(one for one in told if one.of.to_know)
    page = TodayPage(sheet, verdict_sentence(sheet, language), in_order(sheet, language), wanted, known)
    return render("today.html", language, frame=frame, files={}, page=page).replace("\N{NO-BREAK SPACE}", " ")


def lines(sheet: Sheet, language: str = ENGLISH) -> list[list[str]]:
    """What waits, who acts, what to do, and what happens otherwise."""
    tables = re.findall(r'<table role="table" class="matters">.*?</table>', shown(sheet, language), re.DOTALL)
    rows = re.findall(r"<tr [^>]*>\s*<th scope=\"row\".*?</tr>", "".join(tables), re.DOTALL)
    return [[" ".join(re.sub("<[^>]*>", " ", one).split()) for one in re.split("<td", row)] for row in rows]


@pytest.mark.parametrize("language", [DUTCH, ENGLISH])
def test_every_matter_says_what_who_does_what_and_what_happens_otherwise(language: str) -> None:
    told = lines(FULL, language)

    assert len(told) == len(ABOUT)
    assert [one for one in told if len(one) != 4 or not all(one)] == []
    assert [what for what, *_ in told if not re.match(r"3 .+4711 , 4712 , 4713 (Since|Sinds) 15 ", what)] == []
    assert [said for *_, do, otherwise in told for said in (do, otherwise) if not said.endswith(".")] == []


def test_whoever_asked_is_told_that_somebody_else_agrees() -> None:
    mine, theirs = (
        shown(replace(QUIET, lines=(replace(line(Matter.BRAKE), asked=Actor(who), until=AT + timedelta(days=1)),)))
        for who in (FRAME.who, "Bram (hr)")
    )

    assert ("You asked for it" in mine, "Somebody other than" in mine) == (True, False)
    assert "Somebody other than Bram (HR)." in theirs
    assert "Somebody can agree until 19 March 2026 09:00." in theirs


@pytest.mark.parametrize(
    ("planned", "says"),
    [
        (AT, "The next run is planned for 18 March 2026 09:00."),
        (None, "No run is planned: payroll starts one, on the page Plan."),
    ],
)
def test_what_the_next_run_goes_by_says_when_that_is(planned: datetime | None, says: str) -> None:
    decided = [what for what, about in ABOUT.items() if about.next_run]

    assert shown(replace(FULL, next_run=planned)).count(says) == len(decided)


def test_the_end_date_that_decides_is_told() -> None:
    ends = (replace(line(Matter.ENDS_IN_LOKET, nth), until=date(2026, 4, 30 - nth)) for nth in range(2))
    first, second = ends

    assert "The end date in Loket is 30 April 2026." in shown(replace(QUIET, lines=(first,)))
    assert "The earliest end date in Loket is 29 April 2026." in shown(replace(QUIET, lines=(first, second)))


def test_more_people_than_there_is_room_for_are_counted_and_found() -> None:
    page = shown(replace(QUIET, lines=tuple(line(Matter.TASK_HR, one) for one in range(8))))
    told = re.findall(r"<p class=\"message\">.*?</p>", page)[0]

    assert re.sub("<[^>]*>", "", told) == "4711, 4712, 4713, 4714, 4715 and 3 more"
    assert '<a href="/e/170/hr">and 3 more</a>' in told


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (ENGLISH, ["BSN: does not pass the 11-test 4711 , 4712", "Postal code: not in the form 1234 AB 4713"]),
        (DUTCH, ["BSN: voldoet niet aan de elfproef 4711 , 4712", "Postcode: niet in de vorm 1234 AB 4713"]),
    ],
)
def test_a_task_says_what_is_wrong_in_which_field_and_of_whom(language: str, says: list[str]) -> None:
    bsn, postcode = FieldPath("citizenServiceNumber"), FieldPath("address.postalCode")
    wrong = [("BSN_ELFPROEF", bsn), ("BSN_ELFPROEF", bsn), ("POSTCODE_FORMAT", postcode)]
    told = (replace(line(Matter.TASK_HR, nth), code=code, field=field) for nth, (code, field) in enumerate(wrong))

    ((what, *_),) = lines(replace(QUIET, lines=tuple(told)), language)

    assert [one for one in says if one not in what] == []
    assert what.index(says[0]) < what.index(says[1])


@pytest.mark.parametrize(
    ("acts", "first", "why"),
    [
        ({Acts.HR}, "HR corrects it in Personio.", "before HR has resolved its tasks."),
        ({*Acts}, "Everybody who has a task resolves it.", "before the tasks are resolved."),
    ],
)
def test_while_tasks_hold_the_sync_it_says_what_comes_after_what(acts: set[Acts], first: str, why: str) -> None:
    waiting = (line(Matter.TASK_HR), line(Matter.CONCEPT, 1))
    held = replace(QUIET, lines=waiting, held=Held(1, frozenset(acts), 3), next_run=AT)

    page, (task, concept) = shown(held), lines(held)

    steps = re.findall(r"<li>(.*?)</li>", page)
    assert [re.sub(" *<[^>]*>", " ", one).strip() for one in steps] == [
        first,
        "HR or payroll checks again, on the page Tasks: what is resolved goes away there at once.",
        "Payroll starts the run, on the page Plan; if not, the planned one begins at 18 March 2026 09:00.",
    ]
    assert ("/e/170/tasks" in steps[0], "/e/170/plan" in steps[2]) == (True, True)
    assert concept[-1].endswith(f"goes with the first run after it. No run of everybody goes through {why}")
    assert why not in task[-1]
    assert shown(replace(held, held=None)).count("<li>") == 0


def test_how_many_of_what_waits_are_tasks_is_told() -> None:
    page = shown(replace(QUIET, lines=(line(Matter.TASK_HR), line(Matter.TASK_HR, 1), line(Matter.CONCEPT, 2))))

    apart = "Only what holds the sync is on the page Tasks."
    assert f"3 things wait for somebody. 2 of them are tasks, which hold the sync. {apart}" in page
    assert apart not in shown(replace(QUIET, lines=(line(Matter.TASK_HR),)))


def test_a_quiet_day_says_how_changes_go_to_loket() -> None:
    planned = shown(QUIET, frame=replace(FRAME, next_run=AT))

    assert QUIET.verdict is Verdict.CALM
    assert "goes to Loket by itself, with the run of 18 March 2026 09:00." in planned
    assert "goes to Loket only when somebody starts a run: none is planned." in shown(QUIET)
    assert lines(QUIET) == []


def test_what_is_only_good_to_know_leaves_the_day_calm() -> None:
    sheet = replace(QUIET, lines=(line(NoticeCode.ON_LEAVE_LEFT_OUT),))

    assert (sheet.verdict, "Good to know" in shown(sheet)) == (Verdict.CALM, True)


def test_whoever_may_read_no_people_sees_nothing_that_quotes_one() -> None:
    quoting = replace(line(Matter.UNKNOWN), detail="Loket employee number 4800")
    of_a_field = replace(line(Matter.TASK_HR), field=FieldPath("address.city"), detail="Loket employee number 4800")
    sheet = replace(QUIET, lines=(quoting, of_a_field))

    assert "4800" in str(matters(sheet, ENGLISH))
    assert not re.search("4800|4711", str(matters(sheet, ENGLISH, people=False)))
    assert "City" in str(matters(sheet, ENGLISH, people=False))


def test_whoever_is_under_no_detail_is_named_beside_those_who_are() -> None:
    detailed = replace(line(Matter.TASK_HR), field=FieldPath("address.city"))
    page = shown(replace(QUIET, lines=(detailed, line(Matter.TASK_HR, 1))))

    assert re.findall("/people/(47[0-9]{2})", page) == ["4711", "4712"]


def test_a_notice_that_has_the_code_of_a_finding_keeps_its_own_words() -> None:
    told = replace(
        line(NoticeCode.PART_TIME_FACTOR_DIFFERS), code="PART_TIME_FACTOR_DIFFERS", detail="salary from 2026-03-01"
    )

    assert "1 March 2026" in shown(replace(QUIET, lines=(told,)))
