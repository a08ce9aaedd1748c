"""The wrapping of Loket's answers: version, messages, content, pages."""

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")
Document = dict[str, Any]


class MessageType(StrEnum):
    BROKEN_BUSINESS_RULE = "BrokenBusinessRule"
    WARNING = "Warning"
    EXCEPTION = "Exception"
    NOT_FOUND = "NotFound"


class MessageCode:
    """Only 83 is published; the others are ours, since Loket's catalogue is not."""

    REQUIRED = 81
    TYPE = 82
    LENGTH = 83
    RANGE = 84
    OPTION = 85
    RULE = 90
    FAULT = 99


def message(
    code: int, description: str, kind: MessageType = MessageType.BROKEN_BUSINESS_RULE, about: str | None = None
) -> Document:
    return {"code": code, "description": description, "id": about, "type": str(kind), "properties": []}


def envelope(content: object, version: Document, messages: Sequence[Document] = ()) -> Document:
    return {"version": version, "messages": list(messages), "content": content}


def page(
    items: Sequence[T], version: Document, query: Mapping[str, str], shown: Callable[[T], object], limit: int | None
) -> Document:
    """One page of a list; only the items of the page are rendered."""
    number = _positive(query.get("pageNumber"), 1)
    size = _positive(query.get("pageSize"), 250)
    if limit is not None:
        size = min(size, limit)
    return {
        "totalSize": len(items),
        "pageSize": size,
        "totalPages": math.ceil(len(items) / size),
        "currentPage": number,
        "version": version,
        "messages": [],
        "_embedded": [shown(item) for item in items[(number - 1) * size : number * size]],
    }


def _positive(text: str | None, default: int) -> int:
    if text is None:
        return default
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise ValueError(f"{text!r} is not a page number or size")
    return number
