"""Lists of the Personio API, page by page; the cursor is the only part of a `next` link that is believed (3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from adapters.transport import Answer, Reader
from domain.errors import IncompleteRead, RightMissing, Unreachable


def every(reader: Reader, path: str, params: Mapping[str, str], *, pace: str) -> list[dict[str, Any]]:
    """Every item of a list once, whatever page it was on. Raises IncompleteRead rather than answer a part."""
    return list({identity(item, path): item for item in items(reader, path, params, pace=pace)}.values())


def identity(item: Mapping[str, Any], path: str) -> str:
    """The item's id as text; numbers are accepted."""
    found = item.get("id")
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise IncompleteRead(f"Personio listed something without an id in {path}")
    return str(found)


def require(answer: Answer, path: str) -> Any:
    """The body of a good answer. A 401 that outlived a fresh token means a missing right, as 403 does (3.3)."""
    if answer.status in (401, 403):
        raise RightMissing(f"the Personio credential may not read {path} (HTTP {answer.status}): add the right to it")
    if not answer.ok:
        raise IncompleteRead(f"Personio answered HTTP {answer.status} to {path}{_trace(answer)}")
    return answer.body


class PageRefused(IncompleteRead):
    """A page was answered with a status that is no success; `status` tells which."""

    def __init__(self, answer: Answer, path: str) -> None:
        super().__init__(f"Personio answered HTTP {answer.status} to {path}{_trace(answer)}")
        self.status = answer.status


def items(reader: Reader, path: str, params: Mapping[str, str], *, pace: str) -> Iterator[dict[str, Any]]:
    """Every item of a list as it comes, with or without an id; an error in the middle spoils what came before."""
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = _page(reader, path, {**params, **({"cursor": cursor} if cursor else {})}, pace)
        yield from _data(page, path)
        cursor = _next_cursor(page, path)
        if cursor is None:
            return
        if cursor in seen:
            raise IncompleteRead(f"Personio repeats a page of {path}")
        seen.add(cursor)


def _page(reader: Reader, path: str, params: Mapping[str, str], pace: str) -> Mapping[str, Any]:
    try:
        answer = reader.get(path, params=params, pace=pace)
    except Unreachable as problem:
        if "cursor" in params:
            raise IncompleteRead(f"a later page of {path} could not be read: {problem}") from problem
        raise
    if answer.status in (400, 404):
        raise PageRefused(answer, path)
    body = require(answer, path)
    if not isinstance(body, dict):
        raise IncompleteRead(f"Personio's answer to {path} is not a list")
    return body


def _data(page: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    data = page.get("_data", page.get("data"))
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise IncompleteRead(f"Personio's answer to {path} is not a list")
    return data


def _next_cursor(page: Mapping[str, Any], path: str) -> str | None:
    meta = page.get("_meta", page.get("meta")) or {}
    link = (meta.get("links") or {}).get("next") if isinstance(meta, dict) else None
    href = link.get("href") if isinstance(link, dict) else link
    if not href:
        return None
    for pair in urlsplit(str(href)).query.split("&"):
        name, _, value = pair.partition("=")
        if name == "cursor" and value:
            return unquote(value)  # not unquote_plus: a cursor may be base64
    raise IncompleteRead(f"Personio names a next page of {path} without a cursor")


def _trace(answer: Answer) -> str:
    trace = answer.body.get("personio_trace_id", answer.body.get("trace_id")) if isinstance(answer.body, dict) else None
    return f" (trace id {trace})" if isinstance(trace, str) and len(trace) <= 64 else ""
