"""What commands open before they do their work, and the unmasking of values on record."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Final

import typer

from api.bootstrap import Store, open_store
from api.cli.output import say
from domain.errors import TweeluikError
from domain.log import warning_about
from domain.planning.business_date import business_date
from domain.services.reports.unmask import Unmasking, record_unmasking, require_reason, subjects_of
from domain.values import Actor, LegalEntityId

if TYPE_CHECKING:
    from api.config.settings import Settings
    from domain.services.journal import Progress, Tools
    from domain.services.sync.preview import Preview
    from domain.settings import Policy

_EVERYONE: Final = 1_000_000


@contextmanager
def with_store(context: typer.Context, *, reading: bool = True) -> Iterator[tuple[Settings, Store, Actor]]:
    """For what only reads the log, which works on one that is not believed too."""
    settings = context.obj.settings()
    with open_to_read(settings) if reading else open_store(settings) as store:
        yield settings, store, context.obj.actor


@contextmanager
def open_to_read(settings: Settings) -> Iterator[Store]:
    """The log for what only reads it. Whoever was answered is told when it is known to be bad."""
    with open_store(settings, reading=True) as store:
        yield store
        if warning := warning_about(store.log):
            say(f"WARNING: {warning}")


@contextmanager
def with_tools(context: typer.Context, *, reading: bool = False) -> Iterator[tuple[Settings, Tools, Actor]]:
    """`reading`: neither system is asked for anything."""
    from api.bootstrap import open_tools

    with with_store(context, reading=reading) as (settings, store, actor), open_tools(settings, store) as tools:
        yield settings, tools, actor


@contextmanager
def with_preview(
    context: typer.Context, entity: str, on: date | None, unmasking: str, reason: str
) -> Iterator[Preview]:
    from api.progress import reporting
    from domain.services.sync.preview import preview

    with with_tools(context) as (settings, tools, actor):
        policy = settings.policy(entity)
        shown = unmask_with(settings, actor, unmasking, reason) if unmasking else None
        with reporting() as progress:
            tell_estimate(tools, policy, progress)
            seen = preview(policy, tools, on=on, progress=progress)
        if shown:
            about = subjects_of((one.person for one in seen.plan.decisions), log=tools.log)
            record_cli_unmasking(tools, shown, entity, about)
        yield seen


def tell_estimate(tools: Tools, policy: Policy, progress: Progress) -> None:
    """How many requests it will take, and how long, before the first of them; nothing where no run tells.

    What is wrong with the log or a view is said by what comes next.
    """
    from domain.services.reading.estimate import estimate

    with suppress(TweeluikError):
        tools.views.catch_up()
        if found := estimate(tools, policy, business_date(tools.clock.now())):
            progress(found.text, 0, 0)


def unmask_with(settings: Settings, actor: Actor, what: str, reason: str) -> Unmasking:
    require_reason(reason)
    return Unmasking(actor, what, reason, settings.access.people_a_day)


def record_cli_unmasking(tools: Tools, unmasking: Unmasking, entity: str, people: Collection[str]) -> None:
    record_unmasking(
        tools.log, tools.vault, tools.clock, unmasking=unmasking, entity=LegalEntityId(entity), people=people
    )
    tools.log.checkpoint()


def everyone_in(tools: Tools, entity: str) -> frozenset[str]:
    """Whoever may be shown by what reads both systems: everyone the log knows in the legal entity."""
    tools.views.catch_up()
    known = tools.views.sync_state.states(LegalEntityId(entity), after=None, limit=_EVERYONE)
    return subjects_of((one.person_id for one in known), log=tools.log)
