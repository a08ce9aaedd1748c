"""Opens the values of one event as read, in whichever format they were sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from adapters.log.places import with_personal_changed
from adapters.log.sealing.boxes import DataKey, OpenBox, Opening, event_bound, opened_box
from adapters.log.sealing.old_boxes import OldEvent
from domain.log import Fact, Recorded
from domain.personal import Lost, Sealed

KeysById: TypeAlias = Mapping[str, DataKey | None]
"""None: destroyed. An id that is missing was not looked for yet."""


def opened_event(recorded: Recorded, keys: KeysById) -> Recorded:
    """The event with every value opened, or lost. Raises KeyError for an id that was not looked for."""
    boxes = _opened_boxes(recorded, keys)
    fact = _with_texts(recorded, keys, boxes)
    if not all(isinstance(box, Lost) or box.sound() for box in boxes):
        fact = _with_texts(recorded, keys, _believed(boxes))
    if fact is recorded.fact:
        return recorded
    return Recorded(recorded.position, recorded.stream, recorded.version, recorded.name, recorded.meta, fact)


def openings(recorded: Recorded, keys: KeysById) -> tuple[Opening, ...]:
    """What proves the values of each box that can be opened, in which every value is the one that was committed to."""
    boxes = _opened_boxes(recorded, keys)
    _with_texts(recorded, keys, boxes)
    return tuple(box.opening() for box in _believed(boxes) if isinstance(box, OpenBox))


def old_handles(recorded: Recorded) -> tuple[Sealed, ...]:
    """The values of the event that lie in boxes of their own, as all did in the first two formats."""
    found: list[Sealed] = []

    def note(value: Any, *_: Any) -> Any:
        if type(value) is Sealed and type(value.key_id) is str:
            found.append(value)
        return value

    with_personal_changed(recorded.fact, note)
    return tuple(found)


def keys_of(recorded: Recorded) -> set[str]:
    """The ids of the keys that its values are sealed with."""
    return {box.key_id for box in recorded.boxes}.union(str(each.key_id) for each in old_handles(recorded))


def opens(key: DataKey, recorded: Recorded) -> bool:
    """Whether this key opens the first thing that was sealed with the key of its name."""
    event, subject = event_bound(recorded.stream, recorded.version), subject_of(recorded.fact)
    for box in recorded.boxes:
        if box.key_id == key.key_id:
            return not isinstance(opened_box(event, key, box, subject), Lost)
    return _opens_old(key, recorded)


def subject_of(fact: Fact) -> str:
    return getattr(fact, "subject", "")


def _opens_old(key: DataKey, recorded: Recorded) -> bool:
    old = OldEvent(recorded.stream, recorded.version)
    told: list[str | Lost] = []

    def note(value: Any, place: str, _: str | None) -> Any:
        if type(value) is Sealed and value.key_id == key.key_id and not told:
            told.append(old.open(key, value, subject_of(recorded.fact), place))
        return value

    with_personal_changed(recorded.fact, note)
    return bool(told) and not isinstance(told[0], Lost)


def _opened_boxes(recorded: Recorded, keys: KeysById) -> list[OpenBox | Lost]:
    if not recorded.boxes:
        return []
    event, subject = event_bound(recorded.stream, recorded.version), subject_of(recorded.fact)
    found: list[OpenBox | Lost] = []
    for box in recorded.boxes:
        key = keys[box.key_id]
        found.append(Lost.SHREDDED if key is None else opened_box(event, key, box, subject))
    return found


def _believed(boxes: Sequence[OpenBox | Lost]) -> list[OpenBox | Lost]:
    """Once their texts were taken: a box in which one lies elsewhere than was committed to tells nothing."""
    return [box if isinstance(box, Lost) or box.sound() else Lost.UNREADABLE for box in boxes]


def _with_texts(recorded: Recorded, keys: KeysById, boxes: Sequence[OpenBox | Lost]) -> Fact:
    old: OldEvent | None = None
    count = len(boxes)

    def change(value: Any, place: str, _: str | None) -> Any:
        nonlocal old
        if type(value) is not Sealed:
            return value
        number = value.key_id
        if isinstance(number, int):
            box = boxes[number] if 0 <= number < count else Lost.UNREADABLE
            return box.take(value.box, place) if type(box) is OpenBox else box
        key = keys[number]
        if key is None:
            return Lost.SHREDDED
        old = old or OldEvent(recorded.stream, recorded.version)
        return old.open(key, value, subject_of(recorded.fact), place)

    return with_personal_changed(recorded.fact, change)
