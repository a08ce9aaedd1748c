"""Alerts by mail and chat, through apprise: each message in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Set
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from adapters.alerts.addresses import PRIVATE, UNRESOLVED
from adapters.alerts.sending import Ended
from adapters.environment import certificates, proxies
from domain.services.alerts.deliver import Post

SCHEMAS: Final = frozenset({"mailto", "mailtos", "slack", "workflows", "msteams", "gchat", "matrix", "matrixs"})
"""What may be named: others run programs, write files, or post to any address (a webhook does that, signed)."""

_OWN_HOST: Final = frozenset({"mailto", "mailtos", "matrix", "matrixs"})  # called without a proxy, as webhooks are
_DEADLINE: Final = 60.0  # seconds for one message; the libraries behind apprise only limit each wait
_STARTING: Final = 60.0  # seconds more until the process is ready, on a busy machine
_LATE: Final = "the service did not come to an end"
_CAUSES: Final = {
    Ended.TAKEN: None,
    Ended.UNREADABLE: "apprise cannot read the target's url",
    Ended.UNRESOLVED: UNRESOLVED,
    Ended.PRIVATE: PRIVATE,
    -signal.SIGALRM: _LATE,
}


class MailAndChat:
    """One apprise address, such as mailtos://user:password@mail.example.org?to=payroll@example.org."""

    def __init__(self, url: str, private: Set[str]) -> None:
        self._url = url
        self._private = private

    def send(self, post: Post, at: datetime) -> str | None:  # noqa: ARG002  the protocol's
        direct = self._url.partition("://")[0].lower() in _OWN_HOST
        private = (
            self._private if direct else self._private | {urlsplit(one).hostname or "" for one in proxies().values()}
        )
        told = {
            "url": self._url, "private": sorted(private), "title": post.title, "body": post.text, "seconds": _DEADLINE
        }  # fmt: skip
        try:
            ended = subprocess.run(
                [sys.executable, "-P", "-m", "adapters.alerts.sending"], check=False, timeout=_DEADLINE + _STARTING,
                input=json.dumps(told).encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=_environment(direct=direct),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return _LATE
        return _CAUSES.get(ended.returncode, "the service did not accept it")


def _environment(*, direct: bool) -> Mapping[str, str]:
    """Ours, without our secrets, and what other clients of this process do about proxies and certificates."""
    ours = {name: value for name, value in os.environ.items() if not name.upper().startswith("TWEELUIK")}
    if direct:
        ours = {name: value for name, value in ours.items() if not name.lower().endswith("_proxy")}
    if (found := certificates()) is not None:
        place = "SSL_CERT_DIR" if found[1].is_dir() else "SSL_CERT_FILE"
        ours |= dict.fromkeys((place, "REQUESTS_CA_BUNDLE"), str(found[1]))  # of OpenSSL, and of the chats' library
    return ours | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
