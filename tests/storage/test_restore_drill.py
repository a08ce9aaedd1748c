"""The drill: a backup is restored into an empty place, verifies, and the next run does nothing twice."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.log.proof.notes import SigningKey
from adapters.simulators.company.generate import generate_company
from api.bootstrap import open_store
from api.cli.main import main
from api.config.settings import load
from api.config.tenants import Folder
from api.demo.simulators import Simulation, simulation
from api.tasks.backup import CHECKPOINTS, KEYS, LOG, SUMS, backup, put_parts_back, taken
from domain.errors import LogUnavailable, Misconfigured
from tests.api.test_cli_erase import record_a_leaver
from tests.contract.test_postgres_roles import as_role, set_up
from tests.support.databases import tool

ROOT: Final = Path(__file__).parents[2]
TOOLS: Final = Path(tool("pg_dump")).parent
"""Of the PostgreSQL that the tests run: those of another version would refuse."""


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
        """By hand, and never verified: parts of several days."""
        config = self.configured(name, filled=False)
        found = {LOG: log / LOG, KEYS: keys / KEYS, CHECKPOINTS: checkpoints / CHECKPOINTS}
        put_parts_back(load(config).log, found, owner=self.owner)
        return config

    @property
    def customers(self) -> Path:
        return self.folder / "customers"

    def tenant(self, kind: str, administration: str = "") -> str:
        """The name of a new one; on PostgreSQL its databases are made as the document says."""
        name = f"{kind}-{secrets.token_hex(4)}"
        self.customers.mkdir(exist_ok=True)
        log, keys = self.set_up_for(name)
        text = self.running.configuration(log)
        own = f'keys = "{keys}"\ncheckpoints = "{name}/checkpoints"\nkey_file = "{name}.key"'
        text = text.replace("\n\n", f'\n{own}\nsigning_key_file = "{name}.signing-key"\n\n', 1)
        text = text.replace(
            self.running.loket.administration_id, administration or self.running.loket.administration_id
        )
        (self.customers / f"{name}.toml").write_text(text)
        (self.customers / f"{name}.key").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        (self.customers / f"{name}.signing-key").write_text(SigningKey.generate().private_text())
        return name

    def set_up_for(self, name: str) -> tuple[str, str]:
        """Of log and keys."""
        if self.server is None:
            return f"sqlite:///{name}/log.db", f"sqlite:///{name}/keys.db"
        self.made += [name, f"{name}_keys"]
        told = conninfo_to_dict(self.server.get_uri())
        env = {**os.environ, "PGHOST": str(told["host"]), "POSTGRES_USER": str(told["user"])}
        script = ["sh", str(ROOT / "deploy" / "postgres-tenant.sh"), name]
        subprocess.run(script, env=env, input="x\n", text=True, capture_output=True, check=True)
        return as_role(self.server.get_uri(database=name), name)

    def told(self, tenant: str, *words: str) -> tuple[int, str]:
        code = main(["--tenants", str(self.customers), "--tenant", tenant, "--as", "Anna", *words])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def head(self, tenant: str) -> tuple[int, Any]:
        with open_store(Folder(self.customers).one(tenant), reading=True) as store:
            return store.log.size(), store.log.newest_head()

    def lose(self, tenant: str) -> None:
        """Everything but what is kept elsewhere: the configuration and the files of its keys."""
        shutil.rmtree(self.customers / tenant)
        if self.server is not None:
            for name, owner in ((tenant, ""), (f"{tenant}_keys", f'OWNER "{tenant}"')):
                self.asked(f'DROP DATABASE "{name}" WITH (FORCE)')
                self.asked(f'CREATE DATABASE "{name}" {owner}')
            self.asked(f'GRANT CREATE ON DATABASE "{tenant}" TO "{tenant}"')

    @property
    def owner(self) -> str:
        """How a superuser of PostgreSQL connects."""
        return "" if self.server is None else str(self.server.get_uri())


@pytest.fixture(params=["sqlite", "postgres"])
def site(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    monkeypatch.setenv("PATH", f"{TOOLS}:{os.environ['PATH']}")
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    with simulation(generate_company(3, seed=7)) as running:
        (tmp_path / "key").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        (tmp_path / "signing-key").write_text(SigningKey.generate().private_text())
        one = Site(tmp_path, running, server, capsys)
        yield one
    for name in one.made:
        one.asked(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def moved(site: Site, street: str) -> None:
    site.running.personio.edit(site.running.company.colleagues[0].person_id, "street", street)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def backed_up(site: Site, config: Path, name: str) -> Path:
    code, said = site.tweeluik(config, "backup", str(site.folder / name))
    assert code == 0, said
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
    for number, _ in enumerate(taken(load(config).log, made(site.folder / "busy"))):
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

    backup(cut_off, site.folder / "tuesday")

    tuesday = site.folder / "tuesday"
    code, said = site.tweeluik(site.restored("restored", tuesday, tuesday, tuesday), "verify")
    assert (code, "TRUNCATED" in said) == (8, True), said


def test_nothing_is_backed_up_of_a_place_where_nothing_is_and_nothing_is_made_there(site: Site) -> None:
    section = load(site.configured("first")).log
    Path(section.checkpoints).mkdir()

    with pytest.raises(LogUnavailable, match="cannot be copied"):
        backup(section, site.folder / "monday")

    assert not list(site.folder.glob("monday*"))
    assert not [one for one in (site.folder / "first").iterdir() if one.suffix == ".db"]


def test_a_log_with_its_keys_in_one_database_is_not_backed_up(site: Site) -> None:
    section = load(site.configured("first")).log
    one = section.model_copy(update={"keys": section.url})

    with pytest.raises(Misconfigured, match="a database of their own"):
        backup(one, site.folder / "monday")

    assert not (site.folder / "monday").exists()


@pytest.mark.parametrize("site", ["postgres"], indirect=True)
def test_keys_are_moved_to_a_database_of_their_own_by_the_commands_of_the_document(site: Site) -> None:
    config = site.configured("first")
    apart = config.read_text()
    section = load(config).log
    config.write_text(apart.replace(f'keys = "{section.keys}"', f'keys = "{section.url}"'))
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    log, keys = (site.server.get_uri(database=name) for name in site.made)
    document = (ROOT / "docs" / "operating.md").read_text()
    (line,) = re.findall(r"^(pg_dump .*) tweeluik$", document, re.MULTILINE)
    tables = [word for word in line.split() if word.startswith("--table=")]

    dump = site.folder / "keys.dump"
    subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", *tables, log], check=True)
    subprocess.run(["pg_restore", "--exit-on-error", f"--dbname={keys}", dump], check=True)
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


def test_one_command_restores_what_another_one_backed_up_and_verifies_it(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    monday = backed_up(site, config, "monday")

    empty = site.configured("restored", filled=False)
    code, said = site.tweeluik(empty, *restore(site, monday))

    assert (code, "OK" in said) == (0, True), said
    writes = site.running.loket.log.count("PUT", "*")
    assert site.tweeluik(empty, "sync", "--entity", "170")[0] == 0
    assert site.running.loket.log.count("PUT", "*") == writes
    code, said = site.tweeluik(empty, *restore(site, monday))
    assert (code, "already, and nothing is written over it" in said) == (2, True), said
    assert site.tweeluik(empty, "verify")[0] == 0


def test_a_restored_key_store_that_is_older_is_told_of_the_erasures_since_by_the_log(site: Site) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "sync", "--entity", "170")[0] == 0
    record_a_leaver(config)
    before = backed_up(site, config, "before")
    erased(site, config, "3007")
    after = backed_up(site, config, "after")

    empty = site.configured("restored", filled=False)
    code, said = site.tweeluik(empty, *restore(site, after, "--keys", str(before / KEYS)))

    assert (code, "OK" in said) == (0, True), said
    code, said = site.tweeluik(empty, "history", "4711", "--entity", "170", "--unmask", "--reason", "drill")
    assert (code, "(erased)" in said) == (0, True), said


@pytest.mark.parametrize("part", [LOG, KEYS, CHECKPOINTS])
@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_nothing_is_restored_from_a_part_that_is_not_whole(site: Site, part: str) -> None:
    config = site.configured("first")
    assert site.tweeluik(config, "doctor", "--entity", "170")[0] in (0, 9)
    monday = backed_up(site, config, "monday")
    empty = site.configured("restored", filled=False)
    one = max((each for each in (monday / part).iterdir() if each.name != SUMS), key=lambda each: each.stat().st_size)
    whole = one.read_bytes()

    one.write_bytes(whole[:-1])
    code, said = site.tweeluik(empty, *restore(site, monday))
    assert (code, "is not as it was made" in said) == (2, True), said
    one.unlink()
    assert site.tweeluik(empty, *restore(site, monday))[0] == 2
    (monday / part / SUMS).unlink()
    code, said = site.tweeluik(empty, *restore(site, monday))
    assert (code, "no part of a backup that was finished" in said) == (2, True), said

    assert [each.name for each in empty.parent.iterdir()] == ["tweeluik.toml"]


def test_one_tenant_is_restored_and_another_is_not_touched(site: Site) -> None:
    tulp, roos = site.tenant("tulp"), site.tenant("roos", administration="54aa2b1c-0000-4000-8000-000000000002")
    assert site.told(tulp, "sync", "--entity", "170")[0] == 0
    assert site.told(roos, "keys", "create", "--role", "auditor", "--entity", "170", "--expires", "2099-01-01")[0] == 0
    assert site.told(roos, "verify")[0] == 0
    assert site.told(tulp, "backup", str(site.folder / "monday"))[0] == 0
    before = site.head(roos)
    writes = site.running.loket.log.count("PUT", "*")

    site.lose(tulp)
    code, said = site.told(tulp, *restore(site, site.folder / "monday"))

    assert (code, "OK" in said) == (0, True), said
    assert site.told(tulp, "sync", "--entity", "170")[0] == 0
    assert site.running.loket.log.count("PUT", "*") == writes
    assert site.head(roos) == before
    assert site.told(roos, "verify")[0] == 0
    assert site.told(roos, *restore(site, site.folder / "monday"))[0] == 2


@pytest.mark.parametrize("site", ["postgres"], indirect=True)
def test_the_role_of_one_tenant_comes_into_no_database_of_another(site: Site) -> None:
    tulp, roos = site.tenant("tulp"), site.tenant("roos")

    for database in (roos, f"{roos}_keys"):
        url = as_role(site.server.get_uri(database=database), tulp)[0]
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(url)
    psycopg.connect(as_role(site.server.get_uri(database=tulp), tulp)[1]).close()


def restore(site: Site, folder: Path, *more: str) -> tuple[str, ...]:
    return ("restore", str(folder), *(("--owner", site.owner) if site.owner else ()), *more)
