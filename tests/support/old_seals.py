"""Values sealed as the first two formats did it, which nothing but a test does any more."""

from __future__ import annotations

import json
import os
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.log.sealing.boxes import DataKey
from adapters.log.sealing.old_boxes import MARK, OldEvent
from domain.personal import Sealed


def sealed(key: DataKey, stream: str, version: int, text: str, place: str, *, number: int = 2) -> Sealed:
    bound = [f"tweeluik/{number}", stream, version, place, key.subject, key.retention, key.key_id]
    padded = text.encode() + b"\x80"
    padded = padded.ljust(-(-len(padded) // 16) * 16, b"\0")
    nonce, secret = os.urandom(12), OldEvent(stream, version).key(key) if number == 2 else key.key
    box = nonce + AESGCM(secret).encrypt(
        nonce, padded, json.dumps(bound, ensure_ascii=False, separators=(",", ":")).encode()
    )
    return Sealed(key.key_id, (MARK if number == 2 else "") + b64encode(box).decode())
