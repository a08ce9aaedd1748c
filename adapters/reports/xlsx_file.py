"""The report as a workbook, written row by row in constant memory: typed numbers and dates, texts never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from adapters.reports.overwritten import COLUMNS, EMPLOYEE, OF_THEM, cells, filter_in_words, typed
from domain.overwriting import Did
from domain.planning.business_date import local
from domain.services.reports.overwritten import OverwrittenReport
from domain.services.reports.sheet import Cell
from domain.values import FieldPath
from domain.views.sentences import name_of
from domain.views.sentences.endings import ending

_ROWS: Final = 1_048_575  # what a sheet holds beside its header
_PRECISE: Final = 15  # digits a spreadsheet's numbers keep


@contextmanager
def _to_a_place() -> Iterator[None]:
    """What the library says of a full disk in a kind of its own, as what it is: OSError."""
    try:
        yield
    except FileCreateError as fault:
        raise fault.args[0] from None


def write_xlsx(report: OverwrittenReport, out: Path | BinaryIO) -> None:
    """Sheets for the fields, the runs, the totals, and the report itself with its checkpoint."""
    clear = not isinstance(out, Path) and report.unmasked  # its parts must not lie on disk
    memory = {"in_memory": True} if clear else {"constant_memory": True}
    book = Workbook(
        str(out) if isinstance(out, Path) else out, {**memory, "strings_to_formulas": False, "strings_to_urls": False}
    )
    say = report.say
    kinds = [(say(kind.value.capitalize()), 12) for kind in Did]
    with _to_a_place(), book:
        sheets = Sheets(book)
        if report.warning:
            warning = sheets.add(say("WARNING"), [(say("Warning"), 90)])
            sheets.write(warning, [ending(report.warning, report.tongue)])
            warning.set_tab_color("red")
        columns = [(say(column.title), column.width) for column in COLUMNS]
        fields = sheets.add(say("Overwritten fields"), columns)
        for number, line in enumerate(report.lines()):
            if number and number % _ROWS == 0:
                fields = sheets.add(f"{say('Overwritten fields')} {number // _ROWS + 1}", columns)
            row = cells(line, say)
            field = FieldPath(line.row.field)
            for name in ("before", "after"):
                text = row[name]
                row[name] = typed(field, text) if isinstance(text, str) else text
            sheets.write(fields, row.values())
        heads = (("Run", 24), ("Legal entity", 12), ("Business date", 13), ("Started at (Amsterdam)", 19), ("By", 18),
                 ("Status", 22))  # fmt: skip
        runs = sheets.add(say("Runs"), [*((say(name), width) for name, width in heads), *kinds])
        for run in report.runs:
            sheets.write(
                runs,
                [run.run_id, run.legal_entity, run.business_date, run.started_at, run.actor, say(run.status.value),
                 *run.counts],
            )  # fmt: skip
        totals = sheets.add(say("Totals"), [(say("Total of"), 14), (say("What"), 40), *kinds])
        for person in report.totals.by_person:
            who = say(EMPLOYEE).format(
                number=person.employee_number, entity=person.legal_entity, person=person.person_id
            )
            sheets.write(totals, [say("person"), who, *person.counts])
        for each in report.totals.by_field:
            sheets.write(totals, [say("field"), f"{name_of(each.field, say)} ({each.field})", *each.counts])
        about = sheets.add(say("About"), [(say("What"), 24), (say("Value"), 90)])
        for name, value in _about(report):
            sheets.write(about, [say(name), value])


class Sheets:
    """Rows go down in order: in constant memory nothing above the current row can be written any more."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold: Format = book.add_format({"bold": True, "text_wrap": True})
        self._day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._long: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._money: Format = book.add_format({"num_format": "0.00"})
        self._next: dict[str, int] = {}
        self._widths: dict[str, list[int]] = {}

    def add(self, name: str, columns: list[tuple[str, int]]) -> Worksheet:
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for index, (_, width) in enumerate(columns):
            sheet.set_column(index, index, width)
        for index, (title, _) in enumerate(columns):
            sheet.write_string(0, index, title, self._bold)
        self._next[name] = 1
        self._widths[name] = [width for _, width in columns]
        return sheet

    def write(self, sheet: Worksheet, values: Iterable[Cell]) -> None:
        row = self._next[sheet.get_name()]
        self._next[sheet.get_name()] = row + 1
        for index, value in enumerate(values):
            self._cell(sheet, row, index, value)

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Cell) -> None:
        match value:
            case None:
                return
            case bool():
                sheet.write_boolean(row, column, value)
            case datetime():
                sheet.write_datetime(row, column, local(value).replace(tzinfo=None), self._instant)
            case date() if value.year >= 1900:  # a spreadsheet's calendar begins there
                sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self._day)  # noqa: DTZ001
            case int():
                sheet.write_number(row, column, value)
            case Decimal() if value.is_finite() and len(value.as_tuple().digits) <= _PRECISE:
                sheet.write_number(row, column, value, self._money if value.as_tuple().exponent else None)
            case _:
                text = str(value)
                longer = len(text) > self._widths[sheet.get_name()][column]
                sheet.write_string(row, column, text, self._long if longer else None)


def _about(report: OverwrittenReport) -> Iterable[tuple[str, Cell]]:
    say = report.say
    yield "Report", say("Overwritten Loket fields")
    if report.warning:
        yield "WARNING", ending(report.warning, report.tongue)
    yield "legal entities", ", ".join(map(report.name_of, report.filters.entities))
    more = {name: value for name, value in filter_in_words(report).items() if name != "legal_entities"}
    yield from ((name.replace("_", " "), str(value)) for name, value in more.items())
    yield from report.about
    yield "made at", report.made_at
    yield "made by", report.made_by
    yield "values", say("shown in clear") if report.unmasked else say("masked")
    yield "fields", report.totals.counts.fields
    counts = report.totals.counts._asdict().items()
    yield from ((say(OF_THEM).format(kind=say(kind)), count) for kind, count in counts)
    yield "runs", len(report.runs)
    yield "events in the log", report.size
    yield "made from", report.up_to
    yield "checkpoint", report.checkpoint.text if report.checkpoint else say("an empty log has none")
