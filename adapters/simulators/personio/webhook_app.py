"""Webhook management of the Personio API. Shapes beyond the documented create body are our assumption.

A plain-http address is accepted for a loopback host, so that tests can receive; any other must be https. Which of 400
and 422 answers which fault is assumed too: 400 for a body that is no webhook, 422 for a value that is not allowed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.simulators.personio.app import Endpoint, Guard
from adapters.simulators.personio.lists import Query, in_order, page
from adapters.simulators.personio.quirks import Quirks
from adapters.simulators.personio.webhooks import EVENTS, KEPT, Attempt, Occurrence, Webhook, WebhookDesk
from adapters.simulators.personio.wire import Refused, answer, not_found

_AUTH_TYPES = ("NONE", "TOKEN", "CUSTOM")
_BARRED = {"host", "content-type", "content-length", "connection", "te", "trailer", "expect"}
_AT = ("occurred_at.gte", "occurred_at.lte")
_REDELIVERED_AT_ONCE, _REDELIVERED_AN_HOUR = 100, 500


class _Wanted(msgspec.Struct):
    """The body of create and change; what is left out stays as it is."""

    url: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    status: str | msgspec.UnsetType = msgspec.UNSET
    auth_type: str | msgspec.UnsetType = msgspec.UNSET
    token: str | msgspec.UnsetType = msgspec.UNSET
    custom_headers: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    enabled_events: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


@dataclass(slots=True)
class WebhookApi:
    desk: WebhookDesk
    quirks: Quirks
    now: Callable[[], datetime]

    def routes(self, guard: Guard) -> list[Route]:
        def route(path: str, method: str, handler: Callable[[Request], Response]) -> Route:
            right = "webhooks" if method == "GET" else "webhooks:write"
            return Route("/v2/webhooks" + path, _with_body(guard(handler, right)), methods=[method])

        return [
            route("", "GET", self.listed),
            route("", "POST", self.create),
            route("/{webhook_id}", "GET", self.detail),
            route("/{webhook_id}", "PATCH", self.change),
            route("/{webhook_id}", "DELETE", self.delete),
            route("/{webhook_id}/events", "GET", self.events),
            route("/{webhook_id}/activity", "GET", self.activity),
            route("/{webhook_id}/redelivery", "POST", self.redeliver),
            route("/{webhook_id}/ping", "POST", self.ping),
            route("/{webhook_id}/test-event", "POST", self.test_event),
        ]

    def listed(self, request: Request) -> Response:
        query = Query.of(request, self.quirks)
        return page(query, in_order(list(self.desk.webhooks.values())), _shown, default=100, most=200)

    def create(self, request: Request) -> Response:
        now = self.now()
        blank = Webhook(self.desk.new_id(), "", "", "DISABLED", "TOKEN", None, {}, (), now, now)
        webhook = self._changed(blank, request)
        self.desk.add(webhook)
        return answer(_shown(webhook), 201)

    def detail(self, request: Request) -> Response:
        return answer(_shown(self._webhook(request)))

    def change(self, request: Request) -> Response:
        webhook = self._changed(self._webhook(request), request)
        self.desk.add(webhook)
        return answer(_shown(webhook))

    def delete(self, request: Request) -> Response:
        del self.desk.webhooks[self._webhook(request).id]
        return Response(status_code=204)

    def events(self, request: Request) -> Response:
        """What the webhook was interested in during the last 30 days, delivered or not."""
        query, found = Query.of(request, self.quirks, *_AT), self._occurred(request)
        return page(query, in_order(found), self.desk.envelope, default=100, most=200)

    def activity(self, request: Request) -> Response:
        query = Query.of(request, self.quirks, *_AT)
        since, until = self._period(query.values)
        attempts = self.desk.attempts.get(self._webhook(request).id, [])
        found = [each for each in attempts if since <= each.occurrence.at <= until]
        return page(query, in_order(found), _attempt, default=100, most=200)

    def redeliver(self, request: Request) -> Response:
        """At most 100 a request and 500 an hour, at least one bound given."""
        body = _body(request)
        if not any(name in body for name in _AT):
            raise Refused(400, "occurred_at.gte or occurred_at.lte is required")
        found = self._occurred(request)[:_REDELIVERED_AT_ONCE]
        hour_ago = self.now() - timedelta(hours=1)
        self.desk.redelivered = [each for each in self.desk.redelivered if each > hour_ago]
        if len(self.desk.redelivered) + len(found) > _REDELIVERED_AN_HOUR:
            raise Refused(429, "Too many events redelivered")
        self.desk.redelivered += [self.now()] * len(found)
        self.desk.queue_again(self._webhook(request).id, found)
        return answer({"redelivered": len(found)}, 202)

    def ping(self, request: Request) -> Response:
        return self._queued(request, Occurrence("ping", self.now(), {}))

    def test_event(self, request: Request) -> Response:
        name = _body(request).get("event_name", "ping")
        if name not in EVENTS:
            raise Refused(422, "event_name is unknown")
        return self._queued(request, Occurrence(name, self.now(), {"person_id": "0"}))

    def _queued(self, request: Request, occurrence: Occurrence) -> Response:
        self.desk.queue_again(self._webhook(request).id, [occurrence])
        return answer({}, 202)

    def _occurred(self, request: Request) -> list[Occurrence]:
        webhook = self._webhook(request)
        given = dict(_body(request)) | dict(Query.of(request, self.quirks, *_AT).values)
        since, until = self._period(given)
        self.desk.release(self.now())
        happened = self.desk.occurrences
        return [each for each in happened if each.name in webhook.enabled_events and since <= each.at <= until]

    def _period(self, given: Mapping[str, Any]) -> tuple[datetime, datetime]:
        oldest = self.now() - KEPT
        since, until = (_instant(given, name) for name in _AT)
        return max(since or oldest, oldest), until or self.now()

    def _webhook(self, request: Request) -> Webhook:
        webhook = self.desk.webhooks.get(request.path_params["webhook_id"])
        if webhook is None:
            raise not_found("webhook")
        return webhook

    def _changed(self, webhook: Webhook, request: Request) -> Webhook:
        try:
            given = msgspec.structs.asdict(msgspec.convert(_body(request), _Wanted))
        except msgspec.ValidationError as fault:
            raise Refused(400, str(fault)) from None
        changes = {name: value for name, value in given.items() if value is not msgspec.UNSET}
        wanted = replace(webhook, updated_at=self.now(), **changes)
        _check(wanted)
        if any(each.url == wanted.url and each.id != wanted.id for each in self.desk.webhooks.values()):
            raise Refused(409, "a webhook with this url exists")
        return wanted


def _check(webhook: Webhook) -> None:
    address = urlsplit(webhook.url)
    headers = {name.lower() for name in webhook.custom_headers}
    faults = {
        "url must be https": address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"),
        "status is unknown": webhook.status not in ("ENABLED", "DISABLED"),
        "auth_type is unknown": webhook.auth_type not in _AUTH_TYPES,
        "token is required": webhook.auth_type == "TOKEN" and not webhook.token,
        "at most 3 custom headers": len(webhook.custom_headers) > 3,
        "custom header is not allowed": bool(_BARRED & headers),
        "enabled_events has an unknown event": not set(webhook.enabled_events) <= set(EVENTS),
    }
    for detail, found in faults.items():
        if found:
            raise Refused(422, detail)


def _with_body(endpoint: Endpoint) -> Endpoint:
    async def reading(request: Request) -> Response:
        request.state.body = await request.body()
        return await endpoint(request)

    return reading


def _shown(webhook: Webhook) -> dict[str, Any]:
    """Never the token."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "description": webhook.description,
        "status": webhook.status,
        "auth_type": webhook.auth_type,
        "enabled_events": list(webhook.enabled_events),
        "created_at": webhook.created_at.isoformat(),
        "updated_at": webhook.updated_at.isoformat(),
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "event_name": attempt.occurrence.name,
        "occurred_at": attempt.occurrence.at.isoformat(),
        "attempted_at": attempt.at.isoformat(),
        "status_code": attempt.status,
    }


def _instant(given: Mapping[str, Any], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        instant = datetime.fromisoformat(given[name])
    except (TypeError, ValueError):
        raise Refused(400, f"{name} is no date") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _body(request: Request) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(request.state.body or b"{}")
    except msgspec.DecodeError:
        raise Refused(400, "the body is no JSON") from None
    if not isinstance(content, dict):
        raise Refused(400, "the body is no object")
    return content
