"""The facts of a confirmed write: which Loket values were replaced, and which were cleared (AUD-3, RETRO-2)."""

from __future__ import annotations

from domain.events.loket import FieldOverwritten, WriteIntended, WriteKind
from domain.values import BLANK


def dated_rule(kind: WriteKind) -> str:
    """The rule behind a dated write: a chain is rebuilt under PAY-8, other pay is made equal under PAY-3."""
    if kind.of_hours:
        return "PAY-13"
    return "PAY-8" if kind.deletes else "PAY-3"


def overwrites(intended: WriteIntended) -> tuple[FieldOverwritten, ...]:
    """One fact a field that gets another value; creating a concept replaces nothing."""
    if intended.kind is WriteKind.CONCEPT_CREATED:
        return ()
    return tuple(
        FieldOverwritten(
            run_id=intended.run_id,
            intent=intended.intent,
            person_id=intended.person_id,
            subject=intended.subject,
            field=change.field,
            before=change.before,
            after=change.after,
            rule=dated_rule(intended.kind) if intended.kind.dated else "EDIT-2" if change.after is BLANK else "EDIT-1",
            effective_on=intended.effective_on if intended.kind.pays else None,  # of hours, Personio tells no day
        )
        for change in intended.changes
        if change.before != change.after
    )
