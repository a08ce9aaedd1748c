"""Differences as they were recorded by a moment are what was told at that moment, whatever was recorded later."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from adapters.projections.open import OpenViews, open_views
from domain.events.alert import AlertKind, AlertRaised, Condition
from domain.events.drift import (
    AcceptanceEnd,
    AcceptanceEnded,
    Cause,
    DriftAccepted,
    DriftAcknowledged,
    DriftChecked,
    DriftCheckRefused,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    DriftResolved,
    HoldOutUsed,
    KeptValueEntered,
    KeptValueWithdrawn,
    LoketValueKept,
    PersonHeldOut,
    Resolved,
    WaitingField,
    WaitingSeen,
)
from domain.events.runs import RunCompleted, RunStarted
from domain.events.schedule import OccurrenceDone, OccurrenceStarted
from domain.log import Fact
from domain.schedule import Job, schedule_stream
from domain.services.drift.standing import Differences, where_they_differ
from domain.streams import alert_stream, check_stream, drift_stream, hold_stream, run_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, RunId
from tests.support.fake_log import FakeLog
from tests.support.scribe import MARCH_15, Scribe

TULP: Final = LegalEntityId("170")
NUMBERS: Final = (EmployeeNumber(4711), EmployeeNumber(4712))
FIELDS: Final = (FieldPath("address.street"), FieldPath("address.city"))
DAY: Final = date(2026, 3, 15)
MOVES: Final = 120


class Life:
    """Somebody's differences for a while: each move is one that the case, as it stands, can make."""

    def __init__(self, scribe: Scribe, seed: int) -> None:
        self.scribe, self.chance, self.now, self.made = scribe, random.Random(seed), MARCH_15, 0
        self.state = dict.fromkeys(((number, field) for number in NUMBERS for field in FIELDS), "")
        self.kept: set[tuple[EmployeeNumber, FieldPath]] = set()
        self.out: set[EmployeeNumber] = set()
        self.foreseen: set[Condition] = set()
        self.run = ""

    def move(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((0, 1, 60)))
        self.made += 1
        self.chance.choice((self.case, self.case, self.case, self.keep, self.hold, self.check, self.begin, self.look))()

    def case(self) -> None:
        place = self.chance.choice(list(self.state))
        seen = {
            "person_id": f"p{place[0]}-{self.made}", "subject": "s", "field": place[1], "personio": "a", "loket": "b",
        }  # fmt: skip
        cause = self.chance.choice((Cause.CHANGED_IN_LOKET, Cause.BOTH_CHANGED))
        accepted = DriftAccepted(
            subject="s", field=place[1], personio="a", until=DAY + timedelta(self.made), reason="so"
        )
        moves: dict[str, list[tuple[str, Fact]]] = {
            "": [("open", DriftOpened(cause=cause, **seen))],  # type: ignore[arg-type]
            "resolved": [("open", DriftReopened(cause=cause, **seen))],  # type: ignore[arg-type]
            "open": [
                ("open", DriftMoved(cause=cause, **seen)),  # type: ignore[arg-type]
                ("acknowledged", DriftAcknowledged(subject="s", reason="so")),
                ("accepted", accepted),
                ("resolved", DriftResolved(how=Resolved.PUT_BACK)),
            ],
            "acknowledged": [
                ("resolved", DriftResolved(how=Resolved.OVERWRITTEN, run_id="run-1")),
                ("open", DriftReopened(cause=cause, **seen)),  # type: ignore[arg-type]
            ],
            "accepted": [
                ("open", AcceptanceEnded(why=AcceptanceEnd.EXPIRED)),
                ("accepted", accepted),
                ("resolved", DriftResolved(how=Resolved.LEFT_OUT)),
            ],
        }
        self.state[place], fact = self.chance.choice(moves[self.state[place]])
        self._write(drift_stream(TULP, *place), fact)

    def keep(self) -> None:
        place = self.chance.choice([one for one, state in self.state.items() if state] or [None])
        if place is None:
            return
        fact: Fact
        if place in self.kept:
            self.kept.discard(place)
            fact = self.chance.choice((KeptValueEntered(), KeptValueWithdrawn(subject="s", reason="so")))
        else:
            self.kept.add(place)
            fact = LoketValueKept(subject="s", field=place[1], value="b", reason="so")
        self._write(drift_stream(TULP, *place), fact)

    def hold(self) -> None:
        number = self.chance.choice(NUMBERS)
        fact = HoldOutUsed(run_id="run-1") if number in self.out else PersonHeldOut(subject="s", reason="so")
        self.out ^= {number}
        self._write(hold_stream(TULP, number), fact)

    def check(self) -> None:
        stream = check_stream(RunId(f"check-{self.made}"))
        if self.chance.random() < 0.3:
            self._write(stream, DriftCheckRefused(legal_entity=TULP, reason="RUN-7", message="away"))
            return
        waits = WaitingSeen(legal_entity=TULP, fields=(WaitingField(employee_number=NUMBERS[0], field=FIELDS[0]),))
        counts = {"compared": self.made, "drift": 0, "pending": 1, "accepted": 0, "not_compared": 0, "left_out": 0}
        read = {"personio_read_at": self.now, "loket_read_at": self.now}
        self._write(stream, waits, DriftChecked(legal_entity=TULP, **read, **counts))  # type: ignore[arg-type]

    def begin(self) -> None:
        """A run begins, or the one that goes on completes."""
        if self.run:
            done = RunCompleted(with_errors=False, message="", counts={"unchanged": 2})
            self._write(run_stream(RunId(self.run)), done)
            self.run = ""
        else:
            self.run = f"run-of-{self.made}"
            began = RunStarted(legal_entity=TULP, business_date=DAY)
            self._write(run_stream(RunId(self.run)), began)

    def look(self) -> None:
        place = (self.chance.choice(NUMBERS), self.chance.choice(FIELDS))
        one = Condition(AlertKind.ABOUT_TO_BE_OVERWRITTEN, drift_stream(TULP, *place), place[1])
        over = one in self.foreseen
        self.foreseen ^= {one}
        raised = AlertRaised(
            alert=f"a-{self.made}", legal_entity=TULP, about="", opened=() if over else (one,),
            recovered=(one,) if over else (),
        )  # fmt: skip
        self._write(alert_stream(TULP, Job.LOOK_AHEAD.value), raised)
        of = {"legal_entity": TULP, "job": Job.LOOK_AHEAD.value, "business_date": DAY}
        begun, done = OccurrenceStarted(due_at=self.now, **of), OccurrenceDone(outcome="done", **of)  # type: ignore[arg-type]
        cut_off = self.made % 3 == 0
        self._write(schedule_stream(TULP, Job.LOOK_AHEAD), begun, *(() if cut_off else (done,)))

    def _write(self, stream: str, *facts: Fact) -> None:
        self.scribe.write(stream, *facts, at=self.now, actor=f"somebody {self.made}")  # type: ignore[arg-type]


@pytest.fixture
def lived(log_url: str) -> Iterator[tuple[Scribe, Callable[[datetime | None], Differences], OpenViews]]:
    log = FakeLog()
    with closing(open_views(log_url, log)) as views:

        def told(by: datetime | None) -> Differences:
            return where_they_differ(TULP, log=log, vault=log.vault, views=views, by=by)

        yield Scribe(log), told, views


@pytest.mark.parametrize("seed", range(4))
def test_what_is_told_of_a_moment_is_what_was_told_then(
    lived: tuple[Scribe, Callable[[datetime | None], Differences], OpenViews], seed: int
) -> None:
    scribe, told, views = lived
    life, then = Life(scribe, seed), {}
    for _ in range(MOVES):
        life.move()
        views.catch_up()
        then[life.now] = told(None)

    assert {moment: told(moment) for moment in then} == then

    asked = [*then.values()]
    assert min(len(one.cases) for one in asked) < max(len(one.cases) for one in asked)
    for list_of in (lambda one: one.to_enter, lambda one: one.held_out, lambda one: one.foreseen):
        assert {bool(list_of(one)) for one in asked} == {True, False}
    assert {one.waiting is None for one in asked if one.check} == {True, False}
    assert all({each.place for each in one.cases}.isdisjoint(one.foreseen or ()) for one in asked)


def test_what_is_kept_once_more_is_to_be_entered_again_now_and_then(
    lived: tuple[Scribe, Callable[[datetime | None], Differences], OpenViews],
) -> None:
    scribe, told, views = lived
    stream, opened = drift_stream(TULP, NUMBERS[0], FIELDS[0]), {"subject": "s", "field": FIELDS[0]}
    case = DriftOpened(cause=Cause.CHANGED_IN_LOKET, person_id="p", personio="a", loket="b", **opened)
    kept = LoketValueKept(value="b", reason="so", **opened)
    for hour, fact in enumerate((case, kept, KeptValueEntered(), kept)):
        scribe.write(stream, fact, at=MARCH_15 + timedelta(hours=hour))
    views.catch_up()

    again = MARCH_15 + timedelta(hours=3)
    assert [len(told(moment).to_enter) for moment in (MARCH_15, again - timedelta(hours=1), again, None)] == [
        0,
        0,
        1,
        1,
    ]
