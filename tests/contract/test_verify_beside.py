"""Verification in several processes, on both databases: the same verdict as in one, or none at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.log.processes import Order, Processes
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.rows import NOT_OURS
from adapters.log.proof.tree import TILE_WIDTH
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.stored import Stored, checkpoint_key, open_stored
from adapters.projections.comparing import with_views
from adapters.projections.open import open_views
from domain.errors import LogUnavailable
from tests.contract.test_log_not_believed import SIZE, plant
from tests.contract.test_verify_product import behind_our_back, rewrite
from tests.support.log_site import META, LogSite, gates, to

NOW = META.recorded_at + timedelta(minutes=1)


@pytest.fixture
def site(log_url: str, tmp_path: Path) -> LogSite:
    """600 events with their views: two ranges of a tile, and a part of a third."""
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        for version in range(0, 200, 50):
            for person in range(3):
                log.append([to(f"person:{person}", version, *[gates(person)] * 50)], meta=META)
        log.checkpoint()
        with closing(open_views(log_url, log)) as views:
            views.catch_up()
    return site


@pytest.fixture
def stored(site: LogSite) -> Iterator[Stored]:
    with open_stored(site.url) as stored:
        yield stored


def judged(site: LogSite, stored: Stored, processes: Processes) -> Verification:
    folder = site.folder / "checkpoints"
    key = checkpoint_key(site.keys_url, folder, None)
    with site.open() as log, processes as beside:
        found = verify(stored, Copies(folder), key, now=NOW, macs=log.macs, beside=beside)
        return with_views(found, stored, beside=beside.sound_views)


def in_several(site: LogSite, stored: Stored) -> Verification:
    return judged(site, stored, Processes(site.url, stored, 2, width=TILE_WIDTH))


def edit_a_view(site: LogSite) -> None:
    site.execute("UPDATE recorded SET kind = 'edited' WHERE position = 300")


DONE: dict[str, tuple[Callable[[LogSite], object], Verdict]] = {
    "nothing": (lambda site: None, Verdict.OK),
    "the last event of a range": (
        lambda site: behind_our_back(
            site, "UPDATE stored_events SET originator_id = 'person:8' WHERE notification_id = 256"
        ),
        Verdict.TAMPERED,
    ),
    "the first event of a range": (
        lambda site: behind_our_back(site, "DELETE FROM stored_events WHERE notification_id = 257"),
        Verdict.TAMPERED,
    ),
    "an event with its leaf": (lambda site: rewrite(site, 300), Verdict.TAMPERED),
    "a tile": (
        lambda site: behind_our_back(site, "DELETE FROM log_tiles WHERE tile_index = 1"),
        Verdict.TAMPERED,
    ),
    "the end": (
        lambda site: behind_our_back(site, "DELETE FROM stored_events WHERE notification_id > 400"),
        Verdict.TRUNCATED,
    ),
    "a view": (edit_a_view, Verdict.VIEWS_DIFFER),
}


@pytest.mark.parametrize("what", DONE)
def test_whatever_was_done_to_it_the_verdict_is_that_of_one_process(site: LogSite, what: str) -> None:
    do, verdict = DONE[what]
    do(site)

    with open_stored(site.url) as stored, open_stored(site.url) as again:
        told = in_several(site, stored)
        alone = judged(site, again, Processes(site.url, again, 1))

    assert told == alone
    assert told.verdict is verdict


def test_an_event_that_somebody_else_stored_is_told_though_every_hash_of_it_is_right(
    log_url: str, tmp_path: Path
) -> None:
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        log.append([to("person:1", 0, *[gates(1)] * SIZE)], meta=META)
    plant(site)
    with site.open() as log:
        log.append([to("person:2", 0, *[gates(2)] * 280)], meta=META)
        log.checkpoint()

    with open_stored(site.url) as stored:
        told = in_several(site, stored)

    assert (told.verdict, told.first, told.reason) == (Verdict.TAMPERED, SIZE, f"event {SIZE}: {NOT_OURS}")


def test_every_range_and_every_view_of_a_sound_log_is_looked_at_by_others(site: LogSite, stored: Stored) -> None:
    with Processes(site.url, stored, 3, width=TILE_WIDTH) as beside:
        ranges = list(beside.look([100, 600], None) or ())
        views = beside.sound_views()

    assert [len(each.heads) // 32 for each in ranges if each is not None] == [1, 0]
    assert set(views.values()) == {599}
    assert len(views) == 10


def test_a_small_log_is_looked_at_by_one_process_unless_more_are_asked_for(site: LogSite, stored: Stored) -> None:
    with Processes(site.url, stored, width=TILE_WIDTH) as beside:
        assert beside.look([600], None) is None
        assert beside.sound_views() == {}


def test_what_an_event_becomes_while_it_is_verified_is_never_taken_for_sound(site: LogSite, stored: Stored) -> None:
    """On PostgreSQL every process sees the instant that the verdict is of; on SQLite the others may see a later one."""
    list(stored.checkpoints())
    behind_our_back(site, "UPDATE stored_events SET topic = 'edited' WHERE notification_id = 300")

    if site.is_sqlite:
        with pytest.raises(LogUnavailable, match="events before 512 were changed while they were verified"):
            in_several(site, stored)
    else:
        assert in_several(site, stored).ok
    with open_stored(site.url) as later:
        assert in_several(site, later).verdict is Verdict.TAMPERED


class Killed(Processes):
    """Whose second process is killed at once."""

    def _start(self, order: Order) -> None:
        super()._start(order)
        if len(self._running) == 2:
            self._running[1].kill()


def test_a_process_that_was_killed_leaves_no_verdict(site: LogSite, stored: Stored) -> None:
    with pytest.raises(LogUnavailable, match="ended before it was done"):
        judged(site, stored, Killed(site.url, stored, 2, width=TILE_WIDTH))


def test_a_process_that_was_killed_before_it_had_compared_its_views_leaves_no_verdict(
    site: LogSite, stored: Stored
) -> None:
    with pytest.raises(LogUnavailable, match="ended before it was done"):
        judged(site, stored, Killed(site.url, stored, 2))  # no range is as wide


def test_the_others_end_with_the_one_that_asked_them_however_it_ends() -> None:
    many = tuple(range(0, 30_000 * TILE_WIDTH, TILE_WIDTH))  # answers to fill a pipe that nobody reads
    order = Order("sqlite:////nowhere.db", "", many, TILE_WIDTH, (), None, 0, ())
    other = subprocess.Popen(
        [sys.executable, "-m", "adapters.log.processes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    other.stdin.write(msgspec.json.encode(order) + b"\n")
    other.stdin.flush()
    assert other.stdout.readline() == b"null\n", "it has begun"
    assert other.poll() is None

    other.stdin.close()

    assert other.wait() == 0
    other.stdout.close()
