"""What every simulator does on demand: faults on the wire, seen by a plain HTTP client."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.simulators.wire.control import steerable
from adapters.simulators.wire.faults import FaultKind, FaultQueue
from adapters.simulators.wire.requests import RequestLog
from adapters.simulators.wire.server import ServerThread
from tests.support.waiting import PATIENCE, until

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


class PlainWords:
    def error(self, kind: FaultKind, messages: Sequence[str]) -> object:
        return {"fault": kind, "messages": list(messages)}

    def warned(self, body: object, messages: Sequence[str]) -> object:
        return {"body": body, "warnings": list(messages)}


class World:
    """A one-counter API: every request that reaches it counts as applied."""

    def __init__(self) -> None:
        self.faults = FaultQueue()
        self.requests = RequestLog()
        self.applied = 0
        numbers = count(1)
        self.server = ServerThread(
            steerable(
                self._api(),
                faults=self.faults,
                requests=self.requests,
                dialect=PlainWords(),
                actions={"next_number": lambda start: start + next(numbers)},
                now=lambda: NOON,
            )
        )

    def _api(self) -> ASGIApp:
        async def api(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            self.applied += 1
            body = json.dumps({"applied": self.applied}).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        return api


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    with world.server:
        yield world


def put(world: World, *, timeout: float = PATIENCE) -> httpx.Response:
    """`timeout`: how long the answer may take; connecting may take as long as it likes."""
    patience = httpx.Timeout(PATIENCE, read=timeout)
    return httpx.put(f"{world.server.url}/thing", content=b"{}", timeout=patience)


@pytest.mark.parametrize(
    ("kind", "status", "applied"),
    [
        (FaultKind.REFUSE, 400, 0),
        (FaultKind.UNAUTHORIZED, 401, 0),
        (FaultKind.FORBIDDEN, 403, 0),
        (FaultKind.RATE_LIMITED, 429, 0),
        (FaultKind.UNAVAILABLE, 503, 0),
        (FaultKind.SERVER_ERROR_BEFORE, 500, 0),
        (FaultKind.SERVER_ERROR_AFTER, 500, 1),
        (FaultKind.FAILED_PART, 200, 0),
        (FaultKind.WARNING, 200, 1),
        (FaultKind.NOT_JSON, 200, 1),
        (FaultKind.SLOW, 200, 1),
    ],
)
def test_an_answered_fault_has_its_status_and_is_applied_or_not(
    world: World, kind: FaultKind, status: int, applied: int
) -> None:
    world.faults.add(kind, method="PUT", seconds=0.05, messages=["as asked"])

    answer = put(world)

    assert (answer.status_code, world.applied) == (status, applied)
    assert [(r.method, r.path, r.status, r.fault) for r in world.requests.requests] == [("PUT", "/thing", status, kind)]


@pytest.mark.parametrize(("kind", "applied"), [(FaultKind.RESET_BEFORE, 0), (FaultKind.RESET_AFTER, 1)])
def test_a_reset_really_drops_the_connection(world: World, kind: FaultKind, applied: int) -> None:
    world.faults.add(kind)

    with pytest.raises(httpx.ReadError) as dropped:
        put(world)

    assert isinstance(_root(dropped.value), ConnectionResetError)
    assert (world.applied, world.requests.requests[0].status) == (applied, None)


@pytest.mark.parametrize(("kind", "applied"), [(FaultKind.TIMEOUT_BEFORE, 0), (FaultKind.TIMEOUT_AFTER, 1)])
def test_a_timeout_gives_no_answer_while_the_client_waits(world: World, kind: FaultKind, applied: int) -> None:
    world.faults.add(kind, seconds=PATIENCE)

    with pytest.raises(httpx.ReadTimeout):
        put(world, timeout=0.1)

    until(lambda: world.requests.requests and world.applied == applied, "what the fault does")
    assert put(world).status_code == 200, "the next request is undisturbed"


def test_a_truncated_answer_was_applied_and_ends_in_the_middle(world: World) -> None:
    world.faults.add(FaultKind.TRUNCATED)

    with pytest.raises(httpx.RemoteProtocolError):
        put(world)

    assert world.applied == 1


def test_a_retry_after_is_sent_with_503_and_never_with_429_unless_asked_for(world: World) -> None:
    world.faults.add(FaultKind.UNAVAILABLE)
    world.faults.add(FaultKind.RATE_LIMITED)
    world.faults.add(FaultKind.RATE_LIMITED, retry_after=7)

    waits = [put(world).headers.get("retry-after") for _ in range(3)]

    assert waits == ["1", None, "7"]


def test_a_fault_hits_the_nth_match_as_often_as_asked_and_no_other_request(world: World) -> None:
    world.faults.add(FaultKind.REFUSE, method="POST|PUT", path="*/THING", nth=2, times=2)

    with httpx.Client(base_url=world.server.url) as client:
        statuses = [client.put("/thing").status_code for _ in range(4)]
        other = client.get("/thing").status_code

    assert (statuses, other) == ([200, 400, 400, 200], 200)
    assert world.requests.count("PUT", "/thing", fault="refuse") == 2


def test_another_process_steers_over_http_without_being_recorded(world: World) -> None:
    with httpx.Client(base_url=world.server.url) as client:
        queued = client.post("/_control/faults", json={"kind": "unavailable", "method": "PUT"}).json()
        assert queued[0]["kind"] == "unavailable"
        assert client.put("/thing").status_code == 503
        assert [r["status"] for r in client.get("/_control/requests").json()] == [503]
        assert client.post("/_control/actions/next_number", json={"start": 10}).json() == {"result": 11}
        assert client.post("/_control/actions/next_number", json={}).status_code == 400
        assert client.get("/_control/actions").json() == ["next_number"]


def test_a_server_stops_though_an_answer_is_held_back_and_keeps_its_address(world: World) -> None:
    url = world.server.url
    world.faults.add(FaultKind.TIMEOUT_BEFORE, seconds=10 * PATIENCE)  # longer than a test may take
    with pytest.raises(httpx.ReadTimeout):
        put(world, timeout=0.1)
    until(lambda: world.requests.requests, "the request")

    world.server.stop()
    with pytest.raises(httpx.ConnectError):
        put(world)
    world.server.start()

    assert (world.server.url, put(world).status_code) == (url, 200)


def _root(error: BaseException) -> BaseException:
    cause = error.__cause__ or error.__context__
    return error if cause is None else _root(cause)
