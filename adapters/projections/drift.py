"""Facts into the rows of `domain.views.drift`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from adapters.projections.instants import instant, written
from adapters.projections.projection import Change, Projection, Table
from adapters.projections.readable import of_view
from domain.drift.state import CaseState
from domain.events.drift import (
    AcceptanceEnded,
    Cause,
    DecisionWithdrawn,
    DriftAccepted,
    DriftAcknowledged,
    DriftChecked,
    DriftCheckRefused,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    DriftResolved,
    HoldOutUsed,
    HoldOutWithdrawn,
    KeptValueEntered,
    KeptValueWithdrawn,
    LoketValueKept,
    PersonHeldOut,
    Resolved,
)
from domain.log import Recorded
from domain.streams import drift_case_of, held_out_in
from domain.views.drift import CaseRow, CheckRow, Kept

CASES: Final = Table(
    "drift_cases",
    key={"legal_entity": str, "employee_number": int, "field": str},
    columns={
        "person_id": str,
        "state": str,
        "cause": str,
        "opened_at": str,
        "position": int,
        "until": str,
        "how": str,
        "resolved_at": str,
        "kept_at": str,  # of the latest value of Loket that somebody kept
        "kept": int,
        "kept_until": str,
    },
)
HELD_OUT: Final = Table(
    "held_out",
    key={"legal_entity": str, "employee_number": int},
    columns={"position": int, "ended_at": str},  # of the latest hold-out
)
CHECKS: Final = Table(
    "drift_checks",
    key={"legal_entity": str, "position": int},
    columns={"check_id": str, "checked_at": str, "completed": bool},
)


@of_view("drift")
def case_row(row: Sequence[Any]) -> CaseRow:
    """A row of `drift_cases`, its columns in the order of the table."""
    entity, number, field, person, state, cause, opened, position, until, how, resolved, kept_at, kept, kept_until = row
    return CaseRow(
        legal_entity=entity,
        employee_number=number,
        field=field,
        person_id=person,
        state=CaseState(state),
        cause=Cause(cause),
        opened_at=instant(opened),
        position=position,
        until=date.fromisoformat(until) if until else None,
        how=Resolved(how) if how else None,
        resolved_at=instant(resolved) if resolved else None,
        kept=Kept(instant(kept_at), kept, instant(kept_until) if kept_until else None) if kept_at else None,
    )


STANDING: Final = """
SELECT legal_entity, employee_number, field, person_id, state, cause, opened_at, position, until, how, resolved_at,
kept_at, kept, kept_until
FROM drift_cases WHERE legal_entity = ? AND (state <> 'resolved' OR (kept_at IS NOT NULL AND kept_until IS NULL))
UNION ALL
SELECT NULL, completed, latest_id, concluded_id, NULL, NULL, latest_at, NULL, NULL, NULL, concluded_at, NULL, NULL, NULL
FROM (
    SELECT latest.check_id AS latest_id, latest.checked_at AS latest_at, concluded.check_id AS concluded_id,
    concluded.checked_at AS concluded_at, CASE WHEN latest.completed THEN 1 ELSE 0 END AS completed
    FROM drift_checks AS latest LEFT JOIN drift_checks AS concluded
    ON concluded.legal_entity = latest.legal_entity AND concluded.position = (
        SELECT position FROM drift_checks AS one
        WHERE one.legal_entity = latest.legal_entity AND one.completed AND one.position <= latest.position
        ORDER BY position DESC LIMIT 1
    )
    WHERE latest.legal_entity = ? ORDER BY latest.position DESC LIMIT 1
) AS checks
"""
"""The unsettled cases and the latest check: asked with the legal entity twice, for `standing_rows`."""


def standing_rows(rows: Iterable[Sequence[Any]]) -> tuple[tuple[CaseRow, ...], CheckRow | None]:
    cases, check = [], None
    for row in rows:
        if row[0] is None:
            _, completed, latest, concluded, _, _, at, _, _, _, concluded_at, *_ = row
            check = check_row((latest, at, completed, concluded, concluded_at))
        else:
            cases.append(case_row(row))
    return tuple(sorted(cases, key=lambda one: (one.employee_number, one.field))), check


@of_view("drift")
def check_row(row: Sequence[Any]) -> CheckRow:
    check, at, completed, concluded, concluded_at = row
    return CheckRow(check, instant(at), bool(completed), concluded, instant(concluded_at) if concluded_at else None)


def _opened(fact: DriftOpened | DriftReopened, event: Recorded) -> Iterator[Change]:
    yield CASES.put(
        *drift_case_of(event.stream),
        person_id=fact.person_id,
        state=CaseState.OPEN.value,
        cause=fact.cause.value,
        opened_at=written(event.meta.recorded_at),
        position=event.position,
        until=None,
        how=None,
        resolved_at=None,
    )


def _moved(fact: DriftMoved, event: Recorded) -> Iterator[Change]:
    yield CASES.put(
        *drift_case_of(event.stream), person_id=fact.person_id, cause=fact.cause.value, position=event.position
    )


def _acknowledged(_: DriftAcknowledged, event: Recorded) -> Iterator[Change]:
    yield CASES.put(*drift_case_of(event.stream), state=CaseState.ACKNOWLEDGED.value, until=None)


def _accepted(fact: DriftAccepted, event: Recorded) -> Iterator[Change]:
    yield CASES.put(*drift_case_of(event.stream), state=CaseState.ACCEPTED.value, until=fact.until.isoformat())


def _acceptance_ended(_: AcceptanceEnded | DecisionWithdrawn, event: Recorded) -> Iterator[Change]:
    yield CASES.put(*drift_case_of(event.stream), state=CaseState.OPEN.value, until=None)


def _resolved(fact: DriftResolved, event: Recorded) -> Iterator[Change]:
    yield CASES.put(
        *drift_case_of(event.stream),
        state=CaseState.RESOLVED.value,
        until=None,
        how=fact.how.value,
        resolved_at=written(event.meta.recorded_at),
    )


def _kept(_: LoketValueKept, event: Recorded) -> Iterator[Change]:
    at = written(event.meta.recorded_at)
    yield CASES.put(*drift_case_of(event.stream), kept_at=at, kept=event.position, kept_until=None)


def _entered(_: KeptValueEntered | KeptValueWithdrawn, event: Recorded) -> Iterator[Change]:
    yield CASES.put(*drift_case_of(event.stream), kept_until=written(event.meta.recorded_at))


def _held_out(_: PersonHeldOut, event: Recorded) -> Iterator[Change]:
    yield HELD_OUT.put(*held_out_in(event.stream), position=event.position, ended_at=None)


def _used(_: HoldOutUsed | HoldOutWithdrawn, event: Recorded) -> Iterator[Change]:
    yield HELD_OUT.put(*held_out_in(event.stream), ended_at=written(event.meta.recorded_at))


def _checked(fact: DriftChecked | DriftCheckRefused, event: Recorded) -> Iterator[Change]:
    yield CHECKS.put(
        fact.legal_entity,
        event.position,
        check_id=event.stream.removeprefix("check:"),
        checked_at=written(event.meta.recorded_at),
        completed=isinstance(fact, DriftChecked),
    )


DRIFT_PROJECTION: Final = Projection(
    name="drift",
    version=4,
    tables=(CASES, HELD_OUT, CHECKS),
    handlers={
        DriftOpened: _opened,
        DriftReopened: _opened,
        DriftMoved: _moved,
        DriftAcknowledged: _acknowledged,
        DriftAccepted: _accepted,
        AcceptanceEnded: _acceptance_ended,
        DecisionWithdrawn: _acceptance_ended,
        DriftResolved: _resolved,
        LoketValueKept: _kept,
        KeptValueEntered: _entered,
        KeptValueWithdrawn: _entered,
        PersonHeldOut: _held_out,
        HoldOutUsed: _used,
        HoldOutWithdrawn: _used,
        DriftChecked: _checked,
        DriftCheckRefused: _checked,
    },
)
