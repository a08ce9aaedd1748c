"""What a Personio tenant is made of: its legal entities, its attributes with labels, its compensation types."""

from __future__ import annotations

from typing import Any, Final

from adapters.personio.look import ATTRIBUTES, attributes_in
from adapters.personio.pages import every
from adapters.transport import Reader
from domain.errors import IncompleteRead
from domain.examination import CustomAttribute
from domain.services.setup.propose import EntityFound

_PAGE: Final = {"limit": "100"}


def legal_entities(reader: Reader) -> tuple[EntityFound, ...]:
    listed = every(reader, "/v2/legal-entities", _PAGE, pace="legal-entities")
    return tuple(EntityFound(str(one["id"]), str(one.get("name") or ""), _country(one)) for one in listed)


def attributes(reader: Reader) -> tuple[CustomAttribute, ...]:
    """Every attribute the credential may read. Raises IncompleteRead when the list is not to be had."""
    found = attributes_in(reader.get(ATTRIBUTES, pace="attributes"))
    if found is None:
        raise IncompleteRead("Personio does not list its attributes: name each with --attribute ROLE=ID")
    return tuple(found.values())


def compensation_types(reader: Reader) -> tuple[tuple[str, str], ...]:
    """(name, category) of each."""
    listed = every(reader, "/v2/compensations/types", _PAGE, pace="compensations")
    return tuple((str(one.get("name") or one["id"]), str(one.get("category") or "").upper()) for one in listed)


def _country(one: dict[str, Any]) -> str | None:
    told = one.get("country")
    return told.strip().upper() or None if isinstance(told, str) else None
