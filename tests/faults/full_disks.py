"""`tweeluik login` on a disk that is full after so many writes: no sign-in is spent that cannot be kept (RUN-9).

    python -m tests.faults.full_disks [--after N ...]

Each number of writes meets a first sign-in, in an empty folder, and one more, until either finds enough room.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import httpx

from adapters.loket.tokens import secret_name
from adapters.simulators.company.generate import generate_company
from api.bootstrap import open_store
from api.config.first import load_first
from api.demo.simulators import Simulation, simulation
from tests.support.shims import shim

_TWEELUIK: Final = Path(sys.executable).with_name("tweeluik")
_SHIM: Final = Path(__file__).parents[1] / "crash" / "full_disk.c"
_USAGE: Final = 2


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    told: str
    spent: bool  # Loket gave a token


def login(running: Simulation, folder: Path, library: Path, after: int | None) -> Ended:
    """One sign-in whose address is pasted; with `after`, the disk is full after so many writes."""
    full = {} if after is None else {"LD_PRELOAD": str(library), "FULL_DISK_AFTER": str(after)}
    environment = {
        "TWEELUIK_LOKET__TOKEN_URL": running.loket.token_url,
        "TWEELUIK_LOKET__CLIENT_SECRET": running.loket.tokens.client_secret,
        "PYTHONDONTWRITEBYTECODE": "1",  # writes, too
    }
    before = running.loket.tokens.refresh_token
    with subprocess.Popen(
        [_TWEELUIK, "login", "--client-id", running.loket.tokens.client_id, "--paste"],
        cwd=folder, env={**os.environ, **environment, **full}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        address = next((line.strip() for line in process.stdout if "/authorize?" in line), None)
        sent_to = httpx.get(address).headers["location"] + "\n" if address else ""
        _, told = process.communicate(sent_to)
    return Ended(process.returncode, told, running.loket.tokens.refresh_token != before)


def kept(running: Simulation, folder: Path) -> str | None:
    """The refresh token in the key store."""
    settings = load_first(folder / "tweeluik.toml")
    with open_store(settings) as store:
        return store.log.vault.secret(secret_name(running.loket.tokens.client_id, ""))


def broken(running: Simulation, folder: Path, library: Path, after: int) -> tuple[bool, list[str]]:
    """Whether there was room enough, and what is wrong after a sign-in and after the next one, which has room."""
    before = kept(running, folder) if (folder / "var").exists() else None
    ended = login(running, folder, library, after)
    found = list(_told_wrongly(ended))
    after_it = kept(running, folder)
    if ended.spent and after_it != running.loket.tokens.refresh_token:
        found.append("Loket gave a token that nobody has")
    elif not ended.spent and after_it != before:
        found.append("the token that was there is gone")
    if ended.code:
        again = login(running, folder, library, None)
        if again.code or kept(running, folder) != running.loket.tokens.refresh_token:
            found.append(f"with room again it ended with {again.code}: {again.told}")
    return ended.code == 0, found


def _told_wrongly(ended: Ended) -> Iterator[str]:
    if ended.code not in (0, _USAGE):
        yield f"it ended with {ended.code}: {ended.told}"
    elif ended.code and not re.fullmatch(r"(made a [^\n]+\n)*tweeluik: [^\n]+\n", ended.told):
        yield f"it did not say one line: {ended.told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--after", type=int, nargs="+", help="only these numbers of writes")
    options = parser.parse_args()
    cases, wrong = 0, 0
    with simulation(generate_company(1, seed=3)) as running, tempfile.TemporaryDirectory() as name:
        library = shim(_SHIM, Path(name))
        again = Path(name) / "again"
        again.mkdir()
        login(running, again, library, None)
        short = {"first", "again"}
        for after in options.after or count():
            for which in sorted(short):
                folder = again if which == "again" else Path(name) / f"first-{after}"
                folder.mkdir(exist_ok=True)
                room, found = broken(running, folder, library, after)
                cases, wrong = cases + 1, wrong + bool(found)
                for line in found:
                    print(f"{folder.name}, full after {after} writes: {line}", flush=True)
                if room and not options.after:
                    short.remove(which)
            if not short:
                break
        full = "" if options.after else f"; a first one has room from {after} writes on"
    print(f"{cases} sign-ins on a full disk{full}, {wrong} broken")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
