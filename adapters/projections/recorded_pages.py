"""Pages of the recorded view: the questions both databases are asked, each answered from one index in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from adapters.projections.history import LAST
from adapters.projections.instants import instant, written
from adapters.projections.projection import Table, Value
from adapters.projections.readable import of_view
from adapters.projections.recorded import FIELDS, NUMBERS, PEOPLE, ROWS, hour
from domain.grounds.readers import read_json
from domain.views.recorded import EXACT, Entry, Filters, Found

LOOKED_AT: Final = 2_048  # rows of its index a question looks at before it answers with what it has
_COLUMNS: Final = ", ".join(f"r.{name}" for name in (*ROWS.key, *ROWS.columns))
_LEADING: Final = ("employee_number", "person_id", "run", "field", "rule", "kind", "actor")
"""Filters with an index of their own, the most selective first as a rule. One leads; the others are applied to what
it finds: of several, the one whose index gets furthest through the log in as many rows."""

LISTED: Final[Mapping[str, Table]] = {"field": FIELDS, "person_id": PEOPLE, "employee_number": NUMBERS}
"""What one event can name several of: each has a table of its own."""

Rows: TypeAlias = Callable[[str, tuple[Value, ...]], Sequence[Sequence[Any]]]
"""Asks SQL with a question mark for each value."""


def find(
    rows: Rows,
    entities: Sequence[str],
    filters: Filters,
    *,
    after: int,
    limit: int,
    before: int | None = None,
    place: str = "r.position",
) -> Found:
    """A page of all these entities, complete up to where each was looked through; bounded whatever is let through.

    `place` is how the indexes of the view spell the position.
    """
    after, until = _span(rows, filters, after)
    backwards = before is not None
    until = until if before is None else min(until, before - 1)
    asked = [_furthest(rows, filters, entity, after, until, place, backwards) for entity in dict.fromkeys(entities)]
    ends = [end for _, end in asked if end is not None]
    end = (max if backwards else min)(ends) if ends else None
    rows_of = (row for question, _ in asked for row in question.rows(rows, end, limit))
    found = sorted(rows_of, key=lambda row: int(row[0]), reverse=backwards)
    entries = tuple(map(entry_of, found[:limit]))
    if len(entries) == limit:
        return Found(entries, entries[-1].position)
    return Found(entries, end)


def entry(rows: Rows, position: int) -> Entry | None:
    found = rows(f"SELECT {_COLUMNS} FROM recorded AS r WHERE r.position = ?", (position,))  # noqa: S608  our own names
    return entry_of(found[0]) if found else None


def instants(
    rows: Rows, entity: str, kinds: Sequence[str], *, before: int, limit: int, place: str = "r.position"
) -> Sequence[datetime]:
    """Each kind by its own index, all in one question."""
    one = (
        f"SELECT recorded_at FROM (SELECT r.recorded_at FROM recorded AS r"  # noqa: S608  our own names
        f" WHERE r.legal_entity = ? AND r.kind = ? AND {place} < ? ORDER BY {place} DESC LIMIT ?) AS one"
    )
    found = rows(
        " UNION ALL ".join([one] * len(kinds)), tuple(v for kind in kinds for v in (entity, kind, before, limit))
    )
    return tuple(instant(each) for (each,) in found)


def _furthest(
    rows: Rows, filters: Filters, entity: str, after: int, until: int, place: str, backwards: bool
) -> tuple[_Question, int | None]:
    """The question led by the filter that gets furthest, and where it has to stop; None when nothing limits it."""
    given = [name for name in _LEADING if getattr(filters, name) is not None]
    leading: list[str | None] = [*given] or [None]
    asked = [_Question(name, filters, entity, after, until, place, backwards) for name in leading]
    ends = []
    for question in asked:
        end = question.end(rows)
        if end is None:
            return question, None
        ends.append((end, question))
    end, question = (min if backwards else max)(ends, key=lambda each: each[0])
    return question, end


class _Question(NamedTuple):
    leading: str | None  # the filter by whose index rows are found; None for the order of the entity
    filters: Filters
    entity: str
    after: int
    until: int
    place: str
    backwards: bool

    @property
    def order(self) -> str:
        return "DESC" if self.backwards else "ASC"

    def end(self, rows: Rows) -> int | None:
        """Where to stop looking when other filters let little through; None when nothing limits the question."""
        if not self._others():
            return None
        place, where, values = self._leading()
        sql = f"SELECT {place} FROM {where} ORDER BY {place} {self.order} LIMIT 1 OFFSET {LOOKED_AT}"  # noqa: S608
        found = rows(sql, (*values, self.after, self.until))
        return found[0][0] if found else None

    def rows(self, rows: Rows, end: int | None, limit: int) -> Sequence[Sequence[Any]]:
        place, where, values = self._leading()
        join = "" if place == self.place else "JOIN recorded AS r ON r.position = f.position "
        others = self._others()
        conditions = "".join(f" AND {condition}" for condition, _ in others)
        sql = (
            f"SELECT {_COLUMNS} FROM {where.replace('WHERE', f'{join}WHERE', 1)}{conditions}"  # noqa: S608
            f" ORDER BY {place} {self.order} LIMIT ?"
        )
        after = end - 1 if self.backwards and end is not None else self.after
        until = end if not self.backwards and end is not None else self.until
        return rows(sql, (*values, after, until, *(value for _, value in others), limit))

    def _leading(self) -> tuple[str, str, tuple[Value, ...]]:
        """The position in the table that gives the order, that table with the leading conditions, and their values."""
        between = "{0} > ? AND {0} <= ?"
        column, value = self.leading, None if self.leading is None else getattr(self.filters, self.leading)
        if column is not None and column in LISTED:
            own = f"f.legal_entity = ? AND f.{column} = ? AND {between.format('f.position')}"
            return "f.position", f"{LISTED[column].name} AS f WHERE {own}", (self.entity, value)
        own = " AND r.effective_on IS NOT NULL" if self.filters.by_effect else ""
        values: tuple[Value, ...] = (self.entity,)
        if column is not None:
            own, values = f" AND r.{column} = ?", (self.entity, value)
        return self.place, f"recorded AS r WHERE r.legal_entity = ?{own} AND {between.format(self.place)}", values

    def _others(self) -> list[tuple[str, Value]]:
        """Conditions of the filters that do not lead.

        They are written so that no index fits them: one that did would be walked from its beginning for each page.
        Only the index in the order of the entity holds the effective date too.
        """
        filters, leading = self.filters, self.leading
        effect = "r.effective_on {} ?" if leading is None else "(r.effective_on {} ?) IS TRUE"
        exact = [(f"(r.{name} = ?) IS TRUE", getattr(filters, name)) for name in EXACT if name != leading]
        named = [
            (_NAMES.format(LISTED[name].name, name), given) for name, given in filters.listed.items() if name != leading
        ]
        bounds: list[tuple[str, Value]] = [
            ("r.recorded_at >= ?", None if filters.recorded_from is None else written(filters.recorded_from)),
            ("r.recorded_at <= ?", None if filters.recorded_until is None else written(filters.recorded_until)),
            (effect.format(">="), None if filters.effective_from is None else filters.effective_from.isoformat()),
            (effect.format("<="), None if filters.effective_until is None else filters.effective_until.isoformat()),
        ]
        return [(condition, value) for condition, value in (*exact, *named, *bounds) if value is not None]


_NAMES: Final = (
    "EXISTS (SELECT 1 FROM {0} AS o WHERE o.legal_entity = r.legal_entity AND o.{1} = ? AND o.position = r.position)"
)


def _span(rows: Rows, filters: Filters, after: int) -> tuple[int, int]:
    """Between which positions the recorded dates can lie: the first one excluded, the last one included."""
    if filters.recorded_from is None and filters.recorded_until is None:
        return after, LAST
    low = hour(filters.recorded_from) if filters.recorded_from else ""
    high = hour(filters.recorded_until) if filters.recorded_until else "9"
    ((first, last),) = rows("SELECT min(first), max(last) FROM recorded_hours WHERE hour BETWEEN ? AND ?", (low, high))
    return (after, -1) if first is None else (max(after, first - 1), last)


@of_view("recorded")
def entry_of(row: Sequence[Any]) -> Entry:
    position, recorded_at, kind, stream, actor, run, entity, person, number, rule, effective_on, fields = row
    return Entry(
        position=position,
        recorded_at=instant(recorded_at),
        kind=kind,
        stream=stream,
        actor=actor,
        run=run,
        legal_entity=entity,
        person_id=person,
        employee_number=number,
        rule=rule,
        effective_on=date.fromisoformat(effective_on) if effective_on else None,
        fields=tuple(read_json(fields)) if fields else (),
    )
