"""A disk that fails, fills up or tears the write-ahead file: said at once, and the log stays an exact prefix."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.stored import checkpoint_key, open_stored
from adapters.sqlite.stored_log import _reading
from domain.errors import LogUnavailable
from domain.log import Checkpoint
from tests.storage.appending import ROUNDS, with_files_no_larger
from tests.support.log_site import META, LogSite, gates, root_of, to
from tests.support.processes import in_a_fork
from tests.support.shims import shim

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
WAL_HEADER, FRAME = 32, 24 + 4096


def test_the_first_head_of_a_machine_is_as_durable_by_its_name_as_by_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the folder was tried before: a file that is there and empty has a name that a crash may take."""
    real, synced = os.fsync, list[str]()

    def noted(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    copies = Copies(tmp_path / "checkpoints", "payroll-1")
    copies.require_room()
    synced.clear()

    copies.append(Checkpoint(1, bytes(32), "a note"))

    assert synced == ["payroll-1.checkpoints.jsonl", "checkpoints"]


def site_in(folder: Path) -> LogSite:
    return LogSite.at(f"sqlite:///{folder}/log.db", folder)


def prefix_of(site: LogSite) -> int:
    """How many events there are; they are the first ones, in order, with the right root."""
    with site.open() as log:
        found = log.page(-1, 10_000)
        assert [one.fact for one in found] == [gates(number) for number in range(len(found))]
        head = log.recorder.head()
        assert not found or head.root() == root_of(log)
        return len(found)


def verified(site: LogSite) -> Verification:
    copies = Copies(site.folder / "checkpoints")
    key = checkpoint_key(site.keys_url, copies.folder, None)
    with open_stored(site.url) as stored:
        return verify(stored, copies, key, now=META.recorded_at + timedelta(minutes=1))


def goes_on(site: LogSite) -> None:
    size = prefix_of(site)
    with site.open() as log:
        log.append([to("a", size, gates(size))], meta=META)
        log.checkpoint()
    assert prefix_of(site) == size + 1
    assert verified(site).verdict is Verdict.OK


def test_whichever_write_fails_the_command_says_so_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    library = shim(HERE / "failing_writes.c", tmp_path)
    command = [sys.executable, "-m", "tests.storage.appending", str(tmp_path)]
    environment = os.environ | {"LD_PRELOAD": str(library)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    cases = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(cases) > 20
    for case in cases:
        site = site_in(tmp_path / str(case["nth"]))
        assert case["told"] <= prefix_of(site) <= case["told"] + 2, case
        assert case["reason"] or case["told"] == case["before"] + 2 * ROUNDS, case
        goes_on(site)
    assert sum(bool(case["reason"]) for case in cases) > len(cases) / 2


def test_a_full_disk_is_said_and_what_was_acknowledged_stays(tmp_path: Path) -> None:
    said = []
    for number, size in enumerate(range(60_000, 220_000, 16_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with site_in(folder).open():  # its tables and keys are made
            pass
        told = in_a_fork(lambda folder=folder, size=size: with_files_no_larger(folder, size))  # type: ignore[misc]
        said.append(told["reason"])
        assert told["told"] <= prefix_of(site_in(folder)) <= told["told"] + 2
        goes_on(site_in(folder))
    assert any("did not answer" in reason for reason in said)


def test_a_write_ahead_file_torn_at_any_frame_gives_a_prefix_and_what_was_signed_is_missed(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    sizes = in_a_fork(lambda: _left_behind(whole))
    wal = (whole / "log.db-wal").read_bytes()
    frames = (len(wal) - WAL_HEADER) // FRAME
    verdicts = {}
    for kept in range(frames + 1):
        for torn in (0, FRAME // 2):
            folder = tmp_path / f"{kept}-{torn}"
            shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("*-shm"))
            (folder / "log.db-wal").write_bytes(wal[: WAL_HEADER + kept * FRAME + torn])
            size = prefix_of(site_in(folder))
            verdicts[size] = verified(site_in(folder)).verdict
            assert size in sizes
            shutil.rmtree(folder)

    signed = max(sizes)
    assert verdicts.pop(signed) is Verdict.OK
    assert verdicts
    assert set(verdicts.values()) == {Verdict.TRUNCATED}


def _left_behind(folder: Path) -> list[int]:
    """Appends, signs, and is killed before SQLite tidies up; the sizes the log went through."""
    site, sizes = site_in(folder), [0]
    pid = os.fork()
    if pid == 0:
        with site.open() as log:
            for _ in range(12):
                size = log.size()
                log.append([to("a", size, *(gates(size + one) for one in range(3)))], meta=META)
            log.checkpoint()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    return sizes + [3 * count for count in range(1, 13)]


@pytest.mark.parametrize("code", ["SQLITE_READONLY_DIRECTORY", "SQLITE_PERM", "SQLITE_IOERR"])
def test_a_file_that_the_machine_keeps_from_us_says_nothing_of_the_log(code: str, tmp_path: Path) -> None:
    """Such as a folder that became read-only: a verdict would stop everything until somebody verified again."""
    fault = sqlite3.OperationalError("attempt to write a readonly database")
    fault.sqlite_errorname = code

    with pytest.raises(LogUnavailable, match=code), _reading(tmp_path):
        raise fault
