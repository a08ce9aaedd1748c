"""What the operator asks of the whole server: is it alive, is it ready, how is it doing, and who waits for work."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any, Final, Protocol

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from adapters.database_faults import DATABASE_ERRORS
from adapters.logs import logger
from api.http.measures import Measured, calls_of_this_process
from api.http.middleware import Rates, by_address
from api.http.problems import Refused, answer, not_found
from api.tenants.house import House
from api.tenants.opened import Working
from domain.errors import QueueUnavailable, TweeluikError
from domain.fairness import InQueue, evenness
from domain.schedule import INSTALLATION

PATIENCE: Final = 2.0  # seconds that a tenant has to say how it stands, as a request has for its opening
_IN_ALL: Final = 8.0  # seconds; Prometheus waits for ten
_AT_ONCE: Final = 8
_MEASURERS: Final = 64  # of which those that hang take one each


class WorkQueue(Protocol):
    """Where due work waits, as the operator sees it."""

    @property
    def away(self) -> str:
        """In one line why it hands out nothing; empty while it does."""
        ...

    def standings(self) -> Sequence[InQueue]:
        """Raises QueueUnavailable."""
        ...


_OF_THE_QUEUE: Final[tuple[tuple[str, str, Callable[[InQueue], float]], ...]] = (
    ("waiting", "Jobs that nobody has begun", lambda one: one.waiting),
    ("oldest_seconds", "How long the oldest has waited", lambda one: one.oldest),
    ("running", "Jobs being done", lambda one: one.given.running),
    ("given_seconds", "Work that was done lately; half of it is forgotten in an hour", lambda one: one.given.seconds),
)


class OfAllTenants(Collector):
    """The metrics of every tenant that is open, each with its name, and how they stand in the queue.

    One whose database hangs is told as not measured, and is measured no second time while it does: so it holds up
    neither the others nor the next question.
    """

    def __init__(self, house: House, queue: WorkQueue) -> None:
        self._house, self._queue = house, queue
        self._measurers = ThreadPoolExecutor(_MEASURERS, "measuring")
        self._hanging = dict[str, Future[Sequence[Metric]]]()

    def collect(self) -> Iterator[Metric]:
        merged: dict[str, Metric] = {}
        calls = calls_of_this_process()
        measured = self._measured([name for name, _ in self._house.open()])
        for name, metrics in measured.items():
            for metric in metrics:
                if metric.name != calls.name:
                    found = merged.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                    found.samples += [one._replace(labels={**one.labels, "tenant": name}) for one in metric.samples]
        yield from (*merged.values(), calls)
        yield _gauge("tweeluik_tenants", "Tenants", self._counted().items(), label="state")
        told = [(name, float(bool(metrics))) for name, metrics in measured.items()]
        yield _gauge("tweeluik_tenant_measured", "0: it is open, and did not say in time how it stands", told)
        queued: Sequence[InQueue] = ()
        with suppress(QueueUnavailable):
            queued = self._queue.standings()
        answers = GaugeMetricFamily("tweeluik_queue_answers", "0: the queue's database is away, and no work is begun")
        answers.add_metric([], float(not self._queue.away))
        yield answers
        if self._queue.away:
            return
        for name, what, of in _OF_THE_QUEUE:
            yield _gauge(f"tweeluik_queue_{name}", what, ((one.tenant, of(one)) for one in queued))

    def _measured(self, names: Sequence[str]) -> dict[str, Sequence[Metric]]:
        """By tenant; nothing for one that did not say it. A few at a time, and each few get `PATIENCE`."""
        self._hanging = {name: one for name, one in self._hanging.items() if not one.done()}
        asked = [name for name in names if name not in self._hanging]
        found: dict[str, Sequence[Metric]] = dict.fromkeys(names, ())
        until = time.monotonic() + _IN_ALL
        for few in (asked[at : at + _AT_ONCE] for at in range(0, len(asked), _AT_ONCE)):
            begun = {name: self._measurers.submit(self._of, name) for name in few}
            wait(begun.values(), timeout=min(PATIENCE, max(0.0, until - time.monotonic())))
            found |= {name: one.result() for name, one in begun.items() if one.done()}
            self._hanging |= {name: one for name, one in begun.items() if not one.done() and not one.cancel()}
        return found

    def _of(self, name: str) -> Sequence[Metric]:
        with self._house.visiting(name) as working:
            return () if working is None else _of_one(name, working)

    def _counted(self) -> dict[str, int]:
        house = self._house
        return {"open": len(house.open()), "broken": len(house.troubles), "behind": len(house.behind)}


def _of_one(name: str, working: Working) -> Sequence[Metric]:
    """What its own `/metrics` would say to somebody who sees all of it; nothing while it cannot say it."""
    if working.web is None or working.metrics is None:
        return ()
    web = working.web
    try:
        web.store.views.catch_up()
        stands = Measured(web, (INSTALLATION, *web.entities), web.store.clock.now())
        return [*working.metrics.collect(), *stands.collect()]
    except (TweeluikError, *DATABASE_ERRORS):
        return ()
    except Exception as reason:  # noqa: BLE001  one tenant's fault keeps no other's figures from being told
        logger().error("a tenant was not measured", tenant=name, kind=type(reason).__name__)
        return ()


def _gauge(name: str, what: str, told: Iterable[tuple[str, float]], *, label: str = "tenant") -> Metric:
    gauge = GaugeMetricFamily(name, what, labels=[label])
    for each, value in told:
        gauge.add_metric([each], value)
    return gauge


def operation(house: House, waiting: WorkQueue, rates: Rates, proxies: Sequence[str] = ()) -> ASGIApp:
    """Health is public and says nothing of any tenant; the rest is for whoever has the operator's token.

    A server whose queue is away answers every page: it is ready, and says what it has not. Who asks is told by
    `proxies` that are trusted, as with one tenant.
    """
    registry = CollectorRegistry()
    registry.register(OfAllTenants(house, waiting))

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        return JSONResponse({"status": "ok", **({"queue": "away"} if waiting.away else {})})

    async def metrics(request: Request) -> Response:
        if refusal := _refused(request, house, rates):
            return refusal
        return Response(await run_in_threadpool(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)

    async def queue(request: Request) -> Response:
        if refusal := _refused(request, house, rates):
            return refusal
        try:
            return JSONResponse(await run_in_threadpool(told, house, waiting.standings))
        except QueueUnavailable as reason:
            return answer(Refused(503, "queue-unavailable", str(reason), headers={"Retry-After": "5"}))

    def nowhere(_: Request, __: Exception) -> Response:
        return answer(not_found())

    health = [Route(f"/{one.__name__}", one, methods=["GET", "HEAD"]) for one in (healthz, readyz)]
    asked = [Route("/metrics", metrics), Route("/queue", queue)]
    application = Starlette(routes=[*health, *asked], exception_handlers={404: nowhere, 405: nowhere})
    return ProxyHeadersMiddleware(application, trusted_hosts=list(proxies))  # type: ignore[arg-type,return-value]


def told(house: House, standings: Callable[[], Sequence[InQueue]]) -> dict[str, Any]:
    """Who waits since when, who has had how much, and whether that is even; whose configuration is broken, and why."""
    found = standings()
    shares = house.operator.shares
    had = [one.given.seconds / shares.get(one.tenant, 1.0) for one in found]
    return {
        "tenants": [
            {
                "tenant": one.tenant,
                "waiting": one.waiting,
                "oldest_seconds": round(one.oldest, 1),
                "running": one.given.running,
                "given_seconds": round(one.given.seconds, 1),
                "share": shares.get(one.tenant, 1.0),
            }
            for one in found
        ],
        "evenness": round(evenness(had), 3),
        "broken": house.troubles,
        "behind": dict(house.behind),
    }


def _refused(request: Request, house: House, rates: Rates) -> Response | None:
    """As if there were nothing here, unless the token is shown; guesses at it are counted, and keep nobody else out."""
    token = house.operator.token.get_secret_value()
    shown = request.headers.get("authorization", "")
    if token and hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return None
    try:
        rates.spend(by_address(request.scope))
    except Refused as reason:
        return answer(reason)
    return answer(not_found())
