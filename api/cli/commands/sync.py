"""The commands around a run: sync, plan, validate, trust-versions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import typer

from api.cli.app import BRAKED, ERRORS, FINDINGS, IN_PROGRESS, UNREADABLE, USAGE, app
from api.cli.dates import day
from api.cli.opened import everyone_in, record_cli_unmasking, tell_estimate, unmask_with, with_preview, with_tools
from api.cli.options import EntityOption, FormatOption, JsonOption, ReasonOption, UnmaskOption, WhyOption
from api.cli.output import print_data, say
from api.identifiers import new_run_id as new_run_id
from api.presenters import plan as present_plan
from api.presenters import runs as present_runs
from api.presenters import tables
from api.presenters import tasks as present_tasks
from api.progress import reporting
from api.tasks.pilot import pilot
from api.telemetry import traced
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.services.journal import Journal
from domain.services.reading.versions_believed import trust_versions as trust
from domain.services.reports.unmask import subjects_of
from domain.services.sync.report import RunReport, RunStatus
from domain.services.sync.run import run_sync
from domain.services.tasks.validate import validate as make_validation
from domain.values import RunId

_EXIT_OF_REFUSAL: Final = {
    "RUN-3": IN_PROGRESS,
    "RUN-7": UNREADABLE,
    "RUN-9": USAGE,
    IMPLAUSIBLE_READ: UNREADABLE,
    "BRAKE": BRAKED,
}


@app.command()
def sync(
    context: typer.Context,
    entity: EntityOption,
    confirm: Annotated[
        str | None, typer.Option(help="Fingerprint of a plan the brake stopped for someone else.", show_default=False)
    ] = None,
    accept_read: Annotated[
        str | None,
        typer.Option(help="Fingerprint of a read that was not believed for someone else.", show_default=False),
    ] = None,
    only_if: Annotated[
        str | None,
        typer.Option(help="Fingerprint of the only plan that may be written (see plan).", show_default=False),
    ] = None,
    only: Annotated[
        list[int] | None,
        typer.Option(help="A pilot: this employee number only, repeatable; shows the plan first.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """One run: read both systems, decide, write to Loket, record everything.

    Ends with 0 completed, 3 blocked by findings, 4 completed with errors or unknown outcomes, 5 a run is in progress,
    6 a system could not be read, or a complete read is not believed, 10 stopped by the brake.
    """
    with with_tools(context) as (settings, tools, actor):
        policy = settings.policy(entity)
        if only:
            policy = pilot(policy, tools, only)
        if unmask:
            record_cli_unmasking(
                tools, unmask_with(settings, actor, "sync", reason), entity, everyone_in(tools, entity)
            )
        run_id = new_run_id(tools.clock.now())
        with reporting() as said, traced("sync run", entity, run_id, said) as progress:
            tell_estimate(tools, policy, progress)
            report = run_sync(
                policy,
                tools,
                actor=actor,
                run_id=run_id,
                confirm=confirm,
                accept_read=accept_read,
                only_if=only_if,
                progress=progress,
            )
    print_data(context, as_json, output, present_runs.run_report(report, unmask=unmask), tables.run_report)
    if report.status is RunStatus.REFUSED:
        say(f"tweeluik: {report.message}")
    raise typer.Exit(_exit_code(report))


def _exit_code(report: RunReport) -> int:
    if report.status is RunStatus.REFUSED:
        return _EXIT_OF_REFUSAL.get(report.reason or "", USAGE)
    return {RunStatus.BLOCKED: FINDINGS, RunStatus.COMPLETED_WITH_ERRORS: ERRORS}.get(report.status, 0)


@app.command()
def plan(
    context: typer.Context,
    entity: EntityOption,
    on: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="Another business date, for what the systems show ahead (pay)."),
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="Only people for whom something is written, or whose findings hold it.")
    ] = False,
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """What a sync would write, and its fingerprint; nothing is written. Ends with 3 when findings block it."""
    with with_preview(context, entity, on, "plan" if unmask else "", reason) as seen:
        print_data(context, as_json, output, present_plan.plan(seen, unmask=unmask, changes=changes), tables.plan)
        raise typer.Exit(FINDINGS if seen.plan.blocked else 0)


@app.command()
def validate(
    context: typer.Context,
    entity: EntityOption,
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """Findings of every included person, and what is other than at the last look. Ends with 3 when there are any.

    Nothing is written to Loket; the validation and what it found anew are on record.
    """
    with with_tools(context) as (settings, tools, actor):
        policy = settings.policy(entity)
        shown = unmask_with(settings, actor, "validate", reason) if unmask else None
        check_id = RunId(f"validation-{new_run_id(tools.clock.now())}")
        with reporting() as said, traced("validation", entity, check_id, said) as progress:
            made = make_validation(policy, tools, actor=actor, check_id=check_id, progress=progress)
        if shown:
            about = subjects_of((one.person for one in made.preview.plan.decisions), log=tools.log)
            record_cli_unmasking(tools, shown, entity, about)
    print_data(context, as_json, output, present_tasks.validation(made, unmask=unmask), tables.findings)
    raise typer.Exit(FINDINGS if made.preview.plan.blocked else 0)


@app.command("trust-versions")
def trust_versions(context: typer.Context, entity: EntityOption, reason: WhyOption = "") -> None:
    """Says that Loket's version numbers can be relied on again, after they were found wrong."""
    with with_tools(context) as (settings, tools, actor):
        journal = Journal(tools=tools, actor=actor, correlation=f"decision-{new_run_id(tools.clock.now())}")
        trust(settings.policy(entity), journal, reason=reason)
    typer.echo("after the next full read, only those are read again of whom Loket says that something moved")
