"""The commands of a bureau: a customer is made, looked at, asked, and ended with its log kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli.main import main
from tests.support.bureau import OURS, bureau, configuration


def tweeluik(folder: Path, *words: str) -> int:
    return main(["--tenants", str(folder), *words])


def test_a_new_tenant_has_places_of_its_own_and_waits_to_be_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [tweeluik(tmp_path, "tenants", "add", name) for name in ("tulp", "roos", "tulp", "Tulp", "operator", "a/b")]
    capsys.readouterr()

    assert codes == [0, 0, 2, 2, 2, 2]
    assert 'url = "sqlite:///tulp/log.db"' in (tmp_path / "tulp.toml").read_text()
    assert tweeluik(tmp_path, "tenants", "list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["tenants"]
    assert [(one["tenant"], one["state"]) for one in rows] == [("roos", "unfinished"), ("tulp", "unfinished")]
    assert tweeluik(tmp_path, "tenants", "check") == 0


def test_check_names_who_shares_what_and_ends_as_a_wrong_configuration_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("tulp", "roos"):
        (tmp_path / f"{name}.toml").write_text(configuration(name, 1))
    (tmp_path / "lelie.toml").write_text(configuration("lelie", 2))

    assert tweeluik(tmp_path, "tenants", "check") == 2
    said = capsys.readouterr().out
    assert "roos and tulp name the same payroll administration" in said
    assert "3 tenants, 2 with a fault" in said
    assert tweeluik(tmp_path, "--tenant", "tulp", "runs") == 2
    assert tweeluik(tmp_path, "--tenant", "lelie", "runs", "--json") == 0


def test_a_command_is_about_the_tenant_that_it_names_and_about_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenants" / "tulp.toml").write_text(configuration("tulp", 1))
    (tmp_path / "secret.toml").write_text(configuration("secret", 2))
    monkeypatch.chdir(tmp_path)

    assert main(["--tenant", "tulp", "schedule", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["jobs"] == []
    for name in ("../secret", "roos", "operator", "tulp.secrets"):
        assert main(["--tenant", name, "schedule"]) == 2
        assert "there is no such tenant" in capsys.readouterr().err
    assert main(["--config", "secret.toml", "--tenant", "tulp", "schedule"]) == 2
    monkeypatch.setenv("TWEELUIK_LOG__URL", "sqlite:///elsewhere.db")
    assert main(["--tenant", "tulp", "schedule"]) == 2
    assert "TWEELUIK_LOG__URL would hold for every tenant" in capsys.readouterr().err


def test_a_tenant_that_is_removed_lets_nobody_in_any_more_and_keeps_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with bureau(tmp_path, "tulp", "roos") as house:
        shown = {name: {"Authorization": f"Bearer {house.key(name)}"} for name in ("tulp", "roos")}
        cookie = {"Cookie": house.session("roos"), **OURS}
        size, log = house.web("roos").store.log.size(), (tmp_path / "roos" / "log.db")
        (tmp_path / "roos.secrets.toml").write_text("")
        (tmp_path / "roos.secrets.toml").chmod(0o600)

        assert tweeluik(tmp_path, "tenants", "remove", "roos") == 2  # nobody can be asked
        assert house.ask("GET", "/t/roos/v1/rules", shown["roos"]).status_code == 200
        assert tweeluik(tmp_path, "--as", "Petra", "tenants", "remove", "roos", "--yes") == 0
        # a server that has not looked at the folder yet
        assert house.ask("GET", "/t/roos/v1/rules", shown["roos"]).status_code == 404
        assert house.ask("GET", "/t/roos/me", cookie).status_code == 303
        assert house.web("roos").store.log.size() == size + 1  # that the key was revoked, and by whom
        house.serving.house.refresh()

        assert house.ask("GET", "/t/roos/v1/rules", shown["roos"]).status_code == 404
        assert house.ask("GET", "/t/tulp/v1/rules", shown["tulp"]).status_code == 200
    assert log.exists()
    assert not (tmp_path / "roos.toml").exists()
    assert {one.name[16:] for one in (tmp_path / "removed").iterdir()} == {"roos.toml", "roos.secrets.toml"}
    capsys.readouterr()
    assert tweeluik(tmp_path, "--tenant", "roos", "runs") == 2
    assert tweeluik(tmp_path, "tenants", "add", "roos") == 2  # its log must not become somebody else's
    assert "may be the log of a tenant that was removed" in capsys.readouterr().err
