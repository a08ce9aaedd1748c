"""Cases and shared grounds as they are stored: JSON, in which values that are kept for a shorter time stand apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from domain.attributes import Attribute, retention_of
from domain.events.values import FieldValue
from domain.grounds.case import Case, Shared
from domain.grounds.readers import converted, reader
from domain.personal import Lost, Retention
from domain.planning.decide import EarlierNumbers
from domain.values import FieldPath

_APART: Final = "at"  # {"at": 3}: the fourth of the values that stand apart


class Written(NamedTuple):
    """A case as it is stored; both parts are personal."""

    text: str
    passing: tuple[FieldValue, ...]  # in the order in which the text points at them

    @property
    def data(self) -> bytes:
        """What its digest is made of."""
        return msgspec.json.encode([self.text, [[one.field, one.value] for one in self.passing]])


def written(case: Case, catalogue: Iterable[Attribute]) -> Written:
    """The same bytes for the same case."""
    document = msgspec.to_builtins(case, order="deterministic")
    if case.known.earlier == EarlierNumbers():  # as it was written before there was such a thing
        del document["known"]["earlier"]
    if case.known.hidden is None:
        del document["known"]["hidden"]
    paths = {str(row.role): row.field for row in catalogue}
    apart: list[FieldValue] = []
    for values, field_of in _values(document, lambda role: paths.get(role, FieldPath(role))):
        for name, value in values.items():
            field = field_of(name)
            if isinstance(value, str) and retention_of(field) is not Retention.FISCAL_7Y:
                values[name] = {_APART: len(apart)}
                apart.append(FieldValue(field, value))
    return Written(msgspec.json.encode(document).decode(), tuple(apart))


def read(text: str, passing: Sequence[FieldValue]) -> Case | None:
    """The case, from opened values; None where one of them was erased."""
    document = msgspec.json.decode(text)
    for values, _ in _values(document, FieldPath):
        for name, value in values.items():
            if isinstance(value, dict):
                values[name] = passing[value[_APART]].value
                if isinstance(values[name], Lost):
                    return None
    return converted(document, Case)


def shared_text(shared: Shared) -> str:
    return msgspec.json.encode(shared, order="deterministic").decode()


def shared_read(text: str) -> Shared:
    return reader(Shared).decode(text)


def _values(
    document: dict[str, Any], field_of_role: Callable[[str], FieldPath]
) -> Iterator[tuple[dict[str, Any], Callable[[str], FieldPath]]]:
    """Every mapping of values in a stored case, and which field a key of it names."""
    person, known = document["person"], document["known"]
    yield person["values"], field_of_role
    yield person["corrected"], field_of_role
    yield known["written"], FieldPath
    yield known["accepted"], FieldPath
    for one in (*document["employees"], *document["concepts"]):
        yield one["fields"], FieldPath
