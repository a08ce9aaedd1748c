"""The world over HTTP: both simulators behind real servers, the real clients, and the log on a real database."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from adapters.claims.open import open_claims
from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.loket import LoketClient
from adapters.personio import PersonioClient
from adapters.projections.open import OpenViews, open_views
from adapters.simulators.loket import LoketSimulator
from adapters.simulators.personio import PersonioSimulator
from adapters.simulators.personio_attributes import DEFAULT_IDS
from domain.attributes import Role, catalogue
from domain.services.tools import Tools
from tests.support.simulated_hr import SimulatedHr
from tests.support.simulated_payroll import SimulatedPayroll
from tests.support.world import WorldClock


class OverHttp:
    def __init__(self, url: str, keys_url: str, checkpoints: Path) -> None:
        self.clock = WorldClock()
        self._closing = ExitStack()
        personio = self._closing.enter_context(PersonioSimulator(now=self.clock.now))
        loket = self._closing.enter_context(LoketSimulator(now=self.clock.now))
        self._personio, self._loket = personio, loket
        self.hr = SimulatedHr(personio)
        self.payroll = SimulatedPayroll(loket, self.clock)
        self.url, self.checkpoints = url, checkpoints
        self.log: EventLog = open_log(url, keys_url=keys_url, checkpoints=checkpoints)
        self._closing.callback(self.log.close)
        self.views: OpenViews = open_views(url, self.log)
        self._closing.callback(self.views.close)
        self._claims = open_claims(url)
        self._tools: Tools | None = None

    def tools(self, *, mapped: frozenset[Role], absent_is_blank: bool) -> Tools:
        self._tools = self._tools or self._connected(mapped, absent_is_blank)
        return self._tools

    def close(self) -> None:
        self._closing.close()

    def _connected(self, mapped: frozenset[Role], absent_is_blank: bool) -> Tools:
        personio = PersonioClient(
            self._personio.url,
            self._personio.access.client_id,
            self._personio.access.client_secret,
            {role: DEFAULT_IDS[role] for role in mapped},
            absent_is_blank,
            sleep=self.clock.sleep,
            monotonic=self.clock.monotonic,
            now=self.clock.now,
        )
        loket = LoketClient(
            self._loket.url,
            self._loket.token_url,
            self._loket.tokens.client_id,
            self._loket.tokens.client_secret,
            self._loket.tokens.refresh_token,
            self.log.vault,
            catalogue(mapped),
            sleep=self.clock.sleep,
            monotonic=self.clock.monotonic,
            now=self.clock.now,
        )
        self._closing.callback(personio.close)
        self._closing.callback(loket.close)
        return Tools(
            clock=self.clock,
            log=self.log,
            vault=self.log.vault,
            claims=self._claims,
            views=self.views,
            personio=personio,
            loket=loket,
        )
