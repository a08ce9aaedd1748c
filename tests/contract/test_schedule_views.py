"""What is planned and what became of it: the same rows from the same facts on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pytest

from adapters.projections.open import OpenViews, open_views
from domain.events.schedule import (
    JobPlanned,
    LoketVersionSeen,
    OccurrenceDone,
    OccurrenceMissed,
    OccurrencePutOff,
    OccurrenceStarted,
)
from domain.log import Fact
from domain.schedule import INSTALLATION, Job, Standing, schedule_stream
from domain.values import LegalEntityId
from domain.views.schedule import VersionRow
from tests.support.fake_log import FakeLog
from tests.support.scribe import MARCH_15, Scribe

TULP = LegalEntityId("170")
CHECK = (TULP, Job.DRIFT_CHECK)
TODAY = date(2026, 3, 15)
OF = {"legal_entity": TULP, "job": Job.DRIFT_CHECK}
PLANNED = JobPlanned(timetable="30 6 * * *", **OF)  # type: ignore[arg-type]
STARTED = OccurrenceStarted(business_date=TODAY, due_at=MARCH_15, **OF)  # type: ignore[arg-type]
DONE = OccurrenceDone(business_date=TODAY, outcome="no_drift", reference="check-1", **OF)  # type: ignore[arg-type]
LATER = MARCH_15 + timedelta(minutes=15)
PUT_OFF = OccurrencePutOff(business_date=TODAY, reason="Unreachable", until=LATER, **OF)  # type: ignore[arg-type]
MISSED = OccurrenceMissed(business_date=TODAY, due_at=MARCH_15, **OF)  # type: ignore[arg-type]
UNPLANNED = JobPlanned(timetable="", **OF)  # type: ignore[arg-type]


@pytest.fixture
def views(log_url: str) -> Iterator[tuple[Scribe, OpenViews]]:
    log = FakeLog()
    with closing(open_views(log_url, log)) as opened:
        yield Scribe(log), opened


@pytest.mark.parametrize(
    ("facts", "standing", "outcome"),
    [
        ((PLANNED,), Standing("30 6 * * *", MARCH_15, next_version=1), ""),
        ((PLANNED, STARTED), Standing("30 6 * * *", MARCH_15, next_version=2), ""),
        ((PLANNED, STARTED, DONE), Standing("30 6 * * *", MARCH_15, done=TODAY, next_version=3), "no_drift"),
        ((PLANNED, MISSED), Standing("30 6 * * *", MARCH_15, told=TODAY, next_version=2), ""),
        (
            (PLANNED, STARTED, PUT_OFF),
            Standing("30 6 * * *", MARCH_15, not_before=LATER, next_version=3),
            "Unreachable",
        ),
        (
            (PLANNED, STARTED, PUT_OFF, STARTED, DONE, UNPLANNED),
            Standing("", None, done=TODAY, next_version=6),
            "no_drift",
        ),
    ],
)
def test_a_planned_job_shows_how_it_stands(
    views: tuple[Scribe, OpenViews], facts: tuple[Fact, ...], standing: Standing, outcome: str
) -> None:
    scribe, seen = views
    scribe.write(schedule_stream(*CHECK), *facts)

    seen.catch_up()

    row = seen.schedule.job(CHECK)
    assert row is not None
    assert (row.standing, row.outcome) == (standing, outcome)
    assert seen.schedule.jobs() == {CHECK: row}
    assert seen.schedule.job((INSTALLATION, Job.VERIFY)) is None


def test_the_version_that_was_followed_last_is_remembered_for_each_entity(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    facts = [LoketVersionSeen(legal_entity=TULP, version=number) for number in (7, 9)]
    scribe.write(schedule_stream(TULP, Job.SYNC), *facts)

    seen.catch_up()

    assert seen.schedule.version(TULP) == VersionRow(9, 2)
    assert seen.schedule.version(LegalEntityId("171")) is None
