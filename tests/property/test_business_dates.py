"""Whatever the downtime: no business date twice, no lost one untold, and nothing told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.planning.business_date import business_date
from domain.schedule import Job, Planned, Standing, due, timetable
from domain.values import LegalEntityId

SINCE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
TEXTS = ("30 6 * * *", "59 1 * * mon-fri", "0 3 * * *", "0 20 18,29 * *", "59 23 * * sat-mon")


@given(
    text=st.sampled_from(TEXTS),
    job=st.sampled_from([Job.DRIFT_CHECK, Job.SYNC]),
    gaps=st.lists(st.one_of(st.integers(1, 90), st.integers(90, 6_000)), min_size=1, max_size=60),
    works=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_each_business_date_is_done_or_told_and_never_done_twice(
    text: str, job: Job, gaps: list[int], works: list[bool]
) -> None:
    planned, standing, now = Planned(LegalEntityId("170"), job, timetable(text)), Standing(text, SINCE), SINCE
    done: list[date] = []
    told: list[date] = []

    for gap, worked in zip(gaps, works, strict=False):
        now += timedelta(minutes=gap)
        wanted = due(planned, standing, now, timedelta(hours=2))
        told += [one.business_date for one in wanted.missed]
        standing = replace(standing, told=max(told, default=None))
        if wanted.run is not None and worked:
            done.append(wanted.run.business_date)
            standing = replace(standing, done=wanted.run.business_date)

    assert len(set(done)) == len(done)
    assert len(set(told)) == len(told)
    assert done == sorted(done)
    assert told == sorted(told)
    over = [
        day
        for day in planned.timetable.between(business_date(SINCE), business_date(now))
        if planned.timetable.instant(day) > SINCE and planned.timetable.instant(day) + timedelta(hours=2) < now
    ]
    assert set(over) <= {*done, *told}
    assert all(planned.timetable.on(day) for day in (*done, *told))
