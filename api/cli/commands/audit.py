"""The commands for auditors: the overwritten-field report, certificates and their page, the archive of evidence."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer

from adapters.log.proof.certifying import certify
from adapters.log.verify_page import page
from adapters.log.verify_page.page import NAME
from adapters.projections.afresh import EVIDENCE, views_afresh
from adapters.reports.csv_file import write_csv
from adapters.reports.evidence import subjects_of_evidence, write_evidence
from adapters.reports.overwritten import head, json_line, json_lines
from adapters.reports.pdf_file import write_pdf
from adapters.reports.xlsx_file import write_xlsx
from api.bootstrap import Store, SystemClock
from api.cli.app import app
from api.cli.dates import day, days_of
from api.cli.dates import period as period_of
from api.cli.opened import open_to_read, unmask_with
from api.cli.options import EntityOption, JsonOption, LanguageOption, ReasonOption, UnmaskOption
from api.cli.output import (
    as_json_text,
    data_out,
    format_for,
    own_folder,
    printable_data,
    printing,
    say,
    tables,
    whole_file,
)
from api.languages import ENGLISH
from api.presenters import tables_audit
from api.tasks.report_kinds import in_language
from domain.errors import NotFound
from domain.overwriting import Did
from domain.planning.business_date import business_date
from domain.rules import RULES
from domain.services.reports.overwritten import OverwrittenReport, overwritten_report
from domain.services.reports.unmask import Unmasking, record_unmasking
from domain.streams import loket_record_of
from domain.values import MAX_EMPLOYEE_NUMBER, EmployeeNumber, FieldPath, LegalEntityId, PersonId
from domain.views.overwritten_fields import OverwrittenFilters
from domain.views.runs import run_named


def a_rule(word: str | None) -> str | None:
    """Raises BadParameter for a rule that there is not: an empty report would say that nothing happened under it."""
    if word is None or word.upper() in RULES:
        return word and word.upper()
    likely = get_close_matches(word.upper(), RULES, 1)
    raise typer.BadParameter(f"there is no rule {word}{f', but {likely[0]}' if likely else ''}")


OutOption = Annotated[Path | None, typer.Option("--out", help="Write it to this file.", show_default=False)]


@app.command()
def overwritten(
    context: typer.Context,
    entity: EntityOption,
    since: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=day,
            metavar="DATE",
            help="First business date; without dates the current month.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="Last business date.", show_default=False)
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_EMPLOYEE_NUMBER, help="Only this employee number.", show_default=False),
    ] = None,
    person: Annotated[str | None, typer.Option(help="Only this Personio person.", show_default=False)] = None,
    field: Annotated[
        str | None, typer.Option(help="Only this Loket field, such as address.street.", show_default=False)
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="Only this run: its id, or how that begins.", show_default=False)
    ] = None,
    rule: Annotated[
        str | None, typer.Option(callback=a_rule, help="Only under this rule, such as EDIT-2.", show_default=False)
    ] = None,
    cleared: Annotated[
        bool | None, typer.Option("--cleared/--replaced", help="Only cleared, or only replaced fields.")
    ] = None,
    did: Annotated[
        Did | None, typer.Option(help="Only what was overwritten, filled or cleared.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
    output: Annotated[
        str,
        typer.Option(
            "--format", help="table, json, csv, xlsx, pdf or ndjson; else what --out ends in.", show_default=False
        ),
    ] = "",
    out: OutOption = None,
    csv_for_excel: Annotated[
        bool, typer.Option("--csv-for-excel", help="A CSV that a Dutch Excel opens by a double click: ; and a BOM.")
    ] = False,
    certificates: Annotated[
        Path | None, typer.Option(help="Also write the certificate of every field to this folder.", show_default=False)
    ] = None,
    language: LanguageOption = ENGLISH,
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """Every Loket value that runs replaced or cleared in a period, with the checkpoint the report was made at.

    Business dates are inclusive; runs that wrote nothing are listed as runs.
    """
    said = {"--format": output, "--json": "json" if as_json else "", "--csv-for-excel": "csv" if csv_for_excel else ""}
    output = format_for(out, said, (*_TEXT, *_BINARY)) or ("json" if context.obj.as_json else "table")
    if output in _BINARY and out is None and sys.stdout.isatty():
        raise typer.BadParameter(f"{output} is not for a terminal: name a file with --out")
    settings = context.obj.settings()
    first, last = period_of(since, until, business_date(SystemClock().now()))
    filters = OverwrittenFilters(
        entities=(settings.policy(entity).entity.personio_id,),
        since=first,
        until=last,
        number=None if number is None else EmployeeNumber(number),
        person=None if person is None else PersonId(person),
        field=None if field is None else FieldPath(field),
        rule=rule,
        cleared=cleared,
        did=did,
    )
    with open_to_read(settings) as store, views_afresh(store.log) as views:
        if run is not None:
            views.catch_up()
            filters = replace(filters, run=run_named(store.views.runs, run).run_id)
        report = overwritten_report(
            filters, store.log, store.vault, views, store.clock,
            actor=context.obj.actor, unmask_because=reason if unmask else None, most=settings.access.people_a_day,
        )  # fmt: skip
        report = replace(report, entity_names=settings.entity_names(), about=(("Reason", reason),) if unmask else ())
        if output in _BINARY:
            report = in_language(report, language)
            _write_binary(report, _BINARY[output], out)
        else:
            with data_out(out) as stream:
                if csv_for_excel:
                    write_csv(report, stream, for_excel=True)
                else:
                    _TEXT[output](report, stream)
        if certificates is not None:
            _write_certificates(report, store, certificates, with_keys=unmask)


@app.command()
def certificate(
    context: typer.Context,
    position: int,
    out: OutOption = None,
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
    with_others: Annotated[bool, typer.Option(help="Also of an event that names several people.")] = False,
    as_json: JsonOption = True,  # noqa: ARG001  it is JSON in any case
) -> None:
    """Proof that the log holds one event as stored, to be checked offline with offline_verifier.py or verify.html.

    With --unmask it opens this event's values: whoever has the file can read them, even after an erasure,
    and nothing else of that person. Without it, it opens nothing. An event that names several people
    is certified only --with-others: whoever has the file reads of all of them.
    """
    format_for(out, {}, ("json",))
    settings = context.obj.settings()
    with open_to_read(settings) as store:
        if unmask:
            unmasking = unmask_with(settings, context.obj.actor, f"certificate {position}", reason)
            _record_opening(store, position, unmasking)
        proof = certify(store.log, position, with_keys=unmask, with_others=with_others)
        if unmask and not (proof["field_keys"] or "openings" in proof):
            say(_NO_KEYS)
        with data_out(out) as stream:
            print(as_json_text(proof), file=stream)


@app.command("verify-page")
def verify_page(
    out: Annotated[Path, typer.Option("--out", help="Where it is written.")] = Path(NAME),
) -> None:
    """The page that checks a certificate in any browser, with the network cut. Its SHA-256 is told beside it.

    It is one file, and says of a certificate what offline_verifier.py says.
    """
    with whole_file(out) as draft:
        draft.write_bytes(page.verify_page())
    say(f"wrote {out}, SHA-256 {page.sha256_of_page()}")


_NO_KEYS: Final = (
    "the certificate opens nothing: the event has no value, its keys were destroyed, or it is one of the oldest, whose "
    "key would open other values too, and is not given"
)


@app.command()
def evidence(
    context: typer.Context,
    entity: EntityOption,
    out: Annotated[Path, typer.Option("--out", help="Where the archive is written.", show_default=False)],
    period: Annotated[
        str, typer.Option(help="2026-03, or 2026-02-23..2026-03-22; the current month by default.", show_default=False)
    ] = "",
    language: LanguageOption = ENGLISH,
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """One signed archive of a period: plans, outcomes, overrides, exclusions, drift, overwritten fields, proofs.

    offline_verifier.py, which is in it, checks it without this product.
    """
    format_for(out, {}, ("zip",))
    since, until = days_of(period, business_date(SystemClock().now()))
    settings = context.obj.settings()
    filters = OverwrittenFilters(entities=(settings.policy(entity).entity.personio_id,), since=since, until=until)
    with open_to_read(settings) as store, views_afresh(store.log, EVIDENCE) as views:
        shown = subjects_of_evidence(filters, store.log.size(), store.log, views.recorded) if unmask else frozenset()
        report = overwritten_report(
            filters, store.log, store.vault, views, store.clock,
            actor=context.obj.actor, unmask_because=reason if unmask else None, most=settings.access.people_a_day,
            also=shown,
        )  # fmt: skip
        report = replace(report, entity_names=settings.entity_names(), about=(("Reason", reason),) if unmask else ())
        with whole_file(out) as draft:
            write_evidence(draft, in_language(report, language), store.log, views.recorded)
    say(f"wrote {out}; check it with: python offline_verifier.py {out}")


def _record_opening(store: Store, position: int, unmasking: Unmasking) -> None:
    event = next(iter(store.log.at([position])), None)
    if event is None:
        raise NotFound(f"the log has no event at position {position}")
    entity, number = LegalEntityId(""), None
    if event.stream.startswith("loket:"):
        entity, number = loket_record_of(event.stream)
    record_unmasking(
        store.log, store.vault, store.clock,
        unmasking=unmasking, entity=entity, number=number,
        subject=getattr(event.fact, "subject", None) or None,
    )  # fmt: skip


def _write_certificates(report: OverwrittenReport, store: Store, folder: Path, *, with_keys: bool) -> None:
    with own_folder(folder):
        for line in report.lines():
            proof = certify(store.log, line.row.position, with_keys=with_keys)
            with data_out(folder / f"{line.row.position}.certificate.json") as file:
                print(as_json_text(proof), file=file)


def _write_json(report: OverwrittenReport, out: TextIO) -> None:
    data = {**head(report), "overwritten": [json_line(line) for line in report.lines()]}
    print(as_json_text(data), file=out)


def _write_ndjson(report: OverwrittenReport, out: TextIO) -> None:
    for one in json_lines(report):
        print(as_json_text(one, indent=None), file=out)


def _write_table(report: OverwrittenReport, out: TextIO) -> None:
    lines = (printable_data(json_line(line)) for line in report.lines())
    tables_audit.overwritten(tables(out), printable_data(head(report)), lines)


_TEXT: Final[Mapping[str, Callable[[OverwrittenReport, TextIO], None]]] = {
    "table": _write_table,
    "json": _write_json,
    "ndjson": _write_ndjson,
    "csv": write_csv,
}
_BINARY: Final[Mapping[str, Callable[[OverwrittenReport, Path], None]]] = {"xlsx": write_xlsx, "pdf": write_pdf}


def _write_binary(
    report: OverwrittenReport, write: Callable[[OverwrittenReport, Path], None], out: Path | None
) -> None:
    if out is not None and (out.is_file() or not out.exists()):
        with whole_file(out) as draft:
            write(report, draft)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        write(report, path)
        if out is not None:
            with whole_file(out) as device:
                device.write_bytes(path.read_bytes())
        else:
            with printing():
                sys.stdout.buffer.write(path.read_bytes())
