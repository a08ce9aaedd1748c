"""Facts into the rows of `domain.views.overwritten_fields`, and the questions both databases are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from adapters.projections.instants import instant, written
from adapters.projections.projection import Change, Handler, Lookup, Projection, Table, Value
from adapters.projections.readable import of_view
from domain.events.loket import FieldOverwritten, ProcessedPeriodAffected
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.log import Fact, Recorded
from domain.overwriting import Counts, Did, added, did
from domain.planning.business_date import day_begins
from domain.streams import loket_record_of
from domain.values import FieldPath, RunId
from domain.views.overwritten_fields import (
    FieldTotal,
    OverwrittenFilters,
    OverwrittenRow,
    OverwrittenTotals,
    PersonTotal,
    RunWritten,
    Tallied,
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

COUNTS: Final = Table(
    "overwritten_counts",
    key={"counted": str},
    columns={
        "run_id": str, "legal_entity": str, "field": str, "rule": str,
        "overwritten": int, "filled": int, "cleared": int, "last": int,
    },
)  # fmt: skip
"""How often a run overwrote, filled or cleared a field under a rule, and where last: totals without a look at each."""

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
        cleared=did(fact.before, fact.after) is Did.CLEARED,
        filled=did(fact.before, fact.after) is Did.FILLED,
        intent=fact.intent,
        caused_by=event.meta.causation,
    )


def _seen(_: AttributesObserved | AttributeChanged, event: Recorded) -> Iterator[Change]:
    yield CAUSES.put(event.reference, position=event.position)


def _period(fact: ProcessedPeriodAffected, event: Recorded) -> Iterator[Change]:
    yield PERIODS.put(fact.intent, fact.period, position=event.position)


_HANDLERS: Final[dict[type[Fact], Handler]] = {
    FieldOverwritten: _overwritten,
    AttributesObserved: _seen,
    AttributeChanged: _seen,
    ProcessedPeriodAffected: _period,
}


def _changes(page: Sequence[Recorded], lookup: Lookup) -> Iterator[Change]:
    counts: dict[str, dict[str, Any]] = {}
    for event in page:
        handler = _HANDLERS.get(type(event.fact))
        if handler is not None:
            yield from handler(event.fact, event)
        if isinstance(event.fact, FieldOverwritten):
            _count(event.fact, event, counts)
    before = lookup(COUNTS, set(counts))
    for key, more in counts.items():
        for kind, sofar in zip(Did, before.get((key,), (0, 0, 0, 0))[-4:-1], strict=True):
            more[kind] += sofar
        yield COUNTS.put(key, **more)


def _count(fact: FieldOverwritten, event: Recorded, counts: dict[str, dict[str, Any]]) -> None:
    entity, _ = loket_record_of(event.stream)
    new: dict[str, Any] = {"run_id": fact.run_id, "legal_entity": entity, "field": fact.field, "rule": fact.rule,
           **dict.fromkeys(Did, 0), "last": 0}  # fmt: skip
    found = counts.setdefault(" ".join((entity, fact.run_id, fact.field, fact.rule or "")), new)
    found[did(fact.before, fact.after)] += 1
    found["last"] = event.position


OVERWRITTEN_FIELDS_PROJECTION: Final = Projection(
    name="overwritten_fields", version=5, tables=(FIELDS, CAUSES, COUNTS, PERIODS), handlers={}, changes=_changes
)


class Span(NamedTuple):
    """Positions between which to look, both excluded."""

    after: int
    below: int


class Question(NamedTuple):
    """SQL with a question mark for each value."""

    sql: str
    values: tuple[Value, ...]


def span_question(filters: OverwrittenFilters) -> Question:
    """Where the first run that wrote any such field begins, and the last such field: all of them lie between."""
    where, values = _counted(filters)
    return Question(f"SELECT min(r.position), max(c.last) FROM {where}", values)  # noqa: S608  our own names


def begun_question(below: int) -> Question:
    """The runs whose counts tell of more than there was below that position."""
    return Question("SELECT DISTINCT run_id FROM overwritten_counts WHERE last >= ?", (below,))


def tallies_question(filters: OverwrittenFilters, begun: Sequence[RunId]) -> Question:
    """By field, rule and what was done, by the counts of all runs but those begun."""
    where, values = _counted(filters)
    sums = ", ".join(f"sum(c.{kind})" if kind in filters.kinds else "0" for kind in Did)
    without = f" AND c.run_id NOT IN ({_marks(begun)})" if begun else ""
    sql = f"SELECT c.field, c.rule, {sums} FROM {where}{without} GROUP BY c.field, c.rule"  # noqa: S608
    return Question(sql, (*values, *begun))


def each_question(filters: OverwrittenFilters, span: Span) -> Question:
    """The same with a look at each field: good for one person, or one run."""
    where, values = _in_period(filters, span)
    return Question(
        f"SELECT o.field, o.rule, {_KINDS} FROM overwritten_fields AS o"  # noqa: S608
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where} GROUP BY o.field, o.rule",
        values,
    )


def _counted(filters: OverwrittenFilters) -> tuple[str, tuple[Value, ...]]:
    conditions = [f"r.legal_entity {_one_of(filters.entities)}", "r.business_date BETWEEN ? AND ?"]
    values: list[Value] = [*filters.entities, *_days(filters)]
    for condition, wanted in (
        ("c.field = ?", filters.field), ("c.run_id = ?", filters.run), ("c.rule = ?", filters.rule),
    ):  # fmt: skip
        if wanted is not None:
            conditions.append(condition)
            values.append(wanted)
    if filters.kinds != tuple(Did):
        conditions.append(f"{' + '.join(f'c.{kind}' for kind in filters.kinds) or '0'} > 0")
    return (
        f"runs AS r JOIN overwritten_counts AS c ON c.run_id = r.run_id WHERE {' AND '.join(conditions)}",
        tuple(values),
    )


def rows_question(filters: OverwrittenFilters, span: Span, *, limit: int) -> Question:
    """The day of a row's run is looked up row by row, so that rows come out of one index in order, page by page."""
    where, values = _matching(filters, span)
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


def people_question(filters: OverwrittenFilters, span: Span) -> Question:
    where, values = _in_period(filters, span)
    return Question(
        f"SELECT o.legal_entity, o.employee_number, o.person_id, {_KINDS} FROM overwritten_fields AS o"  # noqa: S608
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where}"
        " GROUP BY o.legal_entity, o.employee_number, o.person_id"
        " ORDER BY o.legal_entity, o.employee_number, o.person_id",
        values,
    )


def fields_question(filters: OverwrittenFilters, span: Span) -> Question:
    where, values = _in_period(filters, span)
    return Question(
        f"SELECT o.field, {_KINDS} FROM overwritten_fields AS o"  # noqa: S608
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where} GROUP BY o.field ORDER BY o.field",
        values,
    )


def runs_question(filters: OverwrittenFilters, span: Span, *, below: int) -> Question:
    """Every run of the period with its number of matching fields; one refused before it began counts by its day."""
    where, values = _in_period(filters, span)
    days, day_values = _period_of(filters)
    run, run_values = ("", ()) if filters.run is None else (" AND r.run_id = ?", (filters.run,))
    return Question(
        "SELECT r.run_id, r.legal_entity, r.business_date, r.actor, r.started_at, r.status,"  # noqa: S608
        f" {', '.join(f'w.{kind}' for kind in Did)}"
        f" FROM runs AS r LEFT JOIN (SELECT o.run_id, {_KINDS} FROM overwritten_fields AS o"
        f" JOIN runs AS r ON r.run_id = o.run_id WHERE {where} GROUP BY o.run_id) AS w ON w.run_id = r.run_id"
        f" WHERE r.legal_entity {_one_of(filters.entities)} AND r.position < ? AND {days}{run} ORDER BY r.position",
        (*values, *filters.entities, below, *day_values, *run_values),
    )


_KINDS: Final = (
    "sum(CASE WHEN NOT (o.filled OR o.cleared) THEN 1 ELSE 0 END) AS overwritten,"
    " sum(CASE WHEN o.filled THEN 1 ELSE 0 END) AS filled, sum(CASE WHEN o.cleared THEN 1 ELSE 0 END) AS cleared"
)
"""The three counts, in the order of `Did`."""


def _in_period(filters: OverwrittenFilters, span: Span) -> tuple[str, tuple[Value, ...]]:
    """Conditions on `overwritten_fields AS o` joined to `runs AS r`."""
    where, values = _matching(filters, span)
    return f"{where} AND r.business_date BETWEEN ? AND ?", (*values, *_days(filters))


_LEADING: Final = ("run_id", "employee_number", "person_id", "rule", "field", "cleared", "filled")
"""Which filter leads to rows by its index, the most selective first."""


def _matching(filters: OverwrittenFilters, span: Span) -> tuple[str, tuple[Value, ...]]:
    """Conditions but the period, written so that only the leading filter's index, and its order, fits them.

    The plus keeps the upper end from choosing the index: SQLite prefers two ends.
    """
    wanted: dict[str, Value] = {
        "run_id": filters.run, "employee_number": filters.number, "person_id": filters.person, "rule": filters.rule,
        "field": filters.field, **_flags(filters.kinds),
    }  # fmt: skip
    conditions = ["o.position > ?", "+o.position < ?", f"o.legal_entity {_one_of(filters.entities)}"]
    values: list[Value] = [*span, *filters.entities]
    given = [name for name in _LEADING if wanted[name] is not None]
    for name in given:
        conditions.append(f"o.{name} = ?" if name == given[0] else f"(o.{name} = ?) IS TRUE")
        values.append(wanted[name])
    return " AND ".join(conditions), tuple(values)


def _flags(kinds: Sequence[Did]) -> dict[str, Value]:
    """How the two columns that tell them stand; None for either way. No kind at all is cleared and filled at once."""
    cleared = None if Did.CLEARED in kinds and len(kinds) > 1 else Did.CLEARED in kinds or not kinds
    filled = None if len(kinds) > 1 or kinds == (Did.CLEARED,) else Did.FILLED in kinds or not kinds
    return {"cleared": cleared, "filled": filled}


def _days(filters: OverwrittenFilters) -> tuple[str, str]:
    return filters.since.isoformat(), filters.until.isoformat()


def _period_of(filters: OverwrittenFilters) -> tuple[str, tuple[Value, ...]]:
    since = written(day_begins(filters.since))
    until = written(day_begins(filters.until, days=1))
    return (
        "(r.business_date BETWEEN ? AND ? OR (r.business_date IS NULL AND r.started_at >= ? AND r.started_at < ?))",
        (*_days(filters), since, until),
    )


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


@of_view("overwritten_fields")
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
        recorded_at=instant(recorded_at),
        rule=rule,
        cleared=bool(cleared),
        filled=bool(filled),
        cause=cause,
        periods=periods,
    )


def span(rows: Sequence[Sequence[Any]], below: int, after: int) -> Span:
    ((first, last),) = rows
    return Span(0, 0) if first is None else Span(max(after, first), min(below, last + 1))


def tallied(rows: Sequence[Sequence[Any]]) -> tuple[Tallied, ...]:
    """Of (field, rule, three counts), each pair once."""
    found: dict[tuple[str, str | None], list[Counts]] = {}
    for field, rule, *kinds in rows:
        found.setdefault((field, rule), []).append(_counts(kinds))
    added_up = ((FieldPath(field), rule, added(each)) for (field, rule), each in found.items())
    return tuple(Tallied(field=field, rule=rule, counts=counts) for field, rule, counts in added_up if counts.fields)


@of_view("overwritten_fields")
def _counts(row: Sequence[Any]) -> Counts:
    """The last three columns."""
    return Counts(*(int(each or 0) for each in row[-3:]))


def totals(people: Sequence[Sequence[Any]], fields: Sequence[Sequence[Any]]) -> OverwrittenTotals:
    return OverwrittenTotals(
        by_person=tuple(
            PersonTotal(legal_entity=entity, employee_number=number, person_id=person, counts=_counts(kinds))
            for entity, number, person, *kinds in people
        ),
        by_field=tuple(FieldTotal(field=field, counts=_counts(kinds)) for field, *kinds in fields),
    )


def runs_written(rows: Sequence[Sequence[Any]]) -> tuple[RunWritten, ...]:
    return tuple(
        RunWritten(
            run_id=run,
            legal_entity=entity,
            business_date=date.fromisoformat(day) if day else None,
            actor=actor,
            started_at=instant(started_at),
            status=RunStatus(status),
            counts=_counts(kinds),
        )
        for run, entity, day, actor, started_at, status, *kinds in rows
    )
