"""What the log recorded, as JSON: lines of a history, facts with their values masked unless they were opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

import msgspec

from api.presenters.values import Json, instant, value
from domain.log import Fact, Recorded, UnknownFact
from domain.personal import Lost, Sealed
from domain.values import Absence
from domain.views.employee_state import Value
from domain.views.history import HistoryLine
from domain.views.recorded import Entry


def history(entity: str, number: int, lines: Sequence[HistoryLine]) -> Json:
    """The one object of `history`: sentences without the facts behind them."""
    return {
        "legal_entity": entity,
        "employee_number": number,
        "events": [{**_line(one), "event": one.name, "sentence": one.sentence} for one in lines],
    }


def history_item(one: HistoryLine, recorded: Recorded) -> Json:
    """A line with the fact it tells."""
    return {**_line(one), "kind": one.name, "sentence": one.sentence, "data": fact(recorded.fact)}


def event(entry: Entry, recorded: Recorded, line: HistoryLine) -> Json:
    """A line with its fact, whom it is about, and the rule that decided where the fact itself names none."""
    return history_item(line, recorded) | {
        "rule": entry.rule,
        "legal_entity": entry.legal_entity or None,
        "person_id": entry.person_id,
        "employee_number": entry.employee_number,
        "fields": list(entry.fields),
    }


def _line(one: HistoryLine) -> Json:
    return {
        "position": one.position,
        "recorded_at": instant(one.recorded_at),
        "actor": one.actor,
        "run": one.run,
        "rule": one.rule,
        "effective_on": one.effective_on.isoformat() if one.effective_on else None,
    }


def state_item(one: Value, *, unmask: bool) -> Json:
    """A value by two clocks: when it was recorded, and from when it counts where a system told that."""
    return {
        "system": one.system,
        "field": one.field,
        "value": value(one.value, unmask=unmask),
        "effective_on": one.effective_on.isoformat() if one.effective_on else None,
        "recorded_at": instant(one.recorded_at),
        "position": one.position,
        "basis": "effective" if one.effective_on else "value_at_that_instant",
    }


def fact(one: Fact) -> Json:
    """The fact itself, without a rule or an effective date that it does not have; personal values are masked."""
    if isinstance(one, UnknownFact):
        return {}
    found = {name: _plain(getattr(one, name)) for name in one.__struct_fields__}
    return {name: value for name, value in found.items() if value is not None or name not in ("rule", "effective_on")}


def _plain(held: Any) -> Any:
    if isinstance(held, Sealed | Absence | Lost):
        return value(held, unmask=False)
    if isinstance(held, Enum):
        return held.value
    if isinstance(held, date | datetime):
        return held.isoformat()
    if isinstance(held, msgspec.Struct):
        return {name: _plain(getattr(held, name)) for name in held.__struct_fields__}
    if isinstance(held, Mapping):
        return {str(key): _plain(each) for key, each in held.items()}
    return [_plain(each) for each in held] if isinstance(held, tuple | list) else held
