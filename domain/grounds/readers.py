"""Readers of JSON, which is read or refused whatever its bytes are; those of a type are made one at a time.

msgspec learns a type, and every type in it, when it is first read. Two threads that have it learn types with a part in
common can end the process (0.22.0, a segmentation fault). So every reader is made here, and a test looks for others.
"""

from __future__ import annotations

import json
import threading
from typing import Any, Final, TypeVar

import msgspec

_T = TypeVar("_T")
UNREADABLE: Final = (ValueError, RecursionError)
"""What any reader raises at bytes that somebody else may have written: malformed, no text, or nested without end."""

_LEARNING: Final = threading.Lock()
_READERS: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}


class NotJson(ValueError):
    """What was read is no JSON, or more of it than anybody reads. It quotes nothing."""


def read_json(content: str | bytes, **hooks: Any) -> Any:
    """JSON that somebody sent, or may have edited; `hooks` as of `json.loads`. Raises NotJson, whatever it is."""
    try:
        return json.loads(content, **hooks)
    except UNREADABLE as problem:
        raise NotJson("no JSON that can be read") from problem


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
