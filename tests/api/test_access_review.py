"""The monthly review of access: who read what, whose values were shown, which keys were given."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from api.commands_access import review
from domain.access import Role
from domain.events import AttributesObserved, FieldValue
from domain.services.access_keys import record_key_created
from domain.streams import person_stream
from domain.values import Actor, PersonId
from tests.support.http_api import http_api
from tests.support.log_site import gates

HISTORY = "/v1/legal-entities/170/employees/4711/history"


def test_a_month_tells_who_read_what_and_whose_values_were_shown_and_the_next_one_does_not(
    log_url: str, tmp_path: Path
) -> None:
    with http_api(log_url, tmp_path) as api:
        seen = AttributesObserved(subject="s", values=(FieldValue("address.street", "Main St"),))
        api.scribe.write(person_stream(PersonId("3007")), gates(4711), seen)
        store = api.web.store
        record_key_created(
            store.log, api.clock, actor=Actor("Petra"), key_id="tw_1", holder="Fatima", role="payroll_admin",
            entities=("170",), expires_on=date(2026, 12, 31),
        )  # fmt: skip
        fatima = api.key(Role.PAYROLL_ADMIN, holder="Fatima")
        for _ in range(2):
            api.get(HISTORY, api.key())
        api.get(HISTORY, fatima, {"Tweeluik-Reason": "she asked"}, unmask=True)
        api.web.seal()

        march, april = review(store, "2026-03"), review(store, "2026-04")

    assert [(one["reader"], one["what"], one["times"], one["employees"]) for one in march["read"]] == [
        ("Anja (auditor)", "history", 2, 1),
        ("Fatima", "history", 1, 1),
    ]
    assert [(one["actor"], one["employee_number"]) for one in march["unmasked"]] == [("Fatima", 4711)]
    assert [(one["by"], one["holder"], one["what"]) for one in march["keys"]] == [("Petra", "Fatima", "created")]
    assert "she asked" not in str(march)
    assert (april["read"], april["unmasked"], april["keys"]) == ([], [], [])
