"""A folder of tenants and its server, asked through ASGI: each tenant is made up, and each is a whole one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from api.http.state import Web
from api.tenants.server import Serving, open_tenants
from domain.access import Role
from domain.log import StreamId
from domain.services.alerts.deliver import Post
from domain.values import Actor
from tests.support.credentials import VALUES
from tests.support.http_api import EXAMPLE
from tests.support.log_site import gates
from tests.support.page_access import PLACES
from tests.support.scribe import Scribe

OPERATOR: Final = """
token = "the-operators-token"
[serve]
requests_per_minute = 1000000
"""
TOKEN: Final = "the-operators-token"
OURS: Final = {"Sec-Fetch-Site": "same-origin"}
HOST: Final = "127.0.0.1:8321"

OWN = "lelie.example.org"
LELIE = f'[pages]\npublic_url = "https://{OWN}"\n'
HOOKED = '[oidc]\nissuer = "https://login.example.org/"\naudience = "tweeluik"\njwks_url = "http://127.0.0.1:9/keys"\n'
MINE, OTHER, NOT_THERE = "tulp", "roos", "eik"


def configuration(name: str, number: int, more: str = "") -> str:
    """The example as a tenant has it: places and an administration of its own, and nothing that is the operator's."""
    text = EXAMPLE.read_text()
    text = text[: text.index("[serve]")] + text[text.index("[schedule]") :]
    text = text.replace("var/tweeluik.db", f"{name}/log.db").replace("var/tweeluik-keys.db", f"{name}/keys.db")
    text = text.replace('"var/checkpoints"', f'"{name}/checkpoints"')
    return f"{text}\n{more}".replace("54aa2b1c-0000-4000-8000-000000000001", f"54aa2b1c-0000-4000-8000-{number:012}")


@dataclass
class Bureau:
    folder: Path
    serving: Serving
    loop: asyncio.Runner
    client: httpx.AsyncClient
    keys: dict[tuple[str, Role], str] = field(default_factory=dict)

    def web(self, name: str) -> Web:
        with self.serving.house.inside(name) as working:
            assert working.web is not None
            return working.web

    def key(self, name: str, role: Role = Role.AUDITOR) -> str:
        """Of somebody who sees all of this tenant."""
        if (name, role) not in self.keys:
            web = self.web(name)
            until = (web.store.clock.now() + timedelta(days=30)).date()
            _, self.keys[name, role] = web.keys.give(
                actor=Actor("whoever tests"), holder=f"Anja of {name} ({role})", role=role, entities=None,
                expires_on=until,
            )  # fmt: skip
        return self.keys[name, role]

    def session(self, name: str, role: Role = Role.AUDITOR, base: str | None = None, host: str = HOST) -> str:
        """The cookie of somebody who signed in, as a browser has it: name and secret."""
        path = f"{f'/t/{name}' if base is None else base}/sign-in"
        answer = self.ask("POST", path, OURS, host=host, data={"key": self.key(name, role)})
        return str(answer.headers["set-cookie"]).partition(";")[0]

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, *, host: str = HOST, **more: Any
    ) -> httpx.Response:
        async def asked() -> httpx.Response:
            return await self.client.request(method, f"http://{host}{path}", headers=headers, **more)

        self.client.cookies.clear()
        return self.loop.run(asked())


@contextmanager
def bureau(
    folder: Path, *names: str, operator: str = OPERATOR, more: Mapping[str, str] | None = None
) -> Iterator[Bureau]:
    """Each of these tenants knows one person, number 4711, by an event of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "operator.toml").write_text(operator)
    for number, name in enumerate(names, start=1):
        (folder / f"{name}.toml").write_text(configuration(name, number, (more or {}).get(name, "")))
    with open_tenants(folder, settles_after=0.0) as serving, asyncio.Runner() as loop:
        transport = httpx.ASGITransport(serving.app, raise_app_exceptions=False)
        one = Bureau(folder, serving, loop, httpx.AsyncClient(transport=transport, trust_env=False))
        for name in names:
            Scribe(one.web(name).store.log).write(StreamId("person:3007"), gates(4711))
            one.web(name).seal()
        yield one


_CHANGES: Final = re.compile(rb'"request_id":"[^"]*"|[0-9a-f]{32}')

_EXPIRES: Final = re.compile(r"expires=[^;]*GMT", re.IGNORECASE)


def told(answer: httpx.Response, name: str) -> tuple[int, dict[str, str], bytes]:
    """All that somebody learns by an answer, but for what is other each time, and the name that they asked for."""
    headers = {
        key: _EXPIRES.sub("", value.replace(f"t/{name}", "t/*").replace(f"t.{name}", "t.*"))
        for key, value in answer.headers.items()
    }
    for each in ("x-request-id", "content-length", "date"):
        headers.pop(each, None)
    return answer.status_code, headers, _CHANGES.sub(b"", answer.content.replace(f"t/{name}".encode(), b"t/*"))


def routes(house: Bureau) -> list[tuple[str, str, str]]:
    """(method, path, name) of all there is: the API, what a machine asks, and every page."""
    with house.serving.house.inside(MINE) as working:
        app: Any = working.app
    described = app._app.openapi()["paths"]
    api = {
        (method.upper(), path, one["operationId"]) for path, ways in described.items() for method, one in ways.items()
    }
    others = [each for each in app._app.state.routes if not each.include_in_schema]
    pages = {
        (method, each.path, each.name)
        for each in [*others, *app._app.state.pages.state.routes]
        for method in each.methods
    }
    return sorted(api | pages)


def placed(path: str) -> str:
    for place, value in {**{f"{{{name}}}": each for name, each in VALUES.items()}, **PLACES}.items():
        path = path.replace(place, value)
    return re.sub(r"\{[^}]*\}", "x", path)


@dataclass
class Listening:
    """A target of the operator's."""

    posts: list[Post] = field(default_factory=list)
    answers: str | None = None

    def send(self, post: Post, _at: datetime) -> str | None:
        self.posts.append(post)
        return self.answers
