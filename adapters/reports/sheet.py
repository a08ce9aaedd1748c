"""A list of a period as a file: typed columns, in the language of whoever reads it, with the head it was made from.

The words come in as data; what machines read (names of columns, days, numbers) is in no language.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook

from adapters.reports.csv_file import excel_text_of, harmless, text_of
from adapters.reports.pdf_file import MOST_LINES, compiled
from adapters.reports.xlsx_file import Sheets
from domain.errors import Misconfigured
from domain.services.reports.sheet import Cell, Sheet

_MOST_OF_A_NAME: Final = 31  # characters of a sheet in a workbook


def write_sheet(sheet: Sheet, wanted: str, out: BinaryIO) -> None:
    """As csv, json, xlsx or pdf. A workbook is held in memory: its parts would lie on disk otherwise."""
    match wanted:
        case "xlsx":
            _xlsx(sheet, out)
        case "pdf":
            out.write(_pdf(sheet))
        case "csv":
            out.write(sheet_csv(sheet).encode())
        case _:
            out.write((json.dumps(sheet_json(sheet), ensure_ascii=False, indent=2) + "\n").encode())


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    return {
        "report": sheet.name,
        "warning": sheet.warning,
        **{name: said for name, _, said in sheet.about},
        "log_size": sheet.size,
        "checkpoint": sheet.checkpoint,
        "items": [{name: _plain(value) for name, value in row.items()} for row in sheet.rows],
    }


def sheet_csv(sheet: Sheet, *, for_excel: bool = False) -> str:
    """A line for the report with its checkpoint, then a line for each change.

    `for_excel`: as a Dutch Excel shows it by a double click.
    """
    out = io.StringIO()
    out.write("\ufeff" if for_excel else "")
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=";" if for_excel else ",")
    names = [column.name for column in sheet.columns]
    rows.writerow(("kind", *names, "note"))
    head = json.dumps(sheet.checkpoint, ensure_ascii=False) if sheet.checkpoint else "an empty log"
    said = "; ".join(f"{name} {text}" for name, _, text in sheet.about)
    warning = f"WARNING: {sheet.warning} " if sheet.warning else ""
    rows.writerow(("report", *("" for _ in names), harmless(f"{warning}{said}. {sheet.log} Checkpoint: {head}")))
    told = excel_text_of if for_excel else text_of
    rows.writerows((sheet.name, *(told(row.get(name)) for name in names), "") for row in sheet.rows)
    return out.getvalue()


def _xlsx(sheet: Sheet, out: BinaryIO) -> None:
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheets = Sheets(book)
        if sheet.warning:
            title, text = sheet.warned
            warning = sheets.add(title, [(title.capitalize(), 90)])
            sheets.write(warning, [text])
            warning.set_tab_color("red")
        listed = sheets.add(sheet.title[:_MOST_OF_A_NAME], [(one.title, one.width) for one in sheet.columns])
        for row in sheet.rows:
            sheets.write(listed, [row.get(one.name) for one in sheet.columns])
        listed.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        about = sheets.add(sheet.about_title, [("", 32), ("", 90)])
        for _, name, said in sheet.about:
            sheets.write(about, [name, said])
        sheets.write(about, [sheet.log, sheet.checkpoint])


def _pdf(sheet: Sheet) -> bytes:
    """Without columns in which no line says anything. Raises Misconfigured when it is longer than anyone reads."""
    if len(sheet.rows) > MOST_LINES:
        raise Misconfigured(
            f"{len(sheet.rows)} lines are too many for a PDF ({MOST_LINES} at most): narrow the period or take xlsx"
        )
    told = [place for place in range(len(sheet.heads)) if not sheet.rows or any(row[place] for row in sheet.shown)]
    return compiled(
        "sheet.typ",
        "sheet",
        {
            "language": sheet.language,
            "title": sheet.title,
            "subtitle": sheet.subtitle,
            "about": [(name, said) for _, name, said in sheet.about],
            "heads": [sheet.heads[place] for place in told],
            "widths": [sheet.widths[place][0] for place in told],
            "amounts": [sheet.widths[place][1] for place in told],
            "rows": [[row[place] for place in told] for row in sheet.shown],
            "rules": sheet.rules,
            "rules_title": sheet.rules_title,
            "nothing": sheet.nothing,
            "log": sheet.log,
            "checkpoint": sheet.checkpoint,
            "warning": ": ".join(sheet.warned) if sheet.warning else None,
        },
    )


def _plain(value: Cell) -> str | int | bool | None:
    """Numbers of money as text, so that no reader makes fractions of them."""
    if isinstance(value, bool | int) or value is None:
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
