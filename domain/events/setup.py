"""The facts of first contact; their stored names stand in `domain.events.catalogue` with all the others.

Sign-ins and webhooks: stream `custody`. Examinations of a tenant: stream `examination:<legal entity>`. What everybody
is judged by: stream `policy:<legal entity>`.
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


class PolicyApplied(Fact, frozen=True, kw_only=True):
    """From here on runs, checks and validations judge by these settings, until the next such event (AUD-10).

    Recorded once for each change, before whatever is judged by it first. No secret and no personal value is in them.
    """

    legal_entity: str
    digest: str  # SHA-256 of `policy`, which runs, checks and validations name
    policy: str  # JSON of the settings, with the names in order
    product: str  # the version of Tweeluik that judges


class WebhookRegistered(Fact, frozen=True, kw_only=True):
    """Personio was told to deliver its events to this address, or told again (RUN-9). The token is nowhere."""

    webhook: str
    url: str
    events: tuple[str, ...]


class WebhookRemoved(Fact, frozen=True, kw_only=True):
    """Personio was told to deliver nothing to this address any more."""

    url: str
