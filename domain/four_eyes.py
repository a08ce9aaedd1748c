"""Four eyes: what one person asked for, another agrees to; one policy for command line and API (AUD-8, AUD-9)."""

from __future__ import annotations

import unicodedata
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
    """The name somebody goes by. Raises Misconfigured where nothing can be seen of it, or where it mixes alphabets."""
    if not spelt(text):
        raise Misconfigured("a name of which nothing can be seen is nobody's: say who it is")
    if len(alphabets := _alphabets(text)) > 1:
        raise Misconfigured(f"a name has the letters of one alphabet, not of {' and '.join(alphabets)}")
    return Actor(text)


def _alphabets(name: str) -> list[str]:
    """Whose letters it has, of those with letters that look like another's: "Cyrillic", "Latin"."""
    words = {unicodedata.name(each, "").partition(" ")[0] for each in normalize("NFKC", name) if each.isalpha()}
    return sorted(one.capitalize() for one in words & _ALONE)


def spelt(name: str) -> str:
    """The name as it is compared: two that are read alike are spelt alike."""
    plain = seen(normalize("NFKC", seen(normalize("NFKC", name.translate(_LUNATE))).casefold()))
    bare = (each for each in plain if not unicodedata.name(each, "").startswith("COMBINING "))  # an overline, a key cap
    letters = seen(normalize("NFKC", "".join(bare))).translate(_LOOKS_LIKE)
    return letters.replace("rn", "m").replace("vv", "w")


_ALONE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"})
_LUNATE: Final = str.maketrans("ϲϹ", "cC")
"""A Greek sigma that looks like a c, and is the other sigma to Unicode."""
_LOOKS_LIKE: Final = str.maketrans(
    "абвгдеёзіјкмнопрѕстухһԁԛԝѵαβεζηικμνορτυχγϲօոսհցıɑɡi1|0",
    "a6brдeёзljkmhonpsctyxhdqwvabezhlkmvoptuxycounhglaglllo",
)
"""Letters by the Latin ones they look like, large or small: Cyrillic, Greek, one stroke (Il1|), one ring (O0).

It errs on the side of one person.
"""
