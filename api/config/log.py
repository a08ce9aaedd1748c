"""The sections `[log]` and `[retention]`: where the log, its keys and checkpoints are, and how long values are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field, field_validator

from adapters.log.proof.cosignatures import WitnessKey
from adapters.log.proof.witnessing import WitnessAddress
from api.config.section import Section
from domain.errors import Misconfigured

_SQLITE: Final = "sqlite:///"


class WitnessSection(Section):
    url: str
    vkey: str

    @field_validator("vkey")
    @classmethod
    def _is_a_witness_key(cls, value: str) -> str:
        WitnessKey.parse(value)
        return value


class LogSection(Section):
    url: str
    keys: str = ""
    checkpoints: str = ""
    key_file: Path | None = None
    signing_key_file: Path | None = None
    witnesses: list[WitnessSection] = []
    witness_timeout: float = Field(default=5.0, gt=0)

    def asked_witnesses(self) -> tuple[WitnessAddress, ...]:
        return tuple(
            WitnessAddress(one.url, WitnessKey.parse(one.vkey), self.witness_timeout) for one in self.witnesses
        )


class RetentionSection(Section):
    fiscal_years: int = Field(default=7, ge=0)
    identity_years: int = Field(default=5, ge=0)
    hr_years: int = Field(default=2, ge=0)


def resolved(log: LogSection, folder: Path) -> LogSection:
    """Paths are relative to the configuration file; keys and checkpoints lie beside the log's file when left out."""
    url, keys, checkpoints = _absolute_url(log.url, folder), log.keys, log.checkpoints
    if url.startswith(_SQLITE):
        file = Path(url.removeprefix(_SQLITE))
        keys = keys or f"{_SQLITE}{file.with_name(file.stem + '-keys.db')}"
        checkpoints = checkpoints or str(file.with_name("checkpoints"))
    elif not keys or not checkpoints:
        raise Misconfigured("log.keys and log.checkpoints are required when the log is on PostgreSQL")
    return log.model_copy(
        update={
            "url": url,
            "keys": _absolute_url(keys, folder),
            "checkpoints": str(folder / checkpoints),
            "key_file": folder / log.key_file if log.key_file else None,
            "signing_key_file": folder / log.signing_key_file if log.signing_key_file else None,
        }
    )


def _absolute_url(url: str, folder: Path) -> str:
    return f"{_SQLITE}{folder / url.removeprefix(_SQLITE)}" if url.startswith(_SQLITE) else url
