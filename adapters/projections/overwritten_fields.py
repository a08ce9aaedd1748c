"""Facts into the rows of `domain.views.overwritten_fields`, and the questions both databases are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from adapters.projections.instants import read, written
from adapters.projections.projection import Change, Projection, Table, Value
from domain.effective import AMSTERDAM
from domain.events import AttributeChanged, AttributesObserved, FieldOverwritten, ProcessedPeriodAffected
from domain.log import Recorded
from domain.streams import loket_record_of
from domain.values import BLANK
from domain.views.overwritten_fields import (
    FieldTotal,
    OverwrittenFilters,
    OverwrittenRow,
    OverwrittenTotals,
    PersonTotal,
    RunWritten,
)
from domain.views.runs import RunStatus

FIELDS: Final = Table(
    "overwritten_fields",
    key={"position": int},
    columns={
        "legal_entity": str, "employee_number": int, "person_id": str, "field": str, "run_id": str, "actor": str,
        "recorded_at": str, "rule": str, "cleared": bool, "filled": bool, "intent": str, "caused_by": str,
    },
)  # fmt: skip
CAUSES: Final = Table("overwrite_causes", key={"reference": str}, columns={"position": int})
"""Where each sight of Personio values is, by the reference that an overwrite names as its cause."""

PERIODS: Final = Table("overwritten_periods", key={"intent": str, "period": str}, columns={"position": int})


def _overwritten(fact: FieldOverwritten, event: Recorded) -> Iterator[Change]:
    entity, number = loket_record_of(event.stream)
    yield FIELDS.put(
        event.position,
        legal_entity=entity,
        employee_number=number,
        person_id=fact.person_id,
        field=fact.field,
        run_id=fact.run_id,
        actor=event.meta.actor,
        recorded_at=written(event.meta.recorded_at),
        rule=fact.rule,
        cleared=fact.after is BLANK,
        filled=fact.before is BLANK,
        intent=fact.intent,
        caused_by=event.meta.causation,
    )


def _seen(_: AttributesObserved | AttributeChanged, event: Recorded) -> Iterator[Change]:
    yield CAUSES.put(event.reference, position=event.position)


def _period(fact: ProcessedPeriodAffected, event: Recorded) -> Iterator[Change]:
    yield PERIODS.put(fact.intent, fact.period, position=event.position)


OVERWRITTEN_FIELDS_PROJECTION: Final = Projection(
    name="overwritten_fields",
    version=2,
    tables=(FIELDS, CAUSES, PERIODS),
    handlers={
        FieldOverwritten: _overwritten,
        AttributesObserved: _seen,
        AttributeChanged: _seen,
        ProcessedPeriodAffected: _period,
    },
)


class Question(NamedTuple):
    """SQL with a question mark for each value."""

    sql: str
    values: tuple[Value, ...]


def start_question(filters: OverwrittenFilters) -> Question:
    """Where the first run of the period begins: nothing of the period lies before it."""
    return Question(
        f"SELECT min(position) FROM runs WHERE legal_entity {_one_of(filters.entities)}"  # noqa: S608  our own names
        " AND business_date BETWEEN ? AND ?",
        (*filters.entities, *_days(filters)),
    )


def rows_question(filters: OverwrittenFilters, *, below: int, after: int, limit: int) -> Question:
    """The day of a row's run is looked up row by row, so that rows come out of one index in order, page by page."""
    where, values = _matching(filters, below, after)
    return Question(
        f"SELECT o.position, o.legal_entity, o.employee_number, o.person_id, o.field, o.run_id, {_DAY},"  # noqa: S608
        f" o.actor, o.recorded_at, o.rule, o.cleared, o.filled, c.position, o.intent FROM overwritten_fields AS o"
        f" LEFT JOIN overwrite_causes AS c ON c.reference = o.caused_by"
        f" WHERE {where} AND {_DAY} BETWEEN ? AND ? ORDER BY o.position LIMIT ?",
        (*values, *_days(filters), limit),
    )


_DAY: Final = "(SELECT r.business_date FROM runs AS r WHERE r.run_id = o.run_id)"


def periods_question(intents: Sequence[str], *, below: int) -> Question:
    return Question(
        f"SELECT intent, period FROM overwritten_periods WHERE intent IN ({_marks(intents)}) AND position < ?"  # noqa: S608
        " ORDER BY intent, period",
        (*intents, below),
    )


def people_question(filters: OverwrittenFilters, *, below: int, after: int) -> Question:
    where, values = _in_period(filters, below, after)
    return Question(
        f"SELECT o.legal_entity, o.employee_number, o.person_id, count(*) FROM overwritten_fields AS o"  # noqa: S608
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where}"
        " GROUP BY o.legal_entity, o.employee_number, o.person_id"
        " ORDER BY o.legal_entity, o.employee_number, o.person_id",
        values,
    )


def fields_question(filters: OverwrittenFilters, *, below: int, after: int) -> Question:
    where, values = _in_period(filters, below, after)
    return Question(
        "SELECT o.field, count(*), sum(CASE WHEN o.cleared THEN 1 ELSE 0 END) FROM overwritten_fields AS o"  # noqa: S608
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where} GROUP BY o.field ORDER BY o.field",
        values,
    )


def runs_question(filters: OverwrittenFilters, *, below: int, after: int) -> Question:
    """Every run of the period with its number of matching fields; one refused before it began counts by its day."""
    where, values = _in_period(filters, below, after)
    days, day_values = _period_of(filters)
    run, run_values = ("", ()) if filters.run is None else (" AND r.run_id = ?", (filters.run,))
    return Question(
        "SELECT r.run_id, r.legal_entity, r.business_date, r.actor, r.started_at, r.status, coalesce(w.fields, 0)"  # noqa: S608
        " FROM runs AS r LEFT JOIN (SELECT o.run_id, count(*) AS fields FROM overwritten_fields AS o"
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where} GROUP BY o.run_id) AS w ON w.run_id = r.run_id"
        f" WHERE r.legal_entity {_one_of(filters.entities)} AND r.position < ? AND {days}{run} ORDER BY r.position",
        (*values, *filters.entities, below, *day_values, *run_values),
    )


def _in_period(filters: OverwrittenFilters, below: int, after: int) -> tuple[str, tuple[Value, ...]]:
    """Conditions on `overwritten_fields AS o` joined to `runs AS r`."""
    where, values = _matching(filters, below, after)
    return f"{where} AND r.business_date BETWEEN ? AND ?", (*values, *_days(filters))


def _matching(filters: OverwrittenFilters, below: int, after: int) -> tuple[str, tuple[Value, ...]]:
    """Conditions but the period. The plus keeps the upper end from choosing the index: SQLite prefers two ends."""
    conditions = ["o.position > ?", "+o.position < ?", f"o.legal_entity {_one_of(filters.entities)}"]
    values: list[Value] = [after, below, *filters.entities]
    for column, wanted in (
        ("o.employee_number", filters.number),
        ("o.person_id", filters.person),
        ("o.field", filters.field),
        ("o.run_id", filters.run),
        ("o.rule", filters.rule),
        ("o.cleared", filters.cleared),
    ):
        if wanted is not None:
            conditions.append(f"{column} = ?")
            values.append(wanted)
    return " AND ".join(conditions), tuple(values)


def _days(filters: OverwrittenFilters) -> tuple[str, str]:
    return filters.since.isoformat(), filters.until.isoformat()


def _period_of(filters: OverwrittenFilters) -> tuple[str, tuple[Value, ...]]:
    since = written(_midnight(filters.since))
    until = written(_midnight(filters.until + timedelta(days=1)))
    return (
        "(r.business_date BETWEEN ? AND ? OR (r.business_date IS NULL AND r.started_at >= ? AND r.started_at < ?))",
        (*_days(filters), since, until),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def _one_of(values: Sequence[object]) -> str:
    """One value is asked for as such: rows then come out of an index in order."""
    return "= ?" if len(values) == 1 else f"IN ({_marks(values)})"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def overwritten_rows(rows: Sequence[Sequence[Any]], periods: Sequence[tuple[str, str]]) -> tuple[OverwrittenRow, ...]:
    reached: dict[str, list[str]] = {}
    for intent, period in periods:
        reached.setdefault(intent, []).append(period)
    return tuple(_row(row, tuple(reached.get(row[-1], ()))) for row in rows)


def _row(row: Sequence[Any], periods: tuple[str, ...]) -> OverwrittenRow:
    position, entity, number, person, field, run, day, actor, recorded_at, rule, cleared, filled, cause, _ = row
    return OverwrittenRow(
        position=position,
        legal_entity=entity,
        employee_number=number,
        person_id=person,
        field=field,
        run_id=run,
        business_date=date.fromisoformat(day) if day else None,
        actor=actor,
        recorded_at=read(recorded_at),
        rule=rule,
        cleared=bool(cleared),
        filled=bool(filled),
        cause=cause,
        periods=periods,
    )


def totals(people: Sequence[Sequence[Any]], fields: Sequence[Sequence[Any]]) -> OverwrittenTotals:
    return OverwrittenTotals(
        by_person=tuple(
            PersonTotal(legal_entity=entity, employee_number=number, person_id=person, overwritten=count)
            for entity, number, person, count in people
        ),
        by_field=tuple(
            FieldTotal(field=field, overwritten=count, cleared=int(cleared)) for field, count, cleared in fields
        ),
    )


def runs_written(rows: Sequence[Sequence[Any]]) -> tuple[RunWritten, ...]:
    return tuple(
        RunWritten(
            run_id=run,
            legal_entity=entity,
            business_date=date.fromisoformat(day) if day else None,
            actor=actor,
            started_at=read(started_at),
            status=RunStatus(status),
            overwritten=count,
        )
        for run, entity, day, actor, started_at, status, count in rows
    )
