"""Faults a simulator shows on demand, and the queue that says which request gets which."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class FaultKind(StrEnum):
    REFUSE = "refuse"  # 400 with messages, not applied
    RESET_BEFORE = "reset_before"  # TCP reset, not applied
    RESET_AFTER = "reset_after"  # TCP reset, applied
    TIMEOUT_BEFORE = "timeout_before"  # no answer for `seconds`, then reset; not applied
    TIMEOUT_AFTER = "timeout_after"  # the same, applied
    RATE_LIMITED = "rate_limited"  # 429, not applied; Retry-After, in seconds or as a date, only when it is given
    UNAVAILABLE = "unavailable"  # 503 with Retry-After, not applied
    SERVER_ERROR_BEFORE = "server_error_before"  # 500, not applied
    SERVER_ERROR_AFTER = "server_error_after"  # 500, applied
    TRUNCATED = "truncated"  # applied; the body ends in the middle and the connection with it
    WARNING = "warning"  # applied; 200 with a Warning message
    FAILED_PART = "failed_part"  # 200 with a message of a broken rule, not applied
    UNAUTHORIZED = "unauthorized"  # 401, not applied
    FORBIDDEN = "forbidden"  # 403, not applied
    NOT_JSON = "not_json"  # applied; 200 with HTML
    DELAYED_VISIBILITY = "delayed_visibility"  # applied; reads show it only `seconds` later
    SLOW = "slow"  # applied; the answer comes `seconds` later


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for the nth matching request since it was added, and the `times - 1` after it; `times=0` is for ever.

    `method` may name several: "PUT|POST". `path` is a shell-style pattern over the whole path, without regard to
    letter case; `*` also matches `/`.
    """

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int = 1
    seconds: float = 1.0
    retry_after: int | None = None
    as_date: bool = False  # the same as an HTTP date
    messages: tuple[str, ...] = ()

    def matches(self, method: str, path: str) -> bool:
        return (self.method == "*" or method in self.method.split("|")) and fnmatchcase(path.lower(), self.path.lower())


@dataclass(slots=True)
class FaultQueue:
    """Faults waiting for their request.

    Each counts every request it matches; of those that are due the oldest is played, the others stay due.
    """

    _waiting: list["_Waiting"] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        kind: FaultKind | str,
        *,
        method: str = "*",
        path: str = "*",
        nth: int = 1,
        times: int = 1,
        seconds: float = 1.0,
        retry_after: int | None = None,
        as_date: bool = False,
        messages: Sequence[str] = (),
    ) -> Fault:
        fault = Fault(FaultKind(kind), method.upper(), path, nth, times, seconds, retry_after, as_date, tuple(messages))
        with self._lock:
            self._waiting.append(_Waiting(fault))
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if any; asking counts as the request."""
        with self._lock:
            matching = [waiting for waiting in self._waiting if waiting.fault.matches(method, path)]
            for waiting in matching:
                waiting.seen += 1
            due = next((waiting for waiting in matching if waiting.seen >= waiting.fault.nth), None)
            if due is None:
                return None
            due.played += 1
            if due.played == due.fault.times:
                self._waiting.remove(due)
            return due.fault

    def pending(self) -> tuple[Fault, ...]:
        with self._lock:
            return tuple(waiting.fault for waiting in self._waiting)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()


@dataclass(slots=True, eq=False)
class _Waiting:
    fault: Fault
    seen: int = 0
    played: int = 0
