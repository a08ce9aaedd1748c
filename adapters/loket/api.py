"""One request to Loket and what its envelope says: version pins, paging, optional endpoints, missing rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from adapters import bounded
from adapters.counted import COUNTED
from adapters.loket import writable
from adapters.transport import Answer, Pages, Reader
from domain.errors import IncompleteRead, Misconfigured, NotFound, RightMissing, Unreachable

EMPLOYERS: Final = "/v2/providers/employers"
EMPLOYEES: Final = f"{EMPLOYERS}/employees"
EMPLOYMENTS: Final = f"{EMPLOYEES}/employments"
CONCEPTS: Final = f"{EMPLOYERS}/conceptemployees"

PAGE_SIZE: Final = 250
_HARMLESS: Final = ("warning", "information")

Notes = dict[str, None]
"""What a reader should know besides what was read; each line once, in order."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The dated version of a resource we understand, as an Accept header (Loket API 2)."""

    resource: str
    version: str = "2018-01-01"
    keys: writable.Keys = field(default_factory=dict, compare=False)  # of what is replaced whole
    always: writable.Keys = field(default_factory=dict, compare=False)  # of these, what each Loket has
    one_by_one: bool = field(default=False, compare=False)  # what one shows, another need not

    @property
    def accept(self) -> str:
        return f"application/json;version={self.version}"


EMPLOYEE: Final = Pin("employees", "2021-03-29", writable.EMPLOYEE, writable.COMPARED)
EMPLOYMENT: Final = Pin("employments", "2019-12-16")
AUTHORIZATION: Final = Pin("authorizations", "2019-02-11")
CONCEPT: Final = Pin("concept employees", keys=writable.CONCEPT, one_by_one=True)
BSN: Final = Pin("citizen service numbers", keys=writable.BSN, always=writable.BSN)
PAYMENT: Final = Pin("payment information", keys=writable.PAYMENT)
EMPLOYER: Final = Pin("employers")
ADMINISTRATION: Final = Pin("payroll administrations")
FILTER: Final = Pin("filter settings")


class Shown:
    """Which keys of what is replaced whole Loket has shown of anybody, since this was made.

    A key that it shows of nobody need not be there: not every documented one is in what each Loket answers. A concept
    employee may be shown as it was posted, so of each only what Loket has shown of that one must be there. A list of
    all may show more keys than a record does, so of each only what it holds there must be there.
    """

    def __init__(self) -> None:
        self._paths: dict[tuple[Pin, str], set[str]] = {}
        self._filled: dict[tuple[Pin, str], tuple[str, ...]] = {}

    def see(self, pin: Pin, held: Any) -> None:
        """Takes note of one object, or of a list of them."""
        for each in held if isinstance(held, list) else [held]:
            if isinstance(each, Mapping):
                self._seen(pin, each).update(writable.shown(each, pin.keys))

    def see_at_once(self, pin: Pin, record: Mapping[str, Any]) -> None:
        """Takes note of one record in a list of all."""
        if "id" in record:
            self._filled[pin, _id(record)] = tuple(writable.filled(record, pin.keys))

    def require(self, pin: Pin, whole: Mapping[str, Any]) -> None:
        """Raises Hidden for a key that is absent; null is a value, and so is a whole object that is null."""
        shown = {*self._seen(pin, whole), *self._filled.get((pin, _id(whole)), ())}
        missing = [one for one in writable.missing(whole, pin.keys) if one in shown]
        if missing:
            raise writable.Hidden(missing)

    def _seen(self, pin: Pin, held: Mapping[str, Any]) -> set[str]:
        of = _id(held) if pin.one_by_one else ""
        return self._paths.setdefault((pin, of), set(writable.paths(pin.always)))


def _id(held: Mapping[str, Any]) -> str:
    return str(held.get("id")).casefold()


class LoketApi:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.shown = Shown()

    def one(self, path: str, pin: Pin, notes: Notes) -> tuple[Any, str | None]:
        """The content of a single object and its ETag. Raises NotFound or RightMissing."""
        answer = self._reader.get(path, accept=pin.accept)
        if answer.status == httpx.codes.NOT_FOUND:
            raise NotFound(f"Loket has no {path}")
        envelope = require(answer, path)
        _note_obsolete(envelope, pin, notes)
        content = envelope.get("content", envelope) if isinstance(envelope, dict) else None
        self.shown.see(pin, content)
        return content, answer.headers.get("etag")

    def optional(self, path: str, pin: Pin) -> Answer:
        """The answer of an endpoint we can do without: 400, 403 and 404 are answers, everything else must be good."""
        answer = self._reader.get(path, accept=pin.accept)
        if answer.status not in (400, 403, 404):
            require(answer, path)
        return answer

    def every(self, path: str, pin: Pin, notes: Notes, params: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """A whole list. One whose totals do not add up is read once more, then it is an incomplete read (RUN-7)."""
        items = self._whole(path, pin, notes, params)
        self.shown.see(pin, items)
        return items

    def _whole(self, path: str, pin: Pin, notes: Notes, params: Mapping[str, str] | None) -> list[dict[str, Any]]:
        for _ in range(2):
            items = self._sweep(path, pin, notes, params or {})
            if items is not None:
                return items
        raise IncompleteRead(f"Loket's totals of {path} do not add up: the list changes while it is read")

    def every_if_offered(
        self, path: str, pin: Pin, notes: Notes, params: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]] | None:
        """A whole list whose endpoint is known by name only; None, and a note, when it cannot be used."""
        try:
            return self._whole(path, pin, notes, params)
        except (RightMissing, IncompleteRead):
            notes[f"Loket does not offer the {pin.resource} of all employees at once: they are read one by one"] = None
            return None

    def _sweep(self, path: str, pin: Pin, notes: Notes, params: Mapping[str, str]) -> list[dict[str, Any]] | None:
        pages = Pages("Loket", path)
        first = self._page(path, pin, 1, params, pages)
        _note_obsolete(first, pin, notes)
        items, totals = list(rows(first, path)), _totals(first, path)
        size, last = totals
        for number in range(2, last + 1):
            page = self._page(path, pin, number, params, pages)
            if _totals(page, path) != totals:
                return None
            items.extend(rows(page, path))
            if tell := COUNTED.get():
                tell(len(items), size)
        distinct = {str(item.get("id", place)) for place, item in enumerate(items)}
        return items if len(distinct) == len(items) == size else None

    def _page(self, path: str, pin: Pin, number: int, params: Mapping[str, str], pages: Pages) -> dict[str, Any]:
        paged = {**params, "pageNumber": str(number), "pageSize": str(PAGE_SIZE)}
        try:
            answer = self._reader.get(path, accept=pin.accept, params=paged)
        except Unreachable as problem:
            if number > 1:
                raise IncompleteRead(f"page {number} of {path} could not be read: {problem}") from problem
            raise
        pages.turned(answer)
        page = require(answer, path)
        if not isinstance(page, dict):
            raise IncompleteRead(f"Loket's answer to {path} is not a list")
        if page.get("currentPage") not in (None, number) and page.get("totalSize") != 0:
            raise IncompleteRead(f"Loket did not answer with page {number} of {path}")
        return page


def require(answer: Answer, path: str) -> Any:
    """The body of a good answer, a refusal as the error it is; a 401 has outlived a fresh token (Loket API 3)."""
    if answer.status == httpx.codes.FORBIDDEN:
        raise RightMissing(f"the Loket user or client may not read {path} (HTTP 403): ask for the right to it")
    if answer.status == httpx.codes.UNAUTHORIZED:
        raise Misconfigured(f"Loket does not accept a fresh token on {path} (HTTP 401): sign in with `tweeluik login`")
    if answer.status not in (httpx.codes.OK, httpx.codes.NO_CONTENT):
        raise IncompleteRead(f"Loket answered HTTP {answer.status} to {path}")
    if not all(harmless(each) for each in messages(answer.body)):
        raise IncompleteRead(f"Loket's answer to {path} holds a message that is more than a warning")
    return answer.body


def messages(body: Any) -> list[dict[str, Any]]:
    """What an answer says beside its content: nothing empty; what is no message is one of no type."""
    told = body.get("messages") if isinstance(body, dict) else None
    listed = told if isinstance(told, list) else [told]
    return [each if isinstance(each, dict) else {"description": each} for each in listed if each]


def harmless(message: Mapping[str, Any]) -> bool:
    """Whether it takes nothing away from the answer that it is in, of a read or of a write (RUN-6)."""
    return str(message.get("type")).casefold() in _HARMLESS


def rows(page: Any, path: str) -> list[dict[str, Any]]:
    """The items of a list: under `_embedded`, `content`, or bare (Loket API 3 and 4)."""
    found = page
    if isinstance(page, dict):
        found = page.get("_embedded", page.get("content"))
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise IncompleteRead(f"Loket's answer to {path} is not a list")
    return found


def _totals(page: Mapping[str, Any], path: str) -> tuple[int, int]:
    """(totalSize, totalPages), which every list tells: a short page is never its end (RUN-7)."""
    size, pages = bounded.integral(page.get("totalSize")), bounded.integral(page.get("totalPages"))
    if size is None or pages is None:
        raise IncompleteRead(f"Loket gave a page of {path} without its paging data")
    return size, pages


def _note_obsolete(envelope: Any, pin: Pin, notes: Notes) -> None:
    version = envelope.get("version") if isinstance(envelope, dict) else None
    gone = version.get("obsoleteDate") if isinstance(version, dict) else None
    if gone:
        notes[f"Loket withdraws version {pin.version} of its {pin.resource} on {str(gone)[:10]}"] = None
