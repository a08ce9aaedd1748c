"""The stand-alone verifier: what the product certifies it accepts, and nothing else."""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.log import offline_verifier
from adapters.log.certificate import FieldKey, certificate
from adapters.log.mapper import Placed
from adapters.log.notes import SigningKey
from adapters.log.offline_verifier import Rejected, verified
from adapters.log.sealing import DataKey, bound_to, seal
from adapters.log.tree import Edge, leaf
from tests.unit.test_tree import Stored

KEY = SigningKey("tweeluik/test", bytes(range(32)))
FIELD_KEY = FieldKey("k1", "subject-1", "fiscal_7y", bytes(range(1, 33)))


def event(position: int) -> Placed:
    stream, version = "loket:170:4711", position
    key = DataKey.of(FIELD_KEY.key_id, FIELD_KEY.subject, FIELD_KEY.retention, FIELD_KEY.secret)
    place = bound_to(stream, version)
    state: dict[str, Any] = {
        "recorded_at": "2026-03-15T09:30:00Z",
        "actor": "system",
        "correlation": "run-1",
        "fact": {
            "subject": FIELD_KEY.subject,
            "changes": [
                {
                    "field": "address.street",
                    "before": list(_parts(seal(key, os.urandom(12), "Main St", place, "changes.0.before"))),
                    "after": list(_parts(seal(key, os.urandom(12), "Lange Gröte", place, "changes.0.after"))),
                }
            ],
        },
    }
    return Placed(position, stream, version, "loket_record.write_intended.v1", json.dumps(state).encode())


def _parts(sealed: Any) -> tuple[str, str]:
    return sealed.key_id, sealed.box


@pytest.fixture(scope="module")
def certificates() -> list[str]:
    """One for each of a few positions; every other one with the keys to its fields."""
    events, tree, edge = [event(position) for position in range(300)], Stored(), Edge()
    tree.append(edge, [leaf(*each) for each in events])
    head = KEY.sign_checkpoint(edge.size, edge.root())
    return [
        json.dumps(
            certificate(events[position], tree, head, KEY.verifier, [FIELD_KEY] * (number % 2)), ensure_ascii=False
        )
        for number, position in enumerate((0, 1, 255, 256, 298, 299))
    ]


def test_certificates_of_the_product_are_proven_and_open_with_their_keys(certificates: list[str]) -> None:
    for number, text in enumerate(certificates):
        lines = verified(text, str(KEY.verifier))

        assert lines[0].startswith("PROVEN: event")
        assert ("changes.0.after: Lange Gröte" in lines) is bool(number % 2)
        assert "Main St" not in text


def test_another_key_than_the_trusted_one_is_rejected(certificates: list[str]) -> None:
    with pytest.raises(Rejected, match="another key"):
        verified(certificates[0], str(SigningKey.generate().verifier))


def test_a_certificate_with_anything_changed_is_rejected(certificates: list[str]) -> None:
    chance = random.Random(7)
    for number in range(1_500):
        text = certificates[number % len(certificates)]
        changed = mutated(text, chance)
        if same_certificate(text, changed):
            continue
        with pytest.raises(Rejected):
            verified(changed)


def mutated(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    match chance.randrange(4):
        case 0:
            return text[:at] + chr(ord(text[at]) ^ 1 << chance.randrange(7)) + text[at + 1 :]
        case 1:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + chance.choice('"\\0A=+,:{}[]é\n') + text[at:]
        case _:
            return restructured(json.loads(text), chance)


def restructured(value: dict[str, Any], chance: random.Random) -> str:
    match chance.randrange(6):
        case 0:
            value["event"]["position"] += chance.choice([-1, 1, 2**63])
        case 1:
            value["event"]["version"] = chance.choice([True, 1.0, "1", None, -1])
        case 2:
            value["proof"] = value["proof"][::-1] if chance.random() < 0.5 else value["proof"][1:]
        case 3:
            value["proof"].append(value["proof"][0])
        case 4:
            del value[chance.choice(list(value))]
        case _:
            value["event"]["state"] += " "
    return json.dumps(value)


def same_certificate(text: str, changed: str) -> bool:
    """Whether only spelling differs: JSON has several for one text."""
    try:
        return json.dumps(json.loads(text)) == json.dumps(json.loads(changed))
    except ValueError:
        return False


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
