"""`tweeluik webhooks`: registers our address at Personio, says how it goes, and takes the registration back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import typer
from rich.console import Console

from adapters.personio.webhooks import EVENTS, PersonioWebhooks, Registered
from api.bootstrap import Store, open_hint_store, open_store, personio_client, verdict_file
from api.cli.app import app
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data
from api.config.settings import Settings
from api.jobs.webhook_follower import GAPS
from api.presenters.values import local_time
from domain.errors import Misconfigured
from domain.events.setup import WebhookRegistered, WebhookRemoved
from domain.log import Fact, Meta, Pending, StreamAppend
from domain.streams import CUSTODY
from domain.values import Actor

webhooks = typer.Typer(help="Personio's webhooks.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(webhooks, name="webhooks")


@webhooks.command("install")
def install(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Registers this server at Personio, or sets an older registration right; then asks for a first delivery.

    Run it again after a change of token: Personio never shows the one it has.
    """
    with _personio(context, changing=True) as (settings, registry):
        token = settings.personio.webhooks.token.get_secret_value()
        installed = registry.install(settings.personio.webhooks.address, token)
        with open_store(settings) as store:
            fact = WebhookRegistered(webhook=installed.id, url=installed.url, events=EVENTS, rule="RUN-9")
            _record(store, context.obj.actor, fact)
        registry.ping(installed)
        print_data(context, as_json, output, _shown(installed), _table)


@webhooks.command("status")
def status(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """What Personio has registered for this server, when something last came, and what the last look for gaps found."""
    with _personio(context) as (settings, registry), open_hint_store(settings) as hints:
        found = registry.at(settings.personio.webhooks.address)
        looked = hints.noted(GAPS)
        data = {
            **_shown(found, settings.personio.webhooks.address),
            "last_received": _to_the_second(hints.last_received()),
            "waiting": hints.how_many_wait(),
            "gaps_looked_for": _to_the_second(looked[0] if looked else None),
            "gaps": looked[1] if looked else None,
        }
        print_data(context, as_json, output, data, _table)


@webhooks.command("remove")
def remove(context: typer.Context) -> None:
    """Takes the registration at Personio back; nothing to take back is fine too."""
    with _personio(context, changing=True) as (settings, registry):
        if not registry.remove(settings.personio.webhooks.address):
            print("there was no webhook for this address")
            return
        with open_store(settings) as store:
            _record(store, context.obj.actor, WebhookRemoved(url=settings.personio.webhooks.address, rule="RUN-9"))
        print("removed; Personio sends nothing any more")


@contextmanager
def _personio(context: typer.Context, *, changing: bool = False) -> Iterator[tuple[Settings, PersonioWebhooks]]:
    settings: Settings = context.obj.settings()
    if not settings.personio.webhooks.enabled:
        raise Misconfigured("personio.webhooks.enabled is not set: `tweeluik serve` would answer nothing")
    if changing:
        verdict_file(settings.log).believed()  # what is changed has to be recorded
    with closing(personio_client(settings)) as client:
        yield settings, client.webhooks


def _record(store: Store, actor: Actor, fact: Fact) -> None:
    """The only thing that Tweeluik changes in Personio is told to whoever audits it."""
    meta = Meta(recorded_at=store.clock.now(), actor=actor, correlation="webhooks")
    version = len(store.log.stream(CUSTODY))
    store.log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
    store.log.checkpoint()


def _shown(found: Registered | None, url: str = "") -> dict[str, Any]:
    if found is None:
        return {"registered": False, "url": url, "status": None, "missing_events": list(EVENTS)}
    missing = [one for one in EVENTS if one not in found.events]
    return {"registered": True, "url": found.url, "status": found.status, "missing_events": missing}


def _to_the_second(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _table(console: Console, data: dict[str, Any]) -> None:
    times = {name: local_time(data[name]) for name in ("last_received", "gaps_looked_for") if data.get(name)}
    for name, value in (data | times).items():
        told = ", ".join(value) if isinstance(value, list) else value
        console.print(f"{name.replace('_', ' ')}: {'–' if told in (None, '') else told}")
