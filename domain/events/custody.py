"""What was done with the log itself: stream custody."""

from __future__ import annotations

from domain.log import Fact
from domain.personal import Personal


class LogVerified(Fact, frozen=True, kw_only=True):
    size: int
    verdict: str
    views: bool = False  # every view was held against it too; before that could be done, none was
    since: int = 0  # the event from which on it was looked at; those before were in an earlier verification


class CopiesRestored(Fact, frozen=True, kw_only=True):
    """The copies of signed heads outside the database were lost, and made again from those inside (LOG-2)."""

    heads: int


class KeysLost(Fact, frozen=True, kw_only=True):
    """These data keys were found to be gone, or not the ones that sealed; someone knows, and the log is used on."""

    key_ids: tuple[str, ...]


class EventsTakenOver(Fact, frozen=True, kw_only=True):
    """Events that Tweeluik did not store, from position `first` on, are known to somebody; before `size` all count."""

    first: int
    size: int


class ValuesUnmasked(Fact, frozen=True, kw_only=True):
    """Personal values were shown in clear; recorded before they left (AUD-8)."""

    subject: str  # the person, or a reference of the reason alone where several people were shown
    what: str
    legal_entity: str
    employee_number: int | None
    reason: Personal
    agreed: bool = False  # a second person had agreed
    employee_numbers: tuple[int, ...] = ()  # whose names were shown, where it was the names of many


class PeopleNamed(Fact, frozen=True, kw_only=True):
    """Of whom several people's values are shown for one reason: an erasure of any of them takes the reason along."""

    subject: str  # of the reason
    people: tuple[str, ...]  # their subjects; the next event goes on where they are many


class MorePeopleAsked(Fact, frozen=True, kw_only=True):
    """Someone wants to open more people's values within a day than one person may."""

    legal_entity: str
    people: int
    subject: str
    reason: Personal


class MorePeopleAgreed(Fact, frozen=True, kw_only=True):
    """A second person agreed to it."""

    asked: str  # the id of what was asked for
    legal_entity: str
