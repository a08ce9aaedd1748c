"""Bearer tokens of an OpenID provider: signature, issuer, audience and times checked, algorithms pinned."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters import bounded
from adapters.outgoing import Outgoing
from adapters.transport import decode
from domain.access import Caller, Role
from domain.errors import Misconfigured, Unreachable
from domain.four_eyes import PROVIDER, named
from domain.values import Actor

ALLOWED: Final = ("RS256", "PS256", "ES256", "EdDSA")  # never a symmetric one, never none
_REFRESHED_EVERY: Final = 600.0  # seconds
_ASKED_AGAIN: Final = 30.0  # an unknown key id may be a new key; not more often than this
_DEADLINE: Final = 10.0  # seconds for the provider's keys
_LEEWAY: Final = 30  # seconds two clocks may differ
_MOST_ENTITIES: Final = 10_000  # characters of their names: they fit one event
_NO_KEYS: Final = "the identity provider's keys could not be read"


@dataclass(slots=True)
class Provider:
    """One issuer. `fetch` gives its key set as JSON; an argument so that tests need no provider."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    roles_claim: str
    entities_claim: str
    subject_claim: str
    fetch: Callable[[], Mapping[str, Any]]
    now: Callable[[], float] = time.time
    _keys: KeySet | None = None
    _fetched: float = field(default=-1e18)
    _failed: float = field(default=-1e18)
    _fetching: threading.Lock = field(default_factory=threading.Lock)

    def caller(self, token: str) -> Caller | None:
        """Whose token it is, with the first of its roles; None when anything about it is wrong. Raises Unreachable."""
        claims = self._claims(token)
        return None if claims is None else next(iter(self._callers(claims)), None)

    def signed_in(self, token: str, nonce: str) -> tuple[tuple[Caller, ...], datetime] | None:
        """Whose ID token it is, made for this sign-in and for us, once for each role, and when it ends.

        Raises Unreachable.
        """
        claims = self._claims(token)
        if claims is None:
            return None
        said, party, several = claims.get("nonce"), claims.get("azp"), isinstance(claims["aud"], list)
        ours = party == self.audience if party is not None else not several or len(claims["aud"]) == 1
        if not isinstance(said, str) or not said.isascii() or not hmac.compare_digest(said, nonce) or not ours:
            return None
        found, ends = self._callers(claims), bounded.moment(claims["exp"])
        return (found, ends) if found and ends is not None else None

    def _callers(self, claims: Mapping[str, Any]) -> tuple[Caller, ...]:
        subject, roles = claims.get(self.subject_claim), claims.get(self.roles_claim)
        named = [roles] if isinstance(roles, str) else roles if isinstance(roles, list) else []
        entities = claims.get(self.entities_claim)
        if not isinstance(subject, str) or not _is_name(subject) or not isinstance(entities, list):
            return ()
        seen = None if "*" in entities else frozenset(one for one in entities if isinstance(one, str))
        if not all(map(str.isprintable, seen or ())) or sum(map(len, seen or ())) > _MOST_ENTITIES:
            return ()
        return tuple(
            Caller(Actor(f"{PROVIDER}{subject}"), role, seen, self.issuer) for role in Role if role.value in named
        )

    def _claims(self, token: str) -> Mapping[str, Any] | None:
        for again in (False, True):
            keys = self._key_set(again=again)
            try:
                decoded = jwt.decode(token, keys, algorithms=list(self.algorithms))
                registry = jwt.JWTClaimsRegistry(
                    now=lambda: int(self.now()),
                    leeway=_LEEWAY,
                    iss={"essential": True, "value": self.issuer},
                    aud={"essential": True, "value": self.audience},
                    exp={"essential": True},
                )
                registry.validate(decoded.claims)
                if bounded.moment(decoded.claims["exp"]) is None:
                    return None
            except (
                JoseError,
                ValueError,
                ArithmeticError,
                LookupError,
                TypeError,
                RecursionError,
            ):  # nested without end
                if again or self.now() - self._fetched < _ASKED_AGAIN:
                    return None
                continue
            return decoded.claims
        return None

    def _key_set(self, *, again: bool) -> KeySet:
        """One asks for all, and after a failure nobody for a while: a provider that hangs must not hold up everyone."""
        with self._fetching:
            if self._keys is None or again or self.now() - self._fetched > _REFRESHED_EVERY:
                if self.now() - self._failed < _ASKED_AGAIN:
                    raise Unreachable(_NO_KEYS)
                try:
                    self._keys = KeySet.import_key_set(self.fetch())  # type: ignore[arg-type]
                except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as cause:
                    self._failed = self.now()
                    raise Unreachable(_NO_KEYS) from cause
                self._fetched = self.now()
            return self._keys


def _is_name(subject: str) -> bool:
    try:
        return named(subject) == subject
    except Misconfigured:
        return False


def fetched(url: str) -> Callable[[], Mapping[str, Any]]:
    """The key set at this address."""

    def fetch() -> Mapping[str, Any]:
        with Outgoing(timeout=5.0, deadline=_DEADLINE, most_bytes=1 << 20) as http:
            answer = http.get(url)
        keys = decode(answer.content)
        if not answer.is_success or not isinstance(keys, dict):
            raise ValueError("no key set")
        return keys

    return fetch
