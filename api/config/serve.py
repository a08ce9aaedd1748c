"""The sections `[serve]`, `[pages]` and `[oidc]`: the HTTP API, the pages, and whose tokens are accepted."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from api.config.section import Section, SecureUrl

_BASE: Final = re.compile(r"(/[a-z0-9]+(-[a-z0-9]+)*)*")


class ServeSection(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8321, ge=0, le=65_535)
    requests_per_minute: int = Field(default=600, ge=1)
    max_body_bytes: int = Field(default=65_536, ge=1)
    max_connections: int = Field(default=512, ge=1)
    max_connections_per_address: int = Field(default=128, ge=1)
    trusted_proxies: list[str] = []
    cors_origins: list[str] = []

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        for each in value:
            try:
                ip_network(each)
            except ValueError:
                raise ValueError("a proxy is an address or a network, such as 10.0.0.5 or 10.0.0.0/24") from None
        return value


class PagesSection(Section):
    """The pages are served where this section is; `public_url` is where browsers find them.

    It is an origin, or a path below one where several installations share a host.
    """

    public_url: SecureUrl

    @field_validator("public_url")
    @classmethod
    def _is_an_origin_or_a_path_below_it(cls, value: str) -> str:
        parts = urlsplit(value)
        path = parts.path.rstrip("/")
        if not _BASE.fullmatch(path) or parts.query or parts.fragment or parts.username:
            raise ValueError(
                "the pages' address is the host and its port, and at most a path in small letters below it: "
                "https://tweeluik.example.org"
            )
        return f"{parts.scheme}://{parts.netloc.lower()}{path}"

    @property
    def base(self) -> str:
        """What every path begins with; empty at the root of a host."""
        return urlsplit(self.public_url).path

    @property
    def origin(self) -> str:
        return self.public_url.removesuffix(self.base) if self.base else self.public_url

    @property
    def host(self) -> str:
        """With its port, as a browser sends it."""
        return urlsplit(self.public_url).netloc


class OidcSection(Section):
    issuer: str
    audience: str
    jwks_url: SecureUrl
    algorithms: list[Literal["RS256", "PS256", "ES256", "EdDSA"]] = ["RS256"]
    subject_claim: str = "sub"
    roles_claim: str = "roles"
    entities_claim: str = "legal_entities"
    client_id: str | None = None
    client_secret: SecretStr = SecretStr("")
    authorize_url: SecureUrl | None = None
    token_url: SecureUrl | None = None

    @model_validator(mode="after")
    def _signs_in_or_does_not(self) -> OidcSection:
        told = [self.client_id is not None, self.authorize_url is not None, self.token_url is not None]
        if any(told) and not all(told):
            raise ValueError("signing in to the pages needs client_id, authorize_url and token_url together")
        return self
