"""Verification of what the product itself writes, on both databases."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.log import offline_verifier
from adapters.log.proof.certificate import certificate
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.tree import leaf
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.stored import checkpoint_key, open_stored
from domain.errors import LogDamaged
from domain.personal import Retention
from tests.support.log_site import META, LogSite, gates, overwritten, to

NOW = META.recorded_at + timedelta(minutes=1)


@pytest.fixture
def site(every_log_url: str, tmp_path: Path) -> LogSite:
    """600 events of three people, signed at every hundred."""
    site = LogSite.at(every_log_url, tmp_path)
    with site.open() as log:
        for version in range(0, 200, 50):
            for person in range(3):
                facts = [gates(person) for _ in range(50)]
                log.append([to(f"person:{person}", version, *facts)], meta=META)
        log.checkpoint()
    return site


def verified(site: LogSite) -> Verification:
    folder = site.folder / "checkpoints"
    with open_stored(site.url) as stored:
        return verify(stored, Copies(folder), checkpoint_key(site.keys_url, folder, None), now=NOW)


def behind_our_back(site: LogSite, statement: str, *arguments: object) -> None:
    """As someone with the database in hands: past the triggers, rows addressed by their number."""
    if site.is_sqlite:
        for table in ("stored_events", "log_tiles", "log_checkpoints"):
            site.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
            site.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
        site.execute(statement.replace("notification_id", "rowid"), arguments)
    else:
        for table in ("stored_events", "log_tiles", "log_checkpoints"):
            site.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        site.execute(statement, arguments)


def rewrite(site: LogSite, position: int) -> None:
    """Change an event of the unfilled tile together with its leaf."""
    with site.open() as log:
        _, stream, version, name, state = log.recorder.at([position])[0]
    forged = state.replace(b"ACTIVE", b"absent")
    statement = "UPDATE stored_events SET state = ?, leaf = ? WHERE notification_id = ?"
    behind_our_back(site, statement, forged, leaf(position, stream, version, name, forged), position + 1)


def test_what_the_product_writes_verifies(site: LogSite) -> None:
    result = verified(site)

    assert (result.verdict, result.size) == (Verdict.OK, 600)
    assert result.checkpoint is not None
    assert result.checkpoint.size == 600


def test_a_changed_event_is_told_at_its_place(site: LogSite) -> None:
    behind_our_back(site, "UPDATE stored_events SET originator_id = 'person:8' WHERE notification_id = 401")

    assert (verified(site).verdict, verified(site).first, verified(site).last) == (Verdict.TAMPERED, 400, 400)


def test_an_event_rewritten_with_its_leaf_is_bounded_by_the_heads_around_it(site: LogSite) -> None:
    rewrite(site, 570)

    assert (verified(site).verdict, verified(site).first, verified(site).last) == (Verdict.TAMPERED, 500, 599)


def test_a_rewritten_log_is_not_signed_again(site: LogSite) -> None:
    rewrite(site, 570)

    with site.open() as log:
        log.append([to("person:9", 0, gates(9))], meta=META)
        with pytest.raises(LogDamaged, match="not those its checkpoint covers"):
            log.checkpoint()
    assert verified(site).verdict is Verdict.TAMPERED


def test_a_log_cut_short_with_every_trace_in_the_database_is_told_and_not_signed_again(site: LogSite) -> None:
    behind_our_back(site, "DELETE FROM stored_events WHERE notification_id > 520")
    behind_our_back(site, "DELETE FROM log_checkpoints WHERE size > 520")
    if site.is_sqlite:
        site.execute("UPDATE sqlite_sequence SET seq = 520")

    assert (verified(site).verdict, verified(site).size) == (Verdict.TRUNCATED, 520)
    with site.open() as log, pytest.raises(LogDamaged, match="its checkpoint covers 600"):
        log.checkpoint()


def test_signing_with_nothing_new_gives_the_same_head_and_adds_none(site: LogSite) -> None:
    with site.open() as log:
        assert log.checkpoint() == log.checkpoint()

    assert site.execute("SELECT count(*) FROM log_checkpoints") == [(6,)]
    assert len(list(Copies(site.folder / "checkpoints").notes())) == 6


def test_a_head_that_a_crash_kept_out_of_the_database_is_stored_by_the_next_signing(site: LogSite) -> None:
    behind_our_back(site, "DELETE FROM log_checkpoints WHERE size = 600")
    assert verified(site).ok

    with site.open() as log:
        log.checkpoint()

    assert site.execute("SELECT size FROM log_checkpoints ORDER BY size DESC LIMIT 1") == [(600,)]


def test_destroying_a_key_breaks_no_hash(log_url: str, tmp_path: Path) -> None:
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        subject = log.vault.subject()
        log.append([to("person:1", 0, overwritten(subject, "Main St", "Central Ave"))], meta=META)
        log.checkpoint()
        log.vault.destroy(subject, Retention.FISCAL_7Y)

    assert verified(site).ok


def test_an_event_of_the_log_is_certified_and_its_certificate_holds_offline(site: LogSite) -> None:
    key = checkpoint_key(site.keys_url, site.folder / "checkpoints", None)
    with site.open() as log, log.recorder.tree() as tree:
        head = log.checkpoint()
        assert head is not None
        texts = [json.dumps(certificate(event, tree, head, key)) for event in log.recorder.at([0, 255, 256, 599])]

    for text in texts:
        assert offline_verifier.verified(text, str(key))[0].startswith("PROVEN: event")
    with pytest.raises(offline_verifier.Rejected):
        offline_verifier.verified(texts[1].replace("ACTIVE", "absent"), str(key))


def test_a_log_that_is_written_to_meanwhile_verifies(site: LogSite) -> None:
    def write() -> None:
        with site.open() as log:
            for version in range(200, 320):
                log.append([to("person:1", version, *[gates(1)])], meta=META)

    writer = threading.Thread(target=write)
    writer.start()
    verdicts = {verified(site).verdict}
    while writer.is_alive():
        verdicts.add(verified(site).verdict)
    writer.join()

    assert verdicts == {Verdict.OK}
    assert verified(site).size == 720
