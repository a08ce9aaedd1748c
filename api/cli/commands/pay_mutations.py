"""The pay mutations of a period on the command line: a table, or a file in Dutch or English."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from adapters.projections.afresh import EVIDENCE, views_afresh
from api.bootstrap import SystemClock
from api.cli.app import app
from api.cli.dates import days_of
from api.cli.opened import open_to_read
from api.cli.options import (
    EntityOption,
    JsonOption,
    LanguageOption,
    OutOption,
    ReasonOption,
    SheetFormatOption,
    UnmaskOption,
)
from api.cli.sheets import tell, wanted
from api.languages import ENGLISH
from api.presenters.pay_mutations import pay_sheet
from domain.planning.business_date import business_date
from domain.services.reports.pay_mutations import pay_report
from domain.views.overwritten_fields import OverwrittenFilters


@app.command()
def pay_mutations(
    context: typer.Context,
    entity: EntityOption,
    period: Annotated[
        str, typer.Option(help="2026-03, or 2026-02-23..2026-03-22; the current month by default.", show_default=False)
    ] = "",
    language: LanguageOption = ENGLISH,
    as_json: JsonOption = False,
    output: SheetFormatOption = "",
    out: OutOption = None,
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
    output = wanted(context, output, out, as_json=as_json, for_excel=csv_for_excel)
    settings = context.obj.settings()
    since, until = days_of(period, business_date(SystemClock().now()))
    filters = OverwrittenFilters(entities=(settings.policy(entity).entity.personio_id,), since=since, until=until)
    with open_to_read(settings) as store, views_afresh(store.log, EVIDENCE) as views:
        report = pay_report(
            filters, store.log, store.vault, views, store.clock,
            actor=context.obj.actor, unmask_because=reason if unmask else None, most=settings.access.people_a_day,
        )  # fmt: skip
    report = replace(report, about=(("Reason", reason),) if unmask else ())
    tell(context, pay_sheet(report, settings.entity_names()[entity], language), output, out, for_excel=csv_for_excel)
