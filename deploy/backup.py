"""One customer's backup, in three folders that are kept apart: python -m deploy.backup tweeluik.toml FOLDER

`log` (the log's database), `keys` (the key store) and `checkpoints`. The log is taken first: a checkpoint that is newer
than the log it comes with reads as a log that was cut off. The key-encryption key and the signing key are in none of
them: they are copied once, by hand, to a place of their own. Passwords go to pg_dump by its environment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.log.where import sqlite_path
from api.config.log import LogSection
from api.config.settings import load

LOG: Final = "log"
KEYS: Final = "keys"
CHECKPOINTS: Final = "checkpoints"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configuration", type=Path)
    parser.add_argument("folder", type=Path)
    told = parser.parse_args()
    backup(load(told.configuration).log, told.folder)


def backup(section: LogSection, folder: Path, pg_dump: str = "pg_dump") -> None:
    """Into a folder that is not there yet, readable for its owner alone."""
    folder.mkdir(parents=True, mode=0o700)
    for part, url in ((LOG, section.url), (KEYS, section.keys)):
        (folder / part).mkdir(mode=0o700)
        _database(url, folder / part, pg_dump)
    shutil.copytree(section.checkpoints, folder / CHECKPOINTS)


def _database(url: str, folder: Path, pg_dump: str) -> None:
    path = sqlite_path(url)
    if path is not None:
        with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(folder / path.name)) as there:
            here.backup(there)
        return
    told = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(told.pop("password"))} if "password" in told else {}
    command = [
        pg_dump,
        "--format=custom",
        f"--file={folder / 'database.dump'}",
        f"--dbname={make_conninfo('', **told)}",
    ]
    subprocess.run(command, check=True, env={**os.environ, **secret})


if __name__ == "__main__":
    main()
