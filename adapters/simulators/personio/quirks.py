"""What the simulated Personio does oddly, each switched on by the test that needs it."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class Empty(StrEnum):
    """How an empty custom attribute is shown (Personio API 4.6). Left out, by what clients of live accounts saw."""

    NULL = "null"
    TEXT = "text"
    OMITTED = "omitted"


class NextLink(StrEnum):
    """Where `_meta.links.next.href` points (Personio API 3.1)."""

    NORMAL = "normal"
    WRONG_PATH = "wrong_path"
    RELATIVE = "relative"
    FOREIGN_HOST = "foreign_host"
    REPEATED_CURSOR = "repeated_cursor"  # from the second page on: the page points at itself


class BesideCursor(StrEnum):
    """What becomes of filters that are sent beside a cursor; no source settles it (Personio API 3.1, 8)."""

    ACCEPTED = "accepted"  # they may be repeated, and hold on without it: the cursor carries them
    REFUSED = "refused"  # 400: the cursor carries them, and nothing but a limit may stand beside it
    NEEDED = "needed"  # without them the next pages are those of the unfiltered list, silently


class RetryAfter(StrEnum):
    """What a 429 says of the time to wait; observed: nothing (Personio API 3.4). HTTP allows both other forms."""

    NOTHING = "nothing"
    SECONDS = "seconds"
    DATE = "date"


class ErrorShape(StrEnum):
    """The error bodies that were seen in the wild (Personio API 3.3)."""

    PROBLEM = "problem"  # errors[]
    MESSAGE = "message"  # {"error": {"message": ...}}
    SUCCESS_FALSE = "success_false"  # {"success": false, "error": {...}}
    TEXT = "text"


class Payload(StrEnum):
    """Spelling of the ids inside a webhook's payload, which no source confirms (Personio API 4.8)."""

    UNDERSCORE = "person_id"
    DOT = "person.id"
    ID = "id"


class Salaries(StrEnum):
    """Which amount of a part-timer's fixed salary is shown, whatever HR entered; Personio documents neither.

    The full-time one is likelier: Personio calls it the base salary, which is what its API says it lists, with hours
    "to derive effective salaries".
    """

    EFFECTIVE = "effective"  # what the person earns, as HR enters it
    FULL_TIME = "full_time"  # the 100 % amount, which Personio computes from it


@dataclass(slots=True)
class Quirks:
    """Defaults are what was observed: no labels, lower-case types, an empty attribute left out as if it were hidden."""

    empty_as: Empty = Empty.OMITTED
    empty_as_for: dict[str, Empty] = field(default_factory=dict)  # attribute id -> form, before `empty_as`
    salaries: Salaries = Salaries.FULL_TIME
    labels: bool = False
    upper_case_types: bool = False
    last_working_date: bool = False  # the specification's own examples, instead of last_working_day
    plain_dates_only: bool = False  # filters refuse timestamps
    flip_hour: int = 0  # hour in Amsterdam at which a future-dated change shows; the screen says 3
    page_size: int | None = None  # short pages, whatever limit was asked
    without_meta: bool = False  # pages that tell nothing of a next one, the last like the first
    beside_cursor: BesideCursor = BesideCursor.ACCEPTED
    forgetful_cursor: bool = False  # the cursor carries no filters, whatever may stand beside it
    rate_headers: bool = True  # the x-ratelimit headers, which were observed and are not documented
    retry_after: RetryAfter = RetryAfter.NOTHING
    page_shift: int = 0  # -1: the last item of a page comes again on the next; 1: one item is lost between them
    slipped: str | None = None  # the person whom a sweep loses between two pages
    next_links: dict[str, NextLink] = field(default_factory=dict)  # path pattern -> where next points
    foreign_host: str = "https://personio.example"
    error_shape: ErrorShape = ErrorShape.PROBLEM
    missing_right_status: int = 401  # 403 was seen too
    payload: Payload = Payload.UNDERSCORE

    def next_link(self, path: str) -> NextLink:
        return next((kind for glob, kind in self.next_links.items() if fnmatchcase(path, glob)), NextLink.NORMAL)
