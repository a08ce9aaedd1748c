"""Four eyes: what one person asked for, another agrees to; one policy for command line and API (AUD-8, AUD-9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from unicodedata import normalize

from domain.values import Actor

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
    spelt = _spelt(actor)
    if spelt.startswith(PROVIDER):
        return NamedBy.PROVIDER
    machine = spelt.startswith(_SCHEDULE) or spelt == _SYSTEM
    return NamedBy.MACHINE if machine else NamedBy.INSTALLATION


def is_second_person(first: Actor, second: Actor) -> bool:
    """Whether the second is surely somebody else than the first: only two names of one kind can tell.

    Names are compared, never credentials; case, width and spaces make no other person. "Anja" and the provider's
    "anja@example.nl" may be one person. Whatever a machine began, any person is the second.
    """
    kind = named_by(second)
    if kind is NamedBy.MACHINE:
        return False
    if named_by(first) is NamedBy.MACHINE:
        return True
    return kind is named_by(first) and _spelt(first) != _spelt(second)


def _spelt(actor: Actor) -> str:
    return " ".join(normalize("NFKC", actor).casefold().split())
