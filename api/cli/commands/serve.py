"""The command that serves the HTTP API and the pages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.app import app
from api.cli.options import TenantsOption
from api.cli.output import say
from domain.access import Role
from domain.errors import Misconfigured

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.http.state import Web
    from api.pages.asking import Site

_HERE: Final = "127.0.0.1"


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Instead of the configured one.", show_default=False)] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of the configured one.", show_default=False)
    ] = None,
    local: Annotated[
        bool, typer.Option("--local", help="Serve the pages to this machine only, and print a link that signs you in.")
    ] = False,
    role: Annotated[Role, typer.Option(help="With --local: as whom the link signs you in.")] = Role.PAYROLL_ADMIN,
    tenants: TenantsOption = None,
) -> None:
    """Serves the HTTP API, described at /docs, and the pages, until stopped."""
    if tenants is not None:
        from api.tenants.server import serve_tenants

        if local:
            raise Misconfigured("--local is for one installation, --tenants for many: choose one")
        serve_tenants(tenants, host, port)
        return
    from api.bootstrap import code_flow
    from api.http.server import serve as serving  # the framework is loaded only here
    from api.pages.asking import Site
    from api.pages.site import application

    settings = context.obj.settings()
    if local:
        if host not in (None, _HERE):
            raise Misconfigured(f"--local serves this machine only: leave --host out, or say {_HERE}")
        at = settings.serve.port if port is None else port
        if at == 0:
            raise Misconfigured("--local needs a port that is known before: name one with --port")
        site = Site(f"http://{_HERE}:{at}", link=secrets.token_urlsafe(16), whose=(context.obj.actor, role))
        serving(settings, _HERE, at, lambda web: _with_link(web, site))
    elif settings.pages is not None:
        pages = settings.pages
        if pages.base:
            raise Misconfigured(f"pages.public_url has the path {pages.base}: that is for serve --tenants")
        site = Site(pages.origin, flow=code_flow(settings, pages.public_url))
        serving(settings, host, port, lambda web: application(web, site))
    else:
        serving(settings, host, port)


def _with_link(web: Web, site: Site) -> FastAPI:
    """The link is good for ten minutes from now."""
    from api.pages.site import application

    site.made_at = web.store.clock.now().timestamp()
    say(f"open {site.origin}/sign-in/link/{site.link} (good once, for ten minutes)")
    return application(web, site)
