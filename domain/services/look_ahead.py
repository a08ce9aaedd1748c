"""Reading what both systems show ahead; nothing is written and nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from domain.planning.business_date import business_date
from domain.planning.forecast import Forecast, forecast
from domain.planning.pay.windows import compensations, months
from domain.services.journal import Progress, Tools, no_progress
from domain.services.reading.observe import believed, observe
from domain.settings import Policy


def look_ahead(
    policy: Policy, tools: Tools, runs: Sequence[date], *, months_ahead: int = 3, progress: Progress = no_progress
) -> Forecast:
    """The coming months against the planned runs. Raises ReadFailed or Misconfigured."""
    today = business_date(tools.clock.now())
    tools.views.catch_up()
    observation = believed(observe(tools, policy, today, progress))
    windows = tools.personio.pay(policy.entity, list(months(today, months_ahead, today)))
    until = today + timedelta(days=31 * months_ahead)
    return forecast(
        observation.personio, observation.loket, compensations(windows).values(), runs, policy, today=today, until=until
    )
