"""What the log recorded, as JSON: lines of a history, facts with their values masked unless they were opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
from operator import attrgetter, methodcaller
from typing import Any

import msgspec

from api.presenters.values import Json, instant, value
from domain.log import Fact, Recorded, UnknownFact
from domain.personal import Lost, Sealed
from domain.values import Absence
from domain.views.comparison import Compared
from domain.views.employee_state import Value
from domain.views.history import HistoryLine
from domain.views.recorded import Entry
from domain.views.sentences import label


def history(entity: str, number: int, lines: Sequence[HistoryLine]) -> Json:
    """The one object of `history`: sentences without the facts behind them."""
    return {
        "legal_entity": entity,
        "employee_number": number,
        "events": [{**_line(one), "event": one.name, "sentence": one.sentence} for one in lines],
    }


def history_item(line: HistoryLine, recorded: Recorded) -> Json:
    """A line with the fact it tells."""
    return {**_line(line), "kind": line.name, "sentence": line.sentence, "data": fact(recorded.fact)}


def event(entry: Entry, recorded: Recorded, line: HistoryLine, *, facts: bool = True) -> Json:
    """A line with its fact, whom it is about, and the rule that decided where the fact itself names none.

    Without `facts` for whoever shows the sentences only: one event may tell of a hundred people.
    """
    return {
        **_line(line),
        "kind": line.name,
        "sentence": line.sentence,
        "data": fact(recorded.fact) if facts else {},
        "rule": entry.rule,
        "legal_entity": entry.legal_entity or None,
        "person_id": entry.person_id or getattr(recorded.fact, "person_id", None),
        "employee_number": entry.employee_number or getattr(recorded.fact, "employee_number", None),
        "fields": list(entry.fields),
    }


def _line(line: HistoryLine) -> Json:
    return {
        "position": line.position,
        "recorded_at": instant(line.recorded_at),
        "actor": line.actor,
        "run": line.run,
        "rule": line.rule,
        "effective_on": line.effective_on.isoformat() if line.effective_on else None,
    }


def state_item(held: Value, *, unmask: bool) -> Json:
    """A value by two clocks: when it was recorded, and from when it counts where a system told that."""
    return {
        "system": held.system,
        "field": held.field,
        "value": value(held.value, unmask=unmask),
        "effective_on": held.effective_on.isoformat() if held.effective_on else None,
        "recorded_at": instant(held.recorded_at),
        "position": held.position,
        "basis": "effective" if held.effective_on else "value_at_that_instant",
    }


def compared_item(one: Compared, *, unmask: bool) -> Json:
    """How a field stands between the systems, with both values."""
    return {
        "field": one.field,
        "label": label(one.field),
        "standing": one.standing.value,
        "since": one.since,
        "personio": None if one.personio is None else state_item(one.personio, unmask=unmask),
        "loket": None if one.loket is None else state_item(one.loket, unmask=unmask),
        "causes": [{"step": each.step.value, "position": each.position} for each in one.causes],
    }


def fact(one: Fact) -> Json:
    """The fact itself, without a rule or an effective date that it does not have; personal values are masked."""
    if isinstance(one, UnknownFact):
        return {}
    found = {name: _plain(getattr(one, name)) for name in one.__struct_fields__}
    return {name: value for name, value in found.items() if value is not None or name not in ("rule", "effective_on")}


def _plain(held: Any) -> Any:
    return _way(type(held))(held)  # type: ignore[arg-type]  # a type can be hashed


@cache
def _way(kind: type) -> Callable[[Any], Any]:
    """How whatever is of this type is told; asked once of each, since one event may tell of a hundred people."""
    if issubclass(kind, Sealed | Absence | Lost):
        return partial(value, unmask=False)
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, date | datetime):
        return methodcaller("isoformat")
    if issubclass(kind, msgspec.Struct):
        names = kind.__struct_fields__
        return lambda held: {name: _plain(getattr(held, name)) for name in names}
    if issubclass(kind, Mapping):
        return lambda held: {str(key): _plain(each) for key, each in held.items()}
    if issubclass(kind, tuple | list):
        return lambda held: [_plain(each) for each in held]
    return _as_it_is


def _as_it_is(held: Any) -> Any:
    return held
