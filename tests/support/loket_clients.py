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
    time, tokens = FakeTime(), loket.tokens
    opened = LoketClient(
        loket.url,
        loket.token_url,
        tokens.client_id,
        tokens.client_secret,
        tokens.refresh_token,
        MemorySecrets(),
        CATALOGUE,
        sleep=time.sleep,
        monotonic=time.monotonic,
        now=lambda: now,
        timeout=httpx.Timeout(PATIENCE),
    )
    with closing(opened):
        yield opened
