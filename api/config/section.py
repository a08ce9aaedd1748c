"""What every section of the configuration, and every whole of them, has in common."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX: Final = "TWEELUIK_"


class Section(BaseModel):
    """A key that is not known is refused, and nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
