"""The steering wheel of a simulator: the same methods tests call, over HTTP under `/_control`.

GET    /_control/requests            every request so far
DELETE /_control/requests            forget them
GET    /_control/faults              faults still waiting
POST   /_control/faults              {"kind": "reset_after", "method": "PUT", "path": "*/employees/*", ...}
DELETE /_control/faults              forget them
GET    /_control/actions             names of the actions
POST   /_control/actions/{name}      keyword arguments of the method as a JSON object; answers {"result": ...}
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.simulators.wire.faults import FaultQueue
from adapters.simulators.wire.middleware import Dialect, FaultLayer
from adapters.simulators.wire.requests import RequestLog

Action = Callable[..., object]


def steerable(
    api: ASGIApp,
    *,
    faults: FaultQueue,
    requests: RequestLog,
    dialect: Dialect,
    actions: Mapping[str, Action],
    now: Callable[[], datetime],
) -> ASGIApp:
    """The simulated API behind its fault layer, with the control paths beside it, neither recorded nor disturbed."""
    control = Starlette(routes=[Mount("/_control", app=_control_app(faults, requests, actions))])
    faulty = FaultLayer(api, faults=faults, requests=requests, dialect=dialect, now=now)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (control if scope["path"].startswith("/_control") else faulty)(scope, receive, send)

    return app


def _control_app(faults: FaultQueue, requests: RequestLog, actions: Mapping[str, Action]) -> Starlette:
    async def list_requests(request: Request) -> Response:
        if request.method == "DELETE":
            requests.clear()
        return _json([asdict(each) for each in requests.requests])

    async def list_faults(request: Request) -> Response:
        if request.method == "DELETE":
            faults.clear()
        if request.method == "POST":
            faults.add(**await request.json())
        return _json([asdict(each) for each in faults.pending()])

    async def list_actions(_: Request) -> Response:
        return _json(sorted(actions))

    async def act(request: Request) -> Response:
        action = actions.get(request.path_params["name"])
        if action is None:
            return _json({"error": "no such action", "actions": sorted(actions)}, 404)
        try:
            return _json({"result": action(**json.loads(await request.body() or b"{}"))})
        except (KeyError, LookupError, TypeError, ValueError) as problem:
            return _json({"error": f"{type(problem).__name__}: {problem}"}, 400)

    return Starlette(
        routes=[
            Route("/requests", list_requests, methods=["GET", "DELETE"]),
            Route("/faults", list_faults, methods=["GET", "POST", "DELETE"]),
            Route("/actions", list_actions, methods=["GET"]),
            Route("/actions/{name}", act, methods=["POST"]),
        ]
    )


def _json(content: object, status: int = 200) -> Response:
    return Response(json.dumps(content, default=_plain), status, media_type="application/json")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
