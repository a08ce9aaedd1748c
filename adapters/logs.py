"""Operators' logs: JSON lines on stderr with allow-listed keys; whatever looks personal or secret is masked (AUD-8).

`logger` is the one way to them. What it stands on is loaded by whoever has something to log: most commands have not.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections.abc import MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from adapters.tracing import trace_id
from domain.personal import MASK

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_ALLOWED: Final = frozenset({
    "event", "level", "timestamp", "logger", "run_id", "legal_entity", "method", "path", "status", "attempt", "wait",
    "seconds", "count", "phase", "position", "size", "system", "trace_id", "request_id", "cause", "kind", "version",
    "host", "port", "pid", "exception", "route", "tenant",
})  # fmt: skip
_SERVERS: Final = ("uvicorn.error", "asyncio", "apscheduler.executors.default", "procrastinate", "psycopg.pool")
_NINE_DIGITS: Final = re.compile(r"(?<![0-9A-Za-z-])[0-9]{8,9}(?![0-9A-Za-z-])")
_IBAN: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}\b")
_TOKEN: Final = re.compile(r"(?i)\b(bearer\s+\S+|papi-\S+|eyJ[\w.-]+)")


def logger(name: str = "tweeluik") -> FilteringBoundLogger:
    import structlog

    _configured()
    log: FilteringBoundLogger = structlog.get_logger(name)
    return log


@cache
def _configured() -> None:
    configure_logs()


def configure_logs() -> None:
    """Warnings and worse on stderr; TWEELUIK_LOG_LEVEL changes that."""
    import structlog

    level = logging.getLevelNamesMapping().get(os.environ.get("TWEELUIK_LOG_LEVEL", "WARNING").upper(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            with_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            mask_personal,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the one of now: stderr may be exchanged
        cache_logger_on_first_use=False,
    )


def without_texts_of_libraries() -> None:
    """Of what the libraries of servers log themselves."""
    for name in _SERVERS:
        logging.getLogger(name).addFilter(_WITHOUT_TEXTS)


class WithoutTexts(logging.Filter):
    """Of a fault that a library logs: what it was and where it came from, never what it said. That may quote values."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            kind, _, trace = record.exc_info
            name = kind.__name__ if kind else "fault"
            record.exc_text = "".join(traceback.format_tb(trace)) + f"{name}: its text is not repeated"
            record.exc_info = None
        if isinstance(record.args, tuple):
            record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
        return True


def with_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where a trace is being recorded, its id."""
    found = trace_id()
    return event if found is None else {**event, "trace_id": found}


def only_allowed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list; its name stays, so that the gap is seen."""
    dropped = sorted(event.keys() - _ALLOWED)
    kept = {key: value for key, value in event.items() if key in _ALLOWED}
    return kept | ({"dropped": dropped} if dropped else {})


def mask_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what looks like a BSN (11-test), an IBAN or a token in any text."""
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


def masked(text: str) -> str:
    from stdnum.nl import bsn

    text = _TOKEN.sub(MASK, _IBAN.sub(MASK, text))
    return _NINE_DIGITS.sub(lambda found: MASK if bsn.is_valid(found[0].zfill(9)) else found[0], text)


_WITHOUT_TEXTS: Final = WithoutTexts()
