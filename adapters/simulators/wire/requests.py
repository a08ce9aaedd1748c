"""Every request a simulator received, for tests that count them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from adapters.simulators.wire.faults import FaultKind


@dataclass(slots=True)
class RecordedRequest:
    """One request as it arrived; `status` is None until answered, and stays None when no answer was given."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    fault: FaultKind | None
    at: datetime
    status: int | None = None


@dataclass(slots=True)
class RequestLog:
    """The requests in order of arrival."""

    requests: list[RecordedRequest] = field(default_factory=list)

    def select(
        self, method: str = "*", path: str = "*", *, status: int | None = None, fault: FaultKind | str | None = None
    ) -> tuple[RecordedRequest, ...]:
        """Requests of this method and path pattern (`*` also matches `/`, letter case is ignored)."""
        return tuple(
            request
            for request in tuple(self.requests)
            if method.upper() in ("*", request.method)
            and fnmatchcase(request.path.lower(), path.lower())
            and (status is None or request.status == status)
            and (fault is None or request.fault == fault)
        )

    def count(
        self, method: str = "*", path: str = "*", *, status: int | None = None, fault: FaultKind | str | None = None
    ) -> int:
        return len(self.select(method, path, status=status, fault=fault))

    def clear(self) -> None:
        self.requests.clear()
