"""Trying it without any account: demo, simulate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import app
from api.identifiers import new_run_id as new_run_id


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Show it on pages in a browser, until stopped.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of the pages; 0 picks a free one.")] = 8321,
) -> None:
    """Plays the whole story on two simulated systems; needs no account and no configuration."""
    if serve:
        from api.demo.served import serve as serving  # the simulators and the framework are loaded only here

        serving(port)
    else:
        from api.demo.story import play

        play()


@app.command()
def simulate(
    people_count: Annotated[int, typer.Option("--people", min=1, help="How large the company is.")] = 25,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company.")] = 1,
    personio_port: Annotated[int, typer.Option(min=0, max=65_535, help="0 picks a free one.")] = 0,
    loket_port: Annotated[int, typer.Option(min=0, max=65_535, help="0 picks a free one.")] = 0,
    salaries: Annotated[
        str, typer.Option(help="Which amount of a part-timer Personio shows: effective or full_time.")
    ] = "effective",
    config_out: Annotated[
        Path | None, typer.Option(help="Write a configuration that points at them.", show_default=False)
    ] = None,
) -> None:
    """Serves both simulators with a generated company until stopped."""
    from adapters.simulators.personio.quirks import Salaries
    from api.demo.simulators import serve

    if salaries not in {one.value for one in Salaries}:
        raise typer.BadParameter("effective or full_time", param_hint="--salaries")
    serve(people_count, seed, personio_port, loket_port, config_out, Salaries(salaries))
