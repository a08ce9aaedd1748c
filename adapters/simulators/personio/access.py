"""Who may call the simulated Personio: tokens, scopes, rights and how often."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from adapters.simulators.personio.quirks import Quirks
from adapters.simulators.personio.wire import Refused

SCOPES = (
    "personio:persons:read",
    "personio:compensations:read",
    "personio:webhooks:read",
    "personio:webhooks:write",
)
TOKEN_LIFE = timedelta(hours=24)

_NEEDED = {  # right -> scope; which one legal entities and v1 attributes need is unknown (Personio API 2.4)
    "persons": "personio:persons:read",
    "employments": "personio:persons:read",
    "compensations": "personio:compensations:read",
    "webhooks": "personio:webhooks:read",
    "webhooks:write": "personio:webhooks:write",
    "legal-entities": None,
    "attributes": None,
    "employees": None,  # the people of v1
}


class WrongCredential(Exception):
    """A token request that is refused; `error` is the OAuth error."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Token:
    value: str
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(slots=True)
class RequestsPerMinute:
    """A limit with a penalty: once exceeded, one request per `spacing` seconds for a minute."""

    limit: int
    spacing: float
    _recent: deque[float] = field(default_factory=deque)
    _penalty_until: float = 0.0
    _last: float = 0.0

    def allow(self) -> bool:
        now = time.monotonic()
        if now < self._penalty_until:
            if now - self._last < self.spacing:
                return False
            self._last = now
            return True
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        if len(self._recent) >= self.limit:
            self._penalty_until, self._last = now + 60, now
            self._recent.clear()
            return False
        self._recent.append(now)
        return True


@dataclass(slots=True)
class Bucket:
    """The token bucket of one endpoint (Personio API 3.4)."""

    rate: float = 5_000
    capacity: int = 5_000
    _filled: float | None = None
    _at: float = 0.0

    def take(self) -> bool:
        now = time.monotonic()
        before = self.capacity if self._filled is None else self._filled
        self._filled = min(self.capacity, before + (now - self._at) * self.rate)
        self._at = now
        if self._filled < 1:
            return False
        self._filled -= 1
        return True

    def seconds_to_wait(self) -> int:
        return max(1, ceil((1 - (self._filled or 0.0)) / self.rate))

    def headers(self) -> dict[str, str]:
        return {
            "x-ratelimit-replenish-rate": f"{self.rate:g}",
            "x-ratelimit-burst-capacity": str(self.capacity),
            "x-ratelimit-requested-tokens": "1",
            "x-ratelimit-remaining": str(int(self.capacity if self._filled is None else self._filled)),
        }


@dataclass(slots=True)
class Access:
    """One API credential of the tenant and the tokens it was given."""

    client_id: str
    client_secret: str
    now: Callable[[], datetime]
    quirks: Quirks
    scopes: tuple[str, ...] = SCOPES
    withdrawn_rights: set[str] = field(default_factory=set)
    token_limit: RequestsPerMinute = field(default_factory=lambda: RequestsPerMinute(150, spacing=1.0))
    v1_token_limit: RequestsPerMinute = field(default_factory=lambda: RequestsPerMinute(60, spacing=60.0))
    buckets: dict[str, Bucket] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    _issued: int = 0

    def issue(self, client_id: str | None, client_secret: str | None, scope: str | None = None) -> Token:
        """A token for 24 hours, good for any number of calls and beside any other."""
        if (client_id, client_secret) != (self.client_id, self.client_secret):
            raise WrongCredential("invalid_client", "The client is unknown or its secret is wrong.")
        asked = tuple(scope.split()) if scope else self.scopes
        if not set(asked) <= set(self.scopes):
            raise WrongCredential("unauthorized_client", "The client may not ask for this scope.")
        self._issued += 1
        token = Token(f"papi-simulated-token-{self._issued:06}", asked, self.now() + TOKEN_LIFE)
        self.tokens[token.value] = token
        return token

    def require(self, authorization: str | None, right: str) -> None:
        """Refuses a dead token and a missing right in the same words, as the real one does (Personio API 3.3)."""
        kind, _, value = (authorization or "").partition(" ")
        token = self.tokens.get(value) if kind.lower() == "bearer" else None
        if token is None or token.expires_at <= self.now():
            raise Refused(401, "Unauthorized Request")
        needed = _NEEDED[right]
        if right in self.withdrawn_rights or (needed and needed not in token.scopes):
            raise Refused(self.quirks.missing_right_status, "Unauthorized Request")

    def bucket(self, endpoint: str) -> Bucket:
        return self.buckets.setdefault(endpoint, Bucket())
