"""How long a full verification takes, and how much memory: python -m bench.verify [--events N]

Reach: 1,000,000 events in at most 15 s and 100 MB without the views. The floor, from the same run, reads every row and
hashes it once. With the views each event is folded into all of them, and every row of theirs is read: as long as a
rebuild takes. The views that a report is made from, and those of an evidence pack, are folded by whoever asks for one.

By two: two processes look side by side. CPU is that of all of them; `longest` that of the one that computed the
longest, about how long it takes where each has a core of its own; peak memory that of the largest.
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
from typing import Final, NamedTuple, TypeAlias

from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.processes import Processes
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.notes import open_checkpoint
from adapters.log.proof.tree import Edge
from adapters.log.proof.verify import verify, verify_tail
from adapters.log.stored import open_stored
from adapters.projections.afresh import EVIDENCE, REPORT, views_afresh
from adapters.projections.comparing import with_views
from adapters.projections.open import open_views
from adapters.projections.projection import Projection
from bench.logs import KEY, arguments, computed_by, console, large_log

Work: TypeAlias = Callable[[str, Path], "Answer"]


class Answer(NamedTuple):
    found: str
    longest: float | None = None  # seconds of computing, of the process that computed the longest


class Watched(Processes):
    """Notes what its processes computed before they end."""

    longest: float | None = None

    def _end(self) -> None:
        self.longest = max((computed_by(each.pid) for each in self._running), default=self.longest)
        super()._end()


def verification(url: str, folder: Path, processes: int = 1, *, views: bool = False) -> Answer:
    with open_stored(url) as stored, Watched(url, stored, processes, views=views) as beside:
        found = verify(stored, Copies(folder), KEY.verifier, now=datetime.now(UTC), beside=beside)
        if views:
            found = with_views(found, stored, beside=beside.sound_views)
    return Answer(found.verdict.value, beside.longest)


def with_the_views(url: str, folder: Path, processes: int = 1) -> Answer:
    return verification(url, folder, processes, views=True)


def verification_by_two(url: str, folder: Path) -> Answer:
    return verification(url, folder, 2)


def with_the_views_by_two(url: str, folder: Path) -> Answer:
    return with_the_views(url, folder, 2)


def what_is_new(url: str, folder: Path) -> Answer:
    """The last fiftieth, as of a week between two verifications of everything that are a year apart."""
    with closing(_log(url, folder)) as log, open_stored(url) as stored, log.recorder.tree() as tree:
        notes = [note for _, note in Copies(folder).notes()]
        since = open_checkpoint(notes[len(notes) * 49 // 50], KEY.verifier)
        edge = Edge.load(tree, since.size)
        copies = Copies(folder)
        found = verify_tail(stored, copies, KEY.verifier, now=datetime.now(UTC), since=since, edge=edge, macs=log.macs)
        return Answer(with_views(found, stored, kept=_kept(folder)).verdict.value)


def kept_views(url: str, folder: Path) -> Answer:
    """The comparison that leaves what the next one goes on from; that one then has nothing to fold."""
    with open_stored(url) as stored:
        found = verify(stored, Copies(folder), KEY.verifier, now=datetime.now(UTC))
        return Answer(with_views(found, stored, kept=_kept(folder)).verdict.value)


def _kept(folder: Path) -> Path:
    return folder.parent / "views.db"


def stored_views(url: str, folder: Path) -> Answer:
    with closing(_log(url, folder)) as log, closing(open_views(url, log)) as views:
        views.rebuild()
    return Answer("")


def report(url: str, folder: Path) -> Answer:
    return _folded(url, folder, REPORT)


def evidence(url: str, folder: Path) -> Answer:
    return _folded(url, folder, EVIDENCE)


def _folded(url: str, folder: Path, projections: tuple[Projection, ...]) -> Answer:
    with closing(_log(url, folder)) as log, views_afresh(log, projections):
        return Answer(f"{len(projections)} views")


def _log(url: str, folder: Path) -> EventLog:
    return open_log(url, keys_url=f"sqlite:///{folder.parent}/keys.db", checkpoints=folder)


def floor(url: str, _folder: Path) -> Answer:
    size = 0
    with open_stored(url) as stored:
        while rows := list(stored.events(size + 1, 2_000)):
            for *_, state, _leaf in rows:
                sha256(state).digest()
            size += len(rows)
    return Answer(f"{size} events read")


class Measured(NamedTuple):
    answer: Answer
    seconds: float
    computing: float  # seconds of CPU, of all processes
    peak: float  # MiB of the largest


def measured(work: Work, url: str, folder: Path) -> Measured:
    """In a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_timed, work, url, folder).result()


def _timed(work: Work, url: str, folder: Path) -> Measured:
    started, computed, others = time.perf_counter(), time.process_time(), _others()
    found = work(url, folder)
    seconds, own, beside = time.perf_counter() - started, time.process_time() - computed, _others() - others
    longest = None if found.longest is None else max(found.longest, own)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Measured(Answer(found.found, longest), seconds, own + beside, peak / 1024)


def _others() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


WORK: Final[tuple[Work, ...]] = (
    verification, verification_by_two, with_the_views, with_the_views_by_two, kept_views, what_is_new, report, evidence,
)  # fmt: skip


def main() -> None:
    options = arguments("verification of a whole log", 1_000_000)
    table = Table("database", "events", "what", "found", "seconds", "CPU", "longest", "floor", "ratio", "peak MiB")
    for database in options.databases:
        with large_log(database, options.events) as (url, folder, _):
            with console.status(f"folding the views on {database}"):
                measured(stored_views, url, folder)
            least = measured(floor, url, folder).seconds
            for what in WORK:
                (found, longest), seconds, computing, peak = measured(what, url, folder)
                figures = f"{seconds:.2f}", f"{computing:.2f}", "" if longest is None else f"{longest:.2f}"
                name, ratio = what.__name__.replace("_", " "), f"{seconds / least:.1f}×"
                table.add_row(
                    database, f"{options.events:,}", name, found, *figures, f"{least:.2f}", ratio, f"{peak:.0f}"
                )
    console.print(table)


if __name__ == "__main__":
    main()
