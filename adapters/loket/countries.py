"""Loket's keys of countries by ISO code: published nowhere, so read from its metadata and from addresses it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters import bounded
from adapters.loket.api import CONCEPT, EMPLOYEE, EMPLOYEES, EMPLOYERS, LoketApi, Notes, Pin, rows
from adapters.loket.people import identity
from domain.errors import IncompleteRead


def country_keys(api: LoketApi, employer: str, employees: Iterable[Mapping[str, Any]], notes: Notes) -> dict[str, int]:
    """ISO code -> key. Metadata is an optional endpoint; without it only countries in use are known."""
    listed = list(employees)
    found = _learned(listed)
    paths: list[tuple[str, Pin]] = [(f"{EMPLOYERS}/{employer}/conceptemployees/metadata", CONCEPT)]
    if listed:
        paths.insert(0, (f"{EMPLOYEES}/{identity(listed[0])}/metadata", EMPLOYEE))
    for path, pin in paths:
        answer = api.optional(path, pin)
        offered = _offered(answer.body, path) if answer.ok else {}
        if offered:
            return found | offered
    notes["Loket shows no list of countries: only those of addresses already in Loket are known"] = None
    return found


def _offered(body: Any, path: str) -> dict[str, int]:
    try:
        fields = rows(body, path)
    except IncompleteRead:
        return {}
    options = [
        option
        for field in fields
        if str(field.get("field", "")).rpartition(".")[2].casefold() == "country"
        for option in field.get("options") or ()
    ]
    return _keys(options)


def _learned(employees: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    addresses = [one.get(name) for one in employees for name in ("address", "deviatingPostalAddress")]
    return _keys(address.get("country") for address in addresses if isinstance(address, dict))


def _keys(countries: Iterable[Any]) -> dict[str, int]:
    return {
        country["isoCode"].upper(): key
        for country in countries
        if isinstance(country, dict) and isinstance(country.get("isoCode"), str)
        if (key := bounded.integral(country.get("key"))) is not None
    }
