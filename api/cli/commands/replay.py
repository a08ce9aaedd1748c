"""Past decisions once more: replay."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import DAMAGED, USAGE, app
from api.cli.dates import day
from api.cli.opened import with_tools
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data, say
from api.identifiers import new_run_id
from api.presenters import tables
from api.progress import reporting
from domain.errors import LogDamaged, StreamMoved
from domain.planning.business_date import day_begins
from domain.services.journal import Journal
from domain.services.replay.derive import alarm, derive, record
from domain.services.replay.looks import Looks, looks_between
from domain.streams import DERIVATIONS
from domain.values import RunId


@app.command()
def replay(
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(help="A run, check or validation.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Every one on record.")] = False,
    since: Annotated[str | None, typer.Option(help="Every one from this day on.", show_default=False)] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Makes past decisions again from the log alone, and says of each whether it came out as it was recorded.

    Neither system is read, nothing is written to Loket, and no value is shown. Ends with 8 when a decision does not
    follow from the rules and nothing explains it; that is on record, and an alert.
    """
    if [run is not None, every, since is not None].count(True) != 1:
        say("name one run, check or validation, or give --all or --since")
        raise typer.Exit(USAGE)
    with with_tools(context, reading=True) as (settings, tools, actor):
        log, last = tools.log, tools.log.size() - 1
        if run is not None:
            Looks(log, tools.vault).look(RunId(run))
            names = [RunId(run)]
        else:
            names = looks_between(log, 0, last, since=day_begins(day(since)) if since else None)
        with reporting() as progress:
            derived = derive(log, tools.vault, names, progress)
        journal = Journal(tools=tools, actor=actor, correlation=new_run_id(tools.clock.now()))
        targets = settings.alerts.alert_targets()
        try:
            if every:
                journal.knows(DERIVATIONS, len(log.stream(DERIVATIONS)))
                record(journal, derived, targets, first=0, last=last)
            elif not derived.follows:
                alarm(journal, derived, targets)
            log.checkpoint()
        except (LogDamaged, StreamMoved) as reason:
            say(f"what came of it is not on record: {reason}")
    print_data(context, as_json, output, derived.as_json(), tables.derived)
    raise typer.Exit(0 if derived.follows else DAMAGED)
