"""`verify --processes`: what several processes find is said as one says it, and half of a look is never an OK."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.bootstrap import open_store
from api.cli.main import main
from api.config.settings import load
from api.tasks.verify import verify_as_planned
from domain.errors import LogUnavailable
from domain.events.custody import LogVerified
from domain.streams import CUSTODY
from domain.values import Actor
from tests.support.audited_office import CONFIG
from tests.support.log_site import gates
from tests.support.processes import LongAfter
from tests.support.scribe import Scribe
from tests.support.waiting import until

ANJA = Actor("Anja")


@dataclass
class Office:
    """A log of 41 events that was verified once, and the command line on it."""

    config: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", "Anja", "verify", *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def times_verified(self) -> int:
        with open_store(load(self.config)) as store:
            return sum(isinstance(one.fact, LogVerified) for one in store.log.stream(CUSTODY))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(tmp_path)
    office = Office(tmp_path / "tweeluik.toml", capsys)
    office.config.write_text(CONFIG)
    with open_store(load(office.config)) as store:
        Scribe(store.log).write_all({"person:1": tuple(gates(1) for _ in range(40))}, at=datetime.now(UTC))  # type: ignore[dict-item]
        store.views.catch_up()
        store.log.checkpoint()
    assert office.run()[0] == 0
    return office


def test_several_processes_come_to_what_one_says(office: Office) -> None:
    (one, first, _), (two, second, _) = office.run("--json"), office.run("--processes", "2", "--json")

    assert (one, two) == (0, 0)
    alone, several = json.loads(first), json.loads(second)
    assert several.keys() == alone.keys()
    assert (several["verdict"], several["views"], several["size"]) == ("OK", [], alone["size"] + 1)


def test_a_process_that_dies_leaves_no_verdict_and_one_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = (office.config.parent / "var" / "checkpoints" / "verdict.json").read_bytes()
    monkeypatch.setattr(sys, "executable", "/bin/false")

    code, out, said = office.run("--processes", "2")

    assert (code, out) == (2, "")
    assert said == "tweeluik: a process of the verification ended before it was done: no verdict; verify again\n"
    assert (office.config.parent / "var" / "checkpoints" / "verdict.json").read_bytes() == kept
    assert office.times_verified() == 1


def test_ctrl_c_ends_all_of_them_with_one_line(office: Office) -> None:
    folder = office.config.parent
    endless = folder / "endless"
    endless.write_text(f"#!/bin/sh\nread order\ntouch {folder}/begun.$$\nexec sleep 1000\n")
    endless.chmod(0o700)
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "  # ignored in the background
        "sys.executable = sys.argv.pop(1); from api.cli.main import entry; entry()"
    )
    command = [sys.executable, "-c", code, endless, "--config", office.config, "verify", "--processes", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        until(lambda: len(list(folder.glob("begun.*"))) == 2, "both processes began")
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read()

    assert (process.returncode, said) == (130, "tweeluik: interrupted; the next command picks up what was left open\n")
    for begun in folder.glob("begun.*"):
        with pytest.raises(ProcessLookupError):
            os.kill(int(begun.suffix[1:]), 0)
    assert office.times_verified() == 1


def test_a_planned_one_takes_as_many_as_the_settings_say(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")  # no other process comes to anything
    office.config.write_text(f"{CONFIG}[schedule]\nverify_processes = 2\n")
    with pytest.raises(LogUnavailable, match="ended before it was done"):
        verify_as_planned(load(office.config), actor=ANJA, clock=LongAfter())

    office.config.write_text(CONFIG)
    assert verify_as_planned(load(office.config), actor=ANJA, clock=LongAfter()).ok


def test_it_goes_with_everything_and_not_with_what_is_new(office: Office) -> None:
    code, _, said = office.run("--new", "--processes", "2")

    assert code == 2
    assert "it goes with no other option" in said


@pytest.mark.parametrize("many", ["0", "17", "9" * 30])
def test_nobody_starts_so_many_that_the_machine_stands_still(office: Office, many: str) -> None:
    code, _, said = office.run("--processes", many)

    assert (code, "'--processes'" in said) == (2, True)
