"""Spans of OpenTelemetry for whoever switched it on (`api.telemetry`); until then nothing, at no cost (AUD-8).

An attribute is one of those named here, and none can hold a value of a person: no address as sent, no message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Tracer

ATTRIBUTES: Final = frozenset({
    "http.request.method", "http.route", "http.response.status_code", "server.address", "url.template", "error.type",
    "tweeluik.run_id", "tweeluik.legal_entity",
})  # fmt: skip
_WORD: Final = re.compile(r"[a-z]+(-[a-z]+)?|v[0-9]")
_tracer: Tracer | None = None


def trace_with(tracer: Tracer | None) -> None:
    """From now on, in the whole process."""
    global _tracer
    _tracer = tracer


def tracing() -> bool:
    return _tracer is not None


class Noted:
    """What becomes known of a span while it lasts."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def note(self, name: str, value: str | int) -> None:
        assert name in ATTRIBUTES, name
        if self._span is not None:
            self._span.set_attribute(name, value)

    def rename(self, name: str) -> None:
        if self._span is not None:
            self._span.update_name(name)


@contextmanager
def span(
    name: str,
    attributes: Mapping[str, str | int] | None = None,
    *,
    kind: str = "INTERNAL",
    within: Context | None = None,
) -> Iterator[Noted]:
    """A failure is told by its type alone: its message may quote what was sent or received."""
    if _tracer is None:
        yield Noted()
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode

    quiet = {"record_exception": False, "set_status_on_exception": False}
    with _tracer.start_as_current_span(name, within, SpanKind[kind], **quiet) as found:  # type: ignore[arg-type]
        noted = Noted(found)
        for key, value in (attributes or {}).items():
            noted.note(key, value)
        try:
            yield noted
        except BaseException as reason:
            noted.note("error.type", type(reason).__name__)
            found.set_status(Status(StatusCode.ERROR))
            raise


def trace_id() -> str | None:
    """Of the span that is being recorded here and now."""
    if _tracer is None:
        return None
    from opentelemetry.trace import format_trace_id, get_current_span

    context = get_current_span().get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else None


def template(path: str) -> str:
    """The path with everything that is not a plain word left out: ids, numbers, names."""
    return "/".join(part if not part or _WORD.fullmatch(part) else "{}" for part in path.split("/"))
