"""Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), with Ed25519."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Final, Generic, Self, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from adapters.log.proof.tree import HASH_SIZE
from adapters.whole_files import create_file
from domain.errors import Misconfigured
from domain.log import Checkpoint

_PRIVATE: Final = "PRIVATE+KEY+"
SIGNATURE_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")


_K = TypeVar("_K", bound="NoteKey")


class NoteRejected(ValueError):
    """The note is not one this key signed, or does not say what a checkpoint must say."""


@dataclass(frozen=True, slots=True)
class NoteKey:
    """The public half of a key that signs notes, written `name+id+base64`; each kind of signature has its own."""

    kind: ClassVar[bytes]

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        name, _, rest = text.strip().partition("+")
        key_id, _, material = rest.partition("+")
        kind_and_key = from_base64(material)
        key = cls(name, kind_and_key[1:])
        if not name or kind_and_key[:1] != cls.kind or len(key.public) != HASH_SIZE or key.id.hex() != key_id:
            raise NoteRejected("this is not an Ed25519 verifier key of the required kind")
        return key

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(self.kind + self.public)}"


@dataclass(frozen=True, slots=True)
class VerifierKey(NoteKey):
    """Of a log: safe to print, and all an auditor needs besides a checkpoint."""

    kind: ClassVar[bytes] = b"\x01"


class SecretKey(Generic[_K]):
    """The private half, and the public one that belongs to it."""

    public_kind: type[_K]

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = self.public_kind(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
        key_id, _, material = rest.partition("+")
        kind_and_seed = from_base64(material)
        kind = cls.public_kind.kind
        if not text.startswith(_PRIVATE) or kind_and_seed[:1] != kind or len(kind_and_seed) != 1 + HASH_SIZE:
            raise NoteRejected("this is not an Ed25519 signing key")
        key = cls(name, kind_and_seed[1:])
        if key.verifier.id.hex() != key_id:
            raise NoteRejected("the signing key does not belong to its name")
        return key

    def private_text(self) -> str:
        """What the key file holds."""
        material = to_base64(self.verifier.kind + self._seed)
        return f"{_PRIVATE}{self.verifier.name}+{self.verifier.id.hex()}+{material}\n"


class SigningKey(SecretKey[VerifierKey]):
    """A log's; its name is the origin of every checkpoint it signs, so no two logs share one."""

    public_kind = VerifierKey

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(f"tweeluik/{secrets.token_hex(4)}", secrets.token_bytes(HASH_SIZE))

    def sign(self, text: str) -> str:
        """The signed note; `text` ends with a newline."""
        signature = to_base64(self.verifier.id + self._private.sign(text.encode()))
        return f"{text}\n— {self.verifier.name} {signature}\n"

    def sign_checkpoint(self, size: int, root: bytes) -> Checkpoint:
        return Checkpoint(size, root, self.sign(f"{self.verifier.name}\n{size}\n{to_base64(root)}\n"))


def open_note(note: str, key: VerifierKey) -> str:
    """The text of a note this key signed; signatures of other keys are ignored. Raises NoteRejected."""
    text, blank_line, signatures = note.rpartition("\n\n")
    if not blank_line or not signatures.endswith("\n") or any(each < " " and each != "\n" for each in note):
        raise NoteRejected("this is not a signed note")
    text += "\n"
    found = False
    for line in signatures[:-1].split("\n"):
        match = SIGNATURE_LINE.fullmatch(line)
        if match is None:
            raise NoteRejected("a signature line cannot be read")
        signature = from_base64(match[2])
        if match[1] == key.name and signature[:4] == key.id:
            _check(key, signature[4:], text)
            found = True
    if not found:
        raise NoteRejected(f"the note is not signed by {key.name}")
    return text


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The head a note commits to; raises NoteRejected when this key did not sign it."""
    lines = open_note(note, key).split("\n")
    if len(lines) != 4 or lines[0] != key.name or not DECIMAL.fullmatch(lines[1]):
        raise NoteRejected("the note is not a checkpoint of this log")
    root = from_base64(lines[2])
    if len(root) != HASH_SIZE:
        raise NoteRejected("the root of the checkpoint is not a SHA-256 hash")
    return Checkpoint(int(lines[1]), root, note)


def load_signing_key(configured: Path | None, default: Path) -> SigningKey:
    """The configured key, or the one at `default`, made at first use and announced once on stderr."""
    path = configured or default
    if configured is None and not path.exists() and create_file(path, SigningKey.generate().private_text().encode()):
        print(f"made a checkpoint signing key at {path}; keep a copy in a safe place", file=sys.stderr)
    try:
        return SigningKey.parse(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Misconfigured(f"the checkpoint signing key {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Misconfigured(f"the checkpoint signing key {path} is damaged: {error}") from error


def _check(key: VerifierKey, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise NoteRejected(f"the signature of {key.name} does not fit the note") from error


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Strict base64: one spelling for each value, so that no changed note is accepted."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRejected("not base64") from error
    if to_base64(data) != text:
        raise NoteRejected("not canonical base64")
    return data
