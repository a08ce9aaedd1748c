"""Overwritten, filled and cleared are told apart by one function: reports, runs, alerts and sentences count alike."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from rich.console import Console

from adapters.reports.csv_file import write_csv
from adapters.reports.overwritten import head, json_line
from adapters.reports.summary import spoken_of
from api.presenters import tables_audit
from domain.attributes import Role
from domain.errors import TooManyPeople
from domain.events.alert import AlertKind, AlertRaised
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.events.loket import FieldOverwritten
from domain.overwriting import Did, did
from domain.services.reports.overwritten import overwritten_report
from domain.values import BLANK, NOT_OBSERVED, Actor, EmployeeNumber
from domain.views.overwritten_fields import OverwrittenFilters
from domain.views.sentences import sentence
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

DAY = date(2026, 3, 16)


@pytest.fixture
def world() -> Iterator[World]:
    """One value replaced, one filled, two cleared by one run."""
    made = World(InProcess())
    made.employ("Sanne")
    made.run(date(2026, 3, 15))
    made.edit("Sanne", Role("phone"), BLANK)
    made.edit("Sanne", Role("personal_email"), BLANK)
    made.edit("Sanne", Role("street"), "Central Ave")
    made.edit("Sanne", Role("house_number_addition"), "b")
    made.run(DAY)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("a", "b", Did.OVERWRITTEN),
        (BLANK, "b", Did.FILLED),
        ("a", BLANK, Did.CLEARED),
        (NOT_OBSERVED, "b", Did.OVERWRITTEN),
        (NOT_OBSERVED, BLANK, Did.CLEARED),
    ],
)
def test_every_write_of_a_field_is_one_of_three(before: str, after: str, said: Did) -> None:
    assert did(before, after) is said


def test_reports_runs_alerts_and_sentences_count_alike(world: World) -> None:
    tools, run = world.tools(), world.last_report()
    asked = OverwrittenFilters(entities=(TULP.personio_id,), since=DAY, until=DAY)
    below = tools.log.size()

    reported = tools.views.overwritten_fields.totals(asked, below=below).counts._asdict()
    rows = tools.views.overwritten_fields.rows(asked, below=below)
    of_rows = Counter(Did.CLEARED if one.cleared else Did.FILLED if one.filled else Did.OVERWRITTEN for one in rows)
    of_run = Counter(did(each.before, each.after) for one in run.outcomes for each in one.overwritten)
    written = tools.vault.opened(tuple(one for one in world.everything() if isinstance(one.fact, FieldOverwritten)))
    told = Counter(kind for one in written for kind in Did if f"was {kind}" in sentence(one.fact, on=DAY))
    (alert,) = facts(world.everything(), AlertRaised)
    alerted = {one.kind: one.count for one in alert.happened}

    assert reported == {Did.OVERWRITTEN: 1, Did.FILLED: 1, Did.CLEARED: 2}
    assert dict(of_rows) == dict(of_run) == dict(told) == reported
    assert alerted == {AlertKind.OVERWRITTEN: 1, AlertKind.CLEARED: 2}


def test_every_paper_and_table_counts_as_the_view_does(world: World) -> None:
    tools = world.tools()
    asked = OverwrittenFilters(entities=(TULP.personio_id,), since=DAY, until=DAY)
    report = overwritten_report(asked, tools.log, tools.vault, tools.views, tools.clock, actor=Actor("Eva"))
    printed, csv = io.StringIO(), io.StringIO()

    said = head(report)
    tables_audit.overwritten(Console(file=printed, width=200), said, map(json_line, report.lines()))
    write_csv(report, csv)
    (spoken,) = spoken_of(report, {"exclusions": []})

    counts = {"fields": 4, "overwritten": 1, "filled": 1, "cleared": 2}
    told = [said["totals"], *said["runs"], *said["totals"]["by_person"], spoken.as_json()]
    assert [{name: one[name] for name in counts} for one in told] == [counts] * 4
    assert {name: sum(one[name] for one in said["totals"]["by_field"]) for name in counts} == counts
    for paper in (printed, csv):
        assert "4 fields: 1 overwritten, 1 filled, 2 cleared" in paper.getvalue()


def test_in_clear_everyone_whose_values_it_shows_is_on_record_or_the_one_it_is_about(world: World) -> None:
    tools, number = world.tools(), EmployeeNumber(world.people["Sanne"].number)
    asked = OverwrittenFilters(entities=(TULP.personio_id,), since=DAY, until=DAY)
    (sanne,) = {one.subject for one in facts(world.everything(), FieldOverwritten)}
    report = partial(
        overwritten_report, log=tools.log, vault=tools.vault, views=tools.views, clock=tools.clock, actor=Actor("Eva"),
        unmask_because="the accountant asks", also=frozenset({"beside"}),
    )  # fmt: skip

    with pytest.raises(TooManyPeople):
        report(asked, most=1)
    assert facts(world.everything(), ValuesUnmasked) == []
    report(asked, most=1, agreed=True)
    report(replace(asked, number=number))

    assert [set(one.people) for one in facts(world.everything(), PeopleNamed)] == [{"beside", sanne}]
    together, alone = facts(world.everything(), ValuesUnmasked)
    assert (together.employee_number, together.subject != sanne) == (None, True)
    assert (alone.employee_number, alone.subject) == (number, sanne)
