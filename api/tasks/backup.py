"""One customer's backup, in three parts that are kept apart, and what is made of it where all was lost.

`log` (the log's database), `keys` (the key store) and `checkpoints`, each a folder with SHA256SUMS of its files. The
key-encryption key and the signing key are in none of them: they are copied once, by hand, to a place of their own.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from adapters.log.copied import copied, put_back, refuse_what_is_there
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verdicts import Verification
from adapters.log.where import sqlite_path
from adapters.whole_files import made_folder
from api.bootstrap import database_identity, open_store
from api.config.log import LogSection
from api.config.settings import Settings
from api.tasks.erase import eraser
from api.tasks.verify import only_back, verify_log
from domain.errors import CannotWrite, Misconfigured
from domain.values import Actor

LOG: Final = "log"
KEYS: Final = "keys"
CHECKPOINTS: Final = "checkpoints"
SUMS: Final = "SHA256SUMS"
_SIGNED: Final = "SELECT machine, note FROM log_checkpoints"
_IS_KEY_STORE: Final = "SELECT count(*) FROM data_keys"


def backup(section: LogSection, folder: Path) -> None:
    """Into a folder that is not there yet, readable for its owner alone; while it is made, it has another name.

    Nothing has to stop for it. Raises Misconfigured, CannotWrite or LogUnavailable, and leaves nothing then.
    """
    try:
        _whole(section, folder)
    except OSError as reason:
        said = reason.strerror or "not every file could be copied"
        raise CannotWrite(f"no backup was made at {folder}: {said}") from None


def _whole(section: LogSection, folder: Path) -> None:
    if folder.exists():
        raise Misconfigured(f"{folder} is there already")
    made_folder(folder.parent)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}-unfinished-", dir=folder.parent))
    try:
        for _ in taken(section, draft):
            pass
        for each in draft.glob("*/*"):
            each.chmod(0o600)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def taken(section: LogSection, folder: Path) -> Iterator[None]:
    """Goes on between one part and the next, when anything may happen to the log.

    What was signed before the log was copied must be in the copy; of what was signed later, it has what the copy names.
    So a log that lost events shows it in its backup too, and one that went on meanwhile is sound. The keys come after
    the log, so that none of its keys is missing.
    """
    if _which(section.url) == _which(section.keys):
        raise Misconfigured(
            "log.url and log.keys name one database, so the key of everybody who is erased would stay in every backup "
            "of the log. Move the keys to a database of their own: docs/operating.md, PostgreSQL, has the commands"
        )
    checkpoints = Path(section.checkpoints)
    if not checkpoints.is_dir():
        raise Misconfigured(f"there is no checkpoint folder at {checkpoints}")
    signed = shutil.copytree(checkpoints, folder / CHECKPOINTS, ignore=shutil.ignore_patterns(".*"))  # drafts
    signed.chmod(0o700)
    yield
    stored = set(copied(section.url, folder / LOG, _SIGNED))
    yield
    copied(section.keys, folder / KEYS, _IS_KEY_STORE)
    yield
    Copies(signed).append_from(checkpoints, stored)
    for part in (LOG, KEYS, CHECKPOINTS):
        (folder / part / SUMS).write_text(_sums(folder / part))


def parts(folder: Path, keys: Path | None = None) -> dict[str, Path]:
    return {LOG: folder / LOG, KEYS: keys or folder / KEYS, CHECKPOINTS: folder / CHECKPOINTS}


def restore(settings: Settings, found: Mapping[str, Path], *, owner: str, actor: Actor) -> Verification:
    """Put these three parts where the configuration says, and verify what was made of them.

    What was erased since the keys were copied is erased again, on record, where the log knows of it. Raises
    Misconfigured, before anything is written, for a part that is not whole and for a place where something is.
    `owner`: how PostgreSQL is come to by somebody who may give everything back to whom it belonged; else empty.
    """
    put_parts_back(settings.log, found, owner=owner)
    result = verify_log(settings, actor=actor)
    if only_back(result):
        with open_store(settings, honour_erasures=False) as store:
            eraser(settings, store, actor).reapply()
        result = verify_log(settings, actor=actor)
    return result


def put_parts_back(section: LogSection, found: Mapping[str, Path], *, owner: str) -> None:
    """Without a look at what they are. The log comes last: as long as it is missing, nothing is taken for sound."""
    for part in found.values():
        _refuse_half(part)
    checkpoints = Path(section.checkpoints)
    if checkpoints.exists() and any(checkpoints.iterdir()):
        raise Misconfigured(f"there is something in {checkpoints} already, and nothing is written over it")
    for url in (section.keys, section.url):
        refuse_what_is_there(url)
        if sqlite_path(url) is None and not owner:
            raise Misconfigured("on PostgreSQL say with --owner how the databases' owner connects")
    shutil.copytree(found[CHECKPOINTS], checkpoints, ignore=shutil.ignore_patterns(SUMS), dirs_exist_ok=True)
    put_back(section.keys, found[KEYS], owner)
    put_back(section.url, found[LOG], owner)


def _refuse_half(part: Path) -> None:
    try:
        told = (part / SUMS).read_text()
    except FileNotFoundError:
        raise Misconfigured(f"{part} is no part of a backup that was finished: it has no {SUMS}") from None
    if told != _sums(part):
        raise Misconfigured(f"{part} is not as it was made: sha256sum --check {SUMS} names the file")


def _sums(part: Path) -> str:
    """As sha256sum writes them."""
    names = sorted(one.name for one in part.iterdir() if one.name != SUMS)
    return "".join(f"{_digest(part / name)}  {name}\n" for name in names)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _which(url: str) -> str:
    path = sqlite_path(url)
    return (database_identity(url) or url) if path is None else str(path.resolve())
