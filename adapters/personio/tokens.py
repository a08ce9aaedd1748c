"""The Personio access token: one for all requests, fetched again shortly before it ends (Personio API 2.1)."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from adapters import bounded
from adapters.access_token import LONGEST_LIFE, AccessToken
from adapters.transport import Reader
from domain.errors import IncompleteRead, Misconfigured


class PersonioTokens(AccessToken):
    def __init__(
        self, http: httpx.Client, reader: Reader, client_id: str, client_secret: str, monotonic: Callable[[], float]
    ) -> None:
        super().__init__(monotonic)
        self._http = http
        self._reader = reader
        self._credential = {"client_id": client_id, "client_secret": client_secret}

    def _fetched(self) -> tuple[str, float]:
        form = {"grant_type": "client_credentials", **self._credential}
        answer = self._reader.send(self._http.build_request("POST", "/v2/auth/token", data=form))
        if not answer.ok:
            raise Misconfigured(f"Personio refuses the client id or secret (HTTP {answer.status}); check [personio]")
        body = answer.body if isinstance(answer.body, dict) else {}
        token, lasts = body.get("access_token"), bounded.number(body.get("expires_in"), 0.0, LONGEST_LIFE)
        if not isinstance(token, str) or not token:
            raise IncompleteRead("Personio's token endpoint gave no access token")
        return token, 86400.0 if lasts is None else lasts
