"""The command line: data to stdout, progress and messages to stderr, every fault one clear line and an exit code."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from api import shown, tables
from api.bootstrap import Store, open_store, open_tools
from api.config import Settings, load
from api.identifiers import new_run_id as new_run_id
from api.logs import configure_logs
from api.pilot import pilot
from api.progress import reporting
from api.telemetry import configure_telemetry, traced
from api.verification import verify_log
from domain.errors import LogDamaged, Misconfigured, NotFound, ReadFailed, RunAlreadyInProgress, TweeluikError
from domain.services.journal import Tools
from domain.services.reports.unmask import record_unmasking
from domain.services.sync.preview import Preview, preview
from domain.services.sync.report import RunReport, RunStatus
from domain.services.sync.run import run_sync
from domain.streams import loket_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, RunId
from domain.views.history import lines
from domain.views.runs import told

USAGE, FINDINGS, ERRORS, IN_PROGRESS, UNREADABLE, DAMAGED, BRAKED = 2, 3, 4, 5, 6, 8, 10
_EXIT_OF_REFUSAL: Final = {"RUN-3": IN_PROGRESS, "RUN-7": UNREADABLE, "RUN-9": USAGE, "BRAKE": BRAKED}

app = typer.Typer(
    name="tweeluik",
    help="Keeps Loket the same as Personio by the documented rules, and remembers every change.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="Try it without any account:  tweeluik demo",
)
EntityOption = Annotated[str, typer.Option("--entity", help="Personio id of the legal entity.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
FormatOption = Annotated[str, typer.Option("--format", help="table or json.", show_default=True)]
UnmaskOption = Annotated[bool, typer.Option("--unmask", help="Show personal values; recorded with your name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why the values must be shown.", show_default=False)]


@dataclass(slots=True)
class Invocation:
    """The options that stand before the command."""

    config: Path | None
    actor: Actor
    as_json: bool

    def settings(self) -> Settings:
        return load(self.config)


@app.callback()
def invocation(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default=False)] = None,
    as_name: Annotated[str, typer.Option("--as", help="Who you are, for the log.", show_default=False)] = "",
    as_json: JsonOption = False,
) -> None:
    """Keeps Loket the same as Personio by the documented rules, and remembers every change."""
    actor = as_name or os.environ.get("TWEELUIK_ACTOR") or getpass.getuser()
    context.obj = Invocation(config, Actor(actor), as_json)
    configure_logs()
    configure_telemetry()


@app.command()
def sync(
    context: typer.Context,
    entity: EntityOption,
    confirm: Annotated[
        str | None, typer.Option(help="Fingerprint of a plan the brake stopped for someone else.", show_default=False)
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
    6 a system could not be read, 10 stopped by the brake.
    """
    with with_tools(context) as (settings, tools, actor):
        policy = settings.policy(entity)
        if only:
            policy = pilot(policy, tools, only)
        if unmask:
            record_cli_unmasking(tools, actor, "sync", reason, entity)
        run_id = new_run_id(tools.clock.now())
        with reporting() as said, traced("sync run", entity, run_id, said) as progress:
            report = run_sync(policy, tools, actor=actor, run_id=run_id, confirm=confirm, progress=progress)
    print_data(context, as_json, output, shown.run_report(report, unmask=unmask), tables.run_report)
    if report.status is RunStatus.REFUSED:
        print(f"tweeluik: {report.message}", file=sys.stderr)
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
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Another business date, for what the systems show ahead (pay)."),
    ] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """What a sync would write, and its fingerprint; nothing is written. Ends with 3 when findings block it."""
    with _preview(context, entity, on, "plan" if unmask else "", reason) as seen:
        print_data(context, as_json, output, shown.plan(seen, unmask=unmask), tables.plan)
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
    """Findings of every included person. Ends with 3 when there are any."""
    with _preview(context, entity, None, "validate" if unmask else "", reason) as seen:
        print_data(context, as_json, output, shown.findings(seen, unmask=unmask), tables.findings)
        raise typer.Exit(FINDINGS if seen.plan.blocked else 0)


@app.command()
def people(
    context: typer.Context, entity: EntityOption, as_json: JsonOption = False, output: FormatOption = "table"
) -> None:
    """Everyone: included, or left out by which rule; findings and what to do."""
    with _preview(context, entity, None, "", "") as seen:
        print_data(context, as_json, output, shown.people(seen), tables.people)


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
    print_data(context, as_json, output, shown.attributes(rows, settings.personio.attributes), tables.attributes)


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
    with _store(context) as (settings, store, actor):
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
        print_data(context, as_json, output, shown.history(entity, number, lines(events)), tables.history)


@app.command()
def runs(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(help="One run, with every outcome.", show_default=False)] = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """Past runs, newest first; or one of them with every outcome."""
    with _store(context) as (_, store, actor):
        store.views.catch_up()
        if not run_id:
            rows = [shown.run_row(row) for row in store.views.runs.runs()]
            print_data(context, as_json, output, {"runs": rows}, tables.runs)
            return
        row = store.views.runs.run(RunId(run_id))
        if row is None:
            raise NotFound(f"the log knows no run {run_id}")
        outcomes = store.views.runs.outcomes(row.run_id)
        events = store.log.at(sorted(place for one in outcomes for place in one.positions))
        if unmask:
            record_unmasking(
                store.log, store.vault, store.clock,
                actor=actor, what=f"run {run_id}", reason=reason, entity=row.legal_entity,
            )  # fmt: skip
            events = store.vault.opened(events)
            store.log.checkpoint()
        else:
            events = store.vault.marked(events)
        print_data(
            context, as_json, output, shown.run_told(row, told(outcomes, events), unmask=unmask), tables.run_report
        )


@app.command()
def verify(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Checks the log against its checkpoints. Ends with 8 for every verdict but OK."""
    settings = context.obj.settings()
    result = verify_log(settings, actor=context.obj.actor)
    print_data(context, as_json, output, result.as_json(), tables.verification)
    raise typer.Exit(0 if result.ok else DAMAGED)


@app.command()
def rebuild(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Every view from zero, from the log alone."""
    with _store(context) as (_, store, _actor), reporting() as progress:
        store.views.rebuild(progress=progress)
        print_data(context, as_json, output, {"rebuilt": True, "events": store.log.size()}, tables.rebuilt)


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Leave both simulators running at the end.")] = False,
) -> None:
    """Plays the whole story on two simulated systems; needs no account and no configuration."""
    from api.demo import play  # the simulators are loaded only here

    raise typer.Exit(play(serve_after=serve))


@app.command()
def simulate(
    people_count: Annotated[int, typer.Option("--people", min=1, help="How large the company is.")] = 25,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company.")] = 1,
    personio_port: Annotated[int, typer.Option(help="0 picks a free one.")] = 0,
    loket_port: Annotated[int, typer.Option(help="0 picks a free one.")] = 0,
    config_out: Annotated[
        Path | None, typer.Option(help="Write a configuration that points at them.", show_default=False)
    ] = None,
) -> None:
    """Serves both simulators with a generated company until stopped."""
    from api.simulating import serve

    serve(people_count, seed, personio_port, loket_port, config_out)


@contextmanager
def _store(context: typer.Context) -> Iterator[tuple[Settings, Store, Actor]]:
    settings = context.obj.settings()
    with open_store(settings) as store:
        yield settings, store, context.obj.actor


@contextmanager
def with_tools(context: typer.Context) -> Iterator[tuple[Settings, Tools, Actor]]:
    with _store(context) as (settings, store, actor), open_tools(settings, store) as tools:
        yield settings, tools, actor


@contextmanager
def _preview(
    context: typer.Context, entity: str, on: datetime | None, unmasking: str, reason: str
) -> Iterator[Preview]:
    with with_tools(context) as (settings, tools, actor):
        policy = settings.policy(entity)
        if unmasking:
            record_cli_unmasking(tools, actor, unmasking, reason, entity)
        with reporting() as progress:
            seen = preview(policy, tools, on=on.date() if on else None, progress=progress)
        yield seen


def record_cli_unmasking(tools: Tools, actor: Actor, what: str, reason: str, entity: str) -> None:
    record_unmasking(
        tools.log, tools.vault, tools.clock, actor=actor, what=what, reason=reason, entity=LegalEntityId(entity)
    )
    tools.log.checkpoint()


def print_data(
    context: typer.Context, as_json: bool, output: str, data: dict[str, Any], table: Callable[[Console, Any], None]
) -> None:
    if output not in ("table", "json"):
        raise typer.BadParameter(f"--format is table or json, not {output}")
    if as_json or context.obj.as_json or output == "json":
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        table(Console(soft_wrap=not sys.stdout.isatty(), highlight=False), data)


_EXITS: Final[tuple[tuple[type[TweeluikError], int], ...]] = (
    (Misconfigured, USAGE),
    (NotFound, USAGE),
    (ReadFailed, UNREADABLE),
    (RunAlreadyInProgress, IN_PROGRESS),
    (LogDamaged, DAMAGED),
)


_UsageError: type[typer.BadParameter] = typer.BadParameter.mro()[2]  # every usage fault; typer does not export it


def main(arguments: list[str] | None = None) -> int:
    """Run one command; every expected fault is one line on stderr and an exit code."""
    try:
        code = app(arguments, standalone_mode=False, prog_name="tweeluik")
    except _UsageError as reason:
        print(_usage(reason), file=sys.stderr)
        return USAGE
    except TweeluikError as reason:
        print(f"tweeluik: {' '.join(str(reason).split())}", file=sys.stderr)
        return next((code for kind, code in _EXITS if isinstance(reason, kind)), USAGE)
    except (KeyboardInterrupt, typer.Abort):
        print("tweeluik: interrupted; the next command picks up what was left open", file=sys.stderr)
        return 130
    return code if isinstance(code, int) else 0


def _usage(reason: Any) -> str:
    """What was wrong with the words of a command and where to read on; a group alone gets its help."""
    told: str = reason.format_message()
    if type(reason).__name__ == "NoArgsIsHelpError":
        return told
    said = " ".join(told.split()).rstrip(".")
    return f"tweeluik: {said}; see {reason.ctx.command_path if reason.ctx else 'tweeluik'} --help"


def entry() -> None:
    sys.exit(main())


from api import (  # noqa: E402  they register their commands on the app above
    commands_access,  # noqa: F401
    commands_alerts,  # noqa: F401
    commands_audit,  # noqa: F401
    commands_contact,  # noqa: F401
    commands_drift,  # noqa: F401
    commands_erase,  # noqa: F401
    commands_init,  # noqa: F401
    commands_migrate,  # noqa: F401
    commands_schedule,  # noqa: F401
    commands_webhooks,  # noqa: F401
    commands_witness,  # noqa: F401
)
