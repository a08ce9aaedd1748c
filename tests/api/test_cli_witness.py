"""`tweeluik witness` beside a configured log: heads are cosigned as commands end, and a rewritten log ends with 8."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.witnessing import heads_seen_by
from api.cli.main import main
from tests.support.witnesses import witness_process

EXAMPLE = Path(__file__).parents[2] / "docs" / "tweeluik.example.toml"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(list(arguments))
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, found


def test_verify_names_the_witnessed_head_that_a_rewritten_log_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "tweeluik.toml"
    config.write_text(EXAMPLE.read_text())
    verify = ("--config", str(config), "verify", "--json")
    main([*verify[:2], "rebuild"])  # makes the log
    capsys.readouterr()
    (_, first), var = said(capsys, *verify), tmp_path / "var"
    assert first["witnessed"] is None
    log = VerifierKey.parse(str(first["public_key"]))
    with witness_process(tmp_path, [log]) as witness:
        address = witness.address
        told = f'[[log.witnesses]]\nurl = "{address.url}"\nvkey = "{address.key}"\n\n[personio]\n'
        config.write_text(EXAMPLE.read_text().replace("[personio]\n", told, 1))
        said(capsys, *verify)
        code, second = said(capsys, *verify)
        assert (code, second["verdict"]) == (0, "OK")
        assert second["witnessed"] == {
            "size": 2, "by": ["witness.example/w1"], "at": second["witnessed"]["at"],  # type: ignore[index]
        }  # fmt: skip
        assert "\n3\n" in heads_seen_by([address], log)[0]  # this verification was an event, too

        shutil.rmtree(var / "checkpoints")  # everything goes but the keys
        for file in var.glob("tweeluik.db*"):
            file.unlink()
        main([*verify[:2], "rebuild"])
        capsys.readouterr()
        code, third = said(capsys, *verify)

    assert (code, third["verdict"]) == (8, "TRUNCATED")
    assert "the head of 3 events that witness.example/w1 witnessed at" in str(third["reason"])


def test_a_key_that_is_no_witnesss_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "tweeluik.toml"
    section = '[[log.witnesses]]\nurl = "http://x"\nvkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzh"\n\n[personio]\n'
    config.write_text(EXAMPLE.read_text().replace("[personio]\n", section, 1))

    assert main(["--config", str(config), "verify"]) == 2
    error = capsys.readouterr().err
    assert "log.witnesses.0.vkey: this is not an Ed25519 verifier key of the required kind" in error
    assert main(["witness", "--log", "nonsense", "--key", str(tmp_path / "w.key")]) == 2
