"""Every paper says up to where it tells, and which signed head proves that."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from adapters.reports.csv_file import write_csv
from adapters.reports.xlsx_file import _about
from api.languages import translations
from domain.attributes import Role
from domain.events.runs import RunStarted
from domain.log import Checkpoint
from domain.schedule import Plans
from domain.services.hand_over import handed_over
from domain.services.reports.overwritten import overwritten_report
from domain.services.reports.up_to import up_to
from domain.streams import run_stream
from domain.values import Actor, LegalEntityId, RunId
from domain.views.overwritten_fields import OverwrittenFilters
from tests.support.scribe import Scribe
from tests.support.world import World
from tests.support.world_in_process import InProcess

ENTITY = LegalEntityId("170")


@pytest.mark.parametrize(
    ("size", "covered", "said"),
    [
        (0, None, "From an empty log."),
        (1, None, "with 1 event, at position 0. They are not under a signed checkpoint yet."),
        (503, 502, "The signed checkpoint below covers 502 events; those after it are not under one yet."),
        (503, 503, "position 502. The signed checkpoint below covers 503 events, these among them."),
        (503, 510, "position 502. The signed checkpoint below covers 510 events, these among them."),
    ],
)
def test_a_paper_says_how_the_head_stands_to_what_it_tells(size: int, covered: int | None, said: str) -> None:
    head = None if covered is None else Checkpoint(covered, b"", "a note")

    assert up_to(size, head).endswith(said)
    assert up_to(size, head, translations("nl").gettext) != up_to(size, head)


@pytest.fixture
def world() -> Iterator[World]:
    """Sanne's street is overwritten on 16 March, and nothing else ever was."""
    made = World(InProcess())
    made.employ("Sanne")
    made.run(date(2026, 3, 15))
    made.edit("Sanne", Role("street"), "Central Ave")
    made.run(date(2026, 3, 16))
    yield made
    made.close()


def grow(world: World) -> None:
    """One event more, as of a run that goes on meanwhile."""
    fact = RunStarted(legal_entity=ENTITY, business_date=date(2026, 3, 17))
    Scribe(world.tools().log).write(run_stream(RunId(f"run-{world.tools().log.size()}")), fact)


def test_what_is_recorded_while_a_report_is_made_is_under_its_head_and_not_on_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, sign = world.tools(), world.tools().log.checkpoint
    size = tools.log.size()
    asked = OverwrittenFilters(entities=(ENTITY,), since=date(2026, 3, 15), until=date(2026, 3, 17))
    monkeypatch.setattr(tools.log, "checkpoint", lambda: (grow(world), sign())[1])

    report = overwritten_report(asked, tools.log, tools.vault, tools.views, tools.clock, actor=Actor("Eva"))

    assert report.checkpoint is not None
    assert (report.size, report.checkpoint.size, len(report.runs)) == (size, size + 1, 2)
    covered = f"the last at position {size - 1}. The signed checkpoint below covers {size + 1} events, these"
    out = io.StringIO()
    write_csv(report, out)
    about = dict(_about(report))
    assert covered in report.up_to
    assert covered in out.getvalue()
    assert (about["events in the log"], about["made from"]) == (size, report.up_to)


def test_nobody_s_values_are_opened_who_came_on_record_after_it_was_said_whose_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, sign = world.tools(), world.tools().log.checkpoint
    asked = OverwrittenFilters(entities=(ENTITY,), since=date(2026, 3, 15), until=date(2026, 3, 17))

    def run_in_between() -> Checkpoint | None:
        monkeypatch.setattr(tools.log, "checkpoint", sign)
        world.edit("Sanne", Role("city"), "Weesp")
        world.run(date(2026, 3, 17))
        return sign()

    monkeypatch.setattr(tools.log, "checkpoint", run_in_between)
    report = overwritten_report(
        asked, tools.log, tools.vault, tools.views, tools.clock, actor=Actor("Eva"), unmask_because="audit"
    )

    assert [one.after for one in report.lines()] == ["Central Ave"]


@pytest.mark.parametrize(("grows", "more"), [(1, 1), (2, 2), (9, 4)], ids=("once", "twice", "without end"))
def test_a_handover_sheet_is_put_together_again_while_the_log_grows(world: World, grows: int, more: int) -> None:
    """It is asked for the time once for each sheet."""
    tools, left, asked = world.tools(), [*range(grows)], list[datetime]()
    size = tools.log.size()
    tools.views.catch_up()

    class Clock:
        def now(self) -> datetime:
            if left:
                left.pop()
                grow(world)
            asked.append(world.clock.now())
            return asked[-1]

        def sleep(self, seconds: float) -> None: ...

    sheet, told = handed_over(
        ENTITY, size, log=tools.log, vault=tools.vault, views=tools.views, clock=Clock(), plans=Plans()
    )

    assert (told, told == tools.log.size(), len(asked)) == (size + more, grows < 5, more + 1)
    assert sheet.run is not None
