"""The command with which a person says that Loket's version numbers can be relied on again (RUN-15)."""

from __future__ import annotations

import typer

from api.cli.app import app
from api.cli.opened import with_tools
from api.cli.options import EntityOption, WhyOption
from api.identifiers import new_run_id
from domain.services.journal import Journal
from domain.services.sync.versions_believed import trust_versions as trust


@app.command("trust-versions")
def trust_versions(context: typer.Context, entity: EntityOption, reason: WhyOption = "") -> None:
    """Says that Loket's version numbers can be relied on again, after they were found wrong."""
    with with_tools(context) as (settings, tools, actor):
        journal = Journal(tools=tools, actor=actor, correlation=f"decision-{new_run_id(tools.clock.now())}")
        trust(settings.policy(entity), journal, reason=reason)
    typer.echo("after the next full read, only those are read again of whom Loket says that something moved")
