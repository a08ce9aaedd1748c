"""The HTTP API over a real log, and callers with keys: asked through ASGI, as any client asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from adapters.access.tokens import Provider
from adapters.log.where import sqlite_path
from api.bootstrap import open_store
from api.config.settings import Settings, load
from api.http.app import create_app
from api.http.server import open_web
from api.http.state import Web
from domain.access import Role
from domain.values import Actor
from tests.support.scribe import Scribe

EXAMPLE = Path(__file__).parents[2] / "docs" / "tweeluik.example.toml"
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


class StandingClock:
    def __init__(self) -> None:
        self.instant = NOW

    def now(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps here")


@dataclass
class Api:
    web: Web
    scribe: Scribe
    clock: StandingClock
    keys: dict[tuple[Role, tuple[str, ...] | None, str | None], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = create_app(self.web)

    def key(
        self,
        role: Role = Role.AUDITOR,
        entities: tuple[str, ...] | None = ("170",),
        *,
        holder: str | None = None,
        until: date = date(2026, 12, 31),
    ) -> str:
        """The text of a key; one for each role, set of entities and holder."""
        which = (role, entities, holder)
        if which not in self.keys:
            _, self.keys[which] = self.web.keys.give(
                actor=Actor("whoever tests"),
                holder=holder or f"Anja ({role})",
                role=role,
                entities=entities,
                expires_on=until,
            )
        return self.keys[which]

    def get(
        self, path: str, key: str | None = None, headers: Mapping[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        return self.ask("GET", path, key or self.key(), headers, params=query or None)

    def post(self, path: str, body: Any, key: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.ask("POST", path, key, headers, json=body)

    def ask(
        self, method: str, path: str, key: str | None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        credential = {"Authorization": f"Bearer {key}"} if key else {}

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://tweeluik") as client:
                return await client.request(method, path, headers={**credential, **(headers or {})}, **more)

        return asyncio.run(asked())


def settings_for(url: str, folder: Path) -> Settings:
    keys = f"sqlite:///{folder}/keys.db" if sqlite_path(url) else url
    section = {"url": url, "keys": keys, "checkpoints": str(folder / "checkpoints")}
    loaded = load(EXAMPLE)
    second = loaded.legal_entity[0].model_copy(
        update={"personio_id": "171", "loket_payroll_administration_id": "54aa2b1c-0000-4000-8000-000000000002"}
    )
    return loaded.model_copy(
        update={"log": loaded.log.model_copy(update=section), "legal_entity": [*loaded.legal_entity, second]}
    )


@contextmanager
def http_api(url: str, folder: Path, *, provider: Provider | None = None) -> Iterator[Api]:
    settings, clock = settings_for(url, folder), StandingClock()
    with open_store(settings, clock=clock) as store, open_web(settings, store) as web:
        web.provider = provider
        yield Api(web, Scribe(store.log), clock)
