"""Signed heads of the log: kept in the database and, so that the database alone cannot lie, in files outside it."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Protocol

from adapters.log.proof.notes import NoteRejected, SigningKey, VerifierKey, open_checkpoint
from adapters.log.proof.tree import Edge, TreeReader, tree_root
from adapters.whole_files import made_folder, sync_folder, try_room
from domain.errors import LogDamaged, NoCheckpoint
from domain.grounds.readers import read_json
from domain.log import Checkpoint

_HEADS: Final = "*.checkpoints.jsonl"
_TAIL: Final = 4096  # bytes, far more than one line
_LOOKED_AT: Final = 8  # the newest rows, in case some were not signed by us


class SignedLog(Protocol):
    """What signing needs of a recorder."""

    def head(self) -> Edge:
        """The edge of what is committed now."""
        ...

    def tree(self) -> AbstractContextManager[TreeReader]:
        """Read the stored tree."""
        ...

    def newest_notes(self, limit: int) -> list[str]:
        """Of `log_checkpoints`, whoever signed them, the largest size first."""
        ...

    def signers(self) -> frozenset[str]:
        """The machines of `log_checkpoints`."""
        ...

    def insert_checkpoint(self, size: int, machine: str, note: str) -> None:
        """One row of `log_checkpoints`, unless it is there already; committed on return and never changed.

        log_checkpoints(size INTEGER, machine TEXT, note TEXT, PRIMARY KEY (size, machine, note))
        """
        ...


class Copies:
    """The checkpoint folder: one append-only file per machine, one line of JSON per checkpoint."""

    def __init__(self, folder: Path, machine: str | None = None) -> None:
        self.folder = folder
        self.machine = _plain(machine or socket.gethostname())
        self._file = folder / f"{self.machine}.checkpoints.jsonl"

    def require_room(self) -> None:
        """Raises NoCheckpoint where the next head could not be kept."""
        with taking(self.folder):
            try_room(self.folder)
            open(self._file, "ab", opener=_ours_to_write).close()

    def append(self, checkpoint: Checkpoint) -> None:
        """Durable on return. Raises NoCheckpoint, as everything that is appended here does."""
        self._append(self._file, {"size": checkpoint.size, "note": checkpoint.text})

    def restore(self, rows: Iterable[tuple[object, object]], key: VerifierKey) -> int:
        """Copy every head of the database that is missing here, of all machines; how many there were.

        Only for copies that were really lost: what the database says of itself proves less.
        """
        texts = {(machine, note) for machine, note in rows if isinstance(machine, str) and isinstance(note, str)}
        missing = texts - set(self.notes())
        heads = [(head.size, machine, head) for machine, note in missing if (head := _opened(note, key))]
        for _, machine, head in sorted(heads, key=lambda one: one[:2]):
            Copies(self.folder, machine).append(head)
        return len(heads)

    def append_from(self, folder: Path, wanted: Set[tuple[str, str]]) -> None:
        """Of another folder every line with one of these (machine, note) that is missing here, as it is there."""
        missing = wanted - set(self.notes())
        for path in sorted(folder.glob(_HEADS)):
            for line in path.read_bytes().splitlines():
                if (path.name.removesuffix(_HEADS[1:]), _note(line)) in missing:
                    self._append(self.folder / path.name, read_json(line))

    def append_witnessed(self, witness: str, cosigned: Checkpoint) -> None:
        """A head with this witness's cosignature; a file for each witness. Durable on return."""
        self._append(self._witnessed_by(witness), {"size": cosigned.size, "note": cosigned.text})

    def last_witnessed(self, witness: str) -> str | None:
        """The newest note of this machine that this witness cosigned."""
        return _last_note(self._witnessed_by(witness))

    def witnessed(self) -> Iterator[tuple[str, str]]:
        """(machine, note) of every readable line, of all machines and witnesses, in the order of each file."""
        return self._notes("*.witnessed.jsonl")

    def newest_witnessed(self) -> Iterator[str]:
        """The last note of each such file."""
        for path in sorted(self.folder.glob("*.witnessed.jsonl")):
            if note := _last_note(path):
                yield note

    def append_verification(self, result: Mapping[str, object]) -> None:
        """What a check of a damaged log found: nothing is appended to that log itself."""
        self._append(self.folder / f"{self.machine}.verifications.jsonl", result)

    def last_alert(self) -> Mapping[str, Any] | None:
        """The last of those that tells whom an alert reached; a line that a crash cut short was never written."""
        try:
            lines = (self.folder / f"{self.machine}.verifications.jsonl").read_bytes().splitlines()
        except FileNotFoundError:
            return None
        for line in reversed(lines):
            with suppress(ValueError):
                told: Mapping[str, Any] = read_json(line)
                if "alert" in told:
                    return told
        return None

    def last(self) -> str | None:
        """The newest note of this machine; None when there is none, or a crash cut its line short."""
        return _last_note(self._file)

    def notes(self) -> Iterator[tuple[str, str]]:
        """(machine, note) of every readable line, of all machines, in the order of each file."""
        return self._notes(_HEADS)

    def _notes(self, files: str) -> Iterator[tuple[str, str]]:
        for path in sorted(self.folder.glob(files)):
            with path.open("rb") as file:
                for line in file:
                    if note := _note(line):
                        yield path.name.removesuffix(files[1:]), note

    def _witnessed_by(self, witness: str) -> Path:
        return self.folder / f"{self.machine}.{_plain(witness)}.witnessed.jsonl"

    def _append(self, path: Path, record: Mapping[str, object]) -> None:
        with taking(self.folder):
            made_folder(self.folder)
            with open(path, "a+b", opener=_ours_to_write) as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 1))
                torn = file.read() not in (b"", b"\n")
                line = json.dumps(record, ensure_ascii=False)
                file.write(b"\n" * torn + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if not end:
                sync_folder(self.folder)


@contextmanager
def taking(folder: Path) -> Iterator[None]:
    """Whatever is written there meanwhile, NoCheckpoint says that it was not taken."""
    try:
        yield
    except OSError as fault:
        raise NoCheckpoint(folder, fault.strerror or type(fault).__name__) from fault


def _ours_to_write(path: str, flags: int) -> int:
    """Others may read it, and no more, whatever the machine's umask."""
    return os.open(path, flags, 0o644)


class CheckpointStore:
    """Signs the committed log and keeps each head outside first, then inside the database."""

    def __init__(self, database: SignedLog, copies: Copies, key: SigningKey) -> None:
        self._database = database
        self.copies = copies
        self._key = key
        self._own: Checkpoint | None = None  # the newest head this process signed, or checked against the tree
        self._shown: Checkpoint | None = None  # the newest of all that this process has seen in the database

    def sign(self, edge: Edge) -> Checkpoint | None:
        """A head of what is committed, `edge`; None for an empty log, the newest head when nothing is new.

        Raises LogDamaged when the log no longer contains the head signed before: two heads that contradict each
        other are never signed.
        """
        previous = self.newest()
        if previous is not None:
            if previous.size > edge.size:  # another process went further meanwhile, or the tail was cut
                edge = self._database.head()
            self._refuse_contradiction(previous, edge)
            if previous.size == edge.size:
                return previous
        if not edge.size:
            return None
        head = self._key.sign_checkpoint(edge.size, edge.root())
        self.copies.append(head)
        self._database.insert_checkpoint(head.size, self.copies.machine, head.text)
        self._own = head
        return head

    def refuse_contradiction(self, edge: Edge) -> None:
        """Raises LogDamaged unless the committed log, `edge`, holds the head this machine signed last."""
        previous = self.newest()
        if previous is not None:
            self._refuse_contradiction(previous, edge if edge.size >= previous.size else self._database.head())

    @property
    def verifier(self) -> VerifierKey:
        return self._key.verifier

    def newest(self) -> Checkpoint | None:
        """The newest head this machine signed with this key."""
        note, own = self.copies.last(), self._own
        if own is not None and note == own.text:  # its signature need not be checked again
            return own
        return None if note is None else _opened(note, self._key.verifier)

    def is_new_here(self) -> bool:
        """Whether others signed heads of this log and this machine, to its knowledge and the database's, never did.

        Raises LogDamaged where the log does not hold the newest head of the others.
        """
        if self.copies.last() is not None or (newest := self.newest_of_all()) is None:
            return False
        if self.copies.machine in self._database.signers():
            return False
        self._held_by(self._database.head(), newest)
        return True

    def newest_of_all(self) -> Checkpoint | None:
        """The newest head in the database, whichever process or machine signed it; never an older one than before.

        Asked anew each time: every process that does sees the same rows, so no two of them go back and forth.
        """
        shown = self._shown
        for note in self._database.newest_notes(_LOOKED_AT):
            if shown is not None and note == shown.text:
                break
            head = _opened(note, self._key.verifier)
            if head is not None:
                if shown is None or head.size > shown.size:
                    self._shown = shown = head
                break
        return shown

    def signed_evidence(self, digest: str) -> str:
        """A signed note about an archive. Its first line is not the log's name: no reader takes it for a checkpoint."""
        return self._key.sign(f"evidence of {self.verifier.name}\n{digest}\n")

    def signed_warning(self, warning: str) -> str:
        return self._key.sign(f"warning of {self.verifier.name}\n{warning}\n")

    def _refuse_contradiction(self, previous: Checkpoint, edge: Edge) -> None:
        self._held_by(edge, previous)
        if previous == self._own:
            return
        self._database.insert_checkpoint(
            previous.size, self.copies.machine, previous.text
        )  # a crash may have kept it out
        self._own = previous

    def _held_by(self, edge: Edge, head: Checkpoint) -> None:
        if edge.size < head.size:
            raise LogDamaged(f"the log ends at {edge.size} events, its checkpoint covers {head.size}")
        if head == self._own:
            return
        with self._database.tree() as tree:
            root = tree_root(tree, head.size)
        if root != head.root:
            raise LogDamaged(f"the first {head.size} events are not those its checkpoint covers")


def _opened(note: str, key: VerifierKey) -> Checkpoint | None:
    try:
        return open_checkpoint(note, key)
    except NoteRejected:
        return None  # another key's: `verify` tells, and a new key must be able to begin


def _plain(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)


def _last_note(path: Path) -> str | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        lines = file.read().splitlines()
    return next((note for line in reversed(lines) if (note := _note(line))), None)


def _note(line: bytes) -> str | None:
    try:
        note = read_json(line)["note"]
    except (ValueError, KeyError, TypeError):
        return None
    return note if isinstance(note, str) else None
