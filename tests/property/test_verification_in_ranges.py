"""Whatever is done to a log, wherever: verdict, words and place are the same with others beside as alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.log.proof.verdicts import Verdict
from tests.contract.test_verify import KEY, SCHEMA, Site, cut, rewrite

SIZE: Final = 1_100  # four ranges of a tile, and a part of a fifth
HEADS: Final = (*range(100, 1_000, 100), 256, 768, 1_024, 1_100)
BORDERS: Final = [each + beside for each in range(0, SIZE, 256) for beside in (-1, 0, 1) if each + beside >= 0]
PASSED_OVER: Final = ("another tile", "another root of a tile", "no tile", "a head that the database lacks")
"""No tile holds the last events yet, and a crash may leave a head that only the copies have."""

places = st.sampled_from(BORDERS) | st.integers(0, SIZE - 1)


def setting(column: str, value: str) -> Callable[[Site, int], None]:
    return lambda site, at: site.run(f"UPDATE stored_events SET {column} = {value} WHERE rowid = ?", at + 1)


def of_tile(statement: str) -> Callable[[Site, int], None]:
    return lambda site, at: site.run(f"{statement} WHERE tile_index = ?", at // 256)


def moved_up(site: Site, at: int) -> None:
    site.run("DELETE FROM stored_events WHERE rowid = ?", at + 1)
    site.run("UPDATE stored_events SET rowid = -rowid WHERE rowid > ?", at + 1)
    site.run("UPDATE stored_events SET rowid = -rowid - 1 WHERE rowid < 0")


def signed_again(site: Site, at: int) -> None:
    rewrite(site, at)
    site.append(10)
    site.sign()


DAMAGE: Final[dict[str, Callable[[Site, int], None]]] = {
    "another stream": setting("originator_id", "'person:x'"),
    "another version": setting("originator_version", "originator_version + 9000"),
    "a number for a name": setting("topic", "7"),
    "text that is no UTF-8": setting("topic", "CAST(x'70ff' AS TEXT)"),
    "other bytes": setting("state", "CAST(state || ' ' AS BLOB)"),
    "another leaf": setting("leaf", "zeroblob(32)"),
    "gone": lambda site, at: site.run("DELETE FROM stored_events WHERE rowid = ?", at + 1),
    "gone, and the others moved up": moved_up,
    "before the first": lambda site, at: site.run(
        "INSERT INTO stored_events VALUES (?, 'person:y', 0, 'x', x'00', x'00')", -at
    ),
    "rewritten": lambda site, at: rewrite(site, at, leaves=False, tiles=False),
    "rewritten with its leaf": lambda site, at: rewrite(site, at, tiles=False),
    "rewritten with every hash": rewrite,
    "rewritten with every hash, and signed again": signed_again,
    "another tile": of_tile("UPDATE log_tiles SET hashes = zeroblob(8192)"),
    "another root of a tile": of_tile("UPDATE log_tiles SET root = zeroblob(32)"),
    "no tile": of_tile("DELETE FROM log_tiles"),
    "a tile too many": lambda site, at: site.run("INSERT INTO log_tiles VALUES (2, ?, x'00', x'00')", at),
    "cut": cut,
    "another head": lambda site, at: site.copies.append(KEY.sign_checkpoint(at + 1, bytes(32))),
    "a head that the database lacks": lambda site, at: site.run("DELETE FROM log_checkpoints WHERE size > ?", at),
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder / "log.db", folder / "checkpoints")
    with site.open() as connection:
        connection.executescript(SCHEMA)
    site.append(SIZE)
    for size in HEADS:
        site.sign(size)
    assert site.verify().ok
    assert site.sound_ranges == [4]
    return site


@settings(max_examples=100)
@given(st.sampled_from(sorted(DAMAGE)), places, st.none() | places)
def test_every_damage_is_told_the_same(original: Site, what: str, at: int, edited_too: int | None) -> None:
    with TemporaryDirectory() as name:
        site = Site(Path(name) / "log.db", Path(name) / "checkpoints")
        shutil.copy(original.database, site.database)
        shutil.copytree(original.folder, site.folder)
        DAMAGE[what](site, at)
        if edited_too is not None:
            DAMAGE["other bytes"](site, edited_too)

        told = site.verify()  # holds both to the same

    assert told.verdict is not Verdict.OK or what in PASSED_OVER
