"""The commands of first contact: sign in to Loket, and examine a tenant."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from adapters.loket import sign_in
from api.bootstrap import loket_client, open_store, open_tools, personio_client
from api.cli.another_file import under_another_file
from api.cli.app import app
from api.cli.options import EntityOption, FormatOption, JsonOption
from api.cli.output import print_data, printable, say
from api.config.first import configuration_path, load_first
from api.config.secrets import keep_secret
from api.config.settings import Settings
from api.jobs.webhook_follower import examined
from api.progress import reporting
from api.tasks.log_room import examined_room
from domain.attributes import Role
from domain.errors import Misconfigured
from domain.events.setup import LoketSignedIn
from domain.examination import Check, Verdict
from domain.log import Meta, Pending, StreamAppend
from domain.planning.business_date import business_date
from domain.services.journal import Journal
from domain.services.setup.acceptance import require_acceptance, try_out
from domain.services.setup.examine import examine, record_examination
from domain.settings import ComponentKind, Policy
from domain.streams import CUSTODY, examination_stream
from domain.values import EmployeeNumber

_REDIRECT: Final = "http://127.0.0.1:8423/callback"
FAULT_FOUND: Final = 9
_PATIENCE: Final = 300.0  # seconds for a person to sign in


@app.command()
def login(
    context: typer.Context,
    client_id: Annotated[str, typer.Option(help="Loket's id of your client.", show_default=False)] = "",
    redirect: Annotated[str, typer.Option(help="The redirect address registered at Loket.")] = _REDIRECT,
    paste: Annotated[
        bool, typer.Option("--paste", help="Type in the address the browser was sent to: for a machine without one.")
    ] = False,
) -> None:
    """Signs in to Loket with a browser and keeps the token, encrypted, in the key store. Loket has no other way in."""
    path = configuration_path(context.obj.config)
    first = load_first(path)
    client_id = client_id or first.loket.client_id or asked("Loket client id")
    secret = first.loket.client_secret.get_secret_value() or asked_secret(
        path, "loket", "client_secret", "Loket client secret"
    )
    state = secrets.token_urlsafe(24)
    address = sign_in.authorize_address(first.loket.token_url, client_id, redirect, state)
    with open_store(first) as store:
        code = _pasted(address, state) if paste else _listened(address, redirect, state)
        signed_in = partial(sign_in.exchange, first.loket.token_url, client_id, secret, code, redirect)
        sign_in.keep(store.log.vault, client_id, first.loket.refresh_token.get_secret_value(), signed_in)
        meta = Meta(recorded_at=store.clock.now(), actor=context.obj.actor, correlation="login")
        version = len(store.log.stream(CUSTODY))
        fact = LoketSignedIn(client_id=client_id, rule="RUN-9")
        store.log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
        store.log.checkpoint()
    print("signed in; the token is in the key store, and renews itself from now on")


@app.command()
def doctor(
    context: typer.Context,
    entity: EntityOption,
    acceptance: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            help="Instead, in Loket's acceptance environment only, try out what only writing can tell, on a made-up "
            "employee of this number.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --acceptance: write without asking.")] = False,
    what_if: Annotated[
        Path | None,
        typer.Option(
            "--what-if",
            metavar="FILE",
            help="Instead: what this configuration file would have made of the last 90 days.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Examines a tenant: reads both systems, writes to neither, and says of every fault what to do.

    Also tells what holds here of the behaviours that both systems' documents leave open. Ends with 9 on a fault.
    """
    settings = context.obj.settings()
    policy = settings.policy(entity)
    if what_if is not None:
        return under_another_file(context, entity, what_if, as_json, output)
    if acceptance is not None:
        return _try_out(context, settings, policy, EmployeeNumber(acceptance), yes, as_json, output)
    with (
        open_store(settings) as store,
        closing(personio_client(settings, lists_attributes=False)) as personio,
        closing(loket_client(settings, store)) as loket,
        open_tools(settings, store, personio=personio, loket=loket) as tools,
    ):
        today = business_date(store.clock.now())
        ids = {Role(role): attribute for role, attribute in settings.personio.attributes.items()}
        looks = personio.look(policy.entity, today=today), loket.look(policy.entity, today=today)
        with reporting("examining both systems"):
            checks = examine(policy, tools, *looks, ids, settings.loket.codes.country, today=today)
        checks += (*examined(settings, personio.webhooks, store.clock.now()), *examined_room(store.log))
        record_examination(Journal(tools=tools, actor=context.obj.actor, correlation="doctor"), policy, checks)
        store.log.checkpoint()
    _print_checks(context, entity, checks, as_json, output)
    raise typer.Exit(FAULT_FOUND if any(one.verdict is Verdict.FAULT for one in checks) else 0)


def _try_out(
    context: typer.Context,
    settings: Settings,
    policy: Policy,
    number: EmployeeNumber,
    yes: bool,
    as_json: bool,
    output: str,
) -> None:
    """Writes to one made-up employee, after a yes, and never in production."""
    host = urlsplit(settings.loket.base_url).hostname or ""
    require_acceptance(host)
    entity = policy.entity.personio_id
    if not yes and asked(f"write to employee {number} of {host}? Type yes").casefold() != "yes":
        raise Misconfigured("nothing was written")
    with (
        open_store(settings) as store,
        closing(personio_client(settings)) as personio,
        closing(loket_client(settings, store)) as loket,
        open_tools(settings, store, personio=personio, loket=loket) as tools,
    ):
        loket.check(policy.entity)
        recurring = (one.key for one in policy.pay.components.values() if one.kind is ComponentKind.RECURRING)
        history = store.log.stream(examination_stream(entity))
        trials = loket.trials(business_date(store.clock.now()))
        checks = try_out(trials, policy.entity, number, next(recurring, None), history)
        record_examination(Journal(tools=tools, actor=context.obj.actor, correlation="doctor"), policy, checks)
        store.log.checkpoint()
    _print_checks(context, entity, checks, as_json, output)


def _print_checks(context: typer.Context, entity: str, checks: Iterable[Check], as_json: bool, output: str) -> None:
    rows = [{"check": one.name, "verdict": one.verdict.value, "told": one.told, "do": one.do} for one in checks]
    print_data(context, as_json, output, {"legal_entity": entity, "checks": rows}, _examination)


def _examination(console: Console, data: Any) -> None:
    table = Table("Check", "Verdict", "Seen", "To do", box=None)
    for one in data["checks"]:
        table.add_row(one["check"], one["verdict"], one["told"], one["do"])
    console.print(table)


def asked(question: str) -> str:
    """An answer from the terminal. Raises Misconfigured where there is none."""
    if not sys.stdin.isatty():
        raise Misconfigured(f"{question}: name it by its option, there is no terminal to ask on")
    return str(typer.prompt(question, err=True)).strip()


def asked_secret(path: Path, section: str, key: str, question: str) -> str:
    """The same without showing it; kept in the secrets beside the configuration."""
    variable = f"TWEELUIK_{section}__{key}".upper()
    if not sys.stdin.isatty():
        raise Misconfigured(f"{question}: set {variable}, there is no terminal to ask on")
    told = str(typer.prompt(question, default="", show_default=False, hide_input=True, err=True)).strip()
    if not told:
        return told
    kept = keep_secret(path, section, key, told)
    say(f"kept in {kept}, readable by you only")
    return told


def _listened(address: str, redirect: str, state: str) -> str:
    at = urlsplit(redirect)
    if at.scheme != "http" or at.hostname not in sign_in.LOOPBACK:
        raise Misconfigured("only a redirect to this machine (http://127.0.0.1:…) can be listened to: use --paste")
    with sign_in.Redirects(redirect, state) as redirects:
        print(printable(f"Sign in to Loket with a browser:\n{address}"), flush=True)
        if _has_screen():
            webbrowser.open(address)
        return redirects.code(_PATIENCE)


def _has_screen() -> bool:
    """A browser of the terminal itself would take it away from us."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform == "darwin" or any(map(os.environ.get, screens)))


def _pasted(address: str, state: str) -> str:
    print(printable(f"Sign in to Loket with a browser, on any machine:\n{address}"), flush=True)
    question = "The address the browser was sent to then"
    told = str(typer.prompt(question, hide_input=True, err=True)) if sys.stdin.isatty() else sys.stdin.readline()
    return sign_in.code_in(told, state)
