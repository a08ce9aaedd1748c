"""API keys: `prefix.secret`, of which only a hash is kept. A secret has 256 random bits, so a plain hash is enough."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Final

from adapters.access.store import AccessStore, StoredKey
from domain.access import Caller, Role
from domain.values import Actor

PREFIX: Final = "tw_"
_NOBODY: Final = sha256(b"").hexdigest()


def create_key(
    store: AccessStore, *, holder: str, role: Role, entities: Sequence[str] | None, expires_on: date, now: datetime
) -> tuple[StoredKey, str]:
    """The key and its text, which is shown once and stored nowhere. `entities` None gives all."""
    key_id, secret = f"{PREFIX}{secrets.token_hex(5)}", secrets.token_urlsafe(32)
    key = StoredKey(
        key_id=key_id,
        digest=sha256(secret.encode()).hexdigest(),
        holder=holder,
        role=role.value,
        entities=json.dumps(None if entities is None else sorted(entities)),
        created_at=now.isoformat(),
        expires_at=datetime.combine(expires_on, time.max, UTC).isoformat(),
        revoked_at=None,
    )
    store.add_key(key)
    return key, f"{key_id}.{secret}"


def caller_of(store: AccessStore, text: str, now: datetime) -> Caller | None:
    """Whose key this is; None when it is unknown, wrong, expired or revoked, all alike to whoever sent it."""
    key_id, _, secret = text.partition(".")
    key = store.key(key_id)
    fits = hmac.compare_digest(key.digest if key else _NOBODY, sha256(secret.encode()).hexdigest())
    if key is None or not fits or key.revoked_at is not None or datetime.fromisoformat(key.expires_at) < now:
        return None
    entities = json.loads(key.entities)
    return Caller(Actor(key.holder), Role(key.role), None if entities is None else frozenset(entities), key.key_id)
