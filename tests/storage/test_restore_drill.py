"""The drill: a backup is restored into an empty place, verifies, and the next run does nothing twice."""

from __future__ import annotations

import base64
import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.log.proof.notes import SigningKey
from adapters.log.where import sqlite_path
from adapters.simulators.company.generate import generate_company
from api.cli.main import main
from api.config.log import LogSection
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from deploy.backup import CHECKPOINTS, KEYS, LOG, backup, taken
from domain.errors import LogUnavailable, Misconfigured
from tests.api.test_cli_erase import record_a_leaver
from tests.contract.test_postgres_roles import as_role, set_up
from tests.support.databases import tool


@dataclass
class Site:
    """One customer on simulated systems, and a place to restore it to."""

    folder: Path
    running: Simulation
    server: Any
    capsys: pytest.CaptureFixture[str]
    made: list[str] = field(default_factory=list)
    role: str = field(default_factory=lambda: f"role_{secrets.token_hex(6)}")

    def databases(self, place: Path, filled: bool) -> tuple[str, str]:
        """Of log and keys, empty or as they are set up, and on PostgreSQL for the role that may do little."""
        if self.server is None:
            return f"sqlite:///{place}/log.db", f"sqlite:///{place}/keys.db"
        name = f"drill_{secrets.token_hex(4)}"
        self.made += [name, f"{name}_keys"]
        self.asked(f"CREATE DATABASE {name}")
        url = self.server.get_uri(database=name)
        if filled:
            log, keys = set_up(url, self.folder, self.role)
        else:
            self.asked(f"CREATE DATABASE {name}_keys OWNER {self.role}")
            self.asked(f"GRANT CREATE ON DATABASE {name} TO {self.role}")
            log, keys = as_role(url, self.role)
        return log, keys

    def asked(self, statement: str) -> None:
        with closing(psycopg.connect(self.server.get_uri(), autocommit=True)) as admin:
            admin.execute(statement.encode())

    def configured(self, name: str, *, filled: bool = True) -> Path:
        """A configuration with places of its own; no event is in them."""
        place = self.folder / name
        place.mkdir()
        log, keys = self.databases(place, filled)
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

    def tweeluik(self, config: Path, *words: str, actor: str = "Anna") -> tuple[int, str]:
        code = main(["--config", str(config), "--as", actor, *words])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def restored(self, name: str, log: Path, keys: Path, checkpoints: Path) -> Path:
        config = self.configured(name, filled=False)
        section = load(config).log
        for part, url, folder in ((LOG, section.url, log), (KEYS, section.keys, keys)):
            self.put_back(url, folder / part)
        shutil.copytree(checkpoints / CHECKPOINTS, section.checkpoints)
        return config

    def put_back(self, url: str, there: Path) -> None:
        path = sqlite_path(url)
        if path is not None:
            (one,) = there.iterdir()
            shutil.copy(one, path)
            return
        database = self.server.get_uri(database=str(conninfo_to_dict(url)["dbname"]))
        command = [tool("pg_restore"), "--exit-on-error", f"--dbname={database}", there / "database.dump"]
        subprocess.run(command, check=True)


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Site]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    with simulation(generate_company(3, seed=7)) as running:
        (tmp_path / "key").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        (tmp_path / "signing-key").write_text(SigningKey.generate().private_text())
        one = Site(tmp_path, running, server, capsys)
        yield one
    for name in one.made:
        one.asked(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def moved(site: Site, street: str) -> None:
    site.running.personio.edit(site.running.company.colleagues[0].person_id, "street", street)


def backed_up(site: Site, config: Path, name: str) -> Path:
    section: LogSection = load(config).log
    backup(section, site.folder / name, tool("pg_dump"))
    return site.folder / name


def test_what_is_restored_verifies_and_goes_on_and_what_does_not_fit_together_is_told(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    old = backed_up(site, config, "monday")
    moved(site, "Harbour Rd")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    new = backed_up(site, config, "tuesday")
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
    old = backed_up(site, config, "monday")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    new = backed_up(site, config, "tuesday")

    older_keys = site.restored("older-keys", new, old, new)
    code, said = site.tweeluik(older_keys, "verify")
    assert (code, "KEYS_DIFFER" in said) == (8, True), said
    code, said = site.tweeluik(site.restored("whole", new, new, new), "verify")
    assert code == 0, said


def test_a_backup_of_what_goes_on_meanwhile_is_sound(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    for number, _ in enumerate(taken(load(config).log, site.folder / "busy", tool("pg_dump"))):
        moved(site, f"Harbour Rd {number}")
        assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0

    busy = site.folder / "busy"
    restored = site.restored("restored", busy, busy, busy)
    code, said = site.tweeluik(restored, "verify")
    assert code == 0, said
    writes = site.running.loket.log.count("PUT", "*")
    code, said = site.tweeluik(restored, "sync", "--entity", "170")
    assert (code, site.running.loket.log.count("PUT", "*")) == (0, writes), said


def test_a_log_that_lost_its_end_shows_it_in_its_backup(site: Site) -> None:
    """Of which a copy made by leaving out what the log lacks would know nothing."""
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    old = backed_up(site, config, "monday")
    moved(site, "Harbour Rd")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    section = load(config).log
    cut_off = load(site.restored("cut-off", old, old, old)).log.model_copy(update={"checkpoints": section.checkpoints})

    backup(cut_off, site.folder / "tuesday", tool("pg_dump"))

    tuesday = site.folder / "tuesday"
    code, said = site.tweeluik(site.restored("restored", tuesday, tuesday, tuesday), "verify")
    assert (code, "TRUNCATED" in said) == (8, True), said


def test_nothing_is_backed_up_of_a_place_where_nothing_is_and_nothing_is_made_there(site: Site) -> None:
    section = load(site.configured("first")).log
    Path(section.checkpoints).mkdir()

    with pytest.raises(LogUnavailable, match="cannot be copied as"):
        backup(section, site.folder / "monday", tool("pg_dump"))

    assert not (site.folder / "monday").exists()
    assert not [one for one in (site.folder / "first").iterdir() if one.suffix == ".db"]


def test_a_log_with_its_keys_in_one_database_is_not_backed_up(site: Site) -> None:
    section = load(site.configured("first")).log
    one = section.model_copy(update={"keys": section.url})

    with pytest.raises(Misconfigured, match="a database of their own"):
        backup(one, site.folder / "monday", tool("pg_dump"))

    assert not (site.folder / "monday").exists()


@pytest.mark.parametrize("site", ["postgres"], indirect=True)
def test_keys_are_moved_to_a_database_of_their_own_by_the_commands_of_the_document(site: Site) -> None:
    config = site.configured("first")
    apart = config.read_text()
    section = load(config).log
    config.write_text(apart.replace(f'keys = "{section.keys}"', f'keys = "{section.url}"'))
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    log, keys = (site.server.get_uri(database=name) for name in site.made)
    document = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    (line,) = re.findall(r"^(pg_dump .*) tweeluik$", document, re.MULTILINE)
    tables = [word for word in line.split() if word.startswith("--table=")]

    dump = site.folder / "keys.dump"
    subprocess.run([tool("pg_dump"), "--format=custom", f"--file={dump}", *tables, log], check=True)
    subprocess.run([tool("pg_restore"), "--exit-on-error", f"--dbname={keys}", dump], check=True)
    with psycopg.connect(log) as admin:
        admin.execute(f"DROP TABLE IF EXISTS {', '.join(word.removeprefix('--table=') for word in tables)}".encode())
    config.write_text(apart)

    code, said = site.tweeluik(config, "verify")
    assert code == 0, said
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    with psycopg.connect(log) as admin:
        held = admin.execute("SELECT count(*) FROM pg_tables WHERE tablename IN ('data_keys', 'secrets')").fetchone()
    assert held == (0,)


def test_an_erasure_since_the_backup_is_repeated_where_its_keys_are_back(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    record_a_leaver(config)
    before = backed_up(site, config, "before")
    erased(site, config, "3007")
    after = backed_up(site, config, "after")

    older_keys = site.restored("older-keys", after, before, after)
    history = ("history", "4711", "--entity", "170", "--unmask", "--reason", "drill")
    code, said = site.tweeluik(older_keys, *history)
    assert (code, "erase --reapply" in said) == (2, True), said
    assert site.tweeluik(older_keys, "erase", "--reapply")[0] == 0
    code, said = site.tweeluik(older_keys, *history)
    assert (code, "(erased)" in said) == (0, True), said
    assert site.tweeluik(older_keys, "verify")[0] == 0

    all_of_before = site.restored("all-of-before", before, before, before)  # which knows of no erasure
    code, said = site.tweeluik(all_of_before, *history)
    assert (code, "(erased)" in said) == (0, False), said
    erased(site, all_of_before, "3007")
    code, said = site.tweeluik(all_of_before, *history)
    assert (code, "(erased)" in said) == (0, True), said


def erased(site: Site, config: Path, person: str) -> None:
    code, said = site.tweeluik(config, "erase", person, "--reason", "asked for it", "--json")
    assert code == 0, said
    (one,) = json.loads(said)["erasures"]
    code, said = site.tweeluik(config, "erase", "--confirm", one["erasure"], actor="Bram")
    assert code == 0, said
