"""Which of what the files of a folder say counts: one that is being written, or cannot be used, stops nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from api.config.tenants import OPERATOR, File, Folder, OperatorSettings, Tenants
from domain.errors import Misconfigured

SETTLES_AFTER: Final = 5.0  # seconds that a file must have stayed as it is


class Files:
    """What each file said when it could last be used, until it says something else that can be, or is gone.

    A file cut short may be read as a smaller configuration, so what is new counts when it has stayed the same for some
    seconds; whatever is there at the first look counts at once, and so does that a tenant's file has gone. What was
    good before is remembered by this process alone: after a restart a tenant whose file cannot be used does not run.
    """

    def __init__(
        self, folder: Folder, settles_after: float = SETTLES_AFTER, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self._settles_after, self._monotonic = folder, settles_after, monotonic
        self._state: Mapping[str, tuple[int, ...]] = {}
        self._since: dict[str, float] = {}
        self._young: frozenset[str] | None = None
        self._good: dict[str, File] = {}
        self._operator: OperatorSettings | None = None
        self.fault = ""
        """In one line why the operator's own file cannot be used; what it said before holds."""

    def look(self) -> Tenants | None:
        """Who may run now; None where nothing is different.

        Raises Misconfigured at the first look for what is the operator's, and where the folder cannot be read or all
        tenants have gone from it at once, as from a disk that is not mounted. OSError for a file that just moved.
        """
        state, young = self._aged()
        if (state, young) == (self._state, self._young):
            return None
        before, operator = self._operator, self._operators(usable=OPERATOR not in young)
        files = self._folder.files(operator)
        if len(self._good) > 1 and not files and not self._folder.were_put_away(self._good):
            self._operator = before
            raise Misconfigured(f"the files of all tenants have gone from {self._folder.path} at once")
        moving = {_tenant(name) for name, each in self._states().items() if state.get(name) != each}
        if OPERATOR in moving and before is not None:  # what was read of it may be half of it
            self._operator = before
            return None
        counting = {name: self._counting(name, files[name], young | moving) for name in files}
        self._good = {name: one for name, one in counting.items() if one is not None and one.settings is not None}
        self._state, self._young = state, young
        return self._folder.tenants(operator, {name: one for name, one in counting.items() if one is not None})

    def _states(self) -> dict[str, tuple[int, ...]]:
        """By file, also of those that were there once: that the operator's or one of secrets has gone is a change."""
        return {**dict.fromkeys(self._state, ()), **self._folder.state()}

    def _aged(self) -> tuple[Mapping[str, tuple[int, ...]], frozenset[str]]:
        """The files as they are, and whose have not stayed so for long enough."""
        now, state = self._monotonic(), self._states()
        new = float("-inf") if self._young is None else now
        self._since = {
            name: self._since[name] if self._state.get(name) == each else new for name, each in state.items()
        }
        young = frozenset(_tenant(name) for name, at in self._since.items() if now - at < self._settles_after)
        return state, young

    def _operators(self, *, usable: bool) -> OperatorSettings:
        if self._operator is None:
            self._operator = self._folder.operator()
        elif usable:
            try:
                self._operator, self.fault = self._folder.operator(), ""
            except Misconfigured as reason:
                self.fault = str(reason)
        return self._operator

    def _counting(self, name: str, found: File, young: Collection[str]) -> File | None:
        """None for one that is too young, and was not there before."""
        good = self._good.get(name)
        if name in young:
            return good
        if found.settings is None and good is not None:
            return replace(good, why=found.why or "it names no legal entity any more")
        return found


def _tenant(file: str) -> str:
    return file.removesuffix(".toml").removesuffix(".secrets")
