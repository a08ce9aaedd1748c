"""The world in process: the real services and views, with fakes for both systems, the log, its keys and the claims."""

from __future__ import annotations

from domain.attributes import Role
from domain.services.journal import Tools
from tests.support.empty_views import views_in_memory
from tests.support.fake_claims import FakeClaims
from tests.support.fake_log import FakeLog
from tests.support.fake_loket import FakeLoket
from tests.support.fake_personio import FakePersonio
from tests.support.fake_vault import FakeVault
from tests.support.world import ALL_ROLES, WorldClock


class InProcess:
    def __init__(self, log: FakeLog | None = None) -> None:
        self.clock = WorldClock()
        self.hr = FakePersonio(self.clock.now, mapped=ALL_ROLES)
        self.payroll = FakeLoket(self.clock.now)
        log = log or FakeLog(FakeVault(), FakeClaims())
        self._views = views_in_memory(log)
        self._tools = Tools(
            clock=self.clock,
            log=log,
            vault=log.vault,
            claims=log.claims,
            views=self._views,
            personio=self.hr,
            loket=self.payroll,
        )

    def tools(self, *, mapped: frozenset[Role], lists_attributes: bool) -> Tools:
        self.hr.mapped = mapped
        self.hr.lists_attributes = lists_attributes
        return self._tools

    def close(self) -> None:
        self._views.close()
