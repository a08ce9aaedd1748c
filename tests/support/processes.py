"""Commands in processes of their own that were made beforehand, so that thousands of cases need no new interpreter."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from adapters.claims.lease import LEASE
from adapters.claims.open import open_claims
from api.bootstrap import open_store, open_tools
from api.config.settings import load
from api.tasks.erase import eraser
from domain.errors import Misconfigured, TweeluikError
from domain.records.erasure_book import ErasureState
from domain.services.drift.check import check_drift
from domain.services.sync.run import run_sync
from domain.values import Actor, PersonId, RunId
from tests.support.cuts import Cuts
from tests.support.erased import left_on_disk, note_keys
from tests.support.full_disks import make_room
from tests.support.reference import ENTITY, Reference
from tests.support.waiting import let_pass

_LONGEST: Final = 100  # seconds a process may take
_NEVER: Final = 3600.0


class Hasty:
    """`domain.ports.Clock` that never waits."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """At once."""


class LongAfter(Hasty):
    """When every legal period is over."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=20 * 366)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A forked process that has not begun."""

    pid: int
    begin: int  # the end of a pipe: a byte lets it go

    def run(self) -> int:
        """Lets it go and waits; its exit code, or minus the signal that ended it."""
        self.start()
        return self.wait()

    def start(self) -> None:
        os.write(self.begin, b"!")
        os.close(self.begin)

    def wait(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def stands_still(self) -> bool:
        """Waits until it has stopped itself; False when it ended instead."""
        return os.WIFSTOPPED(os.waitpid(self.pid, os.WUNTRACED)[1])

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


def waiting(work: Callable[[], None], errors: Path) -> Waiting:
    """Forks now, works later; fork before threads are started."""
    begin, go = os.pipe()
    pid = os.fork()
    if pid:
        os.close(begin)
        return Waiting(pid, go)
    os.close(go)
    if not os.read(begin, 1):
        os._exit(0)  # nobody wants it any more
    signal.alarm(_LONGEST)
    code = 70
    try:
        sys.stderr = errors.open("a", buffering=1)
        work()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001  a fork must never go on in the code of its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def sync(
    folder: Path,
    run: str,
    *,
    entity: str = ENTITY,
    cut: int = 0,
    stop: signal.Signals | None = signal.SIGKILL,
    after: tuple[str, int] = ("", 0),
    lease: float = LEASE,
    patient: bool = False,
) -> None:
    """One `sync` of the configuration in this folder; its steps and acknowledged appends are written there.

    A patient one tries again and again until it is let in.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    Cuts(folder, cut, stop, after=after).install()
    settings = load(folder / "tweeluik.toml")
    renewed_every = _NEVER if stop is signal.SIGSTOP else lease / 3  # frozen in a renewal, it would lock SQLite's file
    with open_store(settings, clock=Hasty()) as store, open_tools(settings, store) as tools:
        tools = replace(tools, claims=open_claims(settings.log.url, lease=lease, renewed_every=renewed_every))
        for attempt in count(1):
            run_id = RunId(f"{run}-{attempt}" if patient else run)
            report = run_sync(settings.policy(entity), tools, actor=Actor("campaign"), run_id=run_id)
            if not (patient and report.held_by):
                break
            let_pass(0.05)
    make_room()  # what follows is the campaign's own note
    (folder / f"{run}.json").write_bytes(msgspec.json.encode({"status": report.status, "reason": report.reason}))


def sync_on_a_full_disk(folder: Path, run: str, *, cut: int = 0) -> None:
    """`sync` whose disk is full from this step on; ends with 2 where it is told in a sentence."""
    try:
        sync(folder, run, cut=cut, stop=None)
    except TweeluikError as told:  # the command line makes one line of it
        raise SystemExit(2) from told
    finally:
        make_room()


def check(folder: Path, name: str, *, cut: int = 0) -> None:
    """One drift check, as `sync` does a run; its status is how many values differ."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    Cuts(folder, cut).install()
    settings = load(folder / "tweeluik.toml")
    with open_store(settings, clock=Hasty()) as store, open_tools(settings, store) as tools:
        try:
            report = check_drift(settings.policy(ENTITY), tools, actor=Actor("campaign"), check_id=RunId(name))
            said = (str(len(report.verdict.drift)), None)
        except Misconfigured:
            said = ("refused", "RUN-9")
    (folder / f"{name}.json").write_bytes(msgspec.json.encode({"status": said[0], "reason": said[1]}))


def erase(folder: Path, name: str, *, cut: int = 0) -> None:
    """What is left to do of an erasure: asking for it, a second person's word, its end; its status is how far it is."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    settings = load(folder / "tweeluik.toml")
    note_keys(settings.log.keys, folder / "keys")
    person = PersonId(Reference.made().leaver.person_id)
    Cuts(folder, cut).install()
    with open_store(settings, clock=LongAfter()) as store:
        asking, agreeing = (eraser(settings, store, Actor(who)) for who in ("Petra", "Bram"))
        if not asking.book().erasures:
            asking.request(person, "they asked for it")
        for one in asking.book().erasures.values():
            if one.state is ErasureState.REQUESTED:
                agreeing.confirm(one.id)
        states = " ".join(one.state for one in asking.book().erasures.values())
        left = left_on_disk(settings.log.keys, folder / "keys")
    said = {"status": states, "reason": f"{left} keys are still on disk" if left else None}
    (folder / f"{name}.json").write_bytes(msgspec.json.encode(said))


def in_a_fork(work: Callable[[], Any]) -> Any:
    """What `work` answers (JSON), computed in a copy of this process. Raises RuntimeError when it failed."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        code = 1
        try:
            signal.alarm(_LONGEST + 20)  # what it started is over by then
            with os.fdopen(write, "wb") as pipe:
                pipe.write(msgspec.json.encode(work()))
            code = 0
        except BaseException:  # noqa: BLE001  as above
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError("a case did not come to its end; see above")
    return msgspec.json.decode(said)
