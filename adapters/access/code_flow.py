"""Signing in at an OpenID provider: the authorization code flow with PKCE, by Authlib over our own HTTP client."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from adapters.access.tokens import Provider
from adapters.outgoing import Outgoing
from adapters.transport import decode
from domain.access import Caller
from domain.errors import Unreachable

Post = Callable[[str, Mapping[str, str], str], httpx.Response]
"""Called as post(address, headers, body)."""

_DEADLINE: Final = 10.0  # seconds for the provider's answer
_MOST: Final = 1 << 18  # bytes of it
_TOLD: Final = ("id_token", "access_token", "token_type", "error")


@dataclass(frozen=True, slots=True)
class Begun:
    """What has to be known again when the browser comes back. `state` and `nonce` tie the answer to this browser."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class CodeFlow:
    """One client of one provider. `provider` checks the ID token, whose audience is the client."""

    client_id: str
    client_secret: str
    authorize_url: str
    token_url: str
    redirect_uri: str
    provider: Provider
    post: Post

    def begin(self) -> tuple[str, Begun]:
        """Where to send the browser."""
        begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        address, _ = self._client().create_authorization_url(
            self.authorize_url, state=begun.state, code_verifier=begun.verifier, nonce=begun.nonce
        )
        return str(address), begun

    def end(self, begun: Begun, came_back_to: str) -> tuple[tuple[Caller, ...], datetime] | None:
        """Who signed in, once for each role they have, and until when their token counts.

        None when anything is wrong with it. Raises Unreachable.
        """
        if "code" not in parse_qs(urlsplit(came_back_to).query):
            return None
        try:
            token = self._client().fetch_token(
                self.token_url, authorization_response=came_back_to, state=begun.state, code_verifier=begun.verifier
            )
        except AuthlibBaseError:
            return None
        except (httpx.HTTPError, ValueError) as cause:
            raise Unreachable("the identity provider did not answer") from cause
        identity = token.get("id_token")
        return self.provider.signed_in(identity, begun.nonce) if isinstance(identity, str) else None

    def _client(self) -> Any:
        return OAuth2Client(
            _Session(self.post), client_id=self.client_id, client_secret=self.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
            scope="openid", redirect_uri=self.redirect_uri, code_challenge_method="S256",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Session:
    """What Authlib sends through. Of the answer it sees what is needed of it, which is text. Raises ValueError."""

    sends: Post

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> httpx.Response:
        address, prepared, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        answer = self.sends(address, prepared, body)
        told = decode(answer.content)
        if not isinstance(told, dict):
            raise ValueError("no answer of a token endpoint")
        texts = {name: told[name] for name in _TOLD if isinstance(told.get(name), str)}
        return httpx.Response(answer.status_code, json=texts, request=httpx.Request("POST", url))


def posted(url: str, headers: Mapping[str, str], body: str) -> httpx.Response:
    """Over the network."""
    with Outgoing(timeout=5.0, deadline=_DEADLINE, most_bytes=_MOST) as http:
        return http.post(url, content=body, headers=dict(headers))
