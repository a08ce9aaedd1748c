"""One write, sent once, and what its answer proves: accepted, refused, never sent, or unknown (RUN-6, RUN-8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import httpx

from adapters.claimed import WRITES
from adapters.logs import logger
from adapters.loket.api import Pin, harmless, messages
from adapters.pacing import Pacer
from adapters.transport import Patience, cause_of, decode, encode
from domain.errors import Misconfigured, ReadFailed
from domain.snapshots import Answered, WriteAnswer

_SUCCESS: Final = (200, 201, 202)
_NOT_CONFIRMING: Final = ("BrokenBusinessRule", "Exception", "NotFound")
_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

_log = logger(__name__)


class Writer:
    """The only place that changes anything in Loket. Nothing is repeated but what Loket did not look at (401, 429)."""

    def __init__(
        self, http: httpx.Client, pacer: Pacer, *, sleep: Callable[[float], None], monotonic: Callable[[], float]
    ) -> None:
        """`pacer`: that of the reads, since one limit holds for both."""
        self._http = http
        self._pacer = pacer
        self._sleep = sleep
        self._monotonic = monotonic

    def send(
        self,
        method: str,
        path: str,
        pin: Pin,
        body: object,
        *,
        etag: str | None = None,
        creates: bool = False,
        bare: bool = False,
    ) -> WriteAnswer:
        """Never raises for what Loket or the network answers; ClaimLost or LogUnavailable where nothing may be sent.

        `creates`: the answer must name what was created; `bare`: an answer without a body is a good one (Loket API 8).
        """
        headers = {"Accept": pin.accept} | ({} if body is None else {"Content-Type": pin.accept})
        if etag:
            headers["If-Match"] = etag
        content = None if body is None else encode(body)
        request = self._http.build_request(method, path, content=content, headers=headers, extensions=WRITES)
        answer = self._sent(request, creates, bare)
        _log.info("write_answered", method=method, path=path, status=answer.status, answered=answer.answered.value)
        return answer

    def _sent(self, request: httpx.Request, creates: bool, bare: bool) -> WriteAnswer:
        patience = Patience(self._sleep, self._monotonic, self._pacer)
        while True:
            self._pacer.wait("")
            try:
                response = self._http.send(request)
            except _NEVER_LEFT as problem:
                return not_sent(cause_of(None, problem))
            except httpx.RequestError as problem:
                return WriteAnswer(Answered.UNKNOWN, cause=cause_of(None, problem))
            except (Misconfigured, ReadFailed) as problem:  # no access token: the write itself was not looked at
                return not_sent(str(problem))
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return classify(response, creates=creates, bare=bare)
            if not patience.again(response):
                return WriteAnswer(Answered.NOT_SENT, 429, cause="HTTP 429")


def not_sent(cause: str) -> WriteAnswer:
    return WriteAnswer(Answered.NOT_SENT, cause=cause)


def classify(response: httpx.Response, *, creates: bool, bare: bool = False) -> WriteAnswer:
    """What one answer proves; when in doubt, that the outcome is unknown."""
    status = response.status_code
    try:
        body = decode(response.content)
    except ValueError:
        body = None
    said = _texts(body, response)
    if 400 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT:
        return WriteAnswer(Answered.REFUSED, status, said)
    if status not in _SUCCESS:
        return WriteAnswer(Answered.UNKNOWN, status, said, cause=f"HTTP {status}")
    if bare and not response.content.strip():
        return WriteAnswer(Answered.ACCEPTED, status)
    if not isinstance(body, dict):
        return WriteAnswer(Answered.UNKNOWN, status, cause=f"unreadable answer, HTTP {status}")
    grave = next((str(each.get("type")) for each in messages(body) if not harmless(each)), None)
    if grave is not None:
        named = grave if grave in _NOT_CONFIRMING else "a message of an unknown type"
        return WriteAnswer(Answered.UNKNOWN, status, said, cause=f"{named} in an answer of HTTP {status}")
    created = _created(body)
    if creates and created is None:
        return WriteAnswer(Answered.UNKNOWN, status, said, cause=f"no id in an answer of HTTP {status}")
    return WriteAnswer(Answered.ACCEPTED, status, said, created if creates else None)


def _texts(body: Any, response: httpx.Response) -> tuple[str, ...]:
    """Loket's own texts; of an answer that is no envelope, its `message` or its plain text (Loket API 3)."""
    if isinstance(body, dict):
        texts = tuple(_text(each) for each in messages(body))
        plain = body.get("message")
        return texts or ((plain,) if isinstance(plain, str) and plain else ())
    if response.headers.get("content-type", "").startswith("text/plain") and response.is_client_error:
        return (response.text[:500],) if response.text.strip() else ()
    return ()


def _text(message: dict[str, Any]) -> str:
    said, code = str(message.get("description") or "no description"), message.get("code")
    return said if code is None else f"{said} (Loket message {code})"


def _created(body: dict[str, Any]) -> str | None:
    content = body.get("content")
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) and found else None
