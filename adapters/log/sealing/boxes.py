"""How the personal values of an event are sealed and opened: all of one retention class in one box, AES-256-GCM.

A box is a commitment and a ciphertext. The commitment is the SHA-256 of what the values belong to (event, places,
person, class, key), of a random salt, and of the values. Salt and values are what is encrypted, under a key of the
person and class; whoever is given them can hold them against the commitment, and against no other one.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b, sha256
from hmac import compare_digest
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.log.sealing.keys import KEY_SIZE, NONCE_SIZE
from domain.grounds.readers import reader
from domain.personal import Box, Lost, Sealed

SALT_SIZE: Final = 16
_COMMITMENT: Final = 32
_BLOCK: Final = 16  # bytes that the texts are padded to: their length tells little
_FORMAT: Final = b'["tweeluik/3",'
_NOWHERE: Final = b'""'
_PACK: Final = msgspec.json.Encoder().encode
_TEXTS: Final = reader(list[str]).decode


class DataKey(NamedTuple):
    """An unwrapped key of one subject and retention class."""

    key_id: str
    subject: str
    retention: str
    key: bytes
    cipher: AESGCM
    bound: bytes  # its part of the associated data

    @classmethod
    def of(cls, key_id: str, subject: str, retention: str, key: bytes) -> DataKey:
        own = blake2b(key=key, digest_size=KEY_SIZE, person=b"tweeluik/3 boxes").digest()  # older formats use the key
        return cls(key_id, subject, retention, key, AESGCM(own), b"," + _PACK((subject, retention, key_id))[1:])


class Opening(NamedTuple):
    """What a box was made of; given only to those who may read it, since the commitment proves it to anybody."""

    key_id: str
    retention: str
    plain: bytes  # salt and texts


class Closing:
    """Takes the texts of one event and retention class, and makes their box."""

    __slots__ = ("_key", "_number", "_places", "_texts")

    def __init__(self, number: int, key: DataKey) -> None:
        self._number, self._key = number, key
        self._texts: list[str] = []
        self._places: list[str] = []

    def put(self, text: str, place: str) -> Sealed:
        self._places.append(place)
        self._texts.append(text)
        return _handle(self._number, len(self._texts) - 1)

    def box(self, event: bytes, salt: bytes) -> Box:
        key, texts = self._key, _PACK(self._texts)
        plain = salt + texts + b" " * (-len(texts) % _BLOCK)
        commitment = _commitment(event, self._places, key, plain)
        ciphertext = key.cipher.encrypt(commitment[:NONCE_SIZE], plain, event + _NOWHERE + key.bound)
        return Box(key.key_id, b2a_base64(commitment + ciphertext, newline=False).decode("ascii"))


class OpenBox:
    """The texts of a box. Which place each lies at is told as they are taken; then `sound` says whether all fits."""

    __slots__ = ("_commitment", "_event", "_key", "_places", "_plain", "_texts")

    def __init__(self, event: bytes, key: DataKey, box: Box) -> None:
        """Raises InvalidTag, ValueError or DecodeError when it is not what this key has sealed for this event."""
        content = a2b_base64(box.content, strict_mode=True)
        self._event, self._key, self._commitment = event, key, content[:_COMMITMENT]
        self._plain = key.cipher.decrypt(content[:NONCE_SIZE], content[_COMMITMENT:], event + _NOWHERE + key.bound)
        self._texts = _TEXTS(self._plain[SALT_SIZE:])
        self._places: list[str | None] = [None] * len(self._texts)

    def take(self, number: str, place: str) -> str | Lost:
        at = _number(number)
        if at is None or at >= len(self._texts):
            return Lost.UNREADABLE
        self._places[at] = place
        return self._texts[at]

    def opening(self) -> Opening:
        return Opening(self._key.key_id, self._key.retention, self._plain)

    def sound(self) -> bool:
        """Whether the values, at the places they were taken for, are the ones that were committed to."""
        return compare_digest(_commitment(self._event, self._places, self._key, self._plain), self._commitment)


def opened_box(event: bytes, key: DataKey, box: Box, subject: str) -> OpenBox | Lost:
    """UNREADABLE when the box was changed, moved from another event, or is another person's."""
    if key.subject != subject:
        return Lost.UNREADABLE
    try:
        return OpenBox(event, key, box)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        return Lost.UNREADABLE


def event_bound(stream: str, version: int) -> bytes:
    """The event's part of the associated data: the JSON list of format, stream, version, place, subject, class, key."""
    return _FORMAT + _PACK((stream, version))[1:-1] + b","


def _commitment(event: bytes, places: Sequence[str | None], key: DataKey, plain: bytes) -> bytes:
    return sha256(event + _PACK(places) + key.bound + plain).digest()


@lru_cache(1024)
def _handle(number: int, at: int) -> Sealed:
    return Sealed(number, str(at))


@lru_cache(1024)
def _number(text: str) -> int | None:
    """A number in its only spelling."""
    return int(text) if text.isdecimal() and str(int(text)) == text else None
