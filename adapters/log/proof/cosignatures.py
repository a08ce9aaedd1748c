"""Timestamped cosignatures of witnesses as C2SP writes them (c2sp.org/tlog-cosignature, the Ed25519 kind)."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.log.proof.notes import SIGNATURE_LINE, NoteKey, NoteRejected, SecretKey, from_base64, to_base64
from adapters.log.proof.tree import HASH_SIZE

_STAMPED: Final = struct.Struct(">4sQ64s")  # key id, seconds since 1970, signature


class Cosignature(NamedTuple):
    """A witness's word that at this moment the noted head was the largest it had seen, grown from all before it."""

    witness: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WitnessKey(NoteKey):
    """Of a witness."""

    kind: ClassVar[bytes] = b"\x04"


class Cosigner(SecretKey[WitnessKey]):
    """A witness's key. Use it for nothing else: the signed message does not name its witness."""

    public_kind = WitnessKey

    @classmethod
    def generate(cls, name: str) -> Cosigner:
        return cls(name, secrets.token_bytes(HASH_SIZE))

    def cosign(self, text: str, at: datetime) -> str:
        """The signature line over the text of a checkpoint."""
        seconds = int(at.timestamp())
        signature = self._private.sign(_message(text, seconds))
        return f"— {self.verifier.name} {to_base64(_STAMPED.pack(self.verifier.id, seconds, signature))}\n"


def cosignatures(note: str, keys: Sequence[WitnessKey]) -> tuple[Cosignature, ...]:
    """Those by these keys. Lines of others are passed by; raises NoteRejected for a false one."""
    text, _, lines = note.rpartition("\n\n")
    matches = [match for match in map(SIGNATURE_LINE.fullmatch, lines.splitlines()) if match is not None]
    return tuple(
        Cosignature(key.name, _checked(key, text + "\n", box))
        for name, box in ((match[1], from_base64(match[2])) for match in matches)
        for key in keys
        if name == key.name and box[:4] == key.id
    )


def _checked(key: WitnessKey, text: str, box: bytes) -> datetime:
    try:
        _, seconds, signature = _STAMPED.unpack(box)
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, _message(text, seconds))
        return datetime.fromtimestamp(seconds, UTC)
    except (struct.error, InvalidSignature, ValueError, OverflowError, OSError) as error:
        raise NoteRejected(f"the cosignature of {key.name} does not fit the checkpoint") from error


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
