"""What the events of both sides carry of a field: its path and its sealed values."""

from __future__ import annotations

import msgspec

from domain.personal import Personal


class FieldValue(msgspec.Struct, frozen=True):
    """What one system showed for one field. On the Personio side, too, the field is the Loket path it travels to."""

    field: str
    value: Personal


class FieldChange(msgspec.Struct, frozen=True):
    """One field of a write: what Loket held and what it is to hold."""

    field: str
    before: Personal
    after: Personal
