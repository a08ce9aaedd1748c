"""What the parts of the in-memory Loket share: its answers to writes, and its chains of dated records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, TypeVar

from domain.snapshots import Answered, HeldHours, HeldPay, WriteAnswer

ACCEPTED: Final = WriteAnswer(Answered.ACCEPTED, 200)
GONE: Final = WriteAnswer(Answered.REFUSED, 404)
_DAY: Final = timedelta(days=1)
RecordType = TypeVar("RecordType", HeldPay, HeldHours)


def created(record: str) -> WriteAnswer:
    return WriteAnswer(Answered.ACCEPTED, 201, created=record)


def refused(*messages: str) -> WriteAnswer:
    return WriteAnswer(Answered.REFUSED, 400, messages)


def too_early(chain: Sequence[HeldPay | HeldHours], start: date | None) -> WriteAnswer | None:
    """A new record is the newest of its chain, or refused."""
    if chain and (start is None or start <= chain[-1].start):
        return refused(f"startDate must be after {chain[-1].start}")
    return None


def append(chain: list[RecordType], newest: RecordType) -> None:
    """The record before it ends the day before."""
    if chain:
        chain[-1] = replace(chain[-1], end=newest.start - _DAY)
    chain.append(newest)


def place_of(chain: Sequence[HeldPay | HeldHours], record: str) -> int | None:
    return next((place for place, one in enumerate(chain) if one.id == record), None)
