"""`tweeluik migrate`: the log from SQLite to PostgreSQL, or into partitions there, with every proof."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.log.migrate import into_partitions
from adapters.log.migrate import migrate as copy_log
from adapters.log.proof.verdicts import Verification
from adapters.log.proof.verify import verify
from adapters.log.stored import checkpoint_key, open_stored
from adapters.log.where import sqlite_path
from api.bootstrap import SystemClock, checkpoint_copies, verdict_file
from api.cli.app import DAMAGED, app
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data
from api.config.log import LogSection
from api.config.settings import load
from api.presenters.tables import verification
from api.progress import reporting
from domain.errors import LogDamaged, Misconfigured


@app.command()
def migrate(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option(help="The configuration that names the new database.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Moves the log from SQLite to PostgreSQL, or an older one there into partitions, with every byte and proof.

    Stop everything else first. With `--to` the old log on SQLite is left as it is, and must not be used again; without,
    the log stays where it is, and so does every row.
    """
    old = context.obj.settings().log
    verdict_file(old).believed()
    before, after = _moved_into_partitions(old) if to is None else _copied(old, to)
    print_data(context, as_json, output, after.as_json(), verification)
    raise typer.Exit(0 if after.ok and after.size == before.size else DAMAGED)


def _copied(old: LogSection, to: Path) -> tuple[Verification, Verification]:
    """What is found before and after."""
    new = load(to).log
    source = sqlite_path(old.url)
    if source is None or sqlite_path(new.url) is not None:
        raise Misconfigured("migrate --to moves a log from SQLite to PostgreSQL, nothing else")
    if (old.keys, old.checkpoints) != (new.keys, new.checkpoints):
        raise Misconfigured(f"{to} must name the same keys and checkpoints as before: they judge the copy")
    before = _sound(old)
    with reporting() as progress:
        copy_log(source, new.url, progress)
    return before, _verified(new)


def _moved_into_partitions(section: LogSection) -> tuple[Verification, Verification]:
    """What is found before and after; a log that is in partitions already is verified once."""
    if sqlite_path(section.url) is not None:
        raise Misconfigured("a log on SQLite has no partitions: name the configuration of the new database with --to")
    before = _sound(section)
    return before, _verified(section) if into_partitions(section.url) else before


def _sound(section: LogSection) -> Verification:
    found = _verified(section)
    if not found.ok:
        raise LogDamaged(f"the log was not moved, because it did not verify: {found}")
    return found


def _verified(section: LogSection) -> Verification:
    copies = checkpoint_copies(section)
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    with open_stored(section.url) as stored:
        return verify(stored, copies, key, now=SystemClock().now())
