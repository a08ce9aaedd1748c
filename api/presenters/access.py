"""The monthly review of access, as command line and API tell it: who read what, who was shown it, who holds a key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC
from typing import Any

from domain.events.access import AccessKeyCreated, AccessKeyRevoked, RecordsRead
from domain.events.custody import ValuesUnmasked
from domain.log import Log
from domain.showings import once_each
from domain.streams import ACCESS_KEYS, CUSTODY, reading_stream


def _everything(_: str) -> bool:
    return True


def review(log: Log, month: str, sees: Callable[[str], bool] = _everything) -> dict[str, Any]:
    """One month (2026-03) from the log; nothing in it is personal but the employee numbers.

    `sees` limits it to legal entities; what names none is "", and is for whoever sees everything.
    """
    asked: Counter[tuple[str, str, str, str]] = Counter()
    about: dict[tuple[str, str, str, str], set[int]] = {}
    for event in log.stream(reading_stream(month)):
        if isinstance(event.fact, RecordsRead):
            for one in event.fact.readings:
                if sees(one.legal_entity):
                    key = (event.meta.actor, event.fact.role, one.what, one.legal_entity)
                    asked[key] += one.times
                    about.setdefault(key, set()).update([one.employee_number] if one.employee_number else [])
    custody, keys = log.stream(CUSTODY), log.stream(ACCESS_KEYS)
    of_month = [one for one in (*custody, *keys) if f"{one.meta.recorded_at.astimezone(UTC):%Y-%m}" == month]
    opens = {one.fact.key_id: one.fact.legal_entities for one in keys if isinstance(one.fact, AccessKeyCreated)}

    def concerns(key_id: str) -> bool:
        """A key for every legal entity (none is named) opens those of the caller too."""
        entities = opens.get(key_id, ())
        return not entities or any(map(sees, entities))

    return {
        "month": month,
        "read": [
            {"reader": reader, "role": role, "what": what, "legal_entity": entity or None, "times": times,
             "employees": len(about[reader, role, what, entity])}
            for (reader, role, what, entity), times in sorted(asked.items())
        ],
        "unmasked": [
            {"position": one.position, "actor": one.meta.actor, "at": one.meta.recorded_at.isoformat(),
             "what": one.fact.what, "legal_entity": one.fact.legal_entity, "employee_number": one.fact.employee_number}
            for one in once_each(of_month) if isinstance(one.fact, ValuesUnmasked) and sees(one.fact.legal_entity)
        ],
        "keys": [
            {"position": one.position, "by": one.meta.actor, "key_id": one.fact.key_id, "holder": one.fact.holder,
             "what": "created" if isinstance(one.fact, AccessKeyCreated) else "revoked"}
            for one in of_month
            if isinstance(one.fact, AccessKeyCreated | AccessKeyRevoked) and concerns(one.fact.key_id)
        ],
    }  # fmt: skip
