"""The supported attributes as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from api.presenters.values import Json
from domain.attributes import GATES, Attribute

OUR_LIST: Final = (
    "This list of supported attributes is our own reconstruction from public documents, not Personio's official one."
)


def attributes(rows: Sequence[Attribute], mapped: Mapping[str, str]) -> Json:
    gates = [
        {"role": role, "label": role.replace("_", " "), "personio": mapped.get(role), "loket": None, "blank": "gate"}
        for role in GATES[:2]
    ]
    fields = [
        {
            "role": row.role,
            "label": row.label,
            "personio": mapped.get(row.role, row.role),
            "loket": row.field,
            "concept": row.concept,
            "max_length": row.max_length,
            "blank": "clears" if row.nullable else "finding",
        }
        for row in rows
    ]
    return {"note": OUR_LIST, "attributes": [*gates, *fields]}
