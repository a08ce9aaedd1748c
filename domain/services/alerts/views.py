"""Alerts about views that cannot follow the log: told when one falls behind, and when it is at the head again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from domain.alerts import AlertRecord, AlertTarget, Seen
from domain.errors import StreamMoved
from domain.events.alert import AlertKind, Condition
from domain.log import Log, Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import alert_stream
from domain.values import Actor, LegalEntityId
from domain.views import View

ABOUT_VIEWS: Final = "views"
"""The source of what is raised about them."""


@dataclass(slots=True)
class ViewAlerts:
    """Tells of the installation's views. The log is read for it only when something is different from before."""

    log: Log
    clock: Clock
    targets: Sequence[AlertTarget]
    _told: frozenset[View] | None = None

    def stands(self, behind: Iterable[View]) -> None:
        """Those that are behind now; whoever else tells at the same moment tells the same."""
        views = frozenset(behind)
        if views == self._told:
            return
        stream, now = alert_stream(LegalEntityId(""), ABOUT_VIEWS), self.clock.now()
        record = AlertRecord.of(self.log.stream(stream))
        found = frozenset(Condition(AlertKind.VIEW_BEHIND, one, one) for one in views)
        seen = Seen(frozenset({AlertKind.VIEW_BEHIND}), found)
        facts = record.after(seen, now, source=ABOUT_VIEWS, entity="", about="views", targets=self.targets)
        if facts:
            meta = Meta(recorded_at=now, actor=Actor("system"), correlation="views")
            with suppress(StreamMoved):  # another server has just told it
                self.log.append([StreamAppend(stream, record.next_version, [Pending(one) for one in facts])], meta=meta)
        self._told = views
