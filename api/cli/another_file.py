"""A configuration file tried on what is on record, before anybody switches to it."""

from __future__ import annotations

from pathlib import Path

import typer

from api.cli.opened import with_tools
from api.cli.output import print_data
from api.config.settings import load
from api.presenters import tables
from api.presenters import what_if as present_what_if
from api.progress import reporting
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.what_if import TRIED, each_otherwise


def under_another_file(context: typer.Context, entity: str, under: Path, as_json: bool, output: str) -> None:
    """What it would have made of the last 90 days."""
    with with_tools(context, reading=True) as (_, tools, _actor):
        policy = load(under).policy(entity)
        names = looks_between(tools.log, since=tools.clock.now() - TRIED, entities=[entity])
        chosen = Looks(tools.log, tools.vault).those(names, entity)
        with reporting() as progress:
            found = each_otherwise(chosen, lambda _: policy, progress)
    print_data(context, as_json, output, present_what_if.what_ifs(found, [under.name], unmask=False), tables.what_ifs)
