"""Options and arguments that several commands take: each means the same wherever it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from domain.values import MAX_EMPLOYEE_NUMBER

NumberArgument: TypeAlias = Annotated[
    int, typer.Argument(help="Loket employee number.", min=1, max=MAX_EMPLOYEE_NUMBER, show_default=False)
]
EntityWord: TypeAlias = Annotated[
    str, typer.Option("--entity", help="Personio id of the legal entity.", show_default=False)
]
"""As it was typed, or empty. Where a command needs one, it is an EntityOption."""


def the_entity(context: typer.Context, entity: str) -> str:
    """The entity that was named, or the only one that is configured; found before anything is opened or made.

    Raises Misconfigured for one that is not enabled, and BadParameter when there are several to choose from.
    """
    if context.resilient_parsing:
        return entity
    names: dict[str, str] = context.obj.settings().entity_names()
    if entity:
        context.obj.settings().policy(entity)  # refuses one that is not enabled
        return entity
    if len(names) == 1:
        return next(iter(names))
    listed = " or ".join(f"{each} ({name})" if name else each for each, name in names.items())
    raise typer.BadParameter(f"name the legal entity with --entity: {listed}")


EntityOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--entity",
        help="Personio id of the legal entity; not needed where one is configured.",
        callback=the_entity,
        default_factory=str,
        show_default=False,
    ),
]
TenantsOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--tenants", help="Every customer of this folder, each with a file of its own.", show_default=False),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
FormatOption: TypeAlias = Annotated[str, typer.Option("--format", help="table or json.", show_default=True)]
SheetFormatOption: TypeAlias = Annotated[
    str, typer.Option("--format", help="table, json, csv, xlsx or pdf; else what --out ends in.", show_default=False)
]
OutOption: TypeAlias = Annotated[Path | None, typer.Option("--out", help="Write to this file.", show_default=False)]


def _spoken(language: str) -> str:
    from api.languages import DUTCH, ENGLISH, LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"it is {DUTCH} or {ENGLISH}, not {language}")
    return language


LanguageOption: TypeAlias = Annotated[str, typer.Option("--language", help="nl or en.", callback=_spoken)]
UnmaskOption: TypeAlias = Annotated[
    bool, typer.Option("--unmask", help="Show personal values; recorded with your name.")
]
ReasonOption: TypeAlias = Annotated[str, typer.Option("--reason", help="Why the values are shown.", show_default=False)]
WhyOption: TypeAlias = Annotated[
    str, typer.Option("--reason", help="Why; it is kept with your name.", show_default=False)
]
