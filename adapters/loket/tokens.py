"""Loket's rotating tokens: each refresh may end the old refresh token, so it is spent only where the next can be kept.

The store that has to keep the next one is open for writing before Loket is asked (RUN-9): a locked or full store costs
another attempt, never the sign-in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import httpx

from adapters import bounded
from adapters.access_token import LONGEST_LIFE, AccessToken
from adapters.transport import Answer, Reader
from domain.errors import IncompleteRead, LogUnavailable, Misconfigured, SignInNeeded

LONGEST_ANSWER = 10.0  # seconds: the store is held meanwhile, and others wait for it
LATEST_ATTEMPT = 15.0  # seconds after the first


class SecretStore(Protocol):
    """Keeps secrets encrypted and durable, shared by every process of this installation."""

    def secret(self, name: str) -> str | None: ...

    def store_secret(self, name: str, value: str) -> None:
        """Durable when it returns; raises when it is not, and then nothing goes on."""
        ...

    def replacing(self, name: str) -> AbstractContextManager[Callable[[str], None]]:
        """Held by one thread of one process at a time, with the store open for writing and room in it.

        Gives what stores the new secret, durably when it returns. Raises LogUnavailable where it cannot be written.
        """
        ...


def secret_name(client_id: str, first_refresh_token: str) -> str:
    """Where the rotated token is kept: another name once another first token is configured."""
    digest = hashlib.sha256(f"{client_id}\0{first_refresh_token}".encode()).hexdigest()
    return f"loket_refresh_token_{digest[:16]}"


class LoketTokens(AccessToken):
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
        super().__init__(monotonic)
        self._http = http
        self._reader = reader
        self._token_url = token_url
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._first = refresh_token
        self._secrets = secrets
        self._name = secret_name(client_id, refresh_token)
        self._unstored = ""  # a refresh token that only this process has

    def _fetched(self) -> tuple[str, float]:
        try:
            with self._secrets.replacing(self._name) as keep:
                granted = self._asked()
                rotated = granted.get("refresh_token")
                if isinstance(rotated, str) and rotated:
                    self._unstored = rotated
                    keep(rotated)
                    self._unstored = ""
        except LogUnavailable as cause:
            raise Misconfigured(_lost(cause) if self._unstored else _not_spent(cause)) from cause
        if not isinstance(granted.get("access_token"), str):
            raise IncompleteRead("Loket's token endpoint gave no access token")
        lasts = bounded.number(granted.get("expires_in"), 0.0, LONGEST_LIFE)
        return str(granted["access_token"]), 3599.0 if lasts is None else lasts

    def _asked(self) -> dict[str, Any]:
        """What Loket grants for the refresh token we have."""
        used = self._unstored or self._stored()
        if not used:
            raise SignInNeeded("nobody has signed in to Loket yet: do it with `tweeluik login`")
        answer = self._ask(used)
        if _error(answer) == "invalid_grant" and (newer := self._stored()) != used:
            answer = self._ask(newer)  # someone who does not share our lock was quicker
        return _granted(answer)

    def _stored(self) -> str:
        return self._secrets.secret(self._name) or self._first

    def _ask(self, refresh_token: str) -> Answer:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **self._client}
        longest = min(self._http.timeout.read or LONGEST_ANSWER, LONGEST_ANSWER)
        request = self._http.build_request("POST", self._token_url, data=form, timeout=longest)
        return self._reader.send(request, budget=LATEST_ATTEMPT)


def _granted(answer: Answer) -> dict[str, Any]:
    """The body of a grant, which may lack what it is asked for. Raises SignInNeeded when only a person can help."""
    error = _error(answer)
    if error == "invalid_grant":
        raise SignInNeeded("Loket no longer accepts the refresh token: sign in again with `tweeluik login`")
    if not answer.ok:
        raise Misconfigured(
            f"Loket refuses to give a token (HTTP {answer.status}{f', {error}' if error else ''}): check client_id and "
            "client_secret in [loket]"
        )
    if not isinstance(answer.body, dict):
        raise IncompleteRead("Loket's token endpoint gave no access token")
    return answer.body


def _not_spent(cause: LogUnavailable) -> str:
    return f"{cause}; it has to keep Loket's next refresh token, so Loket was not asked for one: run again"


def _lost(cause: LogUnavailable) -> str:
    return f"{cause}, after Loket gave a new refresh token: if runs are refused now, sign in with `tweeluik login`"


def _error(answer: Answer) -> str:
    """The OAuth error word; nothing else of the answer is repeated."""
    word = answer.body.get("error") if not answer.ok and isinstance(answer.body, dict) else None
    return word if word in ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_request") else ""
