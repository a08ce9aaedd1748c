"""A schedule is kept: each business date's job runs once, is tried again after a failure, or is told as missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from domain.errors import ClaimLost, Unreachable
from domain.events.schedule import JobPlanned, OccurrenceDone, OccurrenceMissed, OccurrencePutOff, OccurrenceStarted
from domain.log import Fact, StreamId
from domain.planning.business_date import AMSTERDAM
from domain.schedule import Job, Planned, late, schedule_stream, timetable
from domain.services.journal import Journal
from domain.services.keep_schedule import RETRIED_AFTER, Concluded, Keeper, NotNow, standing_jobs
from domain.values import LegalEntityId, RunId
from tests.support.fake_claims import FakeClaims
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

ENTITY = TULP.personio_id
CHECK = Planned(ENTITY, Job.DRIFT_CHECK, timetable("30 6 * * *"))
STREAM = schedule_stream(*CHECK.key)
DAY = date(2026, 3, 16)


@dataclass
class Office:
    world: World
    ends: Concluded | NotNow | Exception = field(default_factory=lambda: Concluded("no_drift", "check-1"))
    worked: int = 0
    told: list[bool] = field(default_factory=list)

    def keeper(self) -> Keeper:
        return Keeper(tools=self.world.tools(), grace=timedelta(hours=2), work=self.work, alerts=self.alerts)

    def work(self, planned: Planned) -> Concluded | NotNow:
        self.worked += 1
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends

    def alerts(self, journal: Journal, planned: Planned, missed: bool) -> Mapping[StreamId, Sequence[Fact]]:
        self.told.append(missed)
        return {}

    def at(self, hour: int, minute: int = 0, day: date = DAY) -> None:
        instant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)
        self.world.clock.sleep((instant - self.world.clock.now()).total_seconds())

    def facts(self) -> list[Fact]:
        return [one.fact for one in self.world.tools().log.stream(STREAM)]

    def is_due(self) -> bool:
        self.world.tools().views.catch_up()
        return CHECK.key in self.keeper().due([CHECK])


@pytest.fixture
def office() -> Iterator[Office]:
    world = World(InProcess())
    made = Office(world)
    made.at(12, day=date(2026, 3, 15))
    made.keeper().adopt([CHECK])
    world.tools().views.catch_up()
    yield made
    world.close()


OF = {"legal_entity": ENTITY, "job": Job.DRIFT_CHECK}


def test_what_is_planned_is_put_on_record_where_it_is_news_and_what_no_longer_is_ends(office: Office) -> None:
    office.keeper().adopt([CHECK])
    office.world.tools().views.catch_up()
    office.keeper().adopt([])

    assert office.facts() == [JobPlanned(timetable=text, **OF) for text in ("30 6 * * *", "")]  # type: ignore[arg-type]


def test_what_is_planned_and_not_yet_on_record_is_not_due(office: Office) -> None:
    office.at(6, 30)
    office.world.tools().views.catch_up()
    sync = replace(CHECK, job=Job.SYNC)

    assert list(office.keeper().due([sync, CHECK])) == [CHECK.key]


def test_a_job_runs_once_on_its_business_date_and_tells_how_it_ended(office: Office) -> None:
    office.at(6, 29)
    assert not office.is_due()
    assert not office.keeper().run(CHECK)
    office.at(6, 30)
    assert office.is_due()

    assert [office.keeper().run(CHECK) for _ in range(2)] == [True, False]

    due_at = datetime(2026, 3, 16, 6, 30, tzinfo=AMSTERDAM)
    assert office.facts()[1:] == [
        OccurrenceStarted(business_date=DAY, due_at=due_at, **OF),  # type: ignore[arg-type]
        OccurrenceDone(business_date=DAY, outcome="no_drift", reference="check-1", **OF),  # type: ignore[arg-type]
    ]
    assert (office.worked, office.told, office.is_due()) == (1, [False], False)
    assert office.world.tools().log.stream(STREAM)[-1].meta.actor == "schedule:drift_check"


@pytest.mark.parametrize(("ends", "reason"), [(NotNow("RUN-7"), "RUN-7"), (Unreachable("no answer"), "Unreachable")])
def test_what_concluded_nothing_is_put_off_and_tried_again_a_quarter_of_an_hour_later(
    office: Office, ends: NotNow | Exception, reason: str
) -> None:
    office.at(6, 30)
    office.ends = ends

    assert office.keeper().run(CHECK)

    last = office.facts()[-1]
    assert isinstance(last, OccurrencePutOff)
    assert (last.reason, last.until) == (reason, office.world.clock.now() + RETRIED_AFTER)
    assert not office.keeper().run(CHECK)
    office.world.clock.sleep(RETRIED_AFTER.total_seconds())
    office.ends = Concluded("no_drift")
    assert office.keeper().run(CHECK)
    assert isinstance(office.facts()[-1], OccurrenceDone)


def test_a_fault_of_ours_is_put_off_as_well_and_raised(office: Office) -> None:
    office.at(6, 30)
    office.ends = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        office.keeper().run(CHECK)

    last = office.facts()[-1]
    assert isinstance(last, OccurrencePutOff)
    assert last.reason == "ZeroDivisionError"


def test_whoever_lost_the_claim_appends_nothing_more(office: Office) -> None:
    office.at(6, 30)
    office.ends = ClaimLost("somebody else has it")

    with pytest.raises(ClaimLost):
        office.keeper().run(CHECK)

    assert isinstance(office.facts()[-1], OccurrenceStarted)


def test_a_job_whose_claim_somebody_took_over_meanwhile_tells_no_end(office: Office) -> None:
    office.at(6, 30)
    claims: FakeClaims = office.world.tools().claims  # type: ignore[assignment]

    def work(_planned: Planned) -> Concluded:
        claims.holder_died(LegalEntityId(STREAM))
        with claims.claim(LegalEntityId(STREAM), RunId("other")):
            return Concluded("no_drift")

    with pytest.raises(ClaimLost):
        replace(office.keeper(), work=work).run(CHECK)

    assert isinstance(office.facts()[-1], OccurrenceStarted)


def test_the_end_of_a_job_is_under_a_signed_head_whether_anybody_is_told_of_it_or_not(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, signed = office.world.tools().log, list[int]()
    monkeypatch.setattr(log, "checkpoint", lambda: signed.append(log.size()))
    office.at(6, 30)

    Keeper(tools=office.world.tools(), grace=timedelta(), work=office.work).run(CHECK)

    assert isinstance(office.facts()[-1], OccurrenceDone)
    assert signed == [log.size()]


def test_while_somebody_else_is_at_it_nothing_is_run_or_told(office: Office) -> None:
    office.at(6, 30)

    with office.world.tools().claims.claim(LegalEntityId(STREAM), RunId("other")):
        assert not office.keeper().run(CHECK)
    assert (office.worked, len(office.facts())) == (0, 1)


def test_a_job_that_is_not_on_record_is_not_run(office: Office) -> None:
    other = Planned(ENTITY, Job.VERIFY, timetable("30 6 * * *"))
    office.at(6, 30)

    assert not office.keeper().run(other)
    assert office.worked == 0


def test_what_was_missed_is_told_once_for_each_business_date_and_runs_no_more(office: Office) -> None:
    office.at(12, day=date(2026, 3, 18))

    office.keeper().tell_missed(CHECK)
    office.keeper().tell_missed(CHECK)

    missed = [one.business_date for one in office.facts() if isinstance(one, OccurrenceMissed)]
    assert missed[:2] == [date(2026, 3, 16), date(2026, 3, 17)]
    assert len(missed) == len(set(missed))
    assert (office.worked, office.told) == (0, [True])


def test_what_was_done_before_a_clock_was_years_ahead_is_neither_done_nor_told_as_missed_again(office: Office) -> None:
    office.at(6, 30)
    assert office.keeper().run(CHECK)
    office.at(9, day=DAY.replace(year=2031))
    assert office.keeper().run(CHECK)
    before = len(office.facts())

    office.at(10)
    again = office.keeper().run(CHECK)
    told = office.facts()[before:]
    office.at(6, 30, day=date(2026, 3, 17))
    next_day = [office.keeper().run(CHECK) for _ in range(2)]

    assert (again, told) == (False, [])
    assert next_day == [True, False]
    assert office.told[-1] is False


def test_a_weekly_job_whose_day_went_by_under_a_clock_that_was_years_ahead_is_due_when_the_clock_is_right_again(
    office: Office,
) -> None:
    """And it is late for whoever looks, as it is; one that was done on its day is not."""
    weekly = Planned(ENTITY, Job.DRIFT_CHECK, timetable("30 6 * * mon"))
    office.keeper().adopt([weekly])
    office.at(9, day=date(2031, 1, 6))
    assert office.keeper().run(weekly)

    def stands() -> tuple[bool, bool]:
        tools = office.world.tools()
        tools.views.catch_up()
        now = tools.clock.now()
        row = standing_jobs(tools.log, tools.views, now)[weekly.key]
        return bool(office.keeper().due([weekly])), late(weekly, row.standing, now, office.keeper().grace)

    office.at(10, day=date(2026, 3, 17))
    before = stands()
    assert office.keeper().run(weekly)

    assert (before, stands()) == ((True, True), (False, False))
