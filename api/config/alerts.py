"""The configuration of alerts: whom to tell what."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from standardwebhooks import Webhook

from adapters.alerts.mail_and_chat import SCHEMAS
from api.config.section import Section
from domain.alerts import AlertTarget
from domain.events.alert import AlertKind
from domain.values import LegalEntityId

WEB: Final = ("https", "http")


class TargetSection(Section):
    url: SecretStr
    secret: SecretStr | None = None
    legal_entities: list[str] = []
    kinds: list[AlertKind] = []
    language: Literal["nl", "en"] = "en"

    @field_validator("legal_entities", "kinds")
    @classmethod
    def _name_something(cls, given: list[str]) -> list[str]:
        if not given:
            raise ValueError("an empty list names nothing; leave it out where all are meant")
        return given

    @model_validator(mode="after")
    def _can_be_reached(self) -> TargetSection:
        url = self.url.get_secret_value()
        schema = url.partition("://")[0].lower()
        if schema in WEB:
            if not _names_a_host(url):
                raise ValueError("the url names a host or port that cannot be one")
            if self.secret is None:
                raise ValueError("a webhook needs a secret (whsec_ and 24 to 64 random bytes in base64)")
            try:
                Webhook(self.secret.get_secret_value())
            except Exception:  # noqa: BLE001  of several kinds, and none may quote the secret
                raise ValueError("the webhook's secret is not valid: whsec_ and random bytes in base64") from None
        elif schema not in SCHEMAS:
            raise ValueError(f"the url must begin with https (a webhook) or one of: {', '.join(sorted(SCHEMAS))}")
        return self


def _names_a_host(url: str) -> bool:
    """Whether there can be a host of this name, in however many letters."""
    try:
        at = urlsplit(url)
        return at.port != 0 and bool((at.hostname or "").encode("idna"))
    except ValueError:  # UnicodeError is one: a part of the name is empty, or too long
        return False


class AlertsSection(Section):
    link_base: str = ""
    private_hosts: list[str] = []
    tasks_open_days: int = Field(default=7, ge=0, le=365)
    targets: dict[str, TargetSection] = {}

    @model_validator(mode="after")
    def _webhooks_are_encrypted(self) -> AlertsSection:
        """Without TLS only to a host that is named as private."""
        for name, one in self.targets.items():
            address = urlsplit(one.url.get_secret_value())
            if address.scheme.lower() == "http" and (address.hostname or "") not in self.private_hosts:
                raise ValueError(f"alerts.targets.{name}: a webhook outside alerts.private_hosts needs https")
        return self

    def alert_targets(self) -> tuple[AlertTarget, ...]:
        return tuple(
            AlertTarget(name, frozenset(map(LegalEntityId, one.legal_entities)), frozenset(one.kinds), one.language)
            for name, one in sorted(self.targets.items())
        )
