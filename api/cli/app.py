"""The one Typer application and the options before a command; every command registers itself here when it is loaded."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from api.cli.listed import COMMANDS
from api.cli.options import JsonOption

if TYPE_CHECKING:
    from api.config.settings import Settings
    from domain.values import Actor

USAGE, FINDINGS, ERRORS, IN_PROGRESS, UNREADABLE, DAMAGED, BRAKED = 2, 3, 4, 5, 6, 8, 10
"""Exit codes."""


class Unloaded(TyperCommand):
    """A command as help and a shell's completion list it; running it needs its module."""


class Commands(TyperGroup):
    """Every command of `COMMANDS`; the module of one is loaded when it is the one that runs."""

    def __init__(self, *, commands: dict[str, Any], **about: Any) -> None:
        listed = {name: Unloaded(name, help=one.help) for name, one in COMMANDS.items()}
        super().__init__(commands=listed | commands, **about)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuses an empty word, as a script's variable without a value leaves one: it would mean everything."""
        from domain.errors import Misconfigured

        for before, word in pairwise(("", *(() if ctx.resilient_parsing else args))):
            option = before if not word else word[:-1] if word.startswith("--") and word.endswith("=") else None
            if option is not None:
                where = f"{option} has no value" if option.startswith("-") else "a word of the command is empty"
                raise Misconfigured(f"{where}: leave it out, or say what is meant")
        return list(super().parse_args(ctx, args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if isinstance(command, Unloaded) and name else command, rest


def loaded(name: str) -> Any:
    """The command itself."""
    import_module(f"api.cli.commands.{COMMANDS[name].module}")
    return typer.main.get_group(app).commands[name]


app = typer.Typer(
    name="tweeluik",
    cls=Commands,
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
    tenants: Path = Path()
    tenant: str = ""

    def settings(self) -> Settings:
        if self.tenant:
            from api.config.tenants import Folder

            return Folder(self.tenants).one(self.tenant)
        from api.config.settings import load

        return load(self.config)


@app.callback()
def invocation(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", help="The configuration file.", show_default=False)] = None,
    as_name: Annotated[str, typer.Option("--as", help="Who you are, for the log.", show_default=False)] = "",
    as_json: JsonOption = False,
    tenant: Annotated[
        str, typer.Option("--tenant", help="One customer of the folder of tenants.", show_default=False)
    ] = "",
    tenants: Annotated[
        Path | None, typer.Option("--tenants", help="That folder; ./tenants by default.", show_default=False)
    ] = None,
) -> None:
    """Keeps Loket the same as Personio by the documented rules, and remembers every change."""
    from adapters.logs import without_texts_of_libraries
    from api.telemetry import configure_telemetry
    from domain.four_eyes import named

    told = as_name or os.environ.get("TWEELUIK_ACTOR")
    actor = named(told) if told else _account()
    folder = tenants or Path(os.environ.get("TWEELUIK_TENANTS") or "tenants")
    context.obj = Invocation(_of_tenant(config, folder, tenant), actor, as_json, folder, tenant)
    without_texts_of_libraries()
    configure_telemetry()


def _of_tenant(config: Path | None, folder: Path, tenant: str) -> Path | None:
    """The configuration that the command is about. Raises NotFound for a tenant that does not exist."""
    if not tenant:
        return config
    from api.config.tenants import Folder, refuse_variables_for_all

    if config is not None:
        raise typer.BadParameter("name a configuration with --config or a customer with --tenant, not both")
    refuse_variables_for_all()
    return Folder(folder).file(tenant)


def _account() -> Actor:
    """The operating system's account; its number where a container runs as somebody who has no name."""
    from domain.errors import Misconfigured
    from domain.four_eyes import named

    try:
        return named(getpass.getuser())
    except (KeyError, OSError):
        return named(f"uid:{os.getuid()}")
    except Misconfigured as reason:
        raise Misconfigured(
            f"this account's name cannot be put on record ({reason}): say who you are with --as or TWEELUIK_ACTOR"
        ) from None
