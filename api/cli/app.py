"""The one Typer application, the options before a command, and exit codes; every command registers itself here."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from api.bootstrap import Store, open_store, open_tools
from api.cli.options import JsonOption
from api.cli.output import as_json_text, printable_data, printing, tables
from api.config.settings import Settings, load
from api.identifiers import new_run_id as new_run_id
from api.logs import configure_logs
from api.presenters.progress import reporting
from api.telemetry import configure_telemetry
from domain.four_eyes import named
from domain.services.journal import Tools
from domain.services.reports.unmask import Unmasking, record_unmasking, subjects_of
from domain.services.sync.preview import Preview, preview
from domain.values import Actor, LegalEntityId

_EVERYONE: Final = 1_000_000
USAGE, FINDINGS, ERRORS, IN_PROGRESS, UNREADABLE, DAMAGED, BRAKED = 2, 3, 4, 5, 6, 8, 10


app = typer.Typer(
    name="tweeluik",
    help="Keeps Loket the same as Personio by the documented rules, and remembers every change.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="Try it without any account:  tweeluik demo",
)


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
    actor = named(as_name or os.environ.get("TWEELUIK_ACTOR") or _account())
    context.obj = Invocation(config, actor, as_json)
    configure_logs()
    configure_telemetry()


def _account() -> str:
    """The operating system's account; its number where a container runs as somebody who has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid:{os.getuid()}"


@contextmanager
def with_store(context: typer.Context, *, reading: bool = True) -> Iterator[tuple[Settings, Store, Actor]]:
    """For what only reads the log, which works on one that is not believed too."""
    settings = context.obj.settings()
    with open_store(settings, reading=reading) as store:
        yield settings, store, context.obj.actor


@contextmanager
def with_tools(context: typer.Context, *, reading: bool = False) -> Iterator[tuple[Settings, Tools, Actor]]:
    """`reading`: neither system is asked for anything."""
    with with_store(context, reading=reading) as (settings, store, actor), open_tools(settings, store) as tools:
        yield settings, tools, actor


@contextmanager
def with_preview(
    context: typer.Context, entity: str, on: datetime | None, unmasking: str, reason: str
) -> Iterator[Preview]:
    with with_tools(context) as (settings, tools, actor):
        policy = settings.policy(entity)
        with reporting() as progress:
            seen = preview(policy, tools, on=on.date() if on else None, progress=progress)
        if unmasking:
            about = subjects_of((one.person for one in seen.plan.decisions), log=tools.log)
            record_cli_unmasking(tools, unmask_with(settings, actor, unmasking, reason), entity, about)
        yield seen


def unmask_with(settings: Settings, actor: Actor, what: str, reason: str) -> Unmasking:
    return Unmasking(actor, what, reason, settings.access.people_a_day)


def record_cli_unmasking(tools: Tools, unmasking: Unmasking, entity: str, people: Collection[str]) -> None:
    record_unmasking(
        tools.log, tools.vault, tools.clock, unmasking=unmasking, entity=LegalEntityId(entity), people=people
    )
    tools.log.checkpoint()


def everyone_in(tools: Tools, entity: str) -> frozenset[str]:
    """Whoever may be shown by what reads both systems: everyone the log knows in the legal entity."""
    tools.views.catch_up()
    known = tools.views.sync_state.states(LegalEntityId(entity), after=None, limit=_EVERYONE)
    return subjects_of((one.person_id for one in known), log=tools.log)


def print_data(
    context: typer.Context, as_json: bool, output: str, data: dict[str, Any], table: Callable[[Console, Any], None]
) -> None:
    if output not in ("table", "json"):
        raise typer.BadParameter(f"--format is table or json, not {output}")
    with printing():
        if as_json or context.obj.as_json or output == "json":
            print(as_json_text(data))
        else:
            table(tables(), printable_data(data))
