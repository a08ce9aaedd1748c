"""What earlier runs did, and by which settings."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import app
from api.cli.opened import unmask_with, with_store
from api.cli.options import EntityOption, FormatOption, JsonOption, ReasonOption, UnmaskOption
from api.cli.output import print_data
from api.presenters import runs as present_runs
from api.presenters import settings as present_settings
from api.presenters import tables
from domain.services.reports.unmask import record_unmasking, subjects_in
from domain.values import LegalEntityId
from domain.views.runs import in_full, run_named


@app.command()
def runs(
    context: typer.Context,
    run_id: Annotated[
        str, typer.Argument(help="One run, with every outcome: its id, or how that begins.", show_default=False)
    ] = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """Past runs, newest first; or one of them with every outcome."""
    with with_store(context) as (settings, store, actor):
        store.views.catch_up()
        if not run_id:
            rows = [present_runs.past_run(row) for row in store.views.runs.runs()]
            print_data(context, as_json, output, {"runs": rows}, tables.runs)
            return
        row = run_named(store.views.runs, run_id)
        outcomes = store.views.runs.outcomes(row.run_id)
        events = store.log.at(sorted(place for one in outcomes for place in one.positions))
        if unmask:
            record_unmasking(
                store.log, store.vault, store.clock, unmasking=unmask_with(settings, actor, f"run {run_id}", reason),
                entity=row.legal_entity, people=subjects_in(events),
            )  # fmt: skip
            events = store.vault.opened(events)
            store.log.checkpoint()
        else:
            events = store.vault.marked(events)
        data = present_runs.past_run_in_full(row, in_full(outcomes, events), unmask=unmask)
        print_data(context, as_json, output, data, tables.run_report)


@app.command("settings")
def settings_applied(
    context: typer.Context, entity: EntityOption, as_json: JsonOption = False, output: FormatOption = "table"
) -> None:
    """By which settings everybody was judged, newest first, and what each change changed."""
    with with_store(context) as (_, store, _actor):
        data = present_settings.settings(LegalEntityId(entity), store.log)
    print_data(context, as_json, output, data, tables.settings)
