"""Asking a system about itself: a refusal is an answer, and every answer gives something away beside its body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from adapters import bounded
from adapters.transport import Answer, Reader
from domain.examination import Asked

_LIMITS = ("x-ratelimit-remaining", "ratelimit", "ratelimit-remaining", "x-rate-limit-remaining")


class Looker:
    """Keeps what the answers of one system said beside their bodies."""

    def __init__(self, reader: Reader, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._now = now
        self.asked: list[Asked] = []
        self._answers: dict[str, Answer] = {}
        self.tells_limits = False
        self.clock_ahead: timedelta | None = None

    def ask(
        self,
        what: str,
        path: str,
        *,
        needed: bool,
        params: Mapping[str, str] | None = None,
        accept: str = "application/json",
    ) -> Answer:
        """Raises Unreachable, IncompleteRead, or Misconfigured when not even a token is to be had."""
        answer = self._reader.get(path, params=params, accept=accept)
        self.asked.append(Asked(what, answer.status, needed))
        self._answers[what] = answer
        self.tells_limits = self.tells_limits or any(name in answer.headers for name in _LIMITS)
        self.clock_ahead = self._ahead(answer) or self.clock_ahead
        return answer

    def last(self, what: str) -> Answer | None:
        """The answer to what was asked under this name."""
        return self._answers.get(what)

    def probe(self, path: str, params: Mapping[str, str] | None = None, accept: str = "application/json") -> Answer:
        """The same for a question whose refusal is no fault of anybody's."""
        return self._reader.get(path, params=params, accept=accept)

    def _ahead(self, answer: Answer) -> timedelta | None:
        at = bounded.http_date(answer.headers.get("date", ""))
        return None if at is None else at - self._now()
