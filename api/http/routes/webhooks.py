"""Where Personio delivers: answered once the hint is stored; what is done about it comes later."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.personio.webhooks import Unreadable
from api.config.webhooks import PATH
from api.http.dependencies import Public
from api.http.problems import Refused, not_found
from api.http.state import Web
from api.http.webhook_intake import NotOurs

router = APIRouter()
_ENVELOPE: Final = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}, "required": True}}


@router.post(
    PATH,
    status_code=202,
    dependencies=[Depends(Public())],
    tags=["webhooks"],
    response_class=Response,
    responses={202: {"description": "Stored, or of no interest"}},
    openapi_extra=_ENVELOPE,
)
async def personio(request: Request) -> Response:
    """One delivery of Personio, with the token of the configuration in Authorization. Taken as a hint, never as a fact.

    A delivery that cannot be stored is answered with 503, so that Personio sends it again: it gives up after a 4xx.
    """
    web: Web = request.app.state.web
    if web.intake is None:
        raise not_found()
    if not web.intake.admits(request.headers.get("authorization", "").encode("latin-1")):
        raise Refused(401, "not-authenticated", "the webhook's token is not valid")
    try:
        hint = web.intake.read(await request.body())
    except Unreadable:
        raise Refused(400, "unreadable-body", "the body is not a Personio webhook") from None
    except NotOurs:
        raise Refused(403, "not-permitted", "the webhook belongs to another company") from None
    if not web.intake.has(hint):
        await run_in_threadpool(web.intake.take, hint)
    return Response(status_code=202)
