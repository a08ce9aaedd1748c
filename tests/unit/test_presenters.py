"""One fact is presented once: command line and HTTP say the same of a run, and mask the same in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.log.proof.last_verdict import LastVerdict
from adapters.log.proof.verdicts import Verdict, Witnessed
from api.http.schemas.answers import OutcomeItem, Run
from api.languages import clock, moment
from api.presenters import runs as present
from api.presenters.values import message
from domain.personal import MASK, Lost, Personal, Sealed
from domain.planning.business_date import time_told
from domain.values import BLANK, Actor, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.runs import FullOutcome, OutcomeRow, OverwrittenAt, OverwrittenField, RunRow, RunStatus

LOKET_SAID = "RUN-6 Loket refused the write: Keizersgracht 1 is no street (Loket message 160021)"
SEALED = Sealed("key-1", "box")
AT = datetime(2026, 3, 15, 8, 30, tzinfo=UTC)
ROW = RunRow(
    RunId("run-2"), LegalEntityId("170"), date(2026, 3, 15), Actor("anna"), AT, 40, RunStatus.COMPLETED_WITH_ERRORS,
    AT, None, None, "f00d", {"failed": 1},
)  # fmt: skip


def told(*messages: Personal) -> FullOutcome:
    places = (OverwrittenAt(FieldPath("address.street"), 44), OverwrittenAt(FieldPath("address.city"), 45))
    row = OutcomeRow(PersonId("3007"), 4711, "failed", "RUN-6", 46, places)
    fields = (
        OverwrittenField(FieldPath("address.street"), "Main St", BLANK, RunId("run-1")),
        OverwrittenField(FieldPath("address.city"), SEALED, Lost.SHREDDED, RunId("run-1")),
    )
    return FullOutcome(row, messages, fields)


@pytest.mark.parametrize(
    ("at", "clocks"),
    [
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2026-07-02 00:30:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 02:30:00+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 02:30:00+01:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "2026-10-25 03:30:00"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "2026-03-29 03:30:00"),
        (datetime.max.replace(tzinfo=UTC, microsecond=0), "9999-12-31 23:59:59"),
    ],
)
def test_a_time_is_what_clocks_in_the_netherlands_show_and_which_of_two_alike(at: datetime, clocks: str) -> None:
    verdict = LastVerdict(verdict=Verdict.TAMPERED, position=4, to=4, at=at, by="Anja")
    witnessed = Witnessed(200, ("witness.example/w1",), at)

    assert time_told(at) == clocks
    assert str(verdict).endswith(f"at event 4, found by Anja at {clocks} (Amsterdam)")
    assert str(witnessed).endswith(f"witnessed at {clocks} (Amsterdam)")


@pytest.mark.parametrize(("hour", "clocks"), [(0, "02:30+02:00"), (1, "02:30+01:00"), (2, "03:30")])
def test_pages_say_which_of_two_hours_alike_it_was(hour: int, clocks: str) -> None:
    at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)

    assert (moment(at, "nl"), clock(at, "nl")) == (f"25 oktober 2026 {clocks}", clocks)


def test_what_loket_said_is_masked_over_http_as_it_is_on_the_command_line() -> None:
    outcome = told(LOKET_SAID, SEALED)

    over_http = OutcomeItem.model_validate(present.outcome(outcome)).messages
    (listed,) = present.past_run_in_full(ROW, [outcome], unmask=False)["outcomes"]

    assert over_http == listed["messages"] == [f"RUN-6 {MASK} (Loket message 160021)", MASK]


def test_whoever_may_see_values_sees_what_loket_said() -> None:
    assert present.outcome(told(LOKET_SAID), unmask=True)["messages"] == [LOKET_SAID]


@pytest.mark.parametrize(("text", "shown"), [
    ("RUN-6 Loket refused", f"RUN-6 {MASK}"),
    ("RUN-6 two\nlines (Loket message -1)", f"RUN-6 {MASK} (Loket message -1)"),
    ("END-2 left out", "END-2 left out"),
    (SEALED, MASK),
    (Lost.SHREDDED, "erased"),
    (BLANK, None),
])  # fmt: skip
def test_only_the_code_of_a_message_of_loket_is_shown(text: Personal, shown: str | None) -> None:
    assert message(text, unmask=False) == shown


def test_a_run_has_one_shape_and_the_command_line_leaves_out_only_what_sync_does_not_tell() -> None:
    one = told("EDIT-1 changed")
    answer = Run.model_validate(present.run(ROW)).model_dump(mode="json")
    full = present.past_run_in_full(ROW, [one], unmask=False)

    assert set(answer) - set(full) == {"sizes", "read", "plan", "plan_now", "only"}  # there is nothing of the kind
    assert answer["started_at"] == "2026-03-15T08:30:00Z"
    assert full["started_at"] == "2026-03-15T08:30:00+00:00"
    (outcome,) = full["outcomes"]
    over_http = OutcomeItem.model_validate(present.outcome(one)).model_dump()
    assert set(over_http) - set(outcome) == {"position"}
    assert outcome["overwritten"] == [
        {"field": "address.street", "before": MASK, "after": None, "run_id": "run-1"},
        {"field": "address.city", "before": MASK, "after": "erased", "run_id": "run-1"},
    ]
    assert [each["position"] for each in over_http["overwritten"]] == [44, 45]
