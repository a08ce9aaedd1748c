"""The report as CSV in which no cell is a formula, whatever a spreadsheet program makes of characters."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, TextIO

from adapters.reports.overwritten import COLUMNS, cells
from domain.planning.business_date import local
from domain.services.reports.overwritten import OverwrittenReport
from domain.services.reports.sheet import Cell
from domain.services.reports.up_to import up_to

_HEADER: Final = ("kind", *(column.name for column in COLUMNS), "note")
_BREAK: Final = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_INVISIBLE: Final = r"\s\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff"
_SIGNS: Final = r"=+\-@|%＝＋－＠｜％−﹦﹢﹣﹫"
_BEGINS_FORMULA: Final = re.compile(rf"(?:^|(?<=[{_BREAK}]))(?=[{_INVISIBLE}]*[{_SIGNS}]|(?<![\s\S])[\t{_BREAK}])")
"""Where the cell, or a line in it, begins with a sign that begins formulas: also full-width, or after the invisible."""

_PLAIN_NUMBER: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")


def write_csv(report: OverwrittenReport, out: TextIO, *, for_excel: bool = False) -> None:
    """One rectangle: a line for the report with its checkpoint, a line for each run, a line for each field.

    `for_excel`: with the semicolons and the mark that a Dutch Excel needs to open it by a double click.
    """
    if for_excel:
        out.write("\ufeff")
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=";" if for_excel else ",")
    rows.writerow(_HEADER)
    rows.writerow(_row("report", {"actor": report.made_by, "recorded_at": report.made_at}, _about(report)))
    for run in report.runs:
        about: dict[str, Cell] = {
            "legal_entity": run.legal_entity,
            "run_id": run.run_id,
            "business_date": run.business_date,
            "recorded_at": run.started_at,
            "actor": run.actor,
        }
        rows.writerow(_row("run", about, f"{run.status.value}, {run.counts}"))
    for line in report.lines():
        rows.writerow(_row("overwritten", cells(line)))


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet might begin a formula; plain negative numbers stay."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    return _BEGINS_FORMULA.sub("'", text)


def _row(kind: str, values: dict[str, Cell], note: str = "") -> Iterable[str]:
    return (kind, *(text_of(values.get(column.name)) for column in COLUMNS), harmless(note))


def text_of(value: Cell) -> str:
    """A cell as every CSV of ours has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return harmless(str(value))


def _about(report: OverwrittenReport) -> str:
    asked = report.filters
    head = json.dumps(report.checkpoint.text, ensure_ascii=False) if report.checkpoint else "an empty log"
    warning = f"WARNING: {report.warning} " if report.warning else ""
    return (
        f"{warning}{asked.since} to {asked.until}, legal entities {' '.join(asked.entities)}: "
        f"{report.totals.counts}, "
        f"{len(report.runs)} runs. {up_to(report.size, report.checkpoint)} Checkpoint: {head}"
    )
