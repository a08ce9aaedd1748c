"""The report as the bytes of one file, written where the caller says: into memory, or a file without a name."""

from __future__ import annotations

import io
import json
from enum import StrEnum
from typing import BinaryIO, Final

from adapters.reports.csv_file import write_csv
from adapters.reports.overwritten import json_lines
from adapters.reports.pdf_file import pdf
from adapters.reports.xlsx_file import write_xlsx
from domain.services.reports.overwritten import OverwrittenReport


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"
    PDF = "pdf"


MEDIA: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.NDJSON: "application/x-ndjson",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}


def write(report: OverwrittenReport, wanted: Format, out: BinaryIO) -> None:
    """An unmasked workbook is held in memory as well: its parts would lie in clear on disk otherwise."""
    match wanted:
        case Format.XLSX:
            write_xlsx(report, out)
        case Format.PDF:
            out.write(pdf(report))
        case _:
            text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
            if wanted is Format.CSV:
                write_csv(report, text)
            else:
                text.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in json_lines(report))
            text.detach()
