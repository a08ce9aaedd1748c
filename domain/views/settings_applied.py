"""Which settings judged when, and what each change of them changed (AUD-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.events.setup import PolicyApplied
from domain.grounds.readers import read_json
from domain.log import Recorded


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """One setting, named by its path; None where there was, or is, no such setting."""

    setting: str  # such as `rules.leave_counts_as_active` or `catalogue.street.max_length`
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Applied:
    """Settings on record. `changes` are against those before; None of the first ones."""

    event: Recorded
    fact: PolicyApplied
    changes: tuple[SettingChanged, ...] | None


def applied(history: Iterable[Recorded]) -> tuple[Applied, ...]:
    """The stream `policy:<legal entity>`, newest first."""
    found: list[Applied] = []
    known: dict[str, Any] | None = None
    for event in history:
        if isinstance(event.fact, PolicyApplied):
            now = dict(_flat(read_json(event.fact.policy)))
            found.append(Applied(event, event.fact, None if known is None else _changes(known, now)))
            known = now
    return tuple(reversed(found))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[SettingChanged, ...]:
    names = sorted(before.keys() | after.keys())
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(SettingChanged(name, was, now) for name, was, now in pairs if was != now)


def _flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by its path; rows of the catalogue by their role."""
    for name, held in value.items():
        rows = {one["role"]: one for one in held} if name == "catalogue" else held
        if isinstance(rows, dict) and rows:
            yield from _flat(rows, f"{path}{name}.")
        else:
            yield f"{path}{name}", rows
