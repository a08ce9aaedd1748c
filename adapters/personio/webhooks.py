"""Personio's webhooks: what a delivery says, and the registration that makes Personio send them (Personio API 4.8)."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from adapters import bounded
from adapters.personio.pages import every, items
from adapters.transport import Answer, Reader, cause_of, decode
from domain.errors import IncompleteRead, Misconfigured, RightMissing, Unreachable
from domain.hints import NOBODY_NAMED, Hint
from domain.sights import WebhookEvents
from domain.values import PersonId

WEBHOOKS: Final = "/v2/webhooks"
EVENTS: Final = (
    *("person.created", "person.updated", "person.deleted"),
    *("employment.created", "employment.updated", "employment.deleted", "employment.started", "employment.terminated"),
)
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY: Final = re.compile(r"[a-z_.]{1,40}")
_ENABLED: Final = "ENABLED"


class Unreadable(ValueError):
    """A delivery that is no envelope of Personio's."""


def hint_of(content: bytes, received_at: datetime) -> tuple[str, Hint]:
    """Company id and hint of one delivery. Raises Unreadable."""
    try:
        envelope = decode(content)
    except ValueError as cause:
        raise Unreadable("not JSON") from cause
    if not isinstance(envelope, dict):
        raise Unreadable("not an object")
    return str(envelope.get("company_id", "")), hint_in(envelope, received_at)


def hint_in(envelope: Mapping[str, Any], received_at: datetime) -> Hint:
    """The names of the keys inside `payload` are not confirmed, so several are understood. Raises Unreadable."""
    kind, payload = envelope.get("event_name"), envelope.get("payload")
    if not isinstance(kind, str) or not 0 < len(kind) <= 100 or not isinstance(payload, dict | None):
        raise Unreadable("no event name, or no payload")
    if not kind.isprintable():  # PostgreSQL keeps no null character, and would keep none of those that came with it
        raise Unreadable("no event name")
    occurred_at = _instant(envelope.get("occurred_at"))
    digest = hashlib.sha256(_canonical([kind, occurred_at.isoformat(), payload or {}])).hexdigest()
    return Hint(digest, kind, _person(kind, payload or {}), occurred_at, received_at)


def _person(kind: str, payload: Mapping[str, Any]) -> PersonId:
    """A bare `id` is that of whatever the event is about: of a person only in a person's event."""
    inner = payload.get("person")
    told = [payload.get("person_id"), payload.get("person.id"), inner.get("id") if isinstance(inner, dict) else inner]
    told += [payload.get("id")] if kind.startswith("person.") else []
    named = (str(one) for one in told if isinstance(one, str | int) and not isinstance(one, bool))
    return PersonId(next((one for one in named if _ID.fullmatch(one)), NOBODY_NAMED))


def _named(payload: Mapping[str, Any]) -> str:
    """The keys of a payload, as far as they look like names of ours or Personio's."""
    return ", ".join(sorted({key if _KEY.fullmatch(key) else "other" for key in payload})) or "no key"


def _instant(value: Any) -> datetime:
    at = bounded.instant(value)
    if at is None:
        raise Unreadable("not an instant")
    return at


def _canonical(said: Any) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), default=str).encode()


@dataclass(frozen=True, slots=True)
class Registered:
    """One webhook as Personio shows it; never with its token."""

    id: str
    url: str
    status: str
    events: tuple[str, ...]
    created_at: datetime | None

    @property
    def enabled(self) -> bool:
        return self.status == _ENABLED


class PersonioWebhooks:
    """The webhooks of one Personio company. The only thing that Tweeluik ever writes to Personio."""

    def __init__(self, http: httpx.Client, reader: Reader) -> None:
        self._http = http
        self._reader = reader

    def registered(self) -> tuple[Registered, ...]:
        return tuple(map(_registered, every(self._reader, WEBHOOKS, {"limit": "100"}, pace="webhooks")))

    def at(self, url: str) -> Registered | None:
        """The one that delivers to this address."""
        return next((one for one in self.registered() if one.url == url), None)

    def install(self, url: str, token: str) -> Registered:
        """Made, or made the same again: the token cannot be seen, so it is always set. Personio starts it DISABLED."""
        wanted = {
            "url": url,
            "description": "Tweeluik: a change is read within seconds",
            "status": _ENABLED,
            "auth_type": "TOKEN",
            "token": token,
            "enabled_events": list(EVENTS),
        }
        found = self.at(url)
        path = WEBHOOKS if found is None else f"{WEBHOOKS}/{found.id}"
        made = self._send("POST" if found is None else "PATCH", path, wanted).body
        if not isinstance(made, dict):
            raise IncompleteRead(f"Personio's answer to {path} is no webhook")
        return _registered(made)

    def remove(self, url: str) -> bool:
        """False when there was none."""
        found = self.at(url)
        if found is None:
            return False
        self._send("DELETE", f"{WEBHOOKS}/{found.id}", None)
        return True

    def ping(self, webhook: Registered) -> None:
        """Asks for a delivery, to see that it arrives."""
        self._send("POST", f"{WEBHOOKS}/{webhook.id}/ping", {})

    def happened(self, webhook: Registered, since: datetime, received_at: datetime) -> Sequence[Hint]:
        """Everything the webhook was to tell since then, delivered or not; Personio knows the last 30 days."""
        envelopes = list(self._events(webhook, since))
        return tuple({one.digest: one for one in _readable(envelopes, received_at)}.values())

    def looked_at(self, webhook: Registered, since: datetime) -> WebhookEvents:
        """How Personio writes events of people and employments, whose form no document tells; names of keys only."""
        keys: Counter[str] = Counter()
        hints: list[Hint] = []
        for envelope in self._events(webhook, since):
            with contextlib.suppress(Unreadable):
                hint = hint_in(envelope, since)
                if hint.leads_to_a_read:
                    hints.append(hint)
                    keys[_named(envelope.get("payload") or {})] += 1
        nobody = sum(one.person == NOBODY_NAMED for one in hints)
        return WebhookEvents(dict(keys), nobody, max((one.occurred_at for one in hints), default=None))

    def _events(self, webhook: Registered, since: datetime) -> Iterator[Mapping[str, Any]]:
        path = f"{WEBHOOKS}/{webhook.id}/events"
        params = {"occurred_at.gte": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "limit": "100"}
        return items(self._reader, path, params, pace="webhooks")

    def _send(self, method: str, path: str, body: Any) -> Answer:
        """Sent once; setting the same again is harmless, so the command can simply be repeated."""
        try:
            response = self._http.request(method, path, json=body, headers={"Accept": "application/json"})
            answer = Answer(response.status_code, response.headers, decode(response.content or b"{}"))
        except (httpx.RequestError, ValueError) as failure:
            raise Unreachable(
                f"Personio gave no usable answer to {method} {path}: {cause_of(None, failure)}"
            ) from failure
        if answer.status in (401, 403):
            raise RightMissing(
                f"the Personio credential may not change webhooks (HTTP {answer.status}): give it the right in Personio"
            )
        if answer.status in (400, 409, 422):
            raise Misconfigured(f"Personio refuses the webhook (HTTP {answer.status}): {_detail(answer.body)}")
        if not answer.ok:
            raise IncompleteRead(f"Personio answered HTTP {answer.status} to {method} {path}")
        return answer


def _registered(one: Mapping[str, Any]) -> Registered:
    events = one.get("enabled_events")
    return Registered(
        id=str(one.get("id", "")),
        url=str(one.get("url") or ""),
        status=str(one.get("status") or "").upper(),
        events=tuple(map(str, events)) if isinstance(events, list) else (),
        created_at=bounded.instant(one.get("created_at")),
    )


def _readable(envelopes: Iterable[Mapping[str, Any]], received_at: datetime) -> Iterable[Hint]:
    """What cannot be read as an event is passed by: a full sweep stays the truth."""
    for envelope in envelopes:
        with contextlib.suppress(Unreadable):
            yield hint_in(envelope, received_at)


def _detail(body: Any) -> str:
    """Personio's own words about the registration; there is no person in it."""
    errors = body.get("errors") if isinstance(body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return str(first.get("detail") or first.get("title") or "no reason given")[:200]
