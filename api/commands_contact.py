"""The commands of first contact: sign in to Loket, write a configuration, examine a tenant."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from adapters.loket import sign_in
from api.bootstrap import open_store
from api.cli import app
from api.first_settings import configuration_path, load_first
from api.secret_file import keep_secret
from domain.contact_events import LoketSignedIn
from domain.errors import Misconfigured
from domain.log import Meta, Pending, StreamAppend
from domain.streams import CUSTODY

_REDIRECT: Final = "http://127.0.0.1:8423/callback"
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
        token = sign_in.exchange(first.loket.token_url, client_id, secret, code, redirect)
        sign_in.keep(store.log.vault, client_id, first.loket.refresh_token.get_secret_value(), token)
        meta = Meta(recorded_at=store.clock.now(), actor=context.obj.actor, correlation="login")
        version = len(store.log.stream(CUSTODY))
        fact = LoketSignedIn(client_id=client_id, rule="RUN-9")
        store.log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
        store.log.checkpoint()
    print("signed in; the token is in the key store, and renews itself from now on")


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
    print(f"kept in {kept}, readable by you only", file=sys.stderr)
    return told


def _listened(address: str, redirect: str, state: str) -> str:
    at = urlsplit(redirect)
    if at.scheme != "http" or at.hostname not in sign_in.LOOPBACK:
        raise Misconfigured("only a redirect to this machine (http://127.0.0.1:…) can be listened to: use --paste")
    with sign_in.Redirects(redirect, state) as redirects:
        print(f"Sign in to Loket with a browser:\n{address}", flush=True)
        if _has_screen():
            webbrowser.open(address)
        return redirects.code(_PATIENCE)


def _has_screen() -> bool:
    """A browser of the terminal itself would take it away from us."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform == "darwin" or any(map(os.environ.get, screens)))


def _pasted(address: str, state: str) -> str:
    print(f"Sign in to Loket with a browser, on any machine:\n{address}", flush=True)
    question = "The address the browser was sent to then"
    told = str(typer.prompt(question, hide_input=True, err=True)) if sys.stdin.isatty() else sys.stdin.readline()
    return sign_in.code_in(told, state)
