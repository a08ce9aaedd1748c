"""A run that stands still beyond its lease, while others take its place: real processes, servers and databases."""

from __future__ import annotations

import re
import shutil
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

from api.bootstrap import open_store
from api.config import load
from tests.crash.campaign import Base, prepared
from tests.support.invariants import broken
from tests.support.processes import in_a_fork, sync, waiting

LEASE = 0.6
CREATED = re.compile("before POST .*conceptemployees")


def test_a_run_that_stood_still_sends_nothing_once_another_took_its_place(tmp_path: Path) -> None:
    base = prepared(tmp_path, None)
    sent = next(at for at, what in enumerate(base.steps, start=1) if CREATED.match(what))
    intent = max(at for at, what in enumerate(base.steps[:sent], start=1) if "write_intended" in what)

    told = in_a_fork(lambda: _played(base, intent + 2))  # its intent is committed, and nothing is sent

    assert told["stood still"]
    assert told["late writes"] == 0
    assert told["broken"] == []
    assert told["held"] == base.held


def _played(base: Base, step: int) -> dict[str, Any]:
    """One run freezes and outlives its lease; three others want the entity; then it wakes up."""
    folder, reference = base.folder / "frozen", base.reference
    shutil.copytree(base.folder / "base", folder)
    frozen = waiting(lambda: sync(folder, "run-2", cut=step, stop=signal.SIGSTOP, lease=LEASE), folder / "errors")
    others = [waiting(partial(sync, folder, name), folder / "errors") for name in ("run-3", "run-4", "run-5")]
    reference.start()
    (folder / "tweeluik.toml").write_text(reference.toml(base.url(folder, "frozen"), str(folder)))
    frozen.start()
    still = frozen.stands_still()
    time.sleep(LEASE + 0.1)
    for one in others:
        one.start()
    codes = [one.wait() for one in others]
    before = len(reference.loket.writes())
    frozen.go_on()
    codes.append(frozen.wait())
    late = len(reference.loket.writes()) - before
    settings = load(folder / "tweeluik.toml")
    with open_store(settings) as store:
        found = broken(settings, store, reference, "")
    found += [f"a run ended with {code}" for code in codes if code]
    told = {"stood still": still, "late writes": late, "broken": found, "held": reference.held()}
    reference.stop()
    return told
