"""How the simulated Personio words its answers: JSON, and errors in every shape that was seen."""

from datetime import datetime

import msgspec
from starlette.responses import Response

from adapters.simulators.personio.quirks import ErrorShape

_encode = msgspec.json.Encoder(decimal_format="number").encode  # amounts keep their digits
_ERRORS = "https://developer.personio.de/reference/errors#"


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def not_found(what: str) -> Refused:
    return Refused(404, f"{what} was not found")


def answer(content: object, status: int = 200, *, media_type: str = "application/json") -> Response:
    return Response(_encode(content), status, media_type=media_type)


def error_body(status: int, detail: str, now: datetime) -> dict[str, object]:
    """The documented problem (Personio API 3.3); a type is null where no fragment is documented."""
    kind = _KINDS.get(status)
    return {
        "personio_trace_id": "trace-simulated",
        "timestamp": now.isoformat(timespec="seconds"),
        "errors": [{"title": _TITLES[status], "detail": detail, "type": kind and _ERRORS + kind, "_meta": {}}],
    }


def error_answer(refused: Refused, shape: ErrorShape, now: datetime) -> Response:
    status, detail = refused.status, refused.detail
    if shape is ErrorShape.MESSAGE:
        return answer({"error": {"message": detail}}, status)
    if shape is ErrorShape.SUCCESS_FALSE:
        return answer({"success": False, "error": {"message": detail, "code": status}}, status)
    if shape is ErrorShape.TEXT:
        return Response(detail, status, media_type="text/plain")
    return answer(error_body(status, detail, now), status, media_type="application/problem+json")


_KINDS = {
    400: "common.bad_request",
    404: "common.resource_not_found",
    500: "common.internal_server_error",
    502: "common.bad_gateway",
    503: "common.service_unavailable",
}
_TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    422: "Unprocessable entity",
    429: "Too many requests",
    500: "Internal server error",
    502: "Bad gateway",
    503: "Service unavailable",
}
