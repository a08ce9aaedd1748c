"""The command that serves the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import app


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Instead of the configured one.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Instead of the configured one.", show_default=False)] = None,
) -> None:
    """Serves the HTTP API until stopped. Its description is at /docs."""
    from api.http.server import serve as serving  # the framework is loaded only here

    serving(context.obj.settings(), host, port)
