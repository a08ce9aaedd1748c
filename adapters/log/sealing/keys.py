"""The key-encryption key, the data keys it wraps, and what a store of them must do."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.whole_files import create_file
from domain.errors import Misconfigured

KEY_VARIABLE: Final = "TWEELUIK_KEY"
KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12


class WrappedKey(NamedTuple):
    """A data key as stored: one per subject and retention class, readable with the key-encryption key only."""

    key_id: str
    subject: str
    retention: str
    wrapped: bytes


ROOM: Final = 16_384  # bytes made sure of before a secret is fetched
AGAIN: Final = (1.0, 2.0, 4.0)  # seconds before each further attempt to store what cannot be fetched a second time


class HeldSecret(Protocol):
    """The place of a secret in a store that is held open for writing."""

    def store(self, box: bytes) -> None:
        """Durable on return. Tried again for a while; raises LogUnavailable when that was in vain."""
        ...


class KeyStore(Protocol):
    """Where keys and secrets lie, apart from the log. Every write is durable on return."""

    def of_subjects(self, subjects: Sequence[str]) -> Sequence[WrappedKey]: ...

    def with_ids(self, key_ids: Sequence[str]) -> Sequence[WrappedKey]: ...

    def add(self, keys: Sequence[WrappedKey]) -> None:
        """A subject's class that has a key already keeps it."""
        ...

    def destroy(self, subject: str, retention: str) -> None:
        """Remove the key; its bytes are in the files until `wipe`."""
        ...

    def wipe(self) -> None:
        """Remove from the files what is left of destroyed keys, as far as the database can. Raises KeysOnDisk."""
        ...

    def secret(self, name: str) -> bytes | None: ...

    def store_secret(self, name: str, box: bytes) -> None: ...

    def add_secret(self, name: str, box: bytes) -> bytes:
        """What is stored under the name, which is `box` when nothing was."""
        ...

    def replacing(self, name: str) -> AbstractContextManager[HeldSecret]:
        """Held by one thread of one process at a time; free again when its holder dies.

        Inside, the store is open for writing and there is room, so that what can only be fetched once is not fetched
        for a store that cannot keep it. Raises LogUnavailable before that.
        """
        ...


class KeyEncryptionKey:
    """Everything derived from the one secret kept outside the databases."""

    def __init__(self, secret: bytes) -> None:
        self._box = AESGCM(_derived(secret, b"wrap"))
        self._digest = _derived(secret, b"digest")

    def wrap(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._box.encrypt(nonce, plain, context.encode())

    def unwrap(self, box: bytes, context: str) -> bytes:
        """Raises InvalidTag when another key wrapped it, or for another context."""
        return self._box.decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], context.encode())

    def digest(self, purpose: str, data: bytes) -> str:
        mac = hmac.HMAC(self._digest, hashes.SHA256())
        mac.update(len(purpose).to_bytes(4, "big") + purpose.encode() + data)
        return mac.finalize().hex()


def key_encryption_key(
    store: KeyStore, configured: Path | None, default: Path, environment: Mapping[str, str] = os.environ
) -> KeyEncryptionKey:
    """The key from the environment, the configured file, or the file at `default`: made, and said, at first use.

    Raises Misconfigured when it is not the key this store was begun with: a new one would orphan every value.
    """
    begun = store.secret(_PROOF)
    text = environment.get(KEY_VARIABLE)
    if text:
        source = KEY_VARIABLE
    else:
        path = configured or default
        source = str(path)
        if begun is None and configured is None:
            _make(default)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as cause:
            raise Misconfigured(
                f"the key-encryption key {path} cannot be read; set {KEY_VARIABLE} or key_file"
            ) from cause
    key = KeyEncryptionKey(_parsed(text, source))
    proof = begun or store.add_secret(_PROOF, key.wrap(b"", _PROOF))
    try:
        key.unwrap(proof, _PROOF)
    except InvalidTag as cause:
        raise Misconfigured(f"{source} does not hold the key that this key store was begun with") from cause
    return key


_PROOF: Final = "key-encryption-key"  # an empty secret only the right key opens


def _parsed(text: str, source: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except ValueError as cause:  # what is no ASCII too
        raise Misconfigured(f"{source} must hold {KEY_SIZE} random bytes in base64") from cause
    if len(secret) != KEY_SIZE:
        raise Misconfigured(f"{source} must hold {KEY_SIZE} random bytes in base64, not {len(secret)}")
    return secret


def _make(path: Path) -> None:
    """Write a new key; another process's, made meanwhile, is kept."""
    if create_file(path, base64.b64encode(secrets.token_bytes(KEY_SIZE)) + b"\n"):
        print(f"made a key-encryption key at {path}; keep a copy in a safe place, apart from the log", file=sys.stderr)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=b"tweeluik/1 " + purpose).derive(secret)
