"""Options and arguments that several commands take: each means the same wherever it stands."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

NumberArgument: TypeAlias = Annotated[int, typer.Argument(help="Loket employee number.", show_default=False)]
EntityOption: TypeAlias = Annotated[
    str, typer.Option("--entity", help="Personio id of the legal entity.", show_default=False)
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
FormatOption: TypeAlias = Annotated[str, typer.Option("--format", help="table or json.", show_default=True)]
UnmaskOption: TypeAlias = Annotated[
    bool, typer.Option("--unmask", help="Show personal values; recorded with your name.")
]
ReasonOption: TypeAlias = Annotated[str, typer.Option("--reason", help="Why the values are shown.", show_default=False)]
WhyOption: TypeAlias = Annotated[
    str, typer.Option("--reason", help="Why; it is kept with your name.", show_default=False)
]
