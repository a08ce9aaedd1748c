"""How one personal value is sealed and opened: AES-256-GCM, bound to its place, padded so that lengths tell nothing."""

from __future__ import annotations

import binascii
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.log.keys import NONCE_SIZE
from domain.personal import Lost, Sealed

_FORMAT: Final = "tweeluik/1"
_BLOCK: Final = 16
_END: Final = b"\x80"  # ends the text; zeros follow up to the next block
_PACK: Final = msgspec.json.Encoder().encode


class DataKey(NamedTuple):
    """An unwrapped key of one subject and retention class."""

    key_id: str
    subject: str
    retention: str
    cipher: AESGCM


def seal(key: DataKey, nonce: bytes, text: str, stream: str, version: int, place: str) -> Sealed:
    """The text under this key, openable at this place of this event only."""
    plain = text.encode() + _END
    plain = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK, b"\0")
    box = nonce + key.cipher.encrypt(nonce, plain, _bound(key, stream, version, place))
    return Sealed(key.key_id, binascii.b2a_base64(box, newline=False).decode())


def open_sealed(key: DataKey, sealed: Sealed, subject: str, stream: str, version: int, place: str) -> str | Lost:
    """The text, or UNREADABLE when it was changed, moved from another place, or another person's."""
    try:
        box = binascii.a2b_base64(sealed.box, strict_mode=True)
        plain = key.cipher.decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], _bound(key, stream, version, place))
        return plain.rstrip(b"\0")[:-1].decode() if key.subject == subject else Lost.UNREADABLE
    except (InvalidTag, ValueError):
        return Lost.UNREADABLE


def _bound(key: DataKey, stream: str, version: int, place: str) -> bytes:
    return _PACK((_FORMAT, stream, version, place, key.subject, key.retention, key.key_id))
