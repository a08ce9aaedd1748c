"""Loket's `filter` and `orderBy` query language over plain documents."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Test = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(r"'(?:[^']|'')*'|[^\s']+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


class FilterNotUnderstood(Exception):
    """The filter or order names no known field or operator, or is not a sentence at all."""


def parse_filter(text: str) -> Test:
    """`a eq 1 and b.c lk 'x' or d eq null`: `and` binds closer than `or`; there are no parentheses."""
    tokens = _TOKEN.findall(text)
    if len(tokens) % 4 != 3:
        raise FilterNotUnderstood(f"filter is incomplete: {text}")
    alternatives: list[list[Test]] = [[]]
    for at in range(0, len(tokens), 4):
        alternatives[-1].append(_comparison(*tokens[at : at + 3]))
        joint = tokens[at + 3].lower() if at + 3 < len(tokens) else "and"
        if joint == "or":
            alternatives.append([])
        elif joint != "and":
            raise FilterNotUnderstood(f"filter is joined by neither and nor or: {joint}")
    return lambda item: any(all(test(item) for test in tests) for tests in alternatives)


def ordered(items: list[Any], order_by: str, document: Callable[[Any], Mapping[str, Any]]) -> list[Any]:
    """`number,-name.last`: sorted by the first field, then the next; a minus sorts downwards; nulls come first."""
    for field in reversed([part.strip() for part in order_by.split(",") if part.strip()]):
        path = field.lstrip("-")
        items = sorted(items, key=lambda item: _sortable(_value(document(item), path)), reverse=field.startswith("-"))
    return items


def _comparison(field: str, op: str, literal: str) -> Test:
    op = op.lower()
    wanted = _literal(literal)
    if op in ("eq", "ne"):
        return lambda item: _equal(_value(item, field), wanted) == (op == "eq")
    if op == "lk":
        part = str(wanted).strip("%").casefold()
        return lambda item: (found := _value(item, field)) is not None and part in str(found).casefold()
    if op in _ORDER:
        compare = _ORDER[op]
        return lambda item: _comparable(_value(item, field), wanted, compare)
    raise FilterNotUnderstood(f"unknown filter operator: {op}")


def _literal(text: str) -> Any:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    lowered = text.lower()
    if lowered in ("null", "true", "false"):
        return {"null": None, "true": True, "false": False}[lowered]
    if _NUMBER.fullmatch(text):
        return float(text)
    raise FilterNotUnderstood(f"strings and dates must be in single quotes: {text}")


def _value(item: Mapping[str, Any], path: str) -> Any:
    found: Any = item
    for name in path.split("."):
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise FilterNotUnderstood(f"unknown field: {path}")
        if name not in found:
            name = next((key for key in found if key.lower() == name.lower()), "")
        if name not in found:
            raise FilterNotUnderstood(f"unknown field: {path}")
        found = found[name]
    return found


def _equal(found: Any, wanted: Any) -> bool:
    if found is None or wanted is None or isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    left, right = _same_kind(found, wanted)
    return bool(left == right)


def _comparable(found: Any, wanted: Any, compare: Callable[[Any, Any], bool]) -> bool:
    return found is not None and wanted is not None and compare(*_same_kind(found, wanted))


def _same_kind(found: Any, wanted: Any) -> tuple[Any, Any]:
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return found, wanted
    return str(found).casefold(), str(wanted).casefold()


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, int | float) else (2, str(value).casefold())
