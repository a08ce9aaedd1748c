"""The commands of access: keys create, list, revoke and seal, and the monthly review of who read what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from adapters.access.keys import AccessKeys
from api.bootstrap import Store, open_access_keys, open_store
from api.cli.app import app
from api.cli.dates import day
from api.cli.dates import month as a_month
from api.cli.opened import open_to_read
from api.cli.options import FormatOption, JsonOption, the_entity
from api.cli.output import print_data
from api.config.settings import Settings
from api.presenters.access import review
from api.presenters.values import local_time
from domain.access import KeyStanding, Role
from domain.errors import LogNotBelieved, Misconfigured
from domain.four_eyes import PROVIDER, NamedBy, named, named_by
from domain.planning.business_date import business_date
from domain.services.alerts.key_store import KeyStoreAlerts
from domain.values import Actor

keys = typer.Typer(help="Access keys of the HTTP API.", no_args_is_help=True, rich_markup_mode=None)


app.add_typer(keys, name="keys")

_PLAIN: Final = frozenset({KeyStanding.VALID, KeyStanding.EXPIRED, KeyStanding.REVOKED})
"""What happens to a key in the course of things."""


@keys.command("create")
def create(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help="What it permits.", show_default=False)],
    expires: Annotated[date, typer.Option(parser=day, metavar="DATE", help="Its last day.", show_default=False)],
    entity: Annotated[
        list[str] | None, typer.Option(help="A legal entity it sees; may be repeated.", show_default=False)
    ] = None,
    all_entities: Annotated[bool, typer.Option("--all-entities", help="It sees every legal entity.")] = False,
    holder: Annotated[
        str | None,
        typer.Option(
            help="Whose key it is, by name or as oidc:SUBJECT: the actor of all it does; yours by default.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Makes an access key and shows it this once; only a hash of it is kept."""
    if entity and all_entities:
        raise Misconfigured("name the legal entities with --entity, or give --all-entities")
    for one in entity or ():
        context.obj.settings().policy(one)  # before anything is opened or made
    if not entity and not all_entities:
        entity = [the_entity(context, "")]
    with _access(context) as (settings, store, access, actor):
        holder = actor if holder is None else named(holder)
        _may_hold(settings, holder)
        if expires < store.clock.now().date():
            raise Misconfigured("the key's last day has already passed")
        entities = None if all_entities else entity
        key, text = access.give(actor=actor, holder=holder, role=role, entities=entities, expires_on=expires)
        print_data(context, as_json, output, {"key_id": key.key_id, "key": text}, _created)


@keys.command("list")
def listed(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Every access key, without its secret."""
    with _access(context, reading=True) as (settings, store, access, _actor):
        with suppress(LogNotBelieved):
            KeyStoreAlerts(store.log, store.clock, settings.alerts.alert_targets()).stands(access.edited())
        rows = [
            {
                "key_id": one.key_id,
                "holder": one.holder,
                "role": one.role,
                "legal_entities": None if one.entities is None else sorted(one.entities),
                "expires_on": None if one.expires_on is None else one.expires_on.isoformat(),
                "status": one.standing.value if one.standing in _PLAIN else "not valid",
                "why": None if one.standing in _PLAIN else one.standing.value,
            }
            for one in access.listed()
        ]
        print_data(context, as_json, output, {"keys": rows}, lambda console, data: _rows(console, data["keys"]))


@keys.command("revoke")
def revoke(context: typer.Context, key_id: str, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Ends an access key at once, also while the log is not believed: revoke it once more later, for the record."""
    with _access(context, reading=True) as (_, _store, access, actor):
        access.revoke(key_id, actor=actor)
        print_data(
            context,
            as_json,
            output,
            {"revoked": key_id},
            lambda console, data: console.print(f"revoked {data['revoked']}"),
        )


@keys.command("seal")
def seal(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Takes over the keys from before keys were sealed, once: each is held against the log, and those that agree count.

    Look at `keys list` first and revoke what nobody needs. Whoever had the key store in hands may have exchanged a
    secret before, which nothing can tell: where that matters, create new keys instead.
    """
    with _access(context) as (_, _store, access, actor):
        sealed = access.seal(actor=actor)
        print_data(
            context,
            as_json,
            output,
            {"sealed": list(sealed)},
            lambda console, data: console.print(f"sealed: {', '.join(data['sealed']) or 'none'}"),
        )


@app.command("access-review")
def access_review(
    context: typer.Context,
    month: Annotated[
        date | None,
        typer.Option(
            parser=a_month, metavar="MONTH", help="Such as 2026-03; the current one by default.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Who read what in a month, whose values were shown, and which keys were given or revoked."""
    with open_to_read(context.obj.settings()) as store:
        asked = month or business_date(store.clock.now())
        print_data(context, as_json, output, review(store.log, f"{asked:%Y-%m}"), _reviewed)


def _may_hold(settings: Settings, holder: Actor) -> None:
    kind = named_by(holder)
    if kind is NamedBy.MACHINE:
        raise Misconfigured(f"a key is held by a person or a service of yours, never by {holder}")
    if kind is NamedBy.PROVIDER and settings.oidc is None:
        raise Misconfigured(f"a holder that begins with {PROVIDER} is a subject of the provider in [oidc]")


@contextmanager
def _access(context: typer.Context, *, reading: bool = False) -> Iterator[tuple[Settings, Store, AccessKeys, Actor]]:
    settings = context.obj.settings()
    with open_store(settings, reading=reading) as store, open_access_keys(settings, store) as access:
        yield settings, store, AccessKeys(access, store.log, store.clock), context.obj.actor


def _created(console: Console, data: dict[str, Any]) -> None:
    console.print(data["key"])


def _reviewed(console: Console, data: dict[str, Any]) -> None:
    for part in ("read", "unmasked", "keys"):
        console.print(f"{part}:")
        _rows(console, data[part])


def _rows(console: Console, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        console.print("  " + ", ".join(f"{name} {_shown(value)}" for name, value in row.items() if value is not None))


def _shown(value: object) -> object:
    """A time as clocks in the Netherlands show it."""
    if not isinstance(value, str) or not _INSTANT.match(value):
        return value
    return local_time(value)


_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|\+00:00)$")
