"""Who may agree to what a run was stopped for: somebody else, as the domain counts people; and why it is not you."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.pages.asking import PageAsking
from domain.four_eyes import CONFIRMED_WITHIN, NamedBy, named_by
from domain.planning.brake import released_by
from domain.values import Actor, LegalEntityId, RunId


class Why(StrEnum):
    """Why somebody is not the second person."""

    SAME = "same"  # the name of whoever was stopped
    KINDS = "kinds"  # a key and the provider name people in ways that cannot be compared
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Runs that were stopped for the same thing: whose, until when somebody may agree, and why not this caller."""

    run: str
    by: tuple[str, ...]
    until: datetime | None
    why_not: Why | None
    named_by: NamedBy | None  # as the second person has to be named, too; None: whoever is a person is one

    @property
    def may(self) -> bool:
        return self.why_not is None


def stopped(asking: PageAsking, stops: Iterable[tuple[str, str, str]], fingerprint: str) -> Stopped | None:
    """`stops` are (run, fingerprint, whose) of what waits for somebody; None: nothing with this fingerprint does."""
    found = [one for one in stops if one[1] == fingerprint]
    if not found:
        return None
    caller = asking.caller.subject
    run = asking.web.store.views.runs.run(RunId(found[-1][0]))
    ended = run.ended_at if run else None
    may = released_by(found, fingerprint, caller, fingerprint) is not None
    until = ended + CONFIRMED_WITHIN if ended else None
    whose = tuple(dict.fromkeys(Actor(who) for _, _, who in found))
    kinds = {named_by(one) for one in whose}
    kind = kinds.pop() if len(kinds) == 1 and NamedBy.MACHINE not in kinds else None
    return Stopped(found[-1][0], whose, until, None if may else _why_not(caller, whose), kind)


def braked(asking: PageAsking, entity: str) -> tuple[tuple[str, str, str], ...]:
    of = LegalEntityId(entity)
    return tuple(asking.web.store.views.sync_state.braked([of], asking.now - CONFIRMED_WITHIN)[of])


def doubted(asking: PageAsking, entity: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(asking.web.store.views.sync_state.doubted(LegalEntityId(entity), asking.now - CONFIRMED_WITHIN))


def _why_not(caller: Actor, others: Iterable[Actor]) -> Why:
    if named_by(caller) is NamedBy.MACHINE:
        return Why.MACHINE
    return Why.SAME if any(named_by(one) is named_by(caller) for one in others) else Why.KINDS
