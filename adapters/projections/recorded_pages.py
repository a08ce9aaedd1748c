"""Pages of the recorded view: the questions both databases are asked, each answered from one index in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from adapters.projections.history import LAST
from adapters.projections.instants import instant, written
from adapters.projections.parts import Rows, named_in, places
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

_places = of_view("recorded")(places)


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


def _furthest(rows: Rows, limit: int, asked: _Question) -> tuple[_Question, int | None]:
    """Led by the filter that gets furthest, and where it has to stop; None when nothing limits it."""
    given: list[str | None] = [name for name in _LEADING if getattr(asked.filters, name) is not None]
    ends = []
    for name in given or [None]:
        question = asked.led_by(name, rows, limit)
        end = question.end(rows)
        if end is None:
            return question, None
        ends.append((end, question))
    end, question = (min if asked.backwards else max)(ends, key=lambda each: each[0])
    return question, end


class _Question(NamedTuple):
    filters: Filters
    entity: str
    after: int
    until: int
    place: str
    backwards: bool
    leading: str | None = None  # the filter by whose index rows are found; None for the order of the entity
    told: Sequence[int] | None = None  # positions in the parts of the leading filter, of one that has them

    @property
    def order(self) -> str:
        return "DESC" if self.backwards else "ASC"

    def led_by(self, name: str | None, rows: Rows, limit: int) -> _Question:
        led = self._replace(leading=name)
        if name is None or name not in IN_PARTS:
            return led
        about, most = f"{self.entity} {getattr(self.filters, name)}", LOOKED_AT + 1 if led._others() else limit
        return led._replace(told=_places(rows, IN_PARTS[name], about, self.after, self.until, most, self.backwards))

    def end(self, rows: Rows) -> int | None:
        """Where to stop looking when other filters let little through; None when nothing limits the question."""
        if not self._others():
            return None
        if self.told is not None:
            return self.told[LOOKED_AT] if len(self.told) > LOOKED_AT else None
        place, where, values = self._leading()
        sql = f"SELECT {place} FROM {where} ORDER BY {place} {self.order} LIMIT 1 OFFSET {LOOKED_AT}"  # noqa: S608
        found = rows(sql, values)
        return found[0][0] if found else None

    def rows(self, rows: Rows, end: int | None, limit: int) -> Sequence[Sequence[Any]]:
        if end is not None:
            self = self._replace(after=end - 1) if self.backwards else self._replace(until=end)
        place, where, values = self._leading()
        join = "JOIN recorded AS r ON r.position = f.position " if place == "f.position" else ""
        others = self._others()
        conditions = "".join(f" AND {condition}" for condition, _ in others)
        sql = (
            f"SELECT {_COLUMNS} FROM {where.replace('WHERE', f'{join}WHERE', 1)}{conditions}"  # noqa: S608
            f" ORDER BY {place} {self.order} LIMIT ?"
        )
        return rows(sql, (*values, *(value for _, value in others), limit))

    def _leading(self) -> tuple[str, str, tuple[Value, ...]]:
        """The position in the table that gives the order, that table with the leading conditions, and their values."""
        if self.told is not None:
            there = (str(one) for one in self.told if self.after < one <= self.until)
            return "r.position", f"recorded AS r WHERE r.position IN ({', '.join(there) or 'NULL'})", ()
        column, value = self.leading, None if self.leading is None else getattr(self.filters, self.leading)
        between = "{0} > ? AND {0} <= ?"
        if column == "field":
            own = f"f.legal_entity = ? AND f.field = ? AND {between.format('f.position')}"
            values: tuple[Value, ...] = (self.entity, value, self.after, self.until)
            return "f.position", f"{FIELDS.name} AS f WHERE {own}", values
        own = " AND r.effective_on IS NOT NULL" if self.filters.by_effect else ""
        values = (self.entity, self.after, self.until)
        if column is not None:
            own, values = f" AND r.{column} = ?", (self.entity, value, self.after, self.until)
        return self.place, f"recorded AS r WHERE r.legal_entity = ?{own} AND {between.format(self.place)}", values

    def _others(self) -> list[tuple[str, Value]]:
        """Conditions of the filters that do not lead.

        They are written so that no index fits them: one that did would be walked from its beginning for each page.
        Only the index in the order of the entity holds the effective date too.
        """
        filters, leading = self.filters, self.leading
        effect = "r.effective_on {} ?" if leading is None else "(r.effective_on {} ?) IS TRUE"
        exact = [(f"(r.{name} = ?) IS TRUE", getattr(filters, name)) for name in EXACT if name != leading]
        named = [(_names(name), str(given)) for name, given in filters.listed.items() if name != leading]
        bounds: list[tuple[str, Value]] = [
            ("r.recorded_at >= ?", None if filters.recorded_from is None else written(filters.recorded_from)),
            ("r.recorded_at <= ?", None if filters.recorded_until is None else written(filters.recorded_until)),
            (effect.format(">="), None if filters.effective_from is None else filters.effective_from.isoformat()),
            (effect.format("<="), None if filters.effective_until is None else filters.effective_until.isoformat()),
        ]
        return [(condition, value) for condition, value in (*exact, *named, *bounds) if value is not None]


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
