"""Files of ours that are written whole or not at all, durable, and readable for their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PAGE: Final = 4096  # bytes: on some disks a few find room where a file with more finds none


def replace_file(path: Path, data: bytes) -> None:
    """Put this in the place of whatever is there; raises OSError, and then all is as it was."""
    with _draft(path, data) as draft:
        draft.replace(path)


def create_file(path: Path, data: bytes) -> bool:
    """Write a file that is not there yet; False when another process was first, whose file stays."""
    with _draft(path, data) as draft:
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
    return True


def made_folder(folder: Path) -> None:
    """With all that is missing above it; whatever the umask, nobody but their owner writes to them."""
    for each in reversed((folder, *folder.parents)):
        if not each.is_dir():
            each.mkdir(mode=0o755, exist_ok=True)


def try_room(folder: Path) -> None:
    """Raises OSError where it takes no more files, or none of ours; nothing of the trial is left."""
    with _draft(folder / "trial", bytes(_PAGE)):
        pass


def sync_folder(folder: Path) -> None:
    """Make the names of a folder as durable as what is in its files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _draft(path: Path, data: bytes) -> Iterator[Path]:
    """The data beside its place; nothing of it is left when it was not taken there."""
    made_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    except OSError as reason:
        reason.filename, reason.filename2 = str(path), None  # which nobody knows by the name of its draft
        raise
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
