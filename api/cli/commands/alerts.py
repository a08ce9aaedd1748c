"""The commands about alerts: what was raised and whom it reached, sending what is due, and trying a target."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from api.bootstrap import SystemClock, alert_channels, open_store
from api.cli.app import app
from api.cli.opened import open_to_read
from api.cli.options import FormatOption, JsonOption
from api.cli.output import print_data, printable
from api.config.settings import Settings
from api.languages import translations
from api.presenters import alerts as present
from api.presenters.values import local_time
from api.tasks.deliver_alerts import deliver_due
from domain.errors import Misconfigured
from domain.services.alerts.deliver import Post, sent

alerts_app = typer.Typer(help="What people are told, and whether it reached them.", rich_markup_mode=None)
app.add_typer(alerts_app, name="alerts")

TEST: Final = ("Tweeluik: a test", "This is how alerts of Tweeluik arrive here.")
EntityFilter = Annotated[str, typer.Option("--entity", help="Only of this legal entity.", show_default=False)]


@alerts_app.command("list")
def list_alerts(
    context: typer.Context,
    entity: EntityFilter = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, newest first.")] = 20,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """What was raised, newest first, and whom it reached."""
    settings: Settings = context.obj.settings()
    if entity:
        settings.policy(entity)  # a word that names no legal entity is no filter
    with open_to_read(settings) as store:
        store.views.catch_up()
        rows = store.views.alerts.raised([entity] if entity else None, before=None, limit=limit)
        data = {"alerts": present.alerts(rows, store.views.alerts, store.log)}
    print_data(context, as_json, output, data, _table)


@alerts_app.command()
def deliver(context: typer.Context) -> None:
    """Sends what is due, once. `tweeluik serve` and `tweeluik worker` do it by themselves."""
    settings: Settings = context.obj.settings()
    with open_store(settings) as store:
        typer.echo(printable(f"{deliver_due(settings, store)} delivered"))
        store.log.checkpoint()


@alerts_app.command("test")
def try_target(
    context: typer.Context, target: Annotated[str, typer.Argument(help="A name under [alerts.targets].")]
) -> None:
    """Sends one harmless message to a target, and says whether it took it. Nothing is recorded."""
    settings: Settings = context.obj.settings()
    channels = alert_channels(settings.alerts)
    if target not in channels:
        raise Misconfigured(f"no target {target} under [alerts.targets]; there are: {', '.join(channels) or 'none'}")
    now = SystemClock().now()
    told, channel = channels[target]
    title, text = (translations(told.language).gettext(one) for one in TEST)
    cause = sent(channel, Post(f"test-{now:%Y%m%dT%H%M%S}", title, text, now, {}), now)
    if cause is not None:
        raise Misconfigured(f"{target} did not accept it: {cause}")
    typer.echo(printable(f"{target} accepted it"))


def _table(console: Console, data: dict[str, Any]) -> None:
    if not data["alerts"]:
        console.print("Nothing was raised.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Raised", "Entity", "What", "Reached"):
        table.add_column(title, overflow="fold")
    for one in data["alerts"]:
        table.add_row(
            local_time(one["raised_at"]),
            one["legal_entity"] or "all",
            "\n".join(one["lines"]),
            "\n".join(map(_way, one["deliveries"])) or "nobody: no target wants it",
        )
    console.print(table)


def _way(one: dict[str, Any]) -> str:
    if one["state"] == "delivered":
        return str(one["target"])
    state = f"again at {local_time(one['next_at'])}" if one["state"] == "waiting" else "given up"
    return f"not {one['target']}: {one['cause'] or 'not sent yet'}, {state}"
