"""The newest version number of an employer's employment data: one small request instead of a sweep (Loket API 3.1)."""

from __future__ import annotations

from typing import Final

from adapters.loket.api import EMPLOYERS, Pin, require, rows
from adapters.transport import Reader

_VERSIONS: Final = Pin("version numbers")
_NEWEST: Final = {"orderBy": "-lastModifiedVersionNumber", "pageNumber": "1", "pageSize": "1"}


def newest_version(reader: Reader, employer: str) -> int | None:
    """None where Loket does not offer it to this user, which is never a fault, and for an employer without anybody."""
    path = f"{EMPLOYERS}/{employer}/employees/employments/lastmodifiedversionnumbers"
    answer = reader.get(path, accept=_VERSIONS.accept, params=_NEWEST)
    if answer.status in (400, 403, 404):
        return None
    told = (one.get("lastModifiedVersionNumber") for one in rows(require(answer, path), path))
    return max((one for one in told if isinstance(one, int)), default=None)
