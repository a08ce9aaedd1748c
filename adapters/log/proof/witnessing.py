"""Asks witnesses to cosign each new head, beside the work: nobody ever waits for a witness that is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from adapters.log.proof.checkpoints import Copies, SignedLog
from adapters.log.proof.cosignatures import WitnessKey, cosignatures
from adapters.log.proof.notes import DECIMAL, NoteRejected, VerifierKey, open_checkpoint, to_base64
from adapters.log.proof.tree import consistency_proof
from adapters.log.proof.witness import SIZE_TYPE
from adapters.logs import logger
from domain.errors import TweeluikError
from domain.log import Checkpoint

if TYPE_CHECKING:
    import httpx

_ATTEMPTS: Final = 3  # its size is learned from the first answer; others may ask meanwhile
_LONGEST: Final = 1 << 16  # bytes of a witness's answer
_DIGITS: Final = 20  # of a size that it tells; a longer one is none that a log can have


@dataclass(frozen=True, slots=True)
class WitnessAddress:
    """Where a witness is asked, how long its answer is waited for, and the key that is believed."""

    url: str
    key: WitnessKey
    timeout: float = 5.0

    def client(self) -> httpx.Client:
        from adapters.outgoing import Outgoing  # and the library of HTTP: most logs have no witness

        return Outgoing(base_url=self.url.rstrip("/"), timeout=self.timeout, deadline=self.timeout, most_bytes=_LONGEST)


class WitnessRefused(Exception):
    """A witness that knows the log will not cosign its head: one of the two holds another history."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the witness answered {status}")
        self.status = status


class Witnessing:
    """One thread a witness, begun with the first head; heads that came while it was asking are passed over."""

    def __init__(self, database: SignedLog, copies: Copies, witnesses: Sequence[WitnessAddress]) -> None:
        self._askers = [_Asker(database, copies, each) for each in witnesses]

    def ask(self, head: Checkpoint) -> None:
        """Returns at once."""
        for asker in self._askers:
            asker.want(head)

    def close(self) -> None:
        """Gives each witness its time to answer, and goes on without those that did not."""
        until = time.monotonic() + max((each.patience for each in self._askers), default=0.0)
        for asker in self._askers:
            asker.end(until)


def heads_seen_by(witnesses: Iterable[WitnessAddress], log: VerifierKey) -> list[str]:
    """The newest head of this log that each witness cosigned, asked now; those that are away give none."""
    return [note for each in witnesses if (note := _latest(each, log)) is not None]


def _latest(witness: WitnessAddress, log: VerifierKey) -> str | None:
    try:
        with witness.client() as client:
            answer = client.get(f"/{sha256(log.name.encode()).hexdigest()}/checkpoint")
    except _http_error():
        return None
    return answer.text if answer.status_code == HTTPStatus.OK else None


class _Asker:
    def __init__(self, database: SignedLog, copies: Copies, witness: WitnessAddress) -> None:
        self.patience = witness.timeout
        self._database = database
        self._copies = copies
        self._witness = witness
        self._changed = threading.Condition()
        self._context = copy_context()  # of whose log it is, and not of whoever wanted the first head
        self._wanted: Checkpoint | None = None
        self._ended = False
        self._thread: threading.Thread | None = None
        self._size = 0  # what the witness is thought to have cosigned

    def want(self, head: Checkpoint) -> None:
        with self._changed:
            self._wanted = head
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._context.run, args=(self._work,), name="witnessing", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def end(self, until: float) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        self._size = self._cosigned_before()
        with self._witness.client() as client:
            while (head := self._next()) is not None:
                try:
                    self._ask(client, head)
                except WitnessRefused as refused:
                    logger(__name__).error("a witness refused the head", status=refused.status, size=head.size)
                except (_http_error(), NoteRejected, TweeluikError) as cause:  # the next head is asked for again
                    logger(__name__).warning("no cosignature", kind=type(cause).__name__, size=head.size)

    def _next(self) -> Checkpoint | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted is not None or self._ended)
            head, self._wanted = self._wanted, None
            return head

    def _ask(self, client: httpx.Client, head: Checkpoint) -> None:
        if self._size == head.size and self._cosigned_before() == head.size:
            return
        for _ in range(_ATTEMPTS):
            if self._size > head.size:  # another process of this log went further: that head is witnessed
                return
            answer = client.post("/add-checkpoint", content=self._request(head))
            if answer.status_code == HTTPStatus.OK:
                self._keep(head, answer.text)
                return
            known = answer.text.removesuffix("\n")[:_DIGITS]
            told = answer.headers.get("Content-Type") == SIZE_TYPE and DECIMAL.fullmatch(known) is not None
            if answer.status_code != HTTPStatus.CONFLICT or not told or int(known) == self._size:
                raise WitnessRefused(answer.status_code)
            self._size = int(known)

    def _request(self, head: Checkpoint) -> bytes:
        with self._database.tree() as tree:
            proof = consistency_proof(tree, self._size, head.size)
        lines = [f"old {self._size}", *map(to_base64, proof), "", head.text]
        return "\n".join(lines).encode()

    def _keep(self, head: Checkpoint, lines: str) -> None:
        """The note with the witness's own line, once that is found good; whatever else it sent is left out."""
        for line in lines.splitlines():
            note = f"{head.text}{line}\n"
            if cosignatures(note, [self._witness.key]):
                self._copies.append_witnessed(self._witness.key.name, Checkpoint(head.size, head.root, note))
                self._size = head.size
                return
        raise NoteRejected("the answer holds no cosignature by the configured key")

    def _cosigned_before(self) -> int:
        note = self._copies.last_witnessed(self._witness.key.name)
        return 0 if note is None else int(note.split("\n", 2)[1])


def witnessed_head(copies: Copies, log: VerifierKey, covering: int) -> Checkpoint | None:
    """The newest cosigned head of this log, with all its cosignatures, if it covers so many events."""
    heads = [head for note in copies.newest_witnessed() if (head := _opened(note, log)) is not None]
    newest = max(heads, key=lambda head: head.size, default=None)
    if newest is None or newest.size < covering:
        return None
    lines = {line: None for head in heads if head.root == newest.root for line in head.text.splitlines(keepends=True)}
    signatures = "".join(line for line in lines if line.startswith("— "))
    return Checkpoint(newest.size, newest.root, f"{newest.text.partition('— ')[0]}{signatures}")


def _opened(note: str, log: VerifierKey) -> Checkpoint | None:
    try:
        return open_checkpoint(note, log)
    except NoteRejected:
        return None


def _http_error() -> type[Exception]:
    import httpx

    return httpx.HTTPError
