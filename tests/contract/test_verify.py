"""Verification against someone with full access to the database file: what was touched is told, with its place."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.notes import SigningKey
from adapters.log.proof.tree import Edge, leaf
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.sqlite.stored_log import SqliteStoredLog
from tests.support.beside import InRanges

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
SIZE = 700  # two full tiles and a part of a third
HEADS = range(100, SIZE + 1, 100)
KEY = SigningKey("tweeluik/test", bytes(range(32)))
EVENT_COLUMNS = ("rowid", "originator_id", "originator_version", "topic", "state", "leaf")

SCHEMA = """
CREATE TABLE stored_events (rowid INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, leaf BLOB NOT NULL,
    UNIQUE (originator_id, originator_version));
CREATE TABLE log_tiles (level INTEGER NOT NULL, tile_index INTEGER NOT NULL, hashes BLOB NOT NULL, root BLOB NOT NULL,
    PRIMARY KEY (level, tile_index));
CREATE TABLE log_checkpoints (size INTEGER, machine TEXT, note TEXT, PRIMARY KEY (size, machine, note));
"""


@dataclass(frozen=True)
class Site:
    """A log with its folder of copies, as they lie on a disk an attacker can write to."""

    database: Path
    folder: Path
    sound_ranges: list[int] = field(default_factory=list)  # of each verification

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            yield connection

    @property
    def copies(self) -> Copies:
        return Copies(self.folder, "payroll-1")

    def append(self, count: int, *, recorded_at: datetime = NOW) -> None:
        with self.open() as connection:
            first = size_of(connection)
            for position in range(first, first + count):
                state = json.dumps({"recorded_at": recorded_at.isoformat(), "fact": {"number": position}}).encode()
                row = (f"person:{position % 7}", position // 7, "personio_record.gates_observed.v1", state)
                connection.execute(
                    "INSERT INTO stored_events VALUES (?,?,?,?,?,?)", (position + 1, *row, leaf(position, *row))
                )
            build_tiles(connection)

    def sign(self, size: int | None = None) -> None:
        with self.open() as connection:
            leaves = [each for (each,) in connection.execute("SELECT leaf FROM stored_events ORDER BY rowid")]
            edge = Edge()
            edge.extend(leaves[:size])
            head = KEY.sign_checkpoint(edge.size, edge.root())
            self.copies.append(head)
            connection.execute("INSERT INTO log_checkpoints VALUES (?,?,?)", (head.size, "payroll-1", head.text))

    def verify(self, now: datetime = NOW, key: SigningKey = KEY) -> Verification:
        """By one, and by one with others beside: they come to the same, whatever was done."""
        with SqliteStoredLog(self.database) as log:
            alone = verify(log, self.copies, key.verifier, now=now)
        with SqliteStoredLog(self.database) as log, SqliteStoredLog(self.database) as other:
            beside = InRanges(other)
            assert verify(log, self.copies, key.verifier, now=now, beside=beside) == alone
        self.sound_ranges.append(beside.sound)
        return alone

    def run(self, statement: str, *arguments: object) -> None:
        with self.open() as connection:
            connection.execute(statement, arguments)


def size_of(connection: sqlite3.Connection) -> int:
    size: int = connection.execute("SELECT count(*) FROM stored_events").fetchone()[0]
    return size


def build_tiles(connection: sqlite3.Connection) -> None:
    edge = Edge()
    leaves = [each for (each,) in connection.execute("SELECT leaf FROM stored_events ORDER BY rowid")]
    for tile in edge.extend(leaves):
        row = (tile.level, tile.index, tile.hashes, tile.root)
        connection.execute("INSERT OR REPLACE INTO log_tiles VALUES (?,?,?,?)", row)


def rewrite(site: Site, position: int, *, leaves: bool = True, tiles: bool = True) -> None:
    """Change an event, and as many hashes with it as told."""
    with site.open() as connection:
        query = "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE rowid = ?"
        stream, version, name, state = connection.execute(query, (position + 1,)).fetchone()
        forged = state.replace(b"number", b"hidden")
        connection.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (forged, position + 1))
        if leaves:
            hashed = leaf(position, stream, version, name, forged)
            connection.execute("UPDATE stored_events SET leaf = ? WHERE rowid = ?", (hashed, position + 1))
        if tiles:
            build_tiles(connection)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder / "log.db", folder / "checkpoints")
    with site.open() as connection:
        connection.executescript(SCHEMA)
    site.append(SIZE)
    for size in HEADS:
        site.sign(size)
    return site


@pytest.fixture
def site(original: Site, tmp_path: Path) -> Site:
    shutil.copy(original.database, tmp_path / "log.db")
    shutil.copytree(original.folder, tmp_path / "checkpoints")
    return Site(tmp_path / "log.db", tmp_path / "checkpoints")


def tampered(position: int) -> tuple[Verdict, int, int]:
    return (Verdict.TAMPERED, position, position)


def told(result: Verification) -> tuple[Verdict, int | None, int | None]:
    return (result.verdict, result.first, result.last)


def test_an_untouched_log_is_ok_up_to_its_newest_head(site: Site) -> None:
    result = site.verify()

    assert (result.verdict, result.size) == (Verdict.OK, SIZE)
    assert result.checkpoint is not None
    assert result.checkpoint.size == SIZE
    assert result.as_json()["checkpoint"] == result.checkpoint.text
    assert site.sound_ranges == [2]


def test_an_empty_log_is_ok(tmp_path: Path) -> None:
    site = Site(tmp_path / "log.db", tmp_path / "checkpoints")
    with site.open() as connection:
        connection.executescript(SCHEMA)

    assert told(site.verify()) == (Verdict.OK, None, None)


@pytest.mark.parametrize("column", EVENT_COLUMNS[1:])
def test_any_single_byte_of_any_column_of_an_event_is_pinned_to_its_place(site: Site, column: str) -> None:
    chance = random.Random(column)
    for position in [0, 1, 254, 255, 256, 511, 512, 698, 699, *chance.sample(range(SIZE), 11)]:
        with site.open() as connection:
            query = f"SELECT {column} FROM stored_events WHERE rowid = ?"
            (value,) = connection.execute(query, (position + 1,)).fetchone()
        site.run(f"UPDATE stored_events SET {column} = ? WHERE rowid = ?", edited(value, chance), position + 1)

        assert told(site.verify()) == tampered(position)

        site.run(f"UPDATE stored_events SET {column} = ? WHERE rowid = ?", value, position + 1)
    assert site.verify().ok


def edited(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + (1 << chance.randrange(10, 40))
    raw = value.encode() if isinstance(value, str) else value
    assert isinstance(raw, bytes)
    at = chance.randrange(len(raw))
    changed = raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(5, 7))]) + raw[at + 1 :]
    return changed.decode() if isinstance(value, str) else changed


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("originator_id", b"person:1"),
        ("originator_version", "first"),
        ("originator_version", -1),
        ("topic", 7),
        ("topic", b"\xff\xfe"),
        ("state", "text"),
        ("leaf", "text"),
    ],
)
def test_a_column_holding_another_kind_of_value_is_pinned_too(site: Site, column: str, value: object) -> None:
    site.run(f"UPDATE stored_events SET {column} = ? WHERE rowid = 401", value)

    assert told(site.verify()) == tampered(400)


def test_text_that_is_no_utf_8_is_pinned_too(site: Site) -> None:
    site.run("UPDATE stored_events SET topic = CAST(x'70ff' AS TEXT) WHERE rowid = 401")

    assert told(site.verify()) == tampered(400)


def put_in_again(site: Site, position: int, *, version: int | None = None) -> None:
    """An event of ours at the end of the log once more, or as another version, with sound hashes and no head."""
    with site.open() as connection:
        connection.executescript(
            "CREATE TABLE free (rowid INTEGER PRIMARY KEY AUTOINCREMENT, originator_id, originator_version, topic, "
            "state, leaf); INSERT INTO free SELECT * FROM stored_events; DROP TABLE stored_events; "
            "ALTER TABLE free RENAME TO stored_events"
        )
        query = "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE rowid = ?"
        stream, held, name, state = connection.execute(query, (position + 1,)).fetchone()
        row, end = (stream, held if version is None else version, name, state), size_of(connection)
        connection.execute("INSERT INTO stored_events VALUES (?,?,?,?,?,?)", (end + 1, *row, leaf(end, *row)))
        build_tiles(connection)


@pytest.mark.parametrize("position", [0, 350, SIZE - 1])
def test_an_event_of_ours_that_is_put_in_again_is_told(site: Site, position: int) -> None:
    put_in_again(site, position)

    assert told(site.verify()) == tampered(SIZE)
    assert f"version {position // 7} of its stream was there before it" in site.verify().reason


def test_an_event_that_skips_a_version_of_its_stream_is_told(site: Site) -> None:
    put_in_again(site, 3, version=SIZE // 7 + 1)

    assert told(site.verify()) == tampered(SIZE)
    assert f"version {SIZE // 7} of its stream is missing before it" in site.verify().reason


@pytest.mark.parametrize("position", [0, 300, 650])
def test_a_deleted_event_is_told_where_it_was(site: Site, position: int) -> None:
    site.run("DELETE FROM stored_events WHERE rowid = ?", position + 1)

    assert told(site.verify()) == tampered(position)


def test_an_event_that_was_deleted_and_the_others_moved_up_is_told_where_it_was(site: Site) -> None:
    site.run("DELETE FROM stored_events WHERE rowid = 301")
    site.run("UPDATE stored_events SET rowid = rowid - 1 WHERE rowid > 301")

    assert told(site.verify()) == tampered(300)


def test_two_swapped_events_are_told_at_the_first_of_them(site: Site) -> None:
    for old, new in ((201, -1), (601, 201), (-1, 601)):
        site.run("UPDATE stored_events SET rowid = ? WHERE rowid = ?", new, old)

    assert told(site.verify()) == tampered(200)


def test_an_event_slipped_in_before_the_first_is_told(site: Site) -> None:
    site.run("INSERT INTO stored_events VALUES (-5, 'person:9', 0, 'x', x'00', x'00')")

    assert told(site.verify()) == tampered(0)


def test_an_event_changed_together_with_its_leaf_is_pinned_by_the_tile(site: Site) -> None:
    rewrite(site, 300, tiles=False)

    assert told(site.verify()) == tampered(300)


@pytest.mark.parametrize("position", [0, 300, 650])
def test_an_event_changed_together_with_all_hashes_is_bounded_by_the_first_head_that_disagrees(
    site: Site, position: int
) -> None:
    rewrite(site, position)

    bound = position - position % 100
    assert told(site.verify()) == (Verdict.TAMPERED, bound, bound + 99)


@pytest.mark.parametrize(("column", "place"), [("hashes", tampered(256)), ("root", (Verdict.TAMPERED, 256, 511))])
def test_a_changed_tile_is_told(site: Site, column: str, place: tuple[Verdict, int, int]) -> None:
    site.run(f"UPDATE log_tiles SET {column} = CAST(x'00' || substr({column}, 2) AS BLOB) WHERE tile_index = 1")

    assert told(site.verify()) == place


def test_a_missing_tile_is_told_by_what_it_covered(site: Site) -> None:
    site.run("DELETE FROM log_tiles WHERE tile_index = 1")

    assert told(site.verify()) == (Verdict.TAMPERED, 256, 511)


def cut(site: Site, size: int) -> None:
    """Remove the tail with every trace of it inside the database."""
    site.run("DELETE FROM stored_events WHERE rowid > ?", size)
    site.run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'stored_events'", size)
    site.run("DELETE FROM log_tiles WHERE tile_index >= ?", size // 256)
    site.run("DELETE FROM log_checkpoints WHERE size > ?", size)


@pytest.mark.parametrize("position", [0, 255, 256, 511, 512])
def test_where_ranges_meet_the_place_is_exact_too(site: Site, position: int) -> None:
    site.sign(256)
    site.sign(512)
    rewrite(site, position)

    since, to = next(
        (low, high) for low, high in pairwise([0, 100, 200, 256, 300, 400, 500, 512, 600]) if position < high
    )
    assert told(site.verify()) == (Verdict.TAMPERED, since, to - 1)
    assert site.sound_ranges == [2], "each is sound in itself"


@pytest.mark.parametrize("size", [0, 1, 256, 600, 699])
def test_a_log_cut_short_with_every_trace_inside_is_told_by_the_copies_outside(site: Site, size: int) -> None:
    cut(site, size)

    result = site.verify()

    assert (result.verdict, result.size, result.first) == (Verdict.TRUNCATED, size, size)


def test_a_tail_cut_after_the_newest_head_is_told_by_what_the_database_remembers(site: Site) -> None:
    site.append(20)
    site.run("DELETE FROM stored_events WHERE rowid > 710")

    assert (site.verify().verdict, site.verify().size) == (Verdict.TRUNCATED, 710)


def test_a_rewritten_log_that_was_signed_again_is_forked(site: Site) -> None:
    rewrite(site, 650)
    site.append(10)
    site.sign()

    assert told(site.verify()) == (Verdict.FORKED, 600, 699)


def test_two_heads_of_one_size_are_forked_whichever_of_them_the_log_agrees_with(site: Site) -> None:
    other = KEY.sign_checkpoint(400, bytes(32))
    site.copies.append(other)

    assert told(site.verify()) == (Verdict.FORKED, 300, 399)


def test_a_head_kept_by_another_machine_counts_as_well(site: Site) -> None:
    head = KEY.sign_checkpoint(800, bytes(32))
    Copies(site.folder, "payroll-2").append(head)

    assert (site.verify().verdict, site.verify().first) == (Verdict.TRUNCATED, SIZE)


def test_a_log_whose_copies_are_gone_is_unverifiable(site: Site) -> None:
    shutil.rmtree(site.folder)

    assert site.verify().verdict is Verdict.UNVERIFIABLE
    assert "no copy" in site.verify().reason


def test_a_log_without_any_head_is_unverifiable(site: Site) -> None:
    shutil.rmtree(site.folder)
    site.run("DELETE FROM log_checkpoints")

    assert "no signed checkpoint" in str(site.verify())
    assert site.verify().verdict is Verdict.UNVERIFIABLE


def test_a_copy_removed_or_changed_outside_is_told(site: Site) -> None:
    path = next(site.folder.iterdir())
    lines = path.read_text().splitlines(keepends=True)
    for remaining in ([*lines[:3], *lines[4:]], [*lines[:3], lines[3].replace("400", "401"), *lines[4:]], lines[:-1]):
        path.write_text("".join(remaining))

        assert site.verify().verdict is Verdict.UNVERIFIABLE
        assert "missing from the copies" in site.verify().reason


def test_heads_removed_or_changed_inside_are_told(site: Site) -> None:
    site.run("DELETE FROM log_checkpoints WHERE size = 200")
    assert "missing from the database" in str(site.verify())

    site.run("UPDATE log_checkpoints SET note = replace(note, '300', '301') WHERE size = 300")
    assert "not signed by this log's key" in str(site.verify())

    site.run("DELETE FROM log_checkpoints")
    assert site.verify().verdict is Verdict.UNVERIFIABLE


def test_a_crash_between_the_copy_outside_and_the_one_inside_accuses_nobody(site: Site) -> None:
    site.run("DELETE FROM log_checkpoints WHERE size = ?", SIZE)
    next(site.folder.iterdir()).open("a").write('{"size": 700, "note": "tweelu')

    assert site.verify().ok


def test_a_log_signed_by_another_key_is_unverifiable(site: Site) -> None:
    result = site.verify(key=SigningKey("tweeluik/test", bytes(32)))

    assert result.verdict is Verdict.UNVERIFIABLE


def test_an_event_older_than_ten_minutes_that_no_head_covers_is_stale(site: Site) -> None:
    site.append(5)

    assert site.verify(NOW + timedelta(minutes=10)).ok
    result = site.verify(NOW + timedelta(minutes=11))
    assert (told(result), result.age) == ((Verdict.STALE, 700, 704), timedelta(minutes=11))


def test_an_idle_log_is_not_stale(site: Site) -> None:
    assert site.verify(NOW + timedelta(days=400)).ok


def test_rows_that_nobody_took_say_nothing_when_they_are_cleared_away(site: Site) -> None:
    """As Ctrl-C leaves them: the connection is closed before."""
    with SqliteStoredLog(site.database) as log:
        rows = log.events(1, 10)
        assert next(rows)[0] == 1

    rows.close()  # type: ignore[attr-defined]  # an iterator that is a generator


def test_flipped_bits_in_the_file_never_end_in_a_traceback_and_never_hide_a_change(site: Site) -> None:
    chance, genuine = random.Random(5), site.database.read_bytes()
    before = contents(site)
    for _ in range(150):
        at = chance.randrange(len(genuine))
        flipped = genuine[:at] + bytes([genuine[at] ^ 1 << chance.randrange(8)]) + genuine[at + 1 :]
        site.database.write_bytes(flipped)

        verdict = site.verify()

        assert not verdict.ok or contents(site) == before


def test_a_damaged_index_through_which_an_event_would_be_missed_is_told(site: Site) -> None:
    genuine = site.database.read_bytes()
    in_index = next(
        found.start() for found in re.finditer(b"person:3", genuine) if b"personio" not in genuine[found.end() :][:12]
    )
    site.database.write_bytes(genuine[:in_index] + b"person:9" + genuine[in_index + 8 :])
    with site.open() as connection:
        count = "SELECT count(*) FROM stored_events WHERE originator_id = 'person:3'"
        assert connection.execute(count).fetchone() < (SIZE // 7,)

    assert site.verify().verdict is Verdict.UNVERIFIABLE
    assert "SQLite finds its file damaged" in site.verify().reason


def test_a_database_that_breaks_off_is_told_where_it_does(site: Site) -> None:
    genuine = site.database.read_bytes()
    for page in range(2, len(genuine) // 4096, 7):
        site.database.write_bytes(genuine[: page * 4096] + b"\xff" * 4096 + genuine[(page + 1) * 4096 :])
        verdict = site.verify()
        assert verdict.verdict in (Verdict.TAMPERED, Verdict.UNVERIFIABLE)
    site.database.write_bytes(b"no database" + genuine[11:])
    assert site.verify().verdict is Verdict.UNVERIFIABLE
    site.database.unlink()
    assert site.verify().verdict is Verdict.UNVERIFIABLE


def contents(site: Site) -> list[object]:
    with closing(sqlite3.connect(site.database)) as connection:
        tables = ("stored_events", "log_tiles", "log_checkpoints", "sqlite_sequence")
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]
