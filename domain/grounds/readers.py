"""Readers of what is stored, made one at a time.

msgspec learns a type, and every type in it, when it is first read. Two threads that have it learn types with a part in
common can end the process (0.22.0, a segmentation fault). So every reader is made here, and a test looks for others.
"""

from __future__ import annotations

import threading
from typing import Any, Final, TypeVar

import msgspec

_T = TypeVar("_T")
_LEARNING: Final = threading.Lock()
_READERS: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}


def reader(kind: type[_T]) -> msgspec.json.Decoder[_T]:
    """Reads JSON as this type. May be used by many threads."""
    with _LEARNING:
        if kind not in _READERS:
            _READERS[kind] = msgspec.json.Decoder(kind)
        return _READERS[kind]


def converted(document: Any, kind: type[_T]) -> _T:
    """JSON that was parsed already, as this type. Raises msgspec.ValidationError."""
    reader(kind)  # after which the type is known
    return msgspec.convert(document, kind)
