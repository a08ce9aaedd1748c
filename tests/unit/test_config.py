"""The configuration: the example is complete and right, and every mistake is one clear line."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from api.config.settings import Settings, load
from domain.errors import Misconfigured

EXAMPLE = Path(__file__).parents[2] / "docs" / "tweeluik.example.toml"


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key of the settings, in whatever section."""
    for name, field in model.model_fields.items():
        yield name
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from keys(kind)


@pytest.mark.parametrize("key", sorted(set(keys(Settings))))
def test_the_example_shows_every_key(key: str) -> None:
    text = EXAMPLE.read_text()
    assert f"\n{key} = " in text or f"\n# {key} = " in text or f"[{key}]" in text or f".{key}" in text


def test_the_example_loads_and_shows_the_defaults() -> None:
    shown = load(EXAMPLE)
    needed = tomllib.loads(EXAMPLE.read_text())
    for section in ("rules", "brake"):
        needed.pop(section)
    assert Settings(**needed).model_dump(include={"rules", "brake"}) == shown.model_dump(include={"rules", "brake"})


def written(folder: Path, **changes: Mapping[str, Any] | None) -> Path:
    """The example with these lines replaced."""
    text = EXAMPLE.read_text()
    for old, new in changes.get("lines", {}).items():  # type: ignore[union-attr]
        assert old in text
        text = text.replace(old, new)
    path = folder / "tweeluik.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('company_id = "42"', 'compny_id = "42"', "personio.compny_id is not a known key"),
        ('client_id = "papi-..."', "", "personio.client_id is missing"),
        ("clears_people = 10", 'clears_people = "many"', "brake.clears_people"),
        ('income_number = "dynamic_1003"', "", "income_number must be mapped"),
        ('street = "dynamic_1009"', 'strete = "dynamic_1009"', "personio.attributes.strete is not a known role"),
        ("https://api.personio.de", "http://api.personio.de", "personio.base_url"),
        ("https://oauth.loket.nl/token", "http://127.0.0.1.loket.nl/token", "loket.token_url"),
        ("https://api.loket.nl", "file:///etc/passwd", "loket.base_url"),
        ('company_id = "42"', 'web_url = "https://acme.app.personio.com"', "{person_id} where Personio has"),
        ('company_id = "42"', 'web_url = "javascript:{person_id}"', "personio.web_url: the address must begin with"),
        ("[rules]", "[ruels]", "ruels is not a known key"),
        ("[log]", "[log", "cannot be read"),
        (
            "[log]",
            "[loket.codes.gender]\n[loket.codes.gender]\n[log]",
            "[loket.codes.gender] stands twice, put its keys",
        ),
        ("[[legal_entity]]", "[[legal_entities]]", "legal_entit"),
        ("sqlite:///var/tweeluik.db", "mysql://somewhere", "log.keys"),
        ("sqlite:///var/tweeluik.db", "sqlite:///var/a\\u0000b.db", "it holds a null character"),
        ("clears_people = 10", f"clears_people = {'[' * 5_000}", "it is nested without end"),
        ('"last_name"]', '"last_nmae"]', "rules.mandatory names last_nmae"),
    ],
)
def test_a_mistake_is_one_clear_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    lines = {old: new}
    if "mysql" in new:
        lines |= {'keys = "sqlite:///var/tweeluik-keys.db"': ""}

    with pytest.raises(Misconfigured) as refusal:
        load(written(tmp_path, lines=lines))

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_secret_never_shows_in_a_mistake(tmp_path: Path) -> None:
    path = written(
        tmp_path, lines={'client_secret = "papi-..."': "client_secret = 31337", "clears_people = 10": "x = 1"}
    )

    with pytest.raises(Misconfigured) as refusal:
        load(path)

    assert "31337" not in str(refusal.value)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWEELUIK_PERSONIO__CLIENT_SECRET", "from the environment")
    monkeypatch.setenv("TWEELUIK_BRAKE__CLEARS_PEOPLE", "3")

    settings = load(written(tmp_path))

    assert settings.personio.client_secret.get_secret_value() == "from the environment"
    assert settings.brake.clears_people == 3


def test_a_variable_that_names_no_section_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWEELUIK_PERSONOI__CLIENT_ID", "x")

    with pytest.raises(Misconfigured, match="TWEELUIK_PERSONOI__CLIENT_ID"):
        load(EXAMPLE)


def test_paths_are_relative_to_the_file_and_keys_and_checkpoints_lie_beside_the_log(tmp_path: Path) -> None:
    lines = {'keys = "sqlite:///var/tweeluik-keys.db"': "", 'checkpoints = "var/checkpoints"': ""}

    log = load(written(tmp_path, lines=lines)).log

    assert log.url == f"sqlite:///{tmp_path}/var/tweeluik.db"
    assert log.keys == f"sqlite:///{tmp_path}/var/tweeluik-keys.db"
    assert log.checkpoints == f"{tmp_path}/var/checkpoints"


def test_a_legal_entity_that_is_not_listed_is_refused_by_name() -> None:
    with pytest.raises(Misconfigured, match="enabled are: 170"):
        load(EXAMPLE).policy("171")


def test_a_mark_that_windows_puts_before_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "tweeluik.toml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    secrets = tmp_path / "tweeluik.secrets.toml"
    secrets.write_bytes(b'\xef\xbb\xbf[loket]\r\nclient_secret = "kept"\r\n')
    secrets.chmod(0o600)

    assert load(path).loket.client_secret.get_secret_value() == "kept"


@pytest.mark.parametrize(
    ("ours", "mode", "taken"),
    [(True, 0o600, True), (True, 0o640, False), (False, 0o440, True), (False, 0o444, False), (False, 0o460, False)],
)
def test_secrets_are_for_their_owner_or_for_the_group_that_somebody_else_gave_them_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: bool, mode: int, taken: bool
) -> None:
    """The latter as in Kubernetes: root's, and readable for the group of a pod."""
    path = written(tmp_path)
    secrets = tmp_path / "tweeluik.secrets.toml"
    secrets.write_text('[loket]\nclient_secret = "kept"\n')
    secrets.chmod(mode)
    reader = os.geteuid() if ours else os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: reader)

    with nullcontext() if taken else pytest.raises(Misconfigured, match="may be read by others"):
        assert load(path).loket.client_secret.get_secret_value() == "kept"


@pytest.mark.parametrize("typed", ["9A7E2B1C-0000-4000-8000-000000000001", " {9a7e2b1c-0000-4000-8000-000000000001} "])
def test_a_guid_may_be_typed_in_capitals_or_braces(tmp_path: Path, typed: str) -> None:
    guid = "9a7e2b1c-0000-4000-8000-000000000001"

    (entity, *_) = load(written(tmp_path, lines={f'"{guid}"': f'"{typed}"'})).legal_entity

    assert entity.loket_employer_id == guid


@pytest.mark.parametrize("pasted", ["170 ", " 170", "170\u200b", "\ufeff170", "\u00a0170\t"])
def test_what_is_pasted_around_a_text_is_no_part_of_it(tmp_path: Path, pasted: str) -> None:
    path = written(tmp_path, lines={'personio_id = "170"': f'personio_id = "{pasted}"'.replace("\t", "\\t")})

    assert load(path).policy("170").entity.personio_id == "170"


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('client_id = "papi-..."', "personio.client_id"),
        ('consider_in_nl_payroll = "dynamic_1001"', "personio.attributes"),
        ('truthy = ["yes", "ja", "true", "1"]', "rules.truthy"),
    ],
)
def test_a_character_inside_a_text_that_nobody_sees_is_refused(tmp_path: Path, line: str, where: str) -> None:
    """Personio or Loket would know nothing of what it names, and nobody would find out why."""
    key, _, value = line.partition('"')
    path = written(tmp_path, lines={line: f'{key}"{value[0]}\u200b{value[1:]}'})

    with pytest.raises(Misconfigured, match=f"{where}: a character in it cannot be seen") as told:
        load(path)
    assert "\u200b" not in str(told.value)
