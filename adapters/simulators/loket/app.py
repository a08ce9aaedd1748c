"""The front of the simulated Loket API: sign-in, versions, rights, envelope; resources register their routes here."""

import json
import logging
from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.simulators.loket.filter import FilterNotUnderstood, ordered, parse_filter
from adapters.simulators.loket.state import LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.loket.tokens import GrantRefused
from adapters.simulators.loket.versions import VersionUnknown, served_version
from adapters.simulators.wire.envelope import Document, MessageCode, MessageType, envelope, message, page
from adapters.simulators.wire.faults import FaultKind
from adapters.simulators.wire.middleware import DELAY

E = "/v2/providers/employers"
EE = f"{E}/employees"
M = f"{EE}/employments"

log = logging.getLogger("simulators.loket")


class Refused(ValueError):
    """An answer other than success, with the messages that say why."""

    def __init__(self, status: int, messages: Sequence[Document] = (), reason: str | None = None) -> None:
        super().__init__(reason or [each["description"] for each in messages])
        self.status, self.messages, self.reason = status, messages, reason


def broken_rule(text: str, code: int = MessageCode.RULE, status: int = 400) -> Refused:
    return Refused(status, [message(code, text)])


def not_found() -> Refused:
    return Refused(404)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, past sign-in and version choice."""

    state: LoketState
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    version: str

    def entity(self, table: str, param: str) -> Entity:
        """The addressed object: 404 when there is none to see, 403 when its employer or person is not ours to see."""
        found = self.state.table(table).get(self.params[param])
        if found is None or found.shown is None:
            raise not_found()
        self.may_see(found.id if table == "employers" else self.state.employer_of(table, found))
        if not self.state.in_sight(table, found):
            raise Refused(403, reason="The user's role has no access to this employee")
        return found

    def employer(self) -> Entity:
        employer_id = self.params["employerId"]
        self.may_see(employer_id)
        found = self.state.table("employers").get(employer_id)
        if found is None:
            raise Refused(403, reason="The user has no access to this employer")
        return found

    def may_see(self, employer_id: str) -> None:
        if employer_id in self.state.hidden:
            raise Refused(403, reason="The user has no access to this employer")

    def document(self) -> Document:
        if not isinstance(self.body, dict):
            raise broken_rule("the body is not a JSON object", MessageCode.TYPE)
        return self.body

    def check_etag(self, entity: Entity) -> None:
        expected = self.headers.get("if-match")
        if expected not in (None, "*", entity.etag):
            status = self.state.switches.stale_status
            raise broken_rule("the object was changed since it was read", status=status)


@dataclass(frozen=True, slots=True)
class Reply:
    """A single object, or with `items` a list that is filtered, sorted and paged before it is rendered."""

    content: object = None
    status: int = 200
    etag: str | None = None
    messages: Sequence[Document] = ()
    items: Sequence[Any] | None = None
    render: Callable[[Any], Document] = lambda each: each
    bare: bool = False  # the content as it is, without envelope


Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    template: str
    handler: Handler
    activity: str
    resource: str

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.template.split("/"))


class Routes:
    """Routes by method and length; literal segments go before parameters."""

    def __init__(self) -> None:
        self.all: list[Route] = []
        self._index: dict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = {}

    def add(self, method: str, template: str, activity: str, handler: Handler, resource: str = "other") -> None:
        route = Route(method, template, handler, activity, resource)
        self.all.append(route)
        entries = self._index.setdefault((method, len(route.segments)), [])
        insort(entries, (route.segments, route), key=lambda entry: sum(part.startswith("{") for part in entry[0]))

    def include(self, others: "Routes") -> None:
        for each in list(others.all):
            self.add(each.method, each.template, each.activity, each.handler, each.resource)

    def on(self, method: str, template: str, activity: str, resource: str = "other") -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.add(method, template, activity, handler, resource)
            return handler

        return register

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        parts = tuple(path.split("/"))
        for segments, route in self._index.get((method, len(parts)), ()):
            if all(want == got or want.startswith("{") for want, got in zip(segments, parts, strict=True)):
                pairs = zip(segments, parts, strict=True)
                return route, {want[1:-1]: got for want, got in pairs if want.startswith("{")}
        return None


class LoketDialect:
    """How Loket words what a fault says."""

    def error(self, kind: FaultKind, messages: Sequence[str]) -> object:
        if kind in (FaultKind.UNAUTHORIZED, FaultKind.FORBIDDEN):
            return {"message": messages[0] if messages else "Access denied"}
        words = messages or ("Something went wrong",)
        broken = kind in (FaultKind.REFUSE, FaultKind.FAILED_PART)
        type_ = MessageType.BROKEN_BUSINESS_RULE if broken else MessageType.EXCEPTION
        code = MessageCode.RULE if broken else MessageCode.FAULT
        version = {"resourceVersion": "2018-01-01", "obsoleteDate": None}
        return envelope(None, version, [message(code, text, type_) for text in words])

    def warned(self, body: object, messages: Sequence[str]) -> object:
        if not isinstance(body, dict) or "messages" not in body:
            return body
        words = messages or ("Please check this value",)
        warnings = [message(MessageCode.RULE, text, MessageType.WARNING) for text in words]
        return body | {"messages": [*body["messages"], *warnings]}


def loket_api(state: LoketState, routes: Routes) -> ASGIApp:
    """The ASGI application; every request is answered under the state's lock."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        with state.lock:
            state.lag = scope.get(DELAY, 0.0)
            try:
                response = _answer(state, routes, request, body)
            finally:
                state.lag = 0.0
        await response(scope, receive, send)

    return app


def _answer(state: LoketState, routes: Routes, request: Request, body: bytes) -> Response:
    path = request.url.path
    if path == "/token" and request.method == "POST":
        return _token(state, body)
    if path == "/authorize":
        return _authorize(state, request)
    if not state.tokens.accepts(request.headers.get("authorization")):
        return _json({"message": "Authorization has been denied for this request."}, 401)
    found = routes.find(request.method, path)
    if found is None:
        return Response(status_code=404)
    route, params = found
    try:
        version = served_version(route.resource, request.headers.get("accept", ""))
    except VersionUnknown as unknown:
        return Response(str(unknown), 400, media_type="text/plain")
    header = {"resourceVersion": version.name, "obsoleteDate": version.obsolete or state.obsolete.get(route.resource)}
    try:
        if route.activity in state.revoked:
            raise Refused(403, reason=f"The user does not have the activity {route.activity}")
        parsed = _parsed(body)
        call = Call(state, params, dict(request.query_params), request.headers, parsed, version.name)
        return _success(state, route.handler(call), call.query, header)
    except Refused as refused:
        if refused.status in (401, 403):
            return _json({"message": refused.reason or "Access denied"}, refused.status)
        if refused.status == 404:
            return Response(status_code=404)
        return _json(envelope(None, header, refused.messages), refused.status)


def _success(state: LoketState, reply: Reply, query: Mapping[str, str], header: Document) -> Response:
    headers = {"ETag": reply.etag} if reply.etag else {}
    if reply.items is not None:
        return _json(_shown(state, _listed(state, reply, query, header)), reply.status, headers)
    if reply.bare:
        return Response(status_code=reply.status) if reply.content is None else _json(reply.content, reply.status)
    return _json(envelope(_shown(state, reply.content), header, reply.messages), reply.status, headers)


def _shown(state: LoketState, content: Any) -> Any:
    if isinstance(content, list):
        return [_shown(state, each) for each in content] if state.withheld else content
    if not isinstance(content, dict) or not state.withheld:
        return content
    return {name: _shown(state, each) for name, each in content.items() if name not in state.withheld}


def _listed(state: LoketState, reply: Reply, query: Mapping[str, str], header: Document) -> Document:
    items: list[Any] = list(reply.items or ())
    show = reply.render
    try:
        if "filter" in query or "orderBy" in query:
            items = [show(item) for item in items]
            show = _as_is
        if "filter" in query:
            test = parse_filter(query["filter"])
            items = [item for item in items if test(item)]
        if "orderBy" in query:
            items = ordered(items, query["orderBy"], _as_is)
        return page(items, header, query, show, state.switches.page_size_limit)
    except (FilterNotUnderstood, ValueError) as problem:
        raise broken_rule(str(problem), MessageCode.TYPE) from problem


def _as_is(item: Any) -> Any:
    return item


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError as broken:
        raise broken_rule("the body is not JSON", MessageCode.TYPE) from broken


def _token(state: LoketState, body: bytes) -> Response:
    try:
        return _json(state.tokens.grant(dict(parse_qsl(body.decode()))))
    except GrantRefused as refused:
        return _json({"error": str(refused)}, 400)


def _authorize(state: LoketState, request: Request) -> Response:
    """The sign-in page, for a user who signs in at once."""
    query = request.query_params
    if query.get("client_id") != state.tokens.client_id or query.get("response_type") != "code":
        return _json({"error": "invalid_client"}, 400)
    redirect = query.get("redirect_uri", "")
    answer = {"code": state.tokens.issue_code(redirect)} | ({"state": query["state"]} if "state" in query else {})
    return RedirectResponse(f"{redirect}?{urlencode(answer)}", 302)


def _json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(content), status, headers, media_type="application/json")
