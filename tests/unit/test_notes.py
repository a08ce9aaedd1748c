"""Signed notes against published examples, and against anyone who changes a character."""

from __future__ import annotations

import random
import stat
from pathlib import Path

import pytest

from adapters.log.proof.notes import NoteRejected, SigningKey, VerifierKey, load_signing_key, open_checkpoint, open_note
from domain.errors import Misconfigured

# the example of Go's golang.org/x/mod/sumdb/note
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ROOT = bytes(range(32))


def test_a_note_published_by_another_implementation_opens() -> None:
    key = VerifierKey.parse(PUBLISHED_KEY)

    assert str(key) == PUBLISHED_KEY
    assert open_note(PUBLISHED_NOTE, key).endswith("what your problem is.\n")


def test_a_checkpoint_says_origin_size_and_root_and_is_read_back() -> None:
    key = SigningKey.generate()

    head = key.sign_checkpoint(300, ROOT)

    assert head.text.split("\n")[:4] == [
        key.verifier.name,
        "300",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "",
    ]
    assert open_checkpoint(head.text, VerifierKey.parse(str(key.verifier))) == head


def test_a_signature_of_someone_else_beside_ours_changes_nothing() -> None:
    key, witness = SigningKey.generate(), SigningKey.generate()
    head = key.sign_checkpoint(300, ROOT)
    line = witness.sign("text\n").split("\n\n")[1]

    assert open_checkpoint(head.text + line, key.verifier).root == ROOT
    with pytest.raises(NoteRejected, match="not signed by"):
        open_checkpoint(head.text, witness.verifier)


def test_a_checkpoint_with_any_one_character_changed_is_rejected() -> None:
    chance, key = random.Random(3), SigningKey("tweeluik/test", bytes(32))
    note = key.sign_checkpoint(300, ROOT).text
    for at in range(len(note)):
        for _ in range(5):
            other = chance.choice([each for each in "0A/+=\n —xé" if each != note[at]])
            for changed in (
                note[:at] + other + note[at + 1 :],
                note[:at] + note[at + 1 :],
                note[:at] + other + note[at:],
            ):
                if changed != note:
                    with pytest.raises(NoteRejected):
                        open_checkpoint(changed, key.verifier)


def test_a_signed_note_that_is_not_a_checkpoint_is_no_head() -> None:
    key = SigningKey("tweeluik/test", bytes(32))
    root = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    for text in (
        f"tweeluik/other\n3\n{root}\n",
        f"tweeluik/test\n03\n{root}\n",
        f"tweeluik/test\n-3\n{root}\n",
        f"tweeluik/test\n3\n{root}\nmore\n",
        "tweeluik/test\n3\nAAEC\n",
    ):
        with pytest.raises(NoteRejected):
            open_checkpoint(key.sign(text), key.verifier)


def test_a_signing_key_is_made_once_for_its_owner_only_and_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "keys" / "checkpoint.key"

    first = load_signing_key(None, path)
    second = load_signing_key(None, path)

    assert first.verifier == second.verifier
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert capsys.readouterr().err.count("made a checkpoint signing key") == 1
    assert [each.name for each in path.parent.iterdir()] == ["checkpoint.key"]


def test_a_configured_signing_key_that_is_missing_or_damaged_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.key"
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_signing_key(path, tmp_path / "other.key")

    path.write_text(SigningKey.generate().private_text().replace("tweeluik/", "tweeluik/x"))
    with pytest.raises(Misconfigured, match="damaged"):
        load_signing_key(path, tmp_path / "other.key")
    assert list(tmp_path.iterdir()) == [path]
