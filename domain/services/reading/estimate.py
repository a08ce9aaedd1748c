"""How many requests a look at both systems takes, and how long: told before it begins, from what the log knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.planning.plausible import Sweep
from domain.services.journal import Tools
from domain.services.reading.last_read import latest_run
from domain.services.reading.sweeps import last_accepted
from domain.services.reading.unread import doubted_since
from domain.settings import Policy

_ALWAYS: Final = 25  # however few people there are
_A_PAGE: Final = 50  # people of one page, of the several lists that are read
_TOLD_FROM: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """`takes` at the pace of the latest run that completed, its pauses and limits included; None: too short to tell."""

    requests: int
    takes: timedelta | None = None

    @property
    def text(self) -> str:
        about = f"about {self.requests:,} requests to both systems"
        return f"{about}, {self.takes.total_seconds():,.0f} s at the pace of the last run" if self.takes else about


def estimate(tools: Tools, policy: Policy, today: date) -> Estimate | None:
    """None before the first run that completed. The views must be caught up."""
    entity = policy.entity.personio_id
    last, sweep = latest_run(tools, policy), last_accepted(tools, entity)
    if last is None or sweep is None:
        return None
    told = last.version is not None and last.rights
    trusted = told and doubted_since(tools, entity, *policy.same_employer) is None
    now = requests(sweep, sweep.people if trusted and last.may_be_repeated(policy, today) else 0)
    takes = last.took * now / requests(sweep, last.spared)
    return Estimate(now, takes if takes >= _TOLD_FROM else None)


def requests(sweep: Sweep, spared: int) -> int:
    """One for each person in Personio, two for each employee in Loket who is not `spared`, and lists."""
    swept = sweep.sightings.swept
    return _ALWAYS + swept + swept // _A_PAGE + 2 * max(0, min(sweep.people, sweep.employees) - spared)
