"""What every section of the configuration, and every whole of them, has in common."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from domain.values import trimmed, unseen_after

PREFIX: Final = "TWEELUIK_"


class Section(BaseModel):
    """A key that is not known is refused, and nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_it_is_seen(cls, told: Any) -> Any:
        """Texts are pasted with white space around them, and with characters that nobody would find in the file."""
        return _seen(told)


def _seen(told: Any) -> Any:
    match told:
        case str():
            if unseen_after(" ".join(told.split())) is not None:
                raise ValueError("a character in it cannot be seen: type it anew")
            return trimmed(told)
        case list():
            return [_seen(each) for each in told]
        case dict():
            return {key: _seen(each) for key, each in told.items()}
        case _:
            return told


def _as_loket_writes_it(typed: str) -> str:
    """Loket's ids are GUIDs in small letters; a person may have copied one in capitals, in braces or with spaces."""
    try:
        return str(UUID(typed.strip()))
    except ValueError:
        return typed


Guid = Annotated[str, AfterValidator(_as_loket_writes_it)]


def _nobody_reads_along(url: str) -> str:
    """Refuse an address to which secrets would travel in the clear; within this machine they may."""
    try:
        parts = urlsplit(url)
        here = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    if not (url.startswith("https://") or (url.startswith("http://") and here)):
        raise ValueError("the address must begin with https://: secrets go there")
    return url


SecureUrl = Annotated[str, AfterValidator(_nobody_reads_along)]


_TWICE: Final = re.compile(r"Cannot declare \((.*)\) twice")


def in_words(reason: Exception) -> str:
    """Why a file is no TOML, with a section that stands twice as it is written there."""

    def section(found: re.Match[str]) -> str:
        return "[" + ".".join(re.findall("'([^']*)'", found[1])) + "] stands twice, put its keys together"

    return _TWICE.sub(section, str(reason))


class FileAndEnvironment(BaseSettings):
    """Sections from a file, with TWEELUIK_<SECTION>__<KEY> from the environment on top."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, nested_model_default_partial_update=True
    )

    @classmethod
    def settings_customise_sources(  # the order: environment over file, nothing else
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings
