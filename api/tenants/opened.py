"""One tenant, opened: its own log, keys, sessions, pages and timetable, and the application that a single one has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from adapters.logs import logger
from api.bootstrap import Store, code_flow, identity_provider, is_begun, open_store, open_tools
from api.config.settings import Settings
from api.http.below import Below
from api.http.middleware import Rates
from api.http.server import open_web
from api.http.state import Tokens, Web
from api.jobs.planned_jobs import ScheduledWork
from api.jobs.scheduler import Dispatch, Scheduler
from api.jobs.webhook_follower import following
from api.pages.asking import Site
from api.pages.site import application
from domain.access import Caller
from domain.errors import Misconfigured, Unreachable


@dataclass(frozen=True, slots=True)
class Working:
    """What keeps the timetable of one tenant, and does what is due."""

    store: Store
    work: ScheduledWork
    scheduler: Scheduler
    web: Web | None = None  # None in a worker, which nobody asks
    app: ASGIApp | None = None
    metrics: CollectorRegistry | None = None


class RatesOfOne(Rates):
    """One tenant's callers; by address all tenants count together, so that nobody learns by a limit whom there is."""

    def __init__(self, tenant: str, of_all: Rates) -> None:
        self._tenant, self._of_all = tenant, of_all

    def spend(self, who: str) -> None:
        self._of_all.spend(self._named(who))

    def give_back(self, who: str) -> None:
        self._of_all.give_back(self._named(who))

    def _named(self, who: str) -> str:
        return who if who.startswith("address ") else f"{self._tenant} {who}"


@dataclass(frozen=True, slots=True)
class _Discreet:
    """A provider that cannot be reached lets nobody in, and tells no stranger that there is one."""

    provider: Tokens

    def caller(self, token: str) -> Caller | None:
        try:
            return self.provider.caller(token)
        except Unreachable as reason:
            logger().error("a provider's keys cannot be read", cause=str(reason))
            return None


@contextmanager
def open_served(name: str, settings: Settings, dispatch: Dispatch, rates: Rates) -> Iterator[Working]:
    """With its application, as `tweeluik serve` has it for one. Raises Misconfigured or LogUnavailable."""
    with ExitStack() as closing:
        provider = identity_provider(settings)
        web = closing.enter_context(open_web(settings, provider=None if provider is None else _Discreet(provider)))
        closing.enter_context(following(settings, web.store, web.hints))
        app, base = application_of(web, name, rates)
        work = _work(closing, settings, web.store)
        yield Working(web.store, work, Scheduler(work, dispatch), web, Below(app, base), app.state.metrics.registry)


@contextmanager
def open_worked(settings: Settings, dispatch: Dispatch) -> Iterator[Working]:
    """For its scheduled work alone, where its log is. Raises Misconfigured or LogUnavailable.

    A worker may be on any machine: a log or key that it made would be an empty one beside the tenant's own.
    """
    if not is_begun(settings.log):
        raise Misconfigured("its log, its key store or its signing key is not here, and a worker makes none")
    with ExitStack() as closing:
        store = closing.enter_context(open_store(settings, reading=True))
        work = _work(closing, settings, store)
        yield Working(store, work, Scheduler(work, dispatch))


def application_of(web: Web, name: str, rates: Rates) -> tuple[FastAPI, str]:
    """The same application that one customer alone would have, and below which path it is found."""
    pages = web.settings.pages
    if pages is None:
        raise Misconfigured("a tenant has an address")
    site = Site(pages.origin, base=pages.base, flow=code_flow(web.settings, pages.public_url))
    return application(web, site, rates=RatesOfOne(name, rates)), pages.base


def _work(closing: ExitStack, settings: Settings, store: Store) -> ScheduledWork:
    return ScheduledWork(settings, store, closing.enter_context(open_tools(settings, store)))
