"""Deriving a run of many people again, and asking what other settings would have made of many runs.

python -m bench.derive [--people 1000] [--runs 6] [--databases sqlite postgres]

Floor: `decide` on inputs that are there, and reading and opening every stream of the run's people, as the run itself
did. Reach: one run derived again ≤ 1 × that floor, in at most 200 MiB; sixty runs under other settings ≤ 60 s of CPU on
two cores, which is what is shown per run times sixty. CPU, the least of five rounds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeAlias

import structlog
from rich.table import Table

from api.bootstrap import Store, open_store, open_tools
from api.config.settings import Settings, load
from bench.logs import console, database_url, peak_mib
from bench.simulators import ENTITY, simulators
from domain.services.replay.looks import Look, Looks, looks_between
from domain.services.replay.replay import Verdict, replay
from domain.services.replay.what_if import what_if, with_settings
from domain.services.sync.run import run_sync
from domain.streams import loket_stream, person_stream
from domain.values import Actor, LegalEntityId, RunId

OTHERWISE: Final = ["rules.leave_counts_as_active=true"]
_ROUNDS: Final = 5

Work: TypeAlias = Callable[[Settings, Store], float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    table = Table(title=f"{options.people:,} people, {options.runs} runs", caption="CPU seconds; MiB of the process")
    for column in ("database", "what", "CPU", "× floor", "MiB"):
        table.add_column(column, justify="right" if column not in ("database", "what") else "left")
    for database in options.databases:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(database_url(database, folder))
            servers = stack.enter_context(simulators(options.people, answer_ms=0))
            config = folder / "tweeluik.toml"
            config.write_text(servers.toml(url))
            ran(config, options.runs)
            (floor, again), mib = apart([decided_and_read, derived], config)
            table.add_row(database, "floor", f"{floor:.2f}", "1.00", mib)
            table.add_row(database, "derived again", f"{again:.2f}", f"{again / floor:.2f}", mib)
            (others,), mib = apart([asked], config)
            table.add_row(database, f"what if, {options.runs} runs", f"{others:.2f}", f"{others / floor:.2f}", mib)
    console.print(table)


def ran(config: Path, runs: int) -> None:
    """So many syncs."""
    settings = load(config)
    policy = settings.policy(ENTITY)
    with open_store(settings) as store, open_tools(settings, store) as tools:
        for number in range(runs):
            with console.status(f"run {number + 1} of {runs}"):
                run_sync(policy, tools, actor=Actor("bench"), run_id=RunId(f"run-{number}"))


def apart(works: Sequence[Work], config: Path) -> tuple[list[float], str]:
    """CPU of each work, and peak memory of the process of its own that does nothing else."""
    with get_context("spawn").Pool(1) as pool:
        measured: tuple[list[float], str] = pool.apply(_alone, (works, config))
        return measured


def _alone(works: Sequence[Work], config: Path) -> tuple[list[float], str]:
    """Turn and turn about, so that what else the machine does falls on all of them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    settings = load(config)
    with open_store(settings, reading=True) as store:
        rounds = [[work(settings, store) for work in works] for _ in range(_ROUNDS)]
        return [min(taken) for taken in zip(*rounds, strict=True)], peak_mib()


def decided_and_read(_: Settings, store: Store) -> float:
    look = _last(store)
    begun = time.process_time()
    plan = look.decide()
    names = [person_stream(one.person) for one in plan.decisions]
    names += [loket_stream(LegalEntityId(ENTITY), one.number) for one in plan.decisions if one.number is not None]
    found = store.log.streams(names)
    store.vault.opened([event for events in found.values() for event in events])
    return time.process_time() - begun


def derived(_: Settings, store: Store) -> float:
    name = looks_between(store.log)[-1]
    begun = time.process_time()
    made = replay(Looks(store.log, store.vault), name)
    assert made.verdicts == {Verdict.AGREES: made.people}
    return time.process_time() - begun


def asked(_: Settings, store: Store) -> float:
    names = looks_between(store.log)
    begun = time.process_time()
    looks = Looks(store.log, store.vault)
    for name in names:
        look = looks.look(name)
        what_if(look, with_settings(look.policy, OTHERWISE))
    return time.process_time() - begun


def _last(store: Store) -> Look:
    return Looks(store.log, store.vault).look(looks_between(store.log)[-1])


if __name__ == "__main__":
    main()
