"""Loket's own audit trail beside our writes: who changed a value there (DRIFT-7).

Its captions are texts of its own, unlike our paths, and its values are cut. Which caption means which field is learned
from our own confirmed writes, by person, time and value; a caption never learned attributes nothing and alarms nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.drift.differences import Differing
from domain.events.drift import TrailResult
from domain.personal import Opened
from domain.records.loket_record import LoketRecord
from domain.values import BLANK, EmployeeNumber, FieldPath

CUT: Final = 250  # characters of a value in the trail
APART: Final = timedelta(minutes=10)  # between our write and its entry
LOOK_BACK: Final = timedelta(days=92)

Caption = tuple[str, str]  # what kind of thing, and which field of it, in Loket's words


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of Loket's audit trail. Values and name are personal."""

    number: EmployeeNumber
    caption: Caption
    old: str | None
    new: str | None
    origin: str
    performer: str | None  # id
    name: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OurWrite:
    """The latest overwrite of a field that the log says was confirmed."""

    number: EmployeeNumber
    field: FieldPath
    before: Opened
    after: Opened
    at: datetime
    run_id: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the trail says about one difference; `entry` where it names the change."""

    result: TrailResult
    entry: AuditEntry | None = None


@dataclass(frozen=True, slots=True)
class AuditTrailAnswer:
    """Every difference attributed, and which of our writes the trail knows."""

    attributions: Mapping[tuple[EmployeeNumber, FieldPath], Attribution]
    confirmed: tuple[OurWrite, ...]
    missing: tuple[OurWrite, ...]  # of those whose field has a caption we learned


def our_writes(records: Mapping[EmployeeNumber, LoketRecord], since: datetime) -> tuple[OurWrite, ...]:
    return tuple(
        OurWrite(number, field, one.before, one.after, one.at, one.run_id)
        for number, record in records.items()
        for field, one in record.overwritten.items()
        if one.at >= since
    )


def attribute_differences(
    drift: Iterable[Differing], writes: Iterable[OurWrite], entries: Iterable[AuditEntry]
) -> AuditTrailAnswer:
    """Join the trail with our writes, and attribute every difference."""
    by_number: dict[EmployeeNumber, list[AuditEntry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: one.at):
        by_number[entry.number].append(entry)
    writes = tuple(writes)
    matched = {write: _entries_of(write, by_number[write.number]) for write in writes}
    captions = _learned(matched)
    fields = {caption: field for field, known in captions.items() for caption in known}
    us = {
        entry.performer
        for write, found in matched.items()
        for entry in found
        if len(found) == 1 and fields.get(entry.caption) == write.field and entry.performer
    }
    told = [write for write in writes if write.field in captions]
    there = {write: any(entry.caption in captions[write.field] for entry in matched[write]) for write in told}
    return AuditTrailAnswer(
        {(one.number, one.field): _attributed(one, by_number[one.number], captions, us) for one in drift},
        tuple(write for write in told if there[write]),
        tuple(write for write in told if not there[write]),
    )


def _entries_of(write: OurWrite, entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    return [
        one
        for one in entries
        if abs(one.at - write.at) <= APART and _says(one.new, write.after) and _says(one.old, write.before)
    ]


def _learned(matched: Mapping[OurWrite, list[AuditEntry]]) -> dict[FieldPath, set[Caption]]:
    """Captions that exactly one entry beside a write of ours taught; one that was taught two fields means nothing."""
    taught: dict[Caption, set[FieldPath]] = defaultdict(set)
    for write, found in matched.items():
        if len(found) == 1:
            taught[found[0].caption].add(write.field)
    learned: dict[FieldPath, set[Caption]] = defaultdict(set)
    for caption, fields in taught.items():
        if len(fields) == 1:
            learned[next(iter(fields))].add(caption)
    return dict(learned)


def _attributed(
    one: Differing, entries: list[AuditEntry], captions: Mapping[FieldPath, set[Caption]], us: set[str]
) -> Attribution:
    known = captions.get(one.field)
    if known is None:
        return Attribution(TrailResult.NOT_ATTRIBUTABLE)
    latest = next((entry for entry in reversed(entries) if entry.caption in known), None)
    if latest is None or not _says(latest.new, one.loket):
        return Attribution(TrailResult.NO_ENTRY)
    return Attribution(TrailResult.OURS if latest.performer in us else TrailResult.SOMEONE_ELSE, latest)


def _says(text: str | None, value: Opened) -> bool:
    """Whether the trail's text is this value, cut as the trail cuts it."""
    if value is BLANK:
        return not text
    return isinstance(value, str) and text is not None and text.strip() == value[:CUT].strip()
