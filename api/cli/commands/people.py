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
from domain.errors import NotFound
from domain.services.reports.unmask import record_unmasking
from domain.streams import loket_stream
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
        legal_entity = settings.policy(entity).entity.personio_id
        employee = EmployeeNumber(number)
        store.views.catch_up()
        positions = store.views.history.positions(legal_entity, employee)
        if not positions:
            raise NotFound(f"the log knows nothing of employee number {number} in legal entity {entity}")
        events = store.log.at(positions)
        if unmask:
            own = store.log.stream(loket_stream(legal_entity, employee))
            subject = next((one.fact.subject for one in own if getattr(one.fact, "subject", "")), None)  # type: ignore[attr-defined]
            record_unmasking(
                store.log,
                store.vault,
                store.clock,
                actor=actor,
                what="history",
                reason=reason,
                entity=legal_entity,
                number=employee,
                subject=subject,
            )
            events = store.vault.opened(events)
            store.log.checkpoint()
        else:
            events = store.vault.marked(events)
        print_data(context, as_json, output, present_history.history(entity, number, lines(events)), tables.history)
