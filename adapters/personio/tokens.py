"""The Personio access token: one for all requests, fetched again shortly before it ends (Personio API 2.1)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx

from adapters.transport import Reader
from domain.errors import IncompleteRead, Misconfigured

RENEW_BEFORE = 60.0  # seconds


class PersonioTokens:
    def __init__(
        self, http: httpx.Client, reader: Reader, client_id: str, client_secret: str, monotonic: Callable[[], float]
    ) -> None:
        self._http = http
        self._reader = reader
        self._credential = {"client_id": client_id, "client_secret": client_secret}
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def current(self) -> str:
        with self._lock:
            if not self._token or self._monotonic() >= self._good_until:
                self._fetch()
            return self._token

    def renewed(self, stale: str) -> str:
        with self._lock:
            if self._token == stale:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        form = {"grant_type": "client_credentials", **self._credential}
        answer = self._reader.send(self._http.build_request("POST", "/v2/auth/token", data=form))
        if not answer.ok:
            raise Misconfigured(f"Personio refuses the client id or secret (HTTP {answer.status}); check [personio]")
        body = answer.body if isinstance(answer.body, dict) else {}
        token, lasts = body.get("access_token"), body.get("expires_in", 86400)
        if not isinstance(token, str) or not token:
            raise IncompleteRead("Personio's token endpoint gave no access token")
        lasts = float(lasts) if isinstance(lasts, int) else 86400.0
        self._token = token
        self._good_until = self._monotonic() + max(lasts - RENEW_BEFORE, lasts / 2)
