"""The report as CSV in which no cell is a formula, whatever a spreadsheet program makes of characters."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TextIO

from adapters.reports.overwritten import COLUMNS, cells, typed
from domain.planning.business_date import local
from domain.services.reports.overwritten import OverwrittenReport
from domain.services.reports.sheet import Cell
from domain.services.reports.up_to import up_to
from domain.values import FieldPath, so_many

_HEADER: Final = ("kind", *(column.name for column in COLUMNS), "note")
_BREAK: Final = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_INVISIBLE: Final = r"\s\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff"
_SIGNS: Final = r"=+\-@|%＝＋－＠｜％−﹦﹢﹣﹫"
_BEGINS_FORMULA: Final = re.compile(rf"(?:^|(?<=[{_BREAK}]))(?=[{_INVISIBLE}]*[{_SIGNS}]|(?<![\s\S])[\t{_BREAK}])")
"""Where the cell, or a line in it, begins with a sign that begins formulas: also full-width, or after the invisible."""

_PLAIN_NUMBER: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")
_MONTH: Final = (
    "(jan(uari|uary)?|feb(ruari|ruary)?|mrt|maart|mar(ch)?|apr(il)?|mei|may|june?|juni|july?|juli|aug(ustus|ust)?|"
    r"sept?(ember)?|o[kc]t(ober)?|nov(ember)?|dec(ember)?)\.?"
)
_DAY: Final = (
    r"([0-9]+[./-][0-9./-]*[0-9]|"
    rf"[0-9]+[\s/.-]*{_MONTH}([\s/.,-]*[0-9]+)?|{_MONTH}[\s/.-]*[0-9]+([\s/.,-]+[0-9]+)?)"
)
_TIME: Final = r"([0-9]+:([0-9:.,]*[0-9])?(\s*[ap]m?)?|[0-9]+\s+[ap]m?)"
_CHANGED_BY_EXCEL: Final = re.compile(
    rf"""
    [(€$£]*\s*-?[.,]?[0-9][0-9.,:/-]*(e[+-]?[0-9]+|\ [ap]m?|\ [0-9]+/[0-9]+)?\s*[)€$£%]*
    | {_DAY}([\s,]+{_TIME})?
    | {_TIME}([\s,]+{_DAY})?
    | waar | onwaar | true | false
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Numbers, shares, amounts, days and times, alone or together, with a month in words too; and what is yes or no."""

_KEPT_BY_EXCEL: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})|[0-9]{4}-[0-9]{2}-[0-9]{2}")  # 15 digits are all it keeps


def write_csv(report: OverwrittenReport, out: TextIO, *, for_excel: bool = False) -> None:
    """One rectangle: a line for the report with its checkpoint, a line for each run, a line for each field.

    `for_excel`: as a Dutch Excel shows it by a double click, with the semicolons, the mark and the commas it needs.
    """
    if for_excel:
        out.write("\ufeff")
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=";" if for_excel else ",")
    rows.writerow(_HEADER)
    told = excel_text_of if for_excel else text_of

    def row(kind: str, values: dict[str, Cell], note: str = "") -> Iterable[str]:
        return (kind, *(told(values.get(column.name)) for column in COLUMNS), harmless(note))

    rows.writerow(row("report", {"actor": report.made_by, "recorded_at": report.made_at}, _about(report)))
    for run in report.runs:
        about: dict[str, Cell] = {
            "legal_entity": run.legal_entity,
            "run_id": run.run_id,
            "business_date": run.business_date,
            "recorded_at": run.started_at,
            "actor": run.actor,
        }
        rows.writerow(row("run", about, f"{run.status.value}, {run.counts}"))
    for line in report.lines():
        found = cells(line)
        if for_excel:
            field = FieldPath(line.row.field)
            found |= {name: typed(field, text) for name in ("before", "after") if isinstance(text := found[name], str)}
        rows.writerow(row("overwritten", found))


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet might begin a formula; plain negative numbers stay."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    return _BEGINS_FORMULA.sub("'", text)


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


def excel_text_of(value: Cell) -> str:
    """The same as a Dutch Excel shows it: with a decimal comma, and an apostrophe before a text it would change.

    Of 0612345678 it would make a number, of 1-2 a day.
    """
    text = text_of(value)
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}".replace(".", ",")
    read, kept = _CHANGED_BY_EXCEL.fullmatch(text.strip()), _KEPT_BY_EXCEL.fullmatch(text)
    changed = isinstance(value, str) and read and not kept
    return f"'{text}" if changed else text


def _about(report: OverwrittenReport) -> str:
    asked = report.filters
    head = json.dumps(report.checkpoint.text, ensure_ascii=False) if report.checkpoint else "an empty log"
    warning = f"WARNING: {report.warning} " if report.warning else ""
    return (
        f"{warning}{asked.since} to {asked.until}, legal entities {' '.join(asked.entities)}: "
        f"{report.totals.counts}, "
        f"{so_many(len(report.runs), 'run', 'runs')}. {up_to(report.size, report.checkpoint)} Checkpoint: {head}"
    )
