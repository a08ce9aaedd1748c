"""A look at a Personio tenant's setup: rights, legal entity, attributes with their labels, limits; no value is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from adapters.looking import Looker
from adapters.personio.probes import items, probe
from adapters.transport import Answer, Reader
from domain.errors import Misconfigured, ReadFailed
from domain.examination import CustomAttribute, Look
from domain.sights import PersonioSights

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)")
ATTRIBUTES: Final = "/v1/company/employees/attributes"


def look(reader: Reader, now: Callable[[], datetime], legal_entity: str, today: date) -> Look:
    looker = Looker(reader, now)
    attributes: dict[str, CustomAttribute] | None = None
    behaviours: dict[str, bool | None] = {}
    sights = PersonioSights()
    failure = ""
    try:
        shown = items(looker.ask("persons", "/v2/persons", needed=True, params={"limit": "50"}))
        first = next((str(one["id"]) for one in shown if one.get("id")), None)
        if first is not None:
            at = f"/v2/persons/{first}/employments"
            contracts = looker.ask("employments", at, needed=True, params={"limit": "50"})
            if contracts.ok:
                behaviours["Personio tells an employment's legal entity"] = _any(items(contracts), "legal_entity")
                several = len(items(contracts)) > 1
                behaviours["Personio shows several employments of one person"] = True if several else None
        day = {"start_date": today.isoformat(), "end_date": today.isoformat(), "limit": "1"}
        looker.ask("compensations", "/v2/compensations", needed=True, params=day)
        entity = looker.ask("legal entity", f"/v2/legal-entities/{legal_entity}", needed=False)
        behaviours["Personio shows a single legal entity"] = entity.ok
        listed = looker.ask("attribute list", ATTRIBUTES, needed=False)
        attributes = attributes_in(listed)
        behaviours["Personio lists the attributes that this credential may read"] = attributes is not None
        custom = [each for one in shown for each in one.get("custom_attributes") or () if isinstance(each, dict)]
        behaviours["Personio names attributes with a label in the list of persons"] = _any(custom, "label")
        behaviours["Personio writes attribute types in capitals"] = _capitals(custom)
        behaviours["Personio writes dates with a time of day"] = _timed(custom)
        behaviours["Personio tells its rate limits"] = looker.tells_limits
        sights = probe(looker, shown, attributes or (), legal_entity, today)
    except (Misconfigured, ReadFailed) as reason:
        failure = str(reason)
    return Look(
        asked=tuple(looker.asked),
        failure=failure,
        clock_ahead=looker.clock_ahead,
        tells_limits=looker.tells_limits,
        attributes=attributes,
        behaviours=behaviours,
        personio=sights,
    )


def attributes_in(answer: Answer) -> dict[str, CustomAttribute] | None:
    """By id; None where they are not listed, or one of them twice and not the same."""
    data = answer.body.get("data") if answer.ok and isinstance(answer.body, dict) else None
    if not isinstance(data, list):
        return None
    found: dict[str, CustomAttribute] = {}
    for one in data:
        if isinstance(one, dict) and isinstance(one.get("key"), str):
            told = CustomAttribute(one["key"], str(one.get("label") or ""), _options(one.get("options")))
            if found.setdefault(told.id, told) != told:
                return None  # which of the two it is, is not known
    return found


def _options(told: Any) -> tuple[str, ...]:
    words = told if isinstance(told, list) else ()
    return tuple(str(one.get("value", one.get("name", "")) if isinstance(one, dict) else one) for one in words)


def _any(items: list[dict[str, Any]], key: str) -> bool | None:
    return any(one.get(key) for one in items) if items else None


def _timed(custom: list[dict[str, Any]]) -> bool | None:
    days = [one["value"] for one in custom if isinstance(one.get("value"), str) and _DAY.match(one["value"])]
    return any("T" in one for one in days) if days else None


def _capitals(custom: list[dict[str, Any]]) -> bool | None:
    types = [one["type"] for one in custom if isinstance(one.get("type"), str)]
    return all(one.isupper() for one in types) if types else None
