"""What both clients share: reads that are repeated with patience, paced and side by side, and exact JSON numbers."""

from __future__ import annotations

import random
import socket
import ssl
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import httpx
import msgspec

from adapters import bounded, calls
from adapters.claimed import still_ours
from adapters.counted import COUNTED, Counted
from adapters.environment import certificates
from adapters.limits import wait_for
from adapters.logs import logger
from adapters.outgoing import DEADLINE, MOST_BYTES, AnswerTooLarge, Outgoing
from adapters.pacing import Pacer
from adapters.tracing import span, template
from domain.errors import IncompleteRead, Unreachable
from domain.grounds.readers import UNREADABLE, NotJson, read_json

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

WORKERS: Final = 8
ATTEMPTS: Final = 6
FIRST_WAIT: Final = 0.5  # seconds, doubled after each attempt
JITTER: Final = 0.25
LONGEST_RETRY_AFTER: Final = 30.0
_LONGEST_TOLD: Final = 1e9  # seconds; more is nonsense
BUDGET: Final = 60.0  # seconds of waiting for one request
REFUSED_CONNECTIONS: Final = 3
TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)

MOST_PAGES: Final = 10_000  # of one list
MOST_BYTES_OF_A_LIST: Final = 512 * 1024 * 1024  # of JSON

_NAMED: Final = b'":'
_LONGEST_NUMBER: Final = 64  # characters
_LONGEST_EXPONENT: Final = 3  # characters, with its sign

Item = TypeVar("Item")
Result = TypeVar("Result")

_log = logger(__name__)
_encoder = msgspec.json.Encoder(decimal_format="number")


def decode(content: bytes) -> Any:
    """JSON with every fraction as the exact decimal that was written. Raises NotJson, whatever the bytes are.

    A text with half a character in it (one escape of a surrogate pair) becomes an empty object, which nothing reads as
    a value, and so does a number beyond all measure: one unreadable value of one person must not make a whole page
    unreadable. An object that gives a name twice, and not the same, is none: which of the two is true nobody knows.
    """
    try:
        return _decoded(content.removeprefix(BOM_UTF8))
    except UNREADABLE as problem:
        raise NotJson("no JSON that can be read") from problem


def _decoded(content: bytes) -> Any:
    try:
        said = _decoder.decode(content)
    except msgspec.DecodeError:
        if b"\\ud" not in content.lower():
            raise
    else:
        if content.count(_NAMED) == _encoder.encode(said).count(_NAMED):  # of a name given twice the last would count
            return said
    return _whole(read_json(content, parse_float=_fraction, object_pairs_hook=_once))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in pairs:
        if said.setdefault(name, value) != value:
            raise NotJson("no JSON that can be read")
    return said


def _fraction(text: str) -> Decimal | dict[str, Any]:
    """A number like 1E+999999999 would take all memory once it is written out: as unreadable as half a character."""
    exponent = text.lower().partition("e")[2]
    return {} if len(text) > _LONGEST_NUMBER or len(exponent) > _LONGEST_EXPONENT else Decimal(text)


_decoder = msgspec.json.Decoder(float_hook=_fraction)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    halved = isinstance(value, str) and any("\ud800" <= each <= "\udfff" for each in value)
    return {} if halved else value


def encode(value: object) -> bytes:
    """JSON with decimals as plain numbers; no binary float on the way."""
    return _encoder.encode(value)


def open_http(base_url: str, timeout: httpx.Timeout, auth: httpx.Auth | None = None, *, system: str) -> httpx.Client:
    """A client for one host: never follows a redirect, and drops idle connections before a server would."""
    return Client(
        system,
        base_url=base_url,
        auth=auth,
        timeout=timeout,
        limits=httpx.Limits(max_connections=2 * WORKERS, keepalive_expiry=3.0),
        deadline=DEADLINE,
        most_bytes=MOST_BYTES,
        event_hooks={"request": [still_ours]},
    )


class Client(Outgoing):
    """Waits until the host may be asked, and traces each call by the host and the path without its ids.

    Each is counted, by the system and how it answered. Neither system is sent anything of the trace.
    """

    def __init__(self, system: str, **how: Any) -> None:
        super().__init__(**how)
        self._system = system

    def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        wait_for(request.url.host)
        path = template(request.url.path)
        asked = {"http.request.method": request.method, "server.address": request.url.host, "url.template": path}
        with span(f"{request.method} {path}", asked, kind="CLIENT") as noted:
            try:
                response = super().send(request, **how)
            except httpx.RequestError:
                calls.note(self._system, None)
                raise
            calls.note(self._system, response.status_code)
            noted.note("http.response.status_code", response.status_code)
            return response


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: a readable 2xx, or a status that is no reason to try again."""

    status: int
    headers: httpx.Headers
    body: Any  # decoded JSON; None when an unsuccessful answer has none
    size: int = 0  # bytes of that JSON

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300 and self.status != httpx.codes.PARTIAL_CONTENT


class Pages:
    """Counts the pages of one list, which a server that goes wrong may continue without end."""

    def __init__(self, system: str, path: str) -> None:
        self._list = f"{system}'s list {path}"
        self._pages = self._bytes = 0

    def turned(self, page: Answer) -> None:
        """Raises IncompleteRead for a list that does not end."""
        self._pages += 1
        self._bytes += page.size
        if self._pages > MOST_PAGES or self._bytes > MOST_BYTES_OF_A_LIST:
            raise IncompleteRead(f"{self._list} does not come to an end")


class Tokens(Protocol):
    """Where bearer tokens come from."""

    def current(self) -> str: ...

    def renewed(self, stale: str) -> str:
        """A token other than `stale`; fetched at most once however many callers ask at the same time."""
        ...


class Bearer(httpx.Auth):
    """Signs each request; after a 401 the token is renewed once and the same request sent once more."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._tokens.current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {self._tokens.renewed(token)}"
            yield request


class Patience:
    """How long to wait between the attempts at one request, and when to give up."""

    def __init__(
        self,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
        pacer: Pacer,
        pace: str = "",
        budget: float = BUDGET,
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._pacer = pacer
        self._pace = pace
        self._budget = budget
        self._started = monotonic()
        self._attempts = 0
        self._refused = 0

    def again(self, response: httpx.Response | None = None, failure: Exception | None = None) -> bool:
        """Waits and answers True, or answers False at once when the budget is spent.

        After a 429 all who ask the same endpoint wait, this one in its next turn.
        """
        self._attempts += 1
        self._refused += isinstance(failure, httpx.ConnectError)
        wait = FIRST_WAIT * 2 ** (self._attempts - 1) * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        wait = (_retry_after(response) if response is not None else None) or wait
        spent = self._monotonic() - self._started
        if self._attempts >= ATTEMPTS or self._refused >= REFUSED_CONNECTIONS or spent + wait > self._budget:
            return False
        if response is not None and response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self._pacer.hold(self._pace, wait)
        else:
            self._sleep(wait)
        return True


class Reader:
    """Sends requests that change nothing, until they are answered or patience ends."""

    def __init__(
        self, system: str, http: httpx.Client, *, sleep: Callable[[float], None], monotonic: Callable[[], float]
    ) -> None:
        self._system = system
        self._http = http
        self._sleep = sleep
        self._monotonic = monotonic
        self.pacer = Pacer(sleep, monotonic)

    def get(
        self, path: str, *, params: Mapping[str, str] | None = None, accept: str = "application/json", pace: str = ""
    ) -> Answer:
        """`pace` names the endpoint whose rate limit is shared. Raises Unreachable or IncompleteRead."""
        return self.send(
            self._http.build_request("GET", path, params=dict(params or {}), headers={"Accept": accept}), pace
        )

    def send(self, request: httpx.Request, pace: str = "", *, budget: float = BUDGET) -> Answer:
        """`budget`: seconds within which the last attempt begins."""
        patience = Patience(self._sleep, self._monotonic, self.pacer, pace, budget)
        while True:
            self.pacer.wait(pace)
            response, failure, answer = None, None, None
            try:
                response = self._http.send(request)
                if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    self.pacer.learn(pace, response.headers)
                answer = _answer(response)
            except AnswerTooLarge as reason:
                line = f"{self._system} answered {request.method} {request.url.path} with more than a page can be"
                raise IncompleteRead(line) from reason
            except (httpx.RequestError, ValueError) as problem:
                failure = problem
            if answer is not None:
                return answer
            cause = cause_of(response, failure)
            _log.info("read_repeated", system=self._system, path=request.url.path, cause=cause)
            if not patience.again(response, failure):
                line = f"{self._system} gave no usable answer to {request.method} {request.url.path}: {cause}"
                raise (IncompleteRead if isinstance(failure, ValueError) else Unreachable)(line) from failure


def cause_of(response: httpx.Response | None, failure: Exception | None) -> str:
    """Why there is no usable answer, in words that quote nothing of what was sent or received."""
    if isinstance(failure, ValueError) or failure is None:
        unreadable = "unreadable answer, " if failure else ""
        return f"{unreadable}HTTP {response.status_code}" if response is not None else "unreadable answer"
    beneath = list(_beneath(failure))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in beneath):
        named = certificates()
        return f"certificate not trusted by {named[0]}" if named else "certificate not trusted"
    if any(isinstance(one, socket.gaierror) for one in beneath):
        return "host name not found"
    for kind, words in _CAUSES:
        if isinstance(failure, kind):
            return words
    return type(failure).__name__


def _beneath(failure: BaseException | None) -> Iterator[BaseException]:
    """The failure and what brought it about, which its library has put into other words."""
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def fan_out(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The function's results in the order of the items, several at a time; the first failure ends it."""
    counting = _Counting(COUNTED.get())
    with _pool() as pool:
        begun = []
        for item in items:
            begun.append(pool.submit(copy_context().run, function, item))
            begun[-1].add_done_callback(counting.one_done)
        counting.of_all(len(begun))
        return [done.result() for done in begun]


class _Counting:
    """Counts what is done; how many there are is known once all have begun."""

    def __init__(self, tell: Counted | None) -> None:
        self._tell, self._done, self._total, self._lock = tell, 0, 0, Lock()

    def one_done(self, _: Future[Any]) -> None:
        with self._lock:
            self._done += 1
            self._say()

    def of_all(self, total: int) -> None:
        with self._lock:
            self._total = total
            self._say()

    def _say(self) -> None:
        if self._tell is not None:
            self._tell(self._done, self._total)


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="read")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _answer(response: httpx.Response) -> Answer | None:
    """The answer, or None when asking again may help. Raises ValueError on a success that cannot be read."""
    status = response.status_code
    if status in (408, 429) or status >= 500:
        return None
    if response.is_success and status != httpx.codes.NO_CONTENT:
        return Answer(status, response.headers, decode(response.content), len(response.content))
    try:
        return Answer(status, response.headers, decode(response.content), len(response.content))
    except ValueError:
        return Answer(status, response.headers, None)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds the server asks for, capped; as a date they count from its own clock. Nonsense counts as not given."""
    text = response.headers.get("retry-after", "").strip()
    seconds = bounded.number(text, 0.0, _LONGEST_TOLD)
    if seconds is None and (until := bounded.http_date(text)) is not None:
        now = bounded.http_date(response.headers.get("date", "")) or datetime.now(UTC)
        seconds = max((until - now).total_seconds(), 0.0)
    return None if seconds is None else min(seconds, LONGEST_RETRY_AFTER)


_CAUSES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (AnswerTooLarge, "answer too large"),
    (httpx.ProxyError, "refused by the proxy"),
    (httpx.ConnectTimeout, "connect timeout"),
    (httpx.ConnectError, "no connection"),
    (httpx.ReadTimeout, "read timeout"),
    (httpx.WriteTimeout, "write timeout"),
    (httpx.PoolTimeout, "no free connection"),
    (httpx.NetworkError, "connection lost"),
    (httpx.ProtocolError, "connection lost in the middle of the answer"),
    (httpx.DecodingError, "unreadable answer"),
)
