"""What of a stream need not be read again to know how things are. Stream `overtaken:<stream>`."""

from __future__ import annotations

from domain.log import Fact


class EventsOvertaken(Fact, frozen=True, kw_only=True):
    """Of a stream's events up to the last of `kept` only these tell something still; all others were overtaken.

    None is gone, and whoever asks for the history reads them all. A stream only grows, so this stays true for ever.
    """

    stream: str
    kept: tuple[int, ...]  # versions, in order
    folds: int  # of what was known of a person by these: another revision reads everything once more
