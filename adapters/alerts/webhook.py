"""Alerts as signed webhooks, by the Standard Webhooks specification (https://www.standardwebhooks.com)."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import Final

import httpx
import msgspec
from standardwebhooks import Webhook

from adapters.alerts.addresses import UNRESOLVED, NotAllowed, reachable
from adapters.outgoing import Outgoing
from adapters.transport import cause_of
from domain.services.alerts.deliver import Post

_TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
_DEADLINE: Final = 30.0  # seconds for one address of the host


class WebhookChannel:
    """Posts JSON to one address. `secret` is a Standard Webhooks secret (whsec_…); nothing is ever followed."""

    def __init__(self, url: str, secret: str, private: Set[str]) -> None:
        self._url = url
        self._signing = Webhook(secret)
        self._private = private

    def send(self, post: Post, at: datetime) -> str | None:
        body = msgspec.json.encode(
            {"type": "tweeluik.alert", "timestamp": post.raised_at.isoformat(), "data": post.data}
        ).decode()
        headers = {
            "content-type": "application/json",
            "webhook-id": post.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signing.sign(post.id, at, body),
        }
        try:
            url = httpx.URL(self._url)
            host, port = url.host, url.port or (443 if url.scheme == "https" else 80)
            addresses = reachable(host, port, self._private)
            with Outgoing(timeout=_TIMEOUT, deadline=_DEADLINE, most_bytes=1 << 20, environment=False) as http:
                for left, address in zip(reversed(range(len(addresses))), addresses, strict=True):
                    request = http.build_request(
                        "POST",
                        url.copy_with(host=address),
                        content=body,
                        headers={**headers, "host": url.netloc.decode()},
                        extensions={"sni_hostname": host},  # the certificate is checked against the name
                    )
                    try:
                        answer = http.send(request)
                        break
                    except (httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent: the next address may answer
                        if not left:
                            raise
        except NotAllowed as reason:
            return str(reason)
        except httpx.InvalidURL:
            return UNRESOLVED
        except httpx.HTTPError as reason:
            return cause_of(None, reason)
        return None if answer.is_success else f"HTTP {answer.status_code}"
