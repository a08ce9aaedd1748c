"""How single values were sealed before all of an event and class lay in one box: read for ever, written no more.

In the second format each event has keys of its own, derived from the data key of the person and class: one can be given
away, and opens nothing else. Values of the first format lie under the data key itself, which is never given away.
"""

from __future__ import annotations

from binascii import a2b_base64
from hashlib import blake2b
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.log.sealing.boxes import DataKey
from adapters.log.sealing.keys import KEY_SIZE, NONCE_SIZE
from domain.personal import Lost, Sealed

MARK: Final = "2:"  # begins the box of the second format; base64 has no colon
_FORMAT: Final = b'["tweeluik/2",'
_FIRST_FORMAT: Final = b'["tweeluik/1",'
_PACK: Final = msgspec.json.Encoder().encode


class OldEvent:
    """Opens the values of one event.

    The associated data is a JSON list: format, stream, version, place, subject, retention class, key id. With an empty
    place it is what the event's key is derived from.
    """

    __slots__ = ("_cipher", "_event", "_key")

    def __init__(self, stream: str, version: int) -> None:
        self._event = _PACK((stream, version))[1:-1] + b',"'
        self._key: DataKey | None = None  # that the cipher was derived from; the values of an event seldom have two

    def key(self, key: DataKey) -> bytes:
        """The key of this event's values of one subject and class, and of nothing else."""
        bound = _FORMAT + self._event + b'"' + key.bound
        return blake2b(bound, key=key.key, digest_size=KEY_SIZE, person=b"tweeluik/2 event").digest()

    def open(self, key: DataKey, sealed: Sealed, subject: str, place: str) -> str | Lost:
        """The text, or UNREADABLE when it was changed, moved from another place, or another person's."""
        if key.subject != subject:
            return Lost.UNREADABLE
        text, bound = sealed.box, self._event + place.encode() + b'"' + key.bound
        try:
            if text[:2] == MARK:
                if key is not self._key:
                    self._key, self._cipher = key, AESGCM(self.key(key))
                box, cipher, bound = a2b_base64(text[2:], strict_mode=True), self._cipher, _FORMAT + bound
            else:
                box, cipher, bound = a2b_base64(text, strict_mode=True), AESGCM(key.key), _FIRST_FORMAT + bound
            plain = cipher.decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], bound)
            return plain.rstrip(b"\0")[:-1].decode()
        except (InvalidTag, ValueError):
            return Lost.UNREADABLE


def has_event_key(sealed: Sealed) -> bool:
    """Whether a key of this event's own opens the value. In the first format only the data key does."""
    return sealed.box.startswith(MARK)
