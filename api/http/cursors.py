"""Cursors: opaque, signed, and good only for the question they were given for."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Final

from api.http.problems import Refused
from domain.grounds.readers import read_json
from domain.log import Vault

MAX_LIMIT: Final = 500
DEFAULT_LIMIT: Final = 50
_DIGITS: Final = 32


class Cursors:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def cursor(self, question: str, after: int | str) -> str:
        """`question` is everything that decides the pages but the cursor: route, filters, caller's entities."""
        data = json.dumps(after).encode()
        return f"{base64.urlsafe_b64encode(data).decode().rstrip('=')}.{self._signature(question, data)}"

    def after(self, question: str, cursor: str | None) -> int | str | None:
        """Where the page before ended; None for the first. Raises Refused for a cursor that is not ours."""
        if cursor is None:
            return None
        text, _, signature = cursor.partition(".")
        try:
            data = base64.urlsafe_b64decode((text + "=" * (-len(text) % 4)).encode("ascii"))
        except (binascii.Error, ValueError):
            data = b""
        if not data or not hmac.compare_digest(signature.encode(), self._signature(question, data).encode()):
            raise Refused(404, "unknown-cursor", "the cursor is not one of this question; begin without it")
        found: int | str = read_json(data)
        return found

    def _signature(self, question: str, data: bytes) -> str:
        return self._vault.keyed_digest("cursor", f"{len(question)}:{question}".encode() + data)[:_DIGITS]
