"""Reads the payment (SEPA) record that carries the net wage of an employment (Loket API 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from adapters import bounded
from adapters.loket.api import EMPLOYERS, EMPLOYMENTS, PAYMENT, LoketApi, Notes
from adapters.loket.bulk import at_once
from adapters.loket.documents import Object, in_payment, read
from adapters.transport import fan_out
from domain.attributes import PAYMENT_BIC, PAYMENT_IBAN, Kind
from domain.errors import IncompleteRead, NotFound
from domain.snapshots import PaymentRecord
from domain.values import BLANK, NOT_OBSERVED

PAYMENT_FIELDS: Final = ((PAYMENT_IBAN, Kind.IBAN), (PAYMENT_BIC, Kind.TEXT))


def payment_records(api: LoketApi, employer: str, employments: Iterable[str], notes: Notes) -> dict[str, PaymentRecord]:
    """By employment id. At once where Loket offers that and we recognise it, else one by one."""
    wanted = frozenset(employments)
    if not wanted:
        return {}
    path = f"{EMPLOYERS}/{employer}/employees/employments/paymentinformationsepa"
    known = at_once(api, path, PAYMENT, notes, owners=wanted, holding="iban") or {}
    known = {owner: records for owner, records in known.items() if all(_usable(each, owner) for each in records)}

    def record_of(employment: str) -> tuple[str, PaymentRecord] | None:
        try:
            record = _record(api, employment, known.get(employment), notes)
        except NotFound:
            return None
        return (employment, record) if record else None

    return dict(filter(None, fan_out(record_of, sorted(wanted))))


def defaults(api: LoketApi, employment: str) -> Object:
    """What Loket proposes for a new record, read-only fields included; empty when it does not tell."""
    answer = api.optional(f"{EMPLOYMENTS}/{employment}/paymentinformationsepa/defaults", PAYMENT)
    body = answer.body if answer.ok and isinstance(answer.body, dict) else {}
    content = body.get("content", body)
    if isinstance(content, dict):
        return content
    return {}


def component(record: Object) -> int | None:
    named = record.get("payrollComponent")
    return bounded.integral(named.get("key")) if isinstance(named, dict) else None


def _record(api: LoketApi, employment: str, known: Sequence[Object] | None, notes: Notes) -> PaymentRecord | None:
    """The only record; of several the one of the default's component; else the component where a new one must go."""
    path = f"{EMPLOYMENTS}/{employment}/paymentinformationsepa"
    records = known or api.every(path, PAYMENT, notes)  # an employment missing from the bulk list is asked for itself
    if len(records) == 1:
        return _payment(records[0])
    default = component(defaults(api, employment))
    if records and default is None:
        notes["an employment has several payment records and Loket does not tell which carries the net wage"] = None
        return None
    fitting = next((record for record in records if component(record) == default), None)
    return _payment(fitting) if fitting else PaymentRecord(None, BLANK, component=default)


def _payment(record: Object) -> PaymentRecord:
    found = read(record, PAYMENT_FIELDS, in_payment, {})
    return PaymentRecord(
        _id(record), found.get(PAYMENT_IBAN, NOT_OBSERVED), found.get(PAYMENT_BIC, NOT_OBSERVED), component(record)
    )


def _id(record: Object) -> str:
    if not isinstance(record.get("id"), str):
        raise IncompleteRead("Loket listed a payment record without an id")
    return str(record["id"])


def _usable(record: Any, owner: str) -> bool:
    return isinstance(record.get("id"), str) and record["id"] != owner
