"""Makes the certificate of one event of a running log, at the head it has now (LOG-3)."""

from __future__ import annotations

from adapters.log.event_log import EventLog
from adapters.log.mapper import recorded
from adapters.log.proof.certificate import certificate
from domain.errors import NamesOthers, NotFound
from domain.log import warning_about
from domain.naming import people_named


def certify(log: EventLog, position: int, *, with_keys: bool, with_others: bool = False) -> dict[str, object]:
    """Ready for JSON; of a log that is known to be bad it says so first.

    `with_keys` adds what opens this event's values: who asks for it has recorded that (AUD-8).

    Signs a new head when there is something new; a head that covers the event and that a witness has cosigned already
    is taken before it. Raises NotFound for a position that the log, or the last head of one not believed, has not
    reached, and NamesOthers for an event that names several people unless they are asked for too.
    """
    rows = log.recorder.at([position])
    head = log.checkpoint()
    head = head and (log.witnessed(position + 1) or head)
    if not rows or head is None or head.size <= position:
        raise NotFound(f"the log has no event at position {position}")
    event = rows[0]
    named = people_named(recorded(event).fact)
    if named > 1 and not with_others:
        raise NamesOthers(
            f"event {position} names {named} people by their numbers, and its certificate would show all of them to "
            "whoever gets it; where that is meant, ask for it with the others"
        )
    keys = log.vault.field_keys(recorded(event)) if with_keys else ()
    openings = log.vault.openings(recorded(event)) if with_keys else ()
    with log.recorder.tree() as tree:
        made = certificate(event, tree, head, log.verifier, keys, openings)
    warning = warning_about(log)
    return {"warning": log.signed_warning(warning), **made} if warning else made
