"""Webhooks of the simulated Personio: what happened, who wants to hear it, and a deliverer that can misbehave."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

import httpx

from adapters.simulators.personio.quirks import Payload, Quirks
from adapters.simulators.personio.tenant import made_up_id

EVENTS = (
    *("person.created", "person.updated", "person.deleted"),
    *("employment.created", "employment.updated", "employment.deleted", "employment.started", "employment.terminated"),
    "ping",
)
ACKNOWLEDGE_SECONDS = 3.0
MOST_REQUESTS = 14  # six extended attempts of up to two quick requests, and the first two
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened at `at`; the envelope made of it has no id (Personio API 4.8)."""

    name: str
    at: datetime
    payload: dict[str, str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to a receiver; `status` is None when no answer came in time."""

    occurrence: Occurrence
    at: datetime
    status: int | None

    @property
    def to_be_repeated(self) -> bool:
        """Only no answer and 5xx except 501 are repeated; a 4xx is final."""
        return self.status is None or (self.status >= 500 and self.status != 501)


@dataclass(frozen=True, slots=True)
class Webhook:
    id: str
    url: str
    description: str
    status: str
    auth_type: str
    token: str | None
    custom_headers: dict[str, str]
    enabled_events: tuple[str, ...]
    created_at: datetime
    updated_at: datetime

    def wants(self, name: str) -> bool:
        return self.status == "ENABLED" and name in self.enabled_events

    def headers(self, token: str | None = None) -> dict[str, str]:
        """The token goes out as it is, no "Bearer" before it."""
        if self.auth_type == "CUSTOM":
            return dict(self.custom_headers)
        sent = token or self.token
        return {"authorization": sent} if self.auth_type == "TOKEN" and sent else {}


@dataclass(slots=True)
class _Delivery:
    webhook_id: str
    occurrence: Occurrence
    requests: int = 0


@dataclass(slots=True)
class WebhookDesk:
    """Occurrences wait until `deliver`; a delivery that failed for the moment waits for the next one."""

    company_id: str
    quirks: Quirks
    lock: RLock
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    occurrences: list[Occurrence] = field(default_factory=list)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    redelivered: list[datetime] = field(default_factory=list)
    _scheduled: list[Occurrence] = field(default_factory=list)
    _waiting: list[_Delivery] = field(default_factory=list)
    _made: int = 0

    def add(self, webhook: Webhook) -> None:
        self.webhooks[webhook.id] = webhook

    def new_id(self) -> str:
        self._made += 1
        return made_up_id("webhook", self._made)

    def occur(self, name: str, at: datetime, *, person_id: str, employment_id: str | None = None) -> None:
        """Something happened now, or will on the day it takes effect."""
        self._scheduled.append(Occurrence(name, at, self._payload(person_id, employment_id)))

    def unschedule(self, name: str, person_id: str) -> None:
        """What was announced for a later day will not happen."""
        mine = [each for each in self._scheduled if each.name == name and person_id in each.payload.values()]
        self._scheduled = [each for each in self._scheduled if each not in mine]

    def release(self, now: datetime) -> None:
        """Everything whose time has come is told to the webhooks that are on at this moment."""
        due = [each for each in self._scheduled if each.at <= now]
        self._scheduled = [each for each in self._scheduled if each.at > now]
        for occurrence in due:
            self.occurrences.append(occurrence)
            interested = (each for each in self.webhooks.values() if each.wants(occurrence.name))
            self._waiting.extend(_Delivery(each.id, occurrence) for each in interested)

    def queue_again(self, webhook_id: str, occurrences: list[Occurrence]) -> None:
        self._waiting.extend(_Delivery(webhook_id, each) for each in occurrences)

    def deliver(self, now: datetime, *, copies: int, reverse: bool, token: str | None) -> list[Attempt]:
        """Sends all that waits, in order or in reverse, each `copies` times, with another token if one is given."""
        with self.lock:
            self.release(now)
            batch, self._waiting = self._waiting, []
        made: list[Attempt] = []
        for delivery in reversed(batch) if reverse else batch:
            webhook = self.webhooks.get(delivery.webhook_id)
            if webhook is None:
                continue
            sent = [self.post(webhook, delivery.occurrence, now, token) for _ in range(copies)]
            made.extend(sent)
            delivery.requests += copies
            if sent[-1].to_be_repeated and delivery.requests < MOST_REQUESTS:
                with self.lock:
                    self._waiting.append(delivery)
        return made

    def post(self, webhook: Webhook, occurrence: Occurrence, now: datetime, token: str | None = None) -> Attempt:
        """One request, 3 seconds, redirects not followed; the lock is free meanwhile, so a receiver may read."""
        attempt = Attempt(occurrence, now, self._send(webhook, self.envelope(occurrence), token))
        with self.lock:
            self.attempts.setdefault(webhook.id, []).append(attempt)
        return attempt

    def envelope(self, occurrence: Occurrence) -> dict[str, Any]:
        return {
            "company_id": self.company_id,
            "event_name": occurrence.name,
            "occurred_at": occurrence.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "payload": occurrence.payload,
            "meta": {},
        }

    def _send(self, webhook: Webhook, envelope: dict[str, Any], token: str | None) -> int | None:
        try:
            return httpx.post(
                webhook.url,
                json=envelope,
                headers=webhook.headers(token),
                timeout=ACKNOWLEDGE_SECONDS,
                follow_redirects=False,
                trust_env=False,
            ).status_code
        except httpx.TransportError:
            return None

    def _payload(self, person_id: str, employment_id: str | None) -> dict[str, str]:
        if self.quirks.payload is Payload.ID:
            return {"id": employment_id or person_id}
        separator = "." if self.quirks.payload is Payload.DOT else "_"
        ids = {f"person{separator}id": person_id}
        return ids | ({f"employment{separator}id": employment_id} if employment_id else {})
