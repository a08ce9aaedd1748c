"""Where personal values lie in each fact, found from the type annotations of the event catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from domain.events.catalogue import NAME_OF, STORED_NAMES
from domain.log import Fact
from domain.personal import Sealed

Change: TypeAlias = Callable[[Any, str, str | None], Any]
"""(value, place, field) -> value; the place is the path within the fact: "changes.0.before"."""

_Walk: TypeAlias = Callable[[Any, str, str | None, Change], Any]
_Fact = TypeVar("_Fact", bound=Fact)


def with_personal_changed(fact: _Fact, change: Change) -> _Fact:
    """The fact with `change` applied at each of its personal places, which know the `field` beside them."""
    walk = _walk_of_fact(type(fact))
    return fact if walk is None else walk(fact, "", None, change)


def has_personal(name: str) -> bool:
    """Whether events of this stored name can hold personal values."""
    kind = STORED_NAMES.get(name)
    return kind is not None and _walk_of_fact(kind) is not None


@lru_cache(1024)
def _walk_of_fact(kind: type[Fact]) -> _Walk | None:
    return _walk_of(kind) if kind in NAME_OF else None


def _walk_of(hint: Any) -> _Walk | None:
    """How to reach the personal values in something of this type; None when it cannot hold any."""
    if Sealed in get_args(hint):
        return _at_value
    if get_origin(hint) is tuple:
        inner = _walk_of(get_args(hint)[0])
        return None if inner is None else _each_item(inner)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = get_type_hints(hint)
        walks = {name: walk for name in hint.__struct_fields__ if (walk := _walk_of(hints[name])) is not None}
        return _each_member(walks, has_field="field" in hints) if walks else None
    return None


def _at_value(value: Any, place: str, field: str | None, change: Change) -> Any:
    return None if value is None else change(value, place, field)


def _each_item(inner: _Walk) -> _Walk:
    def walk(items: tuple[Any, ...], place: str, field: str | None, change: Change) -> Any:
        return tuple([inner(item, f"{place}.{index}", field, change) for index, item in enumerate(items)])

    return walk


def _each_member(walks: dict[str, _Walk], *, has_field: bool) -> _Walk:
    """Walks the members of a struct. Values are changed without a detour: this runs for every event ever read."""
    values = tuple(name for name, inner in walks.items() if inner is _at_value)
    others = tuple((name, inner) for name, inner in walks.items() if inner is not _at_value)

    def walk(struct: Any, place: str, field: str | None, change: Change) -> Any:
        beside, lead = struct.field if has_field else field, f"{place}." if place else ""
        changed = {}
        for name in values:
            value = getattr(struct, name)
            if value is not None:
                changed[name] = change(value, lead + name, beside)
        for name, inner in others:
            changed[name] = inner(getattr(struct, name), lead + name, beside, change)
        return replace(struct, **changed)

    return walk
