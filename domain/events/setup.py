"""The facts of first contact; their stored names stand in `domain.events.catalogue` with all the others.

Sign-ins and webhooks: stream `custody`. Examinations of a tenant: stream `examination:<legal entity>`.
No personal values.
"""

from __future__ import annotations

import msgspec

from domain.log import Fact


class LoketSignedIn(Fact, frozen=True, kw_only=True):
    """Someone signed in to Loket; the token that came of it is in the key store, encrypted (RUN-9)."""

    client_id: str


class CheckResult(msgspec.Struct, frozen=True):
    """One line of an examination, in the words of `domain.services.setup.examine`."""

    check: str
    verdict: str
    told: str


class TenantExamined(Fact, frozen=True, kw_only=True):
    """What was seen of both systems' setup, counts and field names only (RUN-9)."""

    legal_entity: str
    results: tuple[CheckResult, ...]


class WebhookRegistered(Fact, frozen=True, kw_only=True):
    """Personio was told to deliver its events to this address, or told again (RUN-9). The token is nowhere."""

    webhook: str
    url: str
    events: tuple[str, ...]


class WebhookRemoved(Fact, frozen=True, kw_only=True):
    """Personio was told to deliver nothing to this address any more."""

    url: str
