"""`tweeluik migrate`: the log arrives in PostgreSQL byte for byte, and the checkpoints signed before still judge it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from adapters.simulators.company.generate import generate_company
from api.bootstrap import open_store
from api.cli.main import main
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from domain.events.setup import LoketSignedIn
from domain.log import StreamId
from tests.support.partitions import WIDTH, in_small_partitions, partitions, unpartitioned
from tests.support.raw_sql import execute
from tests.support.scribe import Scribe

EVENTS: Final = int(os.environ.get("MIGRATED_EVENTS", "3000"))
COPYING: Final = "SELECT 1 FROM pg_stat_activity WHERE query ILIKE 'COPY%' AND datname = current_database()"
TABLES: Final = {
    "stored_events": ("rowid", "notification_id", "originator_id, originator_version, topic, state, leaf"),
    "log_tiles": ("level", "level", "tile_index, hashes, root"),
    "log_checkpoints": ("size", "size", "machine, note"),
}


@dataclass
class Move:
    running: Simulation
    old: Path
    new: Path
    postgres: str
    capture: pytest.CaptureFixture[str]

    def run(self, config: Path, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(config), *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    @property
    def file(self) -> Path:
        return self.old.parent / "var/tweeluik.db"

    def rows(self, table: str) -> tuple[list[Any], list[Any]]:
        """What each database holds, in one order."""
        here, there, rest = TABLES[table]
        query = "SELECT {}, " + rest + " FROM " + table
        with closing(sqlite3.connect(self.file)) as old, psycopg.connect(self.postgres) as new:
            before = sorted(map(tuple, old.execute(query.format(here))))
            return before, sorted(map(tuple, new.execute(query.format(there))))


@pytest.fixture
def move(tmp_path: Path, bare_postgres_url: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Move]:
    with simulation(generate_company(4, seed=5)) as running:
        old, new = tmp_path / "tweeluik.toml", tmp_path / "new.toml"
        old.write_text(running.configuration())
        lies = f'url = "{bare_postgres_url}"\nkeys = "sqlite:///var/tweeluik-keys.db"\ncheckpoints = "var/checkpoints"'
        new.write_text(running.configuration().replace('url = "sqlite:///var/tweeluik.db"', lies))
        yield Move(running, old, new, bare_postgres_url, capsys)


def test_every_row_arrives_as_it_was_and_the_old_checkpoints_still_say_ok(move: Move) -> None:
    assert move.run(move.old, "sync", "--entity", "170")[0] == 0
    with open_store(load(move.old)) as store:
        scribe = Scribe(store.log)
        for start in range(0, EVENTS, 500):
            facts = tuple(LoketSignedIn(client_id=f"client-{start + at}") for at in range(500))
            scribe.write(StreamId(f"custody-{start}"), *facts)
        store.log.checkpoint()

    code, told, complaint = move.run(move.old, "migrate", "--to", str(move.new), "--json")

    assert code == 0, complaint
    assert json.loads(told)["size"] > EVENTS
    for table in TABLES:
        before, after = move.rows(table)
        assert before == after, table
    assert move.run(move.new, "verify")[0] == 0


def test_a_log_of_more_events_than_a_partition_holds_arrives_in_several(move: Move) -> None:
    assert move.run(move.old, "sync", "--entity", "170")[0] == 0
    with open_store(load(move.old)) as store:
        for number in range(5):
            facts = tuple(LoketSignedIn(client_id=f"client-{at}") for at in range(500))
            Scribe(store.log).write(StreamId(f"custody-{number}"), *facts)
    in_small_partitions(move.postgres)

    code, _, complaint = move.run(move.old, "migrate", "--to", str(move.new))

    assert code == 0, complaint
    before, after = move.rows("stored_events")
    assert before == after
    assert [held for held, _ in partitions(move.postgres).values()][:2] == [WIDTH, WIDTH]


def test_a_run_goes_on_in_the_new_database_where_the_old_one_stopped(move: Move) -> None:
    move.run(move.old, "sync", "--entity", "170")
    move.run(move.old, "migrate", "--to", str(move.new))
    writes = len(move.running.loket.writes())

    code, told, _ = move.run(move.new, "sync", "--entity", "170", "--json")

    assert code == 0
    assert "concept_created" not in json.loads(told)["counts"]
    assert len(move.running.loket.writes()) == writes
    assert move.run(move.new, "verify")[0] == 0


def test_a_log_is_never_moved_into_one_that_is_there_nor_twice(move: Move) -> None:
    move.run(move.old, "sync", "--entity", "170")
    first, _, _ = move.run(move.old, "migrate", "--to", str(move.new))

    second, _, complaint = move.run(move.old, "migrate", "--to", str(move.new))

    assert (first, second) == (0, 2)
    assert "holds a log already" in complaint
    assert move.run(move.new, "verify")[0] == 0


def test_a_move_that_is_killed_half_way_leaves_nothing_and_is_made_again(move: Move) -> None:
    move.run(move.old, "sync", "--entity", "170")
    with open_store(load(move.old)) as store:
        facts = tuple(LoketSignedIn(client_id=f"client-{at}") for at in range(500))
        for number in range(60):
            Scribe(store.log).write(StreamId(f"custody-{number}"), *facts)
        store.log.checkpoint()
    command = [str(Path(sys.executable).with_name("tweeluik")), "--config", str(move.old), "migrate", "--to"]
    with psycopg.connect(move.postgres, autocommit=True) as watching:
        killed = subprocess.Popen([*command, str(move.new)], stderr=subprocess.DEVNULL)
        while not watching.execute(COPYING).fetchone():
            assert killed.poll() is None, "it ended before it was killed"
        killed.kill()
        killed.wait()

        code, told, complaint = move.run(move.old, "migrate", "--to", str(move.new), "--json")

    assert code == 0, complaint
    assert json.loads(told)["size"] > 30_000
    assert move.run(move.new, "verify")[0] == 0


def test_an_older_log_on_postgres_is_moved_into_partitions_where_it_is_and_goes_on(move: Move) -> None:
    unpartitioned(move.postgres)
    assert move.run(move.new, "sync", "--entity", "170")[0] == 0
    before = [execute(move.postgres, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]

    first = move.run(move.new, "migrate", "--json")
    again = move.run(move.new, "migrate", "--json")

    assert [first[0], again[0]] == [0, 0], first[2]
    assert [execute(move.postgres, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES] == before
    assert list(partitions(move.postgres)) == ["stored_events_0"]
    assert move.run(move.new, "sync", "--entity", "170")[0] == 0
    assert move.run(move.new, "verify")[0] == 0


def test_a_log_on_sqlite_has_no_partitions_to_be_moved_into(move: Move) -> None:
    move.run(move.old, "sync", "--entity", "170")

    code, _, complaint = move.run(move.old, "migrate")

    assert code == 2
    assert "with --to" in complaint


def test_a_damaged_log_is_not_moved(move: Move) -> None:
    move.run(move.old, "sync", "--entity", "170")
    with closing(sqlite3.connect(move.file)) as db:
        db.execute("DROP TRIGGER stored_events_no_update")
        db.execute("UPDATE stored_events SET state = replace(state, 'a', 'b') WHERE rowid = 3")
        db.commit()

    code, _, complaint = move.run(move.old, "migrate", "--to", str(move.new))

    assert code == 8
    assert "did not verify" in complaint
    with psycopg.connect(move.postgres) as new:
        assert new.execute("SELECT to_regclass('stored_events')").fetchone() == (None,)
