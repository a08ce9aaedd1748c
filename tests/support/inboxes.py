"""Where alerts arrive in tests: a real mail server and a real webhook receiver on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from tests.support.ports import free_port

SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"  # invented


@dataclass
class Mailbox:
    port: int
    messages: list[tuple[str, str]] = field(default_factory=list)  # subject, body

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain", "html"))  # type: ignore[attr-defined]
        self.messages.append((str(mail["Subject"]), body.get_content()))
        return "250 kept"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


@dataclass
class Receiver:
    """Verifies the signature of everything it is sent, and answers what it was told to."""

    url: str = ""
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # id, verified body
    answers: list[int] = field(default_factory=list)  # of the next posts; then 204
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # the library verifies by the machine's clock alone


@contextmanager
def receiver(host: str = "127.0.0.1") -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent, at = self.headers["webhook-id"], datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
            if Webhook(SECRET).sign(sent, at, body.decode()) != self.headers["webhook-signature"]:
                raise AssertionError("signed by somebody else")  # the sender sees no answer
            if abs(found.now() - at) > timedelta(minutes=5):
                raise AssertionError("signed at another time")
            found.posts.append((sent, json.loads(body)))
            status = found.answers.pop(0) if found.answers else 204
            self.send_response(status)
            self.send_header("content-length", "0")
            if status in (301, 302, 307):
                self.send_header("location", found.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((host, 0), Handler)
    found.url = f"http://{host}:{server.server_port}/alerts"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
