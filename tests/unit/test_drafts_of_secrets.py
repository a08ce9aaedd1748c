"""A secret that finds no room is nowhere: not in its place, and not in a draft beside it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.log.proof.notes import load_signing_key
from adapters.log.sealing.keys import key_encryption_key
from api.config.secrets import keep_secret


class _New:
    """A key store that nothing was kept in."""

    def secret(self, _: str) -> None:
        return None


_NEW: Any = _New()


def _no_room(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "keep",
    [
        lambda folder: key_encryption_key(_NEW, None, folder / "key", {}),
        lambda folder: keep_secret(folder / "tweeluik.toml", "loket", "client_secret", "hush"),
        lambda folder: load_signing_key(None, folder / "signing"),
    ],
    ids=("the key of the keys", "a secret beside the configuration", "the signing key"),
)
def test_a_full_disk_leaves_no_draft_of_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: Callable[[Path], object]
) -> None:
    monkeypatch.setattr(os, "fsync", _no_room)

    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path)

    assert list(tmp_path.iterdir()) == []
