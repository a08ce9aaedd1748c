"""What every log promises (LOG-1, LOG-2), on each database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import psycopg
import pytest

from adapters.log.event_log import EventLog
from adapters.log.mapper import Envelope, Row
from adapters.log.proof.checkpoints import CheckpointStore, Copies
from adapters.log.proof.tree import Edge, EntryTooLarge
from adapters.projections.sync_state import MEMBERSHIP
from adapters.sqlite.log_recorder import SqliteLogRecorder
from domain.errors import ClaimLost, LogDamaged, LogUnavailable, Misconfigured, StreamMoved
from domain.events.custody import LogVerified
from domain.events.personio import GatesObserved, PersonLeftEntity
from domain.log import Fact, Fence, Meta, Pending, StreamAppend, StreamId, UnknownFact
from domain.values import BLANK
from domain.views.sync_state import LINKING
from domain.views.terminations import ENDING, NUMBERING
from tests.support.log_site import META, LogSite, gates, overwritten, root_of, to
from tests.support.waiting import PATIENCE


@pytest.fixture
def site(every_log_url: str, tmp_path: Path) -> LogSite:
    return LogSite.at(every_log_url, tmp_path)


@pytest.fixture
def log(site: LogSite) -> Iterator[EventLog]:
    with site.open() as log:
        yield log


def test_what_was_appended_is_what_every_way_of_reading_gives(log: EventLog) -> None:
    first = log.append([to("person:1", 0, gates(1), gates(2)), to("person:2", 0, gates(3))], meta=META)
    second = log.append([to("person:1", 2, gates(4))], meta=META)

    assert [event.position for event in first + second] == [0, 1, 2, 3]
    assert log.page(-1, 10) == first + second
    assert log.page(0, 2) == first[1:]
    assert tuple(log.replay()) == first + second
    assert log.stream(StreamId("person:1")) == (*first[:2], *second)
    assert log.streams([StreamId("person:2"), StreamId("nobody")]) == {"person:2": first[2:]}
    assert log.at([3, 0, 99, 0]) == (first[0], second[0])
    assert log.size() == 4


def test_who_when_and_why_travel_with_each_event(log: EventLog) -> None:
    meta = Meta(
        recorded_at=datetime(2026, 3, 1, tzinfo=UTC), actor=META.actor, correlation="run-7", causation="run:7#0"
    )
    own_cause = StreamAppend(StreamId("person:1"), 0, [Pending(gates(1)), Pending(gates(2), causation="loket:170:1#4")])

    log.append([own_cause], meta=meta)

    first, second = log.page(-1, 10)
    assert first.meta == meta
    assert second.meta == msgspec.structs.replace(meta, causation="loket:170:1#4")
    with pytest.raises(ValueError, match="UTC"):
        log.append([to("x", 0, gates(1))], meta=Meta(
            recorded_at=datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1))), actor=META.actor, correlation="c"
        ))  # fmt: skip


def test_a_moved_stream_refuses_the_whole_append_and_leaves_no_gap(log: EventLog) -> None:
    log.append([to("person:1", 0, gates(1))], meta=META)

    with pytest.raises(StreamMoved) as moved:
        log.append([to("person:2", 0, gates(2)), to("person:1", 0, gates(3))], meta=META)
    with pytest.raises(StreamMoved):
        log.append([to("person:1", 5, gates(3))], meta=META)

    assert (moved.value.stream, moved.value.expected) == ("person:1", 0)
    assert log.stream(StreamId("person:2")) == ()
    assert log.append([to("person:1", 1, gates(3)), to("person:1", 2, gates(4))], meta=META)[0].position == 1


def test_the_newest_event_of_each_stream_is_had_without_the_others(log: EventLog) -> None:
    log.append([to("person:1", 0, gates(1), gates(2)), to("person:2", 0, gates(3))], meta=META)
    log.append([to("person:1", 2, gates(4))], meta=META)

    found = log.newest([StreamId("person:1"), StreamId("person:2"), StreamId("person:3")])

    assert {stream: (one.version, one.position, one.fact) for stream, one in found.items()} == {
        "person:1": (2, 3, gates(4)),
        "person:2": (0, 2, gates(3)),
    }
    earlier = log.newest([StreamId("person:1"), StreamId("person:2")], before=2)
    assert {stream: one.position for stream, one in earlier.items()} == {"person:1": 1}
    assert log.newest([]) == {}


def test_the_events_of_some_kinds_are_had_without_the_others(log: EventLog) -> None:
    checked = LogVerified(size=0, verdict="OK")
    log.append([to("person:1", 0, gates(1), checked, gates(2)), to("person:2", 0, checked)], meta=META)

    found = log.of_kinds([StreamId("person:1"), StreamId("person:2")], (GatesObserved, PersonLeftEntity))

    assert {stream: [one.fact for one in events] for stream, events in found.items()} == {
        "person:1": [gates(1), gates(2)]
    }
    assert log.of_kinds([], (GatesObserved,)) == {}
    both = log.of_kinds([StreamId("person:2"), StreamId("person:1")], (GatesObserved, LogVerified))
    assert {stream: [one.fact for one in events] for stream, events in both.items()} == {
        "person:1": [gates(1), checked, gates(2)],
        "person:2": [checked],
    }


@pytest.mark.parametrize("kinds", [MEMBERSHIP, LINKING, NUMBERING, ENDING])
def test_what_pages_are_held_against_is_had_without_reading_the_rest_of_a_stream(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kinds: tuple[type[Fact], ...]
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(SqliteLogRecorder, "_rows", lambda _, *question: asked.append(question) or [])

    with LogSite.at(sqlite_url, tmp_path).open() as log:
        log.of_kinds([StreamId("person:1")], kinds)

    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database:
        query, values = asked[-1]
        plan = [row[-1] for row in database.execute(f"EXPLAIN QUERY PLAN {query}", values)]
    assert "SEARCH stored_events USING INDEX stored_events_of_kinds (originator_id=?)" in plan


def test_parts_of_a_stream_are_the_versions_that_are_named_and_all_after_the_last_of_them(log: EventLog) -> None:
    log.append([to("person:1", 0, *map(gates, range(6))), to("person:2", 0, gates(7), gates(8))], meta=META)
    log.append([to("person:1", 6, gates(9))], meta=META)
    one, two, nobody = StreamId("person:1"), StreamId("person:2"), StreamId("person:3")

    found = log.parts({one: (1, 3), two: (), nobody: ()})

    assert {stream: [event.version for event in events] for stream, events in found.items()} == {
        one: [1, 3, 4, 5, 6],
        two: [0, 1],
    }
    assert found[one][-1] == log.newest([one])[one]
    assert [event.version for event in log.parts({one: (0, 6)})[one]] == [0, 6]
    assert log.parts({}) == {}
    with pytest.raises(LogDamaged, match="version 7 of person:1 is missing"):
        log.parts({one: (1, 7)})
    with pytest.raises(LogDamaged, match="version 0 of person:3 is missing"):
        log.parts({nobody: (0,)})


def test_a_run_that_lost_its_claim_appends_nothing(log: EventLog, site: LogSite) -> None:
    site.execute("CREATE TABLE IF NOT EXISTS claims (legal_entity TEXT PRIMARY KEY, token INTEGER)")
    site.execute("INSERT INTO claims (legal_entity, token) VALUES ('170', 4)")
    held = Fence("170", 4)
    log.append([to("person:1", 0, gates(1))], meta=META, fence=held)

    site.execute("UPDATE claims SET token = 5")

    with pytest.raises(ClaimLost):
        log.append([to("person:1", 1, gates(2))], meta=META, fence=held)
    with pytest.raises(ClaimLost):
        log.append([to("person:1", 1, gates(2))], meta=META, fence=Fence("171", 4))
    assert log.size() == 1


def test_the_tree_stays_right_over_tiles_and_reopening(site: LogSite) -> None:
    for start, count in ((0, 200), (200, 400), (600, 1)):
        with site.open() as log:
            log.append([to("person:1", start, *map(gates, range(count)))], meta=META)
    with site.open() as log:
        head = log.checkpoint()

        assert head is not None
        assert (head.size, head.root) == (601, root_of(log))
        assert site.execute("SELECT level, tile_index FROM log_tiles ORDER BY 1, 2") == [(0, 0), (0, 1)]


def test_a_second_writer_is_followed_without_reopening(site: LogSite) -> None:
    with site.open() as ours, site.open() as theirs:
        ours.append([to("a", 0, gates(1))], meta=META)
        for version in range(4):
            theirs.append([to("b", version * 500, *map(gates, range(500)))], meta=META)
            ours.append([to("a", version + 1, gates(1))], meta=META)
        head = ours.checkpoint()

        assert head is not None
        assert head.root == root_of(theirs)


def test_a_head_is_signed_after_every_hundredth_event_and_on_request(log: EventLog, site: LogSite) -> None:
    assert log.checkpoint() is None
    log.append([to("a", 0, *map(gates, range(99)))], meta=META)
    log.append([to("a", 99, gates(99), gates(100))], meta=META)
    log.append([to("a", 101, gates(101))], meta=META)

    assert site.execute("SELECT size FROM log_checkpoints") == [(101,)]
    head = log.checkpoint()
    assert head is not None
    assert (head.size, head.root) == (102, root_of(log))


def test_the_database_itself_refuses_change_and_removal(log: EventLog, site: LogSite) -> None:
    log.append([to("a", 0, *map(gates, range(300)))], meta=META)
    statements = ["UPDATE {} SET {} = {}", "DELETE FROM {}"] + ["TRUNCATE {}"] * (not site.is_sqlite)
    columns = {"stored_events": "state", "log_tiles": "root", "log_checkpoints": "note"}

    for table, column in columns.items():
        before = site.execute(f"SELECT * FROM {table}")
        for statement in statements:
            with pytest.raises(Exception, match="append-only"):
                site.execute(statement.format(table, column, column))
        assert site.execute(f"SELECT * FROM {table}") == before != []


def test_a_cut_tail_is_noticed_by_the_next_append(site: LogSite) -> None:
    with site.open() as log:
        log.append([to("a", 0, *map(gates, range(110)))], meta=META)
        log.append([to("a", 110, gates(110))], meta=META)

        site.cut(110)

        with pytest.raises(LogDamaged, match="its tail was cut"):
            log.append([to("b", 0, gates(0))], meta=META)
    site.cut(60)
    with site.open() as log, pytest.raises(LogDamaged, match="its tail was cut"):  # opened anew, nothing remembered
        log.append([to("b", 0, gates(0))], meta=META)


@pytest.mark.parametrize(
    ("size", "said"), [(6, "the first 6 events are not those"), (7, "tail was cut|checkpoint covers 7")]
)
def test_a_machine_that_joins_signs_nothing_beside_a_head_of_others_that_the_log_does_not_hold(
    log: EventLog, tmp_path: Path, size: int, said: str
) -> None:
    log.append([to("a", 0, *map(gates, range(6)))], meta=META)
    another = Edge()
    another.extend([bytes(32)] * size)
    log._checkpoints.sign(another)
    joining = CheckpointStore(log.recorder, Copies(tmp_path / "second", "second"), log._checkpoints._key)

    with pytest.raises(LogDamaged, match=said):
        joining.is_new_here()


def test_a_replaced_last_event_is_noticed_by_the_next_append(log: EventLog, site: LogSite) -> None:
    log.append([to("a", 0, gates(0), gates(1))], meta=META)
    if site.is_sqlite:
        site.execute("DROP TRIGGER stored_events_no_update")
    else:
        site.execute("ALTER TABLE stored_events DISABLE TRIGGER append_only")
    site.execute("UPDATE stored_events SET leaf = ? WHERE originator_version = 1", (bytes(32),))

    with pytest.raises(LogDamaged, match="position 1"):
        log.append([to("b", 0, gates(0))], meta=META)


def test_an_event_of_a_later_version_is_passed_by(log: EventLog) -> None:
    body = b'{"recorded_at":"2026-03-15T09:30:00Z","actor":"test","correlation":"c","fact":{"new":[1,2]}}'
    log.recorder.append([log.macs.sealed(Row("a", 0, "payroll.moon_phase_observed.v9", body))])
    log.append([to("a", 1, gates(1))], meta=META)

    unknown, known = log.page(-1, 10)

    assert (unknown.name, unknown.fact) == ("payroll.moon_phase_observed.v9", UnknownFact(stored=b'{"new":[1,2]}'))
    assert known.fact == gates(1)


def test_an_event_that_cannot_be_read_is_named_by_its_position(log: EventLog) -> None:
    log.append([to("a", 0, gates(1))], meta=META)
    log.recorder.append([log.macs.sealed(Row("a", 1, "sync_run.started.v1", b'{"fact":}'))])

    with pytest.raises(LogDamaged, match=r"position 1 \(sync_run.started.v1\)"):
        log.page(-1, 10)


def test_too_large_an_append_is_refused_before_anything_is_locked(log: EventLog) -> None:
    huge = LogVerified(size=1, verdict="x" * 66_000)
    largest = LogVerified(size=1, verdict="x" * 65_000)

    with pytest.raises(EntryTooLarge, match="split it"):
        log.append([to("a", 0, gates(1), huge)], meta=META)
    with pytest.raises(ValueError, match="500"):
        log.append([to("a", 0, *map(gates, range(501)))], meta=META)

    assert log.append([], meta=META) == ()
    assert log.append([to("a", 0, largest)], meta=META)[0].position == 0


def test_the_library_reads_and_appends_through_the_same_door(log: EventLog) -> None:
    events = log.append([to("a", 0, gates(1), overwritten(log.vault.subject(), "Main St", BLANK))], meta=META)

    library = log.application
    by_library = [library.mapper.to_domain_event(each) for each in library.recorder.select_events("a")]
    envelopes = [each for each in by_library if isinstance(each, Envelope)]
    copies = [library.mapper.to_stored_event(msgspec.structs.replace(each, originator_id="b")) for each in envelopes]

    assert [each.fact for each in envelopes] == [event.fact for event in events]
    assert [each.id for each in library.notification_log.select(start=1, limit=10)] == [1, 2]
    assert list(library.recorder.insert_events(copies) or ()) == [3, 4]
    assert log.size() == 4
    head = log.checkpoint()
    assert head is not None
    assert head.root == root_of(log)


def test_sqlite_that_would_not_wait_for_the_disk_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    with LogSite.at(sqlite_url, tmp_path).open() as log:
        assert isinstance(log.recorder, SqliteLogRecorder)
        with log.recorder.datastore.get_connection(commit=True) as pooled:
            pooled.cursor().execute("PRAGMA synchronous = NORMAL")

        with pytest.raises(LogUnavailable, match="FULL"):
            log.append([to("a", 0, gates(1))], meta=META)


def test_postgres_wakes_listeners_after_each_append(postgres_url: str, tmp_path: Path) -> None:
    with LogSite.at(postgres_url, tmp_path).open() as log, psycopg.connect(postgres_url, autocommit=True) as listener:
        listener.execute("LISTEN stored_events")
        log.append([to("a", 0, gates(1))], meta=META)

        assert [each.channel for each in listener.notifies(timeout=PATIENCE, stop_after=1)] == ["stored_events"]


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite:///", "postgresql://%zz"])
def test_a_url_that_names_no_database_is_a_fault_in_the_setup(url: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured), LogSite(url, f"sqlite:///{tmp_path}/keys.db", tmp_path).open():
        pass
    with pytest.raises(Misconfigured), LogSite(f"sqlite:///{tmp_path}/log.db", url, tmp_path).open():
        pass


def test_a_database_that_does_not_answer_is_said_in_one_line_without_the_password(tmp_path: Path) -> None:
    nobody = "postgresql://app:geheim@127.0.0.1:1/log"
    keys = f"sqlite:///{tmp_path}/keys.db"
    (tmp_path / "no.db").write_bytes(b"this is no database" * 100)

    with pytest.raises(LogUnavailable) as refused, LogSite(nobody, keys, tmp_path).open():
        pass
    with pytest.raises(LogUnavailable), LogSite(f"sqlite:///{tmp_path}/log.db", nobody, tmp_path).open():
        pass
    with (
        pytest.raises(Misconfigured, match="cannot be used"),
        LogSite(f"sqlite:///{tmp_path}/no.db/x", keys, tmp_path).open(),
    ):
        pass
    with pytest.raises(LogDamaged), LogSite(f"sqlite:///{tmp_path}/no.db", keys, tmp_path).open():
        pass

    assert "geheim" not in str(refused.value)
