"""How the simulated Personio reads a query and cuts a list into pages."""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from adapters.simulators.personio.quirks import BesideCursor, NextLink, Quirks
from adapters.simulators.personio.wire import Refused, answer

T = TypeVar("T")

TIMESTAMP = ("", ".gt", ".lt")
"""What may follow the name of a timestamp in a filter; there is no `.gte` (Personio API 3.2)."""


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of one request; a `+` stays a plus, so a cursor must come back as it went out."""

    path: str
    host: str
    values: Mapping[str, str]
    quirks: Quirks
    filters: Mapping[str, str]  # those of the list, whichever page this is

    @classmethod
    def of(cls, request: Request, quirks: Quirks, *allowed: str) -> "Query":
        pairs = (pair.partition("=") for pair in request.url.query.split("&") if pair)
        values = {unquote(name): unquote(value) for name, _, value in pairs}
        for name in values.keys() - {"limit", "cursor", *allowed}:
            raise Refused(400, f"Parameter [{name}] is invalid")
        filters = {name: value for name, value in values.items() if name not in ("limit", "cursor")}
        if "cursor" in values:
            if filters and quirks.beside_cursor is BesideCursor.REFUSED:
                raise Refused(400, f"Parameter [{min(filters)}] is invalid beside a cursor")
            forgotten = quirks.forgetful_cursor or quirks.beside_cursor is BesideCursor.NEEDED
            carried = {} if forgotten else _opened(values["cursor"])[2]
            filters = carried | filters
        host = f"{request.url.scheme}://{request.url.netloc}"
        return cls(request.url.path, host, values | filters, quirks, filters)

    def listed(self, name: str) -> list[str] | None:
        return self.values[name].split(",") if name in self.values else None

    def day(self, name: str) -> date | None:
        if name not in self.values:
            return None
        try:
            return date.fromisoformat(self.values[name])
        except ValueError:
            raise Refused(400, f"Parameter [{name}] is no date") from None

    def timestamps(self, name: str) -> Callable[[datetime], bool]:
        """Whether a timestamp passes the filters `name`, `name.gt` and `name.lt`."""
        exact, after, before = (self._instant(name + suffix) for suffix in TIMESTAMP)
        return lambda value: (
            (exact is None or value == exact)
            and (after is None or value > after)
            and (before is None or value < before)
        )

    def equals(self, name: str) -> Callable[[object], bool]:
        """Whether a value is one of those listed; everything passes when the parameter is not there."""
        wanted = self.listed(name)
        return lambda value: wanted is None or value in wanted

    def limit(self, default: int, most: int) -> int:
        text = self.values.get("limit", str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise Refused(400, f"limit must be between 1 and {most}")
        return int(text)

    def _instant(self, name: str) -> datetime | None:
        """A timestamp, or a plain date as its first instant."""
        text = self.values.get(name)
        if text is None:
            return None
        if self.quirks.plain_dates_only and len(text) != len("2026-03-15"):
            raise Refused(400, f"Parameter [{name}] has a format that is not accepted")
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise Refused(400, f"Parameter [{name}] is no date") from None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def page(
    query: Query,
    after: Callable[[int], Iterator[tuple[int, T]]],
    render: Callable[[T], object],
    *,
    default: int,
    most: int,
) -> Response:
    """One page; `after` gives what follows a place, each with its own place, rising from 1."""
    limit = query.limit(default, most)
    cursor = query.values.get("cursor")
    items = after(_place(query, cursor))
    if cursor and query.quirks.page_shift > 0:
        next(items, None)
    size = min(limit, query.quirks.page_size or limit)
    found = list(islice(items, size + 1))
    following = _cursor(query.path, found[size - 1][0], query.filters) if len(found) > size else None
    if cursor and query.quirks.next_link(query.path) is NextLink.REPEATED_CURSOR:
        following = cursor
    links = {"self": {"href": f"{query.host}{query.path}?limit={limit}"}}
    if following:
        links["next"] = {"href": f"{_next_base(query)}?limit={limit}&cursor={following}"}
    meta = {} if query.quirks.without_meta else {"_meta": {"links": links}}
    return answer({"_data": [render(item) for _, item in found[:size]]} | meta)


def in_order(items: Sequence[T]) -> Callable[[int], Iterator[tuple[int, T]]]:
    """A short list as `page` wants it."""
    return lambda place: iter(tuple(enumerate(items, start=1))[place:])


def only(keep: Callable[[T], bool], items: Iterable[tuple[int, T]]) -> Iterator[tuple[int, T]]:
    return ((place, item) for place, item in items if keep(item))


def _cursor(path: str, place: int, filters: Mapping[str, str]) -> str:
    """Base64 with a plus in it: a client that reads it as a form field turns that into a space."""
    return "v2+" + b64encode(json.dumps([path, place, dict(filters)]).encode()).decode()


def _place(query: Query, cursor: str | None) -> int:
    if cursor is None:
        return 0
    path, place, _ = _opened(cursor)
    if path != query.path or not cursor.startswith("v2+"):
        raise Refused(400, "Parameter [cursor] is invalid")
    return place - (1 if query.quirks.page_shift < 0 else 0)


def _opened(cursor: str) -> tuple[str, int, dict[str, str]]:
    """(path, place, filters of the list)."""
    try:
        path, place, filters = json.loads(b64decode(cursor.removeprefix("v2+"), validate=True))
    except (NotBase64, ValueError):
        raise Refused(400, "Parameter [cursor] is invalid") from None
    return path, place, filters


def _next_base(query: Query) -> str:
    kind = query.quirks.next_link(query.path)
    if kind is NextLink.WRONG_PATH:
        return f"{query.host}/v2/{'employments' if query.path.endswith('employments') else 'elsewhere'}"
    if kind is NextLink.RELATIVE:
        return query.path
    if kind is NextLink.FOREIGN_HOST:
        return query.quirks.foreign_host + query.path
    return query.host + query.path
