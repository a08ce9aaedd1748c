"""Where the parts of a log lie, as its configuration names them; nothing is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SQLITE: Final = "sqlite:///"


def sqlite_path(url: str) -> Path | None:
    """The file of an sqlite:/// URL; four slashes make it absolute. None for another kind of URL."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) and len(url) > len(SQLITE) else None


def beside_keys(keys_url: str, checkpoints: Path) -> Path:
    """The path that key files made at first use are named after."""
    path = sqlite_path(keys_url)
    return checkpoints.absolute().parent / "tweeluik-keys" if path is None else path.with_suffix("")


def signing_key_beside(keys: Path) -> Path:
    return keys.with_name(f"{keys.name}-signing.key")
