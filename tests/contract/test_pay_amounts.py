"""Amounts pass from the JSON text of one system to the JSON text of the other without ever being binary floats."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.personio.mapping import compensation
from adapters.transport import decode
from domain.planning.pay.conversion import PayrollPeriod, Wage, wage
from domain.services.sync.report import RunStatus
from domain.settings import AmountBasis
from tests.support.log_site import LogSite
from tests.support.people import person
from tests.support.world import TULP, World
from tests.support.world_over_http import OverHttp

_NOT_A_FLOAT = "4503.37"  # no binary float is exactly this


@pytest.mark.parametrize(
    ("text", "sent"),
    [("0.1", "0.10"), ("1234.10", "1234.10"), ("99999.995000000000001", None), ("2.675", None), ("1e3", "1000.00")],
)
def test_an_amount_is_exactly_what_personio_wrote(text: str, sent: str | None) -> None:
    """2.675 as a float is 2.67499999…: it would pass for 2.67. As written it has a decimal too many: a finding."""
    listed = decode(
        b'{"id":"c1","person":{"id":"3007"},"type":{"id":"t","name":"Salary","category":"FIXED_SALARY"},'
        b'"amount":{"value":'
        + text.encode()
        + b',"currency":"EUR"},"interval":"MONTHLY","effective_from":"2026-02-01",'
        b'"weekly_working_hours":40,"full_time_weekly_working_hours":40}'
    )

    made = wage(compensation(listed), person(), PayrollPeriod.MONTH, AmountBasis.UNDECIDED)

    assert (f"{made.amount}" if isinstance(made, Wage) else None) == sent


def test_the_wage_in_lokets_request_is_a_plain_decimal_number(tmp_path: Path, sqlite_views_url: str) -> None:
    wiring = OverHttp(LogSite.at(sqlite_views_url, tmp_path))
    world = World(wiring, pay_from=date(2026, 1, 1))
    sanne = world.employ("Sanne")
    assert sanne.person is not None
    hours = (Decimal(40), Decimal(40))
    world.hr.set_salary(sanne.person, Decimal(_NOT_A_FLOAT), "MONTHLY", hours=hours, effective_from=date(2026, 2, 1))

    report = world.run(date(2026, 3, 15))

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    (request,) = [one for one in wiring._loket.writes() if one.path.endswith("/wages")]
    assert f'"grossWage":{_NOT_A_FLOAT}' in request.body.decode().replace(" ", "")
    assert json.loads(request.body, parse_float=Decimal)["grossWage"] == Decimal(_NOT_A_FLOAT)
    assert world.payroll.wages(TULP, sanne.number)[date(2026, 2, 1)].amount == Decimal(_NOT_A_FLOAT)
    world.close()
