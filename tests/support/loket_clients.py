"""The real Loket client on a simulated Loket, with a clock that stands still and time that never passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import httpx

from adapters.loket.client import LoketClient
from adapters.simulators.loket.simulator import LoketSimulator
from domain.attributes import CATALOGUE
from tests.support.memory_secrets import MemorySecrets
from tests.support.waiting import PATIENCE
from tests.support.wire import FakeTime


@contextmanager
def client_on(loket: LoketSimulator, now: datetime) -> Iterator[LoketClient]:
    tokens = loket.tokens
    with client_at(
        loket.url, now, loket.token_url, tokens.client_id, tokens.client_secret, tokens.refresh_token
    ) as opened:
        yield opened


@contextmanager
def client_at(
    url: str, now: datetime, token_url: str = "", client: str = "client", secret: str = "secret", first: str = "first"
) -> Iterator[LoketClient]:
    time = FakeTime()
    opened = LoketClient(
        url,
        token_url or f"{url}/token",
        client,
        secret,
        first,
        MemorySecrets(),
        CATALOGUE,
        sleep=time.sleep,
        monotonic=time.monotonic,
        now=lambda: now,
        timeout=httpx.Timeout(PATIENCE),
    )
    with closing(opened):
        yield opened
