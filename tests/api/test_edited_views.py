"""Views that were edited in the database, past the log: what is told of it, and what comes out right all the same."""

from __future__ import annotations

import json

import pytest

from tests.api.test_cli_audit import MARCH, Office
from tests.api.test_cli_audit import office as office  # the same log
from tests.support.raw_sql import execute


@pytest.fixture
def url(office: Office) -> str:
    """The database of the log, whose head is signed and whose views have seen all of it."""
    assert office.run("overwritten", *MARCH)[0] == 0
    assert office.run("runs")[0] == 0
    return f"sqlite:///{office.config.parent}/var/tweeluik.db"


def test_verify_tells_an_edited_view_with_exit_8_until_it_is_rebuilt(office: Office, url: str) -> None:
    assert office.run("verify")[0] == 0
    ((position,),) = execute(url, "SELECT max(position) FROM overwritten_fields")
    execute(url, f"UPDATE overwritten_fields SET legal_entity = '171' WHERE position = {position}")

    code, out, _ = office.run("verify", "--json")

    verdict = json.loads(out)
    assert (code, verdict["verdict"], verdict["position"]) == (8, "VIEWS_DIFFER", position)
    (told,) = verdict["views"]
    assert (told["view"], told["what"]) == ("overwritten_fields", "the row differs in legal_entity")
    assert told["key"] == {"position": position}
    assert office.run("verify", "--log-only")[0] == 0
    assert office.run("rebuild")[0] == 0
    assert office.run("verify")[0] == 0
