"""The sections `[serve]` and `[oidc]` of the configuration: the HTTP API, and whose tokens it accepts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.config.section import Section


class ServeSection(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8321, ge=0, le=65_535)
    requests_per_minute: int = Field(default=600, ge=1)
    max_body_bytes: int = Field(default=65_536, ge=1)
    cors_origins: list[str] = []


class OidcSection(Section):
    issuer: str
    audience: str
    jwks_url: str
    algorithms: list[Literal["RS256", "PS256", "ES256", "EdDSA"]] = ["RS256"]
    subject_claim: str = "sub"
    roles_claim: str = "roles"
    entities_claim: str = "legal_entities"
