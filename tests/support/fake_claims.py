"""Claims in memory: one holder per legal entity, a token that never goes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from domain.errors import ClaimLost, RunAlreadyInProgress
from domain.log import Fence
from domain.ports import AtWork
from domain.values import LegalEntityId, RunId


@dataclass(frozen=True, slots=True)
class _Held:
    fence: Fence
    claims: FakeClaims

    def check(self) -> None:
        if not self.claims.holds(self.fence):
            raise ClaimLost(f"this run no longer holds legal entity {self.fence.legal_entity}")

    def tell(self, phase: str, done: int, total: int) -> None:
        self.claims.said[self.fence] = (phase, done, total)


class FakeClaims:
    """`domain.ports.Claims`; `holder_died` stands for a process that is gone, or a lease that ran out."""

    def __init__(self) -> None:
        self._tokens: dict[str, int] = {}
        self._holders: dict[str, RunId] = {}
        self.said: dict[Fence, tuple[str, int, int]] = {}

    @contextmanager
    def claim(self, entity: LegalEntityId, run_id: RunId) -> Iterator[_Held]:
        if entity in self._holders:
            raise RunAlreadyInProgress(self._holders[entity])
        token = self._tokens.get(entity, 0) + 1
        self._tokens[entity], self._holders[entity] = token, run_id
        try:
            yield _Held(Fence(entity, token), self)
        finally:
            if self._tokens[entity] == token:
                self._holders.pop(entity, None)

    def at_work(self, entity: LegalEntityId) -> AtWork | None:
        run_id, token = self.held(entity)
        return None if run_id is None else AtWork(run_id, *self.said.get(Fence(entity, token), ("", 0, 0)))

    def holder_died(self, entity: LegalEntityId) -> None:
        self._holders.pop(entity, None)

    def held(self, entity: LegalEntityId) -> tuple[RunId | None, int]:
        """By whom, if anybody, and under which token."""
        return self._holders.get(entity), self._tokens.get(entity, 0)

    def holds(self, fence: Fence) -> bool:
        """Whether nobody claimed the entity since: what the log checks inside its transaction."""
        return self._tokens.get(fence.legal_entity) == fence.token
