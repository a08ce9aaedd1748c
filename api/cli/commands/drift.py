"""The commands about differences: a check, what people decide, ends of employment, and a look ahead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import app
from api.cli.dates import day
from api.cli.opened import everyone_in, record_cli_unmasking, unmask_with, with_tools
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
from api.config.settings import Settings
from api.identifiers import new_run_id
from api.presenters import drift as present
from api.presenters import forecast as present_forecast
from api.presenters import terminations as present_terminations
from api.presenters.values import local_day
from api.progress import reporting
from api.telemetry import traced
from domain.schedule import Job, planned_days
from domain.services.drift.check import check_drift
from domain.services.drift.human_decisions import Deciding, extend
from domain.services.drift.to_enter import values_to_enter
from domain.services.journal import Journal
from domain.services.look_ahead import look_ahead
from domain.services.reports.unmask import subject_of
from domain.services.sync.preview import preview
from domain.values import EmployeeNumber, FieldPath, RunId, so_many
from domain.views.terminations import terminations

OPEN_DRIFT: Final = 7

drift_app = typer.Typer(
    help="One drift check: where the two systems differ, and who left the confirmed value. Ends with 7 on open drift.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(drift_app, name="drift")

FieldArgument = Annotated[str, typer.Argument(help="Loket field, such as address.street.", show_default=False)]


@drift_app.callback()
def drift(
    context: typer.Context,
    entity: EntityWord = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """One drift check: reads both systems, writes nothing to Loket. Ends with 0 without drift, 7 with open drift.

    What only Personio changed is pending: the next run sends it, and it is no drift.
    """
    if context.invoked_subcommand is not None:
        return
    entity = the_entity(context, entity)
    with with_tools(context) as (settings, tools, actor), reporting() as progress:
        policy = settings.policy(entity)
        if unmask:
            record_cli_unmasking(
                tools, unmask_with(settings, actor, "drift", reason), entity, everyone_in(tools, entity)
            )
        check_id = RunId(f"check-{new_run_id(tools.clock.now())}")
        with traced("drift check", entity, check_id, progress) as phases:
            report = check_drift(policy, tools, actor=actor, check_id=check_id, progress=phases)
    print_data(context, as_json, output, present.drift_report(report, unmask=unmask), drift_table)
    raise typer.Exit(OPEN_DRIFT if report.verdict.drift else 0)


@drift_app.command()
def acknowledge(
    context: typer.Context, number: NumberArgument, field: FieldArgument, entity: EntityOption, reason: WhyOption = ""
) -> None:
    """You know of the difference, and let the next run overwrite Loket's value."""
    with _deciding(context, entity, reason) as deciding:
        deciding.acknowledge(EmployeeNumber(number), FieldPath(field))
    _say(f"the difference in {field} of {number} is acknowledged; the next run overwrites Loket's value")


@drift_app.command()
def accept(
    context: typer.Context,
    number: NumberArgument,
    field: FieldArgument,
    entity: EntityOption,
    reason: WhyOption = "",
    until: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="Its last day; 30 days from now by default.", show_default=False),
    ] = None,
) -> None:
    """Leave Loket's value as it is for a time. Only where the entity allows it (allow_accepted_drift)."""
    with _deciding(context, entity, reason) as deciding:
        last = deciding.accept(EmployeeNumber(number), FieldPath(field), until=until)
    _say(f"{field} of {number} is left as it is in Loket until {last}, or until Personio changes it")


@drift_app.command()
def keep(
    context: typer.Context, number: NumberArgument, field: FieldArgument, entity: EntityOption, reason: WhyOption = ""
) -> None:
    """Loket's value is the right one: put it on the list of what is to be entered in Personio."""
    with _deciding(context, entity, reason) as deciding:
        deciding.keep(EmployeeNumber(number), FieldPath(field))
    _say(f"enter Loket's {field} of {number} in Personio before the next run, which would overwrite it")


@drift_app.command("extend")
def extend_command(
    context: typer.Context,
    number: NumberArgument,
    field: FieldArgument,
    entity: EntityOption,
    until: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="Its last day; 30 days from now by default.", show_default=False),
    ] = None,
    reason: WhyOption = "",
) -> None:
    """Leave an accepted value as it is until another day; its reason stands, unless you give a new one."""
    with _journal(context) as (settings, journal):
        about = (EmployeeNumber(number), FieldPath(field))
        last = extend(settings.policy(entity), journal, *about, until=until, reason=reason)
    _say(f"{field} of {number} is left as it is in Loket until {last}, or until Personio changes it")


@drift_app.command()
def withdraw(
    context: typer.Context, number: NumberArgument, field: FieldArgument, entity: EntityOption, reason: WhyOption = ""
) -> None:
    """Take back what was decided about a difference: the next run judges it as if nobody had decided anything."""
    with _deciding(context, entity, reason) as deciding:
        deciding.withdraw(EmployeeNumber(number), FieldPath(field))
    _say(f"nothing is decided about {field} of {number} any more")


@drift_app.command("to-do")
def to_do(
    context: typer.Context,
    entity: EntityOption,
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """The values of Loket that someone kept, and that are still to be entered in Personio."""
    with with_tools(context, reading=True) as (settings, tools, actor):
        wanted = settings.policy(entity).entity.personio_id
        kept = values_to_enter(tools, wanted)
        if unmask:
            numbers = {one.row.employee_number for one in kept}
            people = {subject_of(wanted, one, log=tools.log) or f"{one}" for one in numbers}
            record_cli_unmasking(tools, unmask_with(settings, actor, "drift to-do", reason), entity, people)
        data = present.to_enter(wanted, kept, unmask=unmask)
    print_data(context, as_json, output, data, to_do_table)


@drift_app.command("hold-out")
def hold_out(
    context: typer.Context,
    number: NumberArgument,
    entity: EntityOption,
    reason: WhyOption = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Let the person take part after all.")] = False,
) -> None:
    """Leave this person out of the next run that writes. Only where the entity allows it (allow_accepted_drift)."""
    with _deciding(context, entity, reason) as deciding:
        if withdraw:
            deciding.let_in(EmployeeNumber(number))
        else:
            deciding.hold_out(EmployeeNumber(number))
    _say(f"{number} takes part in the next run" if withdraw else f"the next run leaves {number} out, and only that one")


@app.command("terminations")
def terminations_command(
    context: typer.Context, entity: EntityOption, as_json: JsonOption = False, output: FormatOption = "table"
) -> None:
    """Who is out because Loket ended the employment, since when, who came back, and where the systems disagree."""
    with with_tools(context) as (settings, tools, _actor), reporting() as progress:
        seen = preview(settings.policy(entity), tools, progress=progress)
        found = terminations(seen.plan, tools.views.terminations.end_dates(seen.entity))
    data = present_terminations.terminations(entity, seen.business_date, found)
    print_data(context, as_json, output, data, terminations_table)


@app.command("forecast")
def forecast_command(
    context: typer.Context,
    entity: EntityOption,
    run_on: Annotated[
        list[date] | None,
        typer.Option(
            parser=day, metavar="DATE", help="Instead of the runs that are planned; repeatable.", show_default=False
        ),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=12, help="How far to look ahead.")] = 3,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """What the systems show ahead against the planned runs: pay, starts, last days, end dates; nothing else is told.

    Planned runs are those of the configuration (sync in [legal_entity.schedule]), unless you name others.
    """
    with with_tools(context) as (settings, tools, _actor), reporting() as progress:
        policy = settings.policy(entity)
        sync = (policy.entity.personio_id, Job.SYNC)
        runs = tuple(run_on or ()) or planned_days(settings.planned(), sync, tools.clock.now(), 31 * months)
        found = look_ahead(policy, tools, runs, months_ahead=months, progress=progress)
    print_data(context, as_json, output, present_forecast.forecast(entity, found), forecast_table)


@contextmanager
def _deciding(context: typer.Context, entity: str, reason: str) -> Iterator[Deciding]:
    with _journal(context) as (settings, journal):
        yield Deciding(settings.policy(entity), journal, reason)


@contextmanager
def _journal(context: typer.Context) -> Iterator[tuple[Settings, Journal]]:
    with with_tools(context) as (settings, tools, actor):
        yield settings, Journal(tools=tools, actor=actor, correlation=f"decision-{new_run_id(tools.clock.now())}")
        tools.log.checkpoint()


def _say(text: str) -> None:
    print(printable(text))


def drift_table(console: Console, data: dict[str, Any]) -> None:
    console.print(
        f"Legal entity {data['legal_entity']}: {so_many(data['compared'], 'person', 'people')} compared, "
        f"{so_many(len(data['drift']), 'field', 'fields')} drifted, "
        f"{so_many(len(data['pending']), 'waits', 'wait')} for the next run"
    )
    table = Table("Number", "Field", "Personio", "Loket", "Since", "Cause", box=None, pad_edge=False)
    for one in data["drift"]:
        values = ("blank" if one[side] is None else one[side] for side in ("personio", "loket"))
        table.add_row(
            str(one["employee_number"]), one["field"], *values, local_day(one["since"]), one["cause"].replace("_", " ")
        )
    for one in data["pending"]:
        table.add_row(str(one["employee_number"]), one["field"], "", "", "", "pending in Personio")
    for one in data.get("accepted", ()):
        table.add_row(str(one["employee_number"]), one["field"], "", "", "", f"accepted until {one['until']}")
    if table.row_count:
        console.print(table)
    for one in data.get("witness", {}).get("differences", ()):
        if one["result"] != "not_attributable":
            by = f" by {one['by']}" if one["by"] else ""
            when = f" on {local_day(one['at'])}" if one["at"] else ""
            said = f"Loket's audit trail: {one['employee_number']} {one['field']} {one['result'].replace('_', ' ')}"
            console.print(f"{said}{by}{when}", markup=False)
    if data.get("witness", {}).get("readable") is False:
        console.print("Loket's audit trail cannot be read: who changed a value there is not known.", style="dim")
    for one in data["not_compared"]:
        console.print(
            f"not compared: {one['employee_number']} {one['field']} ({one['why']})", style="dim", markup=False
        )
    for one in data["left_out"]:
        console.print(f"left out: {one['employee_number']} ({one['reason']})", style="dim", markup=False)


def to_do_table(console: Console, data: dict[str, Any]) -> None:
    table = Table("Number", "Field", "Value in Loket that was kept", "Kept on", box=None, pad_edge=False)
    for one in data["to_enter"]:
        table.add_row(str(one["employee_number"]), one["field"], str(one["value"]), local_day(one["kept_at"]))
    console.print(table if table.row_count else "Nothing is left to be entered in Personio.")


def terminations_table(console: Console, data: dict[str, Any]) -> None:
    table = Table(
        "Number", "Income number", "End date in Loket", "Out since", "By hand in Loket", box=None, pad_edge=False
    )
    for one in data["out"]:
        todo = ", ".join(
            [*one["follow_up"], *(["copy the newer employment's numbers"] if one["newer_employment"] else [])]
        )
        since = local_day(one["since"]) if one["since"] else "just now"
        table.add_row(str(one["employee_number"]), str(one["income_number"]), one["end_date"], since, todo)
    console.print(table if table.row_count else "Nobody Active in Personio is out because Loket ended the employment.")
    if data["disagreements"]:
        ends = [one["ended_only_in"] for one in data["disagreements"]]
        console.print(
            f"The systems disagree on {len(ends)} of the end dates: {ends.count('loket')} ended in Loket only,"
            f" {ends.count('personio')} in Personio only."
        )
    for one in data["open_in_loket"]:
        console.print(
            f"Inactive in Personio, open in Loket: {one['employee_number']} (income number {one['income_number']})",
            markup=False,
        )
    for one in data["intervals"]:
        if one["until"]:
            how = "reinstated" if one["reinstated"] else "went on in another employment"
            console.print(
                f"{one['employee_number']}: out from {local_day(one['since'])}, {how} {local_day(one['until'])}",
                markup=False,
            )


def forecast_table(console: Console, data: dict[str, Any]) -> None:
    table = Table("On", "Number", "What", "First planned run", box=None, pad_edge=False)
    for one in data["upcoming"]:
        table.add_row(one["on"], str(one["employee_number"] or ""), one["what"], one["first_run"] or "none")
    console.print(table if table.row_count else f"Neither system shows anything ahead until {data['until']}.")
    for one in data["warnings"]:
        console.print(one, style="yellow", markup=False)
