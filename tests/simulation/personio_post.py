"""Personio's side of webhooks: what happened, delivered early, late, twice, out of order or never, and its list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, Final

import httpx
from fastapi import FastAPI

from adapters.personio.webhooks import Registered, hint_in
from api.config.webhooks import PATH
from api.http import problems
from api.http.routes import webhooks
from api.http.webhook_intake import Intake
from domain.errors import Unreachable
from domain.hints import Hint
from domain.values import PersonId
from tests.simulation.settings import COMPANY, TOKEN

_DELAYS: Final = tuple(timedelta(seconds=each) for each in (0, 0, 20, 400, 5_000, 40_000))
_RETRIES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


class Door:
    """The route of the product where Personio delivers, without a socket."""

    def __init__(self) -> None:
        self._app = FastAPI()
        self._app.include_router(webhooks.router)
        problems.install(self._app)
        self._loop = asyncio.new_event_loop()

    def opened(self, intake: Intake | None) -> None:
        """By a process that takes deliveries in; None while none runs."""
        self._app.state.web = SimpleNamespace(intake=intake)

    def post(self, body: bytes) -> int:
        """The status of the answer; 0 when nobody listens."""
        return self._loop.run_until_complete(self._post(body)) if self._app.state.web.intake else 0

    async def _post(self, body: bytes) -> int:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tweeluik.example") as client:
            headers = {"authorization": TOKEN, "content-type": "application/json"}
            return (await client.post(PATH, content=body, headers=headers)).status_code

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


@dataclass
class PersonioPost:
    """`hints` are known by what the product makes of an envelope; `answered` are those that it said it had stored."""

    now: Callable[[], datetime]
    random: Random
    door: Door
    listed: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, PersonId] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    silent: bool = False  # Personio cannot be asked for its list
    _on_their_way: list[tuple[datetime, int, dict[str, Any], int]] = field(default_factory=list)
    _sent: int = 0

    def tell(self, person: str) -> None:
        """Something happened to this person; sometimes it is not said to whom, sometimes it is nothing of ours."""
        kind = self.random.choice(["person.updated"] * 6 + ["employment.updated", "absence-period.created"])
        payload = {} if self.random.random() < 0.1 else {"person_id": person}
        at = self.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        told = {"company_id": COMPANY, "event_name": kind, "occurred_at": at, "payload": payload}
        self.listed.append(told)
        for _ in range(self.random.choice([0, 1, 1, 1, 1, 1, 2, 3])):
            self._send(told, self.now() + self.random.choice(_DELAYS), 0)

    def deliver(self, *, everything: bool = False) -> None:
        """What arrives by now, or everything; what is not answered with 2xx comes again a few times."""
        now = self.now()
        due = [one for one in self._on_their_way if everything or one[0] <= now]
        self._on_their_way = [one for one in self._on_their_way if one not in due]
        self.random.shuffle(due)
        for _, _, told, attempt in due:
            status = self.door.post(json.dumps(told).encode())
            self.statuses.append(status)
            if status // 100 == 2:
                hint = hint_in(told, now)
                if hint.leads_to_a_read:
                    self.answered[hint.digest] = hint.person
            elif attempt < len(_RETRIES):
                self._send(told, now + _RETRIES[attempt], attempt + 1)

    def _send(self, told: dict[str, Any], at: datetime, attempt: int) -> None:
        self._sent += 1
        self._on_their_way.append((at, self._sent, told, attempt))

    # --- what a look for gaps asks of `adapters.personio.webhooks.PersonioWebhooks` ---

    def at(self, url: str) -> Registered:
        if self.silent:
            raise Unreachable("Personio did not answer")
        return Registered("hook-1", url, "ENABLED", (), datetime.fromisoformat("2026-01-01T00:00:00Z"))

    def happened(self, webhook: Registered, since: datetime, received_at: datetime) -> Sequence[Hint]:
        hints = [hint_in(one, received_at) for one in self.listed]
        return tuple({one.digest: one for one in hints if one.occurred_at >= since.replace(microsecond=0)}.values())
