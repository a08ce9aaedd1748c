"""A vault in memory: seals and opens the personal values of any fact, forgets the keys it is told to destroy."""

from __future__ import annotations

import functools
import hashlib
import itertools
import typing
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from typing import Any

import msgspec

from domain.attributes import retention_of
from domain.log import Fact, Recorded
from domain.personal import Lost, Retention, Sealed
from domain.values import NOT_OBSERVED, SubjectRef


class FakeVault:
    """`domain.log.Vault`, with one key per subject and retention class as the real one has."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, Retention], str] = {}
        self._texts: dict[tuple[str, str], str] = {}  # (key id, box) -> text
        self._secrets: dict[str, str] = {}
        self._next = itertools.count(1)

    def sealed(self, fact: Fact) -> Fact:
        """The fact as it would be stored: no text left in a personal place."""
        subject = getattr(fact, "subject", "")

        def seal(text: object, field: str) -> object:
            return self._seal(subject, retention_of(field), text)

        return typing.cast("Fact", _each_personal(fact, type(fact), "", seal))

    def opened(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        return tuple(msgspec.structs.replace(event, fact=self._opened(event.fact)) for event in recorded)

    def marked(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        def mark(value: object, field: str) -> object:
            kept = not isinstance(value, Sealed) or (value.key_id, value.box) in self._texts
            return value if kept else Lost.SHREDDED

        return tuple(
            msgspec.structs.replace(each, fact=_each_personal(each.fact, type(each.fact), "", mark))
            for each in recorded
        )

    def subject(self) -> SubjectRef:
        return SubjectRef(f"subject-{next(self._next)}")

    def keyed_digest(self, purpose: str, data: bytes) -> str:
        return hashlib.sha256(purpose.encode() + b"\0" + data).hexdigest()

    def mac(self, kind: str, data: bytes) -> str:
        return hashlib.sha256(kind.encode() + b"\0" + data).hexdigest()

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        key = self._keys.pop((subject, retention), None)
        self._texts = {place: text for place, text in self._texts.items() if place[0] != key}

    def wipe(self) -> None:
        """Memory keeps nothing of what was deleted."""

    def held(self, subject: SubjectRef) -> tuple[tuple[Retention, str], ...]:
        return tuple((retention, key) for (whose, retention), key in self._keys.items() if whose == subject)

    def present(self, key_ids: Set[str]) -> frozenset[str]:
        return frozenset(self._keys.values()) & key_ids

    def secret(self, name: str) -> str | None:
        return self._secrets.get(name)

    def store_secret(self, name: str, value: str) -> None:
        self._secrets[name] = value

    @contextmanager
    def replacing(self, name: str) -> Iterator[Callable[[str], None]]:
        yield lambda value: self.store_secret(name, value)

    def _seal(self, subject: str, retention: Retention, text: object) -> object:
        if isinstance(text, Lost):
            return NOT_OBSERVED
        if not isinstance(text, str):
            return text
        key = self._keys.setdefault((subject, retention), f"key-{len(self._keys)}-{next(self._next)}")
        sealed = Sealed(key, f"box-{next(self._next)}")
        self._texts[sealed.key_id, sealed.box] = text
        return sealed

    def _opened(self, fact: Fact) -> Fact:
        def open_(value: object, field: str) -> object:
            if not isinstance(value, Sealed):
                return value
            return self._texts.get((value.key_id, value.box), Lost.SHREDDED)

        return typing.cast("Fact", _each_personal(fact, type(fact), "", open_))


@functools.cache
def _can_hold(hint: Any) -> bool:
    """Whether there can be a personal value in something of this type."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(_places(hint))
    arguments = typing.get_args(hint)
    return Sealed in arguments or (typing.get_origin(hint) is tuple and _can_hold(arguments[0]))


@functools.cache
def _places(struct: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(struct)
    return {name: hints[name] for name in struct.__struct_fields__ if _can_hold(hints[name])}


def _each_personal(value: Any, hint: Any, field: str, change: Callable[[object, str], object]) -> Any:
    """`value` with every personal place in it changed, found by the annotations as the real log finds them."""
    if not _can_hold(hint):
        return value
    if isinstance(value, msgspec.Struct) and isinstance(hint, type):
        field = getattr(value, "field", None) or ""
        places = _places(hint)
        changed = {name: _each_personal(getattr(value, name), places[name], field, change) for name in places}
        return msgspec.structs.replace(value, **changed)
    if typing.get_origin(hint) is tuple:
        return tuple(_each_personal(item, typing.get_args(hint)[0], field, change) for item in value)
    return change(value, field)
