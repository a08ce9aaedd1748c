"""Making a tenant of a folder, and ending one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from adapters.access.keys import AccessKeys
from adapters.whole_files import create_file, sync_folder
from api.bootstrap import open_access_keys, open_store
from api.config.secrets import secrets_beside
from api.config.tenants import REMOVED, Folder
from domain.access import KeyStanding
from domain.errors import Misconfigured
from domain.values import Actor

_FIRST: Final = """\
# {name}: a customer of its own. Every setting: docs/tweeluik.example.toml; [serve] is in operator.toml.

[log]
url = "sqlite:///{name}/log.db"
keys = "sqlite:///{name}/keys.db"
checkpoints = "{name}/checkpoints"
"""
_AFTER_ALL: Final = "9999"


def added(folder: Folder, name: str) -> Path:
    """A file with places of its own. Raises Misconfigured for a name that is or was taken, or can be no tenant's."""
    path = folder.free(name)
    if (folder.path / name).exists():
        raise Misconfigured(f"{folder.path / name} is there already, and may be the log of a tenant that was removed")
    if not create_file(path, _FIRST.format(name=name).encode()):
        raise Misconfigured(f"there is a tenant {name} already")
    return path


def removed(folder: Folder, name: str, actor: Actor) -> tuple[Path, int]:
    """End its keys, on record, then its file, then its sessions; whatever stops it in between, it can be done again.

    Answers where the file is now, and how many keys counted until then. Log, data keys and checkpoints stay.
    """
    settings = folder.one(name)
    with open_store(settings, reading=True) as store, open_access_keys(settings, store) as access:
        keys = AccessKeys(access, store.log, store.clock)
        valid = [one.key_id for one in keys.listed() if one.standing is not KeyStanding.REVOKED]
        for key_id in valid:
            keys.revoke(key_id, actor=actor)
        path = _put_away(folder, name, f"{store.clock.now():%Y%m%dT%H%M%S}")
        access.forget_sessions(_AFTER_ALL)
    return path, len(valid)


def _put_away(folder: Folder, name: str, at: str) -> Path:
    """Its secrets first: without its own file nothing looks for them."""
    file, kept = folder.file(name), folder.path / REMOVED
    kept.mkdir(mode=0o700, exist_ok=True)
    for each in (secrets_beside(file), file):
        if each.exists():
            os.replace(each, kept / f"{at}-{each.name}")
    for each in (kept, folder.path):
        sync_folder(each)
    return kept / f"{at}-{file.name}"
