"""How many requests a look at both systems takes, and how long: told before it begins, from what the log knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.events.runs import RunCompleted, RunStarted, SystemsRead
from domain.planning.plausible import Sweep
from domain.services.journal import Tools
from domain.services.judged_by import policy_applied
from domain.services.sync.last_read import doubted_since
from domain.services.sync.sweeps import last_accepted
from domain.settings import Policy
from domain.streams import run_stream

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
    run, sweep = tools.views.sync_state.accepted_sweep(entity), last_accepted(tools, entity)
    if run is None or sweep is None:
        return None
    events = tools.log.stream(run_stream(run))
    started = next(one for one in events if isinstance(one.fact, RunStarted))
    read = next((one for one in events if isinstance(one.fact, SystemsRead)), None)
    if read is None or not isinstance(started.fact, RunStarted) or not isinstance(read.fact, SystemsRead):
        return None
    ended_well = any(isinstance(one.fact, RunCompleted) and not one.fact.with_errors for one in events)
    same = (started.fact.business_date, started.fact.policy) == (today, policy_applied(policy).digest)
    told = policy.between_full_reads and read.fact.version is not None and read.fact.rights
    trusted = told and doubted_since(tools, entity, *policy.same_employer) is None
    now = requests(sweep, sweep.people if ended_well and same and trusted else 0)
    then = requests(sweep, read.fact.not_read_again.people if read.fact.not_read_again else 0)
    took = read.meta.recorded_at - started.meta.recorded_at
    takes = took * now / then
    return Estimate(now, takes if takes >= _TOLD_FROM else None)


def requests(sweep: Sweep, spared: int) -> int:
    """One for each person in Personio, two for each employee in Loket who is not `spared`, and lists."""
    swept = sweep.sightings.swept
    return _ALWAYS + swept + swept // _A_PAGE + 2 * max(0, min(sweep.people, sweep.employees) - spared)
