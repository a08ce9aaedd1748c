"""The log itself: verify, rebuild."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import DAMAGED, app
from api.cli.opened import with_store
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data
from api.identifiers import new_run_id as new_run_id
from api.presenters import tables
from api.progress import reporting
from api.tasks.verify import Losses, verify_log
from domain.services.replay.derive import derive
from domain.services.replay.looks import looks_between


@app.command()
def verify(
    context: typer.Context,
    log_only: Annotated[bool, typer.Option("--log-only", help="Leave keys and views out: most of the time.")] = False,
    copies_lost: Annotated[
        bool,
        typer.Option(
            "--copies-lost",
            help="The checkpoint folder is lost for good: fill a new one from the database, on record with your name.",
        ),
    ] = False,
    keys_lost: Annotated[
        bool,
        typer.Option(
            "--keys-lost",
            help="Keys that are gone are lost for good, and what they sealed: go on, on record with your name.",
        ),
    ] = False,
    events_known: Annotated[
        bool,
        typer.Option(
            "--events-known",
            help="Events that Tweeluik did not store are known, and count: go on, on record with your name.",
        ),
    ] = False,
    new: Annotated[
        bool,
        typer.Option("--new", help="Only what was added since everything was last verified; says since when."),
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, max=16, help="How many look side by side; without it as many as pay, and one at a small log."
        ),
    ] = None,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="And that every decision follows from the rules: each is made again.")
    ] = False,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Checks the log against its checkpoints, and keys and views against the log. Ends with 8 for every verdict but OK.

    Until a later one says OK, nothing is appended and nothing written to Loket; reading works.
    """
    settings = context.obj.settings()
    losses = Losses(copies_lost, keys_lost)
    if new and (log_only or any(losses) or events_known or processes):
        raise typer.BadParameter("it goes with no other option", param_hint="--new")
    result = verify_log(
        settings, actor=context.obj.actor, log_only=log_only, losses=losses, events_known=events_known, new_only=new,
        processes=processes,
    )  # fmt: skip
    data, follows = result.as_json(), True
    if decisions and result.ok:
        with with_store(context) as (_, store, _actor), reporting() as progress:
            derived = derive(store.log, store.vault, looks_between(store.log), progress)
        data |= {"decisions": derived.as_json()}
        follows = derived.follows
    print_data(context, as_json, output, data, tables.verification)
    raise typer.Exit(0 if result.ok and follows else DAMAGED)


@app.command()
def rebuild(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Every view from zero, from the log alone."""
    with with_store(context) as (_, store, _actor), reporting() as progress:
        store.views.rebuild(progress=progress)
        print_data(context, as_json, output, {"rebuilt": True, "events": store.log.size()}, tables.rebuilt)
