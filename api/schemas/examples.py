"""Named examples for the description of the API: the address of the article, "Main St" to "Central Ave"."""

from __future__ import annotations

from typing import Any, Final

EVENTS: Final[dict[str, dict[str, Any]]] = {
    "an address is overwritten": {
        "summary": "Main St becomes Central Ave, masked as every caller sees it at first",
        "value": {
            "items": [
                {
                    "position": 41,
                    "recorded_at": "2026-03-15T09:30:00Z",
                    "kind": "loket_record.field_overwritten.v1",
                    "actor": "Fatima",
                    "run": "20260315-093000-k3f9q2",
                    "legal_entity": "170",
                    "person_id": "3007",
                    "employee_number": 4711,
                    "rule": "EDIT-1",
                    "effective_on": None,
                    "fields": ["address.street"],
                    "sentence": "Street was overwritten in Loket: ••• became •••; effective date not told by Personio,"
                    " retroactive: unknown.",
                    "data": {"field": "address.street", "before": "•••", "after": "•••", "rule": "EDIT-1"},
                }
            ],
            "next": "NDE.6f0c2ab1d9e84c05a7b3c2d1e0f9a8b7",
            "more": False,
        },
    }
}
WHY: Final[dict[str, dict[str, Any]]] = {
    "left out by an end date in Loket": {
        "summary": "Why was Jan not synced on 15 March 2026?",
        "value": {
            "legal_entity": "170",
            "employee_number": 4712,
            "on": "2026-03-15",
            "answer": "Left out under END-2: An end date in Loket, even a future one, leaves the person out at once.",
            "runs": [],
        },
    }
}
ERASURE: Final[dict[str, dict[str, Any]]] = {
    "fiscal values are kept": {
        "summary": "Someone who left asks to be erased: fiscal values stay for seven years, phones and e-mail go",
        "value": {
            "erasure": "erasure-0",
            "person_id": "3007",
            "state": "requested",
            "requested_by": "Petra",
            "requested_at": "2028-06-01T10:00:00Z",
            "restricted": [{"class": "fiscal_7y", "why": "legal_period", "until": "2034-01-01"}],
            "erased": [],
        },
    }
}
ACCESS_REVIEW: Final[dict[str, dict[str, Any]]] = {
    "a month": {
        "summary": "Anja read a history twice, Fatima was shown it in clear, and has a key since that month",
        "value": {
            "month": "2026-03",
            "read": [
                {"reader": "Anja", "role": "auditor", "what": "history", "legal_entity": "170", "times": 2,
                 "employees": 1},
                {"reader": "Fatima", "role": "payroll_admin", "what": "history", "legal_entity": "170", "times": 1,
                 "employees": 1},
            ],
            "unmasked": [
                {"position": 3, "actor": "Fatima", "at": "2026-03-20T09:00:00Z", "what": "history",
                 "legal_entity": "170", "employee_number": 4711},
            ],
            "keys": [
                {"position": 2, "by": "Petra", "key_id": "tw_1", "holder": "Fatima", "what": "created"},
            ],
        },
    }
}  # fmt: skip
EXAMPLES: Final = EVENTS | WHY | ERASURE | ACCESS_REVIEW
