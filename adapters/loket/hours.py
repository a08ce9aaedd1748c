"""Working hours: a linked chain, read for a whole employer and written one record at a time (Loket API 8)."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from decimal import Decimal
from typing import Any, Final

from adapters import bounded
from adapters.loket import writable
from adapters.loket.api import EMPLOYERS, EMPLOYMENTS, LoketApi, Notes, Pin
from adapters.loket.bulk import at_once
from adapters.loket.documents import Object, last_day, sent_back
from adapters.loket.writing import Writer
from adapters.transport import fan_out
from domain.attributes import WEEKLY_HOURS
from domain.errors import IncompleteRead, RightMissing
from domain.events.loket import WriteKind
from domain.settings import LegalEntity
from domain.snapshots import Answered, Fetched, HeldHours, WriteAnswer, WriteRequest
from domain.values import BLANK, FieldPath, Observed

HOURS: Final = Pin("working hours", keys=writable.HOURS)
_UNREADABLE: Final = "Loket shows no readable {} of working hours"
_WEEKLY: Final = "deviatingHoursPerWeek"
_DATED: Final = frozenset({"id", "startDate", "endDate"})
_READ_ONLY: Final = ("id", "endDate", "aggregatedHoursPerWeek")


def read_hours(
    api: LoketApi, entity: LegalEntity, employments: Set[str], *, since: date, until: date, notes: Notes
) -> dict[str, tuple[HeldHours, ...]]:
    """Every record that holds at some time from `since` to `until`, oldest first; whole chains where hours change.

    Hours that we have no right to read, or that are not shown, are absent: nothing is concluded from them (PAY-13).
    """
    if not employments:
        return {}
    at_start = _in_force(api, entity, employments, since, notes)
    at_end = _in_force(api, entity, employments, until, notes) if at_start is not None else None
    steady: dict[str, tuple[HeldHours, ...]] = {
        owner: (record,)
        for owner, record in (at_end or {}).items()
        if at_start is not None and owner in at_start and at_start[owner].id == record.id
    }
    others = sorted(employments - steady.keys())
    try:
        chains = zip(others, fan_out(lambda one: _chain(api, one, notes), others), strict=True)
    except RightMissing:
        return steady
    return steady | {owner: chain for owner, chain in chains if chain is not None}


def fetch_hours(api: LoketApi, target: str) -> Fetched:
    """One record, fresh. Raises NotFound when it is gone."""
    path = f"{EMPLOYMENTS}/workinghours/{target}"
    content, etag = api.one(path, HOURS, {})
    if not isinstance(content, dict):
        raise IncompleteRead(f"Loket's answer to {path} is not an object")
    fields: dict[FieldPath, Observed] = {WEEKLY_HOURS: _hours(content).weekly}
    return Fetched(fields, content, etag)


def write_hours(api: LoketApi, writer: Writer, request: WriteRequest) -> WriteAnswer:
    """Send one write of hours, once. Raises ValueError when no body can be made of it.

    A new record takes over the shift, the work pattern and whatever else the newest one has (WHAT-3).
    """
    if request.target is None:
        raise ValueError("hours need their record or employment")
    if request.kind is WriteKind.HOURS_CREATED:
        if request.effective_on is None:
            raise ValueError("new hours need their first day")
        path = f"{EMPLOYMENTS}/{request.target}/workinghours"
        listed = sorted(api.every(path, HOURS, {}), key=lambda one: str(one.get("startDate")))
        if not listed:
            return WriteAnswer(Answered.UNSENDABLE, cause="Loket holds no working hours that new ones could follow")
        body = _changed(api, listed[-1], request) | {"startDate": request.effective_on.isoformat()}
        return writer.send("POST", path, HOURS, body, creates=True)
    if request.fetched is None:
        raise ValueError("nothing was fetched that could be replaced")
    path = f"{EMPLOYMENTS}/workinghours/{request.target}"
    return writer.send(
        "PUT", path, HOURS, _changed(api, dict(request.fetched.whole), request), etag=request.fetched.etag
    )


def _chain(api: LoketApi, employment: str, notes: Notes) -> tuple[HeldHours, ...] | None:
    """None where a record does not show its hours: null would be a full week of the shift."""
    listed = api.every(f"{EMPLOYMENTS}/{employment}/workinghours", HOURS, notes)
    if any(_WEEKLY not in item for item in listed):
        return None
    return tuple(sorted((_hours(item) for item in listed), key=lambda one: one.start))


def _in_force(
    api: LoketApi, entity: LegalEntity, employments: Set[str], day: date, notes: Notes
) -> dict[str, HeldHours] | None:
    """The record of each employment on a day, of all at once; None when Loket offers it in no shape we know."""
    path = f"{EMPLOYERS}/{entity.loket_employer_id}/actualworkinghours"
    found = at_once(api, path, HOURS, notes, owners=employments, holding=_WEEKLY, day=day)
    if found is None or any(not each.keys() >= _DATED for own in found.values() for each in own):
        return None
    return {owner: _hours(records[0]) for owner, records in found.items() if records}


def _hours(item: Object) -> HeldHours:
    if not isinstance(item.get("id"), str):
        raise IncompleteRead("Loket listed working hours without an id")
    shift = item.get("shift")
    weekly = _number(item[_WEEKLY])  # null is a full week of the shift
    return HeldHours(
        id=item["id"],
        start=bounded.day(item["startDate"]),
        weekly=BLANK if weekly is None else format(weekly, "f"),
        full_time=_number(shift.get("fullTimeHoursPerWeek")) if isinstance(shift, dict) else None,
        end=last_day(item, _UNREADABLE),
        own=_number(item.get("aggregatedHoursPerWeek")),
    )


def _changed(api: LoketApi, whole: Object, request: WriteRequest) -> Object:
    """The whole record as read, without what only Loket sets, with our hours in it."""
    api.shown.require(HOURS, whole)
    hours = request.values[WEEKLY_HOURS]
    return sent_back(whole, _READ_ONLY) | {_WEEKLY: Decimal(hours) if isinstance(hours, str) else None}


def _number(value: Any) -> Decimal | None:
    return None if value is None else bounded.decimal(value)
