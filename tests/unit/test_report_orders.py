"""A report of personal values: who orders it says why, somebody else releases it, and within a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from domain.errors import Misconfigured, NotFound, SecondPersonNeeded
from domain.events.report import ReportOrdered
from domain.overwriting import Did
from domain.services.reports.order import (
    GOOD_FOR,
    PLANNED_GOOD_FOR,
    ReportOrder,
    order_report,
    ordered_report,
    reason_of,
    release_report,
    waiting_reports,
)
from domain.streams import report_stream
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, RunId
from domain.views.overwritten_fields import OverwrittenFilters
from tests.support.empty_views import views_in_memory
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

ENTITY = TULP.personio_id
ANNA, BILAL = Actor("Anna"), Actor("Bilal")
EVERYTHING = OverwrittenFilters(entities=(ENTITY,), since=date(2026, 1, 1), until=date(2026, 3, 31))


@dataclass
class Desk:
    world: World

    def order(self, name: str, *, because: str | None = None, filters: OverwrittenFilters = EVERYTHING) -> ReportOrder:
        tools = self.world.tools()
        return order_report(
            filters,
            tools.log,
            tools.vault,
            tools.clock,
            report=name,
            actor=ANNA,
            format="csv",
            people=2,
            log_size=tools.log.size(),
            unmask_because=because,
        )

    def planned(self, name: str, *, because: str | None = None) -> ReportOrder:
        tools = self.world.tools()
        return order_report(
            EVERYTHING, tools.log, tools.vault, tools.clock, report=name, actor=Actor("schedule:reports"), format="pdf",
            people=2, log_size=tools.log.size(), unmask_because=because,
        )  # fmt: skip

    def release(self, name: str, actor: Actor = BILAL) -> ReportOrder:
        return release_report(self.world.tools().log, self.world.clock, report=name, actor=actor)

    def waiting(self, actor: Actor = BILAL, *entities: str) -> list[str]:
        log = self.world.tools().log
        views = views_in_memory(log)
        views.catch_up()
        found = waiting_reports(log, views.recorded, self.world.clock, entities or (ENTITY,), actor=actor)
        views.close()
        return [one.id for one in found]

    def wait(self, span: timedelta) -> None:
        self.world.clock.sleep(span.total_seconds())


@pytest.fixture
def desk() -> Iterator[Desk]:
    world = World(InProcess())
    yield Desk(world)
    world.close()


def test_a_masked_report_needs_neither_a_reason_nor_a_second_person(desk: Desk) -> None:
    made = desk.order("report-1")

    assert not made.waits
    assert (made.for_whom(ANNA), made.for_whom(BILAL)) == (True, False)
    assert (made.order.rule, made.order.reason, made.order.subject) == ("AUD-6", BLANK, "")
    assert reason_of(desk.world.tools().log, desk.world.tools().vault, "report-1") == ""
    with pytest.raises(NotFound, match="does not wait"):
        desk.release("report-1")


def test_a_report_in_clear_waits_for_somebody_else_and_says_why_it_was_ordered(desk: Desk) -> None:
    made = desk.order("report-1", because="audit of March")

    assert made.waits
    assert made.order.rule == "AUD-8"
    assert reason_of(desk.world.tools().log, desk.world.tools().vault, "report-1") == "audit of March"
    with pytest.raises(SecondPersonNeeded, match="somebody else"):
        desk.release("report-1", ANNA)
    released = desk.release("report-1")
    assert (released.released_by, released.waits) == (BILAL, False)
    assert ordered_report(desk.world.tools().log, "report-1") == released
    with pytest.raises(NotFound, match="does not wait"):
        desk.release("report-1")


@pytest.mark.parametrize("because", ["", "  ", " why  "])
def test_showing_values_needs_a_reason(desk: Desk, because: str) -> None:
    with pytest.raises(Misconfigured, match="needs a reason"):
        desk.order("report-1", because=because)


def test_an_order_is_good_for_a_day(desk: Desk) -> None:
    desk.order("report-1", because="audit")
    desk.order("report-2", because="audit")
    desk.wait(GOOD_FOR - timedelta(seconds=1))
    assert desk.release("report-1").released_by == BILAL

    desk.wait(timedelta(seconds=1))
    with pytest.raises(NotFound, match="does not wait"):
        desk.release("report-2")


def test_what_waits_is_shown_to_everybody_but_who_ordered_it_while_it_is_good(desk: Desk) -> None:
    desk.order("masked")
    desk.order("first", because="audit")
    desk.order("second", because="audit")
    desk.order("released", because="audit")
    desk.release("released")

    assert desk.waiting() == ["first", "second"]
    assert desk.waiting(ANNA) == []
    assert desk.waiting(BILAL, "999") == []
    desk.wait(GOOD_FOR - timedelta(seconds=1))
    assert desk.waiting() == ["first", "second"]
    desk.wait(timedelta(seconds=1))
    assert desk.waiting() == []


def test_an_order_that_was_never_made_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="there is no report"):
        ordered_report(desk.world.tools().log, "report-1")


def test_an_order_keeps_every_filter_it_was_made_with(desk: Desk) -> None:
    filters = replace(
        EVERYTHING,
        number=EmployeeNumber(4711),
        field=FieldPath("address.street"),
        run=RunId("run-1"),
        rule="EDIT-1",
        cleared=True,
        did=Did.CLEARED,
    )

    assert desk.order("report-1", filters=filters).filters == filters
    assert desk.order("report-2").filters == EVERYTHING
    (fact,) = (one.fact for one in desk.world.tools().log.stream(report_stream("report-1")))
    assert isinstance(fact, ReportOrdered)
    assert (fact.format, fact.people, fact.unmasked) == ("csv", 2, False)


def test_a_report_of_a_timetable_is_for_everybody_who_may_read_until_the_next_one(desk: Desk) -> None:
    order = desk.planned("report-monthly")

    assert (order.for_whom(ANNA), order.for_whom(BILAL), order.waits) == (True, True, False)
    assert order.good_until - order.ordered_at == PLANNED_GOOD_FOR


def test_a_report_of_a_timetable_in_clear_takes_two_people_who_are_not_the_timetable(desk: Desk) -> None:
    desk.planned("report-monthly", because="every month")

    released = desk.release("report-monthly", BILAL)

    assert (released.waits, released.for_whom(ANNA), released.for_whom(BILAL)) == (False, True, False)
    assert released.for_whom(Actor("oidc:anna")) is False  # may be Bilal
