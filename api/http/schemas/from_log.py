"""Facts, runs and outcomes as the API says them; personal values are masked unless they were opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import msgspec

from api.http.schemas.answers import EventItem, HistoryItem, OutcomeItem, Overwritten, Run
from api.presenters import results as shown
from domain.log import Fact, Recorded, UnknownFact
from domain.personal import Lost, Sealed
from domain.values import Absence
from domain.views.history import HistoryLine
from domain.views.recorded import Entry
from domain.views.runs import OutcomeTold, RunRow


def fact(one: Fact) -> dict[str, Any]:
    """The fact as JSON, without fields that are not set."""
    if isinstance(one, UnknownFact):
        return {}
    found = {name: _plain(getattr(one, name)) for name in one.__struct_fields__}
    return {name: value for name, value in found.items() if value is not None or name not in ("rule", "effective_on")}


def _plain(value: Any) -> Any:
    if isinstance(value, Sealed | Absence | Lost):
        return shown.value(value, unmask=False)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def event(entry: Entry, recorded: Recorded, sentence: str) -> EventItem:
    return EventItem(
        position=entry.position,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        actor=entry.actor,
        run=entry.run,
        legal_entity=entry.legal_entity or None,
        person_id=entry.person_id,
        employee_number=entry.employee_number,
        rule=entry.rule,
        effective_on=entry.effective_on,
        fields=list(entry.fields),
        sentence=sentence,
        data=fact(recorded.fact),
    )


def line(one: HistoryLine, recorded: Recorded) -> HistoryItem:
    return HistoryItem(
        position=one.position,
        recorded_at=one.recorded_at,
        actor=one.actor,
        run=one.run,
        rule=one.rule,
        effective_on=one.effective_on,
        kind=one.name,
        sentence=one.sentence,
        data=fact(recorded.fact),
    )


def run(row: RunRow) -> Run:
    return Run(
        run_id=row.run_id,
        legal_entity=row.legal_entity,
        business_date=row.business_date,
        status=row.status.value,
        reason=row.reason,
        message=row.message,
        actor=row.actor,
        started_at=row.started_at,
        ended_at=row.ended_at,
        fingerprint=row.fingerprint,
        counts=dict(row.counts),
    )


def outcome(one: OutcomeTold, *, unmask: bool = False) -> OutcomeItem:
    places = [place.position for place in one.row.overwritten]
    return OutcomeItem(
        person_id=one.row.person_id,
        employee_number=one.row.employee_number,
        outcome=one.row.outcome,
        reason=one.row.reason,
        overwritten=[
            Overwritten(
                field=each.field,
                before=shown.value(each.before, unmask=unmask),
                after=shown.value(each.after, unmask=unmask),
                position=place,
            )
            for each, place in zip(one.overwritten, places, strict=True)
        ],
        messages=[text if isinstance(text, str) else shown.value(text, unmask=unmask) for text in one.messages],
        position=one.row.position,
    )
