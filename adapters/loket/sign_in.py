"""Signing in to Loket: the authorization-code flow, for a person with a browser (Loket API 1).

The code may come back two ways: to a listener on loopback, or pasted as the address the browser was sent to. Either way
the `state` must be the one we sent, and neither code nor token is ever shown.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx

from adapters.loket.tokens import SecretStore, secret_name
from adapters.transport import TIMEOUT, decode, open_http
from domain.errors import LogUnavailable, Misconfigured, Unreachable

LOOPBACK: Final = ("127.0.0.1", "localhost")
_LONGEST: Final = 8192  # bytes of a redirected address


def authorize_address(token_url: str, client_id: str, redirect_uri: str, state: str) -> str:
    """The page where the user signs in; it lies beside the token endpoint."""
    at = urlsplit(token_url)
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "all",
        "state": state,
    }
    return urlunsplit((at.scheme, at.netloc, at.path.rpartition("/")[0] + "/authorize", urlencode(query), ""))


def code_in(address: str, state: str) -> str:
    """The code in an address the browser was sent back to. Raises Misconfigured; nothing of the address is repeated."""
    given = parse_qs(urlsplit(address.strip()).query)
    if not hmac.compare_digest(given.get("state", [""])[0].encode(), state.encode()):
        raise Misconfigured("that address does not belong to this sign-in: begin again with `tweeluik login`")
    if "error" in given:
        refused = "access_denied" in given["error"]
        raise Misconfigured("the sign-in was " + ("cancelled at Loket" if refused else "refused by Loket"))
    if not given.get("code", [""])[0]:
        raise Misconfigured("that address holds no code: paste the whole address the browser was sent to")
    return given["code"][0]


class Redirects:
    """Listens on loopback for the one redirect that carries our state; anything else is answered and forgotten."""

    def __init__(self, redirect_uri: str, state: str) -> None:
        self._at = urlsplit(redirect_uri)
        self._state = state
        self._arrived = threading.Event()
        self._address = ""
        try:
            self._server = HTTPServer((self._at.hostname or "", self._at.port or 80), self._handler())
        except OSError as cause:
            raise Misconfigured(f"cannot listen on {self._at.netloc} for the sign-in: {cause.strerror}") from cause
        self._thread = threading.Thread(target=self._server.serve_forever, name="sign-in", daemon=True)

    def __enter__(self) -> Redirects:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def code(self, timeout: float) -> str:
        """Waits for the user. Raises Misconfigured when nobody came back, or Loket sent back a refusal."""
        if not self._arrived.wait(timeout):
            raise Misconfigured(f"nobody signed in within {timeout:.0f} seconds: begin again with `tweeluik login`")
        return code_in(self._address, self._state)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                status, text = outer._receive(self.path)
                body = f"<!doctype html><title>Tweeluik</title><p>{text}</p>".encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: the address holds the code."""

        return Handler

    def _receive(self, path: str) -> tuple[int, str]:
        at = urlsplit(path)
        state = parse_qs(at.query).get("state", [""])[0]
        ours = at.path == (self._at.path or "/") and hmac.compare_digest(state.encode(), self._state.encode())
        if not ours or len(path) > _LONGEST:
            return 404, "This is not the sign-in that is waiting."
        if not self._arrived.is_set():
            self._address = path
            self._arrived.set()
        return 200, "Thank you. You can close this page and go back to the terminal."


def exchange(
    token_url: str,
    client_id: str,
    client_secret: str,
    code: str,
    redirect_uri: str,
    *,
    open_client: Callable[[], httpx.Client] = lambda: open_http("", TIMEOUT, system="Loket"),
) -> str:
    """The first refresh token. The code is good for one use, so the request is sent once."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "client_id": client_id}
    with open_client() as http:
        try:
            answer = http.post(token_url, data=form | ({"client_secret": client_secret} if client_secret else {}))
        except httpx.RequestError as cause:
            raise Unreachable("Loket's token endpoint gave no answer: begin again with `tweeluik login`") from cause
    try:
        body = decode(answer.content)
    except ValueError:
        body = None
    told = body if isinstance(body, dict) else {}
    if answer.is_success and isinstance(told.get("refresh_token"), str) and told["refresh_token"]:
        return str(told["refresh_token"])
    raise Misconfigured(_REFUSALS.get(str(told.get("error")), f"Loket gave no token (HTTP {answer.status_code})"))


def keep(secrets: SecretStore, client_id: str, configured: str, signed_in: Callable[[], str]) -> None:
    """Sign in, and keep the refresh token where the client looks, whatever first token the configuration still names.

    The store is open for writing before Loket is asked: a new sign-in may end the one before it (RUN-9).
    """
    spent = False
    try:
        with secrets.replacing(secret_name(client_id, configured)) as store:
            refresh_token = signed_in()
            spent = True
            store(refresh_token)
    except LogUnavailable as cause:
        told = "after Loket gave a token" if spent else "so Loket was not asked for a token"
        raise Misconfigured(f"{cause}, {told}: once that is mended, begin again with `tweeluik login`") from cause


_REFUSALS: Final = {
    "invalid_grant": "Loket no longer accepts this sign-in (a code is good once, for a short time): begin again with "
    "`tweeluik login`",
    "invalid_client": "Loket does not know this client id and secret: correct them in [loket]",
}
