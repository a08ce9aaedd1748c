"""Signed in with a browser: a random secret in a cookie, of which only the hash is kept.

A session counts while its row is as we wrote it, its time is not up, the log does not say that it was ended, and what
it began with still counts: a key that was revoked ends every session that began with it, at once and on every server.
The log is asked once for both, and nothing is remembered.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from typing import Final, NamedTuple

from adapters.access.keys import PREFIX, AccessKeys
from adapters.access.sealed import SealedAccess
from adapters.access.store import Noted, StoredSession
from domain.access import Caller, KeyStanding, Role
from domain.errors import LogDamaged, LogNotBelieved, LogUnavailable
from domain.events.access import SignedInBy
from domain.grounds.readers import read_json
from domain.log import Log
from domain.ports import Clock
from domain.records.key_book import KeyBook
from domain.records.session_book import SessionBook
from domain.services.page_sessions import record_signed_in, record_signed_out
from domain.streams import ACCESS_KEYS, session_stream
from domain.values import Actor

LONGEST: Final = timedelta(hours=8)
IDLE: Final = timedelta(minutes=30)
SIGN_OUT: Final = "sign-out "
"""Begins the note of one that could not go on record yet, before the session's hash."""
LISTED: Final = 20
"""Of the places where somebody is signed in: a script that signs in for every request has hundreds."""
_SEEN_AGAIN: Final = timedelta(minutes=1)  # not every request is written down
LINK: Final = "link "
"""Begins the credential of a session that began with the one-time link of a server on this machine."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    row: StoredSession
    caller: Caller

    @property
    def language(self) -> str:
        return self.row.language

    @property
    def ends_at(self) -> datetime:
        return datetime.fromisoformat(self.row.ends_at)

    @property
    def names(self) -> Mapping[str, frozenset[int]]:
        """By legal entity, the numbers whose names are shown, the reason for which is on record."""
        return {entity: frozenset(numbers) for entity, numbers in dict(read_json(self.row.names)).items()}


class _OnRecord(NamedTuple):
    """What the log says of the sessions that are asked for, and of the keys they may have begun with."""

    keys: KeyBook
    sessions: SessionBook


@dataclass(frozen=True, slots=True)
class Sessions:
    """`link` is what the one-time links of this server make; a session of another server's link does not count.

    `tell` is called where somebody comes with a session whose row was edited, or came back.
    """

    access: SealedAccess
    keys: AccessKeys
    clock: Clock
    link: str | None = None
    tell: Callable[[], None] = lambda: None

    def begin(self, caller: Caller, *, language: str, until: datetime | None = None) -> str:
        """The secret for the cookie. `until` is when what they showed ends, if that is sooner than a session."""
        now, secret = self.clock.now(), secrets.token_urlsafe(32)
        self.access.forget_sessions(now.isoformat())
        ends = min(now + LONGEST, until or now + LONGEST)
        try:
            _signed_in(caller, _digest(secret), ends, self.keys.log, self.keys.clock)
        except LogNotBelieved:
            self._note(caller.subject, caller.role.value, caller.credential, "sign-in")
        entities = None if caller.entities is None else sorted(caller.entities)
        self.access.add_session(
            StoredSession(
                digest=_digest(secret), subject=caller.subject, role=caller.role.value, entities=json.dumps(entities),
                credential=caller.credential, created_at=now.isoformat(), ends_at=ends.isoformat(),
                seen_at=now.isoformat(), language=language, names="{}",
            )
        )  # fmt: skip
        return secret

    def session(self, secret: str) -> Session | None:
        """Whose it is, if it counts; seen now."""
        row = self.access.session(_digest(secret))
        if row is None or self.access.ended(row):
            return None
        now, record = self.clock.now(), self._record_of([row])
        if record.sessions.refusal(row.digest, written=self.access.wrote_session(row)):
            if not record.sessions.ending(row.digest, now):
                self.tell()
            return None
        if datetime.fromisoformat(row.ends_at) <= now:
            return None
        seen = datetime.fromisoformat(row.seen_at)
        caller = self._caller(row, partial(self.keys.caller_of, book=record.keys))
        if seen + IDLE <= now or caller is None:
            self.access.end_session(row.digest)
            return None
        if seen + _SEEN_AGAIN <= now:
            self.access.replace_session(row._replace(seen_at=now.isoformat()))  # if nobody did more than look
        return Session(row, caller)

    def newest(self, caller: Caller, *, here: str = "", most: int = LISTED) -> tuple[tuple[Session, ...], int]:
        """Where this person is signed in, `here` and then the newest first; and how many earlier ones there may be."""
        idle = self.clock.now() - IDLE
        ours = filter(self.access.wrote_session, self.access.sessions(caller.subject))
        rows = [one for one in ours if datetime.fromisoformat(one.seen_at) > idle]
        rows.sort(key=lambda one: (one.digest == here, one.created_at), reverse=True)
        found: list[Session] = []
        while len(found) < most and rows:  # those of a revoked key do not count, and are not in the way of others
            found += self._counting(rows[:most])
            rows = rows[most:]
        return tuple(found[:most]), max(0, len(found) - most) + len(rows)

    def of(self, caller: Caller) -> Iterator[Session]:
        """Everywhere this person is signed in."""
        yield from self._counting(self.access.sessions(caller.subject))

    def _counting(self, rows: Sequence[StoredSession]) -> Iterator[Session]:
        record = self._record_of(rows)
        caller_of = cache(partial(self.keys.caller_of, book=record.keys))  # most began with the same key
        for row in rows:
            refused = record.sessions.refusal(row.digest, written=self.access.wrote_session(row))
            if refused or self.access.ended(row):
                continue
            held = self._caller(row, caller_of)
            if held is not None and datetime.fromisoformat(row.ends_at) > self.clock.now():
                yield Session(row, held)

    def edited(self) -> Iterator[tuple[str, str]]:
        """What each session that is refused for what somebody did to its row is called, and why."""
        rows = self.access.every_session()
        sessions = self._record_of(rows).sessions
        for row in rows:
            refusal = sessions.refusal(str(row.digest), written=self.access.wrote_session(row))
            if refusal is not None and not sessions.ending(row.digest, self.clock.now()):
                yield session_stream(str(row.digest)), refusal.value

    def speaks(self, session: Session, language: str) -> None:
        self._changed(session, lambda row: row._replace(language=language))

    def shows_names(self, session: Session, entity: str, numbers: Collection[int]) -> None:
        """The names of these people of one legal entity from now on, and of nobody else there."""

        def shown(row: StoredSession) -> StoredSession:
            kept = {each: held for each, held in read_json(row.names).items() if each != entity}
            return row._replace(names=json.dumps(kept | ({entity: sorted(numbers)} if numbers else {})))

        self._changed(session, shown)

    def _changed(self, session: Session, change: Callable[[StoredSession], StoredSession]) -> None:
        """As it is now, whatever another request of the same browser does meanwhile; an ended one stays ended."""
        row: StoredSession | None = session.row
        while row is not None and not self.access.replace_session(change(row)):
            row = self.access.session(row.digest)
            if row is not None and not self.access.wrote_session(row):
                return

    def end_of(self, secret: str) -> None:
        """Of whoever comes with it; a row that we did not write stays for whoever looks for such rows."""
        row = self.access.session(_digest(secret))
        if row is not None and self.access.wrote_session(row):
            self.end(row)

    def end(self, row: StoredSession) -> None:
        """As whoever it belongs to wants it: at once, whatever the log's state; on record, if it had not ended."""
        if self.access.session(row.digest) is None:
            return
        self.access.ending(row)
        try:
            record_signed_out(self.keys.log, self.keys.clock, Actor(row.subject), digest=row.digest)
        except (LogDamaged, LogUnavailable):
            self._note(row.subject, row.role, row.credential, f"{SIGN_OUT}{row.digest}")
        finally:
            self.access.end_session(row.digest)

    def _note(self, subject: str, role: str, credential: str, what: str) -> None:
        """By the log's clock. Goes on record with what was read, once the log takes it."""
        self.access.note(Noted(self.keys.clock.now().isoformat(), subject, role, credential, what, "", None))

    def _record_of(self, rows: Sequence[StoredSession]) -> _OnRecord:
        """In one question, however many there are."""
        wanted = [ACCESS_KEYS] if any(str(row.credential).startswith(PREFIX) for row in rows) else []
        found = dict(self.keys.log.streams([*wanted, *(session_stream(str(row.digest)) for row in rows)]))
        return _OnRecord(KeyBook.of(found.pop(ACCESS_KEYS, ())), SessionBook.of(found))

    def _caller(self, row: StoredSession, caller_of: Callable[[str], Caller | KeyStanding]) -> Caller | None:
        """Who the row says it is, if what they began with still says so."""
        entities = read_json(row.entities)
        told = Caller(
            Actor(row.subject), Role(row.role), None if entities is None else frozenset(entities), row.credential
        )
        if row.credential.startswith(PREFIX):
            held = caller_of(row.credential)
            return None if isinstance(held, KeyStanding) or held != told else told
        if row.credential.startswith(LINK):
            return told if row.credential == f"{LINK}{self.link}" else None
        return told


def _signed_in(caller: Caller, digest: str, ends_at: datetime, log: Log, clock: Clock) -> None:
    credential, by = caller.credential, SignedInBy.PROVIDER
    if credential.startswith(PREFIX):
        by = SignedInBy.KEY
    elif credential.startswith(LINK):
        by, credential = SignedInBy.LINK, ""
    record_signed_in(log, clock, caller, digest=digest, by=by, credential=credential, ends_at=ends_at)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
