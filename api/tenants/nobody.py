"""The tenant that everybody is told of who names one that does not exist: a whole application, and no key to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp

from api.config.settings import checked
from api.config.tenants import OperatorSettings, as_tenant
from api.http.middleware import Rates
from api.http.server import open_web
from api.tenants.opened import application_of

NAME: Final = "nobody"
_GATES: Final = ("consider_in_nl_payroll", "employee_number_loket", "income_number", "entry_date_current_period")
_SETTINGS: Final[dict[str, Any]] = {
    "log": {"url": "sqlite:///log.db"},
    "personio": {"client_id": NAME, "client_secret": NAME, "attributes": {role: role for role in _GATES}},
    "loket": {"client_id": NAME},
    "legal_entity": [
        {
            "personio_id": NAME,
            "loket_employer_id": "00000000-0000-4000-8000-000000000000",
            "loket_payroll_administration_id": "00000000-0000-4000-8000-000000000000",
        }
    ],
}


@contextmanager
def nobodys(operator: OperatorSettings, rates: Rates) -> Iterator[ASGIApp]:
    """Written as if it were at the root. Its log lies in a folder of its own until the end, and nothing is in it."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="tweeluik-nobody-")))
        path = folder / f"{NAME}.toml"
        web = closing.enter_context(open_web(as_tenant(checked(_SETTINGS, path), path, operator)))
        yield application_of(web, NAME, rates)[0]
