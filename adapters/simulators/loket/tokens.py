"""Loket's sign-in: access tokens that expire, refresh tokens that are replaced at every use, or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

LIFETIME = timedelta(seconds=3599)


class Rotation(StrEnum):
    """What becomes of a refresh token that was used; clients in production lived with each of these."""

    ENFORCED = "enforced"  # replaced, and refused from then on
    LENIENT = "lenient"  # a new one is given each time, the old ones stay good
    NONE = "none"  # no new one is given


class GrantRefused(Exception):
    """The token endpoint says no; the text is the OAuth error code."""


@dataclass(slots=True)
class Tokens:
    """`refresh_token` is the newest valid one; older ones are refused where rotation is enforced."""

    now: Callable[[], datetime]
    new_secret: Callable[[str], str]
    client_id: str = "loket-client"
    client_secret: str = "loket-secret"  # noqa: S105 (an invented one)
    refresh_token: str = "refresh-0"  # noqa: S105
    rotation: Rotation = Rotation.ENFORCED
    _outdated: set[str] = field(default_factory=set)
    _codes: dict[str, str | None] = field(default_factory=dict)
    _access: dict[str, datetime] = field(default_factory=dict)

    def grant(self, form: Mapping[str, str]) -> dict[str, object]:
        """The answer of the token endpoint to a form."""
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            raise GrantRefused("invalid_client")
        match form.get("grant_type"):
            case "refresh_token":
                if not self._is_good(form.get("refresh_token", "")):
                    raise GrantRefused("invalid_grant")
            case "authorization_code":
                code = form.get("code", "")
                if code not in self._codes or self._codes[code] not in (None, form.get("redirect_uri")):
                    raise GrantRefused("invalid_grant")
                del self._codes[code]
            case _:
                raise GrantRefused("unsupported_grant_type")
        return {
            "access_token": self.issue_access_token(),
            "token_type": "bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            **self._rotated(signing_in=form.get("grant_type") == "authorization_code"),
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
        self._outdated.clear()

    def _is_good(self, refresh_token: str) -> bool:
        lenient = self.rotation is not Rotation.ENFORCED and refresh_token in self._outdated
        return refresh_token == self.refresh_token or lenient

    def _rotated(self, *, signing_in: bool) -> dict[str, object]:
        if self.rotation is Rotation.NONE and not signing_in:
            return {}
        self._outdated.add(self.refresh_token)
        self.refresh_token = self.new_secret("refresh")
        return {"refresh_token": self.refresh_token}
