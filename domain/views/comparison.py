"""Are the two systems the same for one employee? Told from what was recorded of each field; no value is opened for it.

What the events say is folded in `domain.views.evidence`. Blanks are not sealed, so that they speak for themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.drift.pay import goes_with_pay
from domain.events.loket import LinkState
from domain.log import Recorded
from domain.values import BLANK, NOT_OBSERVED, FieldPath, LegalEntityId
from domain.views.employee_state import Value, state
from domain.views.evidence import KEYS, NOT_IN_CONCEPTS, Cause, Evidence, Look, plain
from domain.views.evidence import Step as Step


class Standing(StrEnum):
    """How a field stands between the two systems, as of the last run or check that looked."""

    EQUAL = "equal"
    DIFFERS = "differs"
    ONLY_PERSONIO = "only_personio"
    ONLY_LOKET = "only_loket"
    LINK = "link"  # says which employment it is about: read and held against, never written
    NOT_COMPARED = "not_compared"  # not known: nobody has held the two against each other since, or one is not shown


@dataclass(frozen=True, slots=True)
class Compared:
    """One field; `since` is the position of the event that says so, None where nothing does.

    Of a field that differs and has no value nobody recorded one: of whoever takes no part none is kept.
    """

    field: str
    standing: Standing
    since: int | None
    personio: Value | None
    loket: Value | None
    causes: tuple[Cause, ...] = ()


def compare(
    events: Sequence[Recorded],
    *,
    as_at: datetime,
    on: date,
    entity: LegalEntityId | None = None,
    look: Look | None = None,
    away: int | None = None,
) -> tuple[Compared, ...]:
    """Every field that either system showed by `as_at`, by its path; values are those that held on the day `on`.

    `look` is the last drift check of the legal entity that was completed by then, `away` the event after which nobody
    had the number there any more.
    """
    told = _told([one for one in events if one.meta.recorded_at <= as_at], entity, look)
    if away is not None:
        told.goes_away(away)
    values: dict[tuple[str, str], Value] = {}
    for one in state(events, as_at=as_at, on=on):
        known = values.get((one.system, plain(one.field)))
        if known is None or known.since <= one.since:
            values[one.system, plain(one.field)] = one
    names = sorted({name for _, name in values} | told.by_hand.keys())
    return tuple(_compared(name, values.get(("personio", name)), values.get(("loket", name)), told) for name in names)


def _told(events: Sequence[Recorded], entity: LegalEntityId | None, look: Look | None) -> Evidence:
    told, looked = Evidence(entity), look is None
    for event in events:
        if look is not None and not looked and event.position > look.position:
            told.look(look)
            looked = True
        told.hear(event)
    if look is not None and not looked:
        told.look(look)
    return told


def _compared(name: str, ours: Value | None, theirs: Value | None, told: Evidence) -> Compared:
    if name in told.by_hand:
        return Compared(name, Standing.DIFFERS, told.by_hand[name], None, None)
    standing, since = _standing(name, ours, theirs, told)
    return Compared(name, standing, since, ours, theirs, told.causes.get(name, ()))


def _standing(name: str, ours: Value | None, theirs: Value | None, told: Evidence) -> tuple[Standing, int | None]:
    newest = max(one.position for one in (ours, theirs) if one is not None)
    if name in KEYS:
        return Standing.LINK, newest
    if told.out is not None:
        return Standing.NOT_COMPARED, told.out
    if name in told.hidden or name in told.unread:
        return Standing.NOT_COMPARED, told.hidden.get(name) or told.unread.get(name)
    if NOT_OBSERVED in (getattr(ours, "value", None), getattr(theirs, "value", None)):
        return Standing.NOT_COMPARED, newest
    if told.link is LinkState.NOT_VISIBLE or told.unsettled:
        return Standing.NOT_COMPARED, told.linked_at
    if told.being_written is not None:
        return Standing.NOT_COMPARED, told.being_written
    if ours is None or theirs is None:
        return _one_sided(name, newest, told, in_personio=ours is not None)
    blanks = (ours.value is BLANK, theirs.value is BLANK)
    if any(blanks) and name not in told.stale and not goes_with_pay(FieldPath(name)):
        since = told.known[name].since if name in told.known else newest
        return (Standing.EQUAL if all(blanks) else Standing.DIFFERS), since
    return _by_evidence(name, told)


def _one_sided(name: str, newest: int, told: Evidence, *, in_personio: bool) -> tuple[Standing, int | None]:
    """What is recorded of one side only need not be in one system only: that is said where Loket cannot hold it."""
    if in_personio and (told.nowhere or (told.link is LinkState.CONCEPT and name in NOT_IN_CONCEPTS)):
        return Standing.ONLY_PERSONIO, newest
    if not in_personio and name in told.only_loket:
        return Standing.ONLY_LOKET, newest
    if goes_with_pay(FieldPath(name)):
        return _by_evidence(name, told)
    return Standing.NOT_COMPARED, None


def _by_evidence(name: str, told: Evidence) -> tuple[Standing, int | None]:
    known = told.known.get(name)
    if known is None or known.same is None:
        return Standing.NOT_COMPARED, known.since if known else None
    return (Standing.EQUAL if known.same else Standing.DIFFERS), known.since
