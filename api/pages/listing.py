"""Every list of the pages as CSV and as JSON: at its address with `.csv` or `.json` behind it, by the same filters.

What a page shows a part of, the file holds whole. A file for Dutch readers is made as a Dutch Excel opens it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from adapters.reports.csv_file import excel_text_of, text_of
from api.http.problems import not_found
from api.languages import DUTCH
from api.pages.asking import PageAsking
from api.presenters.values import Json
from domain.services.reports.sheet import Cell


class File(StrEnum):
    CSV = "csv"
    JSON = "json"


_MEDIA: Final = {File.CSV: "text/csv; charset=utf-8", File.JSON: "application/json"}
PDF: Final = "pdf"
"""Of a page that has one; lists have none."""
_OF_THE_PAGE: Final = ("cursor",)  # never of the list
_NUMBER: Final = "employee_number"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page lists, whole: `rows` as JSON, of which the file has these columns in this order.

    `names` gives those that this session shows, by employee number.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterable[Json]]
    names: Callable[[Iterable[int | None]], Mapping[int, str]]


def every_page(ask: Callable[[str | None], Any]) -> Iterator[Json]:
    """Every item of a list that is told in pages; `ask` gets the cursor of the next one."""
    cursor = None
    while True:
        page = ask(cursor)
        yield from map(as_json, page.items)
        if not page.more:
            return
        cursor = page.next


def as_json(one: BaseModel) -> Json:
    return one.model_dump(mode="json")


def page_of(path: str) -> tuple[str, str]:
    """The address of the page, and the file of it that this address asks for; no file for the page."""
    page, dot, kind = path.rpartition(".")
    return (page, kind) if dot and kind in (*File, PDF) else (path, "")


def addresses(asking: PageAsking) -> Mapping[str, str]:
    """Of the files of the list that is shown now, with its filters."""
    url = asking.request.url
    kept = [(name, value) for name, value in parse_qsl(url.query) if name not in _OF_THE_PAGE]
    query = f"?{urlencode(kept)}" if kept else ""
    return {one.value: f"{url.path}.{one}{query}" for one in File}


def file_of(
    listing: Listing | None, asking: PageAsking, entity: str | None, headers: Mapping[str, str]
) -> HTMLResponse:
    """The whole list, with names only where this session shows them; not found where the page lists nothing."""
    if listing is None or asking.file == PDF:
        raise not_found()
    rows, columns, kind = list(listing.rows()), list(listing.columns), File(asking.file)
    if _NUMBER in columns and (names := listing.names(row.get(_NUMBER) for row in rows)):
        columns.insert(columns.index(_NUMBER) + 1, "name")
        rows = [{**row, "name": names.get(row.get(_NUMBER) or 0)} for row in rows]
    told = [{name: row.get(name) for name in columns} for row in rows]
    if kind is File.CSV:
        content = _csv(columns, told, for_excel=asking.language == DUTCH)
    else:
        whole = {"list": listing.name, "legal_entity": entity, "log_size": asking.seen + 1, "items": told}
        content = json.dumps(whole, ensure_ascii=False, indent=1)
    name = f"{listing.name}-{entity}" if entity else listing.name
    named = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HTMLResponse(content, headers={**headers, **named}, media_type=_MEDIA[kind])


def _csv(columns: list[str], rows: list[Json], *, for_excel: bool) -> str:
    """`for_excel`: as a Dutch Excel shows it by a double click."""
    out = io.StringIO()
    out.write("\ufeff" if for_excel else "")
    written = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=";" if for_excel else ",")
    written.writerow(columns)
    told = excel_text_of if for_excel else text_of
    written.writerows([told(_cell(row[name])) for name in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Cell:
    match value:
        case list() | tuple():
            return ", ".join(text_of(_cell(each)) for each in value)
        case dict():
            return ", ".join(f"{name} {text_of(_cell(each))}" for name, each in value.items())
        case float():
            return Decimal(str(value))
        case str() | int() | None:
            return value
        case _:
            return str(value)
