"""What a machine asks: is it alive, is it ready, how is it doing; and the description of the API."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.http.below import BASE
from api.http.dependencies import Asking, Public, Requires
from api.http.docs_page import page
from api.http.measures import Measured
from api.http.schemas.answers import Health
from domain.access import Permission

router = APIRouter()
_public = [Depends(Public())]


@router.head("/healthz", dependencies=_public, include_in_schema=False)
@router.get("/healthz", dependencies=_public, tags=["operations"])
async def healthz() -> Health:
    """The process answers. No thread, no database and no limit stands before it."""
    return Health(status="ok")


@router.head("/readyz", dependencies=_public, include_in_schema=False)
@router.get("/readyz", dependencies=_public, tags=["operations"])
async def readyz(request: Request) -> Health:
    """The log and the keys answer, and the last verification of the log said OK."""
    await request.app.state.readiness.check()
    return Health(status="ok")


_TEXT: Final = {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Metrics"}


@router.get("/metrics", tags=["operations"], response_class=Response, responses={200: _TEXT})
def metrics(asking: Annotated[Asking, Depends(Requires(Permission.MEASURE))]) -> Response:
    """For Prometheus; no label names a person. Of the legal entities that you see."""
    asking.web.store.views.catch_up()
    stands = Measured(asking.web, asking.entities(), asking.now).registry()
    answered = asking.request.app.state.metrics.registry
    return Response(generate_latest(answered) + generate_latest(stands), media_type=CONTENT_TYPE_LATEST)


@router.get("/openapi.json", dependencies=_public, include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    """The description of the API."""
    return JSONResponse(_described(request))


@router.get("/docs", dependencies=_public, include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """The same for people; nothing is loaded from elsewhere, and there is no script in it."""
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return HTMLResponse(page(_described(request)), headers=policy)


def _described(request: Request) -> dict[str, Any]:
    """With where its paths begin, if that is not the root."""
    base = request.scope.get(BASE)
    return {**request.app.openapi(), **({"servers": [{"url": base}]} if base else {})}
