"""A log with the views beside it, and facts of two employees that the views are asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.projections.open import OpenViews, open_views
from domain.events.loket import (
    FieldOverwritten,
    WriteIntended,
    WriteKind,
)
from domain.events.personio import (
    AttributeChanged,
    GatesObserved,
)
from domain.events.runs import (
    OutcomeRecorded,
    RunCompleted,
    RunStarted,
)
from domain.events.values import FieldChange
from domain.log import Log, Vault
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId
from tests.support.scribe import MARCH_15, Scribe

TULP, IRIS = LegalEntityId("170"), LegalEntityId("171")
SANNE, JAN = PersonId("3007"), PersonId("3008")
NUMBER, OTHER_NUMBER = EmployeeNumber(4711), EmployeeNumber(4712)
SANNES, JANS, LOKET = person_stream(SANNE), person_stream(JAN), loket_stream(TULP, NUMBER)
STREET = FieldPath("address.street")


class World:
    """A log and the views beside it."""

    def __init__(self, url: str, log: Log, vault: Vault) -> None:
        self.url = url
        self.log = log
        self.vault = vault
        self.scribe = Scribe(log)
        self.write = self.scribe.write
        self.views = open_views(url, log)

    def caught_up(self) -> OpenViews:
        self.views.catch_up()
        return self.views


def gates(entity: LegalEntityId = TULP, number: int | None = NUMBER) -> GatesObserved:
    return GatesObserved(
        legal_entity=entity, status="ACTIVE", considered="yes", employee_number=number, income_number=1
    )


def intended(intent: str) -> WriteIntended:
    return WriteIntended(
        intent=intent,
        run_id="run-1",
        person_id=SANNE,
        kind=WriteKind.EMPLOYEE,
        target="guid",
        subject="s-1",
        changes=(FieldChange(STREET, "Main St", "Central Ave"),),
    )


def outcome(result: str = "updated", reason: str = "EDIT-1", **more: Any) -> OutcomeRecorded:
    return OutcomeRecorded(**{"person_id": SANNE, "employee_number": NUMBER, **more}, outcome=result, reason=reason)


def overwritten() -> FieldOverwritten:
    return FieldOverwritten(
        run_id="run-1",
        intent="i-1",
        person_id=SANNE,
        subject="s-1",
        field=STREET,
        before="Main St",
        after="Central Ave",
        rule="RETRO-2",
    )


def changed(after: str = "Central Ave") -> AttributeChanged:
    return AttributeChanged(subject="s-1", field=STREET, before="Main St", after=after, previously_observed_at=MARCH_15)


def started(entity: LegalEntityId = TULP) -> RunStarted:
    return RunStarted(legal_entity=entity, business_date=date(2026, 3, 15))


def completed(*, with_errors: bool = False) -> RunCompleted:
    return RunCompleted(with_errors=with_errors, counts={"updated": 1})


# --- where the synchronisation stands ----------------------------------------------------------------------------
