"""The commands for opening more people's values within a day than one person may (AUD-8)."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from api.cli.app import app
from api.cli.opened import with_store
from api.cli.options import EntityOption, FormatOption, JsonOption
from api.cli.output import print_data
from domain.services.reports.more_people import agree_to_more, ask_for_more, waiting_for_more
from domain.showings import MorePeople
from domain.values import so_many

more = typer.Typer(
    help="Values of more people than one person opens within a day.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(more, name="more-people")


@more.command("ask")
def ask(
    context: typer.Context,
    entity: EntityOption,
    people: Annotated[int, typer.Option(help="How many people more.", show_default=False)],
    reason: Annotated[str, typer.Option(help="Why; it is kept with your name.", show_default=False)] = "",
    as_json: JsonOption = False,
    output: FormatOption = "table",
) -> None:
    """Asks to open more people's values; good for 24 hours once somebody else has agreed."""
    with with_store(context) as (settings, store, actor):
        made = ask_for_more(
            store.log, store.vault, store.clock, actor=actor, entity=settings.policy(entity).entity.personio_id,
            people=people, reason=reason,
        )  # fmt: skip
        print_data(context, as_json, output, _told(made), lambda console, data: console.print(data["asked"]))


@more.command("agree")
def agree(context: typer.Context, asked: str, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """Agrees to what somebody else asked for."""
    with with_store(context) as (_, store, actor):
        done = agree_to_more(store.log, store.clock, actor=actor, asked=asked)
        said = f"{done.asked_by} may open the values of {so_many(done.people, 'more person', 'more people')}"
        print_data(context, as_json, output, _told(done), lambda console, _: console.print(said))


@more.command("list")
def listed(context: typer.Context, as_json: JsonOption = False, output: FormatOption = "table") -> None:
    """What waits for a second person."""
    with with_store(context) as (_, store, _actor):
        rows = [_told(one) for one in waiting_for_more(store.log, store.clock).values()]
        print_data(context, as_json, output, {"waiting": rows}, _waiting)


def _waiting(console: Console, data: dict[str, Any]) -> None:
    for one in data["waiting"]:
        people = so_many(one["people"], "more person", "more people")
        console.print(f"{one['asked']}: {one['asked_by']}, {people} of legal entity {one['legal_entity']}")


def _told(one: MorePeople) -> dict[str, Any]:
    return {
        "asked": one.id,
        "legal_entity": one.legal_entity,
        "people": one.people,
        "asked_by": one.asked_by,
        "agreed_by": one.agreed_by,
        "good_until": one.good_until.isoformat(),
    }
