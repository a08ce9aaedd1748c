"""What is configured before there is a complete configuration: enough to sign in and to look around."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from api.config.log import LogSection, resolved
from api.config.secrets import read_toml, with_secrets
from api.config.section import FileAndEnvironment, in_words
from api.config.settings import DEFAULT_FILE, one_line
from api.config.systems import LoketSection, PersonioSection
from domain.errors import Misconfigured


class FirstPersonio(PersonioSection):
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    attributes: dict[str, str] = Field(default_factory=dict)

    @field_validator("attributes")
    @classmethod
    def _gates_are_mapped(cls, value: dict[str, str]) -> dict[str, str]:
        return value  # not yet


class FirstLoket(LoketSection):
    client_id: str = ""


class FirstSettings(FileAndEnvironment):
    """As `api.config.settings.Settings`, with nothing required."""

    model_config = SettingsConfigDict(extra="ignore")

    log: LogSection = LogSection(url="sqlite:///var/tweeluik.db")
    personio: FirstPersonio = FirstPersonio()
    loket: FirstLoket = FirstLoket()


def configuration_path(path: Path | None) -> Path:
    return path or Path(os.environ.get("TWEELUIK_CONFIG") or DEFAULT_FILE)


def load_first(path: Path) -> FirstSettings:
    """What there is at `path`, if anything, with its secrets and the environment. Raises Misconfigured."""
    try:
        content = read_toml(path) if path.exists() else {}
    except (OSError, ValueError) as reason:
        raise Misconfigured(f"{path} cannot be read: {in_words(reason)}") from reason
    try:
        settings = FirstSettings(**with_secrets(content, path))
    except ValidationError as reason:
        raise Misconfigured(f"{path}: {one_line(reason)}") from None
    return settings.model_copy(update={"log": resolved(settings.log, path.resolve().parent)})
