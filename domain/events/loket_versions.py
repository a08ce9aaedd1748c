"""Whether Loket's version numbers say who moved. Stream `versions:<legal entity>`."""

from __future__ import annotations

import msgspec

from domain.log import Fact


class UncountedChange(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A field whose value changed, though no version number moved."""

    employee_number: int
    field: str


class VersionsDoubted(Fact, frozen=True, kw_only=True):
    """A read found values changed of people whose version number did not move: everybody is read every time again."""

    legal_entity: str
    since: str  # the run whose read it was held against
    version: int  # the highest version number then
    changes: tuple[UncountedChange, ...]  # the first hundred
    total: int


class VersionsTrusted(Fact, frozen=True, kw_only=True):
    """Somebody looked into it, and says that the version numbers can be relied on."""

    legal_entity: str
    reason: str
