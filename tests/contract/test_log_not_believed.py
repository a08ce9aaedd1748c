"""A log that is known to be bad is not built on: the verdict that stands, and the proof before a run."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.log.event_log import EventLog
from adapters.log.mapper import Row
from adapters.log.open import open_macs
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.tree import leaf
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.sealing.event_macs import EventMacs
from adapters.log.stored import Stored, checkpoint_key, open_stored
from adapters.sqlite.stored_log import SqliteStoredLog
from domain.errors import LogDamaged, LogNotBelieved, LogUnavailable
from domain.log import StreamId
from domain.values import Actor
from tests.support.log_site import META, LogSite, gates, to

NOW = META.recorded_at + timedelta(minutes=1)
ANJA = Actor("Anja")
VERIFIED, SIZE = 300, 320
PLANTED = "person:8", 0, "personio_record.gates_observed.v1"


@pytest.fixture
def site(log_url: str, tmp_path: Path) -> LogSite:
    """320 events of three people; the first 300 were verified and found sound, the rest is signed."""
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        for person in range(3):
            log.append([to(f"person:{person}", 0, *[gates(person) for _ in range(100)])], meta=META)
        log.checkpoint()
        kept_verdict(site)
        log.append([to("person:2", 100, *[gates(2) for _ in range(20)])], meta=META)
        log.checkpoint()
    return site


def verdict_file(site: LogSite) -> VerdictFile:
    return VerdictFile(site.folder / "checkpoints")


def kept_verdict(site: LogSite) -> Verification:
    folder = site.folder / "checkpoints"
    with open_stored(site.url) as stored:
        key = checkpoint_key(site.keys_url, folder, None)
        with open_macs(site.keys_url, folder, None) as macs:
            found = verify(stored, Copies(folder), key, now=NOW, macs=macs.there())
    verdict_file(site).keep(found, at=NOW, by=ANJA)
    return found


def proven(site: LogSite, *reads: str) -> None:
    """What a run does first, and then reading these streams."""
    with site.open() as log:
        log.proven(by=ANJA, at=NOW).streams([StreamId(one) for one in reads])


def behind_our_back(site: LogSite, *statements: str) -> None:
    """As someone with the database in hands: past the triggers; rows are addressed by `row`."""
    for table in ("stored_events", "log_tiles", "log_checkpoints"):
        if site.is_sqlite:
            site.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
            site.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
        else:
            site.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    for statement in statements:
        if site.is_sqlite or "sqlite_sequence" not in statement:
            site.execute(statement.replace(" row ", " rowid " if site.is_sqlite else " notification_id "))


def rewrite(site: LogSite, position: int) -> None:
    """Another event, with the leaf that fits it."""
    with site.open() as log:
        _, stream, version, name, state = log.recorder.at([position])[0]
    forged = state.replace(b"ACTIVE", b"absent")
    row = "rowid" if site.is_sqlite else "notification_id"
    behind_our_back(site)
    site.execute(
        f"UPDATE stored_events SET state = ?, leaf = ? WHERE {row} = ?",
        (forged, leaf(position, stream, version, name, forged), position + 1),
    )


EDIT = "UPDATE stored_events SET originator_id = 'person:9' WHERE row = {}"
DELETE = "DELETE FROM stored_events WHERE row = {}"
INSERT = (
    "INSERT INTO stored_events ({}, originator_id, originator_version, topic, state, leaf) "
    "SELECT {}, 'person:8', 0, topic, state, leaf FROM stored_events WHERE row = 320"
)


def inserted(number: int) -> Callable[[LogSite], None]:
    def insert(site: LogSite) -> None:
        if not site.is_sqlite:  # where no partition takes it, whoever owns the database makes one
            site.execute("CREATE TABLE planted PARTITION OF stored_events DEFAULT")
        behind_our_back(site, INSERT.format("rowid" if site.is_sqlite else "notification_id", number))

    return insert


def edited(*statements: str) -> Callable[[LogSite], None]:
    return lambda site: behind_our_back(site, *statements)


def emptied_folder(site: LogSite) -> None:
    for one in (site.folder / "checkpoints").iterdir():
        one.unlink()


def lost_folder(site: LogSite) -> None:
    emptied_folder(site)
    (site.folder / "checkpoints").rmdir()


def forged_head(site: LogSite) -> None:
    behind_our_back(site, "UPDATE log_checkpoints SET note = 'forged' WHERE size = 320")


DAMAGES = {
    "an edited event of the tail": (edited(EDIT.format(310)), Verdict.TAMPERED, 309),
    "a deleted event of the tail": (edited(DELETE.format(310)), Verdict.TAMPERED, 309),
    "the last event deleted": (edited(DELETE.format(320)), Verdict.TRUNCATED, 319),
    "a backup from before the folder": (
        edited(
            "DELETE FROM stored_events WHERE row > 305", "DELETE FROM log_checkpoints WHERE size > 305",
            "UPDATE sqlite_sequence SET seq = 305",
        ), Verdict.TRUNCATED, 305,
    ),
    "a backup from before the last good verification": (
        edited(
            "DELETE FROM stored_events WHERE row > 150", "DELETE FROM log_checkpoints WHERE size > 150",
            "DELETE FROM log_tiles", "UPDATE sqlite_sequence SET seq = 150",
        ), Verdict.TRUNCATED, 150,
    ),
    "an event deleted before the last good verification": (edited(DELETE.format(7)), Verdict.TAMPERED, 6),
    "an event added at the end": (inserted(321), Verdict.TAMPERED, 320),
    "an event added in front": (inserted(0), Verdict.TAMPERED, 0),
    "a replaced head in the database": (forged_head, Verdict.UNVERIFIABLE, None),
    "an empty checkpoint folder": (emptied_folder, Verdict.UNVERIFIABLE, None),
    "no checkpoint folder": (lost_folder, Verdict.UNVERIFIABLE, None),
    "a rewritten event of the tail": (lambda site: rewrite(site, 310), Verdict.TAMPERED, 310),
    "no tile": (edited("DELETE FROM log_tiles"), Verdict.TAMPERED, 0),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_does_not_begin_on_a_damaged_log_and_the_verdict_stands(site: LogSite, damage: str) -> None:
    do, verdict, position = DAMAGES[damage]
    do(site)

    with pytest.raises(LogNotBelieved, match=f"{verdict}.*`tweeluik verify` says OK"):
        proven(site)

    last = verdict_file(site).last()
    assert last is not None
    assert (last.verdict, last.position, last.by, last.at) == (verdict, position, "Anja", NOW)
    with pytest.raises(LogNotBelieved):
        proven(site)


@pytest.mark.parametrize(
    "how", [edited(EDIT.format(120)), lambda site: rewrite(site, 119)], ids=["edited", "rewritten"]
)
def test_an_old_event_is_noticed_by_the_run_that_reads_its_stream(
    site: LogSite, how: Callable[[LogSite], None]
) -> None:
    how(site)
    proven(site, "person:0", "person:2")

    with pytest.raises(LogNotBelieved, match="TAMPERED"):
        proven(site, "person:1", "person:9")

    last = verdict_file(site).last()
    assert last is not None
    assert (last.verdict, last.position) == (Verdict.TAMPERED, 119)


@pytest.mark.parametrize(
    ("how", "place"),
    [
        (edited(EDIT.format(120)), 140),  # a version that is named, seen by the next of its stream
        (lambda site: rewrite(site, 119), 119),
        (edited(EDIT.format(160)), 160),  # one after the last that is named
        (edited(EDIT.format(141)), 141),  # the last that is named
        (edited(EDIT.format(111)), None),  # one that nobody asked for
    ],
    ids=["named", "rewritten", "after", "last", "overtaken"],
)
def test_a_part_of_a_stream_is_proven_as_the_whole_of_it_is(
    site: LogSite, how: Callable[[LogSite], None], place: int | None
) -> None:
    how(site)

    with site.open() as log, pytest.raises(LogNotBelieved, match="TAMPERED") if place else nullcontext():
        found = log.proven(by=ANJA, at=NOW).parts({StreamId("person:1"): (5, 19, 40)})
        assert [event.version for event in found[StreamId("person:1")]] == [5, 19, *range(40, 100)]

    last = verdict_file(site).last()
    assert last is not None
    assert last.position == place


def test_an_old_event_rewritten_together_with_its_tile_is_noticed_too(site: LogSite) -> None:
    rewrite(site, 119)
    row = "rowid" if site.is_sqlite else "notification_id"
    leaves = [bytes(one) for (one,) in site.execute(f"SELECT leaf FROM stored_events ORDER BY {row} LIMIT 256")]
    site.execute("UPDATE log_tiles SET hashes = ? WHERE level = 0", (b"".join(leaves),))

    with pytest.raises(LogNotBelieved, match="TAMPERED at event 0,"):  # its MAC would tell of 119
        proven(site, "person:1")


def test_a_sound_log_is_proven_and_read_as_it_is(site: LogSite) -> None:
    with site.open() as log:
        run = log.proven(by=ANJA, at=NOW)

        assert run.stream(StreamId("person:1")) == log.stream(StreamId("person:1"))
        assert run.at([5, 300, 319]) == log.at([5, 300, 319])
        run.append([to("person:7", 0, gates(7))], meta=META)
        assert len(run.stream(StreamId("person:7"))) == 1


def test_without_a_good_verification_the_whole_log_is_the_tail(site: LogSite) -> None:
    (site.folder / "checkpoints" / "verdict.json").unlink()
    behind_our_back(site, EDIT.format(3))

    with pytest.raises(LogNotBelieved, match="TAMPERED at event 2"):
        proven(site)


def test_what_a_crash_left_unsigned_is_no_reason_not_to_begin(site: LogSite) -> None:
    with site.open() as log:
        log.append([to("person:7", 0, gates(7))], meta=META)
        log.proven(by=ANJA, at=NOW + timedelta(days=3))

    assert verdict_file(site).last().ok  # type: ignore[union-attr]


def test_a_first_run_that_was_killed_before_its_first_head_keeps_no_second_one_from_beginning(
    log_url: str, tmp_path: Path
) -> None:
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        log.append([to("person:7", 0, gates(7))], meta=META)
        log.proven(by=ANJA, at=NOW)
        assert kept_verdict(site).verdict is Verdict.STALE
        log.seal()

    assert kept_verdict(site).ok


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.OK])
def test_after_a_verdict_other_than_ok_nothing_is_appended_or_signed_until_one_is(
    site: LogSite, verdict: Verdict
) -> None:
    def append(log: EventLog) -> None:
        log.append([to("person:7", 0, gates(7))], meta=META)

    with site.open() as log:
        verdict_file(site).keep(Verification(verdict, SIZE, "because", 4, 4), at=NOW, by=ANJA)
        with pytest.raises(LogDamaged, match=f"{verdict} at event 4, found by Anja"):
            append(log)
        head = log.checkpoint()
        assert head is not None
        assert (head.size, log.size(), len(log.stream(StreamId("person:1")))) == (SIZE, SIZE, 100)

        assert kept_verdict(site).ok
        append(log)


def test_a_verdict_that_cannot_be_read_is_not_taken_for_ok(site: LogSite) -> None:
    path = site.folder / "checkpoints" / "verdict.json"
    path.write_text("{")

    with pytest.raises(LogNotBelieved, match="cannot be read"):
        proven(site)
    assert kept_verdict(site).ok
    proven(site)


def test_the_verdict_is_for_its_owner_only_and_holds_no_more_than_it_should(site: LogSite) -> None:
    path = site.folder / "checkpoints" / "verdict.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in path.parent.iterdir() if "verdict" in one.name) == ["verdict.json"]
    last = verdict_file(site).last()
    assert last is not None
    assert (last.verdict, last.by, last.sound.split("\n")[1]) == (Verdict.OK, "Anja", str(VERIFIED))


def test_every_process_shows_the_newest_head_whoever_signed_it_and_never_an_older_one(site: LogSite) -> None:
    with site.open() as one, site.open() as other:
        shown = [each.newest_head().size for each in (one, other)]  # type: ignore[union-attr]
        one.append([to("person:7", 0, gates(7))], meta=META)
        one.checkpoint()
        shown += [each.newest_head().size for each in (other, one)]  # type: ignore[union-attr]
        behind_our_back(site, "DELETE FROM log_checkpoints WHERE size > 300")
        shown += [each.newest_head().size for each in (other, one)]  # type: ignore[union-attr]

    assert shown == [320, 320, 321, 321, 321, 321]


def test_a_head_that_the_log_did_not_sign_is_never_shown(site: LogSite) -> None:
    behind_our_back(site, "INSERT INTO log_checkpoints (size, machine, note) VALUES (9999, 'payroll-1', 'forged')")

    with site.open() as log:
        assert log.newest_head().size == SIZE  # type: ignore[union-attr]


def without_mac(log: EventLog) -> bytes:
    *_, state = log.recorder.at([SIZE - 1])[0]
    return state[: state.rindex(b',"mac"')] + b"}"


def with_anothers(log: EventLog) -> bytes:
    *_, state = log.recorder.at([SIZE - 1])[0]
    return state


def with_a_key_of_their_own(log: EventLog) -> bytes:
    return EventMacs(bytes(32), 0, lambda: 0).sealed(Row(*PLANTED, without_mac(log))).state


def plant(site: LogSite, made: Callable[[EventLog], bytes] = without_mac) -> None:
    """What somebody adds who can write to the database: a well-made event with the leaf that fits it."""
    with site.open() as log:
        state = made(log)
    row = "rowid" if site.is_sqlite else "notification_id"
    columns = "originator_id, originator_version, topic, state, leaf"
    site.execute(
        f"INSERT INTO stored_events ({row}, {columns}) VALUES (?, ?, ?, ?, ?, ?)",
        (SIZE + 1, *PLANTED, state, leaf(SIZE, *PLANTED, state)),
    )


@pytest.mark.parametrize("made", [without_mac, with_anothers, with_a_key_of_their_own])
def test_a_well_made_event_that_somebody_added_is_refused_at_first_sight_and_by_every_verification(
    site: LogSite, made: Callable[[EventLog], bytes]
) -> None:
    plant(site, made)
    with site.open() as log:
        log.checkpoint()  # a head that covers it changes nothing

        with pytest.raises(LogNotBelieved, match=f"TAMPERED at event {SIZE}, found by system"):
            log.stream(StreamId("person:8"))

        with pytest.raises(LogNotBelieved):
            log.append([to("person:9", 0, gates(9))], meta=META)
        assert len(log.stream(StreamId("person:8"))) == 1  # known to be bad, it can be read for the case
    found = kept_verdict(site)
    assert (found.verdict, found.first, found.reason) == (
        Verdict.TAMPERED,
        SIZE,
        f"event {SIZE}: it was not stored by Tweeluik",
    )


@pytest.mark.parametrize("read", [lambda log: log.page(SIZE - 2, 9), lambda log: list(log.replay())])
def test_nothing_is_folded_from_an_event_that_somebody_added(site: LogSite, read: Callable[[EventLog], object]) -> None:
    plant(site)

    with site.open() as log, pytest.raises(LogNotBelieved):
        read(log)


def test_a_run_does_not_begin_over_an_event_that_somebody_added(site: LogSite) -> None:
    plant(site)

    with pytest.raises(LogNotBelieved, match=f"TAMPERED at event {SIZE}, found by Anja"):
        proven(site)


def test_events_from_before_there_were_macs_count_and_later_ones_without_do_not(site: LogSite) -> None:
    keys = LogSite(site.keys_url, site.keys_url, site.folder)
    keys.execute("DELETE FROM secrets WHERE name = 'event-mac-key'")  # as a log lies that an older version kept
    with site.open() as log:
        assert len(log.stream(StreamId("person:2"))) == 120
        assert kept_verdict(site).ok
    plant(site)

    with site.open() as log, pytest.raises(LogNotBelieved, match=f"TAMPERED at event {SIZE}"):
        log.stream(StreamId("person:8"))

    assert kept_verdict(site).first == SIZE


def test_a_process_that_runs_hears_that_events_were_taken_over(site: LogSite) -> None:
    with site.open() as log:
        plant(site)
        with open_macs(site.keys_url, site.folder / "checkpoints", None) as macs:
            macs.take_over(SIZE + 1)

        assert len(log.stream(StreamId("person:8"))) == 1
        assert kept_verdict(site).ok


@contextmanager
def broken_off(site: LogSite) -> Iterator[Stored]:
    """The log as it lies in a database that answers the first question and none after it."""
    with open_stored(site.url) as stored, ExitStack() as held:
        stored.count()
        if isinstance(stored, SqliteStoredLog):
            held.enter_context(interrupted(stored))
        else:
            pids = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            site.execute(f"{pids} AND pid <> pg_backend_pid()")
        yield stored


@contextmanager
def interrupted(stored: SqliteStoredLog) -> Iterator[None]:
    assert stored._opened is not None
    stored._opened.set_progress_handler(lambda: 1, 1)
    yield


@pytest.mark.parametrize("before", [Verdict.OK, Verdict.TAMPERED])
def test_a_verification_that_the_database_broke_off_is_no_verdict_and_wipes_none_out(
    site: LogSite, before: Verdict
) -> None:
    folder = site.folder / "checkpoints"
    verdict_file(site).keep(Verification(before, SIZE, "", None, None), at=NOW, by=ANJA)

    with broken_off(site) as stored, pytest.raises(LogUnavailable, match="could not be read to the end"):
        verify(stored, Copies(folder), checkpoint_key(site.keys_url, folder, None), now=NOW)

    assert verdict_file(site).last().verdict is before  # type: ignore[union-attr]
