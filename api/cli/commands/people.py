"""Whom and what the sync knows: people, attributes, history."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import app
from api.cli.opened import unmask_with, with_preview, with_store, with_tools
from api.cli.options import (
    EntityOption,
    EntityWord,
    FormatOption,
    JsonOption,
    NumberArgument,
    ReasonOption,
    UnmaskOption,
    WhyOption,
    the_entity,
)
from api.cli.output import print_data, printable
from api.identifiers import new_run_id
from api.presenters import attributes as present_attributes
from api.presenters import employees as present_employees
from api.presenters import history as present_history
from api.presenters import tables
from api.presenters.values import Json
from domain.outcomes import Outcome
from domain.services.read_employee import read_employee
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.history import lines
from domain.views.sync_state import Linked, PeopleFilters, Place

people_app = typer.Typer(
    help="Everyone: included, or left out by which rule; findings and what to do.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(people_app, name="people")


@people_app.callback()
def people(
    context: typer.Context,
    entity: EntityWord = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Everyone: included, or left out by which rule; findings and what to do."""
    if context.invoked_subcommand is not None:
        return
    from api.presenters import plan as present_plan  # with all that decides: history needs none of it

    entity = the_entity(context, entity)
    with with_preview(context, entity, None, "", "") as seen:
        print_data(context, as_json, output, present_plan.people(seen), tables.people)


@people_app.command("list")
def listed(
    context: typer.Context,
    entity: EntityOption,
    outcome: Annotated[
        Outcome | None, typer.Option(help="Of whom the latest run told this.", show_default=False)
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Under this rule.", show_default=False)] = None,
    link: Annotated[Linked | None, typer.Option(help="How they are linked to Loket.", show_default=False)] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Of whom the newest run told another thing than those before it.")
    ] = False,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Everyone by number, as the latest run told of them, and since when it is so; neither system is asked."""
    wanted = LegalEntityId(the_entity(context, entity))
    with with_tools(context, reading=True) as (_, tools, _actor):
        tools.views.catch_up()
        run = tools.views.runs.told_of_all(wanted, by=tools.clock.now()) if new else None
        filters = PeopleFilters(outcome, reason, link, run.position if run else None)
        rows: list[Json] = []
        after: Place | None = None
        while page := tools.views.sync_state.states(wanted, filters, after=after):
            rows += present_employees.employees(page, log=tools.log)
            after = page[-1].place
    print_data(context, as_json, output, {"legal_entity": wanted, "people": rows}, tables.employees)


@people_app.command()
def release(
    context: typer.Context,
    number: NumberArgument,
    entity: EntityOption,
    reason: WhyOption = "",
) -> None:
    """Loket really removed this employee: the number is unknown again. Not by whoever ran into it (MATCH-5)."""
    from domain.services.journal import Journal
    from domain.services.release_employee import release_employee

    with with_tools(context) as (settings, tools, actor):
        journal = Journal(tools=tools, actor=actor, correlation=f"decision-{new_run_id(tools.clock.now())}")
        release_employee(settings.policy(entity), journal, EmployeeNumber(number), reason=reason)
    typer.echo(
        printable(f"employee number {number} is unknown again; unless Loket shows it, the next run creates a concept")
    )


@app.command()
def attributes(
    context: typer.Context,
    entity: EntityWord = "",
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
    number: NumberArgument,
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
            unmask=unmask_with(settings, actor, "history", reason) if unmask else None,
        )  # fmt: skip
        if unmask:
            store.log.checkpoint()
        print_data(context, as_json, output, present_history.history(entity, number, lines(events)), tables.history)
