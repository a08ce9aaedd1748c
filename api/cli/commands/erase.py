"""The command of the privacy officer: erasing people, holds, and retention periods that are over (AUD-9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.bootstrap import open_store
from api.cli.app import app
from api.cli.options import FormatOption, JsonOption, WhyOption
from api.cli.output import print_data, say
from api.config.settings import Settings
from api.presenters import erasures as present
from api.tasks.erase import eraser as make_eraser
from domain.records.erasure_book import Erasure, ErasureState
from domain.values import PersonId


@app.command()
def erase(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Personio person id.", show_default=False)] = "",
    reason: WhyOption = "",
    confirm: Annotated[str, typer.Option(help="A request somebody else made, to carry out.", show_default=False)] = "",
    hold: Annotated[bool, typer.Option("--hold", help="Keep everything of this person for now.")] = False,
    release: Annotated[bool, typer.Option("--release", help="End the hold on this person.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Erase whatever is past its retention period.")] = False,
    reapply: Annotated[
        bool, typer.Option("--reapply", help="Destroy again what a restored key store brought back.")
    ] = False,
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Asks to erase a person, or confirms what another person asked for; without either, lists every erasure and hold.

    Values whose legal period or hold stands are refused with the reason and marked restricted; the keys of the rest are
    destroyed once a second person confirms. Facts, person id and employee number stay.

    Of reports nothing is kept here, so a report made later says erased, one ordered before it included. A file that has
    left cannot be reached: a report or evidence pack in clear, a certificate with keys. People have to recall it; the
    access review names whom values were shown to, and when.
    """
    if sum((bool(person), bool(confirm), due, reapply)) > 1 or ((hold or release) and not person) or (hold and release):
        raise typer.BadParameter("give one of these: a person, --confirm REQUEST, --due, --reapply")
    settings: Settings = context.obj.settings()
    reading = not (person or confirm or due or reapply)
    with open_store(settings, honour_erasures=not reapply, reading=reading) as store:
        eraser = make_eraser(settings, store, context.obj.actor)
        done: Sequence[Erasure] = ()
        if hold:
            eraser.hold(PersonId(person), reason)
        elif release:
            eraser.release(PersonId(person), reason)
        elif person:
            done = (eraser.request(PersonId(person), reason),)
        elif confirm:
            done = (eraser.confirm(confirm),)
        elif due:
            done = eraser.apply_retention()
        elif reapply:
            eraser.reapply()
        book = eraser.book()
        shown = done if confirm or due or (person and not (hold or release)) else tuple(book.erasures.values())
        print_data(context, as_json, output, present.erasures(shown, book.holds), _table)
        if any(one.state is ErasureState.CONFIRMED for one in shown):
            say(
                "what is confirmed nobody can read any more, but bytes of its keys are on the disk while somebody reads"
                " the key store, such as a backup: tweeluik erase --due finishes it"
            )


def _table(console: Console, data: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Erasure", "Person", "State", "Requested by", "Restricted", "Erased"):
        table.add_column(title, overflow="fold")
    for one in data["erasures"]:
        kept = (
            f"{each['class']} ({each['why'].replace('_', ' ')}{', until ' + each['until'] if each['until'] else ''})"
            for each in one["restricted"]
        )
        table.add_row(
            one["erasure"],
            one["person_id"],
            one["state"],
            one["requested_by"],
            "\n".join(kept),
            ", ".join(one["erased"]),
        )
    console.print(table)
    console.print(f"held: {', '.join(data['holds']) or 'nobody'}")
