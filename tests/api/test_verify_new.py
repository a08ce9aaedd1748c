"""Verification of what is new: it grows with the day, says since when, and is never taken for one of everything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.log.proof.last_verdict import LastVerdict, VerdictFile
from adapters.log.proof.tree import leaf
from adapters.log.proof.verdicts import Verdict, Verification
from api.bootstrap import open_store
from api.config.settings import Settings, load
from api.tasks.verify import VIEWS_KEPT, verify_as_planned, verify_log
from domain.events.custody import LogVerified
from domain.streams import CUSTODY
from domain.values import Actor
from tests.support.audited_office import CONFIG
from tests.support.log_site import gates, overwritten
from tests.support.planned import MovedClock
from tests.support.scribe import Scribe

ANJA = Actor("Anja")


@dataclass
class Site:
    """A log of 41 events, all of them verified, and what was added since."""

    settings: Settings
    folder: Path
    clock: MovedClock

    def add(self, stream: str, events: int) -> None:
        with open_store(self.settings, clock=self.clock) as store:
            facts = [overwritten(f"s-{stream}", "Main St", "Elm St"), *[gates(number) for number in range(1, events)]]
            Scribe(store.log).write_all({f"person:{stream}": tuple(facts)}, at=self.clock.now())  # type: ignore[dict-item]
            store.views.catch_up()
            store.log.checkpoint()

    def verify(self, *, new_only: bool = True) -> Verification:
        self.clock.pass_by(timedelta(minutes=1))
        return verify_log(self.settings, actor=ANJA, clock=self.clock, new_only=new_only)

    def last(self) -> LastVerdict:
        found = VerdictFile(self.folder / "checkpoints").last()
        assert found is not None
        return found

    def do(self, sql: str, *values: Any, file: str = "tweeluik.db") -> list[Any]:
        with closing(sqlite3.connect(self.folder / file, isolation_level=None)) as db:
            return db.execute(sql, values).fetchall()

    def rewrite(self, position: int) -> None:
        """An event and its leaf, by somebody who has the database only."""
        self.do("DROP TRIGGER IF EXISTS stored_events_no_update")
        ((stream, version, name, state),) = self.do(
            "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE rowid = ?", position + 1
        )
        state = state.replace(b"ACTIVE", b"INACTIVE")
        made = leaf(position, stream, version, name, state)
        self.do("UPDATE stored_events SET state = ?, leaf = ? WHERE rowid = ?", state, made, position + 1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    config = tmp_path / "tweeluik.toml"
    config.write_text(CONFIG)
    site = Site(load(config), tmp_path / "var", MovedClock("2026-03-15 09:30"))
    site.add("1", 20)
    site.add("2", 20)
    assert site.verify(new_only=False).ok
    return site


def test_it_looks_at_what_is_new_and_says_since_when_on_record_and_in_the_verdict(site: Site) -> None:
    whole = site.last()
    site.add("3", 10)

    first = site.verify()
    again = site.verify()

    assert (first.verdict, first.since, first.size, first.views) == (Verdict.OK, 40, 51, ())
    assert "events before 40, and their keys, were looked at in whole at 2026-03-15 09:31:00 (Amsterdam)" in str(first)
    assert (again.since, again.size, again.keys.needed) == (40, 52, 1)
    assert (site.last().sound, site.last().whole) == (whole.sound, whole.at)  # no look at a part moves the mark
    with open_store(site.settings) as store:
        told = [one.fact for one in store.log.stream(CUSTODY) if isinstance(one.fact, LogVerified)]
    assert [(fact.since, fact.size, fact.views) for fact in told] == [(0, 40, True), (40, 51, True), (40, 52, True)]


def test_without_a_good_verification_of_everything_to_go_on_from_everything_is_looked_at(site: Site) -> None:
    verdict = site.folder / "checkpoints" / "verdict.json"
    for spoil in (verdict.unlink, lambda: verdict.write_text("{}")):
        spoil()  # type: ignore[operator]
        assert (site.verify().verdict, site.last().since) == (Verdict.OK, 0)
    VerdictFile(verdict.parent).keep(Verification(Verdict.TAMPERED, 5, "because", 4, 4), at=site.clock.now(), by=ANJA)

    assert (site.verify().since, site.last().ok) == (0, True)


def test_what_was_changed_in_the_new_part_is_told_at_its_place(site: Site) -> None:
    site.add("3", 10)
    site.rewrite(45)

    found = site.verify()

    assert (found.verdict, found.first, found.since) == (Verdict.TAMPERED, 45, 0)
    assert not site.last().ok


def test_what_was_changed_before_is_for_the_next_look_at_everything(site: Site) -> None:
    assert site.verify().ok
    site.add("3", 10)
    site.do("DROP TRIGGER stored_events_no_update")
    site.do("UPDATE stored_events SET state = replace(CAST(state AS TEXT), 'ACTIVE', 'GONE') WHERE rowid = 6")

    assert [site.verify().verdict, site.verify(new_only=False).verdict] == [Verdict.OK, Verdict.TAMPERED]


def test_a_row_that_is_gone_or_a_key_that_is_gone_is_told(site: Site) -> None:
    site.add("3", 10)
    site.do("DELETE FROM data_keys WHERE subject = 's-3'", file="tweeluik-keys.db")

    assert site.verify().verdict is Verdict.KEYS_DIFFER

    site.do("DROP TRIGGER IF EXISTS stored_events_no_delete")
    site.do("DELETE FROM stored_events WHERE rowid = 3")
    assert (site.verify().verdict, site.last().position) == (Verdict.TAMPERED, 2)


def test_every_view_is_compared_from_where_the_last_look_left_it_and_old_rows_too(site: Site) -> None:
    kept = site.folder / "checkpoints" / VIEWS_KEPT
    assert (site.verify().ok, kept.exists(), kept.stat().st_mode & 0o077) == (True, True, 0)
    site.add("3", 10)
    assert site.verify().ok

    site.do("UPDATE overwritten_fields SET field = 'iban' WHERE position = 0")

    found = site.verify()
    assert (found.verdict, found.first, kept.exists()) == (Verdict.VIEWS_DIFFER, 0, False)


def edited(kept: Path, sql: str) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as db:
        db.execute(sql)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: kept.write_bytes(b"nothing of the kind" * 500),
        lambda kept: edited(kept, "UPDATE overwritten_fields SET field = 'iban'"),
        lambda kept: edited(kept, "UPDATE view_positions SET position = 9999"),
    ],
)
def test_a_spoiled_file_of_kept_views_accuses_nobody(site: Site, spoil: Callable[[Path], object]) -> None:
    assert site.verify().ok
    spoil(site.folder / "checkpoints" / VIEWS_KEPT)

    assert site.verify().ok
    assert site.verify().ok


def test_planned_ones_look_at_everything_after_so_many_days(site: Site) -> None:
    (site.folder.parent / "tweeluik.toml").write_text(f"{CONFIG}[schedule]\nverify_whole_days = 3\n")
    settings, whole = load(site.folder.parent / "tweeluik.toml"), []
    for _ in range(5):
        site.clock.pass_by(timedelta(days=1))
        whole.append(verify_as_planned(settings, actor=ANJA, clock=site.clock).since == 0)

    assert whole == [False, False, True, False, False]
