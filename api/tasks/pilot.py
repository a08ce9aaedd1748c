"""A run of named people for the first days: its plan is shown first, and a person at a terminal says yes (RUN-10)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import typer
from rich.console import Console

from api.presenters import plan as present
from api.presenters import tables
from api.progress import reporting
from domain.errors import Misconfigured, NotFound
from domain.services.journal import Tools
from domain.services.sync.preview import preview
from domain.settings import Policy
from domain.values import EmployeeNumber


def pilot(policy: Policy, tools: Tools, numbers: Sequence[int]) -> Policy:
    """The policy of a run that takes up these employee numbers only.

    Raises NotFound for a number that nobody has in Personio, Misconfigured when the plan is declined.
    """
    policy = replace(policy, only=frozenset(map(EmployeeNumber, numbers)))
    with reporting() as progress:
        seen = preview(policy, tools, progress=progress)
    known = {one.number for one in seen.plan.decisions}
    unknown = sorted(set(numbers) - known)
    if unknown:
        listed = ", ".join(map(str, unknown))
        raise NotFound(f"nobody in legal entity {seen.entity} has employee number {listed} in Personio")
    console = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)
    tables.plan(console, present.plan(seen, unmask=False))
    if sys.stdin.isatty() and not typer.confirm("Write this to Loket?", err=True):
        raise Misconfigured("the pilot was not confirmed: nothing was written")
    return policy
