"""Secrets that a command was told: kept beside the configuration in a file of their own, readable by its owner only."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.whole_files import replace_file
from domain.errors import Misconfigured


def secrets_beside(config: Path) -> Path:
    """tweeluik.toml -> tweeluik.secrets.toml"""
    return config.with_name(f"{config.stem}.secrets.toml")


def with_secrets(content: Mapping[str, Any], config: Path) -> dict[str, Any]:
    """The configuration with the secrets kept beside it on top. Raises Misconfigured when others may read them."""
    kept = _read(secrets_beside(config))
    return {**content, **{section: {**content.get(section, {}), **values} for section, values in kept.items()}}


def keep_secret(config: Path, section: str, key: str, value: str) -> Path:
    """Write one more secret, whole or not at all; answers where."""
    path = secrets_beside(config)
    kept = _read(path)
    kept.setdefault(section, {})[key] = value
    text = "# Secrets, kept by tweeluik. The environment wins over them.\n"
    for name, values in kept.items():
        text += f"\n[{name}]\n" + "".join(f"{each} = {json.dumps(told)}\n" for each, told in values.items())
    replace_file(path, text.encode())
    return path


def _others_may_read(file: os.stat_result) -> bool:
    """A cluster gives a file to root, and lets this process read it by a group of its own."""
    return bool(file.st_mode & (0o077 if file.st_uid == os.geteuid() else 0o037))


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        if _others_may_read(path.stat()):
            raise Misconfigured(f"{path} holds secrets and may be read by others: chmod 600 it")
        kept: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise Misconfigured(f"{path} cannot be read") from cause  # the cause may quote a secret
    return kept
