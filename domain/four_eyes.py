"""Four eyes: what one person asked for, another agrees to; one policy for command line and API (AUD-8, AUD-9)."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from domain.errors import Misconfigured
from domain.values import Actor, seen

PROVIDER: Final = "oidc:"
"""Begins an actor whom the OpenID provider names: a token's subject, or a key that was given to one."""
SURELY: Final = ", whose name comes from where the first one's does, and is in the letters of the same alphabet"
LONGEST_NAME: Final = 255
CONFIRMED_WITHIN: Final = timedelta(hours=24)
"""How long a second person may agree to a plan that the brake stopped, or to a read that was not believed."""

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

    Names are compared, never credentials. Case, width, accents, what stands between letters, what cannot be seen, and
    letters that look the same make no other person; nor do those of another alphabet, which may be there for their
    looks. "Anja" and the provider's "anja@example.nl" may be one person. Whatever a machine began, any person is the
    second.
    """
    kind = named_by(second)
    if kind is NamedBy.MACHINE:
        return False
    if named_by(first) is NamedBy.MACHINE:
        return True
    return kind is named_by(first) and _told_apart(_own(first, kind), _own(second, kind))


def _own(actor: Actor, kind: NamedBy) -> str:
    """The name alone, without the provider's word before it."""
    return actor.split(":", 1)[-1] if kind is NamedBy.PROVIDER else actor


def _told_apart(first: str, second: str) -> bool:
    alphabet = _everyday(first)
    return alphabet is not None and alphabet == _everyday(second) and len({"", _letters(first), _letters(second)}) == 3


def _letters(name: str) -> str:
    return "".join(filter(_told, spelt(name)))


def _told(each: str) -> bool:
    """Whether it is a letter, a digit, or a sign that belongs to one, as a vowel of Hindi."""
    return each.isalnum() or unicodedata.category(each) in ("Mn", "Mc")


def _everyday(name: str) -> frozenset[str] | None:
    """The alphabets it is in; None where it has signs that no name needs, or mixes two that are easily mistaken."""
    found = set()
    for each in _without_accents(seen(name).lower()):
        alphabet = _alphabet_of(each)
        if (each.isascii() and not each.isalpha()) or unicodedata.category(each) in _BETWEEN:
            continue
        if not _told(each) or each not in _EVERYDAY.get(alphabet, each):
            return None
        found.add(alphabet)
    return frozenset(found or {"LATIN"}) if len(found & _ALONE) <= 1 else None


def named(text: str) -> Actor:
    """The name somebody goes by, without white space around it. Raises Misconfigured where it may fool who reads it."""
    name = " ".join(text.split())
    if not spelt(name):
        raise Misconfigured("a name of which nothing can be seen is nobody's: say who it is")
    if seen(name) != name or not name.isprintable():
        raise Misconfigured("a name holds nothing that cannot be seen: type it anew")
    if len(name) > LONGEST_NAME:
        raise Misconfigured(f"a name has at most {LONGEST_NAME} characters")
    if len(alphabets := _alphabets(name)) > 1:
        raise Misconfigured(f"a name has the letters of one alphabet, not of {' and '.join(alphabets)}")
    return Actor(name)


def _alphabets(name: str) -> list[str]:
    """Whose letters it has, of those with letters that look like another's: "Cyrillic", "Latin"."""
    words = {_alphabet_of(each) for each in normalize("NFKC", name) if each.isalpha()}
    return sorted(one.capitalize() for one in words & _ALONE)


def _alphabet_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def spelt(name: str) -> str:
    """The name as it is compared: two that are read alike are spelt alike."""
    plain = seen(normalize("NFKC", seen(normalize("NFKC", name.translate(_LUNATE))).casefold()))
    letters = seen(normalize("NFKC", _without_accents(plain))).translate(_LOOKS_LIKE)
    return letters.replace("rn", "m").replace("vv", "w")


def _without_accents(text: str) -> str:
    """Without an overline and a key cap, too."""
    return "".join(each for each in normalize("NFD", text) if not unicodedata.name(each, "").startswith("COMBINING "))


_ALONE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"})
_EVERYDAY: Final = {
    "LATIN": "abcdefghijklmnopqrstuvwxyzæœøłđðþŋħŧəıß",
    "CYRILLIC": "абвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ",
    "GREEK": "αβγδεζηθικλμνξοπρσςτυφχψω",
}
"""Letters of names, without their accents. Beside them there are hundreds that look like one of these."""
_BETWEEN: Final = ("Zs", "Pd", "Pi", "Pf")
_LUNATE: Final = str.maketrans("ϲϹ", "cC")
"""A Greek sigma that looks like a c, and is the other sigma to Unicode."""
_LOOKS_LIKE: Final = str.maketrans(
    "абвгдеёзіјкмнопрѕстухһԁԛԝѵαβεζηικμνορτυχγϲօոսհցıɑɡøłđðþħŧi1|0",
    "a6brдeёзljkmhonpsctyxhdqwvabezhlkmvoptuxycounhglagolddphtlllo",
) | {ord("æ"): "ae", ord("œ"): "oe"}
"""Letters by the Latin ones they look like, large or small: Cyrillic, Greek, one stroke (Il1|), one ring (O0).

It errs on the side of one person.
"""
