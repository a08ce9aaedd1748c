"""Others beside the one that verifies a log, in this process: `adapters.log.proof.ranges.Beside`, a tile a range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.log.proof.ranges import Sound, looked_at
from adapters.log.proof.rows import StoredLog
from adapters.log.proof.tree import TILE_WIDTH
from adapters.log.sealing.event_macs import EventMacs


class InRanges:
    """Looks at every whole range below the newest signed size, and notes how many were sound."""

    width: Final = TILE_WIDTH

    def __init__(self, log: StoredLog) -> None:
        self._log = log
        self.sound = 0

    def look(self, signed: Sequence[int], macs: EventMacs | None) -> Iterator[Sound | None]:
        for stop in range(self.width, max(signed, default=0) + 1, self.width):
            found = looked_at(self._log, stop - self.width, stop, set(signed), macs)
            self.sound += found is not None
            yield found
            if found is None:
                return
