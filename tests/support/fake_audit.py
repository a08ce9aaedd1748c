"""The fake Loket's audit trail: what moved between two looks at an employee, under captions unlike our paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import blake2b

from domain.drift.audit_trail import AuditEntry
from domain.values import EmployeeNumber, FieldPath, Observed

Look = Callable[[], Mapping[FieldPath, Observed]]


class FakeAudit:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: list[tuple[str, AuditEntry]] = []
        self.readable = True
        self.silent = False  # changes leave no trace from now on

    @contextmanager
    def watching(self, employer: str, number: int | None, look: Look, by: str) -> Iterator[None]:
        """Whatever `look` shows otherwise afterwards is an entry by this user."""
        before = dict(look())
        yield
        after = look()
        if number is None or self.silent:
            return
        for path in sorted(before.keys() & after.keys()):
            if before[path] != after[path]:
                self._entries.append((employer, self._entry(number, path, before[path], after[path], by)))

    def between(self, employer: str, since: date, until: date) -> tuple[AuditEntry, ...] | None:
        if not self.readable:
            return None
        return tuple(one for where, one in self._entries if where == employer and since <= one.at.date() <= until)

    def _entry(self, number: int, path: FieldPath, old: Observed, new: Observed, by: str) -> AuditEntry:
        caption = f"Rubriek {blake2b(path.encode(), digest_size=2).hexdigest()}"
        texts = (_text(old), _text(new))
        performer, name = f"id of {by}", by
        return AuditEntry(
            EmployeeNumber(number), ("Werknemer", caption), *texts, "Gebruiker", performer, name, self._now()
        )


def _text(value: Observed) -> str | None:
    return value[:250] if isinstance(value, str) else None
