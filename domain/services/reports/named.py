"""What people are called, as the log last saw it: for papers that may show personal values (AUD-8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.attributes import CATALOGUE, LAST_NAME, Role
from domain.log import Log, Recorded, Vault
from domain.personal import Lost
from domain.records.personio_record import PersonioRecord
from domain.streams import person_stream
from domain.values import PersonId

_AT_ONCE: Final = 200
_FIRST: Final = (Role("first_name"), Role("initials"))  # the first of them that there is
_PREFIX: Final = Role("name_prefix")
_FIELDS: Final = {row.role: row.field for row in CATALOGUE}


def names_of(persons: Iterable[PersonId], log: Log, vault: Vault) -> dict[PersonId, str]:
    """By Personio's id. Whoever asks has recorded the showing. Nobody is in it of whom the log holds no name."""
    streams = {person_stream(one): one for one in persons}
    ordered, found = sorted(streams), {}
    for start in range(0, len(ordered), _AT_ONCE):
        for stream, events in log.streams(ordered[start : start + _AT_ONCE]).items():
            if name := _name(vault.opened(events)):
                found[streams[stream]] = name
    return found


def _name(events: Iterable[Recorded]) -> str:
    values = PersonioRecord.of(events).values

    def shown(role: Role) -> str:
        known = values.get(_FIELDS[role])
        return str(known.value) if known and isinstance(known.value, str | Lost) and known.value else ""

    first = next(filter(None, map(shown, _FIRST)), "")
    return " ".join(dict.fromkeys(filter(None, (first, shown(_PREFIX), shown(LAST_NAME)))))
