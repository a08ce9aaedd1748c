"""Several legal entities on one page: what blocks payroll first, and among those what has waited longest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.http.routes.handover import MatterItem
from api.languages import ENGLISH
from api.pages.today import AllTodayPage, EntityToday, ToDo, Urgency, worst_first
from api.presenters.held import verdict_sentence
from api.presenters.matters import matters
from domain.planning.findings import Acts, NoticeCode
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, RunId
from domain.views.handed import Line
from domain.views.handover import Sheet
from domain.views.matters import Matter, Section, What
from domain.views.runs import LastRuns, RunRow, RunStatus
from domain.views.tasks import Held

AT = datetime(2026, 3, 18, 9, tzinfo=UTC)
NEVER = LastRuns(None, None, None, None, None)


def ran(status: RunStatus = RunStatus.COMPLETED) -> LastRuns:
    entity = LegalEntityId("170")
    run = RunRow(RunId("run-1"), entity, AT.date(), Actor("A"), AT, 1, status, AT, None, None, None, {"unchanged": 3})
    return LastRuns(run, run, run, None, run, (run,))


def entity(
    name: str, *waits: What, days: int = 0, runs: LastRuns | None = None, compared: datetime | None = AT
) -> EntityToday:
    since = AT - timedelta(days=days)
    lines = tuple(Line(what, PersonId("301"), EmployeeNumber(4711), "RUN-1", "", since=since) for what in waits)
    tasks = Held(1, frozenset({Acts.HR}), 3) if Matter.TASK_HR in waits else None
    sheet = Sheet(
        LegalEntityId("170"), AT.date(), runs or ran(), None, compared, lines, dict.fromkeys(Section, ()), held=tasks
    )
    todo = (ToDo(MatterItem.model_validate(one), None) for one in matters(sheet, ENGLISH))
    wanted = tuple(one for one in todo if not one.of.to_know)
    return EntityToday(name, sheet, verdict_sentence(sheet, ENGLISH), wanted, days)


CALM = entity("calm", NoticeCode.ON_LEAVE_LEFT_OUT)
NEW = entity("new", Matter.FIRST_RUN, runs=NEVER, compared=None)
JOINER = entity("joiner", Matter.CONCEPT, days=3)
NOTICED = entity("noticed", NoticeCode.PAY_TYPE_NOT_SENT, days=1)
UNKNOWN = entity("unknown", Matter.CONCEPT, Matter.UNKNOWN)
CUT_OFF = entity("cut off", Matter.RUN_CUT_OFF, runs=ran(RunStatus.CUT_OFF))
HELD = entity("held", Matter.TASK_HR)
HELD_LONG = entity("held long", Matter.TASK_HR, days=8)
BRAKED = entity("braked", Matter.BRAKE, runs=replace(ran(), braked=ran(RunStatus.REFUSED).recent))
REFUSED = entity("refused", Matter.NOT_READ, runs=ran(RunStatus.REFUSED))


def test_what_blocks_payroll_comes_first_and_then_what_waits_longest() -> None:
    told = worst_first([CALM, NEW, NOTICED, JOINER, CUT_OFF, UNKNOWN, REFUSED, BRAKED, HELD, HELD_LONG])

    assert [one.name for one in told] == [
        "held long", "braked", "held", "refused", "cut off", "unknown", "joiner", "noticed", "new", "calm",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entities", "held", "urgent"),
    [([CALM], 0, 0), ([CALM, NEW], 0, 1), ([CALM, JOINER, CUT_OFF, NOTICED], 0, 3), ([HELD, JOINER], 1, 2)],
)
def test_the_sentence_counts_what_is_held_and_what_waits(entities: list[EntityToday], held: int, urgent: int) -> None:
    page = AllTodayPage(worst_first(entities))

    assert (page.held, page.urgent) == (held, urgent)


def test_what_there_is_no_room_for_is_counted() -> None:
    waits = (Matter.CONCEPT, Matter.DIFFERS, Matter.FORESEEN, Matter.TO_ENTER, NoticeCode.BSN_BLANK, Matter.LET_GO)
    told = entity("much", *waits)

    assert ([one.of.matter for one in told.some], told.more) == (["concept", "differs", "foreseen", "to_enter"], 1)
    assert (CALM.urgency, CALM.todo, CALM.says) == (Urgency.CALM, (), "Nothing to do.")
