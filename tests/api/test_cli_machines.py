"""The command on machines as they are: narrow encodings, closed pipes, full disks, accounts without a name."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from typing import Final

import httpx
import pytest

from adapters.log.proof.notes import SigningKey
from adapters.simulators.company.generate import Colleague, Situation, generate_company
from api.cli.main import main
from api.demo.simulators import Simulation, simulation
from tests.support.ports import free_port
from tests.support.terminal import Terminal
from tests.support.waiting import until

TWEELUIK: Final = Path(sys.executable).with_name("tweeluik")
SYNC: Final = ("sync", "--entity", "170")
NO_PATH: Final = "x" * 300
LOG_KEY: Final = str(SigningKey.generate().verifier)


@dataclass(frozen=True)
class Machine:
    """A folder with a configuration, and the command as a process of its own in it."""

    running: Simulation
    folder: Path

    def run(self, *arguments: str, stdout: int | None = subprocess.PIPE, **environment: str) -> Ended:
        done = subprocess.run(
            [TWEELUIK, *arguments], cwd=self.folder, env={**os.environ, **environment}, stdout=stdout,
            stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        return Ended(done.returncode, done.stdout or b"", done.stderr.decode(errors="replace"))

    def someone(self) -> Colleague:
        return self.running.company.of(Situation.IN_BOTH)[0]

    def street_in_loket(self) -> object:
        return self.running.loket.employee(self.someone().employee_number)["address"]["street"]


@dataclass(frozen=True)
class Ended:
    code: int
    out: bytes
    err: str

    @property
    def last_line(self) -> str:
        return self.err.strip().splitlines()[-1]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with simulation(generate_company(2, seed=3, shares={})) as running:
        (tmp_path / "tweeluik.toml").write_text(running.configuration())
        found = Machine(running, tmp_path)
        running.personio.edit(found.someone().person_id, "street", "Łódzka")
        yield found


SHOWN: Final = {"ascii": b"\\u0141\\xf3dzka", "iso-8859-1": b"\\u0141\xf3dzka", "utf-8": "Łódzka".encode()}


@pytest.mark.parametrize("encoding", SHOWN)
def test_a_session_that_cannot_show_a_character_gets_a_substitute(machine: Machine, encoding: str) -> None:
    said = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    run = machine.run(*SYNC, **said)
    shown = machine.run(
        "history", str(machine.someone().employee_number), "--entity", "170", "--unmask", "--reason", "check", **said
    )

    assert (run.code, shown.code) == (0, 0)
    assert machine.street_in_loket() == "Łódzka"
    assert (
        "Łódzka" if encoding == "utf-8" else "\\u0141\\xf3dzka"
    ).encode() in shown.out or b"\\u0141\xf3" in shown.out
    assert "Traceback" not in run.err + shown.err


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["--as", "Ren\udce9", *SYNC], "word 2 of the command"),
        (["erase", "request", "42", "--reason", "gevraagd door Ren\udce9"], "word 5 of the command"),
        (["overwritten", "--field", "na\udcefef"], "word 3 of the command"),
        (["runs", "\udcff"], "word 2 of the command"),
    ],
    ids=str,
)
def test_words_of_a_terminal_that_is_not_utf_8_are_one_line_and_nothing_is_begun(
    machine: Machine, words: list[str], place: str
) -> None:
    ended = machine.run(*words, LC_ALL="C")

    assert (ended.code, ended.last_line.partition(": use")[0]) == (2, f"tweeluik: {place} is not written in UTF-8")
    assert "Traceback" not in ended.err
    assert not (machine.folder / "var").exists()


def test_a_variable_that_is_not_utf_8_is_named(machine: Machine) -> None:
    ended = machine.run(*SYNC, TWEELUIK_ACTOR="Ren\udce9")

    assert (ended.code, ended.last_line.partition(" is not")[0]) == (2, "tweeluik: TWEELUIK_ACTOR")


@pytest.mark.parametrize(
    "zone", [":/etc/passwd", "/dev/zero", "/etc", "Europe", "x" * 5000], ids=lambda zone: zone[:20]
)
def test_a_time_zone_that_cannot_be_used_is_told_by_the_name_of_its_variable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)

    code, err = main(["--config", str(tmp_path / "none.toml"), *SYNC]), capsys.readouterr().err

    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("tweeluik: the variable TZ cannot be used: ")
    assert err.endswith("TZ=Europe/Amsterdam\n")


ODD: Final = (
    {"COLUMNS": "0"}, {"COLUMNS": "19"}, {"COLUMNS": "²"}, {"COLUMNS": "9" * 5000}, {"COLUMNS": "-5", "LINES": "²"},
    {"TZ": "Nowhere/Land", "LC_ALL": "nonsense", "LANG": "xx_YY.UTF-99", "LINES": "0"},
    {"TZ": "CET-1CEST", "TERM": "", "HOME": "/nonexistent", "TMPDIR": "/nonexistent", "LINES": "9" * 5000},
    {"TZ": ":../passwd", "TERM": "nonsense", "NO_COLOR": "1", "HOME": "", "XDG_CACHE_HOME": "/proc", "COLUMNS": ""},
)  # fmt: skip


def test_what_a_machine_is_said_to_be_hides_no_result(machine: Machine) -> None:
    machine.run(*SYNC)
    plain = machine.run("plan", COLUMNS="80", LINES="25").out
    runs = machine.run("runs", COLUMNS="80", LINES="25").out

    assert [(told, machine.run("runs", **told).out == runs) for told in ODD[:-3]] == [(told, True) for told in ODD[:-3]]
    assert [(told, machine.run("plan", **told).out == plain) for told in ODD[-3:]] == [
        (told, True) for told in ODD[-3:]
    ]


def test_a_terminal_too_narrow_for_any_table_gets_one(machine: Machine) -> None:
    machine.run(*SYNC)

    with Terminal(TWEELUIK, "runs", folder=machine.folder, environment={"COLUMNS": "3"}) as narrow:
        narrow.expect("completed")


def test_a_machine_without_a_folder_for_temporary_files_is_told_which_variable_names_one(
    machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.run(*SYNC)
    monkeypatch.chdir(machine.folder)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nonexistent"])

    code = main(["overwritten", "--from", "2026-01-01", "--format", "pdf"])

    assert (code, capsys.readouterr().err) == (
        2, "tweeluik: no folder takes temporary files: name one that does with the variable TMPDIR\n",
    )  # fmt: skip


def test_a_full_disk_takes_the_output_but_not_the_run(machine: Machine) -> None:
    with Path("/dev/full").open("w") as full:
        ended = machine.run(*SYNC, stdout=full.fileno())

    assert ended.code == 2
    assert ended.last_line == "tweeluik: the output could not be written: No space left on device"
    assert machine.street_in_loket() == "Łódzka"


def test_a_full_disk_takes_the_messages_but_not_the_run(machine: Machine) -> None:
    done = subprocess.run(["sh", "-c", 'exec "$@" 2>/dev/full', "sh", TWEELUIK, *SYNC], cwd=machine.folder,
                          capture_output=True, check=False)  # fmt: skip

    assert done.returncode == 0
    assert machine.street_in_loket() == "Łódzka"


def test_a_server_goes_on_where_nobody_takes_what_it_tells(machine: Machine) -> None:
    port = free_port()
    serving = subprocess.Popen(
        ["sh", "-c", 'exec "$@" 2>/dev/full', "sh", TWEELUIK, "serve", "--port", str(port)], cwd=machine.folder,
        env={**os.environ, "TWEELUIK_LOG_LEVEL": "INFO"},
    )  # fmt: skip

    def status(path: str = "/healthz") -> int:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}{path}").status_code
        assert serving.poll() is None
        return 0

    try:
        until(status, "the server")
        answered = [status(), status("/nowhere"), status()]
    finally:
        serving.terminate()

    assert answered == [200, 404, 200]
    assert serving.wait() in (0, -SIGTERM)


def test_a_checkpoint_folder_that_takes_no_file_is_one_line_before_anything_is_read(machine: Machine) -> None:
    configured = machine.folder / "tweeluik.toml"
    configured.write_text(configured.read_text().replace("[log]\n", '[log]\ncheckpoints = "/proc"\n'))
    before = machine.street_in_loket()

    ended = machine.run(*SYNC)

    assert ended.code == 2
    assert ended.last_line.startswith("tweeluik: the checkpoint folder /proc takes no file: ")
    assert "reading Personio" not in ended.err
    assert machine.street_in_loket() == before


def test_a_workbook_that_finds_no_room_is_one_line(machine: Machine) -> None:
    machine.run(*SYNC)

    ended = machine.run("overwritten", "--format", "xlsx", "--out", "/dev/full")

    assert (ended.code, ended.err) == (2, "tweeluik: /dev/full cannot be written: No space left on device\n")


def test_whatever_the_umask_nobody_else_writes_here_or_reads_a_backup(machine: Machine) -> None:
    before = os.umask(0)
    try:
        codes = [machine.run(*words).code for words in (SYNC, ("backup", "kept/of/today"))]
    finally:
        os.umask(before)

    modes = {each.relative_to(machine.folder): each.stat().st_mode for each in machine.folder.rglob("*")}
    assert codes == [0, 0]
    assert [each for each, mode in modes.items() if each.parts[0] == "var" and mode & 0o022] == []
    assert [each for each, mode in modes.items() if each.parts[0] == "kept" and mode & 0o022] == []
    assert [each for each, mode in modes.items() if each.parts[:3] == ("kept", "of", "today") and mode & 0o077] == []
    assert len(modes) > 10


@pytest.mark.parametrize(
    "words",
    [
        ("backup", NO_PATH), ("backup", "/proc/backup"), ("backup", "/dev/null/backup"), ("restore", NO_PATH),
        ("--config", NO_PATH, "runs"), ("--tenants", NO_PATH, "--tenant", "a", "runs"), ("migrate", "--to", NO_PATH),
        ("overwritten", "--certificates", NO_PATH), ("verify-page", "--out", NO_PATH), ("what-if", "--under", NO_PATH),
        ("witness", "--log", LOG_KEY, "--name", "w", "--key", NO_PATH), ("doctor", "--what-if", NO_PATH),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_what_can_be_no_path_is_one_line(
    machine: Machine, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(machine.folder)
    assert main([*SYNC]) == 0
    capsys.readouterr()

    code = main([*words])

    said = capsys.readouterr().err
    assert (code, said.count("\n"), said.startswith("tweeluik: ")) == (2, 1, True)
    assert not list(machine.folder.glob("*unfinished*"))


def test_a_port_that_is_taken_is_one_line_before_anything_is_begun(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = machine.run("serve", "--port", port)

    assert (ended.code, ended.err) == (2, f"tweeluik: cannot listen on 127.0.0.1:{port}: Address already in use\n")


@pytest.mark.parametrize("host", [f"{'a' * 64}.nl", "a..b", "127.0.0.1 "])
@pytest.mark.parametrize("command", [("serve",), ("witness", "--log", LOG_KEY, "--name", "w", "--key", "w.key")])
def test_a_host_that_can_be_none_is_one_line(
    machine: Machine,
    host: str,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(machine.folder)

    code = main([*command, "--host", host, "--port", "0"])

    said = capsys.readouterr().err
    assert (code, said.startswith(f"tweeluik: cannot listen on {host}:0: "), said.count("\n")) == (2, True, 1)


def test_help_that_nobody_can_take_is_one_line(machine: Machine) -> None:
    with Path("/dev/full").open("w") as full:
        ended = machine.run("runs", "--help", stdout=full.fileno())

    assert (ended.code, ended.err) == (2, "tweeluik: the output could not be written: No space left on device\n")


@pytest.mark.parametrize("command", ["attributes", "--help"])
def test_a_reader_that_goes_away_is_one_line(machine: Machine, command: str) -> None:
    ours, theirs = os.pipe()
    os.close(ours)

    ended = machine.run(command, stdout=theirs)
    os.close(theirs)

    assert ended.code == 2
    assert ended.last_line == "tweeluik: the output could not be written: Broken pipe"
    assert "Traceback" not in ended.err
    assert "Exception ignored" not in ended.err


@pytest.mark.parametrize(
    ("stream", "code", "said"),
    [("<&-", 0, ""), (">&-", 2, "tweeluik: the output could not be written: Bad file descriptor\n"), ("2>&-", 0, "")],
)
def test_a_stream_that_is_closed_from_the_start_costs_no_more_than_itself(
    machine: Machine, stream: str, code: int, said: str
) -> None:
    done = subprocess.run(["sh", "-c", f'exec "$@" {stream}', "sh", TWEELUIK, "attributes"], cwd=machine.folder,
                          capture_output=True, text=True, check=False)  # fmt: skip

    assert (done.returncode, done.stderr) == (code, said)
    assert bool(done.stdout) == (code == 0)


def test_a_library_that_ends_the_command_for_another_reason_is_not_taken_for_a_closed_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gives_up(*_: object, **__: object) -> None:
        raise SystemExit(3)

    monkeypatch.setattr("api.cli.main.app", gives_up)

    assert main(["serve"]) == 3
    assert "Broken pipe" not in capsys.readouterr().err


def test_a_last_line_that_is_not_taken_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr("api.cli.main.app", lambda *_, **__: print("signed in"))

        code = main(["login"])

    assert (code, capsys.readouterr().err) == (
        2, "tweeluik: the output could not be written: No space left on device\n",
    )  # fmt: skip


def test_an_account_without_a_name_is_known_by_its_number(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "startup").mkdir()
    (tmp_path / "startup" / "sitecustomize.py").write_text(
        "import pwd\ndef unknown(uid): raise KeyError(f'getpwuid(): uid not found: {uid}')\npwd.getpwuid = unknown\n"
    )
    nameless = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME"), "")

    run = machine.run(*SYNC, PYTHONPATH=str(tmp_path / "startup"), **nameless)
    runs = machine.run("runs", "--json", PYTHONPATH=str(tmp_path / "startup"), **nameless)

    assert (run.code, runs.code) == (0, 0)
    assert f'"uid:{os.getuid()}"'.encode() in runs.out


def test_an_account_whose_name_is_in_another_encoding_is_asked_who_it_is(machine: Machine) -> None:
    unreadable = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME"), "Jos\udce9")

    run, runs = machine.run(*SYNC, **unreadable), machine.run("--as", "anja", "runs", **unreadable)

    assert (run.code, runs.code) == (2, 0)
    assert run.err.count("\n") == 1
    assert "TWEELUIK_ACTOR" in run.err
