"""A sheet on the command line: a table, JSON, CSV, a workbook or a PDF."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table

from api.cli.output import as_json_text, data_out, format_for, print_data, printing, whole_file
from domain.services.reports.sheet import Sheet

_FORMATS: Final = ("table", "json", "csv", "xlsx", "pdf")
_BINARY: Final = ("xlsx", "pdf")


def wanted(context: typer.Context, output: str, out: Path | None, *, as_json: bool, for_excel: bool = False) -> str:
    """The one format that the options ask for. Raises BadParameter when they contradict each other."""
    said = {"--format": output, "--json": "json" if as_json else "", "--csv-for-excel": "csv" if for_excel else ""}
    chosen = format_for(out, said, _FORMATS) or ("json" if context.obj.as_json else "table")
    if chosen in _BINARY and out is None and sys.stdout.isatty():
        raise typer.BadParameter(f"{chosen} is not for a terminal: name a file with --out")
    return chosen


def tell(context: typer.Context, sheet: Sheet, output: str, out: Path | None, *, for_excel: bool) -> None:
    if output == "table":
        if out is not None:
            raise typer.BadParameter("--out is for a file: name its format, or let its name end in it")
        shown = {"heads": list(sheet.heads), "rows": [list(row) for row in sheet.shown], "nothing": sheet.nothing}
        print_data(context, False, output, shown, _table)
    elif output in _BINARY:
        _write(sheet, output, out)
    else:
        from adapters.reports.sheet import sheet_csv, sheet_json  # workbooks and paper are for those who want them

        text = sheet_csv(sheet, for_excel=for_excel) if output == "csv" else f"{as_json_text(sheet_json(sheet))}\n"
        with data_out(out) as stream:
            stream.write(text)


def _write(sheet: Sheet, output: str, out: Path | None) -> None:
    from adapters.reports.sheet import write_sheet

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
