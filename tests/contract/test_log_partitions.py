"""The partitions of a log on PostgreSQL: when they are made, by whom, and what they change for nobody."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.log.event_log import EventLog
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.tree import leaf
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.recorder import Room
from adapters.log.stored import checkpoint_key, open_stored
from api.tasks.log_room import examined_room
from domain.errors import LogUnavailable, StreamMoved
from domain.log import StreamId
from tests.support.databases import tool
from tests.support.log_site import META, LogSite, gates, root_of, to
from tests.support.partitions import WIDTH, partitions
from tests.support.waiting import until

GRANTS = """CREATE ROLE {0} LOGIN; GRANT USAGE, CREATE ON SCHEMA public TO {0};
            GRANT CREATE ON DATABASE {1} TO {0};
            GRANT SELECT, INSERT ON stored_events, log_tiles, log_checkpoints TO {0};
            GRANT SELECT, UPDATE ON log_lock TO {0}"""
SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
SCANS = "SELECT relname, coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname ~ '^stored_events_'"


@pytest.fixture
def site(small_partitions_url: str, tmp_path: Path) -> LogSite:
    return LogSite.at(small_partitions_url, tmp_path)


def filled(log: EventLog, size: int) -> None:
    """One stream that goes on through the log, up to this size."""
    for first in range(log.size(), size, 500):
        log.append([to("a", first, *map(gates, range(min(500, size - first))))], meta=META)


def as_working_role(site: LogSite) -> LogSite:
    """One that may do no more than deploy/postgres-roles.sh lets it, and make tables of its own."""
    role = f"role_{secrets.token_hex(6)}"
    for statement in GRANTS.format(role, conninfo_to_dict(site.url)["dbname"]).split(";"):
        site.execute(statement)
    return LogSite(site.url.replace("postgres:@", f"{role}:@"), f"sqlite:///{site.folder}/keys.db", site.folder)


def verified(site: LogSite) -> Verification:
    folder = site.folder / "checkpoints"
    key = checkpoint_key(site.keys_url, folder, None)
    with open_stored(site.url) as stored:
        return verify(stored, Copies(folder), key, now=META.recorded_at)


def test_an_append_goes_on_in_the_next_partition_in_its_middle_and_nobody_can_tell(site: LogSite) -> None:
    with site.open() as log:
        filled(log, 3 * WIDTH - 100)
        events = log.append([to("b", 0, *map(gates, range(400)))], meta=META)
        head = log.checkpoint()

        assert log.stream(StreamId("b")) == events == log.page(3 * WIDTH - 101, 500)
        assert head is not None
        assert head.root == root_of(log)
    assert [held for held, _ in partitions(site.url).values()] == [WIDTH, WIDTH, WIDTH, 300]
    assert (verified(site).verdict, verified(site).size) == (Verdict.OK, 3 * WIDTH + 300)


def test_the_next_partition_is_made_when_half_of_the_last_is_used(site: LogSite) -> None:
    with site.open() as log:
        filled(log, WIDTH // 2 - 1)
        assert list(partitions(site.url)) == ["stored_events_0"]

        filled(log, WIDTH // 2)

    assert partitions(site.url) == {"stored_events_0": (512, 1024), "stored_events_1": (0, 2048)}


def test_a_log_begins_with_one_partition_of_millions_and_whole_tiles(postgres_url: str, tmp_path: Path) -> None:
    with LogSite.at(postgres_url, tmp_path).open():
        assert partitions(postgres_url) == {"stored_events_0": (0, 2**22)}


def test_whoever_may_only_append_has_partitions_made_that_it_can_neither_change_nor_take_away(site: LogSite) -> None:
    role = as_working_role(site)
    role.execute("CREATE TABLE own ()")
    with role.open() as log:
        filled(log, 2 * WIDTH)

    assert list(partitions(site.url)) == ["stored_events_0", "stored_events_1", "stored_events_2"]
    assert role.execute("SELECT count(*) FROM stored_events_1") == [(WIDTH,)]
    for statement in (
        "UPDATE stored_events_1 SET state = state", "DELETE FROM stored_events_1", "TRUNCATE stored_events_1",
        "INSERT INTO stored_events_2 SELECT FROM stored_events_1", "DROP TABLE stored_events_2",
        "ALTER TABLE stored_events DETACH PARTITION stored_events_2",
        "SELECT log_room(1000000)",
        "CREATE TRIGGER mine AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION make_room()",
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute(statement)


def test_nothing_of_the_working_role_is_done_with_the_rights_of_the_owner(site: LogSite) -> None:
    """Whatever functions it makes in the same schema that PostgreSQL might take for those that were meant."""
    role = as_working_role(site)
    role.execute("CREATE TABLE done_by (who text)")
    for taken in (
        "log_room(bigint, name)",
        "log_room(numeric, text)",
        "format(text, text)",
        "format(text, text, text)",
    ):
        body = "BEGIN INSERT INTO public.done_by VALUES (current_user); RETURN NULL; END"
        role.execute(f"CREATE FUNCTION public.{taken} RETURNS text LANGUAGE plpgsql AS $${body}$$")

    with role.open() as log:
        filled(log, 2 * WIDTH)

    assert list(partitions(site.url)) == ["stored_events_0", "stored_events_1", "stored_events_2"]
    assert site.execute("SELECT DISTINCT who FROM done_by") == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET state = state", "DELETE FROM {}", "TRUNCATE {}"])
def test_not_even_the_owner_changes_a_partition_by_naming_it(site: LogSite, statement: str) -> None:
    with site.open() as log:
        filled(log, WIDTH + 1)

    for partition in ("stored_events_0", "stored_events_1"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            site.execute(statement.format(partition))


def test_a_name_that_somebody_took_stops_the_log_only_when_it_is_full_and_says_what_to_do(site: LogSite) -> None:
    role = as_working_role(site)
    with role.open() as log:
        role.execute("CREATE TABLE stored_events_1 ()")
        filled(log, 512)
        before = log.room()
        filled(log, WIDTH - 1)
        told = log.room()
        checks = [(one.verdict.value, one.told) for one in examined_room(log)]
        with pytest.raises(LogUnavailable, match=r"no partition for event 1024; .* run SELECT log_room\(1025\)"):
            log.append([to("b", 0, gates(0), gates(1))], meta=META)
        log.append([to("b", 0, gates(0))], meta=META)
        role.execute("DROP TABLE stored_events_1")

        site.execute("SELECT log_room(1025)")
        log.append([to("b", 1, gates(1))], meta=META)

        head = log.checkpoint()
        assert head is not None
        assert (head.size, head.root) == (1025, root_of(log))
        assert (before, told) == (Room(512, late=False), Room(1, late=True))
        assert checks == [("warning", "the next partition is not made; there is a place for 1 more event")]
        assert log.room() == Room(1023, late=False)
        assert [one.verdict.value for one in examined_room(log)] == ["ok"]


def test_a_long_reader_sees_its_own_moment_and_neither_waits_for_a_new_partition_nor_keeps_it_back(
    site: LogSite,
) -> None:
    with site.open() as log, open_stored(site.url) as reading:
        filled(log, 100)
        assert reading.count() == 100

        filled(log, 2 * WIDTH)

        assert list(partitions(site.url)) == ["stored_events_0", "stored_events_1", "stored_events_2"]
        assert reading.count() == len(reading.events(1, 500)) == 100


def test_what_is_read_by_position_is_looked_for_in_its_own_partition(site: LogSite) -> None:
    """However often it was asked, so that the server has planned it once for every position."""
    with site.open() as log:
        filled(log, 3 * WIDTH)
    scans = scanned(site)

    with site.open() as log:
        for _ in range(20):
            assert [event.position for event in log.page(WIDTH + 9, 5)] == list(range(WIDTH + 10, WIDTH + 15))
            assert [event.position for event in log.at([WIDTH + 7, WIDTH + 8])] == [WIDTH + 7, WIDTH + 8]

    assert scanned(site) == {**scans, "stored_events_1": scans["stored_events_1"] + 60}


def scanned(site: LogSite) -> dict[str, int]:
    """How often each partition's indexes were searched: what a session asked is counted when it ends."""
    until(lambda: site.execute(SESSIONS) == [], "the end of every session")
    return dict(site.execute(SCANS))


def test_a_dump_brings_every_partition_along_and_the_next_is_made_where_it_is_restored(
    site: LogSite, bare_postgres_url: str, tmp_path: Path
) -> None:
    with site.open() as log:
        filled(log, WIDTH + 100)
    subprocess.run([tool("pg_dump"), "--format=custom", f"--file={tmp_path}/dump", f"--dbname={site.url}"], check=True)
    subprocess.run([tool("pg_restore"), f"--dbname={bare_postgres_url}", f"{tmp_path}/dump"], check=True)

    restored = LogSite(bare_postgres_url, site.keys_url, tmp_path)
    with restored.open() as log:
        filled(log, 2 * WIDTH + 1)

    assert list(partitions(bare_postgres_url)) == ["stored_events_0", "stored_events_1", "stored_events_2"]
    assert verified(restored).ok
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        restored.execute("TRUNCATE stored_events_1")


def test_a_version_of_a_stream_comes_once_in_whichever_partition_the_first_lies(site: LogSite) -> None:
    """A copy of an event is as well made as the event, so nothing but its version tells that it was planted."""
    role = as_working_role(site)
    with role.open() as log:
        filled(log, WIDTH + 100)
        with pytest.raises(StreamMoved):
            log.append([to("a", 7, gates(7))], meta=META)
        copies = [log.recorder.at([position])[0][1:] for position in (7, WIDTH + 50)]
    place = WIDTH + 100
    role.execute("CREATE SCHEMA AUTHORIZATION CURRENT_USER CREATE TABLE stored_events (LIKE public.stored_events)")

    for copy in copies:
        with pytest.raises(psycopg.errors.UniqueViolation):
            role.execute(
                "INSERT INTO public.stored_events VALUES (?, ?, ?, ?, ?, ?)", (place + 1, *copy, leaf(place, *copy))
            )
