"""`tweeluik migrate`: the log from SQLite to PostgreSQL, with every proof."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
    to: Annotated[Path, typer.Option(help="The configuration that names the new database.", show_default=False)],
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Moves the log from SQLite to PostgreSQL with every byte, position and proof; keys and checkpoints stay.

    Stop everything else first. The old log is left as it is, and must not be used again.
    """
    old, new = context.obj.settings().log, load(to).log
    source = sqlite_path(old.url)
    if source is None or sqlite_path(new.url) is not None:
        raise Misconfigured("migrate moves a log from SQLite to PostgreSQL, nothing else")
    if (old.keys, old.checkpoints) != (new.keys, new.checkpoints):
        raise Misconfigured(f"{to} must name the same keys and checkpoints as before: they judge the copy")
    verdict_file(old).believed()
    before = _verified(old)
    if not before.ok:
        raise LogDamaged(f"the log was not moved, because it did not verify: {before}")
    with reporting() as progress:
        copy_log(source, new.url, progress)
    after = _verified(new)
    print_data(context, as_json, output, after.as_json(), verification)
    raise typer.Exit(0 if after.ok and after.size == before.size else DAMAGED)


def _verified(section: LogSection) -> Verification:
    copies = checkpoint_copies(section)
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    with open_stored(section.url) as stored:
        return verify(stored, copies, key, now=SystemClock().now())
