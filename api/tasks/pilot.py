"""A run of named people for the first days: its plan is shown first, and a person at a terminal says yes (RUN-10)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from rich.console import Console

from api.presenters import plan as present
from api.presenters import tables
from api.progress import reporting
from domain.errors import Misconfigured
from domain.services.journal import Tools
from domain.services.sync.named import pilot_of
from domain.services.sync.preview import preview
from domain.settings import Policy


def pilot(policy: Policy, tools: Tools, numbers: Sequence[int]) -> Policy:
    """The policy of a run that takes up these employee numbers only.

    Raises NotFound for a number that nobody has in Personio, Misconfigured when the plan is declined.
    """
    policy = pilot_of(policy, numbers)
    with reporting() as progress:
        seen = preview(policy, tools, progress=progress)
    console = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)
    tables.plan(console, present.plan(seen, unmask=False))
    if sys.stdin.isatty() and not typer.confirm("Write this to Loket?", err=True):
        raise Misconfigured("the pilot was not confirmed: nothing was written")
    return policy
