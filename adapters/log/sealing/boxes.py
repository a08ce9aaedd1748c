"""How one personal value is sealed and opened: AES-256-GCM, bound to its place, padded so that lengths tell nothing.

Each event has keys of its own, derived from the data key of the person and class: one can be given away, and opens
nothing else. Values of the first format lie under the data key itself; they are read for ever and never given away.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.log.sealing.keys import KEY_SIZE, NONCE_SIZE
from domain.personal import Lost, Sealed

MARK: Final = "2:"  # begins the box of the second format; base64 has no colon
_FORMAT: Final = b'["tweeluik/2",'
_FIRST_FORMAT: Final = b'["tweeluik/1",'
_BLOCK: Final = 16
_ENDS: Final = [b"\x80".ljust(_BLOCK - over, b"\0") for over in range(_BLOCK)]
"""What ends a text, by its length beyond whole blocks: a mark, and zeros up to the next block."""
_PACK: Final = msgspec.json.Encoder().encode


class DataKey(NamedTuple):
    """An unwrapped key of one subject and retention class."""

    key_id: str
    subject: str
    retention: str
    root: Any  # BLAKE2b keyed with it, to be copied
    first_format: AESGCM
    bound: bytes  # its part of the associated data

    @classmethod
    def of(cls, key_id: str, subject: str, retention: str, key: bytes) -> DataKey:
        root = blake2b(key=key, digest_size=KEY_SIZE, person=b"tweeluik/2 event")
        bound = b'",' + _PACK((subject, retention, key_id))[1:]
        return cls(key_id, subject, retention, root, AESGCM(key), bound)


class EventSeal:
    """Seals and opens the values of one event.

    The associated data is a JSON list: format, stream, version, place, subject, retention class, key id. With an empty
    place it is what the event's key is derived from.
    """

    __slots__ = ("_cipher", "_event", "_key")

    def __init__(self, stream: str, version: int) -> None:
        self._event = _FORMAT + _PACK((stream, version))[1:-1] + b',"'
        self._key: DataKey | None = None  # that the cipher was derived from; the values of an event seldom have two

    def key(self, key: DataKey) -> bytes:
        """The key of this event's values of one subject and class, and of nothing else."""
        root = key.root.copy()
        root.update(self._event + key.bound)
        return root.digest()  # type: ignore[no-any-return]

    def seal(self, key: DataKey, nonce: bytes, text: str, place: str) -> Sealed:
        """The text, openable at this place of this event only."""
        if key is not self._key:
            self._derive(key)
        plain = text.encode()
        plain += _ENDS[len(plain) % _BLOCK]
        box = nonce + self._cipher.encrypt(nonce, plain, self._event + place.encode() + key.bound)
        return Sealed(key.key_id, MARK + b2a_base64(box, newline=False).decode("ascii"))

    def open(self, key: DataKey, sealed: Sealed, subject: str, place: str) -> str | Lost:
        """The text, or UNREADABLE when it was changed, moved from another place, or another person's."""
        if key.subject != subject:
            return Lost.UNREADABLE
        text, event = sealed.box, self._event
        try:
            if text[:2] == MARK:
                if key is not self._key:
                    self._derive(key)
                cipher = self._cipher
                box = a2b_base64(text[2:], strict_mode=True)
            else:
                cipher, event = key.first_format, _FIRST_FORMAT + event[len(_FORMAT) :]
                box = a2b_base64(text, strict_mode=True)
            plain = cipher.decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], event + place.encode() + key.bound)
            return plain.rstrip(b"\0")[:-1].decode()
        except (InvalidTag, ValueError):
            return Lost.UNREADABLE

    def _derive(self, key: DataKey) -> None:
        self._key, self._cipher = key, AESGCM(self.key(key))


def has_event_key(sealed: Sealed) -> bool:
    """Whether a key of this event's own opens the value. In the first format only the data key does."""
    return sealed.box.startswith(MARK)
