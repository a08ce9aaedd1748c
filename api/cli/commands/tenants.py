"""The commands of a bureau: tenants add, check, list and remove."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.bootstrap import database_identity
from api.cli.app import USAGE, app
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data, say
from api.config.tenants import Folder, Tenants, sharing
from api.tasks.tenants import added, removed
from api.tenants.places import databases
from domain.errors import Misconfigured
from domain.values import so_many

tenants = typer.Typer(
    help="Customers of one server, each with a configuration and a log of its own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(tenants, name="tenants")

NameArgument = Annotated[str, typer.Argument(help="Small letters, digits and dashes.", show_default=False)]


@tenants.command("add")
def add(context: typer.Context, name: NameArgument) -> None:
    """Makes the first lines of a customer's file, with places of its own for log, keys and checkpoints."""
    path = added(Folder(context.obj.tenants), name)
    say(f"wrote {path}; next: tweeluik --tenant {name} login, then init, which shows what else belongs into the file")


@tenants.command("list")
def listed(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Every customer, where it is found, and why one that does not run does not."""
    data = {"tenants": _rows(Folder(context.obj.tenants).read())}
    print_data(context, as_json, output, data, lambda console, told: _table(console, told["tenants"]))


@tenants.command("check")
def check(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> int:
    """Whether every file can be read, and no two customers name the same database, key, folder or administration.

    Databases on servers are asked which they are, where they answer: one may have many names.
    """
    found = Folder(context.obj.tenants).read()
    asked = {name: databases(one, database_identity) for name, one in found.settings.items()}
    rows = _rows(found.without(sharing({name: {f"database {one}" for one in own} for name, own in asked.items()})))
    wrong = [one for one in rows if one["why"]]
    data = {"tenants": len(rows), "wrong": wrong}
    print_data(context, as_json, output, data, lambda console, told: _told(console, told))
    return USAGE if wrong else 0


@tenants.command("remove")
def remove(
    context: typer.Context,
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Ends a customer's access, sessions and keys, on record, and keeps log, data keys and checkpoints as they are."""
    folder = Folder(context.obj.tenants)
    folder.file(name)
    if not yes:
        if not sys.stdin.isatty():
            raise Misconfigured("say --yes where nobody can be asked")
        typer.confirm(f"End all access to {name}? Its log stays.", abort=True, err=True)
    path, keys = removed(folder, name, context.obj.actor)
    revoked = so_many(keys, "key", "keys")
    say(f"revoked {revoked} and ended every session; the configuration is now {path}, and the log stays where it was")


def _rows(found: Tenants) -> list[dict[str, Any]]:
    running = {name: one.pages.public_url if one.pages else None for name, one in found.settings.items()}
    rows = [
        *({"tenant": name, "state": "runs", "address": address, "why": ""} for name, address in running.items()),
        *({"tenant": name, "state": "unfinished", "address": None, "why": ""} for name in found.unfinished),
        *({"tenant": name, "state": "stopped", "address": None, "why": why} for name, why in found.broken.items()),
    ]
    return sorted(rows, key=lambda one: str(one["tenant"]))


def _table(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Tenant", "", "Address", "Why"):
        table.add_column(title, overflow="fold")
    for one in rows:
        table.add_row(one["tenant"], one["state"], one["address"] or "", one["why"])
    console.print(table)


def _told(console: Console, data: dict[str, Any]) -> None:
    for one in data["wrong"]:
        console.print(f"{one['tenant']}: {one['why']}", markup=False)
    console.print(f"{so_many(data['tenants'], 'tenant', 'tenants')}, {len(data['wrong'])} with a fault", markup=False)
