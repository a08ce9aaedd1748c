"""What the HTTP API works with, and what it does beside answering: sealing heads and putting reading on record."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final, Protocol

from adapters.access.keys import AccessKeys
from adapters.access.sealed import SealedAccess
from adapters.access.sessions import SIGN_OUT, Sessions
from adapters.access.store import Noted
from adapters.hints.store import HintStore
from api.bootstrap import Store
from api.config.settings import Settings
from api.http.background_files import Making
from api.http.cursors import Cursors
from api.http.long_work import LongWork
from api.http.webhook_intake import Intake
from domain.access import Caller
from domain.errors import LogNotBelieved
from domain.events.access import Reading, RecordsRead
from domain.log import Checkpoint, Meta, Pending, StreamAppend
from domain.records.erasure_book import destroyed_keys
from domain.services.alerts.key_store import KeyStoreAlerts
from domain.services.journal import Tools
from domain.services.page_sessions import record_signed_out
from domain.streams import ERASURES, reading_stream
from domain.values import Actor

_READINGS: Final = 200  # in one event, which must fit one log entry


class Tokens(Protocol):
    """Whose bearer token it is; None when anything about it is wrong."""

    def caller(self, token: str) -> Caller | None: ...


@dataclass(slots=True)
class Web:
    settings: Settings
    store: Store
    access: SealedAccess
    provider: Tokens | None
    tools: Callable[[], AbstractContextManager[Tools]]
    runs: list[threading.Thread] = field(default_factory=list)
    hints: HintStore | None = None  # None: webhooks are off
    intake: Intake | None = None
    reports: Making = field(default_factory=Making)
    work: LongWork = field(init=False)

    def __post_init__(self) -> None:
        self.work = LongWork(self.access, self.store.clock, self.runs)

    @property
    def cursors(self) -> Cursors:
        return Cursors(self.store.vault)

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(one.personio_id for one in self.settings.legal_entity)

    @property
    def keys(self) -> AccessKeys:
        return AccessKeys(self.access, self.store.log, self.store.clock)

    @property
    def key_store_alerts(self) -> KeyStoreAlerts:
        return KeyStoreAlerts(self.store.log, self.store.clock, self.settings.alerts.alert_targets())

    def tell_edited_rows(self) -> None:
        """Raise an alert for keys and sessions whose rows were edited, and data keys of the erased that are back: once.

        Both are refused already. On a log that is not believed nothing can be told: it is, once it is believed.
        """
        log = self.store.log
        back = (
            (key, "key of an erased person") for key in sorted(log.vault.present(destroyed_keys(log.stream(ERASURES))))
        )
        sessions = Sessions(self.access, self.keys, self.store.clock)
        with suppress(LogNotBelieved):
            self.key_store_alerts.stands([*self.keys.edited(), *sessions.edited(), *back])

    def checkpoint(self) -> Checkpoint | None:
        """The newest signed head of the log, whichever process signed it."""
        return self.store.log.newest_head()

    def seal(self) -> Checkpoint | None:
        """Put reading on record, look at access keys and sessions, and sign a head when there is anything new.

        While the log is not believed, the notes of what was read wait.
        """
        with suppress(LogNotBelieved):
            self.store.log.believed()
            self.record_reading()
            self.tell_edited_rows()
        return self.sign()

    def sign(self) -> Checkpoint | None:
        return self.store.log.checkpoint()

    def record_reading(self) -> None:
        """Move the notes into the log, one fact a reader; a crash between the two repeats them, and loses none."""
        mark, notes, planted = self.access.take_notes()
        notes = [self._signed_out(one) if one.what.startswith(SIGN_OUT) else one for one in notes]
        ordered = sorted(notes, key=lambda one: (one.at[:7], one.reader, one.role, one.credential))
        for (month, reader, role, credential), theirs in groupby(ordered, key=lambda o: (o.at[:7], *o[1:4])):
            self._record(month, reader, role, credential, list(theirs))
        if planted:
            self.key_store_alerts.dropped(planted, "a noted reading")
        if notes or planted:
            self.access.forget_notes(mark)

    def _signed_out(self, note: Noted) -> Noted:
        """Of a session whose end could not go on record at the time."""
        digest = note.what.removeprefix(SIGN_OUT)
        record_signed_out(self.store.log, self.store.clock, Actor(note.reader), digest=digest)
        return note._replace(what=SIGN_OUT.strip())

    def _record(self, month: str, reader: str, role: str, credential: str, notes: list[Noted]) -> None:
        stream = reading_stream(month)
        since, until = (datetime.fromisoformat(pick(one.at for one in notes)) for pick in (min, max))
        facts = [
            RecordsRead(role=role, credential=credential, since=since, until=until, readings=part, rule="AUD-8")
            for part in _parts(notes)
        ]
        meta = Meta(recorded_at=self.store.clock.now(), actor=Actor(reader), correlation="reading")
        version = len(self.store.log.stream(stream))
        self.store.log.append([StreamAppend(stream, version, [Pending(fact) for fact in facts])], meta=meta)


def _parts(notes: list[Noted]) -> Iterable[tuple[Reading, ...]]:
    counted = Counter((one.what, one.legal_entity, one.employee_number) for one in notes)
    readings = [Reading(*asked, times) for asked, times in counted.items()]
    for start in range(0, len(readings), _READINGS):
        yield tuple(readings[start : start + _READINGS])
