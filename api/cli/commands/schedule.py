"""The commands about the schedule: what is planned and how it stands, and the worker that takes it on PostgreSQL."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.bootstrap import open_store
from api.cli.app import app
from api.cli.opened import open_to_read
from api.cli.options import FormatOption, JsonOption, TenantsOption
from api.cli.output import print_data
from api.config.settings import Settings
from api.presenters import schedule as present
from api.presenters.values import local_time
from domain.errors import Misconfigured
from domain.services.keep_schedule import standing_jobs


@app.command()
def schedule(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """What is planned, when it comes next, what was last done, and what should have been done by now."""
    settings: Settings = context.obj.settings()
    with open_to_read(settings) as store:
        store.views.catch_up()
        now = store.clock.now()
        rows = standing_jobs(store.log, store.views, now)
        data = present.schedule(settings.planned(), rows, settings.schedule.grace, now)
    print_data(context, as_json, output, data, _table)


@app.command()
def worker(
    context: typer.Context,
    concurrency: Annotated[int, typer.Option(min=1, max=8, help="How many legal entities to work on at once.")] = 2,
    tenants: TenantsOption = None,
) -> None:
    """Takes scheduled work until stopped, and finishes what it began. Any number of workers share one PostgreSQL."""
    if tenants is not None:
        from api.tenants.server import work_tenants

        work_tenants(tenants, concurrency)
        return
    settings: Settings = context.obj.settings()
    if settings.log.url.startswith("sqlite"):
        raise Misconfigured("the log is on SQLite: tweeluik serve does the scheduled work itself, no worker is needed")
    from adapters.jobs.queue import work
    from api.jobs.scheduler import scheduling

    with open_store(settings) as store, scheduling(settings, store) as scheduled:
        work(settings.log.url, scheduled.do, concurrency=concurrency)


def _table(console: Console, data: dict[str, Any]) -> None:
    if not data["jobs"]:
        console.print("Nothing is planned: see [schedule] in docs/tweeluik.example.toml.", markup=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Entity", "Job", "Planned", "Next", "Last done", "Outcome", ""):
        table.add_column(title, overflow="fold")
    for one in data["jobs"]:
        planned = one["timetable"] + (", the day before" if one["days_before"] else "")
        table.add_row(
            one["legal_entity"] or "",
            one["job"].replace("_", " "),
            planned,
            local_time(one["next"]) if one["next"] else "never",
            one["last_done"] or "",
            (one["outcome"] or "").replace("_", " "),
            "LATE" if one["late"] else "",
        )
    console.print(table)
    if any(one["since"] is None for one in data["jobs"]):
        console.print("Not on record yet: no tweeluik serve or worker has run with this configuration.", style="dim")
