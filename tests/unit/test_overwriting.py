"""Overwritten, filled and cleared are told apart by one function: reports, runs, alerts and sentences count alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from domain.attributes import Role
from domain.events.alert import AlertKind, AlertRaised
from domain.events.loket import FieldOverwritten
from domain.overwriting import Did, did
from domain.values import BLANK, NOT_OBSERVED
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
