"""The log itself: verify, rebuild."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import DAMAGED, app, print_data, with_store
from api.cli.options import FormatOption, JsonOption
from api.identifiers import new_run_id as new_run_id
from api.presenters import tables
from api.presenters.progress import reporting
from api.tasks.verify import verify_log


@app.command()
def verify(
    context: typer.Context,
    log_only: Annotated[bool, typer.Option("--log-only", help="Leave the views out, which takes most time.")] = False,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Checks the log against its checkpoints, and every view against the log. Ends with 8 for every verdict but OK."""
    settings = context.obj.settings()
    result = verify_log(settings, actor=context.obj.actor, log_only=log_only)
    print_data(context, as_json, output, result.as_json(), tables.verification)
    raise typer.Exit(0 if result.ok else DAMAGED)


@app.command()
def rebuild(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Every view from zero, from the log alone."""
    with with_store(context) as (_, store, _actor), reporting() as progress:
        store.views.rebuild(progress=progress)
        print_data(context, as_json, output, {"rebuilt": True, "events": store.log.size()}, tables.rebuilt)
