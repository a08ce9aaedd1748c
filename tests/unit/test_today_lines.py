"""Every line of Today says what waits, who does what about it, and what happens if nobody does."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from api.http.routes.entities import EndDisagreements
from api.languages import DUTCH, ENGLISH
from api.pages.frame import Frame
from api.pages.rendering import render
from api.pages.today import TodayPage, ToDo
from api.pages.words import DOING, LATE, TROUBLE
from domain.planning.findings import Acts
from domain.schedule import Job
from domain.values import Actor, LegalEntityId, RunId
from domain.views.runs import RunRow, RunStatus

AT = datetime(2026, 3, 18, 8, tzinfo=UTC)
FRAME = Frame(
    who="Marieke (payroll_admin)", role="payroll_admin", entity="170", entities=(), menu=(), more=(), size=1, head=None,
    doubt=None, going=None, origin="", path="/e/170", names=None, showing=None, now=AT, until=AT.replace(hour=23),
    made_up=None, next_run=None, may_plan=True, may_prove=True, may_see_runs=True, may_read_proof=True,
)  # fmt: skip


def ran(status: RunStatus, **counts: int) -> RunRow:
    return RunRow(
        RunId("run-1"), LegalEntityId("170"), AT.date(), Actor("Marieke"), AT, 1, status, AT, None, None, None, counts
    )  # fmt: skip


QUIET = TodayPage(
    runs=(ran(RunStatus.COMPLETED),), last=ran(RunStatus.COMPLETED), tasks=(), look=None, by_who=(), concepts=0,
    concept_days=0, differences=0, disagreements=None, braked=(), release=0, agree=0, asked_for=0, late=(),
)  # fmt: skip
FULL = replace(
    QUIET, last=ran(RunStatus.COMPLETED_WITH_ERRORS, unknown=1, failed=2), by_who=tuple(
        ToDo(one.value, 4, 3, ((4715, "address.postalCode"), (None, None), (4716, "personalDetails.lastName")))
        for one in Acts
    ),
    concepts=2, concept_days=2, differences=3, release=1, agree=1, asked_for=1,
    disagreements=EndDisagreements(count=3, ended_in_loket=2, ended_in_personio=1, earliest_end=date(2026, 4, 30)),
    late=tuple((one.value, date(2026, 3, 17)) for one in Job),
)  # fmt: skip
OTHER_TROUBLE = (
    *(replace(QUIET, last=ran(one)) for one in (RunStatus.BLOCKED, RunStatus.REFUSED, RunStatus.CUT_OFF)),
    replace(QUIET, last=ran(RunStatus.REFUSED), braked=(("run-1", "Bram (hr)"),)),
)


def shown(page: TodayPage, language: str = ENGLISH, frame: Frame = FRAME) -> str:
    return render("today.html", language, frame=frame, files={}, page=page)


def lines(page: TodayPage, language: str = ENGLISH) -> list[tuple[str, str, str]]:
    """What waits, who does what, and what happens otherwise, as far as each is there."""
    listed = shown(page, language).partition('<ul class="todo">')[2].partition("</ul>")[0]
    parts = (re.split(r'<p class="(?:do|otherwise)">', one) for one in listed.split("</li>")[:-1])
    told = [[" ".join(re.sub("<[^>]*>", "", part).split()) for part in (*one, "", "")][:3] for one in parts]
    return [(what, do, otherwise) for what, do, otherwise in told]


def test_a_kind_of_line_that_is_added_is_looked_at_here() -> None:
    quiet = {one.name for one in fields(TodayPage) if not getattr(QUIET, one.name) and not getattr(FULL, one.name)}

    assert quiet == {"tasks", "look", "braked"}


@pytest.mark.parametrize("language", [DUTCH, ENGLISH])
def test_every_line_says_who_does_what_and_what_happens_otherwise(language: str) -> None:
    told = [line for page in (FULL, *OTHER_TROUBLE) for line in lines(page, language)]

    assert len(told) == len(lines(FULL)) + len(OTHER_TROUBLE)
    assert len(lines(FULL)) == 1 + 3 + len(Acts) + len(Job) + 5
    for what, do, otherwise in told:
        assert what, told
        for sentence in (do, otherwise):
            assert sentence[:1].isupper(), (what, do, otherwise)
            assert sentence.endswith((".", "Plan")), (what, do, otherwise)


def test_every_job_status_and_actor_has_its_words() -> None:
    ended_well = {RunStatus.COMPLETED, RunStatus.IN_PROGRESS}

    assert (set(LATE), set(DOING), set(TROUBLE)) == (set(Job), set(Acts), set(RunStatus) - ended_well)


@pytest.mark.parametrize(
    ("planned", "role", "says"),
    [
        (AT, "hr", "The run of 18 March 2026 09:00 then does the rest by itself."),
        (None, "payroll_admin", "Start a run after that: none is planned. Plan"),
        (None, "hr", "After that somebody has to start a run: none is planned."),
    ],
)
def test_after_a_task_or_a_concept_a_run_comes_by_itself_or_somebody_starts_one(
    planned: datetime | None, role: str, says: str
) -> None:
    page = shown(FULL, frame=replace(FRAME, role=role, may_plan=role != "hr", next_run=planned)).replace(
        "\N{NO-BREAK SPACE}", " "
    )

    assert re.sub("<[^>]*>", "", page).count(says) == len(Acts) + 1


def test_a_quiet_day_says_how_changes_go_to_loket() -> None:
    planned = shown(QUIET, frame=replace(FRAME, next_run=AT)).replace("\N{NO-BREAK SPACE}", " ")

    assert "goes to Loket by itself, with the run of 18 March 2026 09:00." in planned
    assert "goes to Loket only when somebody starts a run: none is planned." in shown(QUIET)
    assert lines(QUIET) == []


def test_some_tasks_are_named_by_number_and_field_and_the_others_counted() -> None:
    (hr,) = [do for what, do, _ in lines(FULL, DUTCH) if "HR" in what]

    assert hr.startswith("HR corrigeert dit in Personio: 4715 Postcode, geen nummer, 4716 Achternaam, en nog één.")
