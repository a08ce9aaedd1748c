"""Whom and what the sync knows: people, attributes, history."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import (
    EntityOption,
    FormatOption,
    JsonOption,
    ReasonOption,
    UnmaskOption,
    app,
    print_data,
    with_preview,
    with_store,
)
from api.identifiers import new_run_id as new_run_id
from api.presenters import attributes as present_attributes
from api.presenters import history as present_history
from api.presenters import plan as present_plan
from api.presenters import tables
from domain.services.read_employee import read_employee
from domain.services.reports.unmask import Unmasking
from domain.values import EmployeeNumber
from domain.views.history import lines


@app.command()
def people(
    context: typer.Context, entity: EntityOption, as_json: JsonOption = False, output: FormatOption = "table"
) -> None:
    """Everyone: included, or left out by which rule; findings and what to do."""
    with with_preview(context, entity, None, "", "") as seen:
        print_data(context, as_json, output, present_plan.people(seen), tables.people)


@app.command()
def attributes(
    context: typer.Context,
    entity: Annotated[str, typer.Option(help="Personio id of the legal entity.", show_default=False)] = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Role, Personio attribute, Loket field, limit, and what a blank does. The list is ours, not Personio's."""
    settings = context.obj.settings()
    rows = settings.policy(entity).catalogue if entity else settings.catalogue()
    print_data(
        context, as_json, output, present_attributes.attributes(rows, settings.personio.attributes), tables.attributes
    )


@app.command()
def history(
    context: typer.Context,
    number: int,
    entity: EntityOption,
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """Everything the log knows of one employee number."""
    with with_store(context) as (settings, store, actor):
        store.views.catch_up()
        events = read_employee(
            settings.policy(entity).entity.personio_id, EmployeeNumber(number),
            log=store.log, vault=store.vault, views=store.views, clock=store.clock,
            unmask=Unmasking(actor, "history", reason) if unmask else None,
        )  # fmt: skip
        if unmask:
            store.log.checkpoint()
        print_data(context, as_json, output, present_history.history(entity, number, lines(events)), tables.history)
