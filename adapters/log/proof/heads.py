"""Every signed head there is, inside the database and outside, and what they say about each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.log.proof.cosignatures import Cosignature, WitnessKey, cosignatures
from adapters.log.proof.notes import DECIMAL, NoteRejected, VerifierKey, open_checkpoint
from adapters.log.proof.verdicts import Witnessed
from domain.log import Checkpoint
from domain.values import one_or_many

_NOT_SIGNED = (
    "1 checkpoint in the database is not signed by this log's key",
    "{} checkpoints in the database are not signed by this log's key",
)
_NO_COPY = (
    "1 checkpoint of {1} is missing from the copies outside the database",
    "{0} checkpoints of {1} are missing from the copies outside the database",
)
_ONLY_COPY = (
    "1 checkpoint of {1} is missing from the database",
    "{0} checkpoints of {1} are missing from the database",
)
_IN_FLIGHT = 4  # copies are written first: processes may be about to store theirs, or have died doing so


class Heads:
    """Heads signed by the log's key; `rejected` counts rows of the database that hold anything else.

    Of heads of at most `since` events, which an earlier verification judged, only the texts are compared.
    """

    def __init__(self, key: VerifierKey, since: int = 0) -> None:
        self.by_size: dict[int, dict[bytes, Checkpoint]] = {}
        self.rejected = 0
        self._since = since
        self._witnessed: dict[tuple[int, bytes], dict[str, Cosignature]] = {}
        self._key = key
        self._genuine: dict[str, Checkpoint] = {}
        self._outside: dict[str, list[str]] = {}
        self._inside: dict[str, set[str]] = {}

    @property
    def none(self) -> bool:
        """Neither a head nor anything in the place of one."""
        return not self.by_size and not self.rejected

    def outside(self, notes: Iterable[tuple[str, str]]) -> None:
        for machine, note in notes:
            if self._add(note):
                self._outside.setdefault(machine, []).append(note)

    def inside(self, rows: Iterable[tuple[object, object]]) -> None:
        for machine, note in rows:
            if isinstance(machine, str) and isinstance(note, str) and self._add(note):
                self._inside.setdefault(machine, set()).add(note)
            else:
                self.rejected += 1

    def seen(self, notes: Iterable[str], keys: Sequence[WitnessKey]) -> None:
        """Heads with cosignatures; only those by these keys are believed, and only on heads the log's key signed."""
        for note in notes:
            try:
                found = cosignatures(note, keys)
                head = self._head(note) if found else None
            except NoteRejected:
                continue  # nobody's word
            if head is not None:
                self.by_size.setdefault(head.size, {}).setdefault(head.root, head)
                told = {each.witness: each for each in found}
                self._witnessed.setdefault((head.size, head.root), {}).update(told)

    def witnessed_at(self, size: int, root: bytes) -> Witnessed | None:
        """Who saw this head, if a believed witness did."""
        found = self._witnessed.get((size, root))
        return None if found is None else Witnessed(size, tuple(sorted(found)), min(each.at for each in found.values()))

    def newest_witnessed(self) -> Witnessed | None:
        newest = max(self._witnessed, default=None)
        return None if newest is None else self.witnessed_at(*newest)

    def doubt(self, machine: str, outside_now: Iterable[tuple[str, str]]) -> str | None:
        """Why the heads themselves cannot be relied on: some are not ours, or one side lacks what the other has."""
        if self.rejected:
            return one_or_many(_NOT_SIGNED, self.rejected).format(self.rejected)
        copied: dict[str, set[str]] = {}
        for each, note in outside_now:
            copied.setdefault(each, set()).add(note)
        if self._inside and not copied:
            return "no copy of a checkpoint outside the database was found"
        for each in sorted({machine, *copied}):
            stored = self._inside.get(each, set())
            if lost := stored - copied.get(each, set()):
                return one_or_many(_NO_COPY, len(lost)).format(len(lost), each)
            written = self._outside.get(each, [])
            if lost := set(written if not stored else written[:-_IN_FLIGHT]) - stored:
                return one_or_many(_ONLY_COPY, len(lost)).format(len(lost), each)
        return None

    def _head(self, note: str) -> Checkpoint:
        plain = note[: note.rfind("\n", 0, -1) + 1]  # without the last line, its cosignature
        return self._genuine.get(plain) or open_checkpoint(note, self._key)

    def _add(self, note: str) -> bool:
        if note in self._genuine or self._judged_before(note):
            return True
        try:
            head = open_checkpoint(note, self._key)
        except NoteRejected:
            return False
        self._genuine[note] = head
        self.by_size.setdefault(head.size, {})[head.root] = head
        return True

    def _judged_before(self, note: str) -> bool:
        name, size = (*note.split("\n", 2), "")[:2]
        return name == self._key.name and bool(DECIMAL.fullmatch(size)) and int(size) <= self._since
