"""A witness of logs: cosigns a head only when it has grown from the last one it cosigned (c2sp.org/tlog-witness)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from adapters.log.proof.cosignatures import Cosigner
from adapters.log.proof.notes import DECIMAL, SIGNATURE_LINE, NoteRejected, VerifierKey, from_base64, open_note
from adapters.log.proof.tree import EMPTY_ROOT, HASH_SIZE, extends
from adapters.sqlite.files import private_file

MOST_HASHES: Final = 63
SIZE_TYPE: Final = "text/x.tlog.size"
_TEXT: Final = "text/plain; charset=utf-8"
_WAIT: Final = 10  # seconds for another request to finish
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS witnessed (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL,
    note   TEXT NOT NULL
) STRICT
"""


class Answer(NamedTuple):
    status: HTTPStatus
    body: str
    kind: str = _TEXT


class Refused(Exception):
    """The request is not one to be granted."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Submission(NamedTuple):
    """An add-checkpoint request as its bytes say; nothing in it is believed yet."""

    old_size: int
    proof: list[bytes]
    origin: str
    size: int
    root: bytes
    text: str
    note: str


class Witness:
    """Of the logs with these keys. Its store may be shared by processes: each request is one transaction."""

    def __init__(self, store: Path, signer: Cosigner, logs: Iterable[VerifierKey], now: Callable[[], datetime]) -> None:
        self._signer = signer
        self._logs = {log.name: log for log in logs}
        self._now = now
        self._mutex = threading.Lock()
        self._db = sqlite3.connect(private_file(store), timeout=_WAIT, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(_TABLE)

    def add_checkpoint(self, body: bytes) -> Answer:
        """The cosignature line, stored and on disk before it is given; or why there is none."""
        try:
            asked = submission(body)
            self._check_signature(asked)
            if asked.old_size > asked.size:
                raise Refused(HTTPStatus.BAD_REQUEST, "the old size is above the checkpoint's")
            with self._transaction():
                return self._cosigned(asked)
        except Refused as reason:
            return Answer(reason.status, f"{reason}\n")

    def latest(self, origin_digest: str) -> Answer:
        """The newest head of the log with this digest (SHA-256 of its origin, in hex), signed by it and by us."""
        with self._mutex:
            rows = self._db.execute("SELECT origin, note FROM witnessed").fetchall()
        for origin, note in rows:
            if sha256(origin.encode()).hexdigest() == origin_digest:
                return Answer(HTTPStatus.OK, note)
        return Answer(HTTPStatus.NOT_FOUND, "no head of this log was cosigned\n")

    def close(self) -> None:
        with self._mutex:
            self._db.close()

    def _check_signature(self, asked: Submission) -> None:
        log = self._logs.get(asked.origin)
        if log is None:
            raise Refused(HTTPStatus.NOT_FOUND, "this log is not witnessed here")
        try:
            open_note(asked.note, log)
        except NoteRejected as reason:
            raise Refused(HTTPStatus.FORBIDDEN, str(reason)) from reason

    def _cosigned(self, asked: Submission) -> Answer:
        known = self._db.execute("SELECT size, root FROM witnessed WHERE origin = ?", (asked.origin,)).fetchone()
        size, root = known or (0, EMPTY_ROOT)
        if asked.old_size != size or (asked.size == size and asked.root != root):
            return Answer(HTTPStatus.CONFLICT, f"{size}\n", SIZE_TYPE)
        if not extends(root, size, asked.root, asked.size, asked.proof):
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "the proof does not lead from the known head to this one")
        line = self._signer.cosign(asked.text, self._now())
        self._db.execute(
            "INSERT INTO witnessed (origin, size, root, note) VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE "
            "SET size = excluded.size, root = excluded.root, note = excluded.note",
            (asked.origin, asked.size, asked.root, _with_own(asked, self._logs[asked.origin], line)),
        )
        return Answer(HTTPStatus.OK, line)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._mutex:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def submission(body: bytes) -> Submission:
    """Read an add-checkpoint request. Raises Refused (400) unless every byte is where it must be."""
    try:
        head, blank_line, note = body.decode().partition("\n\n")
        first, *hashes = head.split("\n")
        text, separator, signatures = note.rpartition("\n\n")
        origin, size, root, *more = text.split("\n")
        sound = (
            blank_line and separator and origin and all(more) and signatures.endswith("\n")
            and first.startswith("old ") and len(hashes) <= MOST_HASHES
            and all(each >= " " or each == "\n" for each in note)
            and all(map(SIGNATURE_LINE.fullmatch, signatures[:-1].split("\n")))
        )  # fmt: skip
        if not sound:
            raise ValueError(body)
        proof = [_hash(each) for each in hashes]
        return Submission(_size(first[4:]), proof, origin, _size(size), _hash(root), f"{text}\n", note)
    except ValueError as reason:  # not text, too few lines, not base64
        raise Refused(HTTPStatus.BAD_REQUEST, "this is not an add-checkpoint request") from reason


def _size(text: str) -> int:
    if not DECIMAL.fullmatch(text) or int(text) >= 2**63:
        raise ValueError(text)
    return int(text)


def _hash(line: str) -> bytes:
    value = from_base64(line)
    if len(value) != HASH_SIZE:
        raise ValueError(line)
    return value


def _signed_by(log: VerifierKey, line: str) -> bool:
    _, name, box = line.split()
    return name == log.name and from_base64(box)[:4] == log.id


def _with_own(asked: Submission, log: VerifierKey, line: str) -> str:
    """The note with the log's signatures and ours; lines of others were not checked and are left out."""
    signatures = asked.note.rpartition("\n\n")[2].splitlines(keepends=True)
    kept = [each for each in signatures if _signed_by(log, each)]
    return f"{asked.text}\n{''.join(kept)}{line}"
