"""Between two drift checks: ask Loket how far its data is, and check a legal entity only where that moved.

A hint, no promise: concepts and payroll period data do not move the number, so the planned checks stay the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from domain.errors import RunAlreadyInProgress
from domain.events.schedule import LoketVersionSeen
from domain.log import Fence, Meta, Pending, StreamAppend, StreamId
from domain.services.journal import Tools
from domain.settings import LegalEntity
from domain.values import Actor, LegalEntityId, RunId

POLLING: Final = Actor("schedule:loket_poll")


class LoketVersions(Protocol):
    def newest_version(self, entity: LegalEntity) -> int | None:
        """The highest version number of any employment of the employer; None when Loket does not tell."""
        ...


def follow_loket(
    entity: LegalEntity, tools: Tools, versions: LoketVersions, check: Callable[[], RunId]
) -> RunId | None:
    """Check the entity if Loket's data moved since it was last followed; the check's id, or None.

    The number is put on record after the check: a check that fails, or a crash, is followed by another one.
    Raises what `check` raises, and ReadFailed or Misconfigured.
    """
    stream = StreamId(f"schedule:{entity.personio_id}:loket_poll")
    try:
        with tools.claims.claim(LegalEntityId(stream), RunId("poll")) as claim:
            tools.views.catch_up()
            last = tools.views.schedule.version(entity.personio_id)
            newest = versions.newest_version(entity)
            if newest is None or (last is not None and newest == last.version):
                return None
            checked = check() if last is not None else RunId("")
            version = last.next_version if last is not None else 0
            seen = LoketVersionSeen(legal_entity=entity.personio_id, version=newest, reference=checked)
            _record(tools, stream, version, seen, claim.fence)
            return checked or None
    except RunAlreadyInProgress:
        return None  # somebody else is looking; the next time tells


def _record(tools: Tools, stream: StreamId, version: int, fact: LoketVersionSeen, fence: Fence) -> None:
    meta = Meta(recorded_at=tools.clock.now(), actor=POLLING, correlation=fact.reference or "loket_poll")
    tools.log.append([StreamAppend(stream, version, [Pending(fact)])], meta=meta, fence=fence)
