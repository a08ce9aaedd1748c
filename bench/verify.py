"""How long a full verification takes, and how much memory: python -m bench.verify [--events N]

Reach: 1,000,000 events in at most 15 s and 100 MB without the views. The floor, from the same run, reads every row and
hashes it once. With the views each event is folded into all of them, and every row of theirs is read: as long as a
rebuild takes. The views that a report is made from, and those of an evidence pack, are folded by whoever asks for one.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.notes import open_checkpoint
from adapters.log.proof.tree import Edge
from adapters.log.proof.verify import verify, verify_tail
from adapters.log.stored import open_stored
from adapters.projections.afresh import EVIDENCE, REPORT, views_afresh
from adapters.projections.comparing import with_views
from adapters.projections.open import open_views
from adapters.projections.projection import Projection
from bench.logs import KEY, arguments, console, large_log


def verification(url: str, folder: Path) -> str:
    with open_stored(url) as stored:
        return verify(stored, Copies(folder), KEY.verifier, now=datetime.now(UTC)).verdict.value


def with_the_views(url: str, folder: Path) -> str:
    with open_stored(url) as stored:
        found = verify(stored, Copies(folder), KEY.verifier, now=datetime.now(UTC))
        return with_views(found, stored).verdict.value


def what_is_new(url: str, folder: Path) -> str:
    """The last fiftieth, as of a week between two verifications of everything that are a year apart."""
    with closing(_log(url, folder)) as log, open_stored(url) as stored, log.recorder.tree() as tree:
        notes = [note for _, note in Copies(folder).notes()]
        since = open_checkpoint(notes[len(notes) * 49 // 50], KEY.verifier)
        edge = Edge.load(tree, since.size)
        copies = Copies(folder)
        found = verify_tail(stored, copies, KEY.verifier, now=datetime.now(UTC), since=since, edge=edge, macs=log.macs)
        return with_views(found, stored, kept=_kept(folder)).verdict.value


def kept_views(url: str, folder: Path) -> str:
    """The comparison that leaves what the next one goes on from; that one then has nothing to fold."""
    with open_stored(url) as stored:
        found = verify(stored, Copies(folder), KEY.verifier, now=datetime.now(UTC))
        return with_views(found, stored, kept=_kept(folder)).verdict.value


def _kept(folder: Path) -> Path:
    return folder.parent / "views.db"


def stored_views(url: str, folder: Path) -> str:
    with closing(_log(url, folder)) as log, closing(open_views(url, log)) as views:
        views.rebuild()
    return ""


def report(url: str, folder: Path) -> str:
    return _folded(url, folder, REPORT)


def evidence(url: str, folder: Path) -> str:
    return _folded(url, folder, EVIDENCE)


def _folded(url: str, folder: Path, projections: tuple[Projection, ...]) -> str:
    with closing(_log(url, folder)) as log, views_afresh(log, projections):
        return f"{len(projections)} views"


def _log(url: str, folder: Path) -> EventLog:
    return open_log(url, keys_url=f"sqlite:///{folder.parent}/keys.db", checkpoints=folder)


def floor(url: str, _folder: Path) -> str:
    size = 0
    with open_stored(url) as stored:
        while rows := list(stored.events(size + 1, 2_000)):
            for *_, state, _leaf in rows:
                sha256(state).digest()
            size += len(rows)
    return f"{size} events read"


def measured(work: Callable[[str, Path], str], url: str, folder: Path) -> tuple[str, float, float, float]:
    """In a process of its own, so that its peak memory is its own: (answer, seconds, of them computing, MiB)."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_timed, work, url, folder).result()


def _timed(work: Callable[[str, Path], str], url: str, folder: Path) -> tuple[str, float, float, float]:
    started, computed = time.perf_counter(), time.process_time()
    found = work(url, folder)
    seconds, computing = time.perf_counter() - started, time.process_time() - computed
    return found, seconds, computing, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    options = arguments("verification of a whole log", 1_000_000)
    table = Table("database", "events", "what", "found", "seconds", "of them computing", "floor", "ratio", "peak MiB")
    for database in options.databases:
        with large_log(database, options.events) as (url, folder, _):
            with console.status(f"folding the views on {database}"):
                measured(stored_views, url, folder)
            _, floor_seconds, *_ = measured(floor, url, folder)
            for what in (verification, with_the_views, kept_views, what_is_new, report, evidence):
                found, seconds, computing, peak = measured(what, url, folder)
                name, ratio = what.__name__.replace("_", " "), f"{seconds / floor_seconds:.1f}×"
                figures = f"{seconds:.2f}", f"{computing:.2f}", f"{floor_seconds:.2f}", ratio, f"{peak:.0f}"
                table.add_row(database, f"{options.events:,}", name, found, *figures)
    console.print(table)


if __name__ == "__main__":
    main()
