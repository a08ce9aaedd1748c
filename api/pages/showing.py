"""Whether one person's values are shown on their page now: because the log says that they are, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.pages.asking import PageAsking
from domain.access import Permission
from domain.events.custody import ValuesUnmasked

SHOWN: Final = "page"
"""What such a showing is called in the log."""

SHOWN_FOR: Final = timedelta(minutes=15)
COOKIE: Final = "tweeluik-shown"
_POSITION: Final = 19  # digits


@dataclass(frozen=True, slots=True)
class Showing:
    """A reason is on record at `position`; after `until` it is asked for again."""

    position: int
    since: datetime
    until: datetime
    reason: str


def showing_of(asking: PageAsking, entity: str, number: int) -> Showing | None:
    """The one that the browser names, if it is this caller's, of this session and this person, and not over."""
    place, _, digest = asking.request.cookies.get(COOKIE, "").partition(".")
    if digest != asking.session.row.digest or not (place.isascii() and place.isdigit() and len(place) < _POSITION):
        return None
    store = asking.web.store
    found = store.log.at([int(place)])
    if not found or not asking.caller.may(Permission.UNMASK):
        return None
    event = store.vault.opened(found)[0]
    fact, since = event.fact, event.meta.recorded_at
    if not isinstance(fact, ValuesUnmasked) or event.meta.actor != asking.caller.subject:
        return None
    about = (fact.what, fact.legal_entity, fact.employee_number)
    if about != (SHOWN, entity, number) or not since <= asking.now < since + SHOWN_FOR:
        return None
    return Showing(event.position, since, since + SHOWN_FOR, str(fact.reason))
