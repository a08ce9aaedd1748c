"""/metrics tells how everything stands: runs, what is planned, the log, alerts, the calls to both systems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import calls
from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.transport import TIMEOUT, Reader, open_http
from api.tasks.verify import verify_log
from domain.errors import Unreachable
from domain.events.loket import WriteIntended, WriteKind, WriteNotApplied, WriteOutcomeUnknown
from domain.events.runs import RunCompleted, RunRefused, RunStarted
from domain.events.schedule import OccurrenceDone, OccurrencePutOff
from domain.events.values import FieldChange
from domain.log import Fact, StreamId
from domain.schedule import INSTALLATION, Job, schedule_stream
from domain.streams import loket_stream, run_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from tests.support.played_day import Day
from tests.support.ports import free_port
from tests.support.scraped import DUE, planned, scraped, value

TULP = LegalEntityId("170")
SYNC = {"legal_entity": "170", "name": "sync"}


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Day]:
    with planned(tmp_path) as played:
        yield played


def test_how_the_last_run_ended_and_how_many_people_it_was_about(one: Day) -> None:
    found = scraped(one)

    assert found["tweeluik_last_run"] == [({"legal_entity": "170", "status": "completed", "reason": ""}, 1)]
    assert value(found, "tweeluik_last_run_people", legal_entity="170", outcome="updated") == 2
    assert value(found, "tweeluik_unread", legal_entity="170") == 0
    assert value(found, "tweeluik_open_differences", legal_entity="170") == 1
    assert value(found, "tweeluik_last_read_timestamp_seconds", legal_entity="170") <= one.api.clock.now().timestamp()


def test_a_run_that_could_not_read_is_told_until_both_systems_were_read_again(one: Day) -> None:
    before = scraped(one)
    refused = RunRefused(legal_entity="170", reason="RUN-7", message="Loket gave no usable answer", rule="RUN-7")
    one.world.clock.sleep(60)
    one.api.scribe.write(run_stream(RunId("run-unread")), refused, at=one.api.clock.now(), run="run-unread")

    found = scraped(one)

    assert value(found, "tweeluik_unread", legal_entity="170") == 1
    assert found["tweeluik_last_run"] == [({"legal_entity": "170", "status": "refused", "reason": "RUN-7"}, 1)]
    assert found["tweeluik_last_read_timestamp_seconds"] == before["tweeluik_last_read_timestamp_seconds"]


def test_what_stands_is_not_forgotten_when_a_run_is_refused_at_the_door_or_goes_on(one: Day) -> None:
    before = scraped(one)
    refused(one, "run-unread", "RUN-7")
    unread = scraped(one)
    refused(one, "run-door", "RUN-3")
    at_the_door = scraped(one)
    started = RunStarted(legal_entity="170", business_date=one.world.clock.today())
    one.api.scribe.write(run_stream(RunId("run-on")), started, at=one.api.clock.now(), run="run-on")
    going_on = scraped(one)
    refused(one, "run-setup", "RUN-9")
    at_last = scraped(one)

    stands = ("tweeluik_last_run_people", "tweeluik_last_read_timestamp_seconds")
    assert value(before, "tweeluik_last_run_people", legal_entity="170", outcome="updated") == 2
    for found in (unread, at_the_door, going_on, at_last):
        assert {name: found[name] for name in stands} == {name: before[name] for name in stands}
        assert value(found, "tweeluik_unread", legal_entity="170") == 1
    for found in (at_the_door, going_on):
        assert found["tweeluik_last_run"] == unread["tweeluik_last_run"]
        assert found["tweeluik_last_run_timestamp_seconds"] == unread["tweeluik_last_run_timestamp_seconds"]
    assert at_last["tweeluik_last_run"] == [({"legal_entity": "170", "status": "refused", "reason": "RUN-9"}, 1)]


def refused(one: Day, run: str, rule: str) -> None:
    one.world.clock.sleep(60)
    fact = RunRefused(legal_entity="170", reason=rule, message="", rule=rule)
    one.api.scribe.write(run_stream(RunId(run)), fact, at=one.api.clock.now(), run=run)


def test_people_of_whom_nobody_knows_whether_loket_took_a_write_are_told_until_it_is_known(one: Day) -> None:
    stream = loket_stream(TULP, EmployeeNumber(4799))
    told: list[float] = []

    def write(to: StreamId, fact: Fact) -> None:
        one.world.clock.sleep(60)
        one.api.scribe.write(to, fact, at=one.api.clock.now(), run="run-unknown")
        told.append(value(scraped(one), "tweeluik_unknown_outcomes", legal_entity="170"))

    started = RunStarted(legal_entity="170", business_date=one.world.clock.today())
    write(run_stream(RunId("run-unknown")), started)
    write(stream, intended("i-1"))
    write(stream, WriteOutcomeUnknown(intent="i-1", cause="no answer"))
    write(run_stream(RunId("run-unknown")), RunCompleted(with_errors=True, counts={"unknown": 1}))
    write(run_stream(RunId("run-door")), RunRefused(legal_entity="170", reason="RUN-3", message="", rule="RUN-3"))
    write(run_stream(RunId("run-next")), started)
    write(stream, WriteNotApplied(intent="i-1"))

    assert told == [0, 0, 0, 1, 1, 1, 0]


def intended(intent: str) -> WriteIntended:
    return WriteIntended(
        intent=intent,
        run_id="run-unknown",
        person_id=PersonId("3007"),
        kind=WriteKind.EMPLOYEE,
        target="guid",
        subject="s-1",
        changes=(FieldChange(FieldPath("address.street"), "Main St", "Central Ave"),),
    )


def test_what_is_planned_waits_is_put_off_is_late_and_is_done(one: Day) -> None:
    clock, stream = one.world.clock, schedule_stream(TULP, Job.SYNC)
    names = ("late", "waiting_seconds", "put_off")

    def told() -> list[float]:
        found = scraped(one)
        return [value(found, f"tweeluik_job_{name}", **SYNC) for name in names]

    early = told()
    clock.travel(clock.today(), DUE)
    clock.sleep(600)
    waiting = told()
    until = clock.now() + timedelta(minutes=15)
    put_off = OccurrencePutOff(legal_entity="170", job="sync", business_date=clock.today(), reason="RUN-7", until=until)
    one.api.scribe.write(stream, put_off, at=clock.now())
    tried = told()
    clock.sleep(3 * 3600 - 1200)
    overdue = told()
    done = OccurrenceDone(legal_entity="170", job="sync", business_date=clock.today(), outcome="completed")
    one.api.scribe.write(stream, done, at=clock.now())

    assert early == [0, 0, 0]
    assert waiting == [0, 600, 0]
    assert tried == [0, 0, 1]
    assert overdue == [1, 3 * 3600 - 600, 0]
    assert told() == [0, 0, 0]
    assert value(scraped(one), "tweeluik_job_done_timestamp_seconds", **SYNC) == clock.now().timestamp()


def test_whether_the_log_is_believed_and_when_it_was_found_sound(one: Day) -> None:
    settings, clock = one.api.web.settings, one.api.clock
    never = scraped(one)
    verify_log(settings, actor=Actor("Anja"), clock=clock)
    sound = scraped(one)
    bad = Verification(Verdict.TAMPERED, 1, "a byte was changed", first=3, last=3)
    VerdictFile(Path(settings.log.checkpoints)).keep(bad, at=clock.now(), by=Actor("Anja"))

    assert "tweeluik_log_verified_timestamp_seconds" not in never
    assert value(sound, "tweeluik_log_verified_timestamp_seconds") == clock.now().timestamp()
    assert value(sound, "tweeluik_log_believed") == 1
    assert value(scraped(one), "tweeluik_log_believed") == 0
    assert value(sound, "tweeluik_log_head_events") <= value(sound, "tweeluik_log_events")


def test_alerts_that_wait_are_told_by_target(one: Day) -> None:
    waiting = value(scraped(one), "tweeluik_alert_waiting_seconds", target="payroll_desk")
    one.world.clock.sleep(60)

    assert value(scraped(one), "tweeluik_alert_waiting_seconds", target="payroll_desk") == waiting + 60
    assert value(scraped(one), "tweeluik_alerts_given_up", target="payroll_desk") == 0


def test_whoever_sees_one_legal_entity_is_told_of_that_one_only(one: Day) -> None:
    found, other = scraped(one, "170"), scraped(one, "171")

    assert {labels["legal_entity"] for labels, _ in found["tweeluik_job_late"]} == {"170"}
    assert "tweeluik_alert_waiting_seconds" not in found
    assert "tweeluik_last_run" not in other
    assert {labels["legal_entity"] for labels, _ in scraped(one)["tweeluik_job_late"]} == {"170", INSTALLATION}


def test_being_scraped_leaves_no_trace_in_the_log_and_tells_of_nobody(one: Day) -> None:
    scraped(one)  # giving the key is on record
    one.api.web.seal()
    size = one.api.web.store.log.size()
    found = scraped(one)
    one.api.web.seal()

    labels = {(name, value) for told in found.values() for each, _ in told for name, value in each.items()}
    assert one.api.web.store.log.size() == size
    assert {name for name, _ in labels} <= {
        "legal_entity", "status", "reason", "outcome", "who", "name", "target", "system", "answer", "method", "route",
        "le", "view",
    }  # fmt: skip
    assert not {value for _, value in labels} & {"4711", "4712", "4713", "Sanne", "Fatima"}


def test_calls_are_counted_by_system_and_answer() -> None:
    before = dict(calls.counted())
    with open_http(f"http://127.0.0.1:{free_port()}", TIMEOUT, system="Loket") as http:
        reader = Reader("Loket", http, sleep=lambda _: None, monotonic=lambda: 0.0)
        with pytest.raises(Unreachable):
            reader.get("/v2/providers")

    assert calls.counted()["Loket", "none"] - before.get(("Loket", "none"), 0) == 3
