"""What the command line loads: help and completion nothing of the product, a command only what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Set
from pathlib import Path

import pytest
import typer

from api.cli import commands
from api.cli.app import app, loaded
from api.cli.listed import COMMANDS

TWEELUIK = Path(sys.executable).with_name("tweeluik")
HEAVY = {"apprise", "fastapi", "fontTools", "polars", "procrastinate", "typst", "uvicorn", "xlsxwriter"}
"""What few commands need, and takes long to load."""
WITH_HEAVY = {"audit", "login", "webhooks", "witness"}  # modules that need some of it


def loads(code: str) -> Set[str]:
    """The modules a process has loaded after this."""
    code = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_sentence_of_its_own_help(name: str) -> None:
    assert loaded(name).get_short_help_str(1000) == COMMANDS[name].help


def test_every_command_is_listed() -> None:
    for one in COMMANDS:
        loaded(one)
    modules = {one.stem for one in Path(commands.__file__).parent.glob("*.py")} - {"__init__"}

    assert {one.module for one in COMMANDS.values()} == modules
    assert typer.main.get_group(app).commands.keys() == COMMANDS.keys()


def test_help_loads_no_more_than_typer_and_the_list_of_commands() -> None:
    at_start = loads("from api.cli.main import main\nassert main(['--help']) == 0")

    assert {one for one in at_start if one.startswith("api.cli.commands.")} == set()
    assert {one.split(".")[0] for one in at_start} & {
        "eventsourcing",
        "httpx",
        "msgspec",
        "psycopg",
        "pydantic",
    } == set()
    assert len(at_start) < 300


def test_a_shell_completes_commands_and_what_stands_below_them() -> None:
    def completed(words: str, at: int) -> list[str]:
        asked = os.environ | {"_TWEELUIK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(at)}
        return subprocess.run([TWEELUIK], env=asked, capture_output=True, text=True, check=True).stdout.split()

    assert completed("tweeluik e", 1) == ["evidence", "erase"]
    assert completed("tweeluik keys re", 2) == ["revoke"]


def test_commands_leave_alone_what_only_a_few_of_them_need() -> None:
    light = sorted({one.module for one in COMMANDS.values()} - WITH_HEAVY)

    at_start = loads("\n".join(f"import api.cli.commands.{one}" for one in light))

    assert {one.split(".")[0] for one in at_start} & HEAVY == set()


def test_a_question_to_the_log_loads_neither_client_nor_what_decides_nor_a_server_s_library() -> None:
    asked = loads("import api.cli.commands.runs, api.cli.commands.people, api.bootstrap")

    assert {one.split(".")[0] for one in asked} & (HEAVY | {"httpx", "joserfc", "psycopg"}) == set()
    assert {
        one for one in asked if one.startswith(("adapters.loket.", "adapters.personio.", "adapters.postgres."))
    } <= {"adapters.loket.documents"}
    assert asked & {"domain.planning.decide", "psutil", "pygments", "rich.progress", "stdnum", "structlog"} == set()
    assert len(asked) < 700
