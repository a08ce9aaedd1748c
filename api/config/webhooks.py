"""The section `[personio.webhooks]` of the configuration."""

from __future__ import annotations

from typing import Final

from pydantic import SecretStr, model_validator

from api.config.section import Section

PATH: Final = "/webhooks/personio"
_SHORTEST: Final = 16  # characters: whoever guesses the token can make us read, though never write


class WebhooksSection(Section):
    """Off unless it says enabled; then with an address that Personio reaches and a token that it shows."""

    enabled: bool = False
    public_url: str = ""
    token: SecretStr = SecretStr("")
    previous_token: SecretStr = SecretStr("")

    @property
    def address(self) -> str:
        """Where Personio is to deliver."""
        return self.public_url.rstrip("/") + PATH

    @property
    def tokens(self) -> tuple[str, ...]:
        """What a delivery may show: the token of now, and the one before it while Personio changes over."""
        told = (one.get_secret_value() for one in (self.token, self.previous_token))
        return tuple(one for one in told if one)

    @model_validator(mode="after")
    def _is_whole(self) -> WebhooksSection:
        if not self.enabled:
            return self
        if not self.public_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("public_url must be the https address that Personio reaches")
        for name, secret in (("token", self.token), ("previous_token", self.previous_token)):
            told = secret.get_secret_value()
            if len(told) < _SHORTEST and (told or name == "token"):
                raise ValueError(f"{name} must have {_SHORTEST} characters or more, such as: openssl rand -hex 32")
        return self
