"""The handover sheet on the command line: a table, JSON, or a PDF to work from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from api.bootstrap import Store
from api.cli.app import app
from api.cli.opened import unmask_with, with_store
from api.cli.options import EntityOption, JsonOption, LanguageOption
from api.cli.output import format_for, print_data, printing, whole_file
from api.config.settings import Settings
from api.languages import ENGLISH
from api.presenters.handover import NOBODY
from api.presenters.handover import handover as present
from api.presenters.handover_paper import Imprint, handover_paper
from api.presenters.matters import told_of
from api.presenters.values import Json, local_day, local_time
from domain.services.hand_over import handed_over
from domain.services.reports.names import NAMES, read_names, show_names
from domain.values import Actor, LegalEntityId, so_many

_FORMATS: Final = ("table", "json", "pdf")
_STOPS: Final = ("held", "braked", "stopped")


@app.command()
def handover(
    context: typer.Context,
    entity: EntityOption,
    language: LanguageOption = ENGLISH,
    names: Annotated[bool, typer.Option("--names", help="With names; recorded with your name, and whose.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why names are shown.", show_default=False)] = "",
    as_json: JsonOption = False,
    output: Annotated[
        str, typer.Option("--format", help="table, json or pdf; else what --out ends in.", show_default=False)
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write the PDF to this file.", show_default=False)] = None,
) -> None:
    """What is to be done by hand in Loket or asked of HR: one sheet for payroll, or the accountant who works there.

    From the log alone: concept employees to complete, leavers, follow-ups, values that will be overwritten, pay that
    was not sent, and questions for HR. Neither system is read.
    """
    said = {"--format": output, "--json": "json" if as_json else ""}
    output = format_for(out, said, _FORMATS) or ("json" if context.obj.as_json else "table")
    if output == "pdf" and out is None and sys.stdout.isatty():
        raise typer.BadParameter("pdf is not for a terminal: name a file with --out")
    if out is not None and output != "pdf":
        raise typer.BadParameter("--out is for a PDF: redirect the others")
    with with_store(context, reading=not names) as (settings, store, actor):
        size = store.log.size()
        store.views.catch_up()
        sheet, size = _sheet(settings, store, actor, LegalEntityId(entity), size, language, reason if names else None)
        if output == "pdf":
            from adapters.reports.handover import handover_pdf  # typst is for those who want paper

            _write(handover_pdf(handover_paper(sheet, _imprint(settings, store, actor, entity, size))), out)
        else:
            print_data(context, as_json, output, sheet, _table)


def _sheet(
    settings: Settings, store: Store, actor: Actor, entity: LegalEntityId, size: int, language: str, why: str | None
) -> tuple[Json, int]:
    """With how many events the log had for it. `why` names are to be shown; None leaves them out."""
    found, size = handed_over(
        entity, size, log=store.log, vault=store.vault, views=store.views, clock=store.clock, plans=settings.plans()
    )
    if why is None:
        return present(found, language, names=NOBODY), size
    unmasking = unmask_with(settings, actor, NAMES, why)
    shown = show_names(
        entity, unmasking=unmasking, log=store.log, vault=store.vault, views=store.views, clock=store.clock
    )
    store.log.checkpoint()
    wanted = shown & {one.number for one in found.lines if one.number is not None}
    known = read_names(entity, wanted, log=store.log, vault=store.vault, views=store.views)
    return present(found, language, names={int(number): name for number, name in known.items()}), size


def _imprint(settings: Settings, store: Store, actor: Actor, entity: str, size: int) -> Imprint:
    return Imprint(
        legal_entity=settings.entity_names()[entity],
        made_by=actor,
        made_at=store.clock.now(),
        log_size=size,
        checkpoint=store.log.checkpoint(),
    )


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        with printing():
            sys.stdout.buffer.write(content)
    else:
        with whole_file(out) as draft:
            draft.write_bytes(content)


def _table(console: Console, data: dict[str, Any]) -> None:
    seen = data["run"]["at"] if data["run"] else None
    console.print(
        f"Legal entity {data['legal_entity']} on {data['business_date']}: {so_many(data['lines'], 'line', 'lines')}; "
        f"the latest run {'was on ' + local_time(seen) if seen else 'has not been'}",
        markup=False,
    )
    console.print(data["says"], style="bold red" if data["verdict"] in _STOPS else "bold", markup=False)
    for nth, step in enumerate(data["in_order"], 1):
        console.print(f"{nth}. {step['do']}", markup=False)
    for each in data["sections"]:
        for one in each["unseen"]:
            console.print(f"{each['title']}: {one['text']}", style="bold", markup=False)
        found = [one for one in data["matters"] if one["section"] == each["section"]]
        if found:
            console.print(f"\n{each['title']}", style="bold", markup=False)
        for matter in found:
            _matter(console, matter, [one for one in each["lines"] if one["matter"] == matter["matter"]], data)


def _matter(console: Console, matter: Json, lines: list[Json], data: Json) -> None:
    who = f"{matter['who_in_words'][:1].upper()}{matter['who_in_words'][1:]}"
    table = Table(
        title=f"{matter['count']} {matter['what']}", title_justify="left", box=None, pad_edge=False,
        header_style="bold", caption=f"{who}: {told_of(matter, data['language'])}", caption_justify="left",
    )  # fmt: skip
    for title in ("Number", "What", "Do this", "Since"):
        table.add_column(title, overflow="fold")
    for one in lines:
        number = one["employee_number"] or (f"Personio {one['person_id']}" if one["person_id"] else "-")
        table.add_row(
            " ".join(filter(None, (str(number), one["name"]))),
            " ".join(filter(None, (one["what"], one["code"]))),
            one["text"],
            local_day(one["since"]) if one["since"] else "",
        )
    console.print(table)
