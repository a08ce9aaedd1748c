"""The stand-alone verifier: what the product certifies it accepts, and nothing else."""

from __future__ import annotations

import ast
import os
import resource
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.log import offline_verifier
from adapters.log.offline_verifier import Rejected, verified
from adapters.log.proof.notes import SigningKey
from adapters.log.sealing.boxes import DataKey
from adapters.log.sealing.old_boxes import OldEvent
from tests.support.forged_archives import zipped
from tests.support.made_certificates import KEY, made_certificates


@pytest.fixture(scope="module")
def certificates() -> list[str]:
    return made_certificates()


def test_certificates_of_the_product_are_proven_and_open_with_their_keys(certificates: list[str]) -> None:
    for number, text in enumerate(certificates):
        lines = verified(text, str(KEY.verifier))

        assert lines[0].startswith("PROVEN: event")
        assert ("changes.0.after: Lange Gröte" in lines) is bool(number % 2)
        assert "Main St" not in text


def test_another_key_than_the_trusted_one_is_rejected(certificates: list[str]) -> None:
    with pytest.raises(Rejected, match="another key"):
        verified(certificates[0], str(SigningKey.generate().verifier))


def test_a_certificate_made_before_events_had_keys_of_their_own_still_opens() -> None:
    text = (Path(__file__).parents[1] / "golden" / "certificate.json").read_text()

    assert "changes.0.after: Lange Gröte" in verified(text, str(KEY.verifier))


def test_a_key_that_opens_something_else_than_a_padded_text_is_rejected() -> None:
    """AES-GCM does not commit to its key: a second key that opens a value must not pass for the first."""
    secret = OldEvent("loket:170:1", 0).key(DataKey.of("k1", "s", "fiscal_7y", bytes(32)))
    given = {"key_id": "k1", "subject": "s", "retention": "fiscal_7y", "secret": b64encode(secret).decode()}
    held = {"stream": "loket:170:1", "version": 0}

    def opened(plain: bytes) -> str:
        bound = b'["tweeluik/2","loket:170:1",0,"after","s","fiscal_7y","k1"]'
        box = b64encode(bytes(12) + AESGCM(secret).encrypt(bytes(12), plain, bound)).decode()
        return offline_verifier.value_of(held, "after", f"2:{box}", given)

    assert opened(b"Lange Gr\xc3\xb6te\x80\0\0\0") == "Lange Gröte"
    for plain in (b"no end", b"Lange\x80\0\1", b"Lange\x80" + bytes(16), b"\xff\x80"):
        with pytest.raises(Rejected, match="does not open it"):
            opened(plain)


def test_the_file_alone_checks_a_certificate_without_the_product(certificates: list[str], tmp_path: Path) -> None:
    shutil.copy(offline_verifier.__file__, tmp_path / "verifier.py")
    (tmp_path / "certificate.json").write_text(certificates[1])
    (tmp_path / "log.pub").write_text(f"{KEY.verifier}\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "verifier.py", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    proven = run("certificate.json", "--public-key", "log.pub")
    assert (proven.returncode, proven.stderr) == (0, "")
    assert proven.stdout.startswith("PROVEN: event 1,")
    (tmp_path / "certificate.json").write_text(certificates[1].replace('"version": 1', '"version": 2'))
    assert run("certificate.json").returncode == 1
    assert run("missing.json").returncode == 2


def closed_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (lambda: os.open("/dev/full", os.O_WRONLY), "what was found could not be written: [Errno 28] No space left"),
        (closed_pipe, "what was found could not be written: [Errno 32] Broken pipe"),
        (None, "what was found could not be written: there is no output"),
    ],
    ids=["full", "a closed pipe", "closed"],
)
def test_a_verdict_that_could_not_be_written_is_none(
    certificates: list[str], tmp_path: Path, output: Callable[[], int] | None, said: str
) -> None:
    (tmp_path / "certificate.json").write_text(certificates[1])
    command = [sys.executable, offline_verifier.__file__, str(tmp_path / "certificate.json")]
    if output is None:
        command = ["sh", "-c", '"$@" >&-', "sh", *command]
    stdout = output() if output else None

    run = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)

    assert (run.returncode, run.stderr.count("\n")) == (2, 1), run.stderr
    assert run.stderr.startswith(said)


def test_what_the_output_cannot_show_is_escaped(certificates: list[str], tmp_path: Path) -> None:
    (tmp_path / "certificate.json").write_text(certificates[1], encoding="utf-8")

    run = subprocess.run(
        [sys.executable, offline_verifier.__file__, str(tmp_path / "certificate.json")],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (run.returncode, run.stderr) == (0, "")
    assert r"Lange Gr\xf6te" in run.stdout


@pytest.mark.parametrize("what", ["certificate.json", "bomb.zip"])
def test_what_is_too_large_is_told_with_little_memory(tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what == "bomb.zip":
        nothing = bytes(300_000_000)
        path.write_bytes(
            zipped({"SHA256SUMS": "", "SHA256SUMS.note": "", "checkpoint.txt": "", "public_key.txt": nothing})
        )
    else:
        with path.open("wb") as file:
            file.truncate(2**33)

    run = subprocess.run(
        [sys.executable, offline_verifier.__file__, str(path)],
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000)),
    )  # fmt: skip

    assert (run.returncode, run.stdout + run.stderr) == (
        (1, "NOT PROVEN: a file of the archive is not the one on its list\n")
        if what == "bomb.zip"
        else (2, "cannot be read: the file is larger than any certificate\n")
    )


def test_what_is_recorded_cannot_pass_for_a_line_of_the_verifier() -> None:
    assert offline_verifier.shown("Elm St\nPROVEN: \x1b[2J\u202e") == r"Elm St\nPROVEN: \x1b[2J\u202e"


def test_the_verifier_imports_only_the_standard_library_and_cryptography() -> None:
    tree = ast.parse(Path(offline_verifier.__file__).read_text())
    imported = {
        name.split(".")[0]
        for each in ast.walk(tree)
        for name in (
            [alias.name for alias in each.names]
            if isinstance(each, ast.Import)
            else [each.module or ""]
            if isinstance(each, ast.ImportFrom)
            else []
        )
    }

    assert imported - sys.stdlib_module_names == {"cryptography"}
