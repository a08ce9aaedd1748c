"""What the log says about access keys: whom each was given to, what it permits, and whether it was revoked (AUD-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.events.access import AccessKeyCreated, AccessKeyRevoked, AccessKeysSealed
from domain.log import Recorded


@dataclass(frozen=True, slots=True)
class KeyOnRecord:
    """`entities` None means all. `sealed`: a row without a MAC is not this key's."""

    holder: str
    role: str
    entities: frozenset[str] | None
    expires_on: date
    sealed: bool
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class KeyBook:
    """A fold of the stream `access:keys`."""

    next_version: int = 0
    keys: Mapping[str, KeyOnRecord] = field(default_factory=dict)
    closed: bool = False  # rows from before MACs were sealed: none is any more

    @classmethod
    def of(cls, events: Iterable[Recorded]) -> KeyBook:
        keys: dict[str, KeyOnRecord] = {}
        version, closed = 0, False
        for event in events:
            version = event.version + 1
            match event.fact:
                case AccessKeyCreated() as made:
                    entities = frozenset(made.legal_entities) or None
                    keys[made.key_id] = KeyOnRecord(made.holder, made.role, entities, made.expires_on, made.sealed)
                case AccessKeyRevoked(key_id=ended) if ended in keys:
                    keys[ended] = replace(keys[ended], revoked=True)
                case AccessKeysSealed():
                    closed = True
        return cls(version, keys, closed)

    def awaits_seal(self, key_id: str) -> bool:
        """Whether this key may have a row without a MAC."""
        return not self.closed and key_id in self.keys and not self.keys[key_id].sealed
