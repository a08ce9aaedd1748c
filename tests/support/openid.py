"""An OpenID provider: its published key, and the tokens it would give."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from adapters.access.tokens import Provider

ISSUER: Final = "https://login.example.org/"
AUDIENCE: Final = "tweeluik"
HELD: Final = RSAKey.generate_key(2048, {"kid": "1"})


def published(*keys: RSAKey) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(KeySet(list(keys)).as_dict(private=False)))
    return found


def provider(**more: Any) -> Provider:
    """The provider as configured; `more` replaces what a test is about."""
    return Provider(
        **{
            "issuer": ISSUER, "audience": AUDIENCE, "algorithms": ("RS256",), "roles_claim": "roles",
            "entities_claim": "legal_entities", "subject_claim": "sub", "fetch": lambda: published(HELD), **more,
        }
    )  # fmt: skip


@dataclass(frozen=True)
class Token:
    key: Any = None  # the one the provider publishes
    algorithm: str = "RS256"
    kid: str = "1"
    issuer: str = ISSUER
    audience: str = AUDIENCE
    subject: str = "anja@example.org"
    expires_in: int = 300
    roles: Any = ("auditor",)

    def text(self) -> str:
        claims = {
            "iss": self.issuer, "aud": self.audience, "sub": self.subject,
            "exp": int(time.time()) + self.expires_in,
            "roles": self.roles if isinstance(self.roles, str) else list(self.roles), "legal_entities": ["170"],
        }  # fmt: skip
        return jwt.encode(
            {"alg": self.algorithm, "kid": self.kid}, claims, self.key or HELD, algorithms=[self.algorithm]
        )
