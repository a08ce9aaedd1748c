"""Schedulers on one database, with both simulators: each check once, whoever looks, and what is lost is told."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.log.where import beside_keys, signing_key_beside
from api.bootstrap import open_store, open_tools
from api.config.settings import Settings
from api.jobs.planned_jobs import ScheduledWork
from api.jobs.scheduler import Scheduler
from domain.errors import LogDamaged, LogNotBelieved
from domain.events.alert import AlertKind, AlertRaised
from domain.events.drift import DriftChecked
from domain.events.report import ReportOrdered
from domain.events.schedule import (
    JobPlanned,
    LoketVersionSeen,
    OccurrenceDone,
    OccurrenceMissed,
    OccurrencePutOff,
    OccurrenceStarted,
)
from domain.fairness import ALERTS
from domain.schedule import Job, Planned
from domain.services.keep_schedule import Concluded
from tests.support.planned import Office, local_instant, office

DAILY = '\n[schedule]\ndrift_check = "30 6 * * *"\n'


@pytest.fixture
def daily(tmp_path: Path, log_url: str) -> Iterator[Office]:
    with office(tmp_path, log_url, DAILY) as one:
        yield one


def look_together(schedulers: list[Scheduler]) -> None:
    threads = [threading.Thread(target=one.look) for one in schedulers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("eve", ["2026-03-27", "2026-10-23"])
def test_two_schedulers_on_one_database_run_each_check_once_over_a_clock_change(
    tmp_path: Path, log_url: str, eve: str
) -> None:
    with office(tmp_path, log_url, DAILY, local=f"{eve}T12:00") as daily, ExitStack() as both:
        schedulers = [both.enter_context(daily.scheduler()) for _ in range(2)]
        schedulers[0].look()

        for _ in range(3 * 24 * 2):
            daily.clock.pass_by(timedelta(minutes=30))
            look_together(schedulers)

        done = [one.business_date.isoformat()[-2:] for one in daily.facts(OccurrenceDone)]  # type: ignore[attr-defined]
        first = int(eve[-2:]) + 1
        assert done == [str(first + n) for n in range(3)]
        assert len(daily.facts(OccurrenceStarted)) == len(daily.facts(DriftChecked)) == daily.sweeps() == 3


def test_after_downtime_there_is_one_check_and_one_more_at_its_time(daily: Office) -> None:
    with daily.scheduler() as before:
        before.look()
    daily.clock.instant = local_instant("2026-03-31T05:00")

    with daily.scheduler() as after:
        after.look()
        after.look()
        at_once = len(daily.facts(DriftChecked))
        missed = [str(one.business_date) for one in daily.facts(OccurrenceMissed)]  # type: ignore[attr-defined]
        daily.clock.instant = local_instant("2026-03-31T06:30")
        after.look()

    assert missed == ["2026-03-28", "2026-03-29", "2026-03-30"]
    assert (at_once, len(daily.facts(DriftChecked))) == (1, 2)
    assert len(daily.facts(OccurrenceMissed)) == 3
    assert [str(one.business_date) for one in daily.facts(OccurrenceDone)] == ["2026-03-30", "2026-03-31"]  # type: ignore[attr-defined]


def test_a_check_that_could_conclude_nothing_is_tried_again_after_a_while(daily: Office) -> None:
    with daily.scheduler() as one:
        one.look()
        daily.running.loket.faults.add("forbidden", method="GET", path="*/employers/*", times=0)
        daily.clock.instant = local_instant("2026-03-28T06:30")
        one.look()
        one.look()
        in_vain = len(daily.facts(OccurrencePutOff))
        daily.running.loket.faults.clear()
        daily.clock.pass_by(timedelta(minutes=15))
        one.look()

    assert in_vain == 1
    assert len(daily.facts(DriftChecked)) == 1
    assert [str(one.business_date) for one in daily.facts(OccurrenceDone)] == ["2026-03-28"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("entity", "job"), [("", Job.VERIFY), ("170", Job.DRIFT_CHECK)])
def test_a_machine_that_joins_may_begin_with_any_job(
    tmp_path: Path, log_url: str, monkeypatch: pytest.MonkeyPatch, entity: str, job: Job
) -> None:
    """Each job that builds on the log verifies all of it first, on a machine that never did."""
    with office(tmp_path, log_url, f'\n[schedule]\n{job} = "30 6 * * *"\n') as one:
        with one.scheduler() as first:
            first.look()
        one.clock.instant = local_instant("2026-03-28T06:30")
        monkeypatch.setattr("socket.gethostname", lambda: "second-machine")
        joined, folder = machine_of_its_own(one.settings, tmp_path)

        with open_store(joined, clock=one.clock, reading=True) as store, open_tools(joined, store) as tools:
            ScheduledWork(joined, store, tools).do(entity, job)

        assert len(one.facts(OccurrenceDone)) == 1
        assert (folder / "second-machine.checkpoints.jsonl").exists()


def test_a_machine_whose_copies_are_gone_has_not_just_joined(tmp_path: Path, log_url: str) -> None:
    with office(tmp_path, log_url, DAILY) as one:
        with one.scheduler() as first:
            first.look()
        one.clock.instant = local_instant("2026-03-28T06:30")
        lost, _ = machine_of_its_own(one.settings, tmp_path)

        with open_store(lost, clock=one.clock, reading=True) as store, open_tools(lost, store) as tools:
            ScheduledWork(lost, store, tools).do("170", Job.DRIFT_CHECK)
            with pytest.raises(LogNotBelieved, match="UNVERIFIABLE"):
                store.log.believed()


def machine_of_its_own(mine: Settings, beside: Path) -> tuple[Settings, Path]:
    """The same log and keys, and an empty checkpoint folder."""
    folder, keys = beside / "second", beside_keys(mine.log.keys, Path(mine.log.checkpoints))
    log = {
        "checkpoints": str(folder),
        "key_file": keys.with_name(f"{keys.name}.key"),
        "signing_key_file": signing_key_beside(keys),
    }
    return mine.model_copy(update={"log": mine.log.model_copy(update=log)}), folder


def test_a_look_ahead_whose_read_is_not_believed_is_one_alert_and_is_over_with_the_next_run(
    tmp_path: Path, log_url: str
) -> None:
    weekly = '\n[legal_entity.schedule]\nsync = "0 20 * * mon"\n'
    with office(tmp_path, log_url, weekly) as one, one.scheduler() as scheduler:

        def alerts() -> list[str]:
            told = [fact for fact in one.facts(AlertRaised) if isinstance(fact, AlertRaised)]
            opened = ["opened" for fact in told for each in fact.opened if each.kind is AlertKind.IMPLAUSIBLE_READ]
            over = ["over" for fact in told for each in fact.recovered if each.kind is AlertKind.IMPLAUSIBLE_READ]
            return opened + over

        scheduler.look()
        one.clock.instant = local_instant("2026-03-30T20:00")
        scheduler.look()
        one.running.personio.hide_key("status")
        for time in ("20:00", "20:15"):
            one.clock.instant = local_instant(f"2026-04-05T{time}")
            scheduler.look()
        alone = alerts()
        put_off = [fact.reason for fact in one.facts(OccurrencePutOff)]  # type: ignore[attr-defined]
        one.running.personio.reveal_keys()
        one.clock.instant = local_instant("2026-04-06T20:00")
        scheduler.look()

        assert alone == ["opened"]
        assert put_off == ["ImplausibleRead"] * 2
        assert alerts() == ["opened", "over"]


def test_what_a_process_began_and_did_not_end_is_done_by_the_next_one(daily: Office) -> None:
    class Gone(BaseException):
        """Stands for a process that ends in the middle: nothing of ours catches it."""

    def cut(_: Planned) -> Concluded:
        raise Gone

    with daily.scheduler() as one:
        one.look()
    daily.clock.instant = local_instant("2026-03-28T06:30")
    settings = daily.settings
    with open_store(settings, clock=daily.clock) as store, open_tools(settings, store) as tools:
        work = ScheduledWork(settings, store, tools)
        crashing = replace(work.keeper(), work=cut)
        with pytest.raises(Gone):
            crashing.run(*work.plan().values())
    begun, ended = len(daily.facts(OccurrenceStarted)), len(daily.facts(OccurrenceDone))
    with daily.scheduler() as other:
        other.look()

    assert (begun, ended) == (1, 0)
    assert len(daily.facts(OccurrenceDone)) == 1


def test_a_timetable_that_changes_is_on_record_and_a_day_that_was_done_is_not_done_again(daily: Office) -> None:
    with daily.scheduler() as one:
        one.look()
        daily.clock.instant = local_instant("2026-03-28T06:30")
        one.look()
    daily.config.write_text(daily.config.read_text().replace("30 6 * * *", "0 8 * * *"))
    with daily.scheduler() as other:
        other.look()
        daily.clock.instant = local_instant("2026-03-28T09:00")
        other.look()
        daily.clock.instant = local_instant("2026-03-29T08:00")
        other.look()

    assert [one.timetable for one in daily.facts(JobPlanned)] == ["30 6 * * *", "0 8 * * *"]  # type: ignore[attr-defined]
    assert [str(one.business_date) for one in daily.facts(OccurrenceDone)] == ["2026-03-28", "2026-03-29"]  # type: ignore[attr-defined]


def test_between_the_checks_an_entity_is_checked_only_when_lokets_version_moved(tmp_path: Path, log_url: str) -> None:
    with office(tmp_path, log_url, "\n[schedule]\nloket_poll_minutes = 10\n") as polled, polled.scheduler() as one:
        for _ in range(30):
            polled.clock.pass_by(timedelta(minutes=1))
            one.look()
        before, unmoved = len(polled.facts(LoketVersionSeen)), polled.sweeps()
        number = polled.running.company.colleagues[0].employee_number
        polled.running.loket.edit_employee(number, {"address.street": "Harbour Rd"})
        for _ in range(30):
            polled.clock.pass_by(timedelta(minutes=1))
            one.look()

        asked = polled.running.loket.log.count("GET", "*/lastmodifiedversionnumbers")
        assert (before, unmoved) == (1, 0)
        assert polled.sweeps() == len(polled.facts(DriftChecked)) == 1
        assert len(polled.facts(LoketVersionSeen)) == 2
        assert asked == 6


def test_a_look_says_for_how_long_nothing_more_can_be_due(daily: Office) -> None:
    """Until then a tenant of which nobody hears anything need not be looked at."""
    with daily.scheduler() as one:
        looks = [one.look()]
        daily.running.loket.faults.add("forbidden", method="GET", path="*/employers/*", times=0)
        daily.clock.instant = local_instant("2026-03-28T06:30")
        one.look()
        looks.append(one.look())
        daily.running.loket.faults.clear()
        daily.clock.pass_by(timedelta(minutes=15))
        looks.append(one.look())

    to_summer_time = timedelta(hours=23)
    assert [timedelta(seconds=each) for each in looks] == [
        timedelta(hours=18, minutes=30), timedelta(minutes=15), to_summer_time - timedelta(minutes=15),
    ]  # fmt: skip


def test_what_comes_due_during_a_look_is_for_the_next_one_which_comes_soon(tmp_path: Path, log_url: str) -> None:
    with office(tmp_path, log_url, f'{DAILY}derive = "31 6 * * *"\n') as busy, busy.scheduler() as one:
        one.look()
        busy.clock.instant = local_instant("2026-03-28T06:30")
        begun: list[str] = []

        def slowly(_: str, what: str) -> bool:
            busy.clock.pass_by(timedelta(minutes=2))
            begun.append(what)
            return True

        one._dispatch = slowly
        assert one.look() == 0
        one.look()

    assert (begun[0], sorted(begun[1:])) == (Job.DRIFT_CHECK, [Job.DERIVE, Job.DRIFT_CHECK])


def test_while_an_alert_waits_to_be_delivered_there_is_no_rest(tmp_path: Path, log_url: str) -> None:
    target = "[alerts.targets.desk]\nurl = 'https://tickets.example.org/'\nsecret = 'a-secret-of-the-desk-0123456789'\n"
    with office(tmp_path, log_url, f"{DAILY}{target}") as one:
        with one.scheduler() as before:
            before.look()
        one.clock.instant = local_instant("2026-03-31T05:00")  # two checks were missed
        with one.scheduler() as scheduler:
            told: list[str] = []
            scheduler._dispatch = lambda _, what: told.append(what) is None
            raised, waiting = scheduler.look(), scheduler.look()

    assert (raised, waiting) == (0, 0)
    assert ALERTS in told


def test_a_look_at_the_time_of_the_next_poll_comes_no_later(tmp_path: Path, log_url: str) -> None:
    with office(tmp_path, log_url, "\n[schedule]\nloket_poll_minutes = 10\n") as polled, polled.scheduler() as one:
        polled.clock.pass_by(timedelta(seconds=70))
        first = one.look()
        polled.clock.pass_by(timedelta(seconds=first - 1))
        before = one.look()
        polled.clock.pass_by(timedelta(seconds=1))
        one.look()
        asked = polled.running.loket.log.count("GET", "*/lastmodifiedversionnumbers")

    assert 1 < first <= 600
    assert (before, asked) == (pytest.approx(1.0), 1)


def test_what_nobody_foresaw_is_not_tried_again_at_once(daily: Office) -> None:
    def broken(_: Planned) -> Concluded:
        raise ZeroDivisionError

    with daily.scheduler() as one:
        one.look()
    daily.clock.instant = local_instant("2026-03-28T06:30")
    settings = daily.settings
    with open_store(settings, clock=daily.clock) as store, open_tools(settings, store) as tools:
        work = ScheduledWork(settings, store, tools)
        breaking, (check,) = replace(work.keeper(), work=broken), work.plan().values()
        with pytest.raises(ZeroDivisionError):
            breaking.run(check)
        again = breaking.run(check)

    assert not again
    assert [one.reason for one in daily.facts(OccurrencePutOff)] == ["ZeroDivisionError"]  # type: ignore[attr-defined]


def test_a_log_that_does_not_verify_ends_the_schedule_of_this_process(tmp_path: Path) -> None:
    schedule = '\n[schedule]\nverify = "0 5 * * *"\ndrift_check = "30 6 * * *"\n'
    with office(tmp_path, f"sqlite:///{tmp_path}/log.db", schedule) as one, one.scheduler() as scheduler:
        scheduler.look()
        with closing(sqlite3.connect(tmp_path / "log.db")) as db, db:
            db.execute("DROP TRIGGER stored_events_no_update")
            db.execute("UPDATE stored_events SET state = replace(state, '30 6', '31 6') WHERE rowid = 2")
        one.clock.instant = local_instant("2026-03-28T05:00")
        scheduler.look()
        one.clock.instant = local_instant("2026-03-28T06:30")
        with pytest.raises(LogDamaged):
            scheduler.look()

        assert one.sweeps() == 0


MONTHLY = """
[legal_entity.schedule]
reports = "0 7 first-workday * *"
report_kinds = ["pay_mutations.pdf", "evidence.zip"]
"""


@pytest.mark.parametrize("because", ["", "the accountant wants it every month"], ids=["masked", "in clear"])
def test_reports_are_ordered_on_the_first_working_day_of_the_month_before_and_an_alert_says_where(
    tmp_path: Path, because: str
) -> None:
    more = f'{MONTHLY}report_in_clear_because = "{because}"\n'
    with office(tmp_path, f"sqlite:///{tmp_path}/log.db", more, local="2026-04-30T12:00") as one:
        with one.scheduler() as scheduler:
            for time in ("2026-04-30T12:00", "2026-05-01T06:59", "2026-05-01T07:00", "2026-05-02T07:00"):
                one.clock.instant = local_instant(time)
                scheduler.look()
                scheduler.look()

        ordered = [fact for fact in one.facts(ReportOrdered) if isinstance(fact, ReportOrdered)]
        assert [(each.kind, each.format, each.language) for each in ordered] == [
            ("pay_mutations", "pdf", "nl"),
            ("evidence", "zip", "nl"),
        ]
        assert {(str(each.since), str(each.until), each.unmasked) for each in ordered} == {
            ("2026-04-01", "2026-04-30", bool(because))
        }
        (raised,) = one.facts(AlertRaised)
        assert isinstance(raised, AlertRaised)
        assert [(told.kind, told.count, told.what) for told in raised.happened] == [
            (AlertKind.REPORT_MADE, 2, ("evidence", "pay_mutations"))
        ]
