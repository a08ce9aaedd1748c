"""The world over HTTP: both simulators behind real servers, the real clients, and the log on a real database."""

from __future__ import annotations

from contextlib import ExitStack

from adapters.claims.open import open_claims
from adapters.log.event_log import EventLog
from adapters.loket.client import LoketClient
from adapters.personio.client import PersonioClient
from adapters.projections.open import OpenViews, open_views
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.simulator import PersonioSimulator
from domain.attributes import Role, catalogue
from domain.services.journal import Tools
from tests.support.kinds import IDS
from tests.support.log_site import LogSite
from tests.support.simulated_hr import SimulatedHr
from tests.support.simulated_payroll import SimulatedPayroll
from tests.support.world import WorldClock


class OverHttp:
    def __init__(self, site: LogSite) -> None:
        self.site = site
        self.clock = WorldClock()
        self._closing = ExitStack()
        personio = self._closing.enter_context(PersonioSimulator(attribute_ids=IDS, now=self.clock.now))
        loket = self._closing.enter_context(LoketSimulator(now=self.clock.now))
        self._personio, self._loket = personio, loket
        self.hr = SimulatedHr(personio)
        self.payroll = SimulatedPayroll(loket)
        self.log: EventLog = self._closing.enter_context(site.open())
        self.views: OpenViews = open_views(site.url, self.log)
        self._closing.callback(self.views.close)
        self._claims = open_claims(site.url)
        self._tools: Tools | None = None

    def tools(self, *, mapped: frozenset[Role], lists_attributes: bool) -> Tools:
        self._tools = self._tools or self._connected(mapped, lists_attributes)
        return self._tools

    def close(self) -> None:
        self._closing.close()

    def _connected(self, mapped: frozenset[Role], lists_attributes: bool) -> Tools:
        personio = PersonioClient(
            self._personio.url,
            self._personio.access.client_id,
            self._personio.access.client_secret,
            {role: IDS[role] for role in mapped},
            lists_attributes,
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
