"""The compensation start date on record: an earlier one widens what is overwritten, so it is confirmed (PAY-2)."""

from __future__ import annotations

from typing import Final

from domain.events.loket import CompensationStartDateMoved
from domain.services.journal import Journal
from domain.settings import Policy
from domain.streams import pay_stream

_WIDENED: Final = (
    "the compensation start date was moved from {before} back to {after}: pay from that day on would be overwritten in "
    "Loket; if that is meant, run: sync --confirm {words}"
)


def confirmation_of(policy: Policy) -> str:
    """The words that confirm an earlier start date."""
    return f"pay-from-{policy.entity.compensation_start_date}"


def start_date_moved(journal: Journal, policy: Policy, confirm: str | None) -> str | None:
    """Record a start date that is new; a message instead, when it is earlier than before and nobody confirmed it."""
    after = policy.entity.compensation_start_date
    if after is None:
        return None
    stream = pay_stream(policy.entity.personio_id)
    history = journal.tools.log.stream(stream)
    journal.knows(stream, len(history))
    dates = [one.fact.effective_on for one in history if isinstance(one.fact, CompensationStartDateMoved)]
    before = dates[-1] if dates else None
    if before == after:
        return None
    words = confirmation_of(policy)
    if before is not None and after < before and confirm != words:
        return _WIDENED.format(before=before, after=after, words=words)
    entity = policy.entity.personio_id
    moved = CompensationStartDateMoved(legal_entity=entity, before=before, effective_on=after, rule="PAY-2")
    journal.record((stream, [moved]))
    return None
