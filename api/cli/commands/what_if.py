"""What else might have been decided: what-if."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import app
from api.cli.dates import day
from api.cli.opened import record_cli_unmasking, unmask_with, with_tools
from api.cli.options import (
    EntityOption,
    JsonOption,
    LanguageOption,
    OutOption,
    ReasonOption,
    SheetFormatOption,
    UnmaskOption,
)
from api.cli.output import as_json_text, data_out
from api.cli.sheets import tell, wanted
from api.config.settings import load
from api.languages import ENGLISH
from api.presenters import what_if as present_what_if
from api.presenters.what_if import Made
from api.progress import reporting
from domain.errors import NotFound
from domain.log import Log, warning_about
from domain.planning.business_date import day_begins
from domain.services.replay.known_earlier import Exposure, known_earlier
from domain.services.replay.looks import Look, Looks, looks_between, policy_at
from domain.services.replay.what_if import each_otherwise, with_settings
from domain.services.reports.unmask import subjects_of
from domain.settings import Policy
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId


@app.command()
def what_if(
    context: typer.Context,
    entity: EntityOption,
    run: Annotated[str | None, typer.Option(help="This run, check or validation.", show_default=False)] = None,
    since: Annotated[str | None, typer.Option("--from", help="Every run from this day on.", show_default=False)] = None,
    until: Annotated[str | None, typer.Option("--to", help="Up to and including this day.", show_default=False)] = None,
    settings_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="Another setting, such as rules.leave_counts_as_active=true; repeatable.", show_default=False
        ),
    ] = None,
    under: Annotated[
        Path | None, typer.Option("--under", help="Another configuration file.", show_default=False)
    ] = None,
    as_of: Annotated[
        int | None, typer.Option(help="The settings that were in force at this position.", show_default=False)
    ] = None,
    known: Annotated[
        int | None,
        typer.Option(
            "--known",
            metavar="NUMBER",
            help="Instead: had this employee's present data been known from --from on.",
            show_default=False,
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(help='With --known: this Loket field only, or "pay"; repeatable.', show_default=False),
    ] = None,
    language: LanguageOption = ENGLISH,
    as_json: JsonOption = False,
    output: SheetFormatOption = "",
    out: OutOption = None,
    unmask: UnmaskOption = False,
    reason: ReasonOption = "",
) -> None:
    """What other settings would have made of past runs, from the log alone: side by side with what was done.

    Neither system is read, nothing is written. With --known: in which runs and payroll periods Loket held something
    else, because what one employee has now was not known before.
    """
    output = wanted(context, output, out, as_json=as_json)
    first, last = day(since) if since else None, day(until) if until else None
    others = [bool(settings_), under is not None, as_of is not None].count(True)
    if known is not None and (others or run is not None or first is None):
        raise typer.BadParameter("--known goes with --from, and with no other settings and no --run")
    if known is None and others != 1:
        raise typer.BadParameter("give other settings: --set section.setting=value, --under FILE, or --as-of POSITION")
    if run is not None and (first or last):
        raise typer.BadParameter("--run goes without --from and --to")
    with with_tools(context, reading=True) as (settings, tools, actor):
        settings.policy(entity)
        looks, size = Looks(tools.log, tools.vault), tools.log.size()
        since_, until_ = day_begins(first) if first else None, day_begins(last, days=1) if last else None
        names = (
            [RunId(run)]
            if run
            else looks_between(tools.log, 0, size - 1, entities=[entity], since=since_, until=until_)
        )
        chosen = looks.those(names, entity)
        head = tools.log.checkpoint()
        made = Made(actor, tools.clock.now(), size, head, warning_about(tools.log), unmask)
        name = settings.entity_names()[entity]
        if known is not None and first is not None:
            found = _known(looks, chosen, EmployeeNumber(known), entity, first, field or (), size - 1)
            shown: Iterable[PersonId] = [found.person]
            data = present_what_if.exposure(found, EmployeeNumber(known), unmask=unmask)
            sheet = present_what_if.exposure_sheet(found, name, EmployeeNumber(known), made, language)
        else:
            policy, said = _other_policy(tools.log, entity, settings_ or (), under, as_of)
            with reporting() as progress:
                results = each_otherwise(chosen, policy, progress)
            shown = {each.person for one in results for each in one.apart}
            data = present_what_if.what_ifs(results, said, unmask=unmask)
            sheet = present_what_if.what_if_sheet(results, name, said, made, language)
        if unmask:
            whom = subjects_of(shown, log=tools.log)
            record_cli_unmasking(tools, unmask_with(settings, actor, "what-if", reason), entity, whom)
    if output == "json":
        with data_out(out) as stream:
            stream.write(f"{as_json_text(data)}\n")
    else:
        tell(context, sheet, output, out, for_excel=False)


def _known(
    looks: Looks,
    chosen: Sequence[Look],
    number: EmployeeNumber,
    entity: str,
    since: date,
    fields: Sequence[str],
    last: int,
) -> Exposure:
    """Raises NotFound unless exactly one person was judged under the number last."""
    latest = looks.latest(entity, last)
    people = [one.person for one in latest.decide().decisions if one.number == number]
    if len(people) != 1:
        raise NotFound(f"{latest.name} judged {len(people) or 'nobody'} with employee number {number}")
    return known_earlier(chosen, latest, people[0], since=since, fields=fields)


def _other_policy(
    log: Log, entity: str, changes: Sequence[str], under: Path | None, as_of: int | None
) -> tuple[Callable[[Look], Policy], list[str]]:
    """The settings a look is judged by instead of its own, and what is said of them. Raises Misconfigured."""
    if under is not None:
        other = load(under).policy(entity)
        return lambda _: other, [under.name]
    if as_of is not None:
        then = policy_at(log, LegalEntityId(entity), as_of)
        return lambda _: then, [f"as of position {as_of}"]
    return lambda look: with_settings(look.policy, changes), list(changes)
