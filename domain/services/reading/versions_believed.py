"""Whether Loket's version numbers are believed: not after a change that moved none, until a person says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.errors import Misconfigured, NotFound
from domain.events.alert import AlertKind
from domain.events.loket_versions import UncountedChange, VersionsDoubted, VersionsTrusted
from domain.services.alerts.raised import Alerts, record_told, stands
from domain.services.journal import Journal
from domain.services.reading.observe import Observation
from domain.services.reading.unread import doubted_since
from domain.settings import Policy
from domain.streams import versions_stream
from domain.values import RunId, trimmed

SOURCE: Final = "loket_versions"
_MOST: Final = 100


def doubt_versions(journal: Journal, policy: Policy, observation: Observation) -> None:
    """On record and told, where this read proves it: from now on everybody is read every time (RUN-15)."""
    last, found = observation.asked.last, observation.disproved
    if last is None or last.version is None or not found:
        return
    entity = policy.entity.personio_id
    doubted = VersionsDoubted(
        legal_entity=entity,
        since=last.run,
        version=last.version,
        changes=tuple(UncountedChange(number, path) for number, path in found[:_MOST]),
        total=len(found),
        rule="RUN-15",
    )
    stream = versions_stream(entity)
    fields = ", ".join(sorted({path for _, path in found}))
    journal.knows(stream, len(journal.tools.log.stream(stream)))
    record_told(journal, stream, [doubted], _alerts(journal, policy, fields))


def trust_versions(policy: Policy, journal: Journal, *, reason: str) -> None:
    """Loket's version numbers decide again whom to read.

    Raises Misconfigured without a reason, NotFound where they are trusted, and RunAlreadyInProgress.
    """
    tools, entity = journal.tools, policy.entity.personio_id
    if not trimmed(reason):
        raise Misconfigured("give a reason with --reason: it is kept with your decision")
    with tools.claims.claim(entity, RunId(journal.correlation)) as claim:
        journal.hold(claim)
        if doubted_since(tools, entity) is None:
            raise NotFound(f"Loket's version numbers were not found wrong for legal entity {entity}")
        stream = versions_stream(entity)
        trusted = VersionsTrusted(legal_entity=entity, reason=trimmed(reason), rule="RUN-15")
        journal.knows(stream, len(tools.log.stream(stream)))
        record_told(journal, stream, [trusted], _alerts(journal, policy, None))
        tools.log.checkpoint()
        tools.views.catch_up()


def _alerts(journal: Journal, policy: Policy, fields: str | None) -> Callable[[], Alerts]:
    """That they are wrong about these fields; None: about none any more."""
    entity, targets = policy.entity.personio_id, policy.alert_targets
    return lambda: stands(journal, entity, SOURCE, AlertKind.LOKET_VERSIONS, fields, targets)
