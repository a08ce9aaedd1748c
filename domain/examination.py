"""What a look at a tenant's setup saw, and how one line of its examination is told (RUN-9). No personal values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeVar

from domain.sights import LoketSights, PersonioSights

Name = TypeVar("Name")
_NUMBERED: Final = re.compile(r"dynamic_(?:.*[._])?([0-9]+)")


def paired(ids: Mapping[Name, str], keys: Iterable[str]) -> dict[Name, str]:
    """The key in Personio's other list of each attribute of this one; an attribute without one is absent.

    The two lists of Personio name one attribute differently (`dynamic_123`, `dynamic_4fa0.123`): its number tells,
    where no other key has that number.
    """
    listed = set(keys)
    numbers = Counter(map(_number, listed))
    numbered = {number: key for key in listed if (number := _number(key)) and numbers[number] == 1}
    found = {name: each if each in listed else numbered.get(_number(each)) for name, each in ids.items()}
    return {name: key for name, key in found.items() if key is not None}


def _number(attribute: str) -> str:
    numbered = _NUMBERED.fullmatch(attribute)
    return numbered[1] if numbered else ""


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    HOLDS = "holds here"  # these three: about behaviour that the systems' documents leave open
    DOES_NOT_HOLD = "does not hold here"
    NOT_SEEN = "not seen"


@dataclass(frozen=True, slots=True)
class Check:
    """One line; `do` is what a person has to do, empty when nothing."""

    name: str
    verdict: Verdict
    told: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of a system. `needed`: without it no run is possible."""

    what: str
    status: int
    needed: bool

    @property
    def readable(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class CustomAttribute:
    """An attribute of this Personio tenant; options only where it is a list."""

    id: str
    label: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """One key of a coded field in Loket, with its word; the ISO code of a country."""

    key: str
    word: str
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What one system showed of its setup. `failure` says why nothing more could be asked."""

    asked: tuple[Asked, ...] = ()
    failure: str = ""
    clock_ahead: timedelta | None = None  # of the system's clock before ours; None when it does not tell
    tells_limits: bool = False
    tells_versions: bool = False  # an ETag on a single object
    withdrawn: tuple[str, ...] = ()  # versions that the system has given an end
    attributes: Mapping[str, CustomAttribute] | None = None  # by id; None: the list cannot be read
    codes: Mapping[str, tuple[Code, ...]] | None = None  # by field in lower case; None: the lists cannot be read
    behaviours: Mapping[str, bool | None] = field(default_factory=dict)  # statement -> seen to hold; None: not seen

    personio: PersonioSights = field(default_factory=PersonioSights)
    loket: LoketSights = field(default_factory=LoketSights)
