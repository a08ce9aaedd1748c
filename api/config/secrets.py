"""Secrets that a command was told: kept beside the configuration in a file of their own, readable by its owner only."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
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


def read_toml(path: Path) -> dict[str, Any]:
    """A file of ours. Raises OSError, or ValueError for what is none, or holds what no path or address can."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        if any("\0" in text for text in _texts(content)):
            raise ValueError("it holds a null character")
    except RecursionError:
        raise ValueError("it is nested without end") from None
    return content


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        if _others_may_read(path.stat()):
            raise Misconfigured(f"{path} holds secrets and may be read by others: chmod 600 it")
        kept: dict[str, dict[str, str]] = read_toml(path)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as cause:
        raise Misconfigured(f"{path} cannot be read") from cause  # the cause may quote a secret
    return kept
