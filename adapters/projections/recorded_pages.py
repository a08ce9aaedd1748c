"""Pages of the recorded view: the questions both databases are asked, each answered from one index in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from adapters.projections.history import LAST
from adapters.projections.instants import instant, written
from adapters.projections.parts import Rows, named_in, positions_about
from adapters.projections.projection import Value
from adapters.projections.readable import of_view
from adapters.projections.recorded import FIELDS, IN_PARTS, ROWS, hour
from domain.grounds.readers import read_json
from domain.views.recorded import EXACT, Entry, Filters, Found

LOOKED_AT: Final = 2_048  # rows of its index a question looks at before it answers with what it has
_COLUMNS: Final = ", ".join(f"r.{name}" for name in (*ROWS.key, *ROWS.columns))
_LEADING: Final = ("employee_number", "person_id", "run", "field", "rule", "kind", "actor")
"""Filters with an index of their own, the most selective first as a rule. One leads; the others are applied to what
it finds: of several, the one whose index gets furthest through the log in as many rows."""

_Condition: TypeAlias = tuple[str, Value]
"""In SQL, with a question mark for its value."""

_Source: TypeAlias = tuple[str, str, str, tuple[Value, ...]]
"""The column that gives the order, the tables, the leading conditions in SQL and their values."""

_positions_about = of_view("recorded")(positions_about)


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
    asked = [
        _furthest(rows, limit, _Question(filters, entity, after, until, place, backwards))
        for entity in dict.fromkeys(entities)
    ]
    ends = [end for _, end in asked if end is not None]
    end = (max if backwards else min)(ends) if ends else None
    rows_of = (row for led, _ in asked for row in led.page(rows, end, limit))
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


def _furthest(rows: Rows, limit: int, asked: _Question) -> tuple[_ByIndex | _ByPositions, int | None]:
    """Led by the filter that gets furthest, and where it has to stop; None when nothing limits it."""
    given: list[str | None] = [name for name in _LEADING if getattr(asked.filters, name) is not None]
    ends = []
    for name in given or [None]:
        led = asked.led_by(name, rows, limit)
        end = led.end(rows)
        if end is None:
            return led, None
        ends.append((end, led))
    end, led = (min if asked.backwards else max)(ends, key=lambda each: each[0])
    return led, end


class _Question(NamedTuple):
    filters: Filters
    entity: str
    after: int
    until: int
    place: str
    backwards: bool

    @property
    def order(self) -> str:
        return "DESC" if self.backwards else "ASC"

    def led_by(self, name: str | None, rows: Rows, limit: int) -> _ByIndex | _ByPositions:
        """`name` is the filter by whose index rows are found; None for the order of the entity."""
        others = self._others(name)
        if name is None or name not in IN_PARTS:
            return _ByIndex(self, name, others)
        about, most = f"{self.entity} {getattr(self.filters, name)}", LOOKED_AT + 1 if others else limit
        found = _positions_about(rows, IN_PARTS[name], about, self.after, self.until, most, self.backwards)
        return _ByPositions(self, found, others)

    def up_to(self, end: int | None) -> _Question:
        if end is None:
            return self
        return self._replace(after=end - 1) if self.backwards else self._replace(until=end)

    def page(self, source: _Source, others: Sequence[_Condition], rows: Rows, limit: int) -> Sequence[Sequence[Any]]:
        place, tables, where, values = source
        conditions = " AND ".join((where, *(condition for condition, _ in others)))
        sql = f"SELECT {_COLUMNS} FROM {tables} WHERE {conditions} ORDER BY {place} {self.order} LIMIT ?"  # noqa: S608
        return rows(sql, (*values, *(value for _, value in others), limit))

    def _others(self, leading: str | None) -> list[_Condition]:
        """Conditions of the filters that do not lead.

        They are written so that no index fits them: one that did would be walked from its beginning for each page.
        Only the index in the order of the entity holds the effective date too.
        """
        filters = self.filters
        effect = "r.effective_on {} ?" if leading is None else "(r.effective_on {} ?) IS TRUE"
        exact = [(f"(r.{name} = ?) IS TRUE", getattr(filters, name)) for name in EXACT if name != leading]
        named = [(_names(name), str(given)) for name, given in filters.listed.items() if name != leading]
        bounds: list[_Condition] = [
            ("r.recorded_at >= ?", None if filters.recorded_from is None else written(filters.recorded_from)),
            ("r.recorded_at <= ?", None if filters.recorded_until is None else written(filters.recorded_until)),
            (effect.format(">="), None if filters.effective_from is None else filters.effective_from.isoformat()),
            (effect.format("<="), None if filters.effective_until is None else filters.effective_until.isoformat()),
        ]
        return [(condition, value) for condition, value in (*exact, *named, *bounds) if value is not None]


class _ByPositions(NamedTuple):
    """Led by a filter that tells the positions of its rows, all that are looked at."""

    asked: _Question
    found: Sequence[int]
    others: Sequence[_Condition]

    def end(self, _: Rows) -> int | None:
        """Where to stop looking when other filters let little through; None when nothing limits the question."""
        return self.found[LOOKED_AT] if self.others and len(self.found) > LOOKED_AT else None

    def page(self, rows: Rows, end: int | None, limit: int) -> Sequence[Sequence[Any]]:
        asked = self.asked.up_to(end)
        there = ", ".join(str(one) for one in self.found if asked.after < one <= asked.until)
        source = ("r.position", "recorded AS r", f"r.position IN ({there or 'NULL'})", ())
        return asked.page(source, self.others, rows, limit)


class _ByIndex(NamedTuple):
    """Led by a filter with an index in the order of the log, or by the order of the entity."""

    asked: _Question
    leading: str | None
    others: Sequence[_Condition]

    def end(self, rows: Rows) -> int | None:
        """As of what is led by positions."""
        if not self.others:
            return None
        place, tables, where, values = self._leading_rows(self.asked)
        if self.leading == "field":
            tables = f"{FIELDS.name} AS f"
        order = f"ORDER BY {place} {self.asked.order} LIMIT 1 OFFSET {LOOKED_AT}"
        found = rows(f"SELECT {place} FROM {tables} WHERE {where} {order}", values)  # noqa: S608  our own names
        return found[0][0] if found else None

    def page(self, rows: Rows, end: int | None, limit: int) -> Sequence[Sequence[Any]]:
        asked = self.asked.up_to(end)
        return asked.page(self._leading_rows(asked), self.others, rows, limit)

    def _leading_rows(self, asked: _Question) -> _Source:
        if self.leading == "field":
            joined = f"{FIELDS.name} AS f JOIN recorded AS r ON r.position = f.position"
            where = "f.legal_entity = ? AND f.field = ? AND f.position > ? AND f.position <= ?"
            return "f.position", joined, where, (asked.entity, asked.filters.field, asked.after, asked.until)
        own = " AND r.effective_on IS NOT NULL" if asked.filters.by_effect else ""
        values: tuple[Value, ...] = ()
        if self.leading is not None:
            own, values = f" AND r.{self.leading} = ?", (getattr(asked.filters, self.leading),)
        where = f"r.legal_entity = ?{own} AND {asked.place} > ? AND {asked.place} <= ?"
        return asked.place, "recorded AS r", where, (asked.entity, *values, asked.after, asked.until)


def _names(filter_: str) -> str:
    """A value, not EXISTS: of that PostgreSQL makes a join, which may read all that has the value anywhere."""
    if filter_ in IN_PARTS:
        return named_in(IN_PARTS[filter_])
    same = "o.legal_entity = r.legal_entity AND o.field = ? AND o.position = r.position"
    return f"(SELECT true FROM {FIELDS.name} AS o WHERE {same})"  # noqa: S608  our own names


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
