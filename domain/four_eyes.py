"""Four eyes: what one person asked for, another agrees to; one policy for command line and API (AUD-8, AUD-9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from unicodedata import normalize

from domain.errors import Misconfigured
from domain.values import Actor, seen

PROVIDER: Final = "oidc:"
"""Begins an actor whom the OpenID provider names: a token's subject, or a key that was given to one."""
SURELY: Final = ", whose name comes from where the first one's does"
_SCHEDULE: Final = "schedule:"
_SYSTEM: Final = "system"


class NamedBy(StrEnum):
    """Who says who an actor is."""

    INSTALLATION = "installation"  # a name somebody typed: a key's holder, --as
    PROVIDER = "provider"
    MACHINE = "machine"  # nobody: a schedule, or the product itself


def named_by(actor: Actor) -> NamedBy:
    name = spelt(actor)
    if name.startswith(spelt(PROVIDER)):
        return NamedBy.PROVIDER
    machine = name.startswith(spelt(_SCHEDULE)) or name == spelt(_SYSTEM)
    return NamedBy.MACHINE if machine else NamedBy.INSTALLATION


def is_second_person(first: Actor, second: Actor) -> bool:
    """Whether the second is surely somebody else than the first: only two names of one kind can tell.

    Names are compared, never credentials. Case, width, spaces, what cannot be seen, and letters of another script that
    look the same make no other person. "Anja" and the provider's "anja@example.nl" may be one person. Whatever a
    machine began, any person is the second.
    """
    kind = named_by(second)
    if kind is NamedBy.MACHINE:
        return False
    if named_by(first) is NamedBy.MACHINE:
        return True
    return kind is named_by(first) and spelt(first) != spelt(second)


def named(text: str) -> Actor:
    """The name somebody goes by. Raises Misconfigured for one of which nothing can be seen."""
    if not spelt(text):
        raise Misconfigured("a name of which nothing can be seen is nobody's: say who it is")
    return Actor(text)


def spelt(name: str) -> str:
    """The name as it is compared: two that are read alike are spelt alike."""
    letters = seen(normalize("NFKC", seen(normalize("NFKC", name)).casefold())).translate(_LOOKS_LIKE)
    return letters.replace("rn", "m").replace("vv", "w")


_LOOKS_LIKE: Final = str.maketrans(
    "абвгдеёзіјкмнорѕстухһԁԛԝαβεζηικμνορτυχγϲıɑɡi1|0",
    "a6brдeёзljkmhopsctyxhdqwabezhlkmvoptuxyclaglllo",
)
"""Letters by the Latin ones they look like, large or small: Cyrillic, Greek, one stroke (Il1|), one ring (O0).

It errs on the side of one person.
"""
