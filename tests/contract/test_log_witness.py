"""Witnesses and logs: what is cosigned, what never is, and how a rewritten log is told (LOG-2, LOG-6)."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.log import offline_verifier
from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.proof.certifying import certify
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.cosignatures import Cosigner, cosignatures
from adapters.log.proof.notes import NoteRejected, SigningKey
from adapters.log.proof.tree import EMPTY_ROOT, Edge, consistency_proof
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.proof.witnessing import WitnessAddress, heads_seen_by
from adapters.log.stored import checkpoint_key, open_stored
from tests.support.log_site import META, LogSite, gates, to
from tests.support.stored_tree import Stored
from tests.support.waiting import PATIENCE
from tests.support.witnesses import NOW, SIGNER, silent, witness_at, witness_process

KEY = SigningKey("tweeluik/test", bytes(range(32)))
OTHER = SigningKey("tweeluik/other", bytes(32))


class History:
    """A log's tree without the log: heads and proofs at every size."""

    def __init__(self, events: int, telling: str = "as it was") -> None:
        self._stored, self._edge = Stored(), Edge()
        leaves = [sha256(f"{at} {telling if at >= 5 else ''}".encode()).digest() for at in range(events)]
        self._stored.append(self._edge, leaves)
        self._leaves = leaves

    def root(self, size: int) -> bytes:
        edge = Edge()
        edge.extend(self._leaves[:size])
        return edge.root() if size else EMPTY_ROOT

    def note(self, size: int, key: SigningKey = KEY) -> str:
        return key.sign_checkpoint(size, self.root(size)).text

    def request(self, old: int, size: int, note: str | None = None) -> str:
        proof = consistency_proof(self._stored, old, size)
        lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", note or self.note(size)]
        return "\n".join(lines)


TRUE, FORGED = History(20), History(20, "as someone wants it")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[WitnessAddress]:
    """A witness that has cosigned the first ten events."""
    with witness_at(tmp_path, KEY.verifier) as address:
        assert post(address, TRUE.request(0, 10)).status_code == 200
        yield address


def post(address: WitnessAddress, body: str | bytes) -> httpx.Response:
    return httpx.post(f"{address.url}/add-checkpoint", content=body)


GROWN = TRUE.request(10, 17)
FALSE_PROOF = GROWN.replace("\n", "\n" + base64.b64encode(bytes(32)).decode() + "\n", 1)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        pytest.param(200, GROWN, None, id="grown by a good proof"),
        pytest.param(200, TRUE.request(10, 10), None, id="the same head again"),
        pytest.param(404, TRUE.request(10, 17, TRUE.note(17, OTHER)), None, id="a log it does not know"),
        pytest.param(403, GROWN.replace("\n17\n", "\n18\n"), None, id="not what was signed"),
        pytest.param(
            403, TRUE.request(10, 17, TRUE.note(17, SigningKey(KEY.verifier.name, bytes(32)))), None,
            id="signed by another key under the log's name",
        ),
        pytest.param(400, TRUE.request(10, 17, TRUE.note(9)), None, id="old size above the checkpoint's"),
        pytest.param(409, TRUE.request(0, 17), "10\n", id="an old size that is behind"),
        pytest.param(409, TRUE.request(15, 17), "10\n", id="an old size that is ahead"),
        pytest.param(409, TRUE.request(9, 9), "10\n", id="rolled back to a smaller head"),
        pytest.param(409, FORGED.request(10, 10), "10\n", id="another root for the same size"),
        pytest.param(422, FORGED.request(10, 17), None, id="a forked log, with the fork's own proof"),
        pytest.param(422, FALSE_PROOF, None, id="a hash too many in the proof"),
        pytest.param(422, TRUE.request(10, 17, FORGED.note(17)), None, id="a forked head under the true proof"),
        pytest.param(400, "", None, id="nothing"),
        pytest.param(400, b"\xff" + GROWN.encode(), None, id="not text"),
        pytest.param(400, GROWN.replace("old 10", "old 010"), None, id="a leading zero"),
        pytest.param(400, GROWN.replace("old 10", "new 10"), None, id="another word than old"),
        pytest.param(400, GROWN.replace("\n\n", "\n", 1), None, id="no blank line"),
        pytest.param(400, GROWN.removesuffix("\n"), None, id="a last line without its end"),
        pytest.param(400, GROWN.replace("=\n", "\n", 1), None, id="a hash that is not base64"),
        pytest.param(400, GROWN.replace("\n", "\nAAAA\n", 1), None, id="a hash of three bytes"),
        pytest.param(400, GROWN.replace("\n", 64 * f"\n{'A' * 43}=" + "\n", 1), None, id="64 hashes"),
        pytest.param(400, GROWN.replace("\n17\n", f"\n{2**63}\n"), None, id="a size that no log has"),
        pytest.param(413, GROWN + 70_000 * "x", None, id="far too long"),
    ],
)  # fmt: skip
def test_a_witness_answers_as_the_protocol_says(
    address: WitnessAddress, status: int, body: str | bytes, said: str | None
) -> None:
    answer = post(address, body)

    assert answer.status_code == status
    if status == 200:
        assert len(answer.text.splitlines()) == 1
    if said is not None:
        assert (answer.headers["content-type"], answer.text) == ("text/x.tlog.size", said)
    before = "10" if status != 200 or body != GROWN else "17"
    assert post(address, TRUE.request(0, 20)).text == f"{before}\n"  # nothing refused was taken in


def test_a_cosignature_is_what_the_public_text_of_the_format_says(address: WitnessAddress) -> None:
    """Checked from the text of c2sp.org/tlog-cosignature with an Ed25519 library alone."""
    line = post(address, GROWN).text

    dash, name, encoded = line.removesuffix("\n").split(" ")
    blob = base64.b64decode(encoded, validate=True)
    public = SIGNER.verifier.public
    key_id, timestamp, signature = blob[:4], int.from_bytes(blob[4:12], "big"), blob[12:]
    body = TRUE.note(17).split("\n\n")[0] + "\n"
    assert (dash, name, len(signature)) == ("\u2014", "witness.example/w1", 64)
    assert key_id == sha256(b"witness.example/w1\n\x04" + public).digest()[:4]
    assert timestamp == 1773567060  # 2026-03-15 09:31:00 UTC
    signed = b"cosignature/v1\ntime 1773567060\n" + body.encode()
    Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)


def test_a_cosignature_published_with_the_format_has_our_layout() -> None:
    published = (
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    )

    assert struct.unpack(">4sQ64s", base64.b64decode(published))[1] == 1679315147  # the time in the same example


def test_a_false_cosignature_of_a_believed_witness_is_refused_and_a_strangers_passed_by(
    address: WitnessAddress,
) -> None:
    line, head = post(address, GROWN).text, TRUE.note(17)

    assert cosignatures(head + line, [SIGNER.verifier])[0].at == NOW
    assert cosignatures(head + line, [Cosigner.generate("someone else").verifier]) == ()
    with pytest.raises(NoteRejected):
        cosignatures(FORGED.note(17) + line, [SIGNER.verifier])


def test_monitors_get_the_newest_head_with_both_signatures(address: WitnessAddress) -> None:
    line = post(address, GROWN).text

    assert heads_seen_by([address], KEY.verifier) == [TRUE.note(17) + line]
    assert heads_seen_by([address], OTHER.verifier) == []


def test_of_two_histories_offered_at_once_to_two_processes_one_is_cosigned(tmp_path: Path) -> None:
    keys = [SigningKey(f"tweeluik/{number}", bytes([number]) * 32) for number in range(20)]
    logs = [key.verifier for key in keys]

    with (
        witness_process(tmp_path, logs) as one,
        witness_process(tmp_path, logs) as two,
        ThreadPoolExecutor(2) as pool,
    ):
        for key in keys:
            assert post(one.address, TRUE.request(0, 5, TRUE.note(5, key))).status_code == 200
            both = [each.request(5, 9, each.note(9, key)) for each in (TRUE, FORGED)]
            answers = list(pool.map(post, [one.address, two.address], both))

            assert sorted(each.status_code for each in answers) == [200, 409]
            (kept,) = heads_seen_by([two.address], key.verifier)
            winner = TRUE if answers[0].status_code == 200 else FORGED
            assert kept.startswith(winner.note(9, key))


# --- the log's side --------------------------------------------------------------------------------------------------


@contextmanager
def opened(site: LogSite, witness: WitnessAddress | None = None, signing_key: Path | None = None) -> Iterator[EventLog]:
    with closing(
        open_log(
            site.url, keys_url=site.keys_url, checkpoints=site.folder / "checkpoints",
            witnesses=[] if witness is None else [witness], signing_key_file=signing_key,
        )
    ) as log:  # fmt: skip
        yield log


def grow(log: EventLog, count: int, *, person: str = "person:1") -> None:
    version = len(log.stream(to(person, 0).stream))
    log.append([to(person, version, *[gates(number) for number in range(count)])], meta=META)
    log.checkpoint()


def key_of(site: LogSite) -> Path:
    return site.folder / ("keys-signing.key" if site.is_sqlite else "tweeluik-keys-signing.key")


@pytest.fixture
def site(log_url: str, tmp_path: Path) -> LogSite:
    site = LogSite.at(log_url, tmp_path)
    with opened(site):
        return site


@pytest.fixture
def witness(site: LogSite, tmp_path: Path) -> Iterator[WitnessAddress]:
    (tmp_path / "elsewhere").mkdir()
    with witness_at(tmp_path / "elsewhere", SigningKey.parse(key_of(site).read_text()).verifier) as address:
        yield address


def verified(site: LogSite, witness: WitnessAddress, signing_key: Path | None = None) -> Verification:
    key = checkpoint_key(site.keys_url, site.folder / "checkpoints", signing_key)
    with open_stored(site.url) as stored:
        return verify(
            stored, Copies(site.folder / "checkpoints"), key, now=META.recorded_at + timedelta(minutes=1),
            witnesses=[witness.key], seen=heads_seen_by([witness], key),
        )  # fmt: skip


def test_each_new_head_is_cosigned_and_kept_beside_its_checkpoint(site: LogSite, witness: WitnessAddress) -> None:
    with opened(site, witness) as log:
        grow(log, 120)
    with opened(site, witness) as log:
        grow(log, 7)
        grow(log, 300)
    result = verified(site, witness)

    assert (result.verdict, result.size) == (Verdict.OK, 427)
    assert result.witnessed is not None
    assert (result.witnessed.size, result.witnessed.by, result.witnessed.at) == (427, ("witness.example/w1",), NOW)
    notes = [note for _, note in Copies(site.folder / "checkpoints").witnessed()]
    assert notes[-1].startswith(result.checkpoint.text if result.checkpoint else "nothing")


def test_a_certificate_shows_offline_who_witnessed_it(
    site: LogSite, witness: WitnessAddress, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(site, witness) as log:
        grow(log, 12)
    with opened(site) as log:
        proof = tmp_path / "claim.json"
        proof.write_text(json.dumps(certify(log, 5, with_keys=False), ensure_ascii=False))
    keys, strangers = tmp_path / "witnesses", tmp_path / "strangers"
    keys.write_text(f"{witness.key}\n")
    strangers.write_text(f"{Cosigner.generate('stranger').verifier}\n")

    assert offline_verifier.main([str(proof)]) == 0
    assert "witnessed by: witness.example/w1" in capsys.readouterr().out
    assert offline_verifier.main([str(proof), "--witness-key", str(keys)]) == 0
    assert "PROVEN: the witness witness.example/w1 saw" in capsys.readouterr().out
    assert offline_verifier.main([str(proof), "--witness-key", str(strangers)]) == 1
    assert "not cosigned by the witness stranger" in capsys.readouterr().out
    proof.write_text(proof.read_text().replace("— witness.example/w1 ", "— witness.example/w1 AAAA"))
    assert offline_verifier.main([str(proof), "--witness-key", str(keys)]) == 1


def rewritten(site: LogSite, events: int) -> LogSite:
    """The holder of everything, the log's key too, makes another log in its name and leaves no trace of the first."""
    folder = site.folder / "rewritten"
    folder.mkdir()
    if not site.is_sqlite:
        tables = ("stored_events", "log_tiles", "log_checkpoints")
        for table in tables:
            site.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
            site.execute(f"DELETE FROM {table}")
            site.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")
    other = LogSite(f"sqlite:///{folder}/log.db" if site.is_sqlite else site.url, f"sqlite:///{folder}/keys.db", folder)
    with opened(other, signing_key=key_of(site)) as log:
        grow(log, events, person="person:2")
    return other


def test_a_log_rewritten_with_its_own_key_is_told_by_the_head_that_was_witnessed(
    site: LogSite, witness: WitnessAddress
) -> None:
    with opened(site, witness) as log:
        grow(log, 200)
    other = rewritten(site, 300)
    quiet = replace(witness, url="http://127.0.0.1:9")

    assert verified(other, quiet, key_of(site)).verdict is Verdict.OK  # nothing it holds says otherwise
    result = verified(other, witness, key_of(site))
    assert result.verdict in (Verdict.FORKED, Verdict.TAMPERED)
    assert "200 events that witness.example/w1 witnessed at 2026-03-15 10:31:00 (Amsterdam)" in result.reason
    assert result.witnessed is None


def test_a_log_rolled_back_with_its_own_key_is_told_and_not_cosigned_again(
    site: LogSite, witness: WitnessAddress
) -> None:
    with opened(site, witness) as log:
        grow(log, 200)
    other = rewritten(site, 50)
    with opened(other, witness, key_of(site)) as log:
        grow(log, 30, person="person:2")

    result = verified(other, witness, key_of(site))

    assert result.verdict is Verdict.TRUNCATED
    assert "the head of 200 events that witness.example/w1 witnessed" in result.reason
    assert list(Copies(other.folder / "checkpoints").witnessed()) == []


def test_a_forked_log_gets_no_cosignature_once_the_other_branch_has_one(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = LogSite.at(sqlite_url, tmp_path)
    with opened(site) as log:
        grow(log, 100)
    fork = tmp_path / "fork"
    fork.mkdir()
    with closing(sqlite3.connect(tmp_path / "log.db")) as live, closing(sqlite3.connect(fork / "log.db")) as copy:
        live.backup(copy)
    shutil.copytree(tmp_path / "checkpoints", fork / "checkpoints")
    other = LogSite.at(f"sqlite:///{fork}/log.db", fork)
    with witness_at(tmp_path, SigningKey.parse(key_of(site).read_text()).verifier) as witness:
        with opened(site, witness) as log:
            grow(log, 50)
        with opened(other, witness, key_of(site)) as log:
            grow(log, 80, person="person:2")
        one, two = verified(site, witness), verified(other, witness, key_of(site))

    assert one.verdict is Verdict.OK
    assert two.verdict in (Verdict.FORKED, Verdict.TAMPERED)
    assert "the head of 150 events" in two.reason
    assert "a witness refused the head" in "".join(capsys.readouterr())
    assert list(Copies(fork / "checkpoints").witnessed()) == []


def test_a_witness_killed_before_its_answer_left_cosigns_when_it_is_back(sqlite_url: str, tmp_path: Path) -> None:
    site = LogSite.at(sqlite_url, tmp_path)
    with opened(site):
        logs = [SigningKey.parse(key_of(site).read_text()).verifier]
    with witness_process(tmp_path, logs, deadly=True) as dying, opened(site, dying.address) as log:
        grow(log, 42)
        assert dying.process.wait(PATIENCE) == -9
    assert list(Copies(tmp_path / "checkpoints").witnessed()) == []

    with witness_process(tmp_path, logs) as back:
        (stored,) = heads_seen_by([back.address], logs[0])
        assert stored.split("\n")[1] == "42"  # on disk before its signature left
        with opened(site, back.address) as log:
            log.checkpoint()
        result = verified(site, back.address)

    assert result.witnessed is not None
    assert result.witnessed.size == 42


def test_a_witness_that_is_away_or_silent_holds_nothing_up(sqlite_url: str, tmp_path: Path) -> None:
    site = LogSite.at(sqlite_url, tmp_path)
    with silent(patience=3) as address, opened(site, address) as log:
        begun = time.monotonic()
        for _ in range(10):
            grow(log, 100)
        held_up = time.monotonic() - begun
        with opened(site, replace(address, url="http://127.0.0.1:9")) as elsewhere:
            grow(elsewhere, 1)

    assert held_up < 10 * address.timeout  # which it would be, waiting for the witness each time
    assert verified(site, replace(address, url="http://127.0.0.1:9")).verdict is Verdict.OK
