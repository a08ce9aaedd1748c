"""Dated versions of resources: the newest one on or before the date in the Accept header is served."""

import re
from dataclasses import dataclass
from datetime import date

VERSIONS: dict[str, tuple[str, ...]] = {
    "employee": ("2018-01-01", "2018-12-31", "2021-03-29"),
    "employment": ("2018-01-01", "2019-12-16"),
    "authorizations": ("2018-01-01", "2019-02-11"),
    "other": ("2018-01-01",),
}
_VERSION = re.compile(r"application/json\s*;\s*version\s*=\s*(\d{4}-\d\d-\d\d)\s*", re.IGNORECASE)


class VersionUnknown(Exception):
    """The Accept header names no version that exists."""


@dataclass(frozen=True, slots=True)
class Served:
    name: str
    obsolete: str | None  # six months after its successor came


def served_version(resource: str, accept: str) -> Served:
    """Without a version the oldest is served: Loket calls the header mandatory, yet clients without one are seen."""
    known = VERSIONS[resource]
    wanted = next((match[1] for part in accept.split(",") if (match := _VERSION.fullmatch(part.strip()))), None)
    if wanted is None and "version" in accept.lower():
        raise VersionUnknown(f"the Accept header has no readable version: {accept}")
    candidates = [name for name in known if name <= wanted] if wanted else [known[0]]
    if not candidates:
        raise VersionUnknown(f"there is no version on or before {wanted}")
    at = known.index(candidates[-1])
    return Served(known[at], _half_a_year_after(known[at + 1]) if at + 1 < len(known) else None)


def _half_a_year_after(day: str) -> str:
    start = date.fromisoformat(day)
    months = start.month + 6
    return start.replace(year=start.year + (months - 1) // 12, month=(months - 1) % 12 + 1, day=1).isoformat()
