"""Lists of the Personio API, page by page; of a `next` link only the query is believed, never host or path (3.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx

from adapters.transport import Answer, Pages, Reader
from domain.errors import IncompleteRead, RightMissing, Unreachable

_BESIDE: Final = frozenset({"_meta", "profile_picture", "updated_at"})
_ABSENT: Final = object()
Fits = Callable[[Mapping[str, Any]], bool]
"""Whether an item is one of those that the filters let through."""


def every(
    reader: Reader,
    path: str,
    params: Mapping[str, str],
    *,
    pace: str,
    fits: Fits = lambda _: True,
    beside_id: str = "id",
) -> list[dict[str, Any]]:
    """Every item of a list once, whatever page it was on. Raises IncompleteRead rather than answer a part.

    `beside_id` is the key by which items of one id are several.
    Of one that is there twice and not the same nobody knows which is true: then the list is read once more.
    """
    for _ in range(2):
        found: dict[tuple[str, str], dict[str, Any]] = {}
        listed = items(reader, path, params, pace=pace, fits=fits)
        named = (((identity(item, path), str(item.get(beside_id))), item) for item in listed)
        if all(_same(found.setdefault(name, item), item) for name, item in named):
            return list(found.values())
    raise IncompleteRead(f"Personio lists something twice in {path}, and not the same")


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """In all that is read of it: the address of a picture may be another each time."""
    return one == other or all(
        one.get(key, _ABSENT) == other.get(key, _ABSENT) for key in (*one, *other) if key not in _BESIDE
    )


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


def items(
    reader: Reader, path: str, params: Mapping[str, str], *, pace: str, fits: Fits = lambda _: True
) -> Iterator[dict[str, Any]]:
    """Every item of a list as it comes, with or without an id; an error in the middle spoils what came before.

    The filters go along with every cursor. Where Personio refuses them there (3.1), the query of its own `next` link
    is asked for from then on, and `fits` tells whether the filters still hold: an item that does not fit, where
    those of the first page did, is one of another list.
    """
    pages = Pages("Personio", path)
    page = _page(reader, path, params, pace, pages)
    told, resent = all(map(fits, _data(page, path))), True
    seen: set[str] = set()
    while True:
        yield from _data(page, path)
        following = _next_query(page, path)
        if following is None:
            return
        if following["cursor"] in seen:
            raise IncompleteRead(f"Personio repeats a page of {path}")
        seen.add(following["cursor"])
        page, resent = _following(reader, path, params, following, pace, pages, resent)
        if told and not resent and not all(map(fits, _data(page, path))):
            raise IncompleteRead(f"Personio forgot the filter on a later page of {path}")


def _following(
    reader: Reader,
    path: str,
    params: Mapping[str, str],
    following: Mapping[str, str],
    pace: str,
    pages: Pages,
    resend: bool,
) -> tuple[Mapping[str, Any], bool]:
    """The next page, and whether it was asked for with the filters."""
    with_filters = {**params, "cursor": following["cursor"]}
    if resend:
        try:
            return _page(reader, path, with_filters, pace, pages), True
        except PageRefused as refused:
            if refused.status != httpx.codes.BAD_REQUEST or following == with_filters:
                raise
    return _page(reader, path, following, pace, pages), False


def _page(reader: Reader, path: str, params: Mapping[str, str], pace: str, pages: Pages) -> Mapping[str, Any]:
    try:
        answer = reader.get(path, params=params, pace=pace)
    except Unreachable as problem:
        if "cursor" in params:
            raise IncompleteRead(f"a later page of {path} could not be read: {problem}") from problem
        raise
    pages.turned(answer)
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


def _next_query(page: Mapping[str, Any], path: str) -> dict[str, str] | None:
    """The query of the `next` link; None on the last page. A page that tells nothing of a next one is no last page."""
    meta = page.get("_meta", page.get("meta"))
    links = meta.get("links") if isinstance(meta, dict) else None
    if not isinstance(links, dict):
        raise IncompleteRead(f"Personio gave a page of {path} without its paging data")
    link = links.get("next")
    href = link.get("href") if isinstance(link, dict) else link
    if not href:
        return None
    pairs = (pair.partition("=") for pair in urlsplit(str(href)).query.split("&"))
    query = {unquote(name): unquote(value) for name, _, value in pairs}  # not unquote_plus: a cursor may be base64
    if not query.get("cursor"):
        raise IncompleteRead(f"Personio names a next page of {path} without a cursor")
    return query


def _trace(answer: Answer) -> str:
    trace = answer.body.get("personio_trace_id", answer.body.get("trace_id")) if isinstance(answer.body, dict) else None
    return f" (trace id {trace})" if isinstance(trace, str) and len(trace) <= 64 else ""
