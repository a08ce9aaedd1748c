"""Kills a writer at random moments, again and again, on one log: nothing acknowledged is lost, nothing is half there.

python -m tests.crash.kills [--kills 1000] [--seed 1] [--database sqlite postgres]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from rich.console import Console

from domain.log import StreamId
from tests.crash.campaign import postgres
from tests.support.log_site import META, LogSite, gates, overwritten, root_of, to
from tests.support.waiting import let_pass

PER_APPEND = 3


def killed(site: LogSite, kills: int, seed: int) -> Iterator[str]:
    """What was lost or half there, one line each."""
    random, told, stream = Random(seed), 0, StreamId("a")
    for kill in range(1, kills + 1):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            _append_for_ever(site, stream, write)
        os.close(write)
        os.read(read, 1)  # it is open and about to append
        let_pass(random.uniform(0.0, 0.12))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with os.fdopen(read, "rb") as pipe:
            acknowledged = told + PER_APPEND * len(pipe.read())
        with site.open() as log:
            stored = log.size()
            if not acknowledged <= stored <= acknowledged + PER_APPEND or stored % PER_APPEND:
                yield f"kill {kill}: {stored} events are there, {acknowledged} were acknowledged"
            if kill % 100 == 0 or kill == kills:
                head = log.checkpoint()
                if head is not None and head.root != root_of(log):
                    yield f"kill {kill}: the root is not that of the stored events"
                if [one.version for one in log.stream(stream)] != list(range(stored)):
                    yield f"kill {kill}: the stream has holes"
        told = stored


def _append_for_ever(site: LogSite, stream: StreamId, said: int) -> None:
    with site.open() as log:
        subject, version = log.vault.subject(), log.size()
        os.write(said, b"!")
        while True:
            facts = (gates(version), overwritten(subject, "Main St", str(version)), gates(version))
            log.append([to(stream, version, *facts)], meta=META)
            os.write(said, b".")
            version += PER_APPEND


@contextmanager
def site(database: str, folder: Path) -> Iterator[LogSite]:
    if database == "sqlite":
        yield LogSite.at(f"sqlite:///{folder}/log.db", folder)
        return
    with postgres(folder / "data") as server:
        yield LogSite.at(server.get_uri(), folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    console, broken = Console(), 0
    for database in options.database:
        with tempfile.TemporaryDirectory() as name, site(database, Path(name)) as where:
            for line in killed(where, options.kills, options.seed):
                console.print(f"{database}: {line}", style="red")
                broken += 1
            with where.open() as log:
                console.print(f"{database}: {options.kills} kills, {log.size():,} events, {broken} broken")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
