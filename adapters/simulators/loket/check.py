"""Checks a body against a resource's fields and turns it into what Loket would store."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.simulators.loket.metadata import find_option
from adapters.simulators.loket.schema import Field, Kind
from adapters.simulators.wire.envelope import Document, MessageCode, message

Reference = Callable[[str, str], str | None]
"""(kind, uuid) to the description of a department, function or the like; None when there is none."""

_TYPES: dict[Kind, Callable[[Any], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Kind.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    Kind.FLAG: lambda value: isinstance(value, bool),
    Kind.DATE: lambda value: _is_date(value),
    Kind.OBJECT: lambda value: isinstance(value, dict),
    Kind.CODE: lambda value: isinstance(value, dict),
    Kind.REFERENCE: lambda value: isinstance(value, dict),
    Kind.LIST: lambda value: isinstance(value, list),
    Kind.ANY: lambda _: True,
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class Check:
    """One reading of one body; `draft` is a concept: no minimum lengths and no lists of options."""

    reference: Reference
    draft: bool = False
    messages: list[Document] = field(default_factory=list)

    def read(self, schema: Field, body: Mapping[str, Any], current: Mapping[str, Any] | None = None) -> Document:
        """The whole new object: what the body leaves out is null, read-only fields stay, unknown fields are dropped.

        That an omitted field becomes null is the harsher of two readings; Loket does not say.
        """
        now = current or {}
        return {
            name: now.get(name) if each.read_only else self._value(name, each, body.get(name), now.get(name))
            for name, each in schema.fields.items()
        }

    def refuse(self, code: int, text: str) -> None:
        self.messages.append(message(code, text))

    def _value(self, name: str, each: Field, value: Any, now: Any) -> Any:
        if value is None:
            if each.required:
                self.refuse(MessageCode.REQUIRED, f"{name} is required")
            return None
        if not _TYPES[each.kind](value):
            self.refuse(MessageCode.TYPE, f"{name} has an invalid type")
            return None
        if each.kind is Kind.OBJECT:
            inner = self.read(each, value, now if isinstance(now, dict) else None)
            return self._with_option(name, each.options, inner) if each.options else inner
        if each.kind is Kind.LIST:
            return [self._value(name, each.fields["item"], item, None) for item in value]
        if each.kind is Kind.CODE:
            return self._code(name, each, value)
        if each.kind is Kind.REFERENCE:
            return self._reference(name, each, value)
        self._limits(name, each, value)
        return value

    def _limits(self, name: str, each: Field, value: Any) -> None:
        size = len(value) if each.kind is Kind.TEXT else value
        low = None if self.draft and each.kind is Kind.TEXT and not each.required else each.low
        if (low is not None and size < low) or (each.high is not None and size > each.high):
            length = each.kind is Kind.TEXT
            self.refuse(
                MessageCode.LENGTH if length else MessageCode.RANGE,
                f"{name} has an invalid length" if length else f"{name} is out of range",
            )
        elif name == "emailAddress" and not self.draft and not _EMAIL.fullmatch(value):
            self.refuse(MessageCode.TYPE, f"{name} has an invalid format")

    def _code(self, name: str, each: Field, value: Mapping[str, Any]) -> Document | None:
        key = value.get("key")
        if not isinstance(key, int) or isinstance(key, bool):
            self.refuse(MessageCode.TYPE, f"{name}.key has an invalid type")
            return None
        return self._with_option(name, each.options, {"key": key, "value": None})

    def _with_option(self, name: str, options: str | None, found: Document) -> Document:
        option = find_option(options, found["key"]) if options else None
        if options and option is None and not self.draft and options != "payrollComponent":
            self.refuse(MessageCode.OPTION, f"{name} has an invalid key")
        return found | option if option else found

    def _reference(self, name: str, each: Field, value: Mapping[str, Any]) -> Document | None:
        key = value.get("key")
        if not isinstance(key, str):
            self.refuse(MessageCode.TYPE, f"{name}.key has an invalid type")
            return None
        described = self.reference(each.options or "", key)
        if described is None and not self.draft:
            self.refuse(MessageCode.OPTION, f"{name} has an invalid key")
        return {"key": key, "value": described}


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False
