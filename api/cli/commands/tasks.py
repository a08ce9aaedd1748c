"""The commands about people with tasks: what is to be done by whom, and who sees to it."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import app
from api.cli.opened import with_tools
from api.cli.options import EntityOption, EntityWord, FormatOption, JsonOption, the_entity
from api.cli.output import print_data, printable
from api.identifiers import new_run_id
from api.presenters import tasks as present
from api.presenters.values import local_day, local_time
from domain.planning.findings import Acts
from domain.services.tasks.take import Taking
from domain.values import MAX_EMPLOYEE_NUMBER, Actor, EmployeeNumber, LegalEntityId, so_many
from domain.views.tasks import TaskFilters, TaskRow

_AT_ONCE: Final = 500

tasks_app = typer.Typer(
    help="People with tasks: what holds a legal entity, what is to be done by whom, since when.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(tasks_app, name="tasks")

TaskArgument = Annotated[int, typer.Argument(help="Number of the task, as `tasks` lists it.", show_default=False)]


@tasks_app.callback()
def tasks(
    context: typer.Context,
    entity: EntityWord = "",
    who: Annotated[Acts | None, typer.Option(help="Only what they have to do.", show_default=False)] = None,
    code: Annotated[str | None, typer.Option(help="Only this finding.", show_default=False)] = None,
    number: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_EMPLOYEE_NUMBER, help="Only this employee number.", show_default=False),
    ] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Those that have ended, and why.")] = False,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """People with tasks, oldest first, as the last run or check saw them; neither system is asked.

    `tweeluik validate` looks again. A task ends when a run or check sees that it is done; nobody ticks it off.
    """
    if context.invoked_subcommand is not None:
        return
    wanted = LegalEntityId(the_entity(context, entity))
    about = EmployeeNumber(number) if number is not None else None
    filters = TaskFilters(ended=ended, who=who, code=code, number=about)
    with with_tools(context, reading=True) as (_, tools, _actor):
        tools.views.catch_up()
        rows: list[TaskRow] = []
        while page := tools.views.tasks.tasks(wanted, filters, after=rows[-1].position if rows else -1, limit=_AT_ONCE):
            rows.extend(page)
        items = present.tasks(rows, log=tools.log, vault=tools.vault, now=tools.clock.now())
        seen = present.look(tools.views.tasks.last_look(wanted))
    print_data(context, as_json, output, {"legal_entity": wanted, "last_look": seen, "tasks": items}, tasks_table)


@tasks_app.command()
def take(context: typer.Context, task: TaskArgument, entity: EntityOption) -> None:
    """You see to it until the end of today: others are told so, and cannot take it."""
    with with_tools(context) as (_, tools, actor):
        row = _taking(tools, entity, actor).take(task)
    typer.echo(printable(f"you see to {row.code} of {_whom(row)} until the end of {row.taken_until}"))


@tasks_app.command("give-back")
def give_back(context: typer.Context, task: TaskArgument, entity: EntityOption) -> None:
    """You do not see to it any more."""
    with with_tools(context) as (_, tools, actor):
        row = _taking(tools, entity, actor).give_back(task)
    typer.echo(printable(f"nobody sees to {row.code} of {_whom(row)} now"))


def _taking(tools: Any, entity: str, actor: Actor) -> Taking:
    correlation = f"task-{new_run_id(tools.clock.now())}"
    return Taking(entity=LegalEntityId(entity), actor=actor, tools=tools, correlation=correlation)


def _whom(row: TaskRow) -> str:
    return f"person {row.person_id}" if row.employee_number is None else f"employee {row.employee_number}"


def tasks_table(console: Console, data: dict[str, Any]) -> None:
    seen = data["last_look"]
    if seen is None:
        console.print(
            f"No run or check has looked at legal entity {data['legal_entity']} yet: `tweeluik validate` does."
        )
        return
    as_of = f"as {seen['kind'].replace('_', ' ')} {seen['look']} saw it on {local_time(seen['at'])}"
    if not data["tasks"]:
        console.print(f"No tasks, {as_of}.", markup=False)
        return
    ended = data["tasks"][0]["ended_at"] is not None
    last = ("Ended", "Because") if ended else ("Seen to by",)
    table = Table(box=None, pad_edge=False)
    for title in ("Task", "Number", "Finding", "Field", "Do", "Who", "Since", *last):
        table.add_column(title, overflow="fold")
    for one in data["tasks"]:
        number = one["employee_number"] or f"person {one['person_id']}"
        detail = f" ({one['detail']})" if one["detail"] else ""
        age = so_many(one["age_days"], "day", "days")
        days = f"{local_day(one['since'])}, {age}" if one["age_days"] else local_day(one["since"])
        closing: tuple[str, ...] = (one["taken_by"] or "",)
        if ended:
            under = f", {one['ended_under']}" if one["ended_under"] else ""
            closing = (local_day(one["ended_at"]), one["ended_because"].replace("_", " ") + under)
        table.add_row(
            str(one["task"]), str(number), one["code"], f"{one['label'] or ''}{detail}", one["do"] or "",
            one["who"] or "", days, *closing,
        )  # fmt: skip
    console.print(table)
    console.print(f"{len(data['tasks'])} {'ended' if ended else 'open'}, {as_of}.", markup=False)
