"""How one personal value is sealed and opened: AES-256-GCM, bound to its place, padded so that lengths tell nothing."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
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
    cipher: AESGCM
    bound: bytes  # its part of the associated data

    @classmethod
    def of(cls, key_id: str, subject: str, retention: str, key: bytes) -> DataKey:
        return cls(key_id, subject, AESGCM(key), b'",' + _PACK((subject, retention, key_id))[1:])


def bound_to(stream: str, version: int) -> bytes:
    """An event's part of the associated data, packed once for all its values.

    The whole is a JSON list: format, stream, version, place, subject, retention class, key id.
    """
    return _PACK((_FORMAT, stream, version))[:-1] + b',"'


def seal(key: DataKey, nonce: bytes, text: str, event: bytes, place: str) -> Sealed:
    """The text under this key, openable at this place of this event only."""
    plain = text.encode() + _END
    plain += bytes(-len(plain) % _BLOCK)
    box = nonce + key.cipher.encrypt(nonce, plain, event + place.encode() + key.bound)
    return Sealed(key.key_id, b2a_base64(box, newline=False).decode("ascii"))


def open_sealed(key: DataKey, sealed: Sealed, subject: str, event: bytes, place: str) -> str | Lost:
    """The text, or UNREADABLE when it was changed, moved from another place, or another person's."""
    if key.subject != subject:
        return Lost.UNREADABLE
    try:
        box = a2b_base64(sealed.box, strict_mode=True)
        plain = key.cipher.decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], event + place.encode() + key.bound)
        return plain.rstrip(b"\0")[:-1].decode()
    except (InvalidTag, ValueError):
        return Lost.UNREADABLE
