"""API keys: `prefix.secret`, of which only a hash is kept. A secret has 256 random bits, so a plain hash is enough.

A key counts when its row is as we wrote it and says what the log says. Both are asked at every request and nothing is
remembered, so a key that was revoked, or came back, is refused at once by every server.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Final

from adapters.access.sealed import SealedAccess
from adapters.access.store import StoredKey
from domain.access import EDITED, Caller, KeyStanding, Role
from domain.errors import Misconfigured, NotFound
from domain.grounds.readers import read_json
from domain.log import Log
from domain.ports import Clock
from domain.records.key_book import KeyBook, KeyOnRecord
from domain.services.access_keys import record_key_created, record_key_revoked, record_keys_sealed
from domain.streams import ACCESS_KEYS
from domain.values import Actor

PREFIX: Final = "tw_"
_NOBODY: Final = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class ListedKey:
    """An access key and what it is worth. Unless its row is as we wrote it, only what the log says of it is told."""

    key_id: str
    standing: KeyStanding
    holder: str | None
    role: str | None
    entities: frozenset[str] | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class AccessKeys:
    """Keys given, taken and asked for: rows and the log held against each other."""

    access: SealedAccess
    log: Log
    clock: Clock

    def give(
        self, *, actor: Actor, holder: str, role: Role, entities: Sequence[str] | None, expires_on: date
    ) -> tuple[StoredKey, str]:
        """The key and its text, which is shown once and stored nowhere. `entities` None gives all."""
        key_id, secret = f"{PREFIX}{secrets.token_hex(5)}", secrets.token_urlsafe(32)
        key = StoredKey(
            key_id=key_id,
            digest=sha256(secret.encode()).hexdigest(),
            holder=holder,
            role=role.value,
            entities=json.dumps(None if entities is None else sorted(entities)),
            created_at=self.clock.now().isoformat(),
            expires_at=_end_of(expires_on),
            revoked_at=None,
        )
        self.access.add_key(key)
        record_key_created(
            self.log, self.clock, actor=actor, key_id=key_id, holder=holder, role=role.value,
            entities=tuple(sorted(entities or ())), expires_on=expires_on,
        )  # fmt: skip
        return key, f"{key_id}.{secret}"

    def revoke(self, key_id: str, *, actor: Actor) -> None:
        """At once, everywhere; also a key that is refused already for what became of its row.

        Raises NotFound for one that the log does not know, or that is revoked.
        """
        known, row = self._book().keys.get(key_id), self.access.key(key_id)
        stands = row is not None and row.revoked_at is None and self.access.wrote(row)
        if known is None or (known.revoked and not stands):
            raise NotFound(f"there is no valid access key {key_id}")
        if row is not None and stands:
            self.access.replace_key(row._replace(revoked_at=self.clock.now().isoformat()))
        if not known.revoked:
            record_key_revoked(self.log, self.clock, actor=actor, key_id=key_id, holder=known.holder)

    def caller(self, text: str) -> Caller | KeyStanding:
        """Whose key this is, or why it does not count: whoever sent it is not told why."""
        key_id, _, secret = text.partition(".")
        if not key_id.isprintable():  # nor asked for: PostgreSQL takes no null character
            return KeyStanding.REVOKED
        row = self.access.key(key_id)
        sound = row is not None and self.access.wrote(row)
        fits = hmac.compare_digest(row.digest if row and sound else _NOBODY, sha256(secret.encode()).hexdigest())
        found = self._caller(key_id, row, self._book())
        return found if fits or isinstance(found, KeyStanding) else KeyStanding.REVOKED

    def caller_of(self, key_id: str, book: KeyBook) -> Caller | KeyStanding:
        """Whose key this is, for a session that began with its secret, or why it does not count any more."""
        return self._caller(key_id, self.access.key(key_id), book)

    def _caller(self, key_id: str, row: StoredKey | None, book: KeyBook) -> Caller | KeyStanding:
        standing = self._standing(key_id, row, book)
        if row is None or standing is not KeyStanding.VALID:
            return standing
        entities = read_json(row.entities)
        return Caller(Actor(row.holder), Role(row.role), None if entities is None else frozenset(entities), key_id)

    def edited(self) -> Iterator[tuple[str, str]]:
        """Id and standing of every key that is refused for what somebody did to its row."""
        return ((one.key_id, one.standing.value) for one in self.listed() if one.standing in EDITED)

    def listed(self) -> Iterator[ListedKey]:
        """Every key that the store or the log knows, those of the store first."""
        book = self._book()
        rows = {row.key_id: row for row in self.access.keys()}  # noqa: SIM118  not a mapping
        for key_id in dict.fromkeys([*rows, *book.keys]):
            known = book.keys.get(key_id)
            standing = self._standing(key_id, rows.get(key_id), book)
            told = (known.holder, known.role, known.entities, known.expires_on) if known else (None, None, None, None)
            yield ListedKey(str(key_id), standing, *told)

    def seal(self, *, actor: Actor) -> tuple[str, ...]:
        """Give rows from before MACs one, each held against its events: once. Raises Misconfigured the next time."""
        book = self._book()
        if book.closed:
            raise Misconfigured("the keys from before were sealed already; what is not sealed now never will be")
        rows = [row for row in self.access.keys() if row.mac is None]  # noqa: SIM118
        fit = [row for row in rows if book.awaits_seal(row.key_id) and _agrees(row, book.keys[row.key_id])]
        record_keys_sealed(self.log, self.clock, actor=actor, key_ids=[row.key_id for row in fit])
        for row in fit:
            self.access.replace_key(row)
        return tuple(row.key_id for row in fit)

    def _book(self) -> KeyBook:
        return KeyBook.of(self.log.stream(ACCESS_KEYS))

    def _standing(self, key_id: str, row: StoredKey | None, book: KeyBook) -> KeyStanding:
        known = book.keys.get(key_id)
        if row is None:
            return KeyStanding.MISSING if known and not known.revoked else KeyStanding.REVOKED
        if not self.access.wrote(row):
            if known is None:
                return KeyStanding.PLANTED
            if row.mac is not None or not book.awaits_seal(key_id):
                return KeyStanding.CHANGED
            return KeyStanding.REVOKED if known.revoked else KeyStanding.UNSEALED
        if known is None:
            return KeyStanding.UNFINISHED
        if row.revoked_at is not None:
            return KeyStanding.REVOKED
        if known.revoked:
            return KeyStanding.REVIVED
        if not _agrees(row, known):
            return KeyStanding.DIFFERENT
        return KeyStanding.EXPIRED if datetime.fromisoformat(row.expires_at) < self.clock.now() else KeyStanding.VALID


def _agrees(row: StoredKey, known: KeyOnRecord) -> bool:
    entities = json.dumps(None if known.entities is None else sorted(known.entities))
    said = (row.holder, row.role, row.entities, row.expires_at)
    return said == (known.holder, known.role, entities, _end_of(known.expires_on))


def _end_of(day: date) -> str:
    return datetime.combine(day, time.max, UTC).isoformat()
