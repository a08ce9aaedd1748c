"""The verdict of the last verification: kept beside the checkpoints, and asked before anything is appended (LOG-2).

One file for every machine that shares the folder. A log that was found bad stays so until a later verification is OK.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec

from adapters.log.proof.checkpoints import taking
from adapters.log.proof.notes import NoteRejected, VerifierKey, open_checkpoint
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.whole_files import replace_file
from domain.errors import LogNotBelieved
from domain.grounds.readers import UNREADABLE, reader
from domain.log import Checkpoint
from domain.planning.business_date import time_told
from domain.values import Actor

_FILE: Final = "verdict.json"
_WHAT_TO_DO: Final = "nothing is appended, and nothing written to Loket, until `tweeluik verify` says OK"


class LastVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """No personal data: a verdict, its place, and who found it."""

    verdict: Verdict
    position: int | None
    to: int | None
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    by: str
    sound: str = ""  # the newest signed head that an OK verification of everything agreed with
    since: int = 0  # events before it were not looked at by this one
    whole_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None  # when they were

    @property
    def ok(self) -> bool:
        return self.verdict is Verdict.OK

    @property
    def whole(self) -> datetime | None:
        """When everything was last found sound; None where this verdict cannot be gone on from."""
        return (self.whole_at if self.since else self.at) if self.ok and self.sound else None

    def __str__(self) -> str:
        place = "" if self.position is None else f" at event {self.position}"
        return f"the log did not verify: {self.verdict}{place}, found by {self.by} at {time_told(self.at)} (Amsterdam)"

    @property
    def refusal(self) -> LogNotBelieved:
        """What whoever would build on the log is told."""
        return LogNotBelieved(f"{self}; {_WHAT_TO_DO}")


def sound_head(last: LastVerdict | None, key: VerifierKey) -> Checkpoint | None:
    """The newest signed head that a verification agreed with; None for another key's, or somebody's own."""
    try:
        return open_checkpoint(last.sound, key) if last and last.sound else None
    except NoteRejected:
        return None


class VerdictFile:
    """The file of one checkpoint folder. Whoever removes it makes the next run read the whole log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / _FILE
        self._read: tuple[tuple[int, int, int], LastVerdict] | None = None  # which file it was read from

    def last(self) -> LastVerdict | None:
        """None before the first verification. Raises LogNotBelieved when it cannot be read."""
        try:
            found = self._path.stat()
            which = found.st_ino, found.st_mtime_ns, found.st_size
            if self._read is None or self._read[0] != which:
                self._read = which, reader(LastVerdict).decode(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, *UNREADABLE) as cause:
            raise LogNotBelieved(f"the last verdict, {self._path}, cannot be read; {_WHAT_TO_DO}") from cause
        return self._read[1]

    def believed(self) -> None:
        """Raises LogNotBelieved while the last verdict is anything but OK."""
        last = self.last()
        if last is not None and not last.ok:
            raise last.refusal

    def doubt(self) -> str | None:
        """What the last verification found; None while it is nothing, and before the first one."""
        try:
            last = self.last()
        except LogNotBelieved:
            return "the verdict of the last verification cannot be read"
        return None if last is None or last.ok else str(last)

    def keep(self, found: Verification, *, at: datetime, by: Actor) -> LastVerdict:
        """Durable on return, whole or not at all, and readable for its owner only. Raises NoCheckpoint."""
        verdict = LastVerdict(
            verdict=found.verdict, position=found.first, to=found.last, at=at, by=by, sound=self._sound(found),
            since=found.since, whole_at=found.whole_at,
        )  # fmt: skip
        with taking(self._folder):
            replace_file(self._path, msgspec.json.format(msgspec.json.encode(verdict)) + b"\n")
        return verdict

    def _sound(self, found: Verification) -> str:
        if found.ok and not found.since:
            return found.checkpoint.text if found.checkpoint else ""
        try:
            before = self.last()
        except LogNotBelieved:
            before = None
        return before.sound if before else ""
