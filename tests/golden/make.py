"""Writes the stored example of every event that has none yet: `python -m tests.golden.make`. None is ever rewritten."""

from __future__ import annotations

import enum
import types
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec

from adapters.log.mapper import stored
from domain.events.catalogue import STORED_NAMES
from domain.log import Meta, StreamId
from domain.personal import Sealed
from domain.values import BLANK, NOT_OBSERVED, Actor

EVENTS: Final = Path(__file__).parent / "events"
META: Final = Meta(
    recorded_at=datetime(2026, 3, 15, 9, 30, 0, 123456, tzinfo=UTC),
    actor=Actor("schedule:nightly"),
    correlation="run-0001",
    causation="run:run-0001#0",
)
_SEALED: Final = Sealed("c2FtcGxla2V5", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis=")
_SAMPLES: Final[dict[Any, Any]] = {
    str: "Sample",
    int: 4711,
    bool: True,
    float: 0.5,
    date: date(2026, 3, 15),
    datetime: datetime(2026, 3, 14, 18, 0, tzinfo=UTC),
}


def example(hint: Any) -> Any:
    """A value of this type with every field filled, so that the file shows them all."""
    if hint in _SAMPLES:
        return _SAMPLES[hint]
    arguments = get_args(hint)
    if Sealed in arguments:
        return _SEALED
    if get_origin(hint) in (Union, types.UnionType):
        return example(next(each for each in arguments if each is not type(None)))
    if get_origin(hint) is tuple:
        return _examples(arguments[0])
    if get_origin(hint) is dict:
        return {"sample": example(arguments[1])}
    if issubclass(hint, enum.Enum):
        return next(iter(hint))
    hints = get_type_hints(hint)
    return hint(**{name: example(hints[name]) for name in hint.__struct_fields__})


def _examples(hint: Any) -> tuple[Any, ...]:
    """Items of a list; of personal values all three kinds."""
    if Sealed in get_args(hint):
        return (_SEALED, BLANK, NOT_OBSERVED)
    item = example(hint)
    if "value" in getattr(hint, "__struct_fields__", ()):
        return tuple(msgspec.structs.replace(item, value=value) for value in (_SEALED, BLANK, NOT_OBSERVED))
    return (item,)


if __name__ == "__main__":
    for name, kind in STORED_NAMES.items():
        path = EVENTS / f"{name}.json"
        if not path.exists():
            path.write_bytes(stored(StreamId("sample:1"), 7, META, example(kind)).state + b"\n")
            print(f"wrote {path.name}")
