"""Loket's audit trail of employee data: optional, in words and cuts of its own (Loket API 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from adapters import bounded
from adapters.loket.api import EMPLOYERS, LoketApi, Notes, Pin
from domain.drift.audit_trail import AuditEntry
from domain.errors import IncompleteRead, NotFound, RightMissing
from domain.values import EmployeeNumber

TRAIL: Final = Pin("audit trail")


def read_trail(api: LoketApi, employer: str, since: date, until: date, notes: Notes) -> tuple[AuditEntry, ...] | None:
    """The entries of these days; None when this user cannot have them, which is never a fault."""
    path = f"{EMPLOYERS}/{employer}/auditTrail/EmployeeData"
    try:
        items = api.every(path, TRAIL, notes, {"startDate": since.isoformat(), "endDate": until.isoformat()})
    except (RightMissing, IncompleteRead, NotFound):
        return None
    return tuple(entry for item in items if (entry := _entry(item)) is not None)


def _entry(item: Mapping[str, Any]) -> AuditEntry | None:
    """None for what names no employee number or no time: it can be joined with nothing."""
    number, at = (
        bounded.integral(_inner(item, "employee").get("employeeNumber")),
        bounded.instant(item.get("timeStamp")),
    )
    if number is None or at is None:
        return None
    by = _inner(item, "performedBy")
    return AuditEntry(
        number=EmployeeNumber(number),
        caption=(_caption(item, "entity"), _caption(item, "field")),
        old=_text(item.get("oldValue")),
        new=_text(item.get("newValue")),
        origin=_caption(item, "mutationOrigin"),
        performer=_text(by.get("id")),
        name=_text(by.get("formattedName")),
        at=at,
    )


def _inner(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def _caption(item: Mapping[str, Any], name: str) -> str:
    return str(_inner(item, name).get("value", ""))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
