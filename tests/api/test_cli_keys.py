"""`tweeluik keys create`: whose key it may be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli.main import main
from tests.support.audited_office import CONFIG

OIDC = """
[oidc]
issuer = "https://login.example.org/"
audience = "tweeluik"
jwks_url = "https://login.example.org/keys"
"""


def create(folder: Path, config: str, holder: str) -> int:
    path = folder / "tweeluik.toml"
    path.write_text(config)
    more = ("--role", "auditor", "--entity", "170", "--expires", "2099-12-31", "--json")
    return main(["--config", str(path), "--as", "Petra", "keys", "create", "--holder", holder, *more])


@pytest.mark.parametrize("holder", ["Fatima", "oidc:fatima@example.nl"])
def test_a_key_is_a_persons_by_name_or_a_subjects_of_the_configured_provider(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], holder: str
) -> None:
    code = create(tmp_path, CONFIG + OIDC, holder)
    made = json.loads(capsys.readouterr().out)
    main(["--config", str(tmp_path / "tweeluik.toml"), "keys", "list", "--json"])
    (listed,) = json.loads(capsys.readouterr().out)["keys"]

    assert code == 0
    assert (listed["key_id"], listed["holder"]) == (made["key_id"], holder)


@pytest.mark.parametrize(
    ("holder", "said"),
    [
        ("schedule:sync", "never by schedule:sync"),
        ("System", "never by System"),
        ("sys\u200btem", "nothing that cannot be seen"),
        ("\u200b\u202e", "nothing can be seen"),
        ("", "--holder has no value"),
        ("oidc:fatima@example.nl", "a subject of the provider in [oidc]"),
    ],
)
def test_nobody_holds_a_key_in_the_name_of_a_machine_or_of_a_provider_that_is_not_configured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], holder: str, said: str
) -> None:
    code = create(tmp_path, CONFIG, holder)
    told = capsys.readouterr()

    assert (code, told.out) == (2, "")
    assert said in told.err
