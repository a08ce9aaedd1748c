"""OpenTelemetry where `tweeluik[telemetry]` is installed and the standard OTEL_* environment says where to send it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.logs import logger
from adapters.tracing import span, trace_with, tracing
from domain.services.journal import Progress, no_progress

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

_WHERE: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def configure_telemetry(environment: Mapping[str, str] = os.environ) -> None:
    """Once a process, at its start. What is missing is said in the log, and stops nothing."""
    if tracing() or not _wanted(environment):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found]
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger().warning("OTEL_* is set, but tweeluik[telemetry] is not installed: nothing is traced")
        return
    trace_to(BatchSpanProcessor(OTLPSpanExporter()))


def trace_to(processor: SpanProcessor) -> None:
    """Sampling, the service's name and all else are the SDK's to read from OTEL_*."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider

    named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    provider = TracerProvider(resource=Resource.create({} if named else {SERVICE_NAME: "tweeluik"}))
    provider.add_span_processor(processor)
    trace_with(provider.get_tracer("tweeluik"))


def _wanted(environment: Mapping[str, str]) -> bool:
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    chosen = environment.get("OTEL_TRACES_EXPORTER", "otlp")
    return chosen == "otlp" and ("OTEL_TRACES_EXPORTER" in environment or any(environment.get(name) for name in _WHERE))


@contextmanager
def traced(name: str, entity: str, run_id: str, progress: Progress = no_progress) -> Iterator[Progress]:
    """A span for a run or a check, and one within it for each phase it tells of."""
    with span(name, {"tweeluik.legal_entity": entity, "tweeluik.run_id": run_id}), ExitStack() as current:
        last = ""

        def report(phase: str, done: int, total: int) -> None:
            nonlocal last
            if phase != last:
                last = phase
                current.close()
                current.enter_context(span(phase))
            progress(phase, done, total)

        yield report


class Traced:
    """A span for each request, named by its route; the caller's own trace goes on in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not tracing():
            await self._app(scope, receive, send)
            return
        with span("request", kind="SERVER", within=_callers(scope)) as noted:

            async def note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    noted.note("http.response.status_code", message["status"])
                await send(message)

            try:
                await self._app(scope, receive, note)
            finally:
                route, method = route_of(scope), known_method(scope)
                noted.note("http.request.method", method)
                noted.note("http.route", route)
                noted.rename(f"{method} {route}")


API: Final = "/v1"


def route_of(scope: Scope) -> str:
    """What was asked, after it was answered: the route, as it is documented, never its path, which may name people."""
    route = getattr(scope.get("route"), "path", "none")
    below = route.startswith("/") and scope["path"].startswith(f"{API}/") and not route.startswith(f"{API}/")
    return f"{API}{route}" if below else route  # a route does not know below what it is


def known_method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _callers(scope: Scope) -> Any:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return TraceContextTextMapPropagator().extract({key: sent[key] for key in ("traceparent",) if key in sent})
