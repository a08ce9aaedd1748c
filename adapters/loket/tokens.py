"""Loket's rotating tokens: each refresh ends the old refresh token, so the new one is stored before it is relied on."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import httpx

from adapters.transport import Answer, Reader
from domain.errors import IncompleteRead, Misconfigured, SignInNeeded

RENEW_BEFORE = 60.0  # seconds


class SecretStore(Protocol):
    """Keeps secrets encrypted and durable, shared by every process of this installation."""

    def secret(self, name: str) -> str | None: ...

    def store_secret(self, name: str, value: str) -> None:
        """Durable when it returns; raises when it is not, and then nothing goes on."""
        ...

    def refreshing(self, name: str) -> AbstractContextManager[None]:
        """Held by one thread of one process at a time."""
        ...


def secret_name(client_id: str, first_refresh_token: str) -> str:
    """Where the rotated token is kept: another name once another first token is configured."""
    digest = hashlib.sha256(f"{client_id}\0{first_refresh_token}".encode()).hexdigest()
    return f"loket_refresh_token_{digest[:16]}"


class LoketTokens:
    """The access token, in memory; the refresh token, in the secret store (Loket API 1)."""

    def __init__(
        self,
        http: httpx.Client,
        reader: Reader,
        token_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        secrets: SecretStore,
        monotonic: Callable[[], float],
    ) -> None:
        self._http = http
        self._reader = reader
        self._token_url = token_url
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._first = refresh_token
        self._secrets = secrets
        self._name = secret_name(client_id, refresh_token)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._access = ""
        self._good_until = 0.0

    def current(self) -> str:
        with self._lock:
            if not self._access or self._monotonic() >= self._good_until:
                self._refresh()
            return self._access

    def renewed(self, stale: str) -> str:
        with self._lock:
            if self._access == stale:
                self._refresh()
            return self._access

    def _refresh(self) -> None:
        with self._secrets.refreshing(self._name):
            used = self._stored()
            if not used:
                raise SignInNeeded("nobody has signed in to Loket yet: do it with `tweeluik login`")
            answer = self._ask(used)
            if _error(answer) == "invalid_grant" and (newer := self._stored()) != used:
                answer = self._ask(newer)  # someone who does not share our lock was quicker
            granted = _granted(answer)
            rotated = granted.get("refresh_token")
            if isinstance(rotated, str) and rotated:
                self._secrets.store_secret(self._name, rotated)
        lasts = granted.get("expires_in")
        lasts = float(lasts) if isinstance(lasts, int) else 3599.0
        self._access = str(granted["access_token"])
        self._good_until = self._monotonic() + max(lasts - RENEW_BEFORE, lasts / 2)

    def _stored(self) -> str:
        return self._secrets.secret(self._name) or self._first

    def _ask(self, refresh_token: str) -> Answer:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **self._client}
        return self._reader.send(self._http.build_request("POST", self._token_url, data=form))


def _granted(answer: Answer) -> dict[str, Any]:
    """The body of a grant. Raises SignInNeeded when only a person can help."""
    error = _error(answer)
    if error == "invalid_grant":
        raise SignInNeeded("Loket no longer accepts the refresh token: sign in again with `tweeluik login`")
    if not answer.ok:
        raise Misconfigured(
            f"Loket refuses to give a token (HTTP {answer.status}{f', {error}' if error else ''}): check client_id and "
            "client_secret in [loket]"
        )
    if not isinstance(answer.body, dict) or not isinstance(answer.body.get("access_token"), str):
        raise IncompleteRead("Loket's token endpoint gave no access token")
    return answer.body


def _error(answer: Answer) -> str:
    """The OAuth error word; nothing else of the answer is repeated."""
    word = answer.body.get("error") if not answer.ok and isinstance(answer.body, dict) else None
    return word if word in ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_request") else ""
