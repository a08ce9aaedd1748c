"""Problem answers (RFC 9457): what is wrong and where, never what was sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, Final

from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from adapters.database_faults import DATABASE_ERRORS
from adapters.database_faults import told as database_fault
from adapters.logs import logger
from domain.errors import (
    AlreadyTaken,
    Ambiguous,
    ImplausibleRead,
    LogDamaged,
    LogNotBelieved,
    LogUnavailable,
    Misconfigured,
    MustBeKept,
    NamesOthers,
    NoCheckpoint,
    NotDecidable,
    NotFound,
    ReadFailed,
    ReportTooLong,
    RowEdited,
    RunAlreadyInProgress,
    SecondPersonNeeded,
    StreamMoved,
    TooManyPeople,
    TweeluikError,
    ViewBehind,
    ViewsDiffer,
)
from domain.four_eyes import SURELY

MEDIA_TYPE: Final = "application/problem+json"
MOST_DIGITS: Final = 4300
"""Of one number in a body: Python reads no more."""

ENDLESS: Final = "tweeluik.endless"
"""In the scope of a request: where its body has a number of more digits; None where it has none."""

INSTANT: Final = "an instant with its offset, such as 2026-03-15T09:30:00+01:00"
_FORMS: Final = {"date": "a day that there is, such as 2026-03-15", "datetime": INSTANT}
_LONGEST_NAME: Final = 60  # characters that are compared
_TOLD: Final = 5  # faults in the detail; all are in the list


class Fault(BaseModel):
    """One thing that is wrong with a request: where, the kind of it, and what is allowed there."""

    where: str
    what: str
    allowed: str


class Problem(BaseModel):
    """RFC 9457. `request_id` is what to quote to an operator."""

    type: str
    title: str
    status: int
    detail: str | None = None
    request_id: str | None = None
    held_by: str | None = None
    faults: list[Fault] | None = None


class Refused(Exception):
    """A request is answered with this problem."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        held_by: str | None = None,
        faults: list[Fault] | None = None,
    ) -> None:
        super().__init__(slug)
        self.status, self.slug, self.detail = status, slug, detail
        self.headers, self.held_by, self.faults = headers, held_by, faults


def not_found() -> Refused:
    """The same for what does not exist and for what is another's."""
    return Refused(404, "not-found", "not found, or not visible to you")


def invalid_request(faults: list[Fault]) -> Refused:
    """422 with the first faults in words."""
    told = "; ".join(f"{one.where}: {one.allowed}" for one in faults[:_TOLD])
    return Refused(422, "invalid-request", told, faults=faults)


def unknown_name(where: str, name: str, known: Collection[str]) -> Fault:
    """A name that is none of ours is not repeated, for it may be anything; one that is nearly ours is a slip."""
    near = get_close_matches(name[:_LONGEST_NAME], known, 1)
    listed = f"allowed are {', '.join(sorted(known))}" if known else "nothing is allowed here"
    if near and name.isprintable():
        return Fault(where=f"{where}.{name}", what="unknown", allowed=f"did you mean {near[0]}? {listed}")
    return Fault(where=where, what="unknown", allowed=listed)


def _fault(error: Mapping[str, Any], request: Request) -> Fault:
    """Of pydantic's error its place, its type and its message, which says what should be there and quotes nothing."""
    place = [str(one) for one in error["loc"][:4]]
    if error["type"] == "extra_forbidden":
        return unknown_name(place[0], place[-1], _names_in_body(request))
    return Fault(where=".".join(place), what=error["type"], allowed=_allowed(error))


def _names_in_body(request: Request) -> Collection[str]:
    body = request.scope["route"].body_field
    return getattr(body.field_info.annotation, "model_fields", {}) if body else {}


def _too_many_digits(request: Request) -> Fault:
    """A name that is none of ours is not repeated, nor what lies in it."""
    place: tuple[str | int, ...] = request.scope[ENDLESS]
    inside = [str(one) for one in place[1:] if isinstance(one, int)]
    where = ".".join(["body", *map(str, place[:1]), *inside] if {*place[:1]} & {*_names_in_body(request)} else ["body"])
    return Fault(where=where, what="too_long", allowed=f"a number has at most {MOST_DIGITS} digits")


def _allowed(error: Mapping[str, Any]) -> str:
    if (form := _FORMS.get(error["type"].partition("_")[0])) is not None:
        return form
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return "a value is required" if error["type"] == "missing" else said[:1].lower() + said[1:]


_OF_ERROR: Final[tuple[tuple[type[TweeluikError], int, str], ...]] = (
    (MustBeKept, 409, "must-be-kept"),
    (NotFound, 404, "not-found"),
    (TooManyPeople, 403, "too-many-people"),
    (SecondPersonNeeded, 403, "second-person-needed"),
    (RunAlreadyInProgress, 409, "run-in-progress"),
    (AlreadyTaken, 409, "already-taken"),
    (StreamMoved, 409, "written-meanwhile"),
    (RowEdited, 409, "answer-not-believed"),
    (LogNotBelieved, 503, "log-not-believed"),
    (LogDamaged, 503, "log-damaged"),
    (ViewsDiffer, 503, "views-differ"),
    (ViewBehind, 503, "view-behind"),
    (NoCheckpoint, 503, "no-checkpoint"),
    (LogUnavailable, 503, "log-unavailable"),
    (ImplausibleRead, 503, "read-not-believed"),
    (ReadFailed, 503, "system-unreadable"),
    (Ambiguous, 409, "ambiguous"),
    (NotDecidable, 422, "not-decidable"),
    (ReportTooLong, 422, "too-long"),
    (NamesOthers, 422, "names-others"),
    (Misconfigured, 500, "misconfigured"),
)
_DETAIL: Final = {
    "not-found": not_found().detail,
    "second-person-needed": f"somebody else has to agree{SURELY}",
    "already-taken": "somebody else sees to this task today: `taken_by` says who",
    "log-not-believed": "the last verification of the log did not say OK: until one does it is only read",
    "too-many-people": (
        "that is more people's values within a day than one person opens: ask for more with POST /v1/more-people, and "
        "somebody else agrees"
    ),
    "no-checkpoint": (
        "the folder of the checkpoints takes no file; what was asked may have been done: give the account that runs "
        "tweeluik room there and the right to write, then look before you ask again"
    ),
    "answer-not-believed": ("the stored answer was edited: look whether it was done, then use another Idempotency-Key"),
}


def refused(reason: TweeluikError) -> Refused:
    """How an expected error is answered."""
    status, slug = next(((code, slug) for kind, code, slug in _OF_ERROR if isinstance(reason, kind)), (500, "fault"))
    held_by = reason.held_by if isinstance(reason, RunAlreadyInProgress) else None
    detail = (
        str(reason)
        if isinstance(reason, Ambiguous | NotDecidable | ReportTooLong | NamesOthers | ViewBehind)
        else _DETAIL.get(slug, slug.replace("-", " "))
    )
    return Refused(status, slug, detail, held_by=held_by)


def documented(refusals: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """How a route's description names its refusals: status and reason, each answered as a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in refusals.items()}


DOCUMENTED: Final = documented(
    {
        400: "The request cannot be read",
        401: "The credential is missing or not valid",
        403: "The role does not permit this",
        404: "Not found, or not visible to you",
        413: "The body is too large",
        422: "The request has an invalid value",
        429: "Too many requests; see Retry-After",
        500: "An internal error",
        503: "The log, or a system, does not answer",
    }
)


def answer(refused: Refused) -> JSONResponse:
    problem = Problem(
        type=f"urn:tweeluik:problem:{refused.slug}",
        title=refused.slug.replace("-", " "),
        status=refused.status,
        detail=refused.detail,
        request_id=correlation_id.get(),
        held_by=refused.held_by,
        faults=refused.faults,
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True), refused.status, dict(refused.headers or {}), media_type=MEDIA_TYPE
    )


def install(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    def refuse(_: Request, reason: Refused) -> JSONResponse:
        return answer(reason)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, reason: RequestValidationError) -> JSONResponse:
        if any(one["type"] == "json_invalid" for one in reason.errors()):
            return answer(Refused(400, "unreadable-body", "the body is not JSON"))
        return answer(invalid_request([_fault(one, request) for one in reason.errors()]))

    @app.exception_handler(StarletteHTTPException)
    def http(request: Request, reason: StarletteHTTPException) -> JSONResponse:
        if reason.status_code == 400 and request.scope.get(ENDLESS) is not None:
            return answer(invalid_request([_too_many_digits(request)]))
        phrase = HTTPStatus(reason.status_code).phrase
        slug = phrase.lower().replace(" ", "-")
        return answer(Refused(reason.status_code, slug, phrase, headers=reason.headers))

    @app.exception_handler(TweeluikError)
    def expected(_: Request, reason: TweeluikError) -> JSONResponse:
        return answer(refused(reason))

    for kind in DATABASE_ERRORS:  # else the server would print the database's own text

        @app.exception_handler(kind)
        def database(_: Request, reason: Exception) -> JSONResponse:
            logger().error("a database failed", cause=database_fault(reason), request_id=correlation_id.get())
            return answer(Refused(503, "log-unavailable", "log unavailable"))

    @app.exception_handler(Exception)
    def unexpected(_: Request, reason: Exception) -> JSONResponse:
        logger().error("request failed", kind=type(reason).__name__, request_id=correlation_id.get())
        return answer(Refused(500, "fault", "an internal error; the server's log has it under the request id"))
