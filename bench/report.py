"""The overwritten-field report, every value opened: python -m bench.report [--rows 10000 100000] [--pdf-rows 2000]

Reach: of a workbook memory that does not grow with the rows; of a PDF, made twice, at most 300 MiB. Each is written by
a process of its own, so that its peak is its own. On SQLite the view's page cache fills up with what is read: up to 32
MiB, which are in the figures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, TypeAlias

from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.projections.afresh import views_afresh
from adapters.reports.pdf_file import write_pdf
from adapters.reports.xlsx_file import write_xlsx
from bench.logs import console, database_url, took
from domain.events.loket import FieldOverwritten
from domain.events.runs import RunStarted
from domain.log import Meta, Pending, StreamAppend
from domain.services.reports.overwritten import OverwrittenReport, overwritten_report
from domain.streams import loket_stream, run_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, RunId
from domain.views.overwritten_fields import OverwrittenFilters

ENTITY: Final = LegalEntityId("170")
DAY: Final = date(2026, 3, 15)
NOW: Final = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
PEOPLE: Final = 2_000
BATCH: Final = 500

Write: TypeAlias = Callable[[OverwrittenReport, Path], None]


class Clock:
    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--pdf-rows", nargs="*", type=int, default=[2_000])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    table = Table("database", "written", "rows", "seconds", "CPU", "rows/s", "peak MiB", "grown MiB", "file MiB")
    for database in options.databases:
        for what, work, sizes in (("xlsx", workbook, options.rows), ("pdf, twice", pdfs, options.pdf_rows)):
            for rows in sizes:
                with tempfile.TemporaryDirectory() as name, database_url(database, Path(name)) as url:
                    spawned = multiprocessing.get_context("spawn")
                    for step in (fill, work):  # a process each: what filling took is not the report's
                        with spawned.Pool(1) as pool:
                            figures = pool.apply(step, (url, name, rows))
                table.add_row(database, what, f"{rows:,}", *figures)
    console.print(table)


def fill(url: str, folder: str, rows: int) -> list[str]:
    with closing(open_log(url, keys_url=f"sqlite:///{folder}/keys.db", checkpoints=Path(folder) / "heads")) as log:
        run = RunId("run-1")
        meta = Meta(recorded_at=NOW, actor=Actor("schedule:nightly"), correlation=run)
        begun = RunStarted(legal_entity=ENTITY, business_date=DAY)
        log.append([StreamAppend(run_stream(run), 0, [Pending(begun)])], meta=meta)
        subjects = [log.vault.subject() for _ in range(PEOPLE)]
        for first in range(0, rows, BATCH):
            turn, number = divmod(first // BATCH, PEOPLE)
            fact = FieldOverwritten(
                rule="EDIT-1", run_id=run, intent="intent-1", person_id=PersonId(str(number)),
                subject=subjects[number], field="address.street", before="Main St", after=f"Central Ave {number}",
            )  # fmt: skip
            stream = loket_stream(ENTITY, EmployeeNumber(number + 1))
            log.append([StreamAppend(stream, turn * BATCH, [Pending(fact)] * BATCH)], meta=meta)
    return []


def workbook(url: str, folder: str, rows: int) -> list[str]:
    return written(url, folder, rows, write_xlsx, times=1)


def pdfs(url: str, folder: str, rows: int) -> list[str]:
    return written(url, folder, rows, write_pdf, times=2)


def written(url: str, folder: str, rows: int, write: Write, *, times: int) -> list[str]:
    path, keys, heads = Path(folder) / "report", f"sqlite:///{folder}/keys.db", Path(folder) / "heads"
    with closing(open_log(url, keys_url=keys, checkpoints=heads)) as log:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        taken = [took(lambda: _report(log, rows, write, path)) for _ in range(times)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, computing = (sum(each) / times for each in zip(*taken, strict=True))
    figures = [peak / 1024, (peak - before) / 1024, path.stat().st_size / 2**20]
    return [f"{seconds:.1f}", f"{computing:.1f}", f"{rows / seconds:,.0f}", *(f"{each:.0f}" for each in figures)]


def _report(log: EventLog, rows: int, write: Write, path: Path) -> None:
    filters = OverwrittenFilters(entities=(ENTITY,), since=DAY, until=DAY)
    with views_afresh(log) as views:
        report = overwritten_report(
            filters, log, log.vault, views, Clock(), actor=Actor("Anna"), unmask_because="bench"
        )
        write(report, path)
    assert report.totals.counts.fields == rows


if __name__ == "__main__":
    main()
