"""What a write is about, in words."""

from __future__ import annotations

from typing import Final

from domain.events.loket import WriteKind

THINGS: Final = {
    WriteKind.EMPLOYEE: "the employee",
    WriteKind.BSN: "the BSN",
    WriteKind.PAYMENT: "the payment information",
    WriteKind.PAYMENT_CREATED: "new payment information",
    WriteKind.CONCEPT_CREATED: "a new concept employee",
    WriteKind.CONCEPT: "the concept employee",
    WriteKind.CONCEPT_BSN: "the BSN of the concept employee",
    WriteKind.WAGE: "the wage",
    WriteKind.WAGE_CREATED: "a new wage",
    WriteKind.WAGE_DELETED: "the end of a wage",
    WriteKind.BENEFIT: "recurring pay",
    WriteKind.BENEFIT_CREATED: "new recurring pay",
    WriteKind.BENEFIT_DELETED: "the end of recurring pay",
    WriteKind.PERIOD_DATA: "one-time pay",
    WriteKind.HOURS: "the working hours",
    WriteKind.HOURS_CREATED: "new working hours",
}
