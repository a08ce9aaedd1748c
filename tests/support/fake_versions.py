"""Version numbers in the in-memory Loket: one counter, which moves with whatever somebody changed (Loket API 3.1)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class FakeVersions:
    """By employment. What it is told of is compared with what it was told last, so that no change is overlooked."""

    of: dict[str, int] = field(default_factory=dict)
    hidden: bool = False  # the user may not read them
    stopped: bool = False  # data changes, and the counter does not
    _newest: int = 100
    _seen: dict[str, str] = field(default_factory=dict)

    def count(self, employment: str, state: str) -> None:
        if self._seen.get(employment) == state:
            return
        if employment not in self._seen or not self.stopped:
            self._newest += 1
            self.of[employment] = self._newest
        self._seen[employment] = state

    def turn_back(self) -> None:
        """As after a backup of Loket was put back."""
        self._newest -= 50
        self.of = {employment: version - 50 for employment, version in self.of.items()}
