"""Personal values in the log: sealed at rest, opened only with their key, erasable without changing a hash (AUD-9)."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from adapters.log.event_log import EventLog
from adapters.log.mapper import stored
from adapters.log.sealing.keys import KEY_VARIABLE, key_encryption_key
from adapters.log.sealing.vault import KeyVault
from adapters.sqlite.key_store import SqliteKeyStore
from domain.errors import Misconfigured
from domain.events.custody import ValuesUnmasked
from domain.events.loket import FieldOverwritten
from domain.events.personio import AttributesObserved
from domain.events.runs import OutcomeRecorded
from domain.events.values import FieldValue
from domain.log import Fact, StreamId
from domain.personal import Box, Lost, Retention, Sealed
from domain.values import BLANK, NOT_OBSERVED
from tests.support.log_site import META, LogSite, gates, overwritten, to
from tests.support.waiting import PATIENCE, let_pass

STREAM = StreamId("loket:170:4711")


@pytest.fixture
def site(log_url: str, tmp_path: Path) -> LogSite:
    return LogSite.at(log_url, tmp_path)


@pytest.fixture
def log(site: LogSite) -> Iterator[EventLog]:
    with site.open() as log:
        yield log


def test_a_value_is_sealed_in_the_log_and_opens_to_what_it_was(log: EventLog) -> None:
    subject = log.vault.subject()
    facts: list[Fact] = [
        overwritten(subject, "Main St", "Straße des 17. Juni, Łódź"),
        overwritten(subject, "", "ends in a zero\0"),
        AttributesObserved(
            subject=subject,
            values=(FieldValue("iban", "NL91ABNA0417164300"), FieldValue("address.city", NOT_OBSERVED)),
        ),
        OutcomeRecorded(
            person_id="1", employee_number=1, outcome="updated", reason="EDIT-1", subject=subject, messages=("a", "b")
        ),
    ]

    log.append([to(STREAM, 0, *facts)], meta=META)
    read = log.page(-1, 10)

    first = read[0].fact
    assert isinstance(first, FieldOverwritten)
    assert isinstance(first.before, Sealed)
    assert [event.fact for event in log.vault.opened(read)] == facts


def test_whether_a_field_was_blank_or_not_observed_needs_no_key(log: EventLog) -> None:
    subject = log.vault.subject()
    log.append([to(STREAM, 0, overwritten(subject, NOT_OBSERVED, BLANK))], meta=META)

    (event,) = log.page(-1, 1)

    assert isinstance(event.fact, FieldOverwritten)
    assert (event.fact.before, event.fact.after) == (NOT_OBSERVED, BLANK)


def test_the_length_of_a_sealed_value_does_not_tell_male_from_female(log: EventLog) -> None:
    subject = log.vault.subject()
    log.append([to(STREAM, 0, overwritten(subject, "MALE", BLANK), overwritten(subject, "FEMALE", BLANK))], meta=META)

    male, female = (event.boxes[0].content for event in log.page(-1, 2))

    assert len(male) == len(female)
    assert male != female


def test_no_file_holds_a_personal_value_or_a_secret(log: EventLog, site: LogSite) -> None:
    before = _wal_file(site)
    subject = log.vault.subject()
    log.append([to(STREAM, 0, overwritten(subject, "Zonnebloemstraat-17", "jan.jansen@example.org"))], meta=META)
    log.append([to("custody", 0, ValuesUnmasked(
        subject=subject, what="x", legal_entity="170", employee_number=1, reason="asked by the Zonnebloem judge"
    ))], meta=META)  # fmt: skip
    log.vault.store_secret("loket-refresh-token", "geheim-4f6e1b")
    log.vault.opened(log.page(-1, 10))
    log.checkpoint()

    everything = _bytes(site.folder.rglob("*") if site.is_sqlite else _of_the_server(site, before))

    assert b"loket:170:4711" in everything  # the right files were searched
    for value in ("Zonnebloem", "jan.jansen", "geheim-4f6e1b"):
        assert value.encode() not in everything


def test_erasing_one_class_of_one_person_loses_those_values_only_and_changes_no_hash(log: EventLog) -> None:
    vault, sanne, jan = log.vault, log.vault.subject(), log.vault.subject()
    log.append([to(STREAM, 0,
        overwritten(sanne, "Main St", BLANK),
        overwritten(sanne, "s@example.org", "t@example.org", "contactInformation.emailAddress"),
        overwritten(jan, "j@example.org", BLANK, "contactInformation.emailAddress"),
    )], meta=META)  # fmt: skip
    before = log.checkpoint()

    vault.destroy(sanne, Retention.HR_2Y)

    street, erased, other = (event.fact for event in vault.opened(log.page(-1, 10)))
    assert street == overwritten(sanne, "Main St", BLANK)
    assert erased == overwritten(sanne, Lost.SHREDDED, Lost.SHREDDED, "contactInformation.emailAddress")
    assert other == overwritten(jan, "j@example.org", BLANK, "contactInformation.emailAddress")
    assert log.checkpoint() == before


def test_an_erased_person_who_returns_gets_new_keys_and_the_old_values_stay_erased(log: EventLog) -> None:
    subject = log.vault.subject()
    log.append([to(STREAM, 0, overwritten(subject, "Main St", BLANK))], meta=META)
    log.vault.destroy(subject, Retention.FISCAL_7Y)

    log.append([to(STREAM, 1, overwritten(subject, "Central Ave", BLANK))], meta=META)

    old, new = (event.fact for event in log.vault.opened(log.page(-1, 10)))
    assert old == overwritten(subject, Lost.SHREDDED, BLANK)
    assert new == overwritten(subject, "Central Ave", BLANK)


def test_an_erasure_reaches_another_process_once_its_memory_has_aged(tmp_path: Path) -> None:
    store = SqliteKeyStore(tmp_path / "keys.db")
    key = key_encryption_key(store, None, tmp_path / "keys.key")
    here, there = KeyVault(store, key), KeyVault(store, key, lifetime=0.05)
    with LogSite.at(f"sqlite:///{tmp_path}/log.db", tmp_path).open() as log:
        subject = here.subject()
        ((fact, boxes),) = here.sealed([(STREAM, 0, overwritten(subject, "Main St", BLANK))])
        log.recorder.append([log.macs.sealed(stored(STREAM, 0, META, fact, boxes))])
        events = log.page(-1, 1)
        assert there.opened(events) == here.opened(events)

        here.destroy(subject, Retention.FISCAL_7Y)
        let_pass(0.06)

        assert there.opened(events)[0].fact == overwritten(subject, Lost.SHREDDED, BLANK)


def test_a_destroyed_key_is_gone_from_the_files(sqlite_url: str, tmp_path: Path) -> None:
    site = LogSite.at(sqlite_url, tmp_path)
    keys = LogSite(site.keys_url, site.keys_url, tmp_path)
    with site.open() as log:
        subject = log.vault.subject()
        log.append([to(STREAM, 0, overwritten(subject, "Main St", BLANK))], meta=META)
        ((wrapped,),) = keys.execute("SELECT wrapped FROM data_keys")
        assert wrapped in _bytes_of_keys(tmp_path)

        log.vault.destroy(subject, Retention.FISCAL_7Y)
        log.vault.wipe()

        assert wrapped not in _bytes_of_keys(tmp_path)


def test_a_value_moved_to_another_place_person_or_event_is_unreadable_and_stops_nobody(log: EventLog) -> None:
    sanne, jan = log.vault.subject(), log.vault.subject()
    first, other = log.append(
        [to(STREAM, 0, overwritten(sanne, "Main St", "Central Ave"), overwritten(jan, "Elm St", BLANK))], meta=META
    )
    assert isinstance(first.fact, FieldOverwritten)
    key_id, content = first.boxes[0].key_id, first.boxes[0].content
    changed = content[:20] + ("A" if content[20] != "A" else "B") + content[21:]
    moved, own = msgspec.structs.replace, first.boxes
    forged = [
        (moved(first.fact, after=first.fact.before, before=BLANK), own),
        (moved(other.fact, before=first.fact.before), own),
        (first.fact, own),
        (first.fact, (Box(key_id, changed),)),
        (first.fact, (Box(key_id, "not base64"),)),
        (first.fact, (Box("nobody", content),)),
        (first.fact, ()),
        (moved(first.fact, after=Sealed(-1, "1")), own),
        (moved(first.fact, before=Sealed(key_id, content), after=Sealed("nobody", content)), own),
    ]
    rows = [stored(STREAM, version, META, *each) for version, each in enumerate(forged, start=2)]
    log.recorder.append([log.macs.sealed(row) for row in rows])

    opened = [event.fact for event in log.vault.opened(log.page(1, 10))]

    unreadable = Lost.UNREADABLE
    assert [(fact.before, fact.after) for fact in opened if isinstance(fact, FieldOverwritten)] == [
        (BLANK, unreadable),
        (unreadable, BLANK),
        (unreadable, unreadable),
        (unreadable, unreadable),
        (unreadable, unreadable),
        (Lost.SHREDDED, Lost.SHREDDED),
        (unreadable, unreadable),
        (unreadable, unreadable),
        (unreadable, Lost.SHREDDED),
    ]


def test_what_could_never_be_opened_is_not_recorded(log: EventLog) -> None:
    subject = log.vault.subject()
    (event,) = log.append([to(STREAM, 0, overwritten(subject, "Main St", BLANK))], meta=META)

    with pytest.raises(TypeError, match="open the value before"):
        log.append([to(STREAM, 1, event.fact)], meta=META)
    with pytest.raises(ValueError, match="names no subject"):
        log.append([to(STREAM, 1, overwritten("", "Main St", BLANK))], meta=META)
    log.append([to(STREAM, 1, overwritten(subject, Lost.SHREDDED, "Elm St"))], meta=META)

    assert log.vault.opened(log.page(0, 1))[0].fact == overwritten(subject, NOT_OBSERVED, "Elm St")


def test_secrets_survive_and_digests_depend_on_the_key(log: EventLog, site: LogSite) -> None:
    log.vault.store_secret("token", "one")
    log.vault.store_secret("token", "two")
    digest = log.vault.keyed_digest("bsn", b"111222333")

    with site.open() as again:
        assert again.vault.secret("token") == "two"
        assert again.vault.secret("nothing") is None
        assert again.vault.keyed_digest("bsn", b"111222333") == digest != again.vault.keyed_digest("iban", b"111222333")


def test_only_one_process_refreshes_a_secret(log: EventLog, site: LogSite) -> None:
    other = f"""
from pathlib import Path
from adapters.log.open import open_log
log = open_log({site.url!r}, keys_url={site.keys_url!r}, checkpoints=Path({str(site.folder / "checkpoints")!r}))
print("asking", flush=True)
with log.vault.replacing("token"):
    print(log.vault.secret("token"), flush=True)
"""
    with log.vault.replacing("token") as keep:
        process = subprocess.Popen([sys.executable, "-c", other], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "asking\n"
        let_pass(0.2)  # it waits, or would say what it found
        keep("rotated")

    assert process.communicate(timeout=PATIENCE)[0] == "rotated\n"


def opened(site: LogSite) -> None:
    with site.open():
        pass


def test_key_files_that_an_editor_of_windows_has_saved_still_count(site: LogSite) -> None:
    opened(site)
    for made in site.folder.glob("*.key"):
        made.write_bytes(codecs.BOM_UTF8 + made.read_bytes().replace(b"\n", b"\r\n"))
    opened(site)
    for made in site.folder.glob("*.key"):
        saved = made.read_bytes()
        for text in ("schlüssel".encode(), "key".encode("utf-16"), b"\0"):
            made.write_bytes(text)
            with pytest.raises(Misconfigured, match=made.name):
                opened(site)
        made.write_bytes(saved)


def test_another_or_a_lost_key_encryption_key_is_said_at_once(
    site: LogSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with site.open() as log:
        log.vault.store_secret("token", "one")
    (made,) = (path for path in site.folder.glob("*.key") if "signing" not in path.name)
    assert made.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().err.count(str(made)) == 1

    text = made.read_text()
    made.unlink()
    with pytest.raises(Misconfigured, match="cannot be read"), site.open():
        pass
    monkeypatch.setenv(KEY_VARIABLE, "A" * 43 + "=")
    with pytest.raises(Misconfigured, match="was begun with"), site.open():
        pass
    monkeypatch.setenv(KEY_VARIABLE, text)
    with site.open() as log:
        assert log.vault.secret("token") == "one"


def test_files_are_their_owners_only(sqlite_url: str, tmp_path: Path) -> None:
    with LogSite.at(sqlite_url, tmp_path).open() as log:
        log.vault.store_secret("token", "one")

        assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("*.*")} == {0}


def test_nobody_else_may_write_to_the_heads_outside_whatever_the_umask(sqlite_url: str, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with LogSite.at(sqlite_url, tmp_path).open() as log:
            log.append([to("person:1", 0, gates(1))], meta=META)
            log.checkpoint()
    finally:
        os.umask(before)

    folder = tmp_path / "checkpoints"
    assert {each.stat().st_mode & 0o022 for each in (folder, *folder.iterdir())} == {0}


def test_values_recorded_last_year_open_after_a_day_of_other_people(log: EventLog) -> None:
    """A page may name more people than one query of the key store asks for."""
    people = [log.vault.subject() for _ in range(1_200)]
    for start in range(0, len(people), 400):
        log.append([
            to(f"loket:170:{number}", 0, overwritten(people[number], f"Street {number}", BLANK))
            for number in range(start, start + 400)
        ], meta=msgspec.structs.replace(META, recorded_at=datetime(2025, 1, 1, tzinfo=UTC)))  # fmt: skip
    log.vault.destroy(people[3], Retention.FISCAL_7Y)

    opened = log.vault.opened(log.page(-1, 2_000))

    texts = [event.fact.before for event in opened if isinstance(event.fact, FieldOverwritten)]
    assert texts == [Lost.SHREDDED if number == 3 else f"Street {number}" for number in range(1_200)]


def _wal_file(site: LogSite) -> str:
    """Where PostgreSQL logs now; nothing on SQLite."""
    return "" if site.is_sqlite else str(site.execute("SELECT pg_walfile_name(pg_current_wal_lsn())")[0][0])


def _of_the_server(site: LogSite, before: str) -> Iterator[Path]:
    """All its files, but the databases of other tests and what it logged before."""
    site.execute("CHECKPOINT")
    ((data, database),) = site.execute(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
    )
    for top in Path(data).iterdir():
        if top.name == "base":
            yield from (top / str(database)).rglob("*")
        elif top.name == "pg_wal":
            yield from (one for one in top.iterdir() if before <= one.name <= _wal_file(site))
        else:
            yield from (top, *top.rglob("*"))


def _bytes_of_keys(folder: Path) -> bytes:
    return _bytes(folder.glob("keys.db*"))


def _bytes(paths: Iterable[Path]) -> bytes:
    found = []
    for path in filter(Path.is_file, paths):
        with suppress(FileNotFoundError):  # a server at work recycles its files
            found.append(path.read_bytes())
    return b"".join(found)
