"""Personal values inside events: clear in a new fact, sealed in the log, opened only on purpose (AUD-8, AUD-9)."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from domain.values import Absence


class Retention(StrEnum):
    """How long a personal value is kept; each person has one key per class."""

    FISCAL_7Y = "fiscal_7y"  # 7 years after the calendar year of the fact
    ID_5Y = "id_5y"  # 5 years after the calendar year of leaving
    HR_2Y = "hr_2y"  # 2 years after leaving


class Sealed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A handle on an encrypted value, as stored: [which box of the event, "which text in it"], both from 0.

    In the first two formats ["key id", "base64 of nonce and ciphertext"]: a box of its own.
    """

    key_id: str | int
    box: str


class Box(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All values of one event and retention class, as stored: ["key id", "base64 of commitment and ciphertext"]."""

    key_id: str
    content: str


class Lost(Enum):
    """What opening a sealed value may find instead of its text. Both are values; neither stops a reader."""

    SHREDDED = "erased"  # its key was destroyed
    UNREADABLE = "unreadable"  # the key is there, the value does not fit it: the ciphertext was changed

    def __str__(self) -> str:
        return self.value


Opened: TypeAlias = str | Absence | Lost

if TYPE_CHECKING:
    Personal: TypeAlias = str | Sealed | Absence | Lost
else:  # what may lie in the log: decoding refuses clear text
    Personal = Sealed | Absence
"""A personal value in a fact: text before the append, `Sealed` as read from the log, text or `Lost` once opened."""

MASK = "•••"
