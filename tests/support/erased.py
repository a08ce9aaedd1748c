"""After an erasure, every command and every route says so, and no value of that person is anywhere."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from api.bootstrap import Store
from api.cli.main import main
from api.config.settings import Settings
from api.http.server import open_web
from domain.access import Role
from tests.support.http_api import Api, StandingClock
from tests.support.raw_sql import bytes_of_keys, execute
from tests.support.reference import ENTITY, Reference
from tests.support.scribe import Scribe

_ERASED: Final = re.compile(r'\(erased\)|"erased"')  # in a sentence, and as a value
_LONG_AFTER: Final = date(2099, 1, 1)


def still_told(settings: Settings, store: Store, reference: Reference, folder: Path) -> Iterator[str]:
    """What shows a value of whoever was erased, or does not say that it was erased."""
    secrets = [one for one in reference.secrets_of_leaver if one]
    for name, said in (*_commands(reference, folder), *_routes(settings, store, reference)):
        if not _ERASED.search(said):
            yield f"{name} does not say that values were erased: {said[:200]}"
        if any(one in said for one in secrets):
            yield f"{name} shows a value that was erased"


def note_keys(keys_url: str, noted: Path) -> None:
    """Only once: whoever opens and closes an SQLite file tidies it up, and no process that follows a kill has to."""
    if not noted.exists():
        noted.write_text("\n".join(sorted(_wrapped(keys_url))))


def left_on_disk(keys_url: str, noted: Path) -> int:
    """How many of the keys noted are no longer in the store, and can still be found in its files."""
    held, gone = bytes_of_keys(keys_url), set(noted.read_text().splitlines()) - _wrapped(keys_url)
    return sum(bytes.fromhex(one) in held for one in gone)


def _wrapped(keys_url: str) -> set[str]:
    return {bytes(wrapped).hex() for (wrapped,) in execute(keys_url, "SELECT wrapped FROM data_keys")}


def _commands(reference: Reference, folder: Path) -> Iterator[tuple[str, str]]:
    number = str(reference.leaver.employee_number)
    period = ("--entity", ENTITY, "--from", "2020-01-01", "--to", f"{_LONG_AFTER}", "--number", number)
    for asked in (("history", number, "--entity", ENTITY), ("overwritten", *period)):
        for unmasked in ((), ("--unmask", "--reason", "a look")):
            out, errors = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(errors):
                main(["--config", str(folder / "tweeluik.toml"), *asked, *unmasked, "--json"])
            yield " ".join(("tweeluik", asked[0], *unmasked[:1])), out.getvalue() or errors.getvalue()


def _routes(settings: Settings, store: Store, reference: Reference) -> Iterator[tuple[str, str]]:
    clock = StandingClock()
    clock.instant = datetime.now(UTC) + timedelta(minutes=1)
    number = reference.leaver.employee_number
    own = f"/v1/legal-entities/{ENTITY}/employees/{number}"
    period = {"legal_entity": ENTITY, "since": "2020-01-01", "until": f"{_LONG_AFTER}", "employee_number": number}
    with open_web(settings, store) as web:
        api = Api(web, Scribe(store.log), clock)
        reader, admin = (api.key(role, until=_LONG_AFTER) for role in (Role.AUDITOR, Role.PAYROLL_ADMIN))
        for path, asked in ((f"{own}/history", {}), (f"{own}/state", {}), ("/v1/overwritten-fields", period)):
            yield path, api.get(path, reader, **asked).text
            yield f"{path} unmasked", api.get(path, admin, {"Tweeluik-Reason": "a look"}, unmask=True, **asked).text
