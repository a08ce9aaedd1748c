"""Alerts about the key store: rows that were not written by us, or came back, are told once each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from domain.alerts import AlertRecord, AlertTarget, Seen
from domain.errors import StreamMoved
from domain.events.alert import AlertKind, Condition, Happened
from domain.log import Log, Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import alert_stream
from domain.values import Actor, LegalEntityId

_EDITED: Final = AlertKind.KEY_STORE_EDITED
_STANDING: Final = "key-store"
_PASSING: Final = "key-store-rows"


@dataclass(frozen=True, slots=True)
class KeyStoreAlerts:
    """Tells of the installation's key store; whoever else tells at the same moment tells the same."""

    log: Log
    clock: Clock
    targets: Sequence[AlertTarget]

    def stands(self, refused: Iterable[tuple[str, str]]) -> None:
        """Everything that is refused now, as (what it is called, why): told when it begins, and when it is over."""
        found = frozenset(Condition(_EDITED, f"{name}/{why}", why) for name, why in refused)
        self._tell(_STANDING, Seen(frozenset({_EDITED}), found))

    def met(self, name: str, why: str) -> None:
        """One row that somebody ran into and that stays where it is: told once."""
        self._tell(_PASSING, Seen(frozenset(), frozenset({Condition(_EDITED, f"{name}/{why}", why)})))

    def dropped(self, count: int, what: str) -> None:
        """Rows that were told apart, and are gone now."""
        self._tell(_PASSING, Seen(frozenset(), happened=(Happened(_EDITED, count, (what,)),)))

    def _tell(self, source: str, seen: Seen) -> None:
        stream, now = alert_stream(LegalEntityId(""), source), self.clock.now()
        record = AlertRecord.of(self.log.stream(stream))
        facts = record.after(seen, now, source=source, entity="", about="key store", targets=self.targets)
        if not facts:
            return
        meta = Meta(recorded_at=now, actor=Actor("system"), correlation="key-store")
        with suppress(StreamMoved):  # another server has just told it
            self.log.append([StreamAppend(stream, record.next_version, [Pending(one) for one in facts])], meta=meta)
