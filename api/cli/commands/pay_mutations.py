"""The pay mutations of a period on the command line: a table, or a file in Dutch or English."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from adapters.projections.afresh import EVIDENCE, views_afresh
from adapters.reports.sheet import sheet_csv, sheet_json, write_sheet
from api.bootstrap import SystemClock
from api.cli.app import app
from api.cli.dates import days_of
from api.cli.opened import open_to_read
from api.cli.options import EntityOption, JsonOption, ReasonOption, UnmaskOption
from api.cli.output import as_json_text, data_out, format_for, print_data, printing, whole_file
from api.languages import DUTCH, ENGLISH, LANGUAGES
from api.presenters.pay_mutations import pay_sheet
from domain.planning.business_date import business_date
from domain.services.reports.pay_mutations import pay_report
from domain.services.reports.sheet import Sheet
from domain.views.overwritten_fields import OverwrittenFilters

_FORMATS: Final = ("table", "json", "csv", "xlsx", "pdf")
_BINARY: Final = ("xlsx", "pdf")


@app.command()
def pay_mutations(
    context: typer.Context,
    entity: EntityOption,
    period: Annotated[
        str, typer.Option(help="2026-03, or 2026-02-23..2026-03-22; the current month by default.", show_default=False)
    ] = "",
    language: Annotated[str, typer.Option(help="Of the report: nl or en.")] = ENGLISH,
    as_json: JsonOption = False,
    output: Annotated[
        str,
        typer.Option("--format", help="table, json, csv, xlsx or pdf; else what --out ends in.", show_default=False),
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file.", show_default=False)] = None,
    csv_for_excel: Annotated[
        bool, typer.Option("--csv-for-excel", help="A CSV that a Dutch Excel opens by a double click: ; and a BOM.")
    ] = False,
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """Every change of pay of a period: before, after, full-time and own amount, from when, and why.

    Wages, recurring and one-time pay. A change belongs to a period when a run of the period wrote it, or when it holds
    from a day in it; it says which.
    """
    if language not in LANGUAGES:
        raise typer.BadParameter(f"--language is {DUTCH} or {ENGLISH}, not {language}")
    said = {"--format": output, "--json": "json" if as_json else "", "--csv-for-excel": "csv" if csv_for_excel else ""}
    output = format_for(out, said, _FORMATS) or ("json" if context.obj.as_json else "table")
    if output in _BINARY and out is None and sys.stdout.isatty():
        raise typer.BadParameter(f"{output} is not for a terminal: name a file with --out")
    settings = context.obj.settings()
    since, until = days_of(period, business_date(SystemClock().now()))
    filters = OverwrittenFilters(entities=(settings.policy(entity).entity.personio_id,), since=since, until=until)
    with open_to_read(settings) as store, views_afresh(store.log, EVIDENCE) as views:
        report = pay_report(
            filters, store.log, store.vault, views, store.clock,
            actor=context.obj.actor, unmask_because=reason if unmask else None, most=settings.access.people_a_day,
        )  # fmt: skip
    report = replace(report, about=(("Reason", reason),) if unmask else ())
    _tell(context, pay_sheet(report, settings.entity_names()[entity], language), output, out, for_excel=csv_for_excel)


def _tell(context: typer.Context, sheet: Sheet, output: str, out: Path | None, *, for_excel: bool) -> None:
    if output == "table":
        if out is not None:
            raise typer.BadParameter("--out is for a file: name its format, or let its name end in it")
        shown = {"heads": list(sheet.heads), "rows": [list(row) for row in sheet.shown], "nothing": sheet.nothing}
        print_data(context, False, output, shown, _table)
    elif output in _BINARY:
        _write(sheet, output, out)
    else:
        text = sheet_csv(sheet, for_excel=for_excel) if output == "csv" else f"{as_json_text(sheet_json(sheet))}\n"
        with data_out(out) as stream:
            stream.write(text)


def _write(sheet: Sheet, output: str, out: Path | None) -> None:
    held = io.BytesIO()
    write_sheet(sheet, output, held)
    if out is None:
        with printing():
            sys.stdout.buffer.write(held.getvalue())
    else:
        with whole_file(out) as draft:
            draft.write_bytes(held.getvalue())


def _table(console: Console, data: dict[str, Any]) -> None:
    if not data["rows"]:
        console.print(data["nothing"], markup=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in data["heads"]:
        table.add_column(head, overflow="fold")
    for row in data["rows"]:
        table.add_row(*(each or "" for each in row))
    console.print(table)
