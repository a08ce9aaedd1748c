"""One customer's backup: made while everything goes on, and put back where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import DAMAGED, app
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data, say
from api.presenters import tables

FolderArgument = Annotated[Path, typer.Argument(show_default=False)]


@app.command()
def backup(context: typer.Context, folder: FolderArgument) -> None:
    """Copies log, keys and checkpoints as they are at one moment into a new folder, while everything goes on.

    Three parts, to be kept apart from each other: FOLDER/log, FOLDER/keys, FOLDER/checkpoints. The key-encryption key
    and the signing key are in none of them. While it is made the folder has another name, so one of this name is whole.
    """
    from api.tasks.backup import backup as make

    make(context.obj.settings().log, folder)
    say(f"wrote {folder}/log, {folder}/keys and {folder}/checkpoints: keep them apart from each other")


@app.command()
def restore(
    context: typer.Context,
    folder: FolderArgument,
    keys: Annotated[
        Path | None, typer.Option(help="The part with the keys, where it is elsewhere.", show_default=False)
    ] = None,
    owner: Annotated[
        str, typer.Option(help="PostgreSQL: the address of a superuser, who gives everything back to its owners.")
    ] = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Puts a backup where the configuration says, if nothing is there yet, and verifies it.

    Ends with 8 for every verdict but OK. Who was erased since the keys were copied is erased again, where the log knows
    of it. What was recorded since the log was copied is lost, and so are erasures: repeat them.
    """
    from api.tasks.backup import parts
    from api.tasks.backup import restore as put_back

    result = put_back(context.obj.settings(), parts(folder, keys), owner=owner, actor=context.obj.actor)
    print_data(context, as_json, output, result.as_json(), tables.verification)
    raise typer.Exit(0 if result.ok else DAMAGED)
