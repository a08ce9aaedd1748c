"""Version numbers of an employer's employment data: how far it is, and whose of it moved (Loket API 3.1)."""

from __future__ import annotations

from typing import Final

from adapters import bounded
from adapters.loket.api import EMPLOYERS, LoketApi, Pin, require, rows
from adapters.transport import Reader
from domain.errors import ReadFailed, RightMissing
from domain.snapshots import VersionNumbers

_VERSIONS: Final = Pin("version numbers")
_PATH: Final = EMPLOYERS + "/{}/employees/employments/lastmodifiedversionnumbers"
_NUMBER: Final = "lastModifiedVersionNumber"
_NEWEST: Final = {"orderBy": "-lastModifiedVersionNumber", "pageNumber": "1", "pageSize": "1"}


def newest_version(reader: Reader, employer: str) -> int | None:
    """None where Loket does not offer it to this user, which is never a fault, and for an employer without anybody."""
    path = _PATH.format(employer)
    answer = reader.get(path, accept=_VERSIONS.accept, params=_NEWEST)
    if answer.status in (400, 403, 404):
        return None
    told = (bounded.integral(one.get(_NUMBER)) for one in rows(require(answer, path), path))
    return max((one for one in told if one is not None), default=None)


def versions(reader: Reader, api: LoketApi, employer: str) -> VersionNumbers | None:
    """Of every employment of the employer; None where Loket does not tell all of them.

    The newest first: the list comes page by page, and whatever moves while it does has to be above that.
    Unfiltered: `filter=lastModifiedVersionNumber gt N` leaves out whoever is unchanged, and whoever is missing too.
    """
    try:
        newest = newest_version(reader, employer)
        listed = api.every(_PATH.format(employer), _VERSIONS, {})
    except (RightMissing, ReadFailed):  # what can be done without holds nothing up
        return None
    told = ((one.get("id"), bounded.integral(one.get(_NUMBER))) for one in listed)
    found = {key: number for key, number in told if isinstance(key, str) and number is not None}
    if len(found) < len(listed) or (newest is None and found):
        return None
    return VersionNumbers(newest or 0, found)
