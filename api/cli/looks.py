"""Runs, checks and validations on record, for commands that decide about them once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import typer

from api.cli.opened import with_tools
from api.cli.output import print_data
from api.config.settings import load
from api.presenters import tables
from api.presenters import what_if as present_what_if
from api.progress import reporting
from domain.errors import NotFound
from domain.planning.business_date import AMSTERDAM
from domain.services.journal import Progress
from domain.services.replay.looks import Look, Looks, NotReplayable, looks_between
from domain.services.replay.what_if import WhatIf
from domain.services.replay.what_if import what_if as judge_otherwise
from domain.settings import Policy
from domain.values import RunId

_TRIED: Final = timedelta(days=90)


def under_another_file(context: typer.Context, entity: str, under: Path, as_json: bool, output: str) -> None:
    """What another configuration file would have made of the last 90 days, before anybody switches to it."""
    with with_tools(context, reading=True) as (_, tools, _actor):
        policy = load(under).policy(entity)
        names = looks_between(tools.log, since=tools.clock.now() - _TRIED)
        chosen = only_of(Looks(tools.log, tools.vault), names, entity)
        with reporting() as progress:
            found = judged_otherwise(chosen, lambda _: policy, progress)
    print_data(context, as_json, output, present_what_if.what_ifs(found, [under.name], unmask=False), tables.what_ifs)


def judged_otherwise(chosen: Sequence[Look], policy: Callable[[Look], Policy], progress: Progress) -> list[WhatIf]:
    found = []
    for done, look in enumerate(chosen):
        progress("deciding anew", done, len(chosen))
        found.append(judge_otherwise(look, policy(look)))
    return found


def begins(on: date | None, *, days: int = 0) -> datetime | None:
    """When a day begins in the Netherlands, or one so many days later."""
    return None if on is None else datetime.combine(on + timedelta(days=days), time(), AMSTERDAM).astimezone(UTC)


def only_of(looks: Looks, names: Iterable[RunId], entity: str) -> list[Look]:
    """Those of the legal entity that can be derived again. Raises NotFound when none of them can."""
    found = []
    for name in names:
        with suppress(NotReplayable):
            if (look := looks.look(name)).entity == entity:
                found.append(look)
    if not found:
        raise NotFound(f"no run, check or validation of legal entity {entity} among these can be derived again")
    return found


def latest_of(looks: Looks, entity: str) -> Look:
    """The newest one of the legal entity. Raises NotFound."""
    for name in reversed(looks_between(looks.log)):
        with suppress(NotReplayable):
            if (look := looks.look(name)).entity == entity:
                return look
    raise NotFound(f"no run, check or validation of legal entity {entity} can be derived again")
