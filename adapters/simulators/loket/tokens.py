"""Loket's sign-in: access tokens that expire, refresh tokens that are replaced at every use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(seconds=3599)


class GrantRefused(Exception):
    """The token endpoint says no; the text is the OAuth error code."""


@dataclass(slots=True)
class Tokens:
    """`refresh_token` is the newest valid one; older ones are refused."""

    now: Callable[[], datetime]
    new_secret: Callable[[str], str]
    client_id: str = "loket-client"
    client_secret: str = "loket-secret"  # noqa: S105 (an invented one)
    refresh_token: str = "refresh-0"  # noqa: S105
    _codes: dict[str, str | None] = field(default_factory=dict)
    _access: dict[str, datetime] = field(default_factory=dict)

    def grant(self, form: Mapping[str, str]) -> dict[str, object]:
        """The answer of the token endpoint to a form."""
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            raise GrantRefused("invalid_client")
        match form.get("grant_type"):
            case "refresh_token":
                if form.get("refresh_token") != self.refresh_token:
                    raise GrantRefused("invalid_grant")
            case "authorization_code":
                code = form.get("code", "")
                if code not in self._codes or self._codes[code] not in (None, form.get("redirect_uri")):
                    raise GrantRefused("invalid_grant")
                del self._codes[code]
            case _:
                raise GrantRefused("unsupported_grant_type")
        self.refresh_token = self.new_secret("refresh")
        return {
            "access_token": self.issue_access_token(),
            "token_type": "bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "refresh_token": self.refresh_token,
            "two_factor_state": "None",
        }

    def issue_code(self, redirect_uri: str | None = None) -> str:
        """An authorization code as the sign-in page would hand out, good for one use."""
        code = self.new_secret("code")
        self._codes[code] = redirect_uri
        return code

    def issue_access_token(self) -> str:
        token = self.new_secret("access")
        self._access[token] = self.now() + LIFETIME
        return token

    def accepts(self, authorization: str | None) -> bool:
        kind, _, token = (authorization or "").partition(" ")
        expires = self._access.get(token)
        return kind.lower() == "bearer" and expires is not None and self.now() < expires

    def expire_access_tokens(self) -> None:
        self._access.clear()

    def revoke_refresh_token(self) -> None:
        """From now on a person has to sign in again."""
        self.refresh_token = self.new_secret("unknown")
