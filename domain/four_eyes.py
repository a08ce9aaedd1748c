"""Four eyes: what one person asked for, another agrees to; one policy for command line and API (AUD-8, AUD-9)."""

from __future__ import annotations

from unicodedata import normalize

from domain.values import Actor


def same_person(one: Actor, other: Actor) -> bool:
    """Subjects are compared, never credentials; case, width and spaces make no other person."""
    return _spelt(one) == _spelt(other)


def _spelt(actor: Actor) -> str:
    return " ".join(normalize("NFKC", actor).casefold().split())
