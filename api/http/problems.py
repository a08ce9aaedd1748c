"""Problem answers (RFC 9457): what is wrong and where, never what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from domain.errors import (
    LogDamaged,
    LogUnavailable,
    Misconfigured,
    MustBeKept,
    NotFound,
    ReadFailed,
    RowEdited,
    RunAlreadyInProgress,
    SecondPersonNeeded,
    StreamMoved,
    TweeluikError,
)
from domain.four_eyes import SURELY

MEDIA_TYPE: Final = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong with a request, and where."""

    where: str
    what: str


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


_OF_ERROR: Final[tuple[tuple[type[TweeluikError], int, str], ...]] = (
    (MustBeKept, 409, "must-be-kept"),
    (NotFound, 404, "not-found"),
    (SecondPersonNeeded, 403, "second-person-needed"),
    (RunAlreadyInProgress, 409, "run-in-progress"),
    (StreamMoved, 409, "written-meanwhile"),
    (RowEdited, 409, "answer-not-believed"),
    (LogDamaged, 503, "log-damaged"),
    (LogUnavailable, 503, "log-unavailable"),
    (ReadFailed, 503, "system-unreadable"),
    (Misconfigured, 500, "misconfigured"),
)
_DETAIL: Final = {
    "not-found": not_found().detail,
    "answer-not-believed": "the stored answer was edited; look whether it was done, then use a new Idempotency-Key",
    "second-person-needed": f"somebody else has to agree{SURELY}",
}
DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in {
        400: "The request cannot be read",
        401: "The credential is missing or not valid",
        403: "The role does not permit this",
        404: "Not found, or not visible to you",
        413: "The body is too large",
        422: "The request has an invalid value",
        429: "Too many requests; see Retry-After",
        500: "An internal error",
        503: "The log, or a system, does not answer",
    }.items()
}


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
    def invalid(_: Request, reason: RequestValidationError) -> JSONResponse:
        faults = [Fault(where=".".join(map(str, one["loc"][:4])), what=one["type"]) for one in reason.errors()]
        unreadable = any(one.what == "json_invalid" for one in faults)
        return answer(
            Refused(400, "unreadable-body", "the body is not JSON")
            if unreadable
            else Refused(422, "invalid-request", "the request has invalid values", faults=faults)
        )

    @app.exception_handler(StarletteHTTPException)
    def http(_: Request, reason: StarletteHTTPException) -> JSONResponse:
        phrase = HTTPStatus(reason.status_code).phrase
        slug = phrase.lower().replace(" ", "-")
        return answer(Refused(reason.status_code, slug, phrase, headers=reason.headers))

    @app.exception_handler(TweeluikError)
    def expected(_: Request, reason: TweeluikError) -> JSONResponse:
        status, slug = next(
            ((code, slug) for kind, code, slug in _OF_ERROR if isinstance(reason, kind)), (500, "fault")
        )
        held_by = reason.held_by if isinstance(reason, RunAlreadyInProgress) else None
        return answer(Refused(status, slug, _DETAIL.get(slug, slug.replace("-", " ")), held_by=held_by))

    @app.exception_handler(Exception)
    def unexpected(_: Request, reason: Exception) -> JSONResponse:
        structlog.get_logger().error("request failed", kind=type(reason).__name__, request_id=correlation_id.get())
        return answer(Refused(500, "fault", "an internal error; the server's log has it under the request id"))
